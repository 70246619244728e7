#!/usr/bin/env python3
"""companies_known.py PROGRAM FILE: how many of the largest tracking companies are known by name.

FILE is a table of trackers by domain and reach that others measured (columns domain, reach,
company).  A company counts as known when one of its domains is attributed.  Those that are not have
mostly gone out of business, or nobody could be named with certainty: docs/knowledge.md says what a
fact needs.
Skips, loudly, where there is no such table."""
import collections
import csv
import json
import pathlib
import subprocess
import sys

LARGEST = 300
KNOWN_MIN = 285  # 290 when this was written; a refreshed package may take some away
SKIPPED = 77


def companies_of(table: pathlib.Path) -> dict[str, list[str]]:
    """The largest by the reach of all their domains together, each with those."""
    reach: dict[str, float] = collections.Counter()
    domains = collections.defaultdict(list)
    with table.open(newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["company"]:
                reach[row["company"]] += float(row["reach"])
                domains[row["company"]].append(row["domain"])
    largest = sorted(reach, key=lambda name: reach[name], reverse=True)[:LARGEST]
    return {name: domains[name] for name in largest}


def attributed(program: str, names: list[str]) -> set[str]:
    answer = subprocess.run([program, "check", "--json", "-"], input="\n".join(names), text=True,
                            capture_output=True, check=True, timeout=60)
    return {line["name"] for line in map(json.loads, answer.stdout.splitlines())
            if line.get("company")}


def main(program: str, table: pathlib.Path) -> int:
    if not table.exists():
        print(f"SKIPPED: {table} is not there: the largest companies are not looked up")
        return SKIPPED
    companies = companies_of(table)
    known = attributed(program, [name for names in companies.values() for name in names])
    missing = [company for company, names in companies.items() if not known & set(names)]
    print(f"{len(companies) - len(missing)} of {len(companies)} known; not: {', '.join(missing)}")
    return 0 if len(companies) == LARGEST and len(companies) - len(missing) >= KNOWN_MIN else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
