/* SPDX-License-Identifier: MIT */
/* Authorization code: RFC 6749 section 4.1, PKCE (RFC 7636), nonce (OpenID Connect Core 3.1.2.1). */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "pkce.h"
#include "query.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

/* --- the authorization request ------------------------------------------------------------------------------ */

static const struct fob_authorize_rule *rule_of(const fob_flow *flow)
{
    return &flow->binding.provider->d.authorize;
}

/* What the flow itself sets, which neither the host nor a plugin may, whatever the provider calls it. */
static bool is_guarded(const struct fob_descriptor *d, const char *name)
{
    static const char *const guarded[] = {
        "state",        "nonce",         "code_challenge", "code_challenge_method",
        "redirect_uri", "response_type", "client_id",      "scope"};
    for (size_t i = 0; i < sizeof guarded / sizeof *guarded; i++)
        if (strcmp(guarded[i], name) == 0 || strcmp(fob_authorize_rename(d, guarded[i]), name) == 0)
            return true;
    return false;
}

static bool sends_challenge(const fob_flow *flow)
{
    enum fob_pkce pkce = rule_of(flow)->pkce;
    bool is_public = !fob_client_secret(flow->client) && !fob_client_key(flow->client);
    return pkce != FOB_PKCE_NONE && (pkce != FOB_PKCE_PUBLIC || is_public);
}

static const char *new_name(const void *user, const char *name)
{
    return fob_authorize_rename(user, name);
}

static fob_err make_secrets(fob_flow *flow, struct fob_error *error)
{
    fob_pkce_verifier(&flow->entropy, &flow->csrf);
    if (sends_challenge(flow))
        fob_pkce_verifier(&flow->entropy, &flow->verifier);
    if (fob_has_word(flow->scope, "openid") || rule_of(flow)->nonce)
        fob_pkce_verifier(&flow->entropy, &flow->nonce);
    if (flow->csrf.failed != FOB_OK || flow->verifier.failed != FOB_OK || flow->nonce.failed != FOB_OK)
        return fob_no_memory(error);
    return FOB_OK;
}

static fob_err add_challenge(fob_flow *flow, struct fob_error *error)
{
    struct fob_pairs *params = &flow->request.params;
    fob_auto_buf challenge = FOB_BUF(128);
    bool plain = rule_of(flow)->pkce == FOB_PKCE_PLAIN;
    if (!flow->verifier.len)
        return FOB_OK;
    if (plain)
        fob_buf_str(&challenge, flow->verifier.data);
    else if (rule_of(flow)->pkce == FOB_PKCE_S256_HEX)
        fob_pkce_challenge_s256_hex(flow->verifier.data, &challenge);
    else
        fob_pkce_challenge_s256(flow->verifier.data, &challenge);
    fob_err err = fob_buf_finish(&challenge, "the code challenge", error);
    if (err != FOB_OK)
        return err;
    fob_pairs_set(params, "code_challenge", challenge.data);
    fob_pairs_set(params, "code_challenge_method", plain ? "plain" : "S256");
    return FOB_OK;
}

static fob_err add_own_params(fob_flow *flow, struct fob_error *error)
{
    static const char *const modes[] = {NULL, "query", "form_post", "fragment"};
    struct fob_pairs *params = &flow->request.params;
    fob_pairs_set(params, "response_type", "code");
    fob_pairs_set(params, "client_id", fob_client_id(flow->client));
    fob_pairs_set(params, "redirect_uri", flow->redirect_uri);
    fob_pairs_set(params, "scope", fob_flow_scope(flow, NULL));
    fob_pairs_set(params, "state", flow->csrf.data);
    fob_err err = add_challenge(flow, error);
    if (flow->nonce.len)
        fob_pairs_set(params, "nonce", flow->nonce.data);
    fob_pairs_set(params, "response_mode", modes[rule_of(flow)->response_mode]);
    return err;
}

static fob_err add_other_params(fob_flow *flow, struct fob_error *error)
{
    struct fob_pairs *params = &flow->request.params;
    fob_pairs_rename(params, new_name, &flow->binding.provider->d);
    fob_err err = fob_flow_add_params(flow, &rule_of(flow)->params, params, error);
    for (size_t i = 0; i < flow->authorize_params.n; i++)
        fob_pairs_set(params, flow->authorize_params.v[i].name, flow->authorize_params.v[i].value);
    return err;
}

static fob_err add_endpoint(fob_flow *flow, struct fob_error *error)
{
    bool done;
    fob_err err = fob_binding_endpoint(&flow->binding, "authorization_endpoint", &flow->request.url, error);
    if (err != FOB_OK)
        return err;
    fob_hook_value(&flow->call, "endpoint", flow->request.url);
    err = fob_hook_run(&flow->call, FOB_HOOK_ENDPOINT, &done, error);
    if (err == FOB_OK && !flow->request.url)
        err = fob_fail(error, FOB_E_CONFIG, "add it to the descriptor, or choose an environment that has it",
                       "%s has no authorization_endpoint", flow->binding.provider->d.id);
    return err;
}

