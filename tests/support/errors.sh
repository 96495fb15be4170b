#!/usr/bin/env bash
# Every error code was produced in some test program that has run since it was built; see record.c.
set -euo pipefail
source=$1 build=$2 failed=0
for word in $(grep -oE 'X\(FOB_E_[A-Z_]+, -[0-9]+, "[a-z-]+' "$source/include/fob/error.h" | sed 's/.*"//'); do
  produced=
  for record in "$build/errors/$word".*; do
    [ "$record" -nt "$build/tests/${record##*.}" ] && produced=1
  done
  [ -n "$produced" ] || { echo "no test produced \"$word\""; failed=1; }
done
[ "$failed" -eq 0 ] || echo "(or not all tests have run since they were built)"
exit "$failed"
