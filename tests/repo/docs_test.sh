#!/usr/bin/env bash
# fob(1) names all that the command knows: commands, options, exit codes, variables, files; fob-plugin(3) the ABI's version.
set -euo pipefail
cd "$1"
page=$(tr -d '\\' <docs/man/fob.1.scd)
failed=0

# named WHAT BEFORE BEHIND: each line of standard input stands in the page between these two.
named() {
  local what=$1 before=$2 behind=$3 n=0 word
  while read -r word; do
    n=$((n + 1))
    grep -qF -- "$before$word$behind" <<<"$page" || { echo "not in fob(1): the $what $word"; failed=1; }
  done
  [ "$n" -gt 1 ] || { echo "no ${what}s were found to look for"; failed=1; }
}

commands=$(grep -oP '^    \{"\K[a-z]+(?=", )' hosts/cli/main.c)
named command '*fob* *' '*' <<<"$commands"
named option '*--' '*' < <(grep -P '(FLAG|TEXT|LIST)\("' hosts/cli/main.c | grep -v ', NULL)' | grep -oP '(FLAG|TEXT|LIST)\("\K[a-z-]+' | sort -u)
named option '*--' '*' < <(grep -oP '^    \{"\K[a-z-]+(?=", (FLAG|TEXT|WORD|SECONDS|NUMBER|PAIR|HOW_OFTEN|OWN),)' hosts/sandbox/options.c)
named 'exit code' '*' '*' < <(grep -oP 'EXIT_[A-Z_]+ = \K[0-9]+' hosts/cli/cli.h)
named variable '*' '*' < <(grep -ohP '(getenv|environment|given|xdg)\([^"]*"\K[A-Z_]+' core/io/*.c hosts/cli/*.c plugins/*/*.c | sort -u)
named file '' '' < <(grep -ohP '"\K(/etc/)?fob[/.][a-z.]+(?=")' core/io/paths.c | sort -u)
named 'key of clients.yaml' '*' '*' < <(grep -oP '\.key = "\K[a-z_]+' core/clientfile.c | grep -vxE 'fob|clients')

for command in $commands; do
  grep -qE "commands='[^']*\b$command\b" hosts/cli/completion/fob.bash || { echo "no completion for $command"; failed=1; }
done

abi=$(awk '/define FOB_PLUGIN_ABI_/ { sub("u", "", $3); printf "%s%s", dot, $3; dot = "." }' include/fob/plugin.h)
sed -n '/^# ABI CHANGELOG/,/^# [^A]/p' docs/man/fob-plugin.3.scd | grep -qxF "*$abi*" || {
  echo "the ABI changelog of fob-plugin(3) does not have $abi"
  failed=1
}
exit "$failed"
