#!/usr/bin/env python3
"""handshakes.py ADDRESS NAME COUNT: the time from connect() to the first byte of the server's
answer to a TLS ClientHello, of COUNT connections from each of two ranges of ports in turn, so that
both meet the same machine.  Prints both medians in ms, and that of the differences of
neighbours."""
import json
import socket
import ssl
import statistics
import sys
import time

WITHOUT, WITH = 20000, 30000  # run.mjs lets those of the first range go around the gate


def client_hello(name: str) -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    connection = context.wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        connection.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def handshake(address: str, port: int, hello: bytes) -> float:
    started = time.perf_counter()
    own = "::" if ":" in address else "0.0.0.0"
    with socket.create_connection((address, 443), timeout=5, source_address=(own, port)) as server:
        server.sendall(hello)
        server.recv(1)
        taken = time.perf_counter() - started
        # A reset leaves no port waiting.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    return taken * 1000


def main(address: str, name: str, count: int) -> None:
    hello = client_hello(name)
    taken = [(handshake(address, WITHOUT + at, hello), handshake(address, WITH + at, hello))
             for at in range(count)]
    print(json.dumps({
        "without": statistics.median(pair[0] for pair in taken),
        "with": statistics.median(pair[1] for pair in taken),
        "added": statistics.median(pair[1] - pair[0] for pair in taken)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
