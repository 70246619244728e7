#!/usr/bin/env python3
"""switching.py SPORVAKT: what clients notice while a list of a million names is compiled anew and
switched to, at 20,000 queries a second: lost queries, latency, and the peak memory of the compiler
and of the resolver.  Needs dnsperf."""
import argparse
import json
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

import dnsperf
import servers

PORT, STUB_PORT, WEB_PORT = 15480, 15481, 15482
SWITCHES = 3


def write_list(path: pathlib.Path, names: int, generation: int) -> None:
    """Half of the names are those of every generation."""
    with path.open("w") as out:
        for number in range(names // 2):
            out.write(f"||px.tracker{number}.example^\n||px{generation}.tracker{number}.example^\n")


def write_queries(path: pathlib.Path, names: int) -> None:
    """A third is blocked by every list, the rest is kept after its first time."""
    with path.open("w") as out:
        for number in range(30_000):
            out.write(f"px.tracker{number * 7919 % (names // 2)}.example A\n"
                      f"www.site{number % 500}.example A\nshop{number % 50}.example A\n")


def write_configuration(folder: pathlib.Path) -> pathlib.Path:
    path = folder / "sporvakt.toml"
    path.write_text(f"""[dns]
listen = ["{servers.LOOPBACK}:{PORT}"]
upstream = ["{servers.LOOPBACK}@{STUB_PORT}"]
rate_limit_exempt = ["{servers.LOOPBACK}"]
dnssec = false
[web]
listen = ["{servers.LOOPBACK}:{WEB_PORT}"]
[storage]
dir = "{folder}/store"
[lists]
files = ["{folder}/catalogue.mdb"]
""")
    return path


def compile_list(program: str, folder: pathlib.Path, generation: int) -> int:
    """Peak memory in kB.  With no more of the processor than others leave, as a timer would."""
    done = subprocess.run(["nice", "-n", "19", "/usr/bin/time", "-f", "PEAK %M", program, "lists",
                           "compile", "--out", str(folder / "catalogue.mdb"),
                           str(folder / f"list{generation}.txt")],
                          capture_output=True, text=True, check=True)
    return int(re.search(r"PEAK (\d+)", done.stderr)[1])


def resolver_of(parent: int) -> int:
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue  # it has just ended
        if f"\nPPid:\t{parent}\n" in text and text.startswith("Name:\tresolver"):
            return int(status.parent.name)
    raise RuntimeError("no resolver")


class PrivateMemory(threading.Thread):
    """The most that a process had to itself, read ten times a second."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.path = pathlib.Path(f"/proc/{process}/smaps_rollup")
        self.peak_kb = 0
        self.goes_on = True

    def run(self) -> None:
        while self.goes_on:
            rows = dict(re.findall(r"^(\w+):\s+(\d+) kB", self.path.read_text(), re.M))
            self.peak_kb = max(self.peak_kb, int(rows["Private_Dirty"]))
            time.sleep(0.1)


class Load:
    """dnsperf, writing into a file: a pipe that nobody reads meanwhile would soon be full, and stop
    it from receiving."""

    def __init__(self, queries: pathlib.Path, rate: int, seconds: int) -> None:
        self.said = queries.with_suffix(".said")
        command = ["dnsperf", "-e", "-s", servers.LOOPBACK, "-p", str(PORT), "-d", str(queries),
                   "-c", "20", "-Q", str(rate), "-q", "2000", "-l", str(seconds), "-v"]
        with self.said.open("w") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)

    def figures(self) -> dict[str, float]:
        """Once it has ended."""
        if self.process.wait() != 0:
            raise RuntimeError("dnsperf failed")
        return figures(self.said.read_text())


def figures(text: str) -> dict[str, float]:
    times = dnsperf.latencies(text)
    return {"sent": dnsperf.figure(text, "Queries sent"),
            "lost": dnsperf.figure(text, "Queries lost"),
            "per_second": dnsperf.figure(text, "Queries per second"),
            "p50_ms": dnsperf.percentile(times, 50) * 1e3,
            "p99_ms": dnsperf.percentile(times, 99) * 1e3}


def switch(options: argparse.Namespace, folder: pathlib.Path, gateway: subprocess.Popen) -> dict:
    resolver = resolver_of(gateway.pid)
    memory = PrivateMemory(resolver)
    memory.start()
    queries = folder / "queries"
    write_queries(queries, options.names)
    quiet = Load(queries, options.rate, 5).figures()
    running = Load(queries, options.rate, options.seconds)
    peaks = []
    for generation in range(1, SWITCHES + 1):
        peaks.append(compile_list(options.program, folder, generation))
        gateway.send_signal(signal.SIGHUP)
    busy = running.figures()
    memory.goes_on = False
    memory.join()
    if servers.answer_of(PORT, f"px{SWITCHES}.tracker5.example") != bytes(4):
        raise RuntimeError("the last list is not in force")
    return {"quiet": quiet, "switching": busy, "switches": SWITCHES,
            "compiler_peak_mb": max(peaks) / 1024, "resolver_private_mb": memory.peak_kb / 1024}


def resolved(path: str) -> str:
    return str(pathlib.Path(path).resolve())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=resolved)
    parser.add_argument("bench", type=resolved)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        (folder / "store").mkdir()
        for generation in range(SWITCHES + 1):
            write_list(folder / f"list{generation}.txt", options.names, generation)
        compile_list(options.program, folder, 0)
        stub = servers.start("stub", STUB_PORT, [options.bench, "stub", str(STUB_PORT)],
                             "a.example", folder)
        gateway = servers.start(
            "gateway", PORT, [options.program, "run", "--config", str(write_configuration(folder))],
            "px0.tracker5.example", folder)
        try:
            result = switch(options, folder, gateway.process)
        finally:
            gateway.stop()
            stub.stop()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
