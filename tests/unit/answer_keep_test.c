/* SPDX-License-Identifier: MIT */
/* What later requests need is kept of an answer, as it looks and nothing else. */
#include "answers.h"
#include "pointer.h"

#include <fob/limits.h>

static fob_err keep(const struct fob_answer_rule *rule, const char *body, const char *chosen,
                    struct fob_kept_values *kept, struct fob_error *error)
{
    static const struct fob_pair fields[] = {{"X-Host", "h-1"}};
    struct fob_http_response http = http_answer(200, fields, 1, body);
    fob_auto_answer answer = {0};
    cr_assert_eq(fob_answer_read(rule, &http, &answer, NULL), FOB_OK, "%s", body);
    return fob_answer_keep(rule, &answer, chosen ? fob_json_point(answer.json, chosen) : NULL, kept, error);
}

/* The one value that the rule keeps of the body as "k". */
static void expect(const char *from, const char *body, const char *wanted)
{
    fob_auto_buf lines = FOB_BUF(500);
    struct fob_kept_values kept = {0};
    struct fob_error error = FOB_ERROR_INIT;
    fob_buf_fmt(&lines, "token: {response: {keep: {k: %s}}}", from);
    fob_auto_provider *provider = described(lines.data);
    struct fob_answer_rule rule = rule_of(provider);
    cr_expect_eq(keep(&rule, body, NULL, &kept, &error), FOB_OK, "%s: %s", from, error.what);
    const char *value = fob_kept_get(&kept, "k");
    cr_expect_str_eq(value ? value : "(nothing)", wanted, "%s of %s", from, body);
    fob_kept_free(&kept);
}

Test(keep, takes_texts_numbers_and_truths_as_text)
{
    expect("/a", "{\"a\":\"x\"}", "x");
    expect("/a", "{\"a\":9007199254740993}", "9007199254740993");
    expect("/a", "{\"a\":-1}", "-1");
    expect("/a", "{\"a\":0}", "0");
    expect("/a", "{\"a\":1.5}", "1.5");
    expect("/a", "{\"a\":true}", "true");
    expect("/a/0/b", "{\"a\":[{\"b\":\"\xc3\xa4\"}]}", "\xc3\xa4");
    expect("'header:x-host'", "{}", "h-1");
    expect("''", "{\"a\":1}", "{\"a\":1}");
}

Test(keep, leaves_out_what_is_not_there)
{
    expect("/a", "{}", "(nothing)");
    expect("/a", "{\"a\":null}", "(nothing)");
    expect("/a", "{\"a\":\"\"}", "(nothing)");
    expect("/a", "{\"a\":{}}", "(nothing)");
    expect("/a", "{\"a\":[1]}", "(nothing)");
    expect("'header:none'", "{}", "(nothing)");
}

