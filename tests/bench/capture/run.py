#!/usr/bin/env python3
"""run.py BUILD: what a replay costs, in one run over a capture that is made up for it: libpcap's
bare loop, Sporvakt with everything on (names, devices, bytes, judging, a row printed for each
flow), and tshark and ndpiReader where they are installed.  And how long it takes to read one name.

Every program runs in every round, in turn; CPU time and most memory are the kernel's own count of
the process; medians.  Fails when a name is missing or one is there that should not be.  Prints
tables and writes them as JSON (--json FILE)."""
import argparse
import collections
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def most_memory(process: int) -> float:
    """In MB.  Not from wait4(2): there it is at least what Python had when it forked."""
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines()
                 if line.startswith("VmHWM")), 0)


def measured(command: list[str]) -> dict[str, float]:
    begun, peak = time.monotonic(), 0.0
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            peak = max(peak, most_memory(child.pid))
            time.sleep(0.002)
        _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)} failed")
    return {"cpu_s": usage.ru_utime + usage.ru_stime, "peak_mb": peak,
            "wall_s": time.monotonic() - begun}


def commands(build: pathlib.Path, capture: pathlib.Path) -> dict[str, list[str]]:
    bench = build / "tests/bench"
    rows = {"bare loop": [str(bench / "capture_bare"), str(capture)],
            "sporvakt": [str(build / "bin/sporvakt"), "replay", "--flows", str(capture)]}
    if shutil.which("ndpiReader"):
        rows["ndpiReader"] = ["ndpiReader", "-i", str(capture), "-q"]
    if shutil.which("tshark"):
        rows["tshark"] = ["tshark", "-r", str(capture), "-T", "fields", "-e",
                          "tls.handshake.extensions_server_name", "-Y", "tls.handshake.type == 1"]
    return rows


def name_faults(sporvakt: list[str], names: pathlib.Path) -> list[str]:
    """What differs between the flows that tell a name and those that were named."""
    known = collections.Counter(tuple(line.split("\t")) for line in names.read_text().splitlines())
    rows = subprocess.run(sporvakt, capture_output=True, text=True, check=True).stdout
    found = collections.Counter()
    for line in rows.splitlines()[1:]:
        cells = line.split("\t")
        if cells[6] in {"tls", "quic", "http"}:
            found[(cells[6], *cells[1:6])] += 1
    print(f"{known.total()} flows tell a name; {(known & found).total()} were named")
    return [f"not named: {flow}" for flow in known - found] + [
        f"named wrongly: {flow}" for flow in found - known]


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(row[key] for row in rounds) for key in rounds[0]}


def replays(options: argparse.Namespace, folder: pathlib.Path) -> tuple[dict, list[str]]:
    capture, names = folder / "house.pcap", folder / "house.names"
    maker = options.build / "tests/bench/capture_house"
    subprocess.run([str(maker), str(capture), str(names), str(options.packets),
                    str(options.flows)], check=True)
    rows = commands(options.build, capture)
    told = subprocess.run(rows["bare loop"], capture_output=True, text=True, check=True)
    packets = json.loads(told.stdout)["packets"]
    print(f"{packets} packets, {capture.stat().st_size / 1e6:.0f} MB, {options.flows} flows")
    faults = name_faults(rows["sporvakt"], names)
    figures = collections.defaultdict(list)
    for _ in range(options.rounds):
        for label, command in rows.items():
            figures[label].append(measured(command))
    summary = {label: medians(rounds) for label, rounds in figures.items()}
    for row in summary.values():
        row["ratio"] = row["cpu_s"] / summary["bare loop"]["cpu_s"]
        row["cpu_us_a_packet"] = row["cpu_s"] * 1e6 / packets
        row["packets_a_second"] = packets / row["cpu_s"]
    return summary, faults


def introductions(options: argparse.Namespace) -> dict[str, float]:
    """Microseconds for each of what capture_instructions reads."""
    program = str(options.build / "tests/bench/capture_instructions")
    figures = collections.defaultdict(list)
    for _ in range(options.rounds):
        for load in ("tls", "quic", "packet"):
            run = subprocess.run([program, load, "200000"], capture_output=True, text=True,
                                 check=True)
            figures[load].append(json.loads(run.stdout)["nanoseconds"] / 1000)
    return {load: statistics.median(times) for load, times in figures.items()}


def show(summary: dict, names: dict[str, float]) -> None:
    print("\n| program | CPU s | x bare | CPU us a packet | packets a CPU second | peak MB |")
    print("|---|---:|---:|---:|---:|---:|")
    for label, row in summary.items():
        print(f"| {label} | {row['cpu_s']:.3f} | {row['ratio']:.2f} | "
              f"{row['cpu_us_a_packet']:.3f} | {row['packets_a_second']:,.0f} | "
              f"{row['peak_mb']:.1f} |")
    print("\n| from | to | us |\n|---|---|---:|")
    print(f"| a TLS hello | its name | {names['tls']:.2f} |")
    print(f"| a QUIC Initial | its name | {names['quic']:.2f} |")
    print(f"| a packet of a known flow | its flow | {names['packet']:.2f} |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--packets", type=int, default=1_200_000)
    parser.add_argument("--flows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        summary, faults = replays(options, pathlib.Path(place))
    names = introductions(options)
    show(summary, names)
    if options.json:
        options.json.write_text(json.dumps({"replays": summary, "names_us": names}, indent=2) +
                                "\n")
    print("\n".join(faults[:20]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
