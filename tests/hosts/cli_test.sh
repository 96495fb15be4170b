#!/usr/bin/env bash
# The command without any server: usage, exit codes, files, secrets.
set -uo pipefail
build=$1
fob=$build/bin/fob
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home XDG_DATA_HOME=$home/data XDG_CONFIG_HOME=$home/config
mkdir -p "$home/config/fob/providers"
umask 022
failures=0

# expect CODE WORD COMMAND…: the exit code, and a word that standard output or error holds.
expect() {
  local code=$1 word=$2 output status
  shift 2
  output=$("$@" 2>&1 </dev/null); status=$?
  if [ "$status" -ne "$code" ] || ! grep -qF -- "$word" <<<"$output"; then
    echo "FAILED: $* gave $status (wanted $code, \"$word\"): $output"
    failures=$((failures + 1))
  fi
}

expect 0 'usage: fob COMMAND' "$fob" help
expect 0 'usage: fob login NAME' "$fob" login --help
expect 0 'usage: fob curl NAME URL' "$fob" curl work https://acme.example/ --help
expect 0 '--auto-consent' "$fob" sandbox --help
expect 0 'fob 0' "$fob" --version
expect 2 'usage: fob' "$fob"
expect 2 'did you mean "login"' "$fob" logni
expect 2 'no option --porvider' "$fob" login work --porvider x
expect 2 'needs a value' "$fob" login work --provider
expect 2 'fob token NAME' "$fob" token
expect 2 'raw, json or header' "$fob" token work --format xml
expect 2 'whole number' "$fob" token work --min-ttl soon
expect 2 'can be read by every process' "$fob" login work --client-secret hunter2
expect 2 'can be read by every process' "$fob" login work --client-key hunter2
expect 2 'without a client_id' "$fob" login work --provider acme --client-key-env HOME
expect 2 'NAME=VALUE' "$fob" login work --provider acme --client-id x --var tenant
expect 2 'https' "$fob" curl work http://example.com/
expect 3 'log in first' "$fob" token work
expect 3 '' "$fob" show work
expect 0 'no connections yet' "$fob" list
expect 0 '[]' "$fob" list --json
expect 7 'there is no provider "acme"' "$fob" providers acme
expect 7 'there is no provider "acme"' "$fob" login work --provider acme --client-id x

cat >"$home/config/fob/providers/acme.yaml" <<'YAML'
fob: 1
name: Acme
docs: https://acme.example/docs
authorization_endpoint: https://acme.example/authorize
token_endpoint: https://127.0.0.1:1/token
variables:
  region: {doc: Where you are, default: eu, pattern: "[a-z]+"}
authorize: {params: {region: "{region}"}}
YAML
expect 0 'acme' "$fob" providers --names
expect 0 '--var region=' "$fob" providers acme
expect 0 '"token_endpoint"' "$fob" providers acme --json
expect 0 '' "$fob" lint "$home/config/fob/providers/acme.yaml"
expect 0 '' "$fob" lint acme
expect 7 'there is no provider' "$fob" lint nobody
expect 7 'cannot be "EU"' "$fob" login work --provider acme --client-id x --var region=EU --grant client_credentials
expect 2 'no grant named' "$fob" login work --provider acme --client-id x --grant password

# The first login makes store and key; a closed port is a network error, and nothing is kept.
printf 's3cret-of-the-client\n' >"$home/secret"
expect 7 'chmod go-rwx' "$fob" login work --provider acme --client-id x --client-secret-file "$home/secret"
chmod 600 "$home/secret"
expect 5 '' "$fob" login work --provider acme --client-id x --client-secret-file "$home/secret" --grant client_credentials -v
expect 3 '' "$fob" token work
verbose=$("$fob" login work --provider acme --client-id x --client-secret-file "$home/secret" \
  --grant client_credentials -v 2>&1)
grep -q 's3cret' <<<"$verbose" && { echo "FAILED: the secret is in the log"; failures=$((failures + 1)); }

