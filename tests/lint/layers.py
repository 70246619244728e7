#!/usr/bin/env python3
"""Fails when a folder includes one that it may not use, when a third-party header appears outside
its one place, or when a unit has no test of its name.  docs/architecture.md draws these tables."""
import pathlib
import re
import sys

NOUNS = {"core/base", "core/store", "core/trackers", "core/knowledge", "core/devices",
         "core/policy", "core/ledger"}
FACE = NOUNS - {"core/store"}
USES = {
    "core/base": set(),
    "core/store": {"core/base"},
    "core/trackers": {"core/base", "core/store"},
    "core/knowledge": {"core/base", "core/trackers"},
    "core/devices": {"core/base", "core/store"},
    "core/policy": {"core/base", "core/store", "core/trackers", "core/devices"},
    "core/ledger": {"core/base", "core/store", "core/trackers", "core/devices"},
    "dns": FACE,
    "capture": FACE,
    "webui": FACE,
    # A build tool: its packets come from the tests' builders.
    "firmware/demo": {"core/base", "tests"},
    "firmware": NOUNS | {"dns", "capture", "webui"},
}
# Where a third-party header may stand: a folder (ends in /) or single files.
THIRD_PARTIES = {
    "ldns/": ("core/base/ldns_wrap.h",),
    "unbound": ("dns/upstream/unbound_context.cpp", "dns/upstream/upstream.cpp"),
    "event2/": ("dns/serving/event_loop.cpp",),
    "fstrm": ("dns/tap/frame_stream.cpp",),
    "pcap": ("capture/sources/pcap_handle.h",),
    "libnetfilter_queue/": ("capture/gate/packet_queue.cpp",),
    "libmnl/": ("capture/gate/packet_queue.cpp",),
    "openssl/": ("capture/quic_keys.cpp", "core/trackers/", "dns/tls/",
                 "firmware/lists/fetcher.cpp"),
    "curl/": ("firmware/lists/fetcher.cpp",),
    "lmdb.h": ("core/store/",),
    "civetweb.h": ("webui/server/http_server.cpp",),
    "sodium.h": ("webui/server/password.cpp", "webui/server/session.cpp",
                 "dns/message/server_cookie.cpp"),
    "spdlog/": ("core/base/log.cpp",),
    "toml++/": ("firmware/configuration.cpp", "firmware/answer_keys", "firmware/gate/gate_keys",
               "firmware/history/ledger_keys",
               "webui/server/changes/policy_file.cpp"),
    "CLI/": ("firmware/",),
}
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
SYSTEM_INCLUDE = re.compile(r"^#include <([^>]+)>", re.M)


def folder_of(path: str) -> str:
    """The row of USES that a repository path belongs to."""
    return next((f for f in USES if path.startswith(f + "/")), path.split("/")[0])


def include_faults(root: pathlib.Path, path: pathlib.Path) -> list[str]:
    name = path.relative_to(root).as_posix()
    own = folder_of(name)
    text = path.read_text()
    faults = [
        f"{name}: may not include {included}"
        for included in INCLUDE.findall(text)
        if folder_of(included) != own and folder_of(included) not in USES[own]
    ]
    for header in SYSTEM_INCLUDE.findall(text):
        for prefix, places in THIRD_PARTIES.items():
            if header.startswith(prefix) and not any(name.startswith(p) for p in places):
                faults.append(f"{name}: <{header}> belongs in {' or '.join(places)}")
    return faults


def twin_fault(root: pathlib.Path, path: pathlib.Path) -> list[str]:
    unit = path.relative_to(root)
    if path.suffix != ".cpp" or path.stem == "main":
        return []
    twin = root / "tests" / unit.parent / f"{path.stem}_test.cpp"
    return [] if twin.exists() else [f"{unit}: has no {twin.relative_to(root)}"]


def main(root: pathlib.Path) -> int:
    faults = []
    for folder in USES:
        for path in sorted((root / folder).rglob("*.[hc]*")):
            if path.suffix in {".h", ".cpp"} and "node_modules" not in path.parts:
                faults += include_faults(root, path) + twin_fault(root, path)
    print("\n".join(faults) or "layers: ok")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
