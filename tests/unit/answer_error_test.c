/* SPDX-License-Identifier: MIT */
/* core/answer_error.c, core/answer_fault.c: an error is found where the descriptor says, and shows no secret. */
#include "answers.h"
#include "text.h"

#include <fob/limits.h>

#define SUCCESS "token: {response: {success: {/code: 0}, error: /code, error_description: /msg}}"

/* One body, how it fails, and what is told. */
static void expect(const char *lines, int status, const char *body, fob_err code, const char *what)
{
    struct fob_error error;
    cr_expect_eq(failure_of(lines, status, body, &error), code, "%s: %s: %s", lines, body, error.what);
    cr_expect_str_eq(error.what, what);
    if (code != FOB_OK)
        cr_expect_eq(error.http_status, status);
}

/* --- status ------------------------------------------------------------------------------------------------- */

Test(status, may_be_listed_and_then_no_other_is_a_success)
{
    static const char listed[] = "token: {response: {status: [201, 302]}}";
    static const char body[] = "{\"access_token\":\"at\"}";
    expect(listed, 201, body, FOB_OK, "");
    expect(listed, 302, body, FOB_OK, "");
    expect(listed, 200, body, FOB_E_PROVIDER, "the provider answered with HTTP status 200");
    expect("", 299, body, FOB_OK, "");
    expect("", 199, body, FOB_E_PROVIDER, "the provider answered with HTTP status 199");
    expect("", 302, body, FOB_E_PROTOCOL,
           "the provider redirects (HTTP status 302), which is not followed with secrets");
}

Test(status, that_is_bad_names_an_error_that_nothing_else_names)
{
    expect("", 400, "{}", FOB_E_PROVIDER, "the provider answered with HTTP status 400");
    expect("", 401, "{\"message\":\"Bad credentials\"}", FOB_E_CLIENT,
           "the provider answered with HTTP status 401: Bad credentials");
    expect("", 404, "<html>", FOB_E_PROVIDER, "the provider answered with HTTP status 404");
    expect("", 500, "", FOB_E_SERVER, "the provider answered with HTTP status 500");
    expect("", 503, "{\"error\":", FOB_E_SERVER, "the provider answered with HTTP status 503");
}

/* --- success ------------------------------------------------------------------------------------------------ */

Test(success, is_compared_as_text)
{
    static const struct {
        const char *wanted, *given;
    } same[] = {{"0", "0"},         {"0", "\"0\""},       {"'0'", "0"},
                {"true", "true"},   {"true", "\"true\""}, {"ok", "\"ok\""},
                {"'true'", "true"}, {"200", "200.0"},     {"'0.5'", "0.5"}},
      other[] = {{"0", "1"},    {"0", "null"},     {"0", "false"},   {"0", "\"\""}, {"0", "[0]"},
                 {"true", "1"}, {"true", "false"}, {"ok", "\"OK\""}, {"ok", "{}"}};
    for (size_t i = 0; i < N(same) + N(other); i++) {
        bool good = i < N(same);
        fob_auto_buf lines = FOB_BUF(200), body = FOB_BUF(200);
        struct fob_error error;
        fob_buf_fmt(&lines, "token: {response: {success: {/s: %s}}}",
                    good ? same[i].wanted : other[i - N(same)].wanted);
        fob_buf_fmt(&body, "{\"access_token\":\"at\",\"s\":%s}",
                    good ? same[i].given : other[i - N(same)].given);
        cr_expect_eq(failure_of(lines.data, 200, body.data, &error), good ? FOB_OK : FOB_E_PROVIDER, "%s %s",
                     lines.data, body.data);
    }
}

