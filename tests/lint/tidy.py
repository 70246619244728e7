#!/usr/bin/env python3
"""tidy.py ROOT BUILD: clang-tidy over our C++ files, in parallel, remembering what was clean.

A file is clean for as long as clang-tidy, .clang-tidy, its compile command and its preprocessed
text stay the same, so that a second run only looks at what changed.  What is remembered lies in
the user's cache folder.  Exit 1 when anything was found."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

PRODUCT = ("core/", "dns/", "capture/", "webui/server/", "firmware/")


def commands_of(root: pathlib.Path, build: pathlib.Path) -> dict[pathlib.Path, list[str]]:
    """Our own sources with the command that compiles each."""
    rows = json.loads((build / "compile_commands.json").read_text())
    found = {}
    for row in rows:
        path = pathlib.Path(row["file"])
        if path.is_relative_to(root) and str(path.relative_to(root)).startswith(PRODUCT):
            words = [word for word in shlex.split(row["command"]) if not word.endswith("ccache")]
            found[path] = words
    return found


def preprocessed(words: list[str], build: pathlib.Path) -> bytes:
    """What the compiler sees, without line marks that name this machine's folders."""
    end = words.index("-o")
    keep = words[:end] + words[end + 2:]
    run = subprocess.run([*keep, "-E", "-P"], cwd=build, capture_output=True, check=False)
    return run.stdout


class Tidy:
    def __init__(self, root: pathlib.Path, build: pathlib.Path) -> None:
        self.root, self.build = root, build
        cache = os.environ.get("XDG_CACHE_HOME") or str(pathlib.Path.home() / ".cache")
        self.cache = pathlib.Path(cache) / "sporvakt" / "tidy"
        self.cache.mkdir(parents=True, exist_ok=True)
        version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True)
        self.ground = version.stdout + (root / ".clang-tidy").read_bytes()

    def mark(self, path: pathlib.Path, words: list[str]) -> pathlib.Path:
        own = str(self.root)
        flags = " ".join(words).encode()
        # The text as well: comments hold NOLINT, which the preprocessed text has lost.
        parts = (self.ground, flags, path.read_bytes(), preprocessed(words, self.build))
        # Another checkout of the same is the same: flags and __FILE__ name the folder.
        text = b"\0".join(parts).replace(own.encode(), b"")
        return self.cache / hashlib.sha256(text).hexdigest()

    def check(self, path: pathlib.Path, words: list[str]) -> str:
        """Empty when clean, else what was found."""
        mark = self.mark(path, words)
        if mark.exists():
            return ""
        run = subprocess.run(["clang-tidy", "-p", str(self.build), "--quiet", str(path)],
                             capture_output=True, text=True, check=False)
        if run.returncode == 0:
            mark.touch()
            return ""
        return run.stdout or run.stderr


def main(root: pathlib.Path, build: pathlib.Path) -> int:
    tidy = Tidy(root, build)
    commands = commands_of(root, build)
    jobs = int(os.environ.get("JOBS") or os.cpu_count() or 1)
    faulty = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda item: tidy.check(*item), sorted(commands.items()))
        for number, found in enumerate(results, 1):
            if found:
                faulty += 1
                print(found, flush=True)
            if number % 25 == 0:
                print(f"clang-tidy: {number} of {len(commands)} files", flush=True)
    print(f"clang-tidy: {len(commands)} files, {faulty} with findings")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()))
