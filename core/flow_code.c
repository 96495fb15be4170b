/* SPDX-License-Identifier: MIT */
/* Authorization code: RFC 6749 section 4.1, PKCE (RFC 7636), iss (RFC 9207), nonce (OpenID Connect Core 3.1.2.1). */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "pkce.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

/* --- the authorization request ------------------------------------------------------------------------------ */

/* What the flow itself sets, which neither the host nor a plugin may. */
static bool is_guarded(const char *name)
{
    static const char *const guarded[] = {
        "state",        "nonce",         "code_challenge", "code_challenge_method",
        "redirect_uri", "response_type", "client_id",      "scope"};
    for (size_t i = 0; i < sizeof guarded / sizeof *guarded; i++)
        if (strcmp(guarded[i], name) == 0)
            return true;
    return false;
}

static fob_err make_secrets(fob_flow *flow, struct fob_error *error)
{
    fob_pkce_verifier(&flow->entropy, &flow->csrf);
    if (flow->binding.provider->d.authorize.pkce != FOB_PKCE_NONE)
        fob_pkce_verifier(&flow->entropy, &flow->verifier);
    if (fob_has_word(flow->scope, "openid"))
        fob_pkce_verifier(&flow->entropy, &flow->nonce);
    if (flow->csrf.failed != FOB_OK || flow->verifier.failed != FOB_OK || flow->nonce.failed != FOB_OK)
        return fob_no_memory(error);
    return FOB_OK;
}

static fob_err add_challenge(fob_flow *flow, struct fob_error *error)
{
    struct fob_pairs *params = &flow->request.params;
    fob_auto_buf challenge = FOB_BUF(128);
    bool plain = flow->binding.provider->d.authorize.pkce == FOB_PKCE_PLAIN;
    if (!flow->verifier.len)
        return FOB_OK;
    if (plain)
        fob_buf_str(&challenge, flow->verifier.data);
    else
        fob_pkce_challenge_s256(flow->verifier.data, &challenge);
    fob_err err = fob_buf_finish(&challenge, "the code challenge", error);
    if (err != FOB_OK)
        return err;
    fob_pairs_set(params, "code_challenge", challenge.data);
    fob_pairs_set(params, "code_challenge_method", plain ? "plain" : "S256");
    return FOB_OK;
}

static fob_err add_scope(fob_flow *flow, struct fob_error *error)
{
    char separator = *flow->binding.provider->d.scopes.separator;
    fob_auto_free char *scope = fob_strdup(flow->scope);
    if (!scope)
        return fob_no_memory(error);
    for (char *c = scope; *c; c++)
        *c = *c == ' ' ? separator : *c;
    if (*scope)
        fob_pairs_set(&flow->request.params, "scope", scope);
    return FOB_OK;
}

static fob_err add_descriptor_params(fob_flow *flow, struct fob_error *error)
{
    const struct fob_map *map = &flow->binding.provider->d.authorize.params;
    for (size_t i = 0; i < map->n; i++) {
        fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_URL);
        struct fob_expression_env env = {.look_up = fob_flow_name, .user = flow};
        bool missing = false;
        fob_err err =
            fob_binding_expand(&flow->binding, map->v[i].value, false, &env, &value, &missing, error);
        if (err != FOB_OK)
            return err;
        fob_pairs_set(&flow->request.params, map->v[i].name, value.data);
    }
    for (size_t i = 0; i < flow->authorize_params.n; i++)
        fob_pairs_set(&flow->request.params, flow->authorize_params.v[i].name,
                      flow->authorize_params.v[i].value);
    return FOB_OK;
}

