#!/usr/bin/env bash
# run.sh BUILD: every benchmark, on a release build.  Figures of one run belong together: compare
# them with each other, not with another machine's.
set -euo pipefail
build=$1
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "== a catalogue of a million names"
awk 'BEGIN { srand(1); for (i = 0; i < 1000000; i++)
  printf "h%d.site%d.example%d.com\n", rand() * 1e9, i % 300000, i % 997 }' >"$work/million.txt"
started=$(date +%s%N)
"$build/bin/sporvakt" lists compile --out "$work/million.mdb" "$work/million.txt" &
compiling=$!
peak=0
while kill -0 "$compiling" 2>/dev/null; do
  now=$(awk '/VmHWM/ { print $2 }' "/proc/$compiling/status" 2>/dev/null || echo 0)
  [ "${now:-0}" -gt "$peak" ] && peak=$now
  sleep 0.02
done
wait "$compiling"
echo "compiled in $((($(date +%s%N) - started) / 1000000)) ms, at most $((peak / 1024)) MB"

echo "== a judgement in a large household"
"$build/tests/bench/policy_bench"

echo "== instructions between socket and socket"
python3 "$here/instructions.py" RelWithDebInfo "$build/tests/bench/dns_instructions" blocked cached

echo "== instructions of a name, and of a packet of a known flow"
python3 "$here/instructions.py" RelWithDebInfo "$build/tests/bench/capture_instructions" \
  tls quic packet

echo "== blocked and cached answers against a bare responder"
python3 "$here/dns/run.py" "$build/tests/bench/dns_bench" --json "$build/dns.json"

echo "== a list switched under load"
python3 "$here/dns/switching.py" "$build/bin/sporvakt" "$build/tests/bench/dns_bench"

echo "== forty lists of two million lines updated under load"
python3 "$here/lists/run.py" "$build/tests/list_gateway" "$build/tests/bench/dns_bench" \
  "$here/../../../shared/data/lists" || [ $? = 77 ]

echo "== a capture replayed against libpcap's bare loop"
python3 "$here/capture/run.py" "$build" --json "$build/capture.json"

echo "== a live link watched, beside tcpdump"
python3 "$here/capture/live.py" "$build" --json "$build/live.json" || [ $? = 77 ]

echo "== what the gate costs"
if lacking=$("$here/../e2e/lab/lab.sh" missing) && [ -z "$lacking" ]; then
  SPORVAKT_BINARY="$build/bin/sporvakt" node "$here/gate/run.mjs"
else
  echo "SKIPPED: the network lab needs $lacking"
fi

echo "== what a day of a home writes"
"$build/tests/bench/ledger_bench"
