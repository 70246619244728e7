#!/usr/bin/env bash
# run.sh NAME SECONDS: fuzz one parser from its corpus; the first input that breaks it is kept.
set -euo pipefail
name=$1 seconds=$2
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
build=${FUZZ_BUILD:-$here/../../build/asan}
grown=$build/grown/$name
mkdir -p "$grown" "$build/found" "$here/corpus/$name"
log=$build/found/$name.log
if "$build/tests/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$build/found/$name-" "$grown" "$here/corpus/$name" \
    >"$log" 2>&1; then
  runs=$(awk '/stat::number_of_executed_units/ { print $2 }' "$log")
  echo "fuzz $name: ${runs:-0} inputs in $seconds s, nothing found"
else
  tail -60 "$log"
  echo "fuzz $name: FAILED; the input is $(ls "$build"/found/"$name"-* 2>/dev/null | tail -1)"
  exit 1
fi
