/* SPDX-License-Identifier: MIT */
/* Each form takes what it is for and nothing that leads elsewhere. */
#include "format.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdlib.h>
#include <string.h>

/* Both lists end with NULL. */
static void expect(enum fob_format format, const char *const *good, const char *const *bad)
{
    const struct fob_format_rule *rule = &fob_formats[format];
    for (; *good; good++)
        cr_expect(rule->check(*good), "%s: %s", rule->is, *good);
    for (; *bad; bad++)
        cr_expect_not(rule->check(*bad), "%s: %s", rule->is, *bad);
}

#define GOOD(...) ((const char *const[]){__VA_ARGS__, NULL})
#define BAD(...) ((const char *const[]){__VA_ARGS__, NULL})

/* count letters behind `before`. */
static const char *stretched(const char *before, size_t count)
{
    static char text[FOB_MAX_URL + 64];
    strcpy(text, before);
    memset(text + strlen(before), 'a', count);
    text[strlen(before) + count] = '\0';
    return text;
}

Test(format, each_has_a_pattern_a_check_and_words_for_people)
{
    for (int i = 0; i < FOB_FORMAT_COUNT; i++) {
        cr_assert_not_null(fob_formats[i].pattern, "%d", i);
        cr_expect_eq(fob_formats[i].pattern[0], '^');
        cr_expect_eq(fob_formats[i].pattern[strlen(fob_formats[i].pattern) - 1], '$');
        cr_assert_not_null(fob_formats[i].check);
        cr_expect_str_neq(fob_formats[i].is, "");
        cr_expect_str_neq(fob_formats[i].fix, "");
    }
}

Test(format, values_and_texts_are_one_line)
{
    expect(FOB_FORMAT_VALUE, GOOD("", " ", "caf\xc3\xa9 {", "\xc2\xa0"),
           BAD("a\nb", "a\r", "\t", "\x7f", "\x1b[0m", "\xc2\x80", "a\xc2\x9f"));
    expect(FOB_FORMAT_TEXT, GOOD("a", " "), BAD("", "a\n"));
    expect(FOB_FORMAT_TEMPLATE, GOOD("", "{a}", "{+a_1}x{{}}"), BAD("{", "}", "{}", "{a}\n"));
}

Test(format, ids_and_names_are_small_letters)
{
    expect(FOB_FORMAT_ID, GOOD("a", "0-9", stretched("", FOB_MAX_ID)), BAD("", "-a", "A", "a_b", "../a"));
    cr_expect_not(fob_formats[FOB_FORMAT_ID].check(stretched("", FOB_MAX_ID + 1)));
    expect(FOB_FORMAT_NAME, GOOD("a", "a_0", stretched("", FOB_MAX_ID)), BAD("", "_a", "0a", "A", "a-b"));
    cr_expect_not(fob_formats[FOB_FORMAT_NAME].check(stretched("", FOB_MAX_ID + 1)));
}

Test(format, an_endpoint_is_https_or_on_this_machine)
{
    expect(FOB_FORMAT_ENDPOINT,
           GOOD("https://a.example", "https://a.example:8443/t?x=%2F&y={z}", "https://{t}.a.example/{+p}",
                "https://[::1]/t", "http://127.0.0.1:80/t", "http://127.255.255.255/", "http://LocalHost",
                "http://[::1]:9/t", "https://a.example?x"),
           BAD("", "https://", "https:///t", "a.example/t", "HTTPS://a.example", "http://a.example/t",
               "http://127.0.0.1.a.example/", "http://127.0.0.256/", "http://127.1/", "http://127.0.0.01/",
               "http://localhost.a.example", "http://[::2]/", "https://[::2]/", "http://{t}/",
               "https://u@a.example/", "https://u:p@a.example/", "https://a.example\\@b/",
               "https://a.example/#f", "https://a.example/ b", "https://a.example/\xc3\xa9",
               "https://caf\xc3\xa9.example/", "https://a.example/%4", "https://a.example/%zz",
               "https://a.example:/", "https://a.example:123456/", "https://a.example:x/",
               "https://{}.example/", "https://{{t}}.example/", "https://a.example/{t"));
    cr_expect(fob_formats[FOB_FORMAT_ENDPOINT].check(stretched("https://a/", FOB_MAX_URL - 10)));
    cr_expect_not(fob_formats[FOB_FORMAT_ENDPOINT].check(stretched("https://a/", FOB_MAX_URL - 9)));
}

Test(format, a_link_is_for_people)
{
    expect(FOB_FORMAT_LINK, GOOD("http://a.example", "https://a.example:1/x?y#z", "https://a.example#/a#b"),
           BAD("", "ftp://a.example", "//a.example", "javascript://a", "https://u@a.example", "https://a b",
               "https://", "https://a.example/{x}", "https://a.example/#%zz"));
}

Test(format, a_host_is_a_name_and_perhaps_a_port)
{
    expect(FOB_FORMAT_HOST,
           GOOD("a.example", "*.a.example", "a.example:8443", "*.{t}.example:1", "127.0.0.1", "[::1]",
                "[::1]:80"),
           BAD("", "*", "*.", "a.*.example", "https://a.example", "a.example/",
               "a.example:", "a.example:123456", "a b", "u@a.example", "*.[::1]", "[::2]", "a.example#",
               "caf\xc3\xa9.example"));
}

Test(format, scopes_and_field_names_are_those_of_the_rfcs)
{
    expect(FOB_FORMAT_SCOPE, GOOD("a", "https://a.example/scope", "!#[]~"), /* RFC 6749 section 3.3 */
           BAD("", "a b", "a\"", "a\\", "\x7f", "caf\xc3\xa9", "a\n"));
    expect(FOB_FORMAT_FIELD, GOOD("X-Api-Key", "!#$%&'*+-.^_`|~09"), /* RFC 9110 section 5.6.2 */
           BAD("", "a b", "a:", "a\r\nb", "(a)", "a/b", "\"a\"", "caf\xc3\xa9"));
    expect(FOB_FORMAT_SCHEME, GOOD("", "Bearer"), BAD("Bearer ", "a b", "a\r\n"));
    expect(FOB_FORMAT_SEPARATOR, GOOD(" ", ",", "+", "|", ";"), BAD("", ", ", "&", "\n", "a"));
}

Test(format, a_key_is_pem_or_a_jwk_and_may_have_lines)
{
    expect(
        FOB_FORMAT_KEY,
        GOOD("{\"kty\":\"EC\"}", "{\n\t\"kty\": \"EC\"\n}",
             "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n"),
        BAD("", "MIGH", " {}", "----BEGIN PRIVATE KEY-----", "{\r\n}", "{\x7f}", "{\xc3\xa4}", "0\x82\x04"));
}

Test(format, a_fact_is_where_it_is_or_a_text_with_names_in_it)
{
    expect(FOB_FORMAT_FACT,
           GOOD("", "/id", "/a{b}", "/{", "header:X-Id", "claim:id_token/sub", "{kept.a}",
                "{kept.a}/{kept.b}", "a {b}", "{{{b}}}", "{b} {{c}}", "{concat(a, '/', b)}"),
           BAD("id", "{{a}}", "a b", "{a", "a}", "{}", "{a}}", "{a}\n", "header:", "claim:token/a"));
}
