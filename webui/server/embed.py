#!/usr/bin/env python3
"""Writes the files of a folder as C++: embed.py FOLDER OUT.cpp

Defines sporvakt::webui::embedded_page() (webui/server/page.h), each file plain and as gzip, so that
the program needs no files and no compressor at run time.  The same files give the same bytes."""
import gzip
import hashlib
import pathlib
import re
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
HASHED = re.compile(r"-[0-9A-Za-z]{8,}\.[a-z]+$")


def array(name: str, contents: bytes) -> str:
    rows = [contents[i:i + 24] for i in range(0, len(contents), 24)]
    body = ",\n    ".join(",".join(str(byte) for byte in row) for row in rows)
    return (f"constexpr std::array<std::uint8_t, {len(contents)}> {name}{{\n    {body}}};\n")


def asset(index: int, path: pathlib.Path) -> tuple[str, str]:
    contents = path.read_bytes()
    packed = gzip.compress(contents, compresslevel=9, mtime=0)
    etag = hashlib.sha256(contents).hexdigest()[:16]
    lifetime = "Immutable" if HASHED.search(path.name) else "Changing"
    arrays = array(f"kPlain{index}", contents) + array(f"kGzip{index}", packed)
    row = (f'    {{"{path.name}", "{TYPES[path.suffix]}", "\\"{etag}\\"", Lifetime::{lifetime},\n'
           f"     kPlain{index}, kGzip{index}}},\n")
    return arrays, row


def main(folder: pathlib.Path, out: pathlib.Path) -> None:
    parts = [asset(i, path) for i, path in enumerate(sorted(folder.iterdir()))]
    out.write_text(
        "// Made by webui/server/embed.py; not in the repository.\n"
        '#include "webui/server/page.h"\n\n#include <array>\n\n'
        "namespace sporvakt::webui {\nnamespace {\n\n"
        + "".join(arrays for arrays, _ in parts)
        + f"\nconstexpr std::array<Asset, {len(parts)}> kAssets{{{{\n"
        + "".join(row for _, row in parts)
        + "}};\n\n}  // namespace\n\n"
        "std::span<const Asset> embedded_page() {\n    return kAssets;\n}\n\n"
        "}  // namespace sporvakt::webui\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
