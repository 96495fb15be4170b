#!/usr/bin/env bash
# The template builds by itself against the public headers, both ways its README names, and needs no symbol of fob.
# template_test.sh SOURCE_DIR LOADER: LOADER FOLDER ID loads a plugin and says its provider's token endpoint.
set -euo pipefail
source=$1 loader=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() {
  if nm -D --undefined-only "$1/template.so" | grep fob_; then
    echo "$1/template.so needs a symbol of fob" >&2
    exit 1
  fi
  [ "$("$loader" "$1" template)" = https://auth.template.example/token ]
}

cp -r "$source/plugins/template" "$work/copy"
cd "$work/copy"
line=$(sed -n 's/^ *\(cc -std=c11 .*\)/\1/p' README.md)
mkdir "$work/by-hand"
eval "${line//INCLUDE/$source/include}"
mv template.so "$work/by-hand/"
check "$work/by-hand"

cmake -G Ninja -S . -B "$work/cmake" -DFOB_INCLUDE="$source/include" >/dev/null
cmake --build "$work/cmake" >/dev/null
check "$work/cmake"