/* A request that is never sent: its URL, with all parameters in the query, is for the browser. */
static fob_err make_url(fob_flow *flow, struct fob_error *error)
{
    bool done;
    fob_request_free(&flow->request);
    flow->request.method = "GET";
    flow->request.encoding = FOB_ENCODE_QUERY;
    flow->call.request = &flow->request;
    flow->call.authorizing = true;
    fob_hook_value(&flow->call, "grant_type", "authorization_code");
    fob_hook_value(&flow->call, "redirect_uri", flow->redirect_uri);
    fob_err err = make_secrets(flow, error);
    if (err == FOB_OK)
        err = add_endpoint(flow, error);
    if (err == FOB_OK)
        err = add_own_params(flow, error);
    if (err == FOB_OK)
        err = add_other_params(flow, error);
    if (err == FOB_OK)
        err = fob_hook_run(&flow->call, FOB_HOOK_AUTHORIZE_PARAMS, &done, error);
    if (err == FOB_OK && (flow->named.failed != FOB_OK || flow->request.params.failed != FOB_OK))
        err = fob_no_memory(error);
    if (err == FOB_OK)
        err = fob_request_seal(&flow->request, error);
    return err == FOB_OK && rule_of(flow)->sorted ? fob_query_sort(flow->request.url, error) : err;
}

static fob_err begin(fob_flow *flow, struct fob_error *error)
{
    fob_err err = make_url(flow, error);
    if (err != FOB_OK)
        return err;
    flow->url = fob_steal(&flow->request.url);
    fob_request_free(&flow->request);
    flow->until = fob_after(flow->call.now, flow->login_timeout_ms);
    flow->state = FOB_STATE_REDIRECT;
    fob_log(&flow->log, FOB_LOG_INFO, "authorization_code: waiting for the redirect");
    if (flow->binding.provider->d.callback.state == FOB_STATE_RULE_NONE)
        fob_log(&flow->log, FOB_LOG_WARNING, "authorization_code: without a state, %s",
                flow->binding.provider->d.callback.state_reason);
    return FOB_OK;
}

/* --- the exchange ------------------------------------------------------------------------------------------- */

static fob_err ask(fob_flow *flow, struct fob_error *error)
{
    struct fob_rule rule = fob_rule_of_grant(&flow->binding.provider->d, "authorization_code");
    fob_flow_request_begin(flow, rule, "authorization_code");
    fob_pairs_set(&flow->request.params, "code", flow->code.data);
    fob_pairs_set(&flow->request.params, "redirect_uri", flow->redirect_uri);
    if (flow->verifier.len)
        fob_pairs_set(&flow->request.params, "code_verifier", flow->verifier.data);
    fob_hook_value(&flow->call, "code", flow->code.data);
    return fob_flow_request_end(flow, "token_endpoint", error);
}

static fob_err take_response(fob_flow *flow, const struct fob_http_response *response, bool *ret_again,
                             struct fob_error *error)
{
    (void)ret_again;
    return fob_flow_take_token(flow, response, error);
}

/* --- the constructor ---------------------------------------------------------------------------------------- */

static const struct fob_grant authorization_code = {.name = "authorization_code",
                                                    .begin = begin,
                                                    .redirect = fob_flow_take_callback,
                                                    .ask = ask,
                                                    .answer = take_response,
                                                    .is_login = true,
                                                    .has_steps = true};

/* RFC 8252: loopback http, an https URL, or a private-use scheme, which section 7.1 wants to hold a dot. */
static bool is_redirect_uri(const char *uri)
{
    size_t scheme = uri ? strcspn(uri, ":") : 0;
    if (!uri || strlen(uri) > FOB_MAX_URL || strpbrk(uri, " \t\r\n#"))
        return false;
    return fob_url_check(uri, "it", false, FOB_E_ARGUMENT, NULL) == FOB_OK ||
           (uri[scheme] == ':' && memchr(uri, '.', scheme) != NULL);
}

static fob_err take_own(fob_flow *flow, const struct fob_flow_params *params, struct fob_error *error)
{
    if (!fob_provider_supports(params->provider, "authorization_code"))
        return fob_fail(error, FOB_E_CONFIG, "use a grant that it has: see `fob providers ID`",
                        "%s does not do the authorization code grant", params->provider->d.id);
    if (!is_redirect_uri(params->redirect_uri))
        return fob_fail(error, FOB_E_ARGUMENT, "use http://127.0.0.1:0/callback",
                        "the redirect_uri is neither https nor a loopback address");
    for (size_t i = 0; i < params->n_authorize_params; i++) {
        if (is_guarded(&params->provider->d, params->authorize_params[i].name))
            return fob_fail(error, FOB_E_ARGUMENT, "leave it out", "\"%s\" is set by the flow itself",
                            params->authorize_params[i].name);
        fob_pairs_set(&flow->authorize_params, params->authorize_params[i].name,
                      params->authorize_params[i].value);
    }
    return flow->authorize_params.failed == FOB_OK ? FOB_OK : fob_no_memory(error);
}

fob_err fob_flow_authorization_code(const struct fob_flow_params *params, fob_flow **ret_flow,
                                    struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    fob_err err = fob_flow_new(&authorization_code, params, &flow, error);
    if (err == FOB_OK && params->size < offsetof(struct fob_flow_params, choices))
        err =
            fob_fail(error, FOB_E_ARGUMENT, "start from FOB_FLOW_PARAMS_INIT", "the parameters are cut off");
    if (err == FOB_OK)
        err = take_own(flow, params, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}
