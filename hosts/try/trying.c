/* SPDX-License-Identifier: MIT */
/* All that can be tried of one descriptor, and what came of it. */
#include "trying.h"
#include "exchange.h"
#include "live.h"

#include <stdlib.h>

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

/* What needs a plugin, the sandbox cannot be. */
static bool try_sandbox(fob_session *session, const struct subject *subject, const char *program,
                        json_t *result)
{
    char *why = NULL;
    json_t *grants = live_try(session, subject, program, &why), *grant;
    bool passed = !why;
    size_t i;
    json_array_foreach (grants, i, grant)
        passed = passed && json_is_true(json_object_get(grant, "passed"));
    tree_set(result, "sandbox", grants);
    if (why)
        tree_set_text(result, "sandbox_why", why);
    free(why);
    return passed;
}

json_t *try_subject(fob_session *session, const struct subject *subject, const char *program)
{
    json_t *tests = json_object_get(subject->descriptor, "tests"), *test, *mismatches = must(json_array());
    const char *name;
    json_int_t failed = 0;
    json_object_foreach (tests, name, test)
        failed += exchange_run(session, subject, name, add_mismatch, mismatches) > 0;
    json_t *result = must(json_pack("{s:s, s:s, s:I, s:I, s:o}", "id", fob_provider_id(subject->provider),
                                    "file", subject->file, "recorded", (json_int_t)json_object_size(tests),
                                    "failed", failed, "mismatches", mismatches));
    bool passed = failed == 0;
    if (program && !tree_text(subject->descriptor, "plugin"))
        passed = try_sandbox(session, subject, program, result) && passed;
    tree_set(result, "passed", json_boolean(passed));
    return result;
}
