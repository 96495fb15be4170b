/* SPDX-License-Identifier: MIT */
/* JSON from outside is strict, bounded and never quoted in an error. */
#include "json.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

static fob_err read(const char *text, json_t **ret, struct fob_error *error)
{
    return fob_json_object(text, strlen(text), ret, error);
}

static void refused(const char *text, size_t len, const char *says)
{
    json_t *json = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_json_object(text, len, &json, &error), FOB_E_PROTOCOL, "%s", text);
    cr_expect(strstr(error.what, says), "\"%s\" is not in: %s", says, error.what);
    cr_expect_null(json);
}

Test(json, an_object_is_read)
{
    fob_auto_json *json = NULL;
    cr_assert_eq(read(" {\"a\": \"one\", \"n\": 2, \"e\": \"\"}\n", &json, NULL), FOB_OK);
    cr_expect_str_eq(fob_json_str(json, "a"), "one");
    cr_expect_null(fob_json_str(json, "e"), "an empty text is as good as none");
    cr_expect_null(fob_json_str(json, "n"));
    cr_expect_null(fob_json_str(json, "absent"));
}

Test(json, what_is_wrong_is_named_with_its_place)
{
    struct fob_error error = FOB_ERROR_INIT;
    json_t *json = NULL;
    cr_assert_eq(read("{\n \"a\": 1,\n \"a\": 2}", &json, &error), FOB_E_PROTOCOL);
    cr_expect_str_eq(error.what, "not usable JSON: it holds the same key twice (line 3, column 4)");
#define REFUSED(text, says) refused(text, sizeof(text) - 1, says)
    REFUSED("", "too early");
    REFUSED("{\"a\": \"b", "too early");
    REFUSED("{\"a\": tru", "syntax");
    REFUSED("{\"a\": 01}", "syntax");
    REFUSED("{'a': 1}", "syntax");
    REFUSED("{\"a\": 1,}", "syntax");
    REFUSED("{\"a\": \"\xff\"}", "UTF-8");
    REFUSED("{\"a\": \"\xed\xa0\x80\"}", "UTF-8");
    REFUSED("{\"a\": \"\\u0000\"}", "NUL");
    REFUSED("{\"a\\u0000\": 1}", "NUL");
    REFUSED("{\"a\": 1}\0", "follows");
    REFUSED("{\"a\": 1} {}", "follows");
    REFUSED("[1]", "an object was expected");
    REFUSED("{\"a\": 1e999}", "too large");
}

Test(json, an_error_quotes_nothing_of_the_text)
{
    struct fob_error error = FOB_ERROR_INIT;
    json_t *json = NULL;
    cr_assert_eq(read("{\"access_token\": \"s3cret\" s3cret}", &json, &error), FOB_E_PROTOCOL);
    cr_expect_null(strstr(error.what, "s3cret"), "%s", error.what);
}

Test(json, depth_ends_at_its_limit_and_brackets_in_texts_do_not_count)
{
    char text[256] = "{\"a\":";
    fob_auto_json *edge = NULL, *quoted = NULL;
    json_t *deeper = NULL;
    struct fob_error error;
    memset(text + 5, '[', FOB_MAX_JSON_DEPTH - 1);
    memset(text + 5 + FOB_MAX_JSON_DEPTH - 1, ']', FOB_MAX_JSON_DEPTH - 1);
    strcat(text, "}");
    cr_expect_eq(read(text, &edge, NULL), FOB_OK);
    snprintf(text, sizeof text, "{\"a\":%.*s%.*s}", FOB_MAX_JSON_DEPTH,
             "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", FOB_MAX_JSON_DEPTH,
             "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
    cr_expect_eq(read(text, &deeper, &error), FOB_E_PROTOCOL);
    cr_expect(strstr(error.what, "deeper than 32"), "%s", error.what);
    cr_expect_eq(read("{\"a\": \"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", &quoted, NULL), FOB_OK);
}

/* --- lifetimes ---------------------------------------------------------------------------------------------- */

static int64_t lifetime(const char *value)
{
    char text[128];
    int64_t ms = -1;
    fob_auto_json *json = NULL;
    snprintf(text, sizeof text, "{\"expires_in\": %s}", value);
    cr_assert_eq(read(text, &json, NULL), FOB_OK, "%s", text);
    bool good = fob_json_lifetime(json, "expires_in", &ms);
    cr_expect(good || ms == -1, "untouched when it is none");
    return good ? ms : -1;
}

Test(json, a_lifetime_is_seconds_as_a_number_or_a_text)
{
    cr_expect_eq(lifetime("3600"), 3600000);
    cr_expect_eq(lifetime("\"3600\""), 3600000);
    cr_expect_eq(lifetime("3599.5"), 3599500);
    cr_expect_eq(lifetime("0"), 0);
}

Test(json, a_lifetime_that_is_too_long_is_taken_as_the_longest)
{
    cr_expect_eq(lifetime("315359999"), FOB_MAX_LIFETIME - 1000);
    cr_expect_eq(lifetime("315360000"), FOB_MAX_LIFETIME);
    cr_expect_eq(lifetime("315360001"), FOB_MAX_LIFETIME);
    cr_expect_eq(lifetime("99999999999999999999"), FOB_MAX_LIFETIME, "more than 64 bits");
    cr_expect_eq(lifetime("\"99999999999999999999999999999999\""), FOB_MAX_LIFETIME);
}

Test(json, what_is_no_lifetime_is_none)
{
    static const char *const bad[] = {"-1",     "-0.5",    "null",      "true",   "\"\"",
                                      "\"-1\"", "\"1e3\"", "\"3600 \"", "\"+1\"", "[3600]"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(lifetime(bad[i]), -1, "%s", bad[i]);
}

Test(json, wiping_leaves_no_text_behind)
{
    json_t *json = NULL;
    cr_assert_eq(read("{\"a\": [\"s3cret\"]}", &json, NULL), FOB_OK);
    json_t *text = json_incref(json_array_get(json_object_get(json, "a"), 0));
    fob_json_wipe(json);
    cr_expect_str_eq(json_string_value(text), "");
    json_decref(text);
    fob_json_wipe(NULL);
}
