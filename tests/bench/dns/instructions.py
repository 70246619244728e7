#!/usr/bin/env python3
"""instructions.py DNS_INSTRUCTIONS BUILD_TYPE: how many instructions a blocked and a cached query
cost between socket and socket, against instructions.tsv; fails when one grew by more than 5 %.

A count does not depend on how busy the machine is.  --write takes the counts of now as the new
ones: say in the commit what they bought.  Needs valgrind; exits with 77 (skipped) without."""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

LOADS = ("blocked", "cached")
GROWTH_MAX = 1.05
SKIPPED = 77
# What the second count has more of is queries alone: set-up and warm-up are in both.
COUNTS = (2_000, 12_000)
KEPT = pathlib.Path(__file__).with_name("instructions.tsv")


def instructions(program: str, load: str, queries: int) -> int:
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                          program, load, str(queries)], capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not found:
        sys.exit(f"{program} {load} {queries} failed:\n{run.stderr}")
    return int(found[1])


def cost(program: str, load: str) -> float:
    few, many = (instructions(program, load, queries) for queries in COUNTS)
    return (many - few) / (COUNTS[1] - COUNTS[0])


def kept() -> dict[tuple[str, str], float]:
    rows = [row.split("\t") for row in KEPT.read_text().splitlines() if not row.startswith("#")]
    return {(build, load): float(count) for build, load, count in rows}


def write(counts: dict[tuple[str, str], float]) -> None:
    rows = [f"{build}\t{load}\t{count:.0f}" for (build, load), count in sorted(counts.items())]
    KEPT.write_text("\n".join(["# build type, load, instructions a query", *rows]) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("build_type")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("SKIPPED: valgrind is not installed (./dev setup check installs it)")
        return SKIPPED
    counts = kept() if KEPT.exists() else {}
    is_worse = False
    for load in LOADS:
        now = cost(options.program, load)
        before = counts.get((options.build_type, load))
        print(f"{load}: {now:.0f} instructions a query, {before or 0:.0f} before")
        if options.write:
            counts[options.build_type, load] = now
        elif before is None or now > before * GROWTH_MAX:
            is_worse = True
    if options.write:
        write(counts)
    if is_worse:
        print("A query costs more than 5 % more than before. When that is meant, run "
              f"{sys.argv[0]} {options.program} {options.build_type} --write")
    return 1 if is_worse else 0


if __name__ == "__main__":
    sys.exit(main())
