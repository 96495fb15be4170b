/* SPDX-License-Identifier: MIT */
/* Flows in fake time: making one, answering what it asks for, and looking at what it sends. */
#ifndef SUPPORT_FAKE_FLOW_H
#define SUPPORT_FAKE_FLOW_H

#include "cleanup.h"
#include "text.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define START 1700000000000
#define SECRET "s3cret-of-the-client"
#define CODE "code-from-the-redirect"
#define CALLBACK "http://127.0.0.1:4711/callback"
#define AT "at-1-of-the-person"
#define RT "rt-1-of-the-person"

#define DESCRIPTOR                                                                                           \
    "fob: 1\n"                                                                                               \
    "issuer: https://acme.example\n"                                                                         \
    "authorization_endpoint: https://acme.example/authorize\n"                                               \
    "token_endpoint: https://acme.example/token\n"                                                           \
    "revocation_endpoint: https://acme.example/revoke\n"

/* --- all that was logged ------------------------------------------------------------------------------------ */

static char logged[65536];

static inline void keep_log(void *user, enum fob_log_level level, const char *text)
{
    (void)user;
    (void)level;
    size_t used = strlen(logged);
    snprintf(logged + used, sizeof logged - used, "%s\n", text);
}

/* --- making one --------------------------------------------------------------------------------------------- */

typedef fob_err constructor(const struct fob_flow_params *, fob_flow **, struct fob_error *);

static inline struct fob_flow_params params_for(fob_provider *provider, const fob_client *client,
                                                const char *const *scopes)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes that are random";
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    params.provider = provider;
    params.client = client;
    params.scopes = scopes;
    params.n_scopes = scopes ? 1 : 0;
    params.redirect_uri = CALLBACK;
    params.seed = seed;
    params.log = (struct fob_logger){keep_log, NULL, FOB_LOG_DEBUG};
    return params;
}

static inline fob_client *client_with(const char *secret_text)
{
    fob_auto_secret *secret = NULL;
    fob_client *client = NULL;
    if (secret_text)
        cr_assert_eq(fob_secret_new(secret_text, strlen(secret_text), &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new("my client", secret, &client, NULL), FOB_OK);
    return client;
}

static inline fob_flow *make(constructor *construct, const char *yaml, const char *secret_text,
                             const char *const *scopes)
{
    fob_auto_provider *provider = NULL;
    fob_auto_client *client = client_with(secret_text);
    fob_flow *flow = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_provider_parse(yaml, strlen(yaml), "acme.yaml", &provider, &error), FOB_OK, "%s",
                 error.what);
    struct fob_flow_params params = params_for(provider, client, scopes);
    cr_assert_eq(construct(&params, &flow, &error), FOB_OK, "%s", error.what);
    return flow;
}

/* --- running it --------------------------------------------------------------------------------------------- */

static inline struct fob_action next(fob_flow *flow, int64_t now)
{
    struct fob_action action = FOB_ACTION_INIT;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_flow_next(flow, now, &action, &error), FOB_OK, "%s", error.what);
    return action;
}

static inline fob_err answer(fob_flow *flow, int status, const char *body, struct fob_error *error)
{
    static const struct fob_pair json[] = {{"Content-Type", "application/json"}, {"X-Odd", "odd"}};
    struct fob_http_response response = {.size = sizeof response,
                                         .status = status,
                                         .fields = json,
                                         .n_fields = 2,
                                         .body = body,
                                         .body_len = strlen(body)};
    return fob_flow_feed_response(flow, START + 1000, &response, error);
}

/* One query parameter of the authorization URL, as written. */
static inline char *query(const char *url, const char *name)
{
    char start[64];
    snprintf(start, sizeof start, "%s=", name);
    for (const char *at = strpbrk(url, "?&"); at; at = strpbrk(at + 1, "&"))
        if (fob_starts_with(at + 1, start))
            return fob_strndup(at + 1 + strlen(start), strcspn(at + 1 + strlen(start), "&"));
    return NULL;
}

static inline fob_err redirect(fob_flow *flow, const char *more, struct fob_error *error)
{
    char uri[1024];
    fob_auto_free char *state = query(next(flow, START).url, "state");
    snprintf(uri, sizeof uri, "/callback?state=%s%s", state, more);
    return fob_flow_feed_redirect(flow, START + 500, uri, strlen(uri), error);
}

static inline const char *field(const struct fob_http_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_fields; i++)
        if (strcmp(request->fields[i].name, name) == 0)
            return request->fields[i].value;
    return "";
}

/* --- a token from before ------------------------------------------------------------------------------------ */

static fob_token *held;

static inline fob_err refresh_held(const struct fob_flow_params *params, fob_flow **ret_flow,
                                   struct fob_error *error)
{
    return fob_flow_refresh(params, held, ret_flow, error);
}

static inline fob_err revoke_held(const struct fob_flow_params *params, fob_flow **ret_flow,
                                  struct fob_error *error)
{
    return fob_flow_revoke(params, held, ret_flow, error);
}

static inline void hold_a_token(void)
{
    static const char *const mail[] = {"mail"};
    fob_auto_flow *flow = make(fob_flow_client_credentials, DESCRIPTOR, SECRET, mail);
    next(flow, START);
    cr_assert_eq(answer(flow, 200,
                        "{\"access_token\":\"" AT "\",\"refresh_token\":\"" RT "\",\"expires_in\":60}", NULL),
                 FOB_OK);
    held = fob_token_ref(fob_flow_token(flow));
}

static inline void let_go(void)
{
    fob_token_unref(&held);
}

#endif