Test(keep, leaves_what_it_does_not_find_as_it_was_and_takes_the_new)
{
    fob_auto_provider *provider = described("token: {response: {keep: {a: /a, b: /b}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_kept_values kept = {0};
    fob_kept_set(&kept, "a", "old", false);
    fob_kept_set(&kept, "b", "old", false);
    fob_kept_set(&kept, "c", "old", false);
    cr_assert_eq(keep(&rule, "{\"b\":\"new\"}", NULL, &kept, NULL), FOB_OK);
    cr_expect_str_eq(fob_kept_get(&kept, "a"), "old");
    cr_expect_str_eq(fob_kept_get(&kept, "b"), "new");
    cr_expect_str_eq(fob_kept_get(&kept, "c"), "old");
    fob_kept_free(&kept);
}

Test(keep, takes_what_matches_its_pattern_as_a_whole_only)
{
    static const char lines[] =
        "token: {response: {keep: {url: {from: /u, pattern: \"https://[a-z0-9.-]+\"}}}}";
    static const char *const good[] = {"\"https://a.example\""}, *const bad[] = {
                                                                     "\"https://a.example/x\"",
                                                                     "\"http://a.example\"",
                                                                     "\" https://a.example\"",
                                                                     "\"https://a.example\\n\"",
                                                                     "7",
                                                                     "\"https://\xc3\xa4.example\""};
    fob_auto_provider *provider = described(lines);
    struct fob_answer_rule rule = rule_of(provider);
    for (size_t i = 0; i < N(good) + N(bad); i++) {
        bool fits = i < N(good);
        struct fob_kept_values kept = {0};
        struct fob_error error = FOB_ERROR_INIT;
        fob_auto_buf body = FOB_BUF(200);
        fob_buf_fmt(&body, "{\"u\":%s}", fits ? good[i] : bad[i - N(good)]);
        cr_expect_eq(keep(&rule, body.data, NULL, &kept, &error), fits ? FOB_OK : FOB_E_SECURITY, "%s",
                     body.data);
        cr_expect_eq(fob_kept_get(&kept, "url") != NULL, fits);
        if (!fits)
            cr_expect_str_eq(error.what,
                             "what the answer holds as \"url\" does not look as the descriptor says");
        fob_kept_free(&kept);
    }
}

Test(keep, refuses_control_characters_with_or_without_a_pattern)
{
    fob_auto_provider *provider = described("token: {response: {keep: {a: /a}}}");
    struct fob_answer_rule rule = rule_of(provider);
    static const char *const bad[] = {"{\"a\":\"x\\r\\nHost: y\"}", "{\"a\":\"\\u0007\"}",
                                      "{\"a\":\"\\u0085\"}"};
    for (size_t i = 0; i < N(bad); i++) {
        struct fob_kept_values kept = {0};
        cr_expect_eq(keep(&rule, bad[i], NULL, &kept, NULL), FOB_E_SECURITY);
        cr_expect_null(fob_kept_get(&kept, "a"));
        fob_kept_free(&kept);
    }
}

Test(keep, refuses_what_is_too_long)
{
    fob_auto_provider *provider = described("token: {response: {keep: {a: /a}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_kept_values kept = {0};
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_buf body = FOB_BUF((size_t)20000);
    fob_buf_str(&body, "{\"a\":\"");
    for (int i = 0; i <= FOB_MAX_SCALAR; i++)
        fob_buf_char(&body, 'a');
    fob_buf_str(&body, "\"}");
    cr_assert_eq(keep(&rule, body.data, NULL, &kept, &error), FOB_E_LIMIT);
    fob_kept_free(&kept);
}

Test(keep, does_not_show_what_is_secret)
{
    fob_auto_provider *provider =
        described("token: {response: {keep: {a: {from: /a, secret: true}, b: /b}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_kept_values kept = {0};
    cr_assert_eq(keep(&rule, "{\"a\":\"hush\",\"b\":\"open\"}", NULL, &kept, NULL), FOB_OK);
    cr_expect_str_eq(fob_kept_get(&kept, "a"), "hush");
    cr_expect_str_eq(fob_pairs_get(&kept.shown, "a"), "");
    cr_expect_str_eq(fob_pairs_get(&kept.shown, "b"), "open");
    fob_kept_free(&kept);
}

Test(keep, does_not_tell_a_secret_that_fails_its_pattern)
{
    fob_auto_provider *provider =
        described("token: {response: {keep: {a: {from: /a, secret: true, pattern: \"[0-9]+\"}}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_kept_values kept = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(keep(&rule, "{\"a\":\"hush-12345\"}", NULL, &kept, &error), FOB_E_SECURITY);
    cr_assert_not(strstr(error.what, "hush"));
    cr_assert_not(strstr(error.fix, "hush"));
    fob_kept_free(&kept);
}

Test(keep, takes_a_chosen_item_apart)
{
    fob_auto_provider *provider =
        described("token: {response: {keep: {id: /id, host: 'header:x-host', all: {from: ''}}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_kept_values kept = {0};
    cr_assert_eq(keep(&rule, "[{\"id\":1},{\"id\":\"two\"}]", "/1", &kept, NULL), FOB_OK);
    cr_expect_str_eq(fob_kept_get(&kept, "id"), "two");
    cr_expect_str_eq(fob_kept_get(&kept, "host"), "h-1");
    cr_expect_null(fob_kept_get(&kept, "all"));
    cr_assert_eq(keep(&rule, "{\"sites\":[\"a\",\"b\"]}", "/sites/0", &kept, NULL), FOB_OK);
    cr_expect_str_eq(fob_kept_get(&kept, "all"), "a");
    cr_expect_str_eq(fob_kept_get(&kept, "id"), "two");
    fob_kept_free(&kept);
}

Test(keep, is_the_requests_own_and_then_the_rest_of_the_base)
{
    fob_auto_provider *provider = described("token: {response: {keep: {a: /base_a, b: /base_b}}}\n"
                                            "refresh: {response: {keep: {a: /own_a}}}");
    struct fob_answer_rule rule = refresh_rule_of(provider);
    struct fob_kept_values kept = {0};
    cr_assert_eq(keep(&rule, "{\"base_a\":\"1\",\"base_b\":\"2\",\"own_a\":\"3\"}", NULL, &kept, NULL),
                 FOB_OK);
    cr_expect_str_eq(fob_kept_get(&kept, "a"), "3");
    cr_expect_str_eq(fob_kept_get(&kept, "b"), "2");
    fob_kept_free(&kept);
}

Test(keep, finds_claims_of_the_token_where_the_descriptor_says_it_is)
{
    /* {"tid":"t-1"} */
    fob_auto_provider *provider = described(
        "token: {response: {fields: {access_token: /d/t}, keep: {tenant: 'claim:access_token/tid'}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_kept_values kept = {0};
    cr_assert_eq(keep(&rule, "{\"d\":{\"t\":\"e30.eyJ0aWQiOiJ0LTEifQ.\"}}", NULL, &kept, NULL), FOB_OK);
    cr_expect_str_eq(fob_kept_get(&kept, "tenant"), "t-1");
    fob_kept_free(&kept);
}
