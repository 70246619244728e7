#!/usr/bin/env bash
# run.sh NAME: one end-to-end test.  Exit 77 (skipped, says why) where the lab cannot be made.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
if [ "$1" != try_it ]; then
  lacking=$("$here/lab/lab.sh" missing)
  if [ -n "$lacking" ]; then
    echo "SKIPPED: the network lab needs $lacking"
    exit 77
  fi
fi
if [ "$1" = gate ] &&
  ! unshare --net sh -c 'iptables-nft -t mangle -A FORWARD -j NFQUEUE' 2>/dev/null; then
  echo "SKIPPED: the gate needs iptables-nft and a kernel with NFQUEUE"
  exit 77
fi
exec node --test --test-reporter=spec "$here/$1_test.mjs"
