/* SPDX-License-Identifier: MIT */
/* The inside of a flow: a state machine that every grant fills with its own steps. */
#ifndef CORE_FLOWS_H
#define CORE_FLOWS_H

#include "hooks.h"
#include "json.h"
#include "redirect.h"

#include <fob/flow.h>

enum fob_flow_state {
    FOB_STATE_NEW,      /* nothing was asked for yet */
    FOB_STATE_REDIRECT, /* the person is at the provider */
    FOB_STATE_REQUEST,  /* a request is on its way */
    FOB_STATE_DONE,
    FOB_STATE_FAILED
};

/* What one grant does at each turn. An error ends the flow, but for those of `redirect` that set *ret_ignored. */
struct fob_grant {
    const char *name;
    fob_err (*begin)(fob_flow *flow, struct fob_error *error);
    fob_err (*redirect)(fob_flow *flow, const struct fob_redirect *redirect, bool *ret_ignored,
                        struct fob_error *error);
    fob_err (*response)(fob_flow *flow, const struct fob_http_response *response, struct fob_error *error);
};

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
    char *scope;        /* asked for, by spaces */
    char *redirect_uri; /* authorization code */
    struct fob_pairs authorize_params;
    int64_t login_timeout_ms;

    /* what it is doing */
    char *url; /* of the authorization request */
    int64_t until;
    struct fob_buf csrf, nonce, verifier; /* state, nonce, code_verifier */
    struct fob_request request;
    fob_token *old;   /* refresh, revoke */
    fob_token *token; /* being made; given out when done */
    bool revoking_access;
};

/* --- flow.c ------------------------------------------------------------------------------------------------- */

/* A flow over params, ready for its grant. Errors: as the constructors of flow.h. */
fob_err fob_flow_new(const struct fob_grant *grant, const struct fob_flow_params *params, fob_flow **ret_flow,
                     struct fob_error *error);

/* --- flow_request.c ----------------------------------------------------------------------------------------- */

/* Empties flow->request for a token or revocation request; the grant then sets its parameters. */
void fob_flow_request_begin(fob_flow *flow, const char *grant_type);
/* Endpoint, the descriptor's parameters and fields, client authentication, hooks: the request is ready to be sent. */
fob_err fob_flow_request_end(fob_flow *flow, const char *endpoint, struct fob_error *error);

/* {client_id}, {redirect_uri} and {scope} for fob_binding_expand. user is the flow. */
const char *fob_flow_name(void *user, const char *name);

/* Adds how the client authenticates (RFC 6749 section 2.3). */
fob_err fob_client_authenticate(const struct fob_binding *binding, const fob_client *client,
                                struct fob_request *request, struct fob_error *error);

/* --- flow_answer.c ------------------------------------------------------------------------------------------ */

/* The answer of a token endpoint into flow->token, with its checks and hooks; the flow is done then. */
fob_err fob_flow_take_token(fob_flow *flow, const struct fob_http_response *response,
                            struct fob_error *error);
/* The same for a revocation endpoint, which answers with nothing (RFC 7009 section 2.2). */
fob_err fob_flow_take_nothing(fob_flow *flow, const struct fob_http_response *response,
                              struct fob_error *error);

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