Test(success, that_fails_names_its_pointer)
{
    expect("token: {response: {success: {/ok: true}}}", 200, "{\"access_token\":\"at\"}", FOB_E_PROVIDER,
           "the answer is no success: /ok is not \"true\"");
    expect("token: {response: {success: {/ok: true}}}", 200, "{\"ok\":false,\"message\":\"go away\"}",
           FOB_E_PROVIDER, "the answer is no success: /ok is not \"true\": go away");
    expect("token: {response: {success: {/ok: true}}}", 200, "", FOB_E_PROTOCOL,
           "the provider's answer is empty (HTTP status 200)");
}

Test(success, needs_every_one_of_several_tests)
{
    static const char both[] = "token: {response: {success: {/ok: true, /code: 0}}}";
    expect(both, 200, "{\"access_token\":\"at\",\"ok\":true,\"code\":0}", FOB_OK, "");
    expect(both, 200, "{\"access_token\":\"at\",\"ok\":true,\"code\":1}", FOB_E_PROVIDER,
           "the answer is no success: /code is not \"0\"");
}

Test(success, that_holds_outweighs_what_stands_where_errors_do)
{
    expect(SUCCESS, 200, "{\"code\":0,\"access_token\":\"at\",\"error\":{\"code\":\"ok\"}}", FOB_OK, "");
    expect(SUCCESS, 500, "{\"code\":0,\"access_token\":\"at\"}", FOB_E_SERVER,
           "the provider answered with HTTP status 500");
}

Test(success, can_be_told_by_something_that_is_not_zero)
{
    static const char lines[] = "token: {response: {success: {/code: 200}, error: /code}}";
    expect(lines, 200, "{\"code\":200,\"access_token\":\"at\"}", FOB_OK, "");
    expect(lines, 200, "{\"code\":4001}", FOB_E_PROVIDER, "the provider refused: 4001");
}

/* --- error, error_description ------------------------------------------------------------------------------- */

Test(error, stands_where_the_descriptor_says)
{
    expect(SUCCESS, 200, "{\"code\":40001,\"msg\":\"bad code\"}", FOB_E_PROVIDER,
           "the provider refused: 40001: bad code");
    expect("token: {response: {error: /errors/0/errorType, error_description: /errors/0/message}}", 400,
           "{\"errors\":[{\"errorType\":\"invalid_grant\",\"message\":\"gone\"}]}", FOB_E_NEEDS_LOGIN,
           "the provider refused: invalid_grant: gone");
    expect("token: {response: {error: /errcode, error_description: /errmsg}}", 200,
           "{\"errcode\":40029,\"errmsg\":\"invalid code\"}", FOB_E_PROVIDER,
           "the provider refused: 40029: invalid code");
}

Test(error, stands_in_one_of_several_places)
{
    static const char places[] = "token: {response: {error: [/error/code, /errors/0/code], "
                                 "error_description: [/error/message, /errors/0/text]}}";
    expect(places, 400, "{\"error\":{\"code\":\"a\",\"message\":\"b\"}}", FOB_E_PROVIDER,
           "the provider refused: a: b");
    expect(places, 400, "{\"errors\":[{\"code\":\"c\",\"text\":\"d\"}]}", FOB_E_PROVIDER,
           "the provider refused: c: d");
    expect(places, 200, "{\"errors\":[{\"code\":\"c\"}]}", FOB_E_PROVIDER, "the provider refused: c");
    expect(places, 200, "{\"errors\":[],\"access_token\":\"at\"}", FOB_OK, "");
}

Test(error, is_looked_for_in_its_usual_place_once_something_has_failed)
{
    static const char lines[] = "token: {response: {error: /code}}";
    expect(lines, 400, "{\"error\":\"invalid_grant\"}", FOB_E_NEEDS_LOGIN,
           "the provider refused: invalid_grant");
    expect(lines, 200, "{\"access_token\":\"at\",\"error\":\"invalid_grant\"}", FOB_OK, "");
}

