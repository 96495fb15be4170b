/* SPDX-License-Identifier: MIT */
/* What a token endpoint may answer, and what is made of it. */
#include "answers.h"

#include <fob/limits.h>

static const struct fob_pair as_json[] = {{"Content-Type", "application/json; charset=utf-8"}};
static const struct fob_pair as_html[] = {{"content-type", "text/html"}};
static const struct fob_pair as_form[] = {{"Content-Type", "application/x-www-form-urlencoded"}};

static struct fob_http_response answer(int status, const struct fob_pair *type, const char *body)
{
    return (struct fob_http_response){sizeof(struct fob_http_response), status, type, 1, body, strlen(body)};
}

/* Reads as a flow does: the object, then the error, then the token. */
static fob_err read_answer(struct fob_http_response response, fob_token **ret_token, struct fob_error *error)
{
    static const struct fob_answer_rule standard = {0};
    fob_auto_answer object = {0};
    fob_auto_token *token = fob_token_new();
    fob_err err = fob_answer_read(&standard, &response, &object, error);
    if (err == FOB_OK)
        err = fob_answer_error(&standard, &object, error);
    if (err == FOB_OK)
        err = fob_answer_token(&standard, &object, NOW, token, error);
    if (err == FOB_OK && ret_token)
        *ret_token = fob_steal(&token);
    return err;
}

Test(answer, gives_the_token_and_its_facts)
{
    fob_auto_token *token = NULL;
    cr_assert_eq(read_answer(answer(200, as_json,
                                    "{\"access_token\":\"at\",\"token_type\":\"bearer\",\"expires_in\":3600,"
                                    "\"refresh_token\":\"rt\",\"scope\":\"a b\"}"),
                             &token, NULL),
                 FOB_OK);
    cr_assert_str_eq(fob_secret_peek(fob_token_access(token), NULL), "at");
    cr_assert_str_eq(fob_secret_peek(fob_token_refresh(token), NULL), "rt");
    cr_assert_str_eq(fob_token_type(token), "bearer");
    cr_assert_str_eq(fob_token_scope(token), "a b");
    cr_assert_eq(fob_token_expires_at(token), NOW + 3600000);
}

Test(answer, takes_odd_lifetimes_as_far_as_they_make_sense)
{
    static const struct {
        const char *expires_in;
        int64_t at;
    } cases[] = {{"\"3600\"", NOW + 3600000},
                 {"1e30", NOW + FOB_MAX_LIFETIME},
                 {"1000000000000000000000000000000", NOW + FOB_MAX_LIFETIME},
                 {"-5", 0},
                 {"null", 0},
                 {"\"soon\"", 0},
                 {"0", NOW}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fob_auto_token *token = NULL;
        fob_auto_buf body = FOB_BUF(500);
        fob_buf_fmt(&body, "{\"access_token\":\"at\",\"expires_in\":%s}", cases[i].expires_in);
        cr_expect_eq(read_answer(answer(200, as_json, body.data), &token, NULL), FOB_OK);
        cr_expect_eq(token ? fob_token_expires_at(token) : -1, cases[i].at, "%s", cases[i].expires_in);
    }
}

Test(answer, may_be_a_form)
{
    fob_auto_token *token = NULL;
    cr_assert_eq(read_answer(answer(200, as_form, "access_token=a%2Bt&expires_in=60"), &token, NULL), FOB_OK);
    cr_assert_str_eq(fob_secret_peek(fob_token_access(token), NULL), "a+t");
    cr_assert_eq(fob_token_expires_at(token), NOW + 60000);
}

