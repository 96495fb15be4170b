/* SPDX-License-Identifier: MIT */
/* The inside of a flow: a state machine that every grant fills with its own steps. */
#ifndef CORE_FLOWS_H
#define CORE_FLOWS_H

#include "answer.h"
#include "hooks.h"
#include "pointer.h"
#include "redirect.h"
#include "rule.h"

#include <fob/flow.h>

enum fob_flow_state {
    FOB_STATE_NEW,      /* nothing was asked for yet */
    FOB_STATE_REDIRECT, /* the person is at the provider */
    FOB_STATE_REQUEST,  /* a request is on its way */
    FOB_STATE_KEEP,     /* a token is to be written down before the next step */
    FOB_STATE_CHOICE,   /* the person has to choose */
    FOB_STATE_DONE,
    FOB_STATE_FAILED
};

/* Where a flow is between its first request and its end; each stage sends what it has and goes on to the next. */
enum fob_stage {
    FOB_STAGE_BEFORE,   /* steps before the token request */
    FOB_STAGE_GRANT,    /* the grant's own requests */
    FOB_STAGE_AFTER,    /* steps after it */
    FOB_STAGE_USERINFO, /* whose token it is */
    FOB_STAGE_END
};

/* What one grant does. An error ends the flow, but for those of `redirect` that set *ret_ignored. */
struct fob_grant {
    const char *name;
    /* What comes before the stages; NULL: nothing. Sets the state when it waits for something. */
    fob_err (*begin)(fob_flow *flow, struct fob_error *error);
    fob_err (*redirect)(fob_flow *flow, const struct fob_redirect *redirect, bool *ret_ignored,
                        struct fob_error *error);
    /* FOB_STAGE_GRANT: sends a request. */
    fob_err (*ask)(fob_flow *flow, struct fob_error *error);
    /* Takes its answer; *ret_again: there is one more to send. */
    fob_err (*answer)(fob_flow *flow, const struct fob_http_response *response, bool *ret_again,
                      struct fob_error *error);
    bool is_login;  /* steps of `when: login` are run, and whose token it is is asked */
    bool has_steps; /* the stages around the grant's own are gone through */
};

#define FOB_MAX_ALSO 32 /* of one answer */
#define FOB_MAX_OPTIONS 256

struct fob_flow {
    const struct fob_grant *grant;
    enum fob_flow_state state;
    struct fob_error *failure; /* why it has failed; NULL when there was no memory to keep it */

    /* what it runs with */
    struct fob_binding binding;
    fob_client *client;
    struct fob_entropy entropy;
    struct fob_logger log;
    struct fob_call call;
    char *scope;             /* asked for, by spaces */
    struct fob_pairs groups; /* scopes asked for by group, by spaces */
    char *redirect_uri;      /* of this login, or of the one that a refresh goes back to; or NULL */
    struct fob_pairs authorize_params;
    struct fob_pairs choices; /* made beforehand: step and id */
    int64_t login_timeout_ms;

    /* what it is doing */
    enum fob_stage stage;
    size_t step;          /* in the descriptor's steps, while before or after */
    struct fob_rule rule; /* of the request that is on its way */
    char *url;            /* of the authorization request */
    int64_t until;
    struct fob_buf csrf, nonce, verifier; /* state, nonce, code_verifier */
    struct fob_request request;
    struct fob_buf body;                 /* for {body} */
    size_t revoked;                      /* how many of the tokens to be revoked are */
    struct fob_request_rule revoke_auth; /* what revoke takes over from token; borrowed */

    /* what it has learnt */
    struct fob_redirect callback;
    struct fob_buf code;
    struct fob_kept_values kept;
    struct fob_pairs named; /* values made for {names} */
    fob_token *old;         /* refresh, revoke, verify */
    fob_token *token;       /* given out when done, or when a later step failed */
    bool written;           /* the host has kept it */
    struct fob_also {
        char *name;
        fob_token *token;
    } also[FOB_MAX_ALSO];
    size_t n_also;

    /* what the person chooses from */
    json_t *list;               /* an answer's, or NULL */
    json_t **items;             /* in it, one an option */
    struct fob_option *options; /* their strings are the flow's */
    size_t n_options;
};

/* --- flow.c ------------------------------------------------------------------------------------------------- */

/* A flow over params, ready for its grant. Errors: as the constructors of flow.h. */
fob_err fob_flow_new(const struct fob_grant *grant, const struct fob_flow_params *params, fob_flow **ret_flow,
                     struct fob_error *error);

/* --- flow_token.c ------------------------------------------------------------------------------------------- */

/*
 * Client credentials in the place of a token from before: nobody logs in anew, so that nothing is chosen or asked again,
 * and what was learnt stays.
 */
fob_err fob_flow_client_credentials_again(const struct fob_flow_params *params, const fob_token *token,
                                          fob_flow **ret_flow, struct fob_error *error);

/* --- flow_stages.c ------------------------------------------------------------------------------------------ */

/* Sends what comes next, or ends the flow. */
fob_err fob_flow_proceed(fob_flow *flow, struct fob_error *error);
/* The answer to what was sent; then what comes next. */
fob_err fob_flow_take_answer(fob_flow *flow, const struct fob_http_response *response,
                             struct fob_error *error);
