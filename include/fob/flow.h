/* SPDX-License-Identifier: MIT */
/*
 * Flows: one run of a grant, as a pure state machine. It asks for things through fob_flow_next and is fed
 * answers; it never touches a socket, a file, a clock or randomness. Time is milliseconds since
 * 1970-01-01 UTC and comes in with every call; it may stand still or jump without harm.
 *
 *     for (;;) {
 *         fob_flow_next(flow, now, &action, &error);
 *         switch (action.want) {
 *         case FOB_WANT_HTTP:     send action.request, then fob_flow_feed_response or …_feed_failure
 *         case FOB_WANT_REDIRECT: open action.url, wait for the redirect, then fob_flow_feed_redirect
 *         case FOB_WANT_CHOICE:   ask which of action.options, then fob_flow_feed_choice
 *         case FOB_WANT_KEEP:     write fob_flow_token down, then fob_flow_feed_kept
 *         case FOB_WANT_WAIT:     come back at action.until
 *         case FOB_WANT_NOTHING:  fob_flow_token has the token
 *         }
 *     }
 *
 * A flow is used by one thread at a time; different flows are independent.
 */
#ifndef FOB_FLOW_H
#define FOB_FLOW_H

#include <fob/client.h>
#include <fob/http.h>
#include <fob/log.h>
#include <fob/provider.h>
#include <fob/token.h>

FOB_BEGIN_DECLS

typedef struct fob_flow fob_flow;

#define FOB_FLOW_SEED 32 /* bytes */

/*
 * What a flow runs with. Set size to sizeof and leave what does not apply zeroed; FOB_FLOW_PARAMS_INIT
 * does the first. All of it is copied or referenced by the constructor and may go afterwards.
 */
struct fob_flow_params {
    size_t size;
    fob_provider *provider;
    const fob_client *client;
    const char *environment; /* one of the descriptor's, or NULL for none */
    const struct fob_pair *variables;
    size_t n_variables;
    const char *const *scopes; /* NULL and 0: the descriptor's default */
    size_t n_scopes;
    /* Authorization code only: where the browser is sent back to (RFC 6749 section 3.1.2). */
    const char *redirect_uri;
    /* Added to the authorization request: login_hint, prompt … Never what the flow itself sets. */
    const struct fob_pair *authorize_params;
    size_t n_authorize_params;
    int64_t login_timeout_ms; /* for the person; 0: FOB_LOGIN_TIMEOUT_MS */
    /* FOB_FLOW_SEED fresh random bytes, from which state, nonce and code_verifier are derived. Required. */
    const unsigned char *seed;
    struct fob_logger log;
    /* Choices made beforehand: the name of a step and the id of an option. Others are asked for. */
    const struct fob_pair *choices;
    size_t n_choices;
};

#define FOB_FLOW_PARAMS_INIT                                                                                 \
    {                                                                                                        \
        .size = sizeof(struct fob_flow_params)                                                               \
    }

/*
 * Makes a flow; the caller frees it with fob_flow_free. Nothing is sent before the first fob_flow_next.
 *   authorization_code: RFC 6749 section 4.1 with PKCE (RFC 7636), state, nonce where "openid" is among
 *     the scopes (OpenID Connect Core section 3.1.2.1), and the iss check of RFC 9207.
 *   client_credentials: RFC 6749 section 4.4.
 *   refresh: RFC 6749 section 6, for `token`, which must hold a refresh token unless the provider refreshes with something
 *     else (refresh.with). An answer without a refresh token keeps the old one, one without a scope the old scope.
 *   revoke: RFC 7009, first the refresh token, then the access token. Ends without a token.
 *   verify: the request that tells whether `token` is good (verify). Ends without a token; FOB_E_NEEDS_LOGIN and FOB_E_CLIENT
 *     say that it is not.
 * Errors: FOB_E_ARGUMENT; FOB_E_CONFIG when a variable is missing or does not match its pattern, the
 * environment is unknown, or the provider cannot do the grant; FOB_E_PLUGIN when a hook breaks a rule;
 * FOB_E_LIMIT; FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_flow_authorization_code(const struct fob_flow_params *params,
                                                          fob_flow **ret_flow, struct fob_error *error);
FOB_API FOB_NODISCARD fob_err fob_flow_client_credentials(const struct fob_flow_params *params,
                                                          fob_flow **ret_flow, struct fob_error *error);
FOB_API FOB_NODISCARD fob_err fob_flow_refresh(const struct fob_flow_params *params, const fob_token *token,
                                               fob_flow **ret_flow, struct fob_error *error);
FOB_API FOB_NODISCARD fob_err fob_flow_revoke(const struct fob_flow_params *params, const fob_token *token,
                                              fob_flow **ret_flow, struct fob_error *error);

FOB_API FOB_NODISCARD fob_err fob_flow_verify(const struct fob_flow_params *params, const fob_token *token,
                                              fob_flow **ret_flow, struct fob_error *error);

/* Wipes and frees *flow and sets it to NULL. NULL is fine. */
FOB_API void fob_flow_free(fob_flow **flow);

enum fob_want {
    FOB_WANT_NOTHING = 0, /* finished */
    FOB_WANT_HTTP = 1,    /* send `request`; feed the response or the failure */
    FOB_WANT_REDIRECT =
        2,             /* have the person open `url`; feed what comes back at `redirect_uri` before `until` */
    FOB_WANT_WAIT = 3, /* call fob_flow_next again at `until` */
    FOB_WANT_CHOICE = 4, /* let the person choose one of `options`; feed its id */
    FOB_WANT_KEEP =
        5 /* the provider has granted a token and the flow goes on: write fob_flow_token down now, so that it
                            cannot be lost, then fob_flow_feed_kept. A host that keeps nothing feeds it at once. */
};

