#!/usr/bin/env bash
# There is no script that shellcheck warns of.
set -euo pipefail
cd "$1"
mapfile -t scripts < <(find scripts .ci docs hosts tests -name node_modules -prune -o -type f -print |
  while read -r path; do
    case $path in *.sh | *.bash) echo "$path" ;; *.*) ;; *) head -n 1 "$path" | grep -q '^#!.*sh$' && echo "$path" ;; esac
  done)
[ ${#scripts[@]} -ge 15 ] || { echo "found only: ${scripts[*]}"; exit 1; }
shellcheck --severity=warning "${scripts[@]}"