Test(error, in_a_success_is_one_unless_it_says_that_there_is_none)
{
    static const char *const none[] = {"null", "\"\"", "0", "\"0\"", "false", "{}", "[]", "[null]", "0.0"};
    static const char *const some[][2] = {
        {"\"x\"", "x"}, {"7", "7"}, {"-1", "-1"}, {"true", "true"}, {"[\"x\",\"y\"]", "x"}};
    for (size_t i = 0; i < N(none); i++) {
        fob_auto_buf body = FOB_BUF(200);
        fob_buf_fmt(&body, "{\"access_token\":\"at\",\"error\":%s}", none[i]);
        expect("", 200, body.data, FOB_OK, "");
    }
    for (size_t i = 0; i < N(some); i++) {
        fob_auto_buf body = FOB_BUF(200), what = FOB_BUF(200);
        fob_buf_fmt(&body, "{\"access_token\":\"at\",\"error\":%s}", some[i][0]);
        fob_buf_fmt(&what, "the provider refused: %s", some[i][1]);
        expect("", 200, body.data, FOB_E_PROVIDER, what.data);
    }
}

Test(error, that_is_an_object_is_read_from_the_inside)
{
    expect("", 401, "{\"error\":{\"code\":401,\"message\":\"no\",\"status\":\"UNAUTHENTICATED\"}}",
           FOB_E_PROVIDER, "the provider refused: UNAUTHENTICATED: no");
    expect("", 400, "{\"error\":{\"type\":\"x\",\"code\":\"invalid_grant\"}}", FOB_E_NEEDS_LOGIN,
           "the provider refused: invalid_grant");
    expect("", 400, "{\"error\":{\"status\":401,\"name\":\"Unauthorized\"}}", FOB_E_PROVIDER,
           "the provider refused: Unauthorized");
    expect("", 400, "{\"error\":[{\"code\":7,\"detail\":\"d\"}]}", FOB_E_PROVIDER,
           "the provider refused: 7: d");
    expect("", 400, "{\"error\":{\"odd\":1}}", FOB_E_PROVIDER, "the provider answered with HTTP status 400");
    expect("token: {response: {error: /error, errors: {'190': dead}}}", 400,
           "{\"error\":{\"type\":\"OAuthException\",\"code\":190,\"message\":\"ended\"}}", FOB_E_NEEDS_LOGIN,
           "the provider refused: 190: ended");
}

