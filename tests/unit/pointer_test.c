/* SPDX-License-Identifier: MIT */
/* JSON Pointers lead where RFC 6901 says, values are texts, and the claims of a JWT are read or refused. */
#include "cleanup.h"
#include "pointer.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))

static json_t *read(const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    cr_assert_not_null(json, "%s", text);
    return json;
}

/* --- pointers ----------------------------------------------------------------------------------------------- */

Test(pointer, leads_where_rfc_6901_section_5_says)
{
    fob_auto_json *json =
        read("{\"foo\": [\"bar\", \"baz\"], \"\": 0, \"a/b\": 1, \"c%d\": 2, \"e^f\": 3, \"g|h\": 4,"
             "\"i\\\\j\": 5, \"k\\\"l\": 6, \" \": 7, \"m~n\": 8}");
    static const struct {
        const char *pointer, *value;
    } cases[] = {{"/foo/0", "\"bar\""}, {"/foo/1", "\"baz\""}, {"/", "0"},    {"/a~1b", "1"},
                 {"/c%d", "2"},         {"/e^f", "3"},         {"/g|h", "4"}, {"/i\\j", "5"},
                 {"/k\"l", "6"},        {"/ ", "7"},           {"/m~0n", "8"}};
    cr_expect_eq(fob_json_point(json, ""), json, "the whole document");
    cr_expect(json_is_array(fob_json_point(json, "/foo")));
    for (size_t i = 0; i < N(cases); i++) {
        fob_auto_free char *found = json_dumps(fob_json_point(json, cases[i].pointer), JSON_ENCODE_ANY);
        cr_assert_not_null(found, "%s", cases[i].pointer);
        cr_expect_str_eq(found, cases[i].value, "%s", cases[i].pointer);
    }
}

Test(pointer, leads_nowhere_when_a_part_of_the_way_is_not_there)
{
    fob_auto_json *json = read(
        "{\"a\": {\"b\": [1, {\"c\": null}]}, \"~1\": 1, \"text\": \"x\", \"list\": [[0]], \"0\": \"zero\"}");
    static const char *const nowhere[] = {"/b",
                                          "/a/c",
                                          "/a/b/2",
                                          "/a/b/-",
                                          "/a/b/01",
                                          "/a/b/00",
                                          "/a/b/+1",
                                          "/a/b/ 1",
                                          "/a/b/1x",
                                          "/a/b/",
                                          "/a/b/0/c",
                                          "/text/0",
                                          "/text/",
                                          "/a/b/1/d",
                                          "/a/b/-1",
                                          "/A",
                                          "/a/",
                                          "//a",
                                          "/a//b",
                                          "/a/b/1.0",
                                          "/a/b/4294967296",
                                          "/a/b/18446744073709551616",
                                          "/a/b/9999999"};
    for (size_t i = 0; i < N(nowhere); i++)
        cr_expect_null(fob_json_point(json, nowhere[i]), "%s", nowhere[i]);
    cr_expect_null(fob_json_point(NULL, ""));
    cr_expect_null(fob_json_point(NULL, "/a"));
    cr_expect(json_is_null(fob_json_point(json, "/a/b/1/c")), "null is there");
    cr_expect(json_is_integer(fob_json_point(json, "/list/0/0")));
    cr_expect_str_eq(json_string_value(fob_json_point(json, "/0")), "zero", "a number is a key of an object");
}

Test(pointer, unescapes_once_and_in_the_right_order)
{
    fob_auto_json *json = read("{\"~1\": 1, \"/\": 2, \"~\": 3, \"~0\": 4, \"~2\": 5, \"a~\": {\"b\": 6}}");
    static const struct {
        const char *pointer;
        int value;
    } cases[] = {{"/~01", 1}, {"/~1", 2}, {"/~0", 3},    {"/~00", 4},
                 {"/~2", 5},  {"/~", 3},  {"/a~0/b", 6}, {"/a~/b", 6}};
    for (size_t i = 0; i < N(cases); i++)
        cr_expect_eq(json_integer_value(fob_json_point(json, cases[i].pointer)), cases[i].value, "%s",
                     cases[i].pointer);
}

