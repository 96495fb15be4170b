#!/usr/bin/env bash
# Every bundled descriptor is good, without even a warning.
set -euo pipefail
source=$1 build=$2
output=$("$build/bin/fob" lint "$source"/providers/*.yaml) || { echo "$output"; exit 1; }
[ -z "$output" ] || { echo "$output"; exit 1; }
