#!/usr/bin/env python3
"""run.py LIST_GATEWAY DNS_BENCH LISTS: forty lists of two million lines, fetched from a server on
this machine, examined, compiled and taken into force by a gateway that answers all the while.
Tells how long an update takes from its beginning until the new lists block, the most memory of
every process, and whether a query was lost.  Needs dnsperf.  Without the folder LISTS: exits with
77 (skipped)."""
import argparse
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "dns"))
import servers  # noqa: E402
import switching  # noqa: E402

LISTS, LINES = 40, 2_000_000
SKIPPED = 77
PATIENCE_SECONDS = 120
ROOT = pathlib.Path(__file__).resolve().parents[3]
PROTECTED = ROOT / "firmware" / "lists" / "protected-sites.txt"


def marker(generation: int) -> str:
    return f"generation{generation}.marker.example"


def lines_of(path: pathlib.Path) -> list[bytes]:
    """Without the names for which the gateway would refuse the list."""
    rows = [row.split("|") for row in PROTECTED.read_text().splitlines() if "|" in row]
    protected = {row[1].strip().encode() for row in rows}
    lines = path.read_bytes().splitlines(keepends=True)
    return [line for line in lines if line.strip() not in protected]


def split(lines: list[bytes], parts: int, total: int) -> list[bytes]:
    """The lines in so many parts that have `total` lines together: what is missing to that, each
    part has in common with the next."""
    each = -(-total // parts)
    step = (len(lines) - each) / max(parts - 1, 1)
    return [b"".join(lines[round(part * step):round(part * step) + each]) for part in range(parts)]


def forty_lists(folder: pathlib.Path) -> dict[str, bytes]:
    """Every list that there is; of the longest, as many parts as are missing to forty."""
    paths = [path for path in sorted(folder.iterdir()) if path.name != "INDEX.tsv"]
    longest = max(paths, key=lambda path: path.stat().st_size)
    lists = {path.name: path.read_bytes() for path in paths if path != longest}
    missing = LINES - sum(text.count(b"\n") for text in lists.values())
    for number, text in enumerate(split(lines_of(longest), LISTS - len(lists), missing)):
        lists[f"part{number}.domains.txt"] = text
    return lists


class ListServer:
    """Serves the lists.  Another generation has another ETag, and another last name."""

    def __init__(self, lists: dict[str, bytes]) -> None:
        self.lists = lists
        self.generation = 1
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer((servers.LOOPBACK, 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, asked: http.server.BaseHTTPRequestHandler) -> None:
        name = asked.path.lstrip("/")
        body = self.lists[name]
        if name == list(self.lists)[-1]:
            body += f"{marker(self.generation)}\n".encode()
        asked.send_response(200)
        asked.send_header("ETag", f'"{self.generation}"')
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)

    def urls(self) -> list[str]:
        place = f"http://{servers.LOOPBACK}:{self.server.server_port}"
        return [f"{place}/{name}" for name in self.lists]


class PeakMemory(threading.Thread):
    """The most resident memory of every process below some, by its name, read 50 times a second."""

    def __init__(self, *roots: int) -> None:
        super().__init__(daemon=True)
        self.known = set(roots)
        self.peaks_kb: dict[str, int] = {}
        self.goes_on = True

    def look(self) -> None:
        for path in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                rows = dict(re.findall(r"^(\w+):\s+(\S+)", path.read_text(), re.M))
            except OSError:
                continue  # it has just ended
            if int(rows["Pid"]) in self.known or int(rows["PPid"]) in self.known:
                self.known.add(int(rows["Pid"]))
                peak = max(self.peaks_kb.get(rows["Name"], 0), int(rows.get("VmHWM", 0)))
                self.peaks_kb[rows["Name"]] = peak

    def run(self) -> None:
        while self.goes_on:
            self.look()
            time.sleep(0.02)

    def figures(self) -> dict[str, int]:
        self.goes_on = False
        self.join()
        return {name: peak // 1024 for name, peak in sorted(self.peaks_kb.items())}


def wait_until_blocked(name: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while servers.answer_of(switching.PORT, name) != bytes(4):
        if time.monotonic() > end:
            raise RuntimeError(f"{name} is not blocked: the lists did not come into force")
        time.sleep(0.02)


def write_configuration(folder: pathlib.Path) -> pathlib.Path:
    """The other bench's, with one own list, so that something is blocked from the beginning."""
    path = switching.write_configuration(folder)
    (folder / "own.txt").write_text("begin.marker.example\n")
    path.write_text(path.read_text().replace("catalogue.mdb", "own.txt"))
    return path


def check_taken(folder: pathlib.Path, lists: dict[str, bytes]) -> None:
    status = json.loads((folder / "store" / "lists" / "status.json").read_text())["lists"]
    refused = [f"{one['url']}: {one['outcome']}: {one['reason']}" for one in status
               if one["outcome"] != "taken"]
    if refused or len(status) != len(lists):
        raise RuntimeError("not every list was taken:\n" + "\n".join(refused))


def write_queries(path: pathlib.Path, lists: dict[str, bytes]) -> None:
    """A third is blocked all the while, the rest is kept after its first time."""
    names = [name for name in list(lists.values())[-1].splitlines() if not name.startswith(b"#")]
    blocked = names[:10_000]
    with path.open("w") as out:
        for number, name in enumerate(blocked):
            out.write(f"{name.decode()} A\nwww.site{number % 500}.example A\n"
                      f"shop{number % 50}.example A\n")


def measure(options: argparse.Namespace, folder: pathlib.Path, lists: dict[str, bytes]) -> dict:
    source = ListServer(lists)
    configuration = write_configuration(folder)
    command = [options.gateway, "run", str(configuration), *source.urls()]
    begun = time.monotonic()
    gateway = servers.start("gateway", switching.PORT, command, "begin.marker.example", folder)
    try:
        memory = PeakMemory(gateway.process.pid)
        memory.start()
        wait_until_blocked(marker(1))
        first = time.monotonic() - begun
        check_taken(folder, lists)
        queries = folder / "queries"
        write_queries(queries, lists)
        load = switching.Load(queries, options.rate, options.seconds)
        time.sleep(1)
        source.generation = 2
        begun = time.monotonic()
        updating = subprocess.Popen([options.gateway, "update", str(configuration), *source.urls()],
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        memory.known.add(updating.pid)
        taken = updating.communicate()[0].strip()
        fetched = time.monotonic() - begun
        wait_until_blocked(marker(2))
        in_force = time.monotonic() - begun
        busy = load.figures()
        check_taken(folder, lists)
    finally:
        gateway.stop()
    return {"lists": int(taken), "lines": sum(text.count(b"\n") for text in lists.values()),
            "first_update_s": round(first, 2), "fetched_and_examined_s": round(fetched, 2),
            "in_force_after_s": round(in_force, 2), "peak_mb": memory.figures(), "load": busy}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gateway", type=switching.resolved)
    parser.add_argument("bench", type=switching.resolved)
    parser.add_argument("lists", type=pathlib.Path)
    parser.add_argument("--rate", type=int, default=5_000)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    if not options.lists.is_dir():
        print(f"SKIPPED: {options.lists} is not there; no update of real lists was measured")
        return SKIPPED
    lists = forty_lists(options.lists)
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        (folder / "store").mkdir()
        stub = servers.start("stub", switching.STUB_PORT,
                             [options.bench, "stub", str(switching.STUB_PORT)], "a.example", folder)
        try:
            result = measure(options, folder, lists)
        finally:
            stub.stop()
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
