#!/usr/bin/env bash
# The manual pages are ones that mandoc has nothing against.
set -euo pipefail
build=$2
shopt -s nullglob
pages=("$build"/share/man/man*/*)
[ ${#pages[@]} -ge 4 ] || { echo "there are ${#pages[@]} pages in $build/share/man"; exit 1; }
mandoc -T lint -W warning "${pages[@]}"
