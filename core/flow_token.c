/* SPDX-License-Identifier: MIT */
/* The grants without a person: client credentials (RFC 6749 section 4.4), refresh (section 6), RFC 7009, and verify. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "text.h"
#include "tokens.h"

#include <stdio.h>
#include <string.h>

static fob_err take_token(fob_flow *flow, const struct fob_http_response *response, bool *ret_again,
                          struct fob_error *error)
{
    (void)ret_again;
    return fob_flow_take_token(flow, response, error);
}

/* --- client credentials ------------------------------------------------------------------------------------- */

static fob_err ask_client_credentials(fob_flow *flow, struct fob_error *error)
{
    struct fob_rule rule = fob_rule_of_grant(&flow->binding.provider->d, "client_credentials");
    fob_flow_request_begin(flow, rule, "client_credentials");
    const char *scope = fob_flow_scope(flow, NULL);
    if (scope)
        fob_pairs_set(&flow->request.params, "scope", scope);
    return fob_flow_request_end(flow, "token_endpoint", error);
}

static const struct fob_grant client_credentials = {.name = "client_credentials",
                                                    .ask = ask_client_credentials,
                                                    .answer = take_token,
                                                    .is_login = true,
                                                    .has_steps = true};

fob_err fob_flow_client_credentials(const struct fob_flow_params *params, fob_flow **ret_flow,
                                    struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    fob_err err = fob_flow_new(&client_credentials, params, &flow, error);
    if (err != FOB_OK)
        return err;
    if (!fob_provider_supports(params->provider, "client_credentials"))
        return fob_fail(error, FOB_E_CONFIG, "use a grant that it has: see `fob providers ID`",
                        "%s does not do the client credentials grant", params->provider->d.id);
    *ret_flow = fob_steal(&flow);
    return FOB_OK;
}

/* --- a token from before ------------------------------------------------------------------------------------ */

static fob_err hold(fob_flow *flow, const fob_token *token, struct fob_error *error)
{
    fob_err err = fob_token_copy(token, &flow->old, error);
    flow->call.old = flow->old;
    if (err == FOB_OK && fob_kept_copy(&flow->kept, &token->kept) != FOB_OK)
        err = fob_no_memory(error);
    return err;
}

/* --- client credentials again -------------------------------------------------------------------------------- */

static const struct fob_grant client_credentials_again = {
    .name = "client_credentials", .ask = ask_client_credentials, .answer = take_token, .has_steps = true};