Test(answer, that_is_no_token_is_one_clear_error)
{
    static const struct {
        int status;
        const struct fob_pair *type;
        const char *body;
        fob_err code;
        const char *what;
    } cases[] = {
        {200, as_json, "", FOB_E_PROTOCOL, "the provider's answer is empty (HTTP status 200)"},
        {200, as_html, "<html>at-1</html>", FOB_E_PROTOCOL,
         "the provider answered with an HTML page, not JSON (HTTP status 200)"},
        {200, as_json, "{\"access_token\":\"at-1", FOB_E_PROTOCOL,
         "not usable JSON: it ends too early (line 1, column 21)"},
        {200, as_json, "{\"access_token\":\"a\",\"access_token\":\"b\"}", FOB_E_PROTOCOL,
         "not usable JSON: it holds the same key twice (line 1, column 34)"},
        {200, as_json, "{\"token_type\":\"bearer\"}", FOB_E_PROTOCOL, "the answer holds no access_token"},
        {200, as_json, "{\"access_token\":\"\"}", FOB_E_PROTOCOL, "the answer holds no access_token"},
        {200, as_json, "{\"access_token\":7}", FOB_E_PROTOCOL, "the answer holds no access_token"},
        {200, as_json, "{\"access_token\":\"a\\r\\nX: y\"}", FOB_E_PROTOCOL,
         "\"access_token\" in the answer holds characters that no token may have"},
        {302, as_html, "", FOB_E_PROTOCOL,
         "the provider redirects (HTTP status 302), which is not followed with secrets"},
        {503, as_html, "<html>", FOB_E_SERVER, "the provider answered with HTTP status 503"},
        {429, as_html, "slow", FOB_E_RATE_LIMITED, "the provider answered with HTTP status 429"},
        {200, as_form, "a=1&a=2", FOB_E_PROTOCOL, "the answer is neither JSON nor a form"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fob_error error = FOB_ERROR_INIT;
        fob_token *token = NULL;
        cr_expect_eq(read_answer(answer(cases[i].status, cases[i].type, cases[i].body), &token, &error),
                     cases[i].code, "%s", cases[i].what);
        cr_expect_str_eq(error.what, cases[i].what);
        cr_expect_null(token);
    }
}

Test(answer, error_is_named_by_what_the_caller_can_do)
{
    static const struct {
        int status;
        const char *oauth_error;
        fob_err code;
    } cases[] = {
        {400, "invalid_grant", FOB_E_NEEDS_LOGIN},      {401, "invalid_client", FOB_E_CLIENT},
        {400, "unauthorized_client", FOB_E_CLIENT},     {400, "access_denied", FOB_E_DENIED},
        {503, "temporarily_unavailable", FOB_E_SERVER}, {400, "invalid_scope", FOB_E_PROVIDER},
        {200, "invalid_grant", FOB_E_NEEDS_LOGIN},      {400, "something_of_their_own", FOB_E_PROVIDER},
        {429, "invalid_grant", FOB_E_RATE_LIMITED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fob_error error = FOB_ERROR_INIT;
        fob_auto_buf body = FOB_BUF(500);
        fob_buf_fmt(&body, "{\"error\":\"%s\"}", cases[i].oauth_error);
        cr_expect_eq(read_answer(answer(cases[i].status, as_json, body.data), NULL, &error), cases[i].code,
                     "%s", cases[i].oauth_error);
        cr_expect_eq(error.http_status, cases[i].status);
        if (cases[i].status != 429)
            cr_expect_str_eq(error.oauth_error, cases[i].oauth_error);
    }
}

Test(answer, description_reaches_the_person_without_control_characters)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(
        read_answer(
            answer(400, as_json, "{\"error\":\"invalid_scope\",\"error_description\":\"no\\u001b[2J such\"}"),
            NULL, &error),
        FOB_E_PROVIDER);
    cr_assert_str_eq(error.what, "the provider refused: invalid_scope: no?[2J such");
}

Test(answer, says_how_long_to_wait)
{
    static const struct fob_pair fields[] = {{"Content-Type", "application/json"}, {"retry-after", "120"}};
    struct fob_http_response response = answer(429, fields, "{}");
    struct fob_error error = FOB_ERROR_INIT;
    response.n_fields = 2;
    cr_assert_eq(read_answer(response, NULL, &error), FOB_E_RATE_LIMITED);
    cr_assert_eq(error.retry_after_ms, 120000);
}

Test(answer, that_refuses_without_saying_so_in_the_status_is_still_an_error)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(read_answer(answer(200, as_json, "{\"access_token\":\"at\",\"error\":\"access_denied\"}"),
                             NULL, &error),
                 FOB_E_DENIED);
    cr_assert_eq(error.http_status, 200);
}

/* --- formats ------------------------------------------------------------------------------------------------ */

/* What stands at /a/b or /a of a body in that format, "(nothing)", or how reading it fails. */
static void expect_format(const char *format, const char *type, const char *body, const char *wanted)
{
    const struct fob_pair field = {"Content-Type", type};
    fob_auto_buf lines = FOB_BUF(100), value = FOB_BUF(1000);
    fob_buf_fmt(&lines, "token: {response: {format: %s}}", format);
    fob_auto_provider *provider = described(lines.data);
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_http_response http = answer(200, &field, body);
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_answer read = {0};
    if (fob_answer_read(&rule, &http, &read, &error) != FOB_OK) {
        cr_expect_eq(error.code, FOB_E_PROTOCOL);
        cr_expect_str_eq(error.what, wanted, "%s %s: %s", format, body, error.what);
        return;
    }
    bool found = fob_answer_find(&read, "/a/b", NULL, &value) || fob_answer_find(&read, "/a", NULL, &value);
    cr_expect_str_eq(found ? value.data : "(nothing)", wanted, "%s %s", format, body);
}

