#!/usr/bin/env bash
# The whole job against the sandbox: login, use, expiry, refresh, reuse of a code, client credentials, logout.
set -uo pipefail
build=$1
fob=$build/bin/fob
room=$(mktemp -d)
umask 022
export HOME=$room XDG_DATA_HOME=$room/data XDG_CONFIG_HOME=$room/config
mkdir -p "$room/config/fob/providers"
failures=0
pids=()
finish() { kill "${pids[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$room"; }
trap finish EXIT

# start NAME OPTIONS…: a sandbox whose descriptor is the provider NAME; its ready line goes to $room/NAME.json.
start() { start_as "$@" -- "$build/libexec/fob/fob-sandbox"; }
# start_as NAME OPTIONS… -- COMMAND…: the same with the command that starts it.
start_as() {
  local name=$1 options=()
  shift
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  set -- "$@" "${options[@]}"
  "$@" --write-descriptor "$room/config/fob/providers/$name.yaml" \
    --write-secret "$room/$name.secret" >"$room/$name.json" 2>"$room/$name.log" &
  pids+=($!)
  for _ in $(seq 200); do [ -s "$room/$name.json" ] && return; sleep 0.05; done
  echo "the sandbox did not start"; cat "$room/$name.log"; exit 1
}
field() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$room/$1.json" "$2"; }
check() { # check WHAT COMMAND…
  local what=$1
  shift
  "$@" >"$room/out" 2>&1 || { echo "FAILED: $what: $*"; cat "$room/out"; failures=$((failures + 1)); }
}
gives() { # gives CODE COMMAND…
  local code=$1 status
  shift
  "$@"; status=$?
  [ "$status" -eq "$code" ] || { echo "gave $status, not $code"; return 1; }
}
says() { # says WORD COMMAND…
  local word=$1 output
  shift
  output=$("$@" 2>&1); grep -qF -- "$word" <<<"$output" || { echo "$output"; return 1; }
}
# A person in a browser that follows redirects. $BROWSER is called with the URL.
printf '#!/bin/sh\nexec curl --silent --location --output "%s/page" "$1"\n' "$room" >"$room/browser"
chmod +x "$room/browser"
export BROWSER=$room/browser
login() { "$fob" login "$1" --provider "$2" --client-id sandbox --client-secret-file "$room/$2.secret" "${@:3}" </dev/null; }

start acme --auto-consent --lifetime 120 --verbose
check 'a login' says 'refresh token: yes' login work acme --scope mail
check 'the page' grep -qi 'close' "$room/page"
check 'the token' gives 0 "$fob" token work --min-ttl 0
first=$("$fob" token work --min-ttl 0)
check 'the API takes it' says '"scope"' "$fob" curl work "$(field acme api)" --silent
check 'a token that is good is not refreshed' [ "$first" = "$("$fob" token work --min-ttl 0)" ]
check 'one that is not good for long enough is' [ "$first" != "$("$fob" token work --min-ttl 120)" ]
second=$("$fob" token work --min-ttl 0)
check 'a longer life than the provider gives is no error' gives 0 "$fob" token work --min-ttl 3600
check 'a refresh' says 'new token' "$fob" refresh work
check 'and another' [ "$second" != "$("$fob" token work --min-ttl 0)" ]
check 'json' says '"expires_in"' "$fob" token work --format json
check 'header' says 'Authorization: Bearer ' "$fob" token work --format header
check 'list' says work "$fob" list
check 'show' says 'grant:         authorization_code' "$fob" show work
check 'show hides the token' gives 1 grep -qF -e "$second" <("$fob" show work --json)
check 'client credentials' says 'robot' login robot acme --grant client_credentials
check 'renewed without a person' says 'new token' "$fob" refresh robot
check 'the shortest program' says 'Bearer ' "$build/examples/example_shortest" work
check 'many flows in one loop' says '50 of 50' env CLIENT_SECRET="$(cat "$room/acme.secret")" "$build/examples/example_event_loop" acme sandbox
check 'a wrong secret' gives 6 bash -c "echo wrong | '$fob' login bad --provider acme --client-id sandbox --client-secret-file - --grant client_credentials"
check 'a busy port' gives 1 bash -c "'$fob' login busy --provider acme --client-id sandbox --no-browser --redirect-uri http://127.0.0.1:$(field acme port)/callback </dev/null"
check 'logout revokes' says 'revoked' "$fob" logout work
check 'a token after logout' gives 3 "$fob" token work
check 'a person who does not come' gives 4 "$fob" login slow --provider acme --client-id sandbox --no-browser --timeout 1

start none --auto-consent --rotation none
check 'a provider that does not rotate' gives 0 login still none
check 'refreshes as well' gives 0 "$fob" refresh still
check 'and again' gives 0 "$fob" refresh still

start strict --auto-consent --rotation reuse_revokes --lifetime 5
check 'a provider that punishes reuse' gives 0 login careful strict
refreshes=()
for _ in 1 2 3 4; do "$fob" refresh careful >/dev/null 2>&1 & refreshes+=($!); done
wait "${refreshes[@]}"
check 'is never given a token twice' gives 0 "$fob" refresh careful

start late --auto-consent --code-lifetime 0
check 'a code that has expired' gives 3 login late late

# kill -9 in the middle of refreshes: the connection survives.
start killed --auto-consent
check 'a login to be killed' gives 0 login victim killed
for delay in 0.005 0.01 0.02 0.03 0.05; do
  "$fob" refresh victim >/dev/null 2>&1 & victim=$!
  sleep "$delay"; kill -9 "$victim" 2>/dev/null; wait "$victim" 2>/dev/null
done
check 'the store is whole after kill -9' gives 0 "$fob" show victim

# What fob comes with, by id: the same descriptor with its hosts on this machine.
for id in github gitlab google microsoft; do
  scope=openid
  [ "$id" = github ] && scope=read:user # it has no OpenID Connect
  start_as "my-$id" --auto-consent --verbose -- "$fob" sandbox "$id"
  check "$id: a login" gives 0 login "$id" "my-$id" --scope "$scope"
  check "$id: the API" says '"scope"' "$fob" curl "$id" "$(field "my-$id" api)" --silent
  check "$id: a refresh" says 'new token' "$fob" refresh "$id"
  check "$id: the hosts were moved" gives 1 grep -qE '_endpoint: "?https:' "$room/config/fob/providers/my-$id.yaml"
  check "$id: what is written is a good descriptor" gives 0 "$fob" lint "$room/config/fob/providers/my-$id.yaml"
  check "$id: nothing was refused" gives 1 grep -q refused "$room/my-$id.log"
done
start_as wrong-scope --auto-consent -- "$fob" sandbox github
check 'a scope that the provider does not have' says 'invalid_scope' login wrong wrong-scope --scope openid
check 'a name that is none' gives 1 "$fob" sandbox nobody
check 'the options' says '--lose-response-after-rotation' "$fob" sandbox --help

# An answer that is lost after the old refresh token was used up: the grace that the provider gives is enough.
start lost --auto-consent --rotation grace --lose-response-after-rotation once
check 'a login whose refresh gets lost' gives 0 login lost lost
check 'the refresh that is lost' gives 5 "$fob" refresh lost
start limited --auto-consent --rate-limit 1
check 'one token' gives 0 login limited limited
check 'and no more' gives 6 "$fob" refresh limited

for secret in "$room"/*.secret; do
  check 'no secret in a log' gives 1 grep -qF -e "$(cat "$secret")" "$room"/*.log "$room"/*.json
done
[ "$failures" -eq 0 ] && echo "all good"
exit "$((failures > 0))"