fob_err fob_flow_client_credentials_again(const struct fob_flow_params *params, const fob_token *token,
                                          fob_flow **ret_flow, struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    fob_err err = fob_flow_new(&client_credentials_again, params, &flow, error);
    if (err == FOB_OK)
        err = hold(flow, token, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}

/* --- refresh ------------------------------------------------------------------------------------------------ */

static fob_err ask_refresh(fob_flow *flow, struct fob_error *error)
{
    const struct fob_descriptor *d = &flow->binding.provider->d;
    bool by_client = d->refresh.with == FOB_WITH_CLIENT_CREDENTIALS;
    const char *refresh_token = fob_secret_peek(flow->old->refresh, NULL);
    fob_flow_request_begin(flow, fob_rule_of_grant(d, "refresh_token"),
                           by_client ? "client_credentials" : "refresh_token");
    if (d->refresh.with <= FOB_WITH_REFRESH_TOKEN) {
        fob_pairs_set(&flow->request.params, "refresh_token", refresh_token);
        fob_hook_value(&flow->call, "refresh_token", refresh_token);
    }
    return fob_flow_request_end(flow, "token_endpoint", error);
}

static const struct fob_grant refresh = {
    .name = "refresh_token", .ask = ask_refresh, .answer = take_token, .has_steps = true};

fob_err fob_flow_refresh(const struct fob_flow_params *params, const fob_token *token, fob_flow **ret_flow,
                         struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    if (!token || !params || !params->provider)
        return fob_fail(error, FOB_E_ARGUMENT, "log in again", "there is no token to refresh");
    if (!token->refresh && params->provider->d.refresh.with <= FOB_WITH_REFRESH_TOKEN)
        return fob_fail(error, FOB_E_ARGUMENT, "log in again", "there is no refresh token");
    fob_err err = fob_flow_new(&refresh, params, &flow, error);
    if (err == FOB_OK)
        err = hold(flow, token, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}

/* --- revoke (RFC 7009) -------------------------------------------------------------------------------------- */

/* The nth token to be revoked; its kind, or NULL past the end. */
static const char *nth_token(const fob_flow *flow, size_t n)
{
    static const char *const usual[] = {"refresh_token", "access_token"};
    const struct fob_strings *given = &flow->binding.provider->d.revoke.tokens;
    if (given->n)
        return n < given->n ? given->v[n] : NULL;
    return n < 2 ? usual[n] : NULL;
}

static const fob_secret *token_of(const fob_flow *flow, const char *kind)
{
    return strcmp(kind, "refresh_token") == 0 ? flow->old->refresh : flow->old->access;
}

/* The client authenticates there as at the token endpoint, unless the block says otherwise. */
static struct fob_rule revoke_rule(fob_flow *flow)
{
    const struct fob_descriptor *d = &flow->binding.provider->d;
    flow->revoke_auth.auth = d->token.auth;
    flow->revoke_auth.jwt = d->token.jwt;
    return (struct fob_rule){&d->revoke.request, &flow->revoke_auth, false};
}

static fob_err ask_revoke(fob_flow *flow, struct fob_error *error)
{
    const char *kind = nth_token(flow, flow->revoked);
    const char *token = fob_secret_peek(token_of(flow, kind), NULL);
    fob_flow_request_begin(flow, revoke_rule(flow), NULL);
    fob_pairs_set(&flow->request.params, "token", token);
    fob_pairs_set(&flow->request.params, "token_type_hint", kind);
    fob_pairs_set(&flow->named, "token", token);
    fob_pairs_set(&flow->named, "token_type_hint", kind);
    fob_hook_value(&flow->call, "refresh_token", NULL);
    fob_hook_value(&flow->call, kind, token);
    return fob_flow_request_end(flow, "revocation_endpoint", error);
}

static void skip_absent(fob_flow *flow)
{
    while (nth_token(flow, flow->revoked) && !token_of(flow, nth_token(flow, flow->revoked)))
        flow->revoked++;
}

static fob_err begin_revoke(fob_flow *flow, struct fob_error *error)
{
    skip_absent(flow);
    if (nth_token(flow, flow->revoked))
        return FOB_OK;
    return fob_fail(error, FOB_E_ARGUMENT, NULL, "there is no token that could be revoked");
}

/* A server that cannot revoke one kind (RFC 7009 section 2.2.1) may still revoke the other. */
static fob_err take_revoked(fob_flow *flow, const struct fob_http_response *response, bool *ret_again,
                            struct fob_error *error)
{
    struct fob_error own = FOB_ERROR_INIT;
    fob_err err = fob_flow_take_nothing(flow, response, &own);
    if (err != FOB_OK && strcmp(own.oauth_error, "unsupported_token_type") != 0) {
        if (error)
            *error = own;
        return err;
    }
    flow->revoked++;
    skip_absent(flow);
    *ret_again = nth_token(flow, flow->revoked) != NULL;
    return FOB_OK;
}

static const struct fob_grant revoke = {
    .name = "revoke", .begin = begin_revoke, .ask = ask_revoke, .answer = take_revoked};

fob_err fob_flow_revoke(const struct fob_flow_params *params, const fob_token *token, fob_flow **ret_flow,
                        struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    if (!token)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "there is no token to revoke");
    fob_err err = fob_flow_new(&revoke, params, &flow, error);
    if (err == FOB_OK && !fob_binding_metadata(&flow->binding, "revocation_endpoint") &&
        !flow->binding.provider->d.revoke.request.endpoint && !flow->binding.provider->plugin)
        err = fob_fail(error, FOB_E_CONFIG, NULL, "%s has no revocation_endpoint",
                       flow->binding.provider->d.id);
    if (err == FOB_OK)
        err = hold(flow, token, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}

/* --- verify ------------------------------------------------------------------------------------------------- */

/* Without an endpoint of its own it is the userinfo request. */
static fob_err ask_verify(fob_flow *flow, struct fob_error *error)
{
    const struct fob_descriptor *d = &flow->binding.provider->d;
    const struct fob_request_rule *base = d->verify.endpoint ? NULL : &d->userinfo;
    fob_flow_request_begin(flow, (struct fob_rule){&d->verify, base, true}, NULL);
    return fob_flow_request_end(flow, "userinfo_endpoint", error);
}

/* A 401 says that the token is not good (RFC 6750 section 3.1), whatever word stands in it. */
static fob_err take_verified(fob_flow *flow, const struct fob_http_response *response, bool *ret_again,
                             struct fob_error *error)
{
    (void)ret_again;
    fob_err err = fob_flow_take_nothing(flow, response, error);
    if (err != FOB_E_PROVIDER || response->status != 401)
        return err;
    if (error) {
        error->code = FOB_E_NEEDS_LOGIN;
        snprintf(error->fix, sizeof error->fix, "log in again");
    }
    return FOB_E_NEEDS_LOGIN;
}

static const struct fob_grant verify = {.name = "verify", .ask = ask_verify, .answer = take_verified};

fob_err fob_flow_verify(const struct fob_flow_params *params, const fob_token *token, fob_flow **ret_flow,
                        struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    if (!token)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "there is no token to verify");
    fob_err err = fob_flow_new(&verify, params, &flow, error);
    if (err == FOB_OK && !flow->binding.provider->d.verify.endpoint &&
        !flow->binding.provider->d.userinfo.endpoint &&
        !fob_binding_metadata(&flow->binding, "userinfo_endpoint"))
        err =
            fob_fail(error, FOB_E_CONFIG, "add verify or userinfo_endpoint to the descriptor",
                     "nothing is known by which a token of %s can be verified", flow->binding.provider->d.id);
    if (err == FOB_OK)
        err = hold(flow, token, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}