Test(pointer, follows_a_long_key_by_itself_and_a_shorter_one_on_a_way)
{
    char key[400], text[1024];
    memset(key, 'k', sizeof key);
    key[255] = '\0';
    snprintf(text, sizeof text, "{\"%s\": {\"a\": 1}}", key);
    fob_auto_json *json = read(text);
    snprintf(text, sizeof text, "/%s/a", key);
    cr_expect_eq(json_integer_value(fob_json_point(json, text)), 1, "255 bytes");
    snprintf(text, sizeof text, "/%sk/a", key);
    cr_expect_null(fob_json_point(json, text), "256");
    snprintf(text, sizeof text, "/%s", key);
    cr_expect(json_is_object(fob_json_point(json, text)));
}

/* --- values ------------------------------------------------------------------------------------------------- */

Test(pointer, a_value_is_a_text_as_json_writes_it)
{
    static const struct {
        const char *json, *text;
    } cases[] = {{"\"text\"", "text"}, {"\"\"", ""},       {"\"\\u00e4\"", "\xc3\xa4"},
                 {"0", "0"},           {"-17", "-17"},     {"9223372036854775807", "9223372036854775807"},
                 {"true", "true"},     {"false", "false"}, {"1.5", "1.5"},
                 {"2.0", "2"},         {"-0.25", "-0.25"}, {"1700000000.0", "1700000000"}};
    for (size_t i = 0; i < N(cases); i++) {
        fob_auto_json *json = read(cases[i].json);
        fob_auto_buf out = FOB_BUF(64);
        cr_expect(fob_json_scalar(json, &out), "%s", cases[i].json);
        cr_expect_eq(fob_buf_finish(&out, "it", NULL), FOB_OK);
        cr_expect_str_eq(out.data, cases[i].text, "%s: %s", cases[i].json, out.data);
    }
}

Test(pointer, what_is_no_value_adds_nothing)
{
    static const char *const none[] = {"null", "[]", "[1]", "{}", "{\"a\": 1}"};
    for (size_t i = 0; i < N(none); i++) {
        fob_auto_json *json = read(none[i]);
        fob_auto_buf out = FOB_BUF(64);
        cr_expect_not(fob_json_scalar(json, &out), "%s", none[i]);
        cr_expect_eq(out.len, 0);
    }
    fob_auto_buf out = FOB_BUF(64);
    cr_expect_not(fob_json_scalar(NULL, &out));
}

/* --- claims ------------------------------------------------------------------------------------------------- */

Test(pointer, reads_the_claims_of_a_jwt_and_of_nothing_else)
{
    static const struct {
        const char *jwt;
        fob_err err;
    } cases[] = {{"e30.eyJzdWIiOiJ1LTEifQ.c2ln", FOB_OK},
                 {".eyJzdWIiOiJ1LTEifQ.", FOB_OK},
                 {"e30.e30.c2ln.more", FOB_OK}, /* five parts are an encrypted one, whose second is no JSON */
                 {"", FOB_E_PROTOCOL},
                 {".", FOB_E_PROTOCOL},
                 {"..", FOB_E_PROTOCOL},
                 {"eyJzdWIiOiJ1LTEifQ", FOB_E_PROTOCOL},
                 {"e30.eyJzdWIiOiJ1LTEifQ", FOB_E_PROTOCOL},
                 {"e30.eyJzdWIiOiJ1LTEifQ==.c2ln", FOB_E_PROTOCOL},
                 {"e30.W10.c2ln", FOB_E_PROTOCOL},
                 {"e30.bm90IGpzb24.c2ln", FOB_E_PROTOCOL}};
    for (size_t i = 0; i < N(cases); i++) {
        fob_auto_json *claims = NULL;
        cr_expect_eq(fob_jwt_read(cases[i].jwt, strlen(cases[i].jwt), &claims), cases[i].err, "%s",
                     cases[i].jwt);
        cr_expect_eq(claims != NULL, cases[i].err == FOB_OK, "%s", cases[i].jwt);
    }
    fob_auto_json *claims = NULL;
    cr_expect_eq(fob_jwt_read("e30.e30.c2ln", 7, &claims), FOB_E_PROTOCOL, "its length says where it ends");
}
