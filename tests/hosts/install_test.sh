#!/usr/bin/env bash
# An installation is usable: a program builds against it with pkg-config and with find_package, and the command runs.
set -euo pipefail
build=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
umask 022
cmake --install "$build" --prefix "$room/installed" >/dev/null
# Moved, so that nothing can lean on where it was built.
mv "$room/installed" "$room/moved"
prefix=$room/moved
libdir=$(dirname "$(find "$prefix" -name libfob.so -print -quit)")
export HOME=$room XDG_DATA_HOME=$room/data XDG_CONFIG_HOME=$room/config

san=()
grep -q 'FOB_SANITIZE:STRING=..*' "$build/CMakeCache.txt" &&
  san=("-fsanitize=$(sed -n 's/^FOB_SANITIZE:STRING=//p' "$build/CMakeCache.txt")")

export PKG_CONFIG_PATH=$libdir/pkgconfig
# shellcheck disable=SC2046
"${CC:-cc}" "${san[@]}" "$source/examples/shortest.c" -o "$room/by-pkg-config" $(pkg-config --cflags --libs fob) -Wl,-rpath,"$libdir"
status=0; "$room/by-pkg-config" nothing 2>"$room/out" || status=$?
[ "$status" -eq 1 ] && grep -q 'no connection' "$room/out"

mkdir "$room/project"
cp "$source/examples/shortest.c" "$room/project/"
cat >"$room/project/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(shortest LANGUAGES C)
find_package(fob REQUIRED)
add_executable(shortest shortest.c)
target_link_libraries(shortest PRIVATE fob::fob)
CMAKE
cmake -G Ninja -S "$room/project" -B "$room/project/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_FLAGS="${san[*]-}" >/dev/null
cmake --build "$room/project/build" >/dev/null
status=0; "$room/project/build/shortest" nothing 2>"$room/out" || status=$?
[ "$status" -eq 1 ] && grep -q 'no connection' "$room/out"

"$prefix/bin/fob" version | grep -q '^fob '
"$prefix/bin/fob" providers --names >/dev/null
[ -e "$libdir/fob/transport-curl.so" ]
echo "all good"
