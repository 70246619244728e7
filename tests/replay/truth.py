#!/usr/bin/env python3
"""Replays captures and holds the flows against what is known of them: truth.tsv names every TLS and
QUIC flow (a capture without rows is one in which nothing may get a name), NAME.flows.tsv tells each
flow's device, name, bytes and packets.  Skips, loudly, where the captures are not there."""
import collections
import csv
import pathlib
import subprocess
import sys

SKIPPED = 77
Rows = list[dict[str, str]]
# Not conversations between two addresses, or shared by all devices of the house (DHCP).
COUNTED = ("bytes_up", "bytes_down", "pkts_up", "pkts_down")
NOT_FLOWS = {"arp", "icmp", "icmpv6", "igmpv3", "dhcp"}


def rows_of(path: pathlib.Path) -> Rows:
    with path.open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def replayed(program: str, capture: pathlib.Path) -> Rows:
    run = subprocess.run([program, "replay", str(capture), "--flows"], capture_output=True,
                         text=True, check=False)
    if run.returncode != 0:
        raise SystemExit(f"{capture.name}: exit code {run.returncode}: {run.stderr}")
    return list(csv.DictReader(run.stdout.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def in_our_form(name: str) -> str:
    return name.lower().removesuffix(".")


def name_faults(capture: str, truth: Rows, flows: Rows) -> list[str]:
    keys = ("transport", "src", "src_port", "dst", "dst_port")
    known = collections.Counter((*(row[key] for key in keys), in_our_form(row["name"]))
                                for row in truth if row["pcap"] == capture)
    found = collections.Counter((*(row[key] for key in keys), row["name"])
                                for row in flows if row["name_from"] in {"tls", "quic"})
    return ([f"{capture}: not named: {flow}" for flow in known - found] +
            [f"{capture}: named wrongly: {flow}" for flow in found - known])


def told_by(flows: Rows) -> tuple:
    """Of the flows between two ends: IP bytes and packets each way, the device, the names."""
    names = {flow["name"] for flow in flows if flow["name_from"] in {"tls", "quic", "http"}}
    return (*(sum(int(flow[column]) for flow in flows) for column in COUNTED),
            {flow["device"] for flow in flows}, names)


def known_of(row: dict[str, str]) -> tuple:
    # What is asked over plain HTTP stands under another heading there.
    name = row["host"] if row["transport"] == "http" else row["sni"]
    names = {in_our_form(name)} - {"-"}
    return (*(int(row[column]) for column in COUNTED), {row["mac"]}, names)


def flow_faults(capture: str, truth: Rows, flows: Rows) -> list[str]:
    found = collections.defaultdict(list)
    for row in flows:
        found[(row["src"], row["src_port"], row["dst"], row["dst_port"])].append(row)
    faults = []
    for row in truth:
        if row["transport"] in NOT_FLOWS:
            continue
        told = told_by(found[(row["local"], row["lport"], row["remote"], row["rport"])])
        known = known_of(row)
        if told != known:
            faults.append(f"{capture}: {row['local']}:{row['lport']}: {told}, should be {known}")
    return faults


def main(program: str, folder: pathlib.Path) -> int:
    if not (folder / "truth.tsv").exists():
        print(f"SKIPPED: no captures in {folder}")
        return SKIPPED
    truth = rows_of(folder / "truth.tsv")
    faults = []
    for capture in sorted(folder.glob("*.pcap")):
        flows = replayed(program, capture)
        faults += name_faults(capture.name, truth, flows)
        flow_truth = capture.with_suffix(".flows.tsv")
        if flow_truth.exists():
            faults += flow_faults(capture.name, rows_of(flow_truth), flows)
    print("\n".join(faults) or f"truth: all {len(truth)} names, no other, and "
          "every flow's device, name, bytes and packets")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
