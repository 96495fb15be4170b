/* SPDX-License-Identifier: MIT */
/* What a descriptor's tests show of an answer is the JSON that it stands for. */
#include "cleanup.h"
#include "json.h"
#include "yamltree.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))

/* The text as JSON, compact and in order; freed by the caller. */
static char *as_json(const char *text)
{
    struct fob_yaml *root = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_yaml_read(text, strlen(text), "it", &root, &error), FOB_OK, "%s: %s", text, error.what);
    fob_auto_json *json = fob_yaml_json(root);
    cr_assert_not_null(json, "%s", text);
    fob_yaml_free(&root);
    return json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
}

Test(yamljson, every_kind_of_node_is_its_kind_of_value)
{
    static const struct {
        const char *yaml, *json;
    } cases[] = {{"null", "null"},
                 {"true", "true"},
                 {"false", "false"},
                 {"0", "0"},
                 {"-17", "-17"},
                 {"999999999999999999", "999999999999999999"},
                 {"1.5", "1.5"},
                 {"-0.25", "-0.25"},
                 {"text", "\"text\""},
                 {"\"1\"", "\"1\""},
                 {"'true'", "\"true\""},
                 {"\"\"", "\"\""},
                 {"\"a\\nb\"", "\"a\\nb\""},
                 {"\xc3\xa4", "\"\xc3\xa4\""},
                 {"[]", "[]"},
                 {"{}", "{}"},
                 {"[1, [2, {a: 3}], null]", "[1,[2,{\"a\":3}],null]"},
                 {"b: 1\na: {d: [], c: text}\n", "{\"b\":1,\"a\":{\"d\":[],\"c\":\"text\"}}"},
                 {"{\"odd key /~\": {\"\": 1}}", "{\"odd key /~\":{\"\":1}}"}};
    for (size_t i = 0; i < N(cases); i++) {
        fob_auto_free char *json = as_json(cases[i].yaml);
        cr_expect_str_eq(json, cases[i].json, "%s: %s", cases[i].yaml, json);
    }
}

Test(yamljson, a_number_that_no_machine_holds_is_the_text_that_was_written)
{
    static char yaml[400], json[420];
    memset(yaml, '9', sizeof yaml);
    memcpy(yaml + 390, ".5", 3);
    snprintf(json, sizeof json, "\"%s\"", yaml);
    fob_auto_free char *got = as_json(yaml);
    cr_expect_str_eq(got, json);
}

Test(yamljson, is_a_copy_of_its_own)
{
    struct fob_yaml *root = NULL;
    cr_assert_eq(fob_yaml_read("a: text", 7, "it", &root, NULL), FOB_OK);
    fob_auto_json *json = fob_yaml_json(root);
    fob_yaml_free(&root);
    cr_expect_str_eq(fob_json_str(json, "a"), "text");
}