# A private key is held as tightly as a secret, and may come beside one.
printf -- '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n' >"$home/key.pem"
login_with() { "$fob" login work --provider acme --client-id x --grant client_credentials "$@"; }
expect 7 'chmod go-rwx' login_with --client-key-file "$home/key.pem"
chmod 600 "$home/key.pem"
expect 7 'key' login_with --client-key-file "$home/key.pem"
expect 5 '' login_with --client-key-file "$home/key.pem" --client-secret-file "$home/secret"
expect 2 'client-key-file and --client-key-env were both given' login_with --client-key-file "$home/key.pem" --client-key-env KEY
expect 2 'cannot both come from standard input' login_with --client-key-file - --client-secret-file -
expect 2 'the client key is empty' login_with --client-key-file -
expect 2 'variable KEY is not set' login_with --client-key-env KEY
KEY=$(cat "$home/key.pem") expect 7 'key' login_with --client-key-env KEY
verbose=$(login_with --client-key-file "$home/key.pem" -v 2>&1)
grep -q 'MIGH' <<<"$verbose" && { echo "FAILED: the key is in the log"; failures=$((failures + 1)); }
printf '0\202\004\243' >"$home/key.der"
chmod 600 "$home/key.der"
expect 2 'PEM or a JWK' login_with --client-key-file "$home/key.der"

# clients.yaml: enough by itself, and its secret only where nobody else can read it.
cat >"$home/config/fob/clients.yaml" <<'YAML'
clients:
  robot: {provider: acme, client_id: x, client_secret: plain, grant: client_credentials}
YAML
expect 7 'can be read by others' "$fob" token robot
chmod 600 "$home/config/fob/clients.yaml"
expect 5 '' "$fob" token robot
cat >"$home/config/fob/clients.yaml" <<'YAML'
clients:
  robot: {provider: acme, client_id: x, client_secret_command: [cat, /nonexistent], grant: client_credentials}
YAML
expect 7 'failed' "$fob" token robot
printf 'clients:\n  robot: {provider: acme, cliend_id: x}\n' >"$home/config/fob/clients.yaml"
expect 7 'clients.yaml:2' "$fob" token robot
rm "$home/config/fob/clients.yaml"

# Bad descriptors: where, what, and the exit code.
printf 'fob: 1\ntoken_endpoint: http://acme.example/\n' >"$home/bad.yaml"
expect 7 'bad.yaml:2:17: error:' "$fob" lint "$home/bad.yaml"
expect 7 '"line":2' "$fob" lint --json "$home/bad.yaml"
head -c 70000 /dev/zero | tr '\0' '#' >"$home/long.yaml"
expect 7 'long.yaml' "$fob" lint "$home/long.yaml"
expect 2 'fob lint --all' "$fob" lint
expect 2 'fob lint --all' "$fob" lint --all "$home/bad.yaml"
expect 2 'cannot be opened' "$fob" lint "$home/nowhere.yaml"
printf 'fob: 1\ntoken_endpoint: https://acme.example/t\ntoken: {root: x}\n' >"$home/config/fob/providers/dull.yaml"
expect 0 'dull.yaml:3:15: warning: only an XML body has a root' "$fob" lint --all
expect 0 '"severity":"warning"' "$fob" lint --all --json
printf 'fob: 2\n' >"$home/config/fob/providers/dull.yaml"
expect 7 'dull.yaml:1:6: error:' "$fob" lint --all
rm "$home/config/fob/providers/dull.yaml"
printf 'fob: 1\nname: \xff\n' >"$home/latin.yaml"
expect 7 'UTF-8' "$fob" lint "$home/latin.yaml"
chmod 666 "$home/config/fob/providers/acme.yaml"
expect 7 'can be written by everybody' "$fob" providers acme
chmod 644 "$home/config/fob/providers/acme.yaml"
: >"$home/config/fob/providers/hidden.yaml"
expect 7 'no provider "hidden"' "$fob" providers hidden

# A damaged store, and a store without its key, are told and left alone.
echo 'not a database at all, but a letter' >"$home/data/fob/fob.db"
expect 1 'not a store' "$fob" list

completed=$(bash -c 'source "$1"; COMP_WORDS=(fob lo); COMP_CWORD=1; _fob; echo "${COMPREPLY[*]}"' _ \
  "$(dirname "$0")/../../hosts/cli/completion/fob.bash")
[ "$completed" = 'login logout' ] || { echo "FAILED: completion gave $completed"; failures=$((failures + 1)); }

[ "$failures" -eq 0 ] && echo "all good"
exit "$((failures > 0))"
