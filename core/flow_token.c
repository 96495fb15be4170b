/* SPDX-License-Identifier: MIT */
/* The grants of one request: client credentials (RFC 6749 section 4.4) and refresh (section 6); and RFC 7009. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "text.h"
#include "tokens.h"

#include <string.h>

/* --- client credentials ------------------------------------------------------------------------------------- */

/* Under the descriptor's separator. */
static bool add_scope(fob_flow *flow)
{
    char separator = *flow->binding.provider->d.scopes.separator;
    fob_auto_free char *scope = fob_strdup(flow->scope);
    for (char *c = scope; c && *c; c++)
        *c = *c == ' ' ? separator : *c;
    if (scope)
        fob_pairs_set(&flow->request.params, "scope", scope);
    return scope != NULL;
}

static fob_err begin_client_credentials(fob_flow *flow, struct fob_error *error)
{
    fob_flow_request_begin(flow, "client_credentials");
    if (*flow->scope && !add_scope(flow))
        return fob_no_memory(error);
    return fob_flow_request_end(flow, "token_endpoint", error);
}

static const struct fob_grant client_credentials = {"client_credentials", begin_client_credentials, NULL,
                                                    fob_flow_take_token};

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
    return err;
}

/* --- refresh ------------------------------------------------------------------------------------------------ */

static fob_err begin_refresh(fob_flow *flow, struct fob_error *error)
{
    const char *refresh_token = fob_secret_peek(flow->old->refresh, NULL);
    fob_flow_request_begin(flow, "refresh_token");
    fob_pairs_set(&flow->request.params, "refresh_token", refresh_token);
    fob_hook_value(&flow->call, "refresh_token", refresh_token);
    return fob_flow_request_end(flow, "token_endpoint", error);
}

static const struct fob_grant refresh = {"refresh_token", begin_refresh, NULL, fob_flow_take_token};

fob_err fob_flow_refresh(const struct fob_flow_params *params, const fob_token *token, fob_flow **ret_flow,
                         struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    if (!token || !token->refresh)
        return fob_fail(error, FOB_E_ARGUMENT, "log in again", "there is no refresh token");
    fob_err err = fob_flow_new(&refresh, params, &flow, error);
    if (err == FOB_OK)
        err = hold(flow, token, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}

/* --- revoke ------------------------------------------------------------------------------------------------- */

static fob_err ask_to_revoke(fob_flow *flow, const fob_secret *token, const char *hint,
                             struct fob_error *error)
{
    fob_flow_request_begin(flow, NULL);
    flow->request.method = "POST";
    flow->request.encoding = FOB_ENCODE_FORM;
    fob_pairs_set(&flow->request.params, "token", fob_secret_peek(token, NULL));
    fob_pairs_set(&flow->request.params, "token_type_hint", hint);
    fob_hook_value(&flow->call, "refresh_token", NULL);
    fob_hook_value(&flow->call, hint, fob_secret_peek(token, NULL));
    return fob_flow_request_end(flow, "revocation_endpoint", error);
}

static fob_err begin_revoke(fob_flow *flow, struct fob_error *error)
{
    flow->revoking_access = !flow->old->refresh;
    return flow->revoking_access ? ask_to_revoke(flow, flow->old->access, "access_token", error)
                                 : ask_to_revoke(flow, flow->old->refresh, "refresh_token", error);
}

/* A provider that cannot revoke one kind of token says so (RFC 7009 section 2.2.1): the other is still tried. */
static fob_err take_revoked(fob_flow *flow, const struct fob_http_response *response, struct fob_error *error)
{
    fob_err err = fob_flow_take_nothing(flow, response, error);
    if (err != FOB_OK && (!error || strcmp(error->oauth_error, "unsupported_token_type") != 0))
        return err;
    if (flow->revoking_access) {
        flow->state = FOB_STATE_DONE;
        return FOB_OK;
    }
    flow->revoking_access = true;
    return ask_to_revoke(flow, flow->old->access, "access_token", error);
}

static const struct fob_grant revoke = {"revoke", begin_revoke, NULL, take_revoked};

fob_err fob_flow_revoke(const struct fob_flow_params *params, const fob_token *token, fob_flow **ret_flow,
                        struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    if (!token)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "there is no token to revoke");
    fob_err err = fob_flow_new(&revoke, params, &flow, error);
    if (err == FOB_OK && !fob_binding_metadata(&flow->binding, "revocation_endpoint") &&
        !flow->binding.provider->plugin)
        err = fob_fail(error, FOB_E_CONFIG, NULL, "%s has no revocation_endpoint",
                       flow->binding.provider->d.id);
    if (err == FOB_OK)
        err = hold(flow, token, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}
