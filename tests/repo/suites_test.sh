#!/usr/bin/env bash
# Every file of the core has a suite: one named after it, one whose second line names it, or the one in the table here.
set -euo pipefail
cd "$1"
failed=0

# FILE SUITE: several files that are held against the same promises.
table='
answer_ends.c       tests/unit/answer_token_test.c
answer_fault.c      tests/unit/answer_error_test.c
fields_free.c       tests/unit/fields_test.c
values.c            tests/unit/fields_test.c
flow.c              tests/flow/flow_test.c
flow_answer.c       tests/flow/tokens_test.c
flow_auth.c         tests/flow/auth_test.c
flow_callback.c     tests/flow/callback_test.c
flow_code.c         tests/flow/authorize_test.c
flow_names.c        tests/flow/scopes_test.c
flow_request.c      tests/flow/requests_test.c
flow_stages.c       tests/flow/steps_test.c
flow_token.c        tests/flow/tokens_test.c
language_facts.c    tests/unit/language_test.c
language_flow.c     tests/unit/language_test.c
language_metadata.c tests/unit/language_test.c
language_request.c  tests/unit/language_test.c
hook_secrets.c      tests/flow/hooks_rules_test.c
hook_services.c     tests/flow/hooks_services_test.c
io/sqlite.c         tests/unit/store_test.c
io/store_sqlite.c   tests/unit/store_test.c
io/store_memory.c   tests/unit/store_test.c
io/key_file.c       tests/unit/store_test.c
io/plugin_load.c    tests/plugin/load_test.c
'

second_lines=$(awk 'FNR == 2' tests/*/*_test.c)

has_suite() { # has_suite FILE-BELOW-core
  local name suite
  name=$(basename "$1" .c)
  suite=$(awk -v file="$1" '$1 == file { print $2 }' <<<"$table")
  [ -z "$suite" ] || [ ! -f "$suite" ] || return 0
  for suite in tests/{unit,flow,plugin,driver}/"${name}"_test.c; do
    [ ! -f "$suite" ] || return 0
  done
  grep -qE "[ /]$name\.c([^a-z]|$)" <<<"$second_lines"
}

while read -r file suite; do
  [ -z "$file" ] || [ -f "core/$file" ] || { echo "core/$file is no file; its suite was $suite"; failed=1; }
done <<<"$table"

for path in core/*.c core/io/*.c; do
  has_suite "${path#core/}" || { echo "no suite is named after $path, and none names it in its second line"; failed=1; }
done
exit "$failed"
