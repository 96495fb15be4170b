/* SPDX-License-Identifier: MIT */
/* What a token endpoint may answer, and what is made of it. */
#include "cleanup.h"
#include "response.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <string.h>

#define NOW 1000000

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
    fob_auto_json *object = NULL;
    fob_auto_token *token = fob_token_new();
    fob_err err = fob_response_read(&response, NOW, &object, error);
    if (err == FOB_OK)
        err = fob_response_error(&response, object, NOW, error);
    if (err == FOB_OK)
        err = fob_response_token(object, NOW, token, error);
    if (err == FOB_OK && ret_token)
        *ret_token = fob_steal(&token);
    return err;
}

Test(response, gives_the_token_and_its_facts)
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

Test(response, takes_odd_lifetimes_as_far_as_they_make_sense)
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

Test(response, may_be_a_form)
{
    fob_auto_token *token = NULL;
    cr_assert_eq(read_answer(answer(200, as_form, "access_token=a%2Bt&expires_in=60"), &token, NULL), FOB_OK);
    cr_assert_str_eq(fob_secret_peek(fob_token_access(token), NULL), "a+t");
    cr_assert_eq(fob_token_expires_at(token), NOW + 60000);
}

Test(response, that_is_no_token_is_one_clear_error)
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

Test(response, error_is_named_by_what_the_caller_can_do)
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

Test(response, description_reaches_the_person_without_control_characters)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(
        read_answer(
            answer(400, as_json, "{\"error\":\"invalid_scope\",\"error_description\":\"no\\u001b[2J such\"}"),
            NULL, &error),
        FOB_E_PROVIDER);
    cr_assert_str_eq(error.what, "the provider refused: invalid_scope: no?[2J such");
}

Test(response, says_how_long_to_wait)
{
    static const struct fob_pair fields[] = {{"Content-Type", "application/json"}, {"retry-after", "120"}};
    struct fob_http_response response = answer(429, fields, "{}");
    struct fob_error error = FOB_ERROR_INIT;
    response.n_fields = 2;
    cr_assert_eq(read_answer(response, NULL, &error), FOB_E_RATE_LIMITED);
    cr_assert_eq(error.retry_after_ms, 120000);
}
