/* SPDX-License-Identifier: MIT */
/* A flow by a descriptor, told as a script: what has to go out, to the byte, what comes in, and what becomes of it. */
#ifndef SUPPORT_SCRIPT_H
#define SUPPORT_SCRIPT_H

#include "cleanup.h"
#include "flows.h"
#include "pkce.h"
#include "text.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

/* A row of a script says what it needs, and no more. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define START INT64_C(1700000000000)
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define CLIENT "client-1"
#define CALLBACK "http://127.0.0.1:4711/callback"
#define CALLBACK_ENCODED "http%3A%2F%2F127.0.0.1%3A4711%2Fcallback"
#define TWO_URLS                                                                                             \
    "fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\n"

enum play { CODE = 0, MACHINE, REFRESH, REVOKE, VERIFY };

/* A request that has to go out, and its answer. */
struct exchange {
    const char *line; /* "POST https://acme.example/t" */
    const char
        *fields; /* "Name: value" lines: all but Accept and Content-Type where they are JSON and a form */
    const char *body;   /* NULL: none */
    int status;         /* 0: 200 */
    const char *answer; /* NULL: {"access_token":"at"} */
    const char *header; /* of the answer: the value of X-Header, or NULL */
};

/*
 * In what goes out <state>, <challenge>, <verifier> and <nonce> stand for the flow's own, and in what comes back <state>. The
 * old token, where there is one, is "old-at" with "old-rt", kept.realm=42 and the scopes "mail files".
 */
struct script {
    const char *name;
    enum play play;
    const char *lines;  /* behind TWO_URLS */
    const char *whole;  /* in their place, or NULL */
    const char *secret; /* of the client; NULL: it is public */
    const char *environment;
    const char *scopes[4];
    struct fob_pair variables[4], choices[2];
    const char *url;      /* of the authorization request; NULL: whatever it is */
    const char *callback; /* NULL: "state=<state>&code=c0de" */
    struct exchange exchanges[8];
    const char *chooses; /* the id that is fed when there is a choice */
    fob_err err;         /* how it ends; what happens later than its exchanges is not played */
    const char *what;    /* in that error */
    const char *token;   /* how it is told by tell_token; NULL: there is none */
};

/* --- texts -------------------------------------------------------------------------------------------------- */

static inline void put_in_place(char *text, size_t size, const char *value, const char *name)
{
    char *at;
    fob_auto_free char *copy = NULL;
    if (!value || !*value)
        return;
    while ((at = strstr(text, value)) != NULL) {
        free(copy);
        copy = fob_strdup(at + strlen(value));
        cr_assert_lt((size_t)(at - text) + strlen(name) + strlen(copy), size);
        memmove(at, name, strlen(name));
        memcpy(at + strlen(name), copy, strlen(copy) + 1);
    }
}

/* The text without what is random in it; good until the fourth next call. */
static inline const char *plain(const fob_flow *flow, const char *text)
{
    static char texts[4][16384];
    static unsigned turn;
    char *out = texts[turn++ % 4];
    fob_auto_buf challenge = FOB_BUF(128), hex = FOB_BUF(128);
    snprintf(out, sizeof texts[0], "%s", text);
    if (flow->verifier.len) {
        fob_pkce_challenge_s256(flow->verifier.data, &challenge);
        fob_pkce_challenge_s256_hex(flow->verifier.data, &hex);
    }
    put_in_place(out, sizeof texts[0], challenge.data, "<challenge>");
    put_in_place(out, sizeof texts[0], hex.data, "<hex-challenge>");
    put_in_place(out, sizeof texts[0], flow->verifier.data, "<verifier>");
    put_in_place(out, sizeof texts[0], flow->csrf.data, "<state>");
    put_in_place(out, sizeof texts[0], flow->nonce.data, "<nonce>");
    return out;
}

static inline const char *peek_or(const fob_secret *secret, const char *otherwise)
{
    return secret ? fob_secret_peek(secret, NULL) : otherwise;
}

