#!/usr/bin/env bash
# Every bundled descriptor is good, without even a warning, and does what was recorded of its provider.
set -euo pipefail
source=$1 build=$2
export FOB_PROVIDER_PATH=$source/providers
output=$("$build/bin/fob" lint --all) || { echo "$output"; exit 1; }
[ -z "$output" ] || { echo "$output"; exit 1; }
found=$("$build/bin/fob" providers | grep -c '\.yaml$')
[ "$found" -eq "$(find "$source/providers" -name '*.yaml' | wc -l)" ] || { echo "fob sees $found of them"; exit 1; }
output=$("$build/bin/fob" try --all) || { grep -v ' passed$' <<<"$output"; exit 1; }
