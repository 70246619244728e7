#!/usr/bin/env python3
"""run.py DNS_BENCH: what an answer costs, in one run: the wire limit, Sporvakt, and Debian's
unbound, dnsmasq and dnsdist where they are installed, all with the same names and one thread.

Prints tables and writes them as JSON (--json FILE).  All servers run through all rounds, in turn,
so that the machine's moods meet each of them.  CPU time is the server's own, from the kernel; a
ratio of one run can be compared with another run's, a number cannot.  Needs dnsperf."""
import argparse
import collections
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

import dnsperf
import servers

FIRST_PORT = 15400
KEPT_NAMES = 2000
QUERIES_A_FILE = 50_000


class Loads:
    """The query files of dnsperf.  `probe` is a name that every server blocks."""

    def __init__(self, folder: pathlib.Path, names: list[str]) -> None:
        self.folder = folder
        self.names = names
        self.probe = names[0]
        self.random = random.Random(7)
        self.misses = 0
        blocked = [self.random.choice(names) for _ in range(QUERIES_A_FILE)]
        kept = [f"www.site{self.random.randrange(KEPT_NAMES)}.example"
                for _ in range(QUERIES_A_FILE)]
        mixed = [self.random.choice(blocked if self.random.random() < 0.3 else kept)
                 for _ in range(QUERIES_A_FILE)]
        self.files = {"blocked": self.write("blocked", blocked),
                      "cached": self.write("cached", kept), "mixed": self.write("mixed", mixed)}

    def write(self, label: str, queries: list[str]) -> pathlib.Path:
        path = self.folder / label
        path.write_text("".join(f"{name} A\n" for name in queries))
        return path

    def fresh(self, count: int) -> pathlib.Path:
        """Names that nobody has asked for yet."""
        first, self.misses = self.misses, self.misses + count
        return self.write("fresh", [f"www.miss{n}.example" for n in range(first, first + count)])


def put(port: int, queries: pathlib.Path, *more: str) -> str:
    """What dnsperf says after having put them."""
    command = ["dnsperf", "-e", "-s", servers.LOOPBACK, "-p", str(port), "-d", str(queries), *more]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def cost(server: servers.Server, queries: pathlib.Path, *how: str) -> dict[str, float]:
    """CPU microseconds a query, and how many a second, at full load."""
    before = server.cpu_seconds()
    text = put(server.port, queries, "-c", "4", "-q", "100", *how)
    used = server.cpu_seconds() - before
    done = dnsperf.figure(text, "Queries completed")
    return {"cpu_us": used * 1e6 / done, "per_second": dnsperf.figure(text, "Queries per second"),
            "lost": dnsperf.figure(text, "Queries lost")}


def latency(server: servers.Server, queries: pathlib.Path, rate: int, seconds: int) -> dict:
    text = put(server.port, queries, "-c", "4", "-Q", str(max(rate, 100)), "-l", str(seconds),
                   "-v")
    times = dnsperf.latencies(text)
    return {"p50_us": dnsperf.percentile(times, 50) * 1e6,
            "p99_us": dnsperf.percentile(times, 99) * 1e6}


def start_all(options: argparse.Namespace, folder: pathlib.Path,
              names: list[str]) -> tuple[servers.Server, list[servers.Server]]:
    """The stub, and the servers to measure: the bare one first, ours second."""
    bench = str(options.bench.resolve())
    stub = servers.start("stub", FIRST_PORT, [bench, "stub", str(FIRST_PORT)], "a.example", folder)
    catalogue = str(folder / "catalogue.mdb")
    (folder / "list.txt").write_text("".join(f"||{name}^\n" for name in names))
    subprocess.run([bench, "compile", catalogue, str(folder / "list.txt")], check=True)
    plans = {"bare": lambda port: [bench, "bare", str(port)],
             "sporvakt": lambda port: [bench, "resolver", str(port), catalogue, str(FIRST_PORT)]}
    for peer in servers.installed_peers(options.peers):
        make = servers.PEERS[peer]
        plans[peer] = lambda port, make=make: make(folder, names, port, FIRST_PORT)
    running = []
    for number, (label, plan) in enumerate(plans.items(), 1):
        port = FIRST_PORT + number
        print(f"starting {label}", flush=True)
        running.append(servers.start(label, port, plan(port), names[0], folder))
    return stub, running


def measure(options: argparse.Namespace, running: list[servers.Server], loads: Loads) -> dict:
    """For each server and load the figures of every round."""
    figures = collections.defaultdict(lambda: collections.defaultdict(list))
    for server in running:  # what is kept is fetched before anything is measured
        put(server.port, loads.files["cached"], "-c", "4", "-q", "50", "-n", "1")
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", flush=True)
        for load, path in loads.files.items():
            for server in running:
                figures[server.label][load].append(cost(server, path, "-l", str(options.seconds)))
        for server in running[1:]:
            fresh = loads.fresh(options.misses)
            figures[server.label]["missed"].append(cost(server, fresh, "-n", "1"))
    return figures


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(row[key] for row in rounds) for key in rounds[0]}


def summary_of(options: argparse.Namespace, running: list[servers.Server], loads: Loads) -> dict:
    figures = measure(options, running, loads)
    summary = {}
    for server in running:
        row = {load: medians(rounds) for load, rounds in figures[server.label].items()}
        for load in loads.files:
            bare = medians(figures["bare"][load])["cpu_us"]
            row[load]["ratio"] = row[load]["cpu_us"] / bare
            rate = int(row[load]["per_second"] / 10)
            row[load] |= latency(server, loads.files[load], rate, options.seconds)
        row["ready_seconds"] = server.ready_seconds
        row["memory_mb"] = server.memory_mb()
        summary[server.label] = row
    return summary


def show(summary: dict) -> None:
    print("\n| server | load | CPU us a query | x bare | queries/s | p50 us | p99 us |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for label, row in summary.items():
        for load in ("blocked", "cached", "mixed"):
            cell = row[load]
            print(f"| {label} | {load} | {cell['cpu_us']:.2f} | {cell['ratio']:.2f} | "
                  f"{cell['per_second']:.0f} | {cell['p50_us']:.0f} | {cell['p99_us']:.0f} |")
    print("\n| server | first answer after s | private MB | resident MB | misses/s | "
          "CPU us a miss | lost |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for label, row in summary.items():
        missed = row.get("missed")
        cells = (f"{missed['per_second']:.0f} | {missed['cpu_us']:.1f} | {missed['lost']:.0f}"
                 if missed else "- | - | -")
        print(f"| {label} | {row['ready_seconds']:.3f} | {row['memory_mb']['private']:.1f} | "
              f"{row['memory_mb']['resident']:.1f} | {cells} |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bench", type=pathlib.Path)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--misses", type=int, default=20_000)
    parser.add_argument("--peers", nargs="*", default=list(servers.PEERS))
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    # Two names for each registrable one, as in real lists.
    names = [f"{'px' if n % 2 else 'metrics'}.tracker{n // 2}.example"
             for n in range(options.names)]
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        stub, running = start_all(options, folder, names)
        try:
            summary = summary_of(options, running, Loads(folder, names))
        finally:
            for server in [stub, *running]:
                server.stop()
    show(summary)
    if options.json:
        options.json.write_text(json.dumps(summary, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