/* "at rt scope=… in=60 refresh-in=… id=… label=… type=… use=… kept.x=… (partial)": what is as usual is left out. */
static inline const char *tell_token(const fob_token *token)
{
    static char texts[4][1024];
    static unsigned turn;
    char *out = texts[turn++ % 4];
    fob_auto_buf text = FOB_BUF(1000);
    fob_buf_fmt(&text, "%s %s", peek_or(token->access, "-"), peek_or(token->refresh, "-"));
    if (*token->scope)
        fob_buf_fmt(&text, " scope=%s", token->scope);
    if (token->expires_at)
        fob_buf_fmt(&text, " in=%lld", (long long)(token->expires_at - START) / 1000);
    if (token->refresh_expires_at)
        fob_buf_fmt(&text, " refresh-in=%lld", (long long)(token->refresh_expires_at - START) / 1000);
    if (token->renewal_due)
        fob_buf_fmt(&text, " due-in=%lld", (long long)(token->renewal_due - START) / 1000);
    if (*token->identity)
        fob_buf_fmt(&text, " id=%s", token->identity);
    if (*token->label)
        fob_buf_fmt(&text, " label=%s", token->label);
    if (strcmp(token->type, "Bearer") != 0)
        fob_buf_fmt(&text, " type=%s", token->type);
    if (*token->use_query)
        fob_buf_fmt(&text, " use=?%s", token->use_query);
    else if (strcmp(token->use_header, "Authorization") != 0 || strcmp(token->use_scheme, "Bearer") != 0)
        fob_buf_fmt(&text, " use=%s:%s", token->use_header, token->use_scheme);
    for (size_t i = 0; i < token->kept.values.n; i++)
        fob_buf_fmt(&text, " kept.%s=%s", token->kept.values.v[i].name, token->kept.values.v[i].value);
    for (size_t i = 0; i < token->use_fields.values.n; i++)
        fob_buf_fmt(&text, " with=%s:%s", token->use_fields.values.v[i].name,
                    token->use_fields.values.v[i].value);
    for (size_t i = 0; i < token->use_params.values.n; i++)
        fob_buf_fmt(&text, " with=?%s=%s", token->use_params.values.v[i].name,
                    token->use_params.values.v[i].value);
    if (token->partial)
        fob_buf_str(&text, " (partial)");
    snprintf(out, sizeof texts[0], "%s", text.data);
    return out;
}

static inline bool is_usual(const struct fob_pair *field)
{
    return (strcmp(field->name, "Accept") == 0 && strcmp(field->value, "application/json") == 0) ||
           (strcmp(field->name, "Content-Type") == 0 &&
            strcmp(field->value, "application/x-www-form-urlencoded") == 0);
}

static inline bool has_field(const struct fob_http_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_fields; i++)
        if (fob_ascii_ieq(request->fields[i].name, name))
            return true;
    return false;
}

static inline void tell_fields(const struct fob_http_request *request, struct fob_buf *out)
{
    for (size_t i = 0; i < request->n_fields; i++)
        if (!is_usual(&request->fields[i]))
            fob_buf_fmt(out, "%s%s: %s", out->len ? "\n" : "", request->fields[i].name,
                        request->fields[i].value);
    if (!has_field(request, "Accept"))
        fob_buf_fmt(out, "%sno Accept", out->len ? "\n" : "");
    if (request->body && !has_field(request, "Content-Type"))
        fob_buf_fmt(out, "%sno Content-Type", out->len ? "\n" : "");
    cr_assert_eq(fob_buf_finish(out, "the fields", NULL), FOB_OK);
}

/* --- the old token ------------------------------------------------------------------------------------------ */

static inline fob_secret *secret_of(const char *text)
{
    fob_secret *secret = NULL;
    if (text)
        cr_assert_eq(fob_secret_new(text, strlen(text), &secret, NULL), FOB_OK);
    return secret;
}