/* Whether there is an option of that id. */
bool fob_flow_has_option(const fob_flow *flow, const char *id);
/* Drops what the person chose from. */
void fob_flow_drop_options(fob_flow *flow);
/* The person has chosen; then what comes next. */
fob_err fob_flow_take_choice(fob_flow *flow, const char *id, struct fob_error *error);
/* The userinfo endpoint could not be asked, or told nothing of use: the login goes on. Returns what ends it anyway. */
fob_err fob_flow_without_userinfo(fob_flow *flow, const struct fob_error *why);
/* The host has kept the token; then what comes next. */
fob_err fob_flow_take_kept(fob_flow *flow, struct fob_error *error);

/* --- flow_names.c ------------------------------------------------------------------------------------------- */

/* What the {names} of this flow are. */
struct fob_expression_env fob_flow_env(fob_flow *flow);
/* fob_binding_expand with them. */
fob_err fob_flow_fill(fob_flow *flow, const char *template, bool percent, struct fob_buf *out,
                      bool *ret_missing, struct fob_error *error);
/* The scopes as the provider wants them: of a group, or with NULL the ordinary ones. NULL when there are none, or
 * no memory: flow->named.failed tells. */
const char *fob_flow_scope(fob_flow *flow, const char *group);

/* --- flow_request.c ----------------------------------------------------------------------------------------- */

/* Empties flow->request for a request of that rule; whoever calls sets its standard parameters. grant_type may be NULL. */
void fob_flow_request_begin(fob_flow *flow, struct fob_rule rule, const char *grant_type);
/* Endpoint, client authentication, the descriptor's parameters and fields, hooks: the request is ready to be sent. */
fob_err fob_flow_request_end(fob_flow *flow, const char *endpoint, struct fob_error *error);
/* Takes over what a map of the language says: values filled in, null ones out. Those without a value are left out. */
fob_err fob_flow_add_params(fob_flow *flow, const struct fob_map *map, struct fob_pairs *params,
                            struct fob_error *error);
/* The same for header fields, whose case does not matter and whose values are one line. */
fob_err fob_flow_add_fields(fob_flow *flow, const struct fob_map *map, struct fob_pairs *fields,
                            struct fob_error *error);

/* --- flow_auth.c -------------------------------------------------------------------------------------------- */

/* Adds how the client, or who holds the token, authenticates (RFC 6749 section 2.3, RFC 7523, RFC 6750). */
fob_err fob_flow_authenticate(fob_flow *flow, struct fob_error *error);

/* --- flow_callback.c ---------------------------------------------------------------------------------------- */

/* The redirect of an authorization code login: checks it and takes code and what is to be kept. */
fob_err fob_flow_take_callback(fob_flow *flow, const struct fob_redirect *redirect, bool *ret_ignored,
                               struct fob_error *error);

/* --- flow_answer.c ------------------------------------------------------------------------------------------ */

/* One answer while it is looked at: what the server sent, or what the plugin made of it. Freed by fob_flow_let_go. */
struct fob_flow_answer {
    struct fob_http_response response;
    struct fob_buf standard; /* the plugin's; data NULL when it set none */
    struct fob_answer read;
};
/* Reads the answer to flow->rule, with the hooks; an error of the provider's is told. */
fob_err fob_flow_read_answer(fob_flow *flow, const struct fob_http_response *response,
                             struct fob_flow_answer *ret, struct fob_error *error);
void fob_flow_let_go(fob_flow *flow, struct fob_flow_answer *answer);
/* How answers to flow->rule are read. */
struct fob_answer_rule fob_flow_answer_rule(const fob_flow *flow);

/* The answer of a token endpoint into flow->token, with its checks and hooks. */
fob_err fob_flow_take_token(fob_flow *flow, const struct fob_http_response *response,
                            struct fob_error *error);
/* The answer of a revocation endpoint, which holds nothing (RFC 7009 section 2.2). */
fob_err fob_flow_take_nothing(fob_flow *flow, const struct fob_http_response *response,
                              struct fob_error *error);
/* The ID token that a later answer brought: whose it is must not change. */
fob_err fob_flow_check_id_token(fob_flow *flow, const fob_token *token, struct fob_error *error);
/* Whose token it is, when the descriptor says that `from` tells it: from the answer, or from one item of it. */
fob_err fob_flow_take_identity(fob_flow *flow, const char *from, const struct fob_answer *answer,
                               json_t *item, fob_token *token, struct fob_error *error);

/* --- idtoken.c ---------------------------------------------------------------------------------------------- */

/* What an ID token is held to. NULL: not known, not checked. */
struct fob_id_expectation {
    const char *issuer, *client_id, *nonce;
    int64_t now;
};

/*
 * The claims of an ID token that came straight from the token endpoint over TLS, which stands in for its signature
 * (OpenID Connect Core section 3.1.3.7, 6). *ret_subject (freed by the caller) is its "sub". Errors: FOB_E_SECURITY
 * (a claim that does not fit), FOB_E_PROTOCOL, FOB_E_MEMORY.
 */
fob_err fob_id_token_check(const fob_secret *id_token, const struct fob_id_expectation *expected,
                           char **ret_subject, struct fob_error *error);

/* The "sub" of an ID token that was checked before. Errors: FOB_E_PROTOCOL, FOB_E_MEMORY. */
fob_err fob_id_token_subject(const fob_secret *id_token, char **ret_subject, struct fob_error *error);

#endif