/* How the redirect comes back (OAuth 2.0 Multiple Response Types section 2.1, OAuth 2.0 Form Post Response Mode). */
enum fob_redirect_mode { FOB_REDIRECT_QUERY = 0, FOB_REDIRECT_FORM_POST = 1, FOB_REDIRECT_FRAGMENT = 2 };

/* One of several that a person chooses from: what to feed, and what to show (UTF-8 without control characters). */
struct fob_option {
    const char *id;
    const char *label;
};

/* Pointers are the flow's, valid until it is fed or freed. What does not apply is NULL or 0. */
struct fob_action {
    size_t size; /* set to sizeof before the call */
    enum fob_want want;
    const struct fob_http_request *request;
    const char *url;
    const char *redirect_uri;
    int64_t until; /* milliseconds since 1970 */
    enum fob_redirect_mode redirect_mode;
    const char *step; /* FOB_WANT_CHOICE: what is chosen, as the descriptor calls it */
    const struct fob_option *options;
    size_t n_options;
    const char *
        warning; /* FOB_WANT_REDIRECT: what makes this login weaker than it should be, for the person; or NULL */
};

#define FOB_ACTION_INIT                                                                                      \
    {                                                                                                        \
        .size = sizeof(struct fob_action)                                                                    \
    }

/*
 * What the flow wants at time now. Twice in a row gives the same answer. Once a flow has failed it
 * returns that failure for ever.
 * Errors: FOB_E_EXPIRED when the person took too long; otherwise what the flow failed with before.
 */
FOB_API FOB_NODISCARD fob_err fob_flow_next(fob_flow *flow, int64_t now, struct fob_action *ret_action,
                                            struct fob_error *error);

/*
 * The response to the request asked for. The flow copies what it needs.
 * Returns FOB_OK when the flow can go on (ask fob_flow_next). Errors end the flow: FOB_E_PROTOCOL,
 * FOB_E_PROVIDER, FOB_E_CLIENT, FOB_E_NEEDS_LOGIN (invalid_grant), FOB_E_DENIED, FOB_E_SERVER,
 * FOB_E_RATE_LIMITED, FOB_E_SECURITY, FOB_E_PLUGIN, FOB_E_LIMIT, FOB_E_MEMORY. FOB_E_STATE: no request
 * was asked for; the flow is as before.
 */
FOB_API fob_err fob_flow_feed_response(fob_flow *flow, int64_t now, const struct fob_http_response *response,
                                       struct fob_error *error);

/*
 * The request could not be carried out, for the reason in *failure (FOB_E_NETWORK, FOB_E_TLS …). Ends the
 * flow with that error, which is also returned. FOB_E_STATE: no request was asked for.
 */
FOB_API fob_err fob_flow_feed_failure(fob_flow *flow, int64_t now, const struct fob_error *failure,
                                      struct fob_error *error);

/*
 * The redirect that came back (RFC 6749 section 4.1.2): the whole URI, or its path and query as a listener
 * sees them; len bytes, up to FOB_MAX_REDIRECT. Untrusted. A redirect that does not carry this flow's state is not an
 * answer to it: FOB_E_SECURITY is returned and the flow goes on waiting, so that a forged or stale one
 * cannot end a login. All other errors end the flow: FOB_E_DENIED (access_denied), FOB_E_SECURITY (a
 * foreign iss), FOB_E_PROVIDER, FOB_E_SERVER, FOB_E_PROTOCOL (no code, or two), FOB_E_EXPIRED,
 * FOB_E_LIMIT, FOB_E_MEMORY. FOB_E_STATE: no redirect was asked for; the flow is as before.
 */
FOB_API fob_err fob_flow_feed_redirect(fob_flow *flow, int64_t now, const char *uri, size_t len,
                                       struct fob_error *error);

/*
 * The id of the option that was chosen. FOB_E_ARGUMENT: there is no such option; FOB_E_STATE: no choice was asked for; the
 * flow is as before. Other errors end the flow: as fob_flow_feed_response.
 */
FOB_API fob_err fob_flow_feed_choice(fob_flow *flow, int64_t now, const char *id, struct fob_error *error);

/*
 * The token was written down (FOB_WANT_KEEP). Errors end the flow: as fob_flow_feed_response. FOB_E_STATE: that was not
 * asked for; the flow is as before.
 */
FOB_API fob_err fob_flow_feed_kept(fob_flow *flow, int64_t now, struct fob_error *error);

/* Ends the flow with FOB_E_CANCELLED, unless it has ended before. Always FOB_OK. */
FOB_API fob_err fob_flow_cancel(fob_flow *flow);

/*
 * The token, or NULL while there is none. It is there as soon as the provider has granted it, and stays when a later step of
 * the flow fails: fob_token_is_whole tells. Lives as long as the flow; take a reference to keep it.
 */
FOB_API fob_token *fob_flow_token(const fob_flow *flow);

/*
 * The nth further token that came with it from 0, and its name in the descriptor; NULL past the end. Lives as long as the
 * flow.
 */
FOB_API fob_token *fob_flow_also(const fob_flow *flow, size_t n, const char **ret_name);

FOB_END_DECLS

#endif
