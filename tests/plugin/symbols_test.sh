#!/usr/bin/env bash
# Every module exports the entry point and nothing else, and needs no symbol of fob. symbols_test.sh FOLDER
set -euo pipefail
shopt -s nullglob
modules=("$1"/*.so)
[ ${#modules[@]} -gt 0 ] || { echo "no modules in $1" >&2; exit 1; }

failed=0
for module in "${modules[@]}"; do
  exported=$(nm -D --defined-only "$module" | awk '$2 ~ /[TDBRVW]/ { print $3 }' | grep -v '^__\(asan\|ubsan\|lsan\|odr\)' || true)
  if [ "$exported" != fob_plugin_v1 ]; then
    echo "$module exports: $exported" >&2
    failed=1
  fi
  if nm -D --undefined-only "$module" | grep ' fob_' >&2; then
    echo "$module needs a symbol of fob" >&2
    failed=1
  fi
done
exit $failed