Test(error, can_be_told_by_a_header_field_or_the_whole_text)
{
    static const struct fob_pair fields[] = {{"X-Error", "expired"}};
    fob_auto_provider *provider =
        described("token: {response: {error: 'header:x-error', errors: {expired: dead}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_http_response http = http_answer(400, fields, 1, "<html>");
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_token *token = fob_token_new();
    cr_expect_eq(take(&rule, &http, token, &error), FOB_E_NEEDS_LOGIN);
    cr_expect_str_eq(error.what, "the provider refused: expired");
    static const char text[] = "token: {response: {format: text, error: '', errors: {GONE: dead}, fields: "
                               "{access_token: 'header:x'}}}";
    expect(text, 400, "GONE\n", FOB_E_NEEDS_LOGIN, "the provider refused: GONE");
    expect(text, 400, "", FOB_E_PROVIDER, "the provider answered with HTTP status 400");
    expect("token: {response: {also: {s: {each: /o, name: /n, access_token: /a}}}}", 400,
           "{\"error\":\"x\",\"error_description\":\"your "
           "b-12345\",\"o\":[{\"a\":\"a-12345\"},{\"a\":\"b-12345\"}]}",
           FOB_E_PROVIDER, "the provider refused: x");
    expect("token: {response: {fields: {access_token: [/a, /b]}}}", 400,
           "{\"error\":\"x\",\"error_description\":\"your b-12345\",\"a\":\"a-12345\",\"b\":\"b-12345\"}",
           FOB_E_PROVIDER, "the provider refused: x");
    expect("token: {response: {format: text, error: '', fields: {access_token: ''}}}", 200, "at", FOB_OK, "");
}

Test(error, description_has_its_place_or_a_usual_one)
{
    static const char said[] = "token: {response: {error_description: /detail/0}}";
    expect(said, 400, "{\"error\":\"x\",\"detail\":[\"a\",\"b\"]}", FOB_E_PROVIDER,
           "the provider refused: x: a");
    expect(said, 400, "{\"error\":\"x\",\"error_description\":\"d\"}", FOB_E_PROVIDER,
           "the provider refused: x: d");
    expect("token: {response: {error_description: /errors}}", 400,
           "{\"error\":\"x\",\"errors\":[{\"message\":\"m\"}]}", FOB_E_PROVIDER,
           "the provider refused: x: m");
    expect("", 400, "{\"error\":\"x\",\"error_description\":7}", FOB_E_PROVIDER, "the provider refused: x");
    expect("token: {response: {error: /message}}", 400, "{\"message\":\"same\"}", FOB_E_PROVIDER,
           "the provider refused: same");
}

/* --- errors ------------------------------------------------------------------------------------------------- */

Test(errors, put_the_providers_words_in_classes)
{
    static const char lines[] =
        "token: {response: {errors: {a: dead, b: retry, c: rate_limited, d: config, e: denied, "
        "invalid_scope: dead}}}";
    static const struct {
        const char *word;
        fob_err code;
    } cases[] = {{"a", FOB_E_NEEDS_LOGIN},
                 {"b", FOB_E_SERVER},
                 {"c", FOB_E_RATE_LIMITED},
                 {"d", FOB_E_CLIENT},
                 {"e", FOB_E_DENIED},
                 {"f", FOB_E_PROVIDER},
                 {"A", FOB_E_PROVIDER},
                 {"invalid_grant", FOB_E_NEEDS_LOGIN},
                 {"invalid_scope", FOB_E_NEEDS_LOGIN}};
    for (size_t i = 0; i < N(cases); i++) {
        fob_auto_buf body = FOB_BUF(200), what = FOB_BUF(200);
        struct fob_error error;
        fob_buf_fmt(&body, "{\"error\":\"%s\"}", cases[i].word);
        fob_buf_fmt(&what, "the provider refused: %s", cases[i].word);
        expect(lines, 400, body.data, cases[i].code, what.data);
        failure_of(lines, 400, body.data, &error);
        cr_expect_str_eq(error.oauth_error, cases[i].word);
        cr_expect(*error.fix);
    }
}

Test(errors, that_nobody_knows_leave_it_to_the_status_whether_to_try_again)
{
    expect("", 503, "{\"error\":\"odd\"}", FOB_E_SERVER, "the provider refused: odd");
    expect("", 429, "{\"error\":\"odd\"}", FOB_E_RATE_LIMITED, "the provider refused: odd");
    expect("", 429, "{\"error\":\"invalid_grant\"}", FOB_E_RATE_LIMITED,
           "the provider refused: invalid_grant");
    expect("token: {response: {errors: {quota: config}}}", 429, "{\"error\":\"quota\"}", FOB_E_CLIENT,
           "the provider refused: quota");
}

Test(errors, in_one_of_several_places_are_not_hidden_by_a_zero_in_another)
{
    static const char lines[] = "token: {response: {error: [/errcode, /error], errors: {'40029': dead}}}";
    expect(lines, 200, "{\"errcode\":0,\"error\":\"invalid_grant\"}", FOB_E_NEEDS_LOGIN,
           "the provider refused: invalid_grant");
    expect(lines, 200, "{\"errcode\":40029,\"error\":\"odd\"}", FOB_E_NEEDS_LOGIN,
           "the provider refused: 40029");
}

Test(errors, that_only_the_status_tells_mean_what_the_descriptor_says_of_it)
{
    static const char lines[] =
        "token: {response: {errors: {'status:401': dead, 'status:200': dead, quota: config}}}";
    expect(lines, 401, "", FOB_E_NEEDS_LOGIN, "the provider answered with HTTP status 401");
    expect(lines, 401, "{\"error\":\"odd\"}", FOB_E_NEEDS_LOGIN, "the provider refused: odd");
    expect(lines, 401, "{\"error\":\"invalid_client\"}", FOB_E_CLIENT,
           "the provider refused: invalid_client");
    expect(lines, 401, "{\"error\":\"quota\"}", FOB_E_CLIENT, "the provider refused: quota");
    expect(lines, 403, "", FOB_E_PROVIDER, "the provider answered with HTTP status 403");
    expect(lines, 200, "{\"error\":\"odd\"}", FOB_E_PROVIDER, "the provider refused: odd");
}

/* --- a refresh starts as a copy of token -------------------------------------------------------------------- */

Test(base, is_asked_where_the_rule_of_the_request_is_silent)
{
    fob_auto_provider *provider = described("token: {response: {success: {/ok: 1, /s: 1}, error: /e, "
                                            "error_description: /d, status: [201], errors: "
                                            "{x: dead, y: retry}}}\n"
                                            "refresh: {response: {success: {/ok: 2}, errors: {y: denied}}}");
    struct fob_answer_rule rule = refresh_rule_of(provider);
    static const struct {
        const char *body;
        fob_err code;
        const char *what;
    } cases[] = {{"{\"access_token\":\"at\",\"ok\":2,\"s\":1}", FOB_OK, ""},
                 {"{\"ok\":2,\"s\":3}", FOB_E_PROVIDER, "the answer is no success: /s is not \"1\""},
                 {"{\"ok\":1,\"s\":1}", FOB_E_PROVIDER, "the answer is no success: /ok is not \"2\""},
                 {"{\"e\":\"x\",\"d\":\"gone\"}", FOB_E_NEEDS_LOGIN, "the provider refused: x: gone"},
                 {"{\"e\":\"y\"}", FOB_E_DENIED, "the provider refused: y"}};
    for (size_t i = 0; i < N(cases); i++) {
        struct fob_http_response http = http_answer(201, NULL, 0, cases[i].body);
        struct fob_error error = FOB_ERROR_INIT;
        fob_auto_token *token = fob_token_new();
        cr_expect_eq(take(&rule, &http, token, &error), cases[i].code, "%s", cases[i].body);
        cr_expect_str_eq(error.what, cases[i].what);
    }
}

Test(base, has_a_say_in_the_status_too)
{
    fob_auto_provider *provider = described("token: {response: {status: [201]}}"),
                      *own = described(
                          "refresh: {response: {status: [200]}}\ntoken: {response: {status: [201]}}");
    struct fob_answer_rule rule = refresh_rule_of(provider), own_rule = refresh_rule_of(own);
    struct fob_http_response http = http_answer(200, NULL, 0, "{\"access_token\":\"at\"}");
    fob_auto_token *token = fob_token_new();
    cr_expect_eq(take(&rule, &http, token, NULL), FOB_E_PROVIDER);
    cr_expect_eq(take(&own_rule, &http, token, NULL), FOB_OK);
}

/* --- what is shown ------------------------------------------------------------------------------------------ */

Test(shown, is_no_token_that_the_answer_brought)
{
    expect("", 400, "{\"error\":\"x\",\"error_description\":\"not rt-12345\",\"refresh_token\":\"rt-12345\"}",
           FOB_E_PROVIDER, "the provider refused: x");
    expect("", 400, "{\"error\":\"at-12345\",\"access_token\":\"at-12345\",\"message\":\"m\"}",
           FOB_E_PROVIDER, "the provider answered with HTTP status 400: m");
    expect("token: {response: {success: {/ok: true}, error_description: ''}}", 200,
           "{\"access_token\":\"at\\u002d12345\",\"ok\":false}", FOB_E_PROVIDER,
           "the answer is no success: /ok is not \"true\"");
    expect("token: {response: {keep: {k: {from: /k, secret: true}}}}", 400,
           "{\"error\":\"x\",\"error_description\":\"your k-12345\",\"k\":\"k-12345\"}", FOB_E_PROVIDER,
           "the provider refused: x");
    expect("token: {response: {also: {user: {access_token: /u/t}}}}", 400,
           "{\"error\":\"x\",\"error_description\":\"your u-12345\",\"u\":{\"t\":\"u-12345\"}}",
           FOB_E_PROVIDER, "the provider refused: x");
    expect("token: {response: {format: text, error: '', fields: {access_token: ''}, errors: {gone: dead}}}",
           400, "gone", FOB_E_NEEDS_LOGIN, "the provider answered with HTTP status 400");
}

Test(shown, is_printable_and_bounded)
{
    struct fob_error error;
    fob_auto_buf body = FOB_BUF(10000);
    fob_buf_str(&body, "{\"error\":\"a\\n\\u001b");
    for (int i = 0; i < 1000; i++)
        fob_buf_str(&body, "w");
    fob_buf_str(&body, "\",\"error_description\":\"b\\r");
    for (int i = 0; i < 1000; i++)
        fob_buf_str(&body, "d");
    fob_buf_str(&body, "\"}");
    cr_assert_eq(failure_of("", 400, body.data, &error), FOB_E_PROVIDER);
    cr_assert_eq(strlen(error.oauth_error), sizeof error.oauth_error - 1);
    cr_assert(fob_starts_with(error.oauth_error, "a??www"));
    cr_assert(strstr(error.what, ": b?ddd"));
    for (const char *c = error.what; *c; c++)
        cr_assert(*c >= 0x20 && *c < 0x7f);
}

Test(shown, can_be_had_in_full_by_whoever_looks_for_secrets)
{
    fob_auto_provider *provider = described("");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_http_response http =
        http_answer(400, NULL, 0, "{\"error\":\"x\\n\",\"error_description\":\"y\\n\"}");
    fob_auto_answer answer = {0};
    fob_auto_buf word = FOB_BUF(100), description = FOB_BUF(100);
    cr_assert_eq(fob_answer_read(&rule, &http, &answer, NULL), FOB_OK);
    cr_assert_eq(fob_answer_fault(&rule, &answer, &word, &description), FOB_OK);
    cr_assert_str_eq(word.data, "x\n");
    cr_assert_str_eq(description.data, "y\n");
}

/* --- Retry-After -------------------------------------------------------------------------------------------- */

Test(retry_after, is_told_in_seconds_or_by_a_date)
{
    static const char date[] = "Tue, 14 Nov 2023 22:13:20 GMT";
    static const struct {
        const char *retry_after, *date;
        int64_t ms;
    } cases[] = {{"120", date, 120000},
                 {"0", date, 0},
                 {"99999999999999999999", date, FOB_MAX_LIFETIME},
                 {"Tue, 14 Nov 2023 22:14:20 GMT", date, 60000},
                 {"Tue, 14 Nov 2023 22:12:20 GMT", date, 0},
                 {"Wed, 14 Nov 2193 22:12:20 GMT", date, FOB_MAX_LIFETIME},
                 {"Tue, 14 Nov 2023 22:14:20 GMT", "now", 0},
                 {"soon", date, 0},
                 {"-5", date, 0},
                 {"1.5", date, 0},
                 {"", date, 0}};
    for (size_t i = 0; i < N(cases); i++) {
        const struct fob_pair fields[] = {{"Retry-After", cases[i].retry_after}, {"Date", cases[i].date}};
        struct fob_answer_rule rule = {0};
        struct fob_http_response http = http_answer(503, fields, 2, "");
        struct fob_error error = FOB_ERROR_INIT;
        fob_auto_token *token = fob_token_new();
        cr_expect_eq(take(&rule, &http, token, &error), FOB_E_SERVER);
        cr_expect_eq(error.retry_after_ms, cases[i].ms, "%s: %lld", cases[i].retry_after,
                     (long long)error.retry_after_ms);
    }
}
