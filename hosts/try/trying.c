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

static void add_test(json_t *tests, const char *name, const char *environment, bool passed)
{
    json_t *one = must(json_object());
    tree_set_text(one, "test", name);
    if (environment)
        tree_set_text(one, "environment", environment);
    tree_set(one, "passed", json_boolean(passed));
    tree_append(tests, one);
}

static bool try_recorded(fob_session *session, const struct subject *subject, json_t *result)
{
    json_t *all = json_object_get(subject->descriptor, "tests"), *test;
    json_t *tests = must(json_array()), *mismatches = must(json_array());
    const char *name;
    json_int_t failed = 0;
    json_object_foreach (all, name, test) {
        bool passed = exchange_run(session, subject, name, add_mismatch, mismatches) == 0;
        add_test(tests, name, tree_text(test, "environment"), passed);
        failed += !passed;
    }
    tree_set(result, "recorded", json_integer((json_int_t)json_object_size(all)));
    tree_set(result, "failed", json_integer(failed));
    tree_set(result, "tests", tests);
    tree_set(result, "mismatches", mismatches);
    return failed == 0;
}

static bool try_sandbox(fob_session *session, const struct subject *subject, const char *program,
                        json_t *result)
{
    char *why = NULL;
    json_t *skipped = must(json_array()), *grants = live_try(session, subject, program, skipped, &why),
           *grant;
    bool passed = !why;
    size_t i;
    json_array_foreach (grants, i, grant)
        passed = passed && json_is_true(json_object_get(grant, "passed"));
    tree_set(result, "sandbox", grants);
    tree_set(result, "skipped", skipped);
    if (why)
        tree_set_text(result, "sandbox_why", why);
    free(why);
    return passed;
}

/* What needs a plugin, the sandbox cannot be. */
static void skip_sandbox(const struct subject *subject, const char *plugin, json_t *result)
{
    json_t *skipped = must(json_array());
    char *why = text_printf("the plugin %s makes the requests, which no sandbox knows", plugin);
    live_skip(subject, why, skipped);
    tree_set(result, "skipped", skipped);
    free(why);
}

json_t *try_subject(fob_session *session, const struct subject *subject, const char *program)
{
    const char *plugin = tree_text(subject->descriptor, "plugin");
    json_t *result =
        must(json_pack("{s:s, s:s}", "id", fob_provider_id(subject->provider), "file", subject->file));
    bool passed = try_recorded(session, subject, result);
    if (program && plugin)
        skip_sandbox(subject, plugin, result);
    else if (program)
        passed = try_sandbox(session, subject, program, result) && passed;
    tree_set(result, "passed", json_boolean(passed));
    return result;
}
