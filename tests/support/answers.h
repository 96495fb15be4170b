/* SPDX-License-Identifier: MIT */
/* Answers as providers give them, read by rules that stand in a descriptor. */
#ifndef TEST_ANSWERS_H
#define TEST_ANSWERS_H

#include "answer.h"
#include "cleanup.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOW INT64_C(1700000000000) /* 2023-11-14T22:13:20Z */
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)
#define N(array) (sizeof(array) / sizeof *(array))

/* A descriptor of two URLs and these lines. */
static inline fob_provider *described(const char *lines)
{
    fob_auto_buf yaml = FOB_BUF((size_t)8192);
    fob_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    fob_buf_fmt(
        &yaml,
        "fob: 1\nauthorization_endpoint: https://a.example/a\ntoken_endpoint: https://a.example/t\n%s\n",
        lines);
    fob_err err = fob_provider_parse(yaml.data, yaml.len, "acme.yaml", &provider, &error);
    cr_assert_eq(err, FOB_OK, "%s: line %u: %s", lines, error.line, error.what);
    return provider;
}

/* The rule of its token request. */
static inline struct fob_answer_rule rule_of(const fob_provider *provider)
{
    return (struct fob_answer_rule){.own = &provider->d.token.response,
                                    .scopes = &provider->d.scopes,
                                    .lifetimes = &provider->d.lifetimes};
}

/* The rule of its refresh request. */
static inline struct fob_answer_rule refresh_rule_of(const fob_provider *provider)
{
    struct fob_answer_rule rule = rule_of(provider);
    rule.base = rule.own;
    rule.own = &provider->d.refresh.request.response;
    return rule;
}

static inline struct fob_http_response http_answer(int status, const struct fob_pair *fields, size_t n_fields,
                                                   const char *body)
{
    return (struct fob_http_response){.size = sizeof(struct fob_http_response),
                                      .status = status,
                                      .fields = fields,
                                      .n_fields = n_fields,
                                      .body = body,
                                      .body_len = strlen(body)};
}

/* Reads as a flow does: the answer, then the error, then the token with what is kept. token may be filled before. */
static inline fob_err take(const struct fob_answer_rule *rule, const struct fob_http_response *http,
                           fob_token *token, struct fob_error *error)
{
    fob_auto_answer answer = {0};
    fob_err err = fob_answer_read(rule, http, &answer, error);
    if (err == FOB_OK)
        err = fob_answer_error(rule, &answer, error);
    if (err == FOB_OK)
        err = fob_answer_token(rule, &answer, NOW, token, error);
    if (err == FOB_OK)
        err = fob_answer_keep(rule, &answer, NULL, &token->kept, error);
    return err;
}

/* The token of a JSON body that is a success by the descriptor's lines. */
static inline fob_token *token_of(const char *lines, const char *body)
{
    fob_auto_provider *provider = described(lines);
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_http_response http = http_answer(200, NULL, 0, body);
    struct fob_error error = FOB_ERROR_INIT;
    fob_token *token = fob_token_new();
    cr_assert_eq(take(&rule, &http, token, &error), FOB_OK, "%s: %s", body, error.what);
    return token;
}

/* How a body with that status fails by the descriptor's lines. */
static inline fob_err failure_of(const char *lines, int status, const char *body, struct fob_error *error)
{
    fob_auto_provider *provider = described(lines);
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_http_response http = http_answer(status, NULL, 0, body);
    fob_auto_token *token = fob_token_new();
    *error = (struct fob_error)FOB_ERROR_INIT;
    return take(&rule, &http, token, error);
}

#endif
