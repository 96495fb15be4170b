#!/usr/bin/env bash
# Outside core/io/, the core touches no socket, clock, file, environment or randomness; and nowhere what is banned.
set -euo pipefail
source=$1
cd "$source"
failed=0
refuse() { # refuse WHY PATTERN FILE…
  local why=$1 pattern=$2
  shift 2
  for file in "$@"; do
    # Texts and comments may speak of what code may not do.
    if sed -E 's/"([^"\\]|\\.)*"/""/g; /^ *(\/\*|\*)/s/.*//' "$file" | grep -nE "(^|[^A-Za-z0-9_>.])($pattern) *\(" | sed "s|^|$file:|"; then
      echo "^ $why"
      failed=1
    fi
  done
}
refuse "the core is pure outside core/io" \
  'open|openat|fopen|read|write|close|socket|connect|poll|select|time|gettimeofday|clock_gettime|getenv|secure_getenv|stat|fstat|lstat|getrandom|randombytes_buf|randombytes_random|rand|random|dlopen|fork|exec[a-z]*|sleep|usleep|nanosleep|mkdir|unlink|rename' \
  core/*.c
refuse "banned: no bound, no error, or a shell" \
  'strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|sscanf|strtok|getenv|system|popen|assert|abort|exit|printf|puts|perror' \
  core/*.c core/io/*.c
for header in sys/socket.h unistd.h fcntl.h time.h; do
  grep -n "include <$header>" core/*.c && { echo "^ the core is pure outside core/io"; failed=1; }
done
exit "$failed"
