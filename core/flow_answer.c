/* SPDX-License-Identifier: MIT */
/* What a flow makes of an answer: hooks, errors, the token and its checks. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "response.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

/* The plugin may turn the answer into a standard one, which is then read as if the server had sent it. */
static fob_err standardize(fob_flow *flow, struct fob_http_response *response, struct fob_buf *standard,
                           struct fob_error *error)
{
    static const struct fob_pair json[] = {{"Content-Type", "application/json"}};
    bool done;
    flow->call.response = response;
    flow->call.standard = standard;
    fob_err err = fob_hook_run(&flow->call, FOB_HOOK_RESPONSE, &done, error);
    flow->call.standard = NULL;
    if (err != FOB_OK || !standard->data)
        return err;
    response->fields = json;
    response->n_fields = 1;
    response->body = standard->data;
    response->body_len = standard->len;
    return FOB_OK;
}

/* An error stays one: the plugin can only give it a better name. */
static fob_err classify(fob_flow *flow, fob_err err, struct fob_error *error)
{
    struct fob_error better = FOB_ERROR_INIT;
    bool done;
    fob_err named = fob_hook_run(&flow->call, FOB_HOOK_CLASSIFY_ERROR, &done, &better);
    if (named == FOB_OK)
        return err;
    if (named == FOB_E_PLUGIN) {
        *error = better;
        return named;
    }
    error->code = named;
    return named;
}

static fob_err read_answer(fob_flow *flow, const struct fob_http_response *response, json_t **ret_object,
                           struct fob_error *error)
{
    struct fob_http_response answer = *response;
    fob_auto_buf standard = FOB_BUF((size_t)FOB_MAX_RESPONSE);
    fob_auto_json *object = NULL;
    fob_err err = standardize(flow, &answer, &standard, error);
    if (err != FOB_OK)
        return err;
    err = fob_response_read(&answer, flow->call.now, &object, error);
    if (err == FOB_OK)
        err = fob_response_error(&answer, object, flow->call.now, error);
    if (err != FOB_OK)
        return classify(flow, err, error);
    *ret_object = fob_steal(&object);
    return FOB_OK;
}

/* --- the token ---------------------------------------------------------------------------------------------- */

static fob_err copy_secret(const fob_secret *from, fob_secret **to, struct fob_error *error)
{
    return from ? fob_secret_copy(from, to, error) : FOB_OK;
}

/* A refresh keeps what the answer does not replace: refresh token and scope (RFC 6749 section 6), ID token. */
static fob_err start_token(fob_flow *flow, fob_token **ret_token, struct fob_error *error)
{
    const struct fob_use_rule *use = &flow->binding.provider->d.use;
    const fob_token *old = flow->old;
    const char *scope = old ? old->scope : flow->scope;
    fob_auto_token *token = fob_token_new();
    if (!token)
        return fob_no_memory(error);
    fob_err err = fob_token_set(&token->scope, scope, strlen(scope), error);
    if (err == FOB_OK)
        err = fob_token_set(&token->use_header, use->header, strlen(use->header), error);
    if (err == FOB_OK)
        err = fob_token_set(&token->use_scheme, use->scheme, strlen(use->scheme), error);
    if (err == FOB_OK && old)
        err = fob_token_set(&token->identity, old->identity, strlen(old->identity), error);
    if (err == FOB_OK && old)
        err = copy_secret(old->refresh, &token->refresh, error);
    if (err == FOB_OK && old)
        err = copy_secret(old->id, &token->id, error);
    if (err != FOB_OK)
        return err;
    token->refresh_expires_at = old ? old->refresh_expires_at : 0;
    *ret_token = fob_steal(&token);
    return FOB_OK;
}

static fob_err check_id_token(fob_flow *flow, const json_t *object, fob_token *token, struct fob_error *error)
{
    fob_auto_free char *issuer = NULL, *subject = NULL;
    if (!fob_json_str(object, "id_token"))
        return flow->nonce.len && flow->grant->redirect
                   ? fob_fail(error, FOB_E_PROTOCOL, "check that the provider does OpenID Connect",
                              "\"openid\" was asked for, but the answer holds no id_token")
                   : FOB_OK;
    fob_err err = fob_binding_endpoint(&flow->binding, "issuer", &issuer, error);
    if (err != FOB_OK)
        return err;
    struct fob_id_expectation expected = {.issuer = issuer,
                                          .client_id = fob_client_id(flow->client),
                                          .nonce = flow->nonce.len ? flow->nonce.data : NULL,
                                          .now = flow->call.now};
    err = fob_id_token_check(token->id, &expected, &subject, error);
    if (err == FOB_OK && subject && *token->identity && strcmp(token->identity, subject) != 0)
        err = fob_fail(error, FOB_E_SECURITY, "log in again", "the refreshed ID token is somebody else's");
    if (err == FOB_OK && subject)
        err = fob_token_set(&token->identity, subject, strlen(subject), error);
    return err;
}

static fob_err run_token_hooks(fob_flow *flow, fob_token *token, struct fob_error *error)
{
    bool done;
    flow->call.token = token;
    fob_pairs_set(&flow->call.values, "access_token", fob_secret_peek(token->access, NULL));
    fob_err err = fob_hook_run(&flow->call, FOB_HOOK_TOKEN, &done, error);
    if (err == FOB_OK)
        err = fob_hook_run(&flow->call, FOB_HOOK_IDENTITY, &done, error);
    fob_pairs_set(&flow->call.values, "access_token", NULL);
    flow->call.token = NULL;
    return err;
}

fob_err fob_flow_take_token(fob_flow *flow, const struct fob_http_response *response, struct fob_error *error)
{
    fob_auto_json *object = NULL;
    fob_auto_token *token = NULL;
    fob_err err = read_answer(flow, response, &object, error);
    if (err == FOB_OK)
        err = start_token(flow, &token, error);
    if (err == FOB_OK)
        err = fob_response_token(object, flow->call.now, token, error);
    if (err == FOB_OK)
        err = check_id_token(flow, object, token, error);
    if (err == FOB_OK)
        err = run_token_hooks(flow, token, error);
    if (err != FOB_OK)
        return err;
    flow->token = fob_steal(&token);
    flow->state = FOB_STATE_DONE;
    fob_log(&flow->log, FOB_LOG_INFO, "%s: a token was issued", flow->grant->name);
    return FOB_OK;
}

fob_err fob_flow_take_nothing(fob_flow *flow, const struct fob_http_response *response,
                              struct fob_error *error)
{
    fob_auto_json *object = NULL;
    if (response->status >= 200 && response->status < 300)
        return FOB_OK;
    fob_err err = read_answer(flow, response, &object, error);
    if (err == FOB_OK)
        err = fob_fail(error, FOB_E_PROTOCOL, NULL, "the revocation endpoint's answer makes no sense");
    return err;
}
