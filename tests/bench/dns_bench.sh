#!/usr/bin/env bash
# Usage: dns_bench.sh DNS_BENCH [NAMES]
# CPU time of one answer: a bare responder, then our blocked and cached answers, with a list of
# NAMES (default: a million) names and four clients.  Alternates the servers three times, so that
# the machine's moods meet all of them.  Needs dnsperf.
set -euo pipefail
readonly bench=$1 names=${2:-1000000}
readonly port=15399 seconds=3 kept=2000

command -v dnsperf >/dev/null || { echo "dns_bench: skipped: dnsperf is not installed"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$bench" compile "$folder/catalogue.mdb" "$names"
awk -v n="$names" 'BEGIN { srand(7); for (i = 0; i < 20000; i++) {
  k = int(rand() * n); print (k % 2 ? "metrics" : "px") ".tracker" int(k / 2) ".example A" } }' \
  > "$folder/blocked"
awk -v n=$kept 'BEGIN { srand(8); for (i = 0; i < 20000; i++)
  print "www.site" int(rand() * n) ".example A" }' > "$folder/cached"

# measure LABEL QUERIES SERVER...
measure() {
  local label=$1 queries=$2
  shift 2
  "$bench" "$@" > "$folder/said" &
  local server=$!
  sleep 1
  dnsperf -e -s 127.0.0.1 -p $port -d "$folder/$queries" -c 4 -q 50 -n 1 > /dev/null 2>&1 || true
  kill -USR1 $server  # warm: measure from here
  dnsperf -e -s 127.0.0.1 -p $port -d "$folder/$queries" -c 4 -q 100 -l $seconds \
    > "$folder/dnsperf" 2>&1 || true
  kill -TERM $server
  wait $server
  printf '%-8s %s; %s\n' "$label" "$(tr '\n' ' ' < "$folder/said")" \
    "$(awk '/Queries per second/ { print int($4) " a second" }' "$folder/dnsperf")"
}

for _ in 1 2 3; do
  measure bare blocked bare $port
  measure blocked blocked resolver $port "$folder/catalogue.mdb" 0
  measure cached cached resolver $port "$folder/catalogue.mdb" $kept
done
