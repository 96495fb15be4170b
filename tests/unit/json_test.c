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

Test(json, a_value_may_be_of_any_kind_and_an_object_only_one)
{
    static const char *const others[] = {"[{\"a\": 1}]", "\"text\"", "17", "true", "null"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        fob_auto_json *value = NULL;
        json_t *object = NULL;
        struct fob_error error;
        cr_expect_eq(fob_json_value(others[i], strlen(others[i]), &value, &error), FOB_OK, "%s", others[i]);
        cr_expect_not_null(value);
        cr_expect_eq(read(others[i], &object, &error), FOB_E_PROTOCOL, "%s", others[i]);
        cr_expect_str_eq(error.what, "not usable JSON: an object was expected");
        cr_expect_null(object);
    }
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
