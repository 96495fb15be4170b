/* SPDX-License-Identifier: MIT */
/* Strings in JSON come out whole, however they are written: their bytes are counted before and after. */
#include "json.h"

#include <criterion/criterion.h>
#include <string.h>

static fob_err read_text(const char *text, const char *expected)
{
    fob_auto_json *object = NULL;
    fob_err err = fob_json_object(text, strlen(text), &object, NULL);
    if (err == FOB_OK && expected)
        cr_expect_str_eq(fob_json_str(object, "a"), expected, "%s", text);
    return err;
}

Test(json_strings, come_out_whole)
{
    static const char *const texts[][2] = {
        {"{\"a\":\"plain\"}", "plain"},
        {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "\"\\/\b\f\n\r\t"},
        {"{\"a\":\"\\u0041\\u007f\"}", "A\x7f"},
        {"{\"a\":\"\\u0080\\u07fF\"}", "\xc2\x80\xdf\xbf"},
        {"{\"a\":\"\\u0800\\uffff\"}", "\xe0\xa0\x80\xef\xbf\xbf"},
        {"{\"a\":\"\\ud83d\\uDe00\"}", "\xf0\x9f\x98\x80"},
        {"{\"a\":\"\xc3\xa4\xf0\x9f\x98\x80\"}", "\xc3\xa4\xf0\x9f\x98\x80"},
        {"{\"\\u00e4\":\"x\",\"a\":\"y\"}", "y"},
        {"{\"a\":\"[{\\\"\",\"b\":[\"}\",{\"c\":\"d\",\"\":\"\"}],\"e\":1.5e3}", "[{\""},
        {" \t\r\n{\"a\":\"x\"}\n", "x"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_eq(read_text(texts[i][0], texts[i][1]), FOB_OK, "%s", texts[i][0]);
}

Test(json_strings, that_are_broken_are_the_texts_fault_and_not_memorys)
{
    static const char *const texts[] = {"{\"a\":\"\\ud83d\"}",
                                        "{\"a\":\"\\ude00\"}",
                                        "{\"a\":\"\\ud83d\\u0041\"}",
                                        "{\"a\":\"\\u12\"}",
                                        "{\"a\":\"\\x\"}",
                                        "{\"a\":\"\\",
                                        "{\"a\":\"\\u",
                                        "{\"a\":\"\\u0000\"}",
                                        "{\"a\":\"x\n\"}",
                                        "{\"a\" \"b\"}",
                                        "{\"a\":\"b\" \"c\"}",
                                        "{\"a\":\"b\",}",
                                        "{\"a\":b\"}",
                                        "{\"a\":\"b\"",
                                        "\"a\"",
                                        "\"",
                                        "{1:\"a\"}",
                                        "{\"a\":\"b\"}\"",
                                        ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_eq(read_text(texts[i], NULL), FOB_E_PROTOCOL, "%s", texts[i]);
}