static inline fob_token *old_token(void)
{
    fob_token *token = fob_token_new();
    token->access = secret_of("old-at");
    token->refresh = secret_of("old-rt");
    token->obtained_at = START - 60000;
    token->expires_at = START + 1000;
    cr_assert_eq(fob_token_set(&token->scope, "mail files", 10, NULL), FOB_OK);
    cr_assert_eq(fob_token_set(&token->identity, "u-0", 3, NULL), FOB_OK);
    cr_assert_eq(fob_token_set(&token->label, "Ada", 3, NULL), FOB_OK);
    fob_kept_set(&token->kept, "realm", "42", false);
    return token;
}

/* --- playing ------------------------------------------------------------------------------------------------ */

static char logged[65536];

static inline void keep_log(void *user, enum fob_log_level level, const char *text)
{
    (void)user, (void)level;
    size_t used = strlen(logged);
    snprintf(logged + used, sizeof logged - used, "%s\n", text);
}

static inline size_t pairs_in(const struct fob_pair *v, size_t max)
{
    size_t n = 0;
    while (n < max && v[n].name)
        n++;
    return n;
}

static inline fob_provider *provider_of(const struct script *script)
{
    fob_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_DESCRIPTOR);
    fob_buf_fmt(&text, "%s%s", script->whole ? script->whole : TWO_URLS, script->lines ? script->lines : "");
    cr_assert_eq(fob_provider_parse(text.data, text.len, "acme.yaml", &provider, &error), FOB_OK,
                 "%s: line %u: %s", script->name, error.line, error.what);
    return provider;
}

/* The flow of the script, new. */
static inline fob_err begin_script(const struct script *script, fob_flow **ret_flow, struct fob_error *error)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes that are random";
    fob_auto_provider *provider = provider_of(script);
    fob_auto_secret *secret = secret_of(script->secret);
    fob_auto_client *client = NULL;
    fob_auto_token *old = old_token();
    cr_assert_eq(fob_client_new(CLIENT, secret, &client, NULL), FOB_OK);
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    params.provider = provider;
    params.client = client;
    params.environment = script->environment;
    params.variables = script->variables;
    params.n_variables = pairs_in(script->variables, COUNT(script->variables));
    params.choices = script->choices;
    params.n_choices = pairs_in(script->choices, COUNT(script->choices));
    params.scopes = script->scopes;
    while (params.n_scopes < COUNT(script->scopes) && script->scopes[params.n_scopes])
        params.n_scopes++;
    params.redirect_uri = script->play == MACHINE ? NULL : CALLBACK;
    params.seed = seed;
    params.log = (struct fob_logger){keep_log, NULL, FOB_LOG_DEBUG};
    switch (script->play) {
    case CODE:
        return fob_flow_authorization_code(&params, ret_flow, error);
    case MACHINE:
        return fob_flow_client_credentials(&params, ret_flow, error);
    case REFRESH:
        return fob_flow_refresh(&params, old, ret_flow, error);
    case REVOKE:
        return fob_flow_revoke(&params, old, ret_flow, error);
    default:
        return fob_flow_verify(&params, old, ret_flow, error);
    }
}

/* Comes back with the callback, <state> filled in. */
static inline fob_err come_back(fob_flow *flow, const char *callback, struct fob_error *error)
{
    char uri[4096];
    snprintf(uri, sizeof uri, "/callback?%s", callback);
    put_in_place(uri, sizeof uri, "<state>", flow->csrf.data);
    return fob_flow_feed_redirect(flow, START, uri, strlen(uri), error);
}

static inline void expect_request(const struct script *script, size_t n, const fob_flow *flow,
                                  const struct fob_http_request *request)
{
    const struct exchange *wanted = &script->exchanges[n];
    fob_auto_buf line = FOB_BUF((size_t)FOB_MAX_URL + 16), fields = FOB_BUF((size_t)65536);
    fob_auto_buf body = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    fob_buf_fmt(&line, "%s %s", request->method, request->url);
    tell_fields(request, &fields);
    fob_buf_add(&body, request->body ? request->body : "", request->body_len);
    cr_expect_str_eq(plain(flow, line.data), wanted->line, "%s, request %zu: %s", script->name, n,
                     plain(flow, line.data));
    cr_expect_str_eq(plain(flow, fields.data), wanted->fields ? wanted->fields : "", "%s, request %zu: %s",
                     script->name, n, plain(flow, fields.data));
    cr_expect_eq(request->body == NULL, wanted->body == NULL, "%s, request %zu", script->name, n);
    cr_expect_str_eq(plain(flow, body.data), wanted->body ? wanted->body : "", "%s, request %zu: %s",
                     script->name, n, plain(flow, body.data));
}

