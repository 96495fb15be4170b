/* SPDX-License-Identifier: MIT */
/* A request's parameters become a form, a JSON object or a query, and its log line holds none of them. */
#include "request.h"
#include "text.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fob_request with_params(const char *method, const char *url)
{
    struct fob_request request = {.method = method, .url = fob_strdup(url)};
    fob_pairs_set(&request.params, "grant_type", "client_credentials");
    fob_pairs_set(&request.params, "scope", "a b&c=d");
    return request;
}

Test(request, is_a_form_by_default)
{
    struct fob_request request = with_params("POST", "https://acme.example/token");
    cr_assert_eq(fob_request_seal(&request, NULL), FOB_OK);
    cr_assert_str_eq(request.view.body, "grant_type=client_credentials&scope=a+b%26c%3Dd");
    cr_assert_eq(request.view.body_len, strlen(request.view.body));
    cr_assert_str_eq(fob_pairs_get_field(request.view.fields, request.view.n_fields, "content-type"),
                     "application/x-www-form-urlencoded");
    fob_request_free(&request);
}

Test(request, can_be_json)
{
    struct fob_request request = with_params("POST", "https://acme.example/token");
    request.encoding = FOB_ENCODE_JSON;
    cr_assert_eq(fob_request_seal(&request, NULL), FOB_OK);
    cr_assert_str_eq(request.view.body, "{\"grant_type\":\"client_credentials\",\"scope\":\"a b&c=d\"}");
    fob_request_free(&request);
}

Test(request, by_get_keeps_the_query_that_was_there)
{
    struct fob_request request = with_params("GET", "https://acme.example/token?v=2");
    cr_assert_eq(fob_request_seal(&request, NULL), FOB_OK);
    cr_assert_str_eq(request.view.url,
                     "https://acme.example/token?v=2&grant_type=client_credentials&scope=a+b%26c%3Dd");
    cr_assert_null(request.view.body);
    fob_request_free(&request);
}

Test(request, longer_than_the_limit_is_refused)
{
    struct fob_request request = {.method = "POST", .url = fob_strdup("https://acme.example/token")};
    struct fob_error error;
    char *large = calloc(1, FOB_MAX_REQUEST_BODY + 1);
    memset(large, 'a', FOB_MAX_REQUEST_BODY);
    fob_pairs_set(&request.params, "x", large);
    cr_assert_eq(fob_request_seal(&request, &error), FOB_E_LIMIT);
    cr_assert(fob_starts_with(error.what, "the request's body is longer than"));
    free(large);
    fob_request_free(&request);
}

static void keep_line(void *user, enum fob_log_level level, const char *text)
{
    (void)level;
    snprintf(user, 200, "%s", text);
}

Test(request, is_logged_without_its_query)
{
    char line[200] = "";
    struct fob_logger logger = {keep_line, line, FOB_LOG_DEBUG};
    struct fob_http_request request = {.method = "GET", .url = "https://acme.example/token?code=s3cret"};
    fob_log_request(&logger, &request);
    cr_assert_str_eq(line, "GET https://acme.example/token");
}

Test(request, as_json_takes_utf8_only_and_sends_nothing_less)
{
    struct fob_request request = with_params("POST", "https://acme.example/token");
    struct fob_error error = FOB_ERROR_INIT;
    request.encoding = FOB_ENCODE_JSON;
    fob_pairs_set(&request.params, "client_secret", "no-utf8-\xff");
    cr_expect_eq(fob_request_seal(&request, &error), FOB_E_CONFIG);
    cr_expect(strstr(error.what, "client_secret") && !strstr(error.what, "no-utf8"), "%s", error.what);
    fob_request_free(&request);
}
