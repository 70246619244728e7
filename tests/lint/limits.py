#!/usr/bin/env python3
"""Fails on a file over 600 lines, a line over 100 characters, or a folder over 24 source files.
(Function length and complexity are clang-tidy's: see .clang-tidy.)"""
import collections
import pathlib
import subprocess
import sys

FILE_LINES_MAX = 600
LINE_LENGTH_MAX = 100
# Sources and headers of one unit count once.
FOLDER_UNITS_MAX = 24
CODE = {".cpp", ".h", ".ts", ".tsx", ".py", ".mjs", ".css"}
SCRIPTS = {".sh"}


def tracked(root: pathlib.Path) -> list[pathlib.Path]:
    names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           cwd=root, capture_output=True, check=False)
    if names.returncode != 0:  # a source archive: no git there
        return [p for p in root.rglob("*") if not {"build", "node_modules"} & set(p.parts)]
    return [root / name for name in names.stdout.decode().split("\0") if name]


def faults_of(root: pathlib.Path, path: pathlib.Path) -> list[str]:
    name = path.relative_to(root)
    lines = path.read_text(errors="replace").splitlines()
    faults = []
    if len(lines) > FILE_LINES_MAX:
        faults.append(f"{name}: {len(lines)} lines, more than {FILE_LINES_MAX}")
    faults += [f"{name}:{number}: {len(line)} characters" for number, line in enumerate(lines, 1)
               if len(line) > LINE_LENGTH_MAX]
    return faults


def main(root: pathlib.Path) -> int:
    paths = [p for p in tracked(root) if p.suffix in CODE | SCRIPTS and p.is_file()]
    faults = [fault for path in paths for fault in faults_of(root, path)]
    units = collections.defaultdict(set)
    for path in paths:
        units[path.parent.relative_to(root)].add(path.stem)
    faults += [f"{folder}: {len(names)} units, more than {FOLDER_UNITS_MAX}"
               for folder, names in sorted(units.items()) if len(names) > FOLDER_UNITS_MAX]
    print("\n".join(faults) or "limits: ok")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