static inline fob_err give_answer(fob_flow *flow, const struct exchange *exchange, struct fob_error *error)
{
    const char *answer = exchange->answer ? exchange->answer : "{\"access_token\":\"at\"}";
    const struct fob_pair fields[] = {{"Content-Type", "application/json"}, {"X-Header", exchange->header}};
    struct fob_http_response response = {.size = sizeof response,
                                         .status = exchange->status ? exchange->status : 200,
                                         .fields = fields,
                                         .n_fields = exchange->header ? 2 : 1,
                                         .body = answer,
                                         .body_len = strlen(answer)};
    return fob_flow_feed_response(flow, START, &response, error);
}

/* Does what the flow wants, until it wants nothing more or fails. *ret_n: the requests that went out. */
static inline fob_err follow(const struct script *script, fob_flow *flow, size_t *ret_n,
                             struct fob_error *error)
{
    for (fob_err err = FOB_OK; err == FOB_OK;) {
        struct fob_action action = FOB_ACTION_INIT;
        err = fob_flow_next(flow, START, &action, error);
        if (err != FOB_OK)
            return err;
        switch (action.want) {
        case FOB_WANT_REDIRECT:
            if (script->url)
                cr_expect_str_eq(plain(flow, action.url), script->url, "%s: %s", script->name,
                                 plain(flow, action.url));
            err = come_back(flow, script->callback ? script->callback : "state=<state>&code=c0de", error);
            if (err == FOB_E_SECURITY && fob_flow_next(flow, START, &action, NULL) == FOB_OK)
                return err; /* ignored, and waited on */
            break;
        case FOB_WANT_HTTP:
            cr_assert(*ret_n < COUNT(script->exchanges) && script->exchanges[*ret_n].line,
                      "%s: one more request goes out: %s", script->name, action.request->url);
            expect_request(script, *ret_n, flow, action.request);
            err = give_answer(flow, &script->exchanges[(*ret_n)++], error);
            break;
        case FOB_WANT_CHOICE:
            cr_assert_not_null(script->chooses, "%s: there is something to choose", script->name);
            err = fob_flow_feed_choice(flow, START, script->chooses, error);
            break;
        case FOB_WANT_KEEP:
            err = fob_flow_feed_kept(flow, START, error);
            break;
        default:
            return FOB_OK;
        }
        if (err != FOB_OK)
            return err;
    }
    return FOB_OK;
}

static inline void play(const struct script *script)
{
    fob_auto_flow *flow = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    size_t n = 0;
    fob_err err = begin_script(script, &flow, &error);
    if (err == FOB_OK)
        err = follow(script, flow, &n, &error);
    const char *token = flow && fob_flow_token(flow) ? tell_token(fob_flow_token(flow)) : NULL;
    cr_expect_eq(err, script->err, "%s: it ends with %s: %s", script->name, fob_err_word(err), error.what);
    if (script->what)
        cr_expect(strstr(error.what, script->what), "%s: %s", script->name, error.what);
    cr_expect(n == COUNT(script->exchanges) || !script->exchanges[n].line, "%s: only %zu requests go out",
              script->name, n);
    cr_expect_eq(token == NULL, script->token == NULL, "%s: %s", script->name,
                 token ? token : "there is no token");
    if (token && script->token)
        cr_expect_str_eq(token, script->token, "%s: %s", script->name, token);
}

#define PLAY_ALL(scripts)                                                                                    \
    for (size_t i_ = 0; i_ < COUNT(scripts); i_++)                                                           \
    play(&(scripts)[i_])

#endif
