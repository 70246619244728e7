#!/usr/bin/env python3
"""shared_lists.py PROGRAM FOLDER MEMORY-MAX-MB: compiles real lists of every format.  They are not
part of the product; without them the test says that it was skipped."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TAKEN = re.compile(r": (\w+) format, (\d+) lines, (\d+) rules taken: (\d+) block, (\d+) allow")
SKIPPED = re.compile(r"^  skipped (\d+): (.+?); first in line", re.M)
# One list in several formats must give the same number of rules, whatever its lines look like.
SAME = [("ph00lt0.rpz.zone", "ph00lt0.unbound.conf", "ph00lt0.wildcard.txt"),
        ("block.neodevhost.adblock.txt", "block.neodevhost.domains.txt",
         "block.neodevhost.hosts.txt"),
        ("basic.blocklistproject.dnsmasq.conf", "basic.blocklistproject.hosts.txt")]
FORMATS = {".hosts.txt": "hosts", ".adblock.txt": "adblock", ".rpz.zone": "rpz",
           ".dnsmasq.conf": "dnsmasq", ".unbound.conf": "unbound", ".wildcard.txt": "wildcard",
           ".domains.txt": "domains"}
# Written for browsers: most of it is about pages, and must be counted, not lost.
BROWSER_LISTS = {"easyprivacy-2023.txt"}


def compiled(program: str, path: pathlib.Path, out: str) -> tuple[re.Match, dict[str, int], int]:
    """The numbers of one file's report, what was skipped by kind, and the peak memory in MB."""
    child = subprocess.Popen([program, "lists", "compile", "--out", out, str(path)], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    text = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    report = TAKEN.search(text)
    if child.returncode != 0 or not report:
        raise RuntimeError(f"{path.name}: {text or 'failed'}")
    skipped = {kind: int(count) for count, kind in SKIPPED.findall(text)}
    return report, skipped, usage.ru_maxrss // 1024


def entries(folder: pathlib.Path) -> dict[str, int]:
    rows = [line.split("\t") for line in (folder / "INDEX.tsv").read_text().splitlines()[1:]]
    return {row[0]: int(row[2]) for row in rows}


def faults_of(name: str, report: re.Match, skipped: dict[str, int], expected: int) -> list[str]:
    faults = []
    found_format, taken = report[1], int(report[3])
    for ending, wanted in FORMATS.items():
        # smarttv.perflyst is called hosts but holds plain names.
        if name.endswith(ending) and found_format not in (wanted, "domains"):
            faults.append(f"{name}: read as {found_format}, not {wanted}")
    if name not in BROWSER_LISTS and taken < 0.9 * expected:
        faults.append(f"{name}: {taken} of {expected} entries taken")
    if taken + sum(skipped.values()) < 0.99 * expected:
        faults.append(f"{name}: {expected} entries, but only {taken} taken and {skipped} skipped")
    if skipped.get("lines not understood", 0) > 0.001 * expected:
        faults.append(f"{name}: {skipped['lines not understood']} lines not understood")
    return faults


def main(program: str, folder: pathlib.Path, memory_max_mb: int) -> int:
    if not folder.is_dir():
        print(f"SKIPPED: {folder} is not there; real lists were not compiled")
        return 77
    faults, taken, expected = [], {}, entries(folder)
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(folder.iterdir()):
            if path.name == "INDEX.tsv":
                continue
            report, skipped, memory = compiled(program, path, f"{scratch}/catalogue.mdb")
            taken[path.name] = int(report[3])
            print(f"{path.name}: {report[0][2:]}, {memory} MB")
            faults += faults_of(path.name, report, skipped,
                                expected.get(path.name, taken[path.name]))
            if memory > memory_max_mb:
                faults.append(f"{path.name}: {memory} MB, more than {memory_max_mb}")
        for group in SAME:
            if len({taken[name] for name in group}) != 1:
                faults.append(f"{', '.join(group)}: {[taken[name] for name in group]} differ")
    print("\n".join(faults) or f"{len(taken)} lists compiled")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])))
