#!/bin/sh
# man.sh SCDOC DOCUMENT SOURCE OUTPUT: one page; a line @REFERENCE@ becomes the reference of the descriptor language,
# @FUNCTIONS@ the functions of its expressions.
set -eu
scdoc=$1 document=$2 source=$3 output=$4

# scdoc begins paragraphs that hold nothing, which mandoc warns of: around headings, and inside a list that ends there.
tidy='
$0 == ".P" { due = 1; next }
/^\.S[HS]/ { due = 0; heading = 1; print; next }
$0 != ".RE" { if (due && !heading) print ".P"; due = heading = 0 }
{ print }
'

{
  while IFS= read -r line; do
    case $line in
      @REFERENCE@) "$document" reference ;;
      @FUNCTIONS@) "$document" functions ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <"$source"
} | "$scdoc" >"$output.raw"
awk "$tidy" "$output.raw" >"$output.part"
rm "$output.raw"
mv "$output.part" "$output"
