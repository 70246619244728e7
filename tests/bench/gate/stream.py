#!/usr/bin/env python3
"""stream.py serve ADDRESS PORT | read ADDRESS PORT SECONDS: one TCP connection, as fast as it goes.
`read` prints the bytes a second that came."""
import socket
import sys
import time

PIECE = bytes(1 << 20)


def serve(address: str, port: int) -> None:
    listener = socket.create_server((address, port))
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1)
            try:
                while True:
                    connection.sendall(PIECE)
            except ConnectionError:
                pass


def read(address: str, port: int, seconds: float) -> None:
    buffer = bytearray(1 << 20)
    with socket.create_connection((address, port)) as connection:
        connection.sendall(b".")
        connection.recv_into(buffer)  # the flow is established, and decided, from here on
        received, started = 0, time.monotonic()
        while time.monotonic() - started < seconds:
            received += connection.recv_into(buffer)
        print(int(received / (time.monotonic() - started)))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2], int(sys.argv[3]))
    else:
        read(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
