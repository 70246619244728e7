#!/usr/bin/env python3
"""instructions.py BUILD_TYPE PROGRAM LOAD...: how many instructions each load of a benchmark
program costs, a query or a packet, against instructions.tsv; fails when one grew by more than 5 %.

A count does not depend on how busy the machine is, but on its architecture and on how the program
was built; where none is kept for these, exits with 77 (skipped), as without valgrind.  --write
takes the counts of now as the new ones: say in the commit what they bought."""
import argparse
import pathlib
import platform
import re
import shutil
import subprocess
import sys

GROWTH_MAX = 1.05
SKIPPED = 77
# What the second count has more of is the load alone: set-up and warm-up are in both.
COUNTS = (500, 3_500)
KEPT = pathlib.Path(__file__).with_name("instructions.tsv")


def instructions(program: str, load: str, times: int) -> int:
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                          program, load, str(times)], capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not found:
        sys.exit(f"{program} {load} {times} failed:\n{run.stderr}")
    return int(found[1])


def cost(program: str, load: str) -> float:
    few, many = (instructions(program, load, times) for times in COUNTS)
    return (many - few) / (COUNTS[1] - COUNTS[0])


def kept() -> dict[tuple[str, str, str], float]:
    rows = [row.split("\t") for row in KEPT.read_text().splitlines() if not row.startswith("#")]
    return {(machine, build, load): float(count) for machine, build, load, count in rows}


def write(counts: dict[tuple[str, str, str], float]) -> None:
    rows = ["\t".join([*key, f"{count:.0f}"]) for key, count in sorted(counts.items())]
    KEPT.write_text("\n".join(["# machine, build type, load, instructions each", *rows]) + "\n")


def skipped(why: str) -> int:
    print(f"SKIPPED: {why}; what it costs was not counted")
    return SKIPPED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build_type")
    parser.add_argument("program")
    parser.add_argument("loads", nargs="+", metavar="LOAD")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    build = (platform.machine(), options.build_type)
    counts = kept()
    if not shutil.which("valgrind"):
        return skipped("valgrind is not installed (./dev setup test installs it)")
    if not options.write and (*build, options.loads[0]) not in counts:
        return skipped(f"no count is kept for {' '.join(build)}")
    is_worse = False
    for load in options.loads:
        now, before = cost(options.program, load), counts.get((*build, load), 0)
        print(f"{load}: {now:.0f} instructions each, {before:.0f} before")
        is_worse = is_worse or now > before * GROWTH_MAX
        counts[*build, load] = now
    if options.write:
        write(counts)
        return 0
    if is_worse:
        print("Something costs more than 5 % more than before. When that is meant, run "
              f"{' '.join(sys.argv)} --write")
    return 1 if is_worse else 0


if __name__ == "__main__":
    sys.exit(main())
