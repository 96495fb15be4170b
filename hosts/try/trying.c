/* SPDX-License-Identifier: MIT */
/* All that can be tried of one descriptor, and what came of it. */
#include "trying.h"
#include "exchange.h"

static void add_mismatch(void *user, const struct mismatch *mismatch)
{
    json_t *one = must(json_object());
    tree_set_text(one, "file", mismatch->place.file);
    tree_set(one, "line", json_integer(mismatch->place.line));
    tree_set(one, "column", json_integer(mismatch->place.column));
    tree_set_text(one, "test", mismatch->test);
    tree_set_text(one, "what", mismatch->what);
    tree_append(user, one);
}

json_t *try_subject(fob_session *session, const struct subject *subject)
{
    json_t *tests = json_object_get(subject->descriptor, "tests"), *test, *mismatches = must(json_array());
    const char *name;
    json_int_t failed = 0;
    json_object_foreach (tests, name, test)
        failed += exchange_run(session, subject, name, add_mismatch, mismatches) > 0;
    return must(json_pack("{s:s, s:s, s:b, s:I, s:I, s:o}", "id", fob_provider_id(subject->provider), "file",
                          subject->file, "passed", failed == 0, "recorded",
                          (json_int_t)json_object_size(tests), "failed", failed, "mismatches", mismatches));
}