static fob_err add_own_params(fob_flow *flow, struct fob_error *error)
{
    struct fob_pairs *params = &flow->request.params;
    fob_pairs_set(params, "response_type", "code");
    fob_pairs_set(params, "client_id", fob_client_id(flow->client));
    fob_pairs_set(params, "redirect_uri", flow->redirect_uri);
    fob_err err = add_scope(flow, error);
    fob_pairs_set(params, "state", flow->csrf.data);
    if (err == FOB_OK)
        err = add_challenge(flow, error);
    if (flow->nonce.len)
        fob_pairs_set(params, "nonce", flow->nonce.data);
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
static fob_err begin(fob_flow *flow, struct fob_error *error)
{
    bool done;
    fob_request_free(&flow->request);
    flow->request.method = "GET";
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
        err = add_descriptor_params(flow, error);
    if (err == FOB_OK)
        err = fob_hook_run(&flow->call, FOB_HOOK_AUTHORIZE_PARAMS, &done, error);
    if (err == FOB_OK)
        err = fob_request_seal(&flow->request, error);
    if (err != FOB_OK)
        return err;
    flow->url = fob_steal(&flow->request.url);
    fob_request_free(&flow->request);
    flow->until = fob_after(flow->call.now, flow->login_timeout_ms);
    flow->state = FOB_STATE_REDIRECT;
    fob_log(&flow->log, FOB_LOG_INFO, "authorization_code: waiting for the redirect");
    return FOB_OK;
}

/* --- the redirect ------------------------------------------------------------------------------------------- */

static bool has_our_state(const fob_flow *flow, const struct fob_redirect *redirect)
{
    const char *state;
    return fob_redirect_find(redirect, "state", &state) == 1 && strlen(state) == flow->csrf.len &&
           sodium_memcmp(state, flow->csrf.data, flow->csrf.len) == 0;
}

/* RFC 9207 section 2.4: compared as strings. */
static fob_err check_iss(const fob_flow *flow, const struct fob_redirect *redirect, struct fob_error *error)
{
    fob_auto_free char *issuer = NULL;
    const char *iss;
    size_t times = fob_redirect_find(redirect, "iss", &iss);
    fob_err err = fob_binding_endpoint(&flow->binding, "issuer", &issuer, error);
    if (err != FOB_OK)
        return err;
    bool required = fob_binding_flag(&flow->binding, "authorization_response_iss_parameter_supported");
    if (times > 1 || (times == 1 && issuer && strcmp(iss, issuer) != 0))
        return fob_fail(error, FOB_E_SECURITY, "start the login again, and do not follow links to it",
                        "the redirect names another issuer than %s", flow->binding.provider->d.id);
    if (times == 0 && required)
        return fob_fail(error, FOB_E_SECURITY, "start the login again",
                        "the redirect does not name its issuer, though %s always does",
                        flow->binding.provider->d.id);
    return FOB_OK;
}

/* RFC 6749 section 4.1.2.1. */
static fob_err refused(const struct fob_redirect *redirect, const char *word, struct fob_error *error)
{
    static const struct {
        const char *word;
        fob_err code;
        const char *fix;
    } known[] = {
        {"access_denied", FOB_E_DENIED, "log in again and allow the access"},
        {"server_error", FOB_E_SERVER, "try again later"},
        {"temporarily_unavailable", FOB_E_SERVER, "try again later"},
        {"unauthorized_client", FOB_E_CLIENT, "check the application's registration at the provider"},
        {"invalid_scope", FOB_E_PROVIDER, "ask for other scopes"},
    };
    fob_err code = FOB_E_PROVIDER;
    const char *fix = NULL, *given;
    char printable[64], description[200];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].word, word) == 0) {
            code = known[i].code;
            fix = known[i].fix;
        }
    }
    fob_redirect_find(redirect, "error_description", &given);
    fob_printable(printable, sizeof printable, word, strlen(word));
    fob_printable(description, sizeof description, given, given ? strlen(given) : 0);
    fob_fail(error, code, fix, "the login was refused: %s%s%s", printable, *description ? ": " : "",
             description);
    if (error)
        snprintf(error->oauth_error, sizeof error->oauth_error, "%s", printable);
    return code;
}

static fob_err exchange(fob_flow *flow, const char *code, struct fob_error *error)
{
    fob_flow_request_begin(flow, "authorization_code");
    fob_pairs_set(&flow->request.params, "code", code);
    fob_pairs_set(&flow->request.params, "redirect_uri", flow->redirect_uri);
    if (flow->verifier.len)
        fob_pairs_set(&flow->request.params, "code_verifier", flow->verifier.data);
    fob_hook_value(&flow->call, "code", code);
    return fob_flow_request_end(flow, "token_endpoint", error);
}

static fob_err take_redirect(fob_flow *flow, const struct fob_redirect *redirect, bool *ret_ignored,
                             struct fob_error *error)
{
    const char *word, *code;
    if (!has_our_state(flow, redirect))
        return fob_fail(error, FOB_E_SECURITY, "finish the login in the browser window that was opened",
                        "a redirect came that does not belong to this login");
    *ret_ignored = false;
    fob_err err = check_iss(flow, redirect, error);
    if (err != FOB_OK)
        return err;
    size_t errors = fob_redirect_find(redirect, "error", &word);
    size_t codes = fob_redirect_find(redirect, "code", &code);
    if (errors == 1 && codes == 0)
        return refused(redirect, word, error);
    if (errors || codes > 1)
        return fob_fail(error, FOB_E_PROTOCOL, "start the login again",
                        "the redirect holds more than one answer");
    if (codes == 0 || !*code)
        return fob_fail(error, FOB_E_PROTOCOL, "start the login again", "the redirect holds no code");
    return exchange(flow, code, error);
}

static fob_err take_response(fob_flow *flow, const struct fob_http_response *response,
                             struct fob_error *error)
{
    return fob_flow_take_token(flow, response, error);
}

/* --- the constructor ---------------------------------------------------------------------------------------- */

static const struct fob_grant authorization_code = {"authorization_code", begin, take_redirect,
                                                    take_response};

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
    flow->redirect_uri = fob_strdup(params->redirect_uri);
    for (size_t i = 0; i < params->n_authorize_params; i++) {
        if (is_guarded(params->authorize_params[i].name))
            return fob_fail(error, FOB_E_ARGUMENT, "leave it out", "\"%s\" is set by the flow itself",
                            params->authorize_params[i].name);
        fob_pairs_set(&flow->authorize_params, params->authorize_params[i].name,
                      params->authorize_params[i].value);
    }
    return flow->redirect_uri && flow->authorize_params.failed == FOB_OK ? FOB_OK : fob_no_memory(error);
}

fob_err fob_flow_authorization_code(const struct fob_flow_params *params, fob_flow **ret_flow,
                                    struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    fob_err err = fob_flow_new(&authorization_code, params, &flow, error);
    if (err == FOB_OK && params->size < sizeof *params)
        err =
            fob_fail(error, FOB_E_ARGUMENT, "start from FOB_FLOW_PARAMS_INIT", "the parameters are cut off");
    if (err == FOB_OK)
        err = take_own(flow, params, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}