Test(format, auto_is_told_by_the_body_and_then_by_its_type)
{
    expect_format("auto", "text/html", " \r\n{\"a\":\"x\"}\n", "x");
    expect_format("auto", "application/json", "\xef\xbb\xbf{\"a\":\"x\"}", "x");
    expect_format("auto", "application/x-www-form-urlencoded", "a=x+y&b=%26", "x y");
    expect_format("auto", "application/x-www-form-urlencoded", "a=x\n", "x");
    expect_format("auto", "text/plain", "a=x y", "x y");
    expect_format("auto", "text/html; charset=utf-8", "a=x&b=2", "x");
    expect_format("auto", "", "a=x", "x");
    expect_format("auto", "", "[1]", "(nothing)");
    expect_format("auto", "", "", "(nothing)");
    expect_format("auto", "", " \r\n\t", "(nothing)");
    expect_format("auto", "text/html", "<a href=\"x\">",
                  "the provider answered with an HTML page, not JSON (HTTP status 200)");
    expect_format("auto", "", "a = x",
                  "the provider answered with something else, not JSON (HTTP status 200)");
    expect_format("auto", "", "=x", "the provider answered with something else, not JSON (HTTP status 200)");
    expect_format("auto", "", "\"x\"",
                  "the provider answered with something else, not JSON (HTTP status 200)");
    expect_format("auto", "application/xml", "<a>x</a>",
                  "the provider answered with something else, not JSON (HTTP status 200)");
}

Test(format, json_is_any_json_whatever_it_says_it_is)
{
    expect_format("json", "text/html", "{\"a\":\"x\"}", "x");
    expect_format("json", "text/html", "\"x\"", "(nothing)");
    expect_format("json", "application/x-www-form-urlencoded", "a=x",
                  "not usable JSON: the syntax is wrong (line 1, column 1)");
    expect_format("json", "", "[{]", "not usable JSON: the syntax is wrong (line 1, column 3)");
}

Test(format, form_is_a_form_unless_it_is_json_after_all)
{
    expect_format("form", "application/json", "a=x", "x");
    expect_format("form", "", "a=%C3%A4", "\xc3\xa4");
    expect_format("form", "", "{\"a\":\"x\"}", "x");
    expect_format("form", "", "a", "the answer is neither JSON nor a form");
    expect_format("form", "", "a=1&a=2", "the answer is neither JSON nor a form");
    expect_format("form", "", "a=%", "the answer is neither JSON nor a form");
    expect_format("form", "", "a=%ff", "the answer is neither JSON nor a form");
    expect_format("form", "", "a=%00", "the answer is neither JSON nor a form");
}

Test(format, xml_is_read_by_its_elements)
{
    expect_format("xml", "text/plain", "<?xml version=\"1.0\"?><a><b>x</b></a>", "x");
    expect_format("xml", "", "<a>x</a>", "x");
    expect_format("xml", "", "{\"a\":\"x\"}", "x");
    expect_format("xml", "", "<a>x</b>", "not usable XML: mismatched tag (line 1, column 7)");
    expect_format("xml", "", "<!DOCTYPE a><a/>",
                  "not usable XML: it has a document type (line 1, column 12)");
}

Test(format, text_is_not_looked_into)
{
    expect_format("text", "application/json", "{\"a\":\"x\"}", "(nothing)");
    expect_format("text", "", "<", "(nothing)");
}

Test(format, of_more_than_the_limit_is_refused)
{
    size_t len = (size_t)FOB_MAX_RESPONSE + 1;
    char *body = malloc(len);
    struct fob_http_response http = {.size = sizeof http, .status = 200, .body = body, .body_len = len};
    struct fob_answer_rule rule = {0};
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_answer read = {0};
    memset(body, ' ', len);
    cr_assert_eq(fob_answer_read(&rule, &http, &read, &error), FOB_E_LIMIT);
    cr_assert_eq(error.http_status, 200);
    http.body_len--;
    cr_assert_eq(fob_answer_read(&rule, &http, &read, &error), FOB_OK);
    free(body);
}

Test(format, of_the_base_holds_for_a_refresh)
{
    fob_auto_provider *provider = described("token: {response: {format: text}}");
    struct fob_answer_rule rule = refresh_rule_of(provider);
    struct fob_http_response http = answer(200, as_json, "{");
    fob_auto_answer read = {0};
    cr_assert_eq(fob_answer_read(&rule, &http, &read, NULL), FOB_OK);
    cr_assert_null(read.json);
}
