#!/bin/sh
# man.sh SCDOC DOCUMENT SOURCE OUTPUT: one page; a line @REFERENCE@ becomes the reference of the descriptor language.
set -eu
scdoc=$1 document=$2 source=$3 output=$4
{
  while IFS= read -r line; do
    if [ "$line" = "@REFERENCE@" ]; then "$document" reference; else printf '%s\n' "$line"; fi
  done <"$source"
} | "$scdoc" >"$output.part"
mv "$output.part" "$output"
