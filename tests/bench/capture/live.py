#!/usr/bin/env python3
"""live.py BUILD: what watching a live link costs and loses.  As root; in a network of its own, with
a wire of two cards.  A made-up home's traffic goes over it for half a minute: as fast as it can be
sent, with a bare tcpdump beside the whole gateway, which has a ring of the same size; then 100,000
packets a second, for the CPU time of the gateway's sniffer.  And how late a packet is delivered on
a quiet link.

CPU time is the kernel's own count of the sniffer's process; packets and drops are what the gateway
says on its health page.  Exit 1 when the gateway dropped more than tcpdump did, or took a quarter
of a core; 77 where no such network can be made."""
import argparse
import http.cookiejar
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

RING_MB = 32
PAGE = "http://127.0.0.1:8080/api/v1"
CONFIGURATION = """
[dns]
listen = ["127.0.0.1:5300"]
[capture]
interfaces = ["lan0"]
ring_mb = {ring}
[web]
listen = ["127.0.0.1:8080"]
[storage]
dir = "{folder}"
"""


def in_own_network(command: list[str]) -> int:
    return subprocess.run(["unshare", "--net", "--", *command], check=False).returncode


def make_wire() -> None:
    subprocess.run("ip link set lo up && ip link add lan0 type veth peer name wire0 && "
                   "ip link set lan0 addrgenmode none && ip link set wire0 addrgenmode none && "
                   "ip link set wire0 up && ip link set lan0 up", shell=True, check=True)


class Gateway:
    """`sporvakt run` that watches lan0."""

    def __init__(self, build: pathlib.Path, folder: pathlib.Path) -> None:
        configuration = folder / "sporvakt.toml"
        configuration.write_text(CONFIGURATION.format(ring=RING_MB, folder=folder))
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            [str(build / "bin/sporvakt"), "run", "--config", str(configuration)], stderr=self.log)
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.client = urllib.request.build_opener(cookies)
        for _ in range(100):
            try:
                self.client.open(urllib.request.Request(
                    f"{PAGE}/setup", json.dumps({"password": "half a minute"}).encode(),
                    {"Content-Type": "application/json"}))
                break
            except OSError:
                time.sleep(0.1)
        children = subprocess.run(["ps", "--ppid", str(self.process.pid), "-o", "pid=,comm="],
                                  capture_output=True, text=True, check=True).stdout
        self.sniffer = int(re.search(r"(\d+) sniffer", children)[1])

    def seen(self) -> dict[str, int]:
        time.sleep(1.5)  # it shows its numbers once a second
        sniffer = json.load(self.client.open(f"{PAGE}/health"))["sniffer"]
        (card,) = sniffer["interfaces"]
        assert card["state"] == "watched", card
        return {"received": card["received"], "dropped": card["dropped"],
                "packets": sniffer["counts"]["packets"], "flows": sniffer["counts"]["flows"]}

    def cpu_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.sniffer}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.log.close()


class Tcpdump:
    """Beside it: takes everything off the ring and throws it away."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            ["tcpdump", "-i", "lan0", "-p", "-n", "-B", str(RING_MB * 1024), "-w", "/dev/null"],
            stderr=subprocess.PIPE, text=True)
        time.sleep(1)

    def dropped(self) -> int:
        time.sleep(1.5)
        self.process.send_signal(signal.SIGINT)
        told = self.process.communicate(timeout=20)[1]
        return int(re.search(r"(\d+) packets dropped by kernel", told)[1])


def send(options: argparse.Namespace, capture: pathlib.Path, rate: int) -> dict[str, float]:
    told = subprocess.run([str(options.build / "tests/bench/capture_wire"), "send", str(capture),
                           "wire0", str(options.seconds), str(rate)],
                          capture_output=True, text=True, check=True).stdout
    return json.loads(told)


def measured(options: argparse.Namespace, gateway: Gateway, capture: pathlib.Path, rate: int,
             beside: bool) -> dict[str, float]:
    tcpdump = Tcpdump() if beside else None
    before, cpu = gateway.seen(), gateway.cpu_seconds()
    sent = send(options, capture, rate)
    after = gateway.seen()
    row = {key: after[key] - before[key] for key in after}
    row["sent"] = sent["sent"]
    row["rate"] = sent["sent"] / sent["seconds"]
    row["cpu_share"] = (gateway.cpu_seconds() - cpu) / sent["seconds"]
    row["cpu_us_a_packet"] = (gateway.cpu_seconds() - cpu) * 1e6 / max(1, row["packets"])
    if tcpdump:
        row["tcpdump_dropped"] = tcpdump.dropped()
    return row


def run(options: argparse.Namespace) -> int:
    make_wire()
    faults, rows = [], {}
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        capture = folder / "house.pcap"
        subprocess.run([str(options.build / "tests/bench/capture_house"), str(capture),
                        str(folder / "names"), "400000", "8000"], check=True)
        gateway = Gateway(options.build, folder)
        try:
            rows["as fast as it goes"] = measured(options, gateway, capture, 0, True)
            rows["100,000 a second"] = measured(options, gateway, capture, 100_000, False)
        finally:
            gateway.stop()
    late = json.loads(subprocess.run(
        [str(options.build / "tests/bench/capture_wire"), "delay", "wire0", "lan0", "1000"],
        capture_output=True, text=True, check=True).stdout)
    print("| load | packets/s | sent | received | dropped | tcpdump dropped | sniffer's CPU | "
          "us a packet |\n|---|---:|---:|---:|---:|---:|---:|---:|")
    for label, row in rows.items():
        print(f"| {label} | {row['rate']:,.0f} | {row['sent']:,} | {row['received']:,} | "
              f"{row['dropped']:,} | {row.get('tcpdump_dropped', '')} | "
              f"{row['cpu_share']:.1%} | {row['cpu_us_a_packet']:.2f} |")
        if row["received"] < row["sent"]:
            faults.append(f"{label}: {row['sent'] - row['received']} packets never came")
        if row["packets"] < row["received"] - row["dropped"]:
            faults.append(f"{label}: the sniffer saw only {row['packets']:,} packets")
    print(f"delivered on a quiet link after ms: {late}")
    fast, steady = rows.values()
    if fast["dropped"] > fast["tcpdump_dropped"]:
        faults.append("dropped more than tcpdump")
    if steady["cpu_share"] > 0.25:
        faults.append("over a quarter of a core")
    if options.json:
        options.json.write_text(json.dumps({"loads": rows, "delay": late}, indent=2) + "\n")
    print("\n".join(faults))
    return 1 if faults else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return run(options)
    if in_own_network(["ip", "link", "add", "lan0", "type", "veth", "peer", "name", "wire0"]) != 0:
        print("SKIPPED: needs root and a kernel with network namespaces and veth")
        return 77
    return in_own_network([sys.executable, *sys.argv, "--inside"])


if __name__ == "__main__":
    sys.exit(main())
