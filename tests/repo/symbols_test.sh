#!/usr/bin/env bash
# Exported symbols, public headers and the manual name the same functions.
set -euo pipefail
source=$1 build=$2
exported=$(nm -D --defined-only "$build/lib/libfob.so" | awk '$2 == "T" { print $3 }' | sed 's/@.*//' | grep '^fob_' | sort)
# Prototypes may be broken over lines: joined first, comments and directives out.
declared=$(sed -e 's|/\*[^*]*\*/||g' "$source"/include/fob/*.h | tr '\n' ' ' | grep -oE 'FOB_API [^;(]*\(' | grep -oE 'fob_[a-z0-9_]+ *\($' | tr -d ' (' | sort -u)
documented=$(grep -oE 'fob_[a-z0-9_]+ *\(' "$build/docs/libfob.3.scd" | tr -d ' (' | sort -u)
diff <(echo "$exported") <(echo "$declared") || { echo '^ exported (<) against declared in include/fob (>)'; exit 1; }
missing=$(comm -23 <(echo "$declared") <(echo "$documented"))
[ -z "$missing" ] || { echo "not in libfob(3): $missing"; exit 1; }
