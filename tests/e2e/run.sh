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
exec node --test --test-reporter=spec "$here/$1_test.mjs"
