#!/usr/bin/env bash
# Every error code is one that some test provokes and names.
set -euo pipefail
source=$1
failed=0
for code in $(grep -oE 'X\(FOB_E_[A-Z_]+' "$source/include/fob/error.h" | cut -c3-); do
  grep -rqw "$code" "$source"/tests/unit "$source"/tests/flow "$source"/tests/plugin || { echo "no test provokes $code"; failed=1; }
done
exit "$failed"
