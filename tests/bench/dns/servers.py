"""The servers that are measured: how each is started with the same names and the same Internet."""
import dataclasses
import pathlib
import shutil
import socket
import struct
import subprocess
import time

LOOPBACK = "127.0.0.1"
READY_LIMIT_SECONDS = 240


def question(name: str) -> bytes:
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    header = struct.pack("!6H", 0x5350, 0x0100, 1, 0, 0, 0)
    return header + labels + b"\0" + struct.pack("!2H", 1, 1)


def answer_of(port: int, name: str, patience: float = 0.05) -> bytes | None:
    """The last four bytes that the server on the port answers for the name: its address, or what
    stands in its place.  None: no answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(patience)
        try:
            asker.connect((LOOPBACK, port))
            asker.send(question(name))
            answer = asker.recv(512)
        except OSError:
            return None
    return answer[-4:] if len(answer) > 12 else None


def answers(port: int, name: str) -> bool:
    return answer_of(port, name) is not None


@dataclasses.dataclass
class Server:
    """One running server.  `ready_seconds`: from its start to its first answer."""
    label: str
    port: int
    process: subprocess.Popen
    ready_seconds: float = 0.0

    def cpu_seconds(self) -> float:
        """User and system time of all its threads so far."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def memory_mb(self) -> dict[str, float]:
        rows = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        kilobytes = {row.split(":")[0]: int(row.split()[1]) for row in rows[1:]}
        return {"private": kilobytes["Private_Dirty"] / 1024, "resident": kilobytes["Rss"] / 1024}

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(label: str, port: int, command: list[str], name: str, folder: pathlib.Path) -> Server:
    """Starts a server and waits until it answers for the name."""
    if answers(port, name):
        raise RuntimeError(f"something answers on port {port} already")
    log = (folder / f"{label}.log").open("w")
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    server = Server(label, port, process)
    while not answers(port, name):
        if process.poll() is not None or time.monotonic() - begun > READY_LIMIT_SECONDS:
            server.stop()
            raise RuntimeError(f"{label} did not start: {(folder / f'{label}.log').read_text()}")
        time.sleep(0.005)
    server.ready_seconds = time.monotonic() - begun
    return server


def unbound_command(folder: pathlib.Path, names: list[str], port: int, stub: int) -> list[str]:
    with (folder / "unbound.conf").open("w") as out:
        out.write(f"""server:
  interface: {LOOPBACK}@{port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  verbosity: 0
  num-threads: 1
  module-config: "iterator"
  do-not-query-localhost: no
  msg-cache-size: 32m
  rrset-cache-size: 64m
  outgoing-range: 4096
  num-queries-per-thread: 2048
  so-rcvbuf: 0
forward-zone:
  name: "."
  forward-addr: {LOOPBACK}@{stub}
server:
""")
        out.writelines(f'  local-zone: "{name}" always_null\n' for name in names)
    return ["unbound", "-d", "-c", str(folder / "unbound.conf")]


def dnsmasq_command(folder: pathlib.Path, names: list[str], port: int, stub: int) -> list[str]:
    with (folder / "dnsmasq.conf").open("w") as out:
        out.write(f"""port={port}
listen-address={LOOPBACK}
bind-interfaces
no-resolv
no-hosts
server={LOOPBACK}#{stub}
cache-size=10000
dns-forward-max=2000
""")
        out.writelines(f"address=/{name}/#\n" for name in names)
    return ["dnsmasq", "--keep-in-foreground", f"--conf-file={folder}/dnsmasq.conf", "--pid-file"]


def dnsdist_command(folder: pathlib.Path, names: list[str], port: int, stub: int) -> list[str]:
    (folder / "names.txt").write_text("\n".join(names) + "\n")
    (folder / "dnsdist.conf").write_text(f"""
setLocal("{LOOPBACK}:{port}")
newServer({{address="{LOOPBACK}:{stub}", healthCheckMode="up", sockets=4}})
setMaxUDPOutstanding(20000)
blocked = newSuffixMatchNode()
for name in io.lines("{folder}/names.txt") do blocked:add(newDNSName(name)) end
addAction(SuffixMatchNodeRule(blocked), SpoofAction({{"0.0.0.0"}}))
getPool(""):setCache(newPacketCache(50000))
""")
    return ["dnsdist", "--supervised", "--disable-syslog", "-C", str(folder / "dnsdist.conf")]


PEERS = {"unbound": unbound_command, "dnsmasq": dnsmasq_command, "dnsdist": dnsdist_command}


def installed_peers(wanted: list[str]) -> list[str]:
    """Those that there are; says which are missing."""
    path = "/usr/sbin:/usr/local/sbin:/usr/bin:/bin"
    missing = [peer for peer in wanted if not shutil.which(peer, path=path)]
    if missing:
        print(f"not installed, left out: {', '.join(missing)}")
    return [peer for peer in wanted if peer not in missing]
