/* SPDX-License-Identifier: MIT */
/* What a flow makes of an answer: hooks, errors, the token and its checks. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "response.h"
#include "text.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

/* One answer while it is looked at: what the server sent, or what the plugin made of it. */
struct answer {
    struct fob_http_response response;
    struct fob_buf standard; /* the plugin's; data NULL when it set none */
};

/* The plugin may turn the answer into a standard one, whose body is then read as if the server had sent it. */
static fob_err standardize(fob_flow *flow, struct answer *answer, struct fob_error *error)
{
    bool done;
    flow->call.response = &answer->response;
    flow->call.standard = &answer->standard;
    fob_err err = fob_hook_run(&flow->call, FOB_HOOK_RESPONSE, &done, error);
    flow->call.standard = NULL;
    if (err != FOB_OK || !answer->standard.data)
        return err;
    answer->response.body = answer->standard.data;
    answer->response.body_len = answer->standard.len;
    return FOB_OK;
}

/* Some providers repeat in their error what they were sent. */
static void hide_secrets(const fob_flow *flow, const json_t *object, struct fob_error *error)
{
    bool bad_word = fob_hook_secret_in(&flow->call, fob_json_str(object, "error"));
    if (!*error->oauth_error)
        return;
    if (!bad_word && !fob_hook_secret_in(&flow->call, fob_json_str(object, "error_description")))
        return;
    if (bad_word)
        error->oauth_error[0] = '\0';
    snprintf(error->what, sizeof error->what,
             "the provider refused%s%s, and repeated a secret, which is not shown", bad_word ? "" : ": ",
             error->oauth_error);
}

/* An error stays one: the plugin can only give it a better name, and a text of its own. */
static fob_err classify(fob_flow *flow, fob_err err, struct fob_error *error)
{
    struct fob_error better = FOB_ERROR_INIT;
    bool done;
    fob_err named = fob_hook_run(&flow->call, FOB_HOOK_CLASSIFY_ERROR, &done, &better);
    if (named == FOB_OK)
        return err;
    if (named == FOB_E_PLUGIN || named == FOB_E_MEMORY) {
        *error = better;
        return named;
    }
    error->code = named;
    if (named != err || *better.what)
        memcpy(error->fix, better.fix, sizeof error->fix);
    if (*better.what)
        memcpy(error->what, better.what, sizeof error->what);
    return named;
}

static fob_err read_answer(fob_flow *flow, const struct answer *answer, json_t **ret_object,
                           struct fob_error *error)
{
    fob_auto_json *object = NULL;
    fob_err err = fob_response_read(&answer->response, flow->call.now, &object, error);
    if (err == FOB_OK) {
        err = fob_response_error(&answer->response, object, flow->call.now, error);
        if (err != FOB_OK)
            hide_secrets(flow, object, error);
    }
    if (err == FOB_E_MEMORY)
        return err;
    if (err != FOB_OK)
        return classify(flow, err, error);
    *ret_object = fob_steal(&object);
    return FOB_OK;
}

static fob_err let_go(fob_flow *flow, struct answer *answer, fob_err err)
{
    flow->call.response = NULL;
    fob_buf_free(&answer->standard);
    return err;
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

/* OpenID Connect Core section 12.2. What the token calls its identity may be a plugin's: the old ID token is asked. */
static fob_err check_same_subject(const fob_token *old, const char *subject, struct fob_error *error)
{
    fob_auto_free char *before = NULL;
    if (!old || !old->id)
        return FOB_OK;
    fob_err err = fob_id_token_subject(old->id, &before, error);
    if (err == FOB_OK && strcmp(before, subject) != 0)
        err = fob_fail(error, FOB_E_SECURITY, "log in again", "the refreshed ID token is somebody else's");
    return err;
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
    if (err == FOB_OK)
        err = check_same_subject(flow->old, subject, error);
    if (err == FOB_OK)
        err = fob_token_set(&token->identity, subject, strlen(subject), error);
    return err;
}

static fob_err run_token_hooks(fob_flow *flow, fob_token *token, struct fob_error *error)
{
    bool done;
    flow->call.token = token;
    fob_hook_value(&flow->call, "access_token", fob_secret_peek(token->access, NULL));
    fob_err err = fob_hook_run(&flow->call, FOB_HOOK_TOKEN, &done, error);
    if (err == FOB_OK)
        err = fob_hook_run(&flow->call, FOB_HOOK_IDENTITY, &done, error);
    fob_hook_value(&flow->call, "access_token", NULL);
    flow->call.token = NULL;
    return err;
}

static fob_err make_token(fob_flow *flow, struct answer *answer, struct fob_error *error)
{
    fob_auto_json *object = NULL;
    fob_auto_token *token = NULL;
    fob_err err = standardize(flow, answer, error);
    if (err == FOB_OK)
        err = read_answer(flow, answer, &object, error);
    if (err == FOB_OK)
        err = start_token(flow, &token, error);
    if (err == FOB_OK)
        err = fob_response_token(object, flow->call.now, token, error);
    if (err == FOB_OK)
        err = check_id_token(flow, object, token, error);
    if (err == FOB_OK)
        err = run_token_hooks(flow, token, error);
    if (err == FOB_OK)
        flow->token = fob_steal(&token);
    return err;
}

fob_err fob_flow_take_token(fob_flow *flow, const struct fob_http_response *response, struct fob_error *error)
{
    struct answer answer = {*response, FOB_BUF((size_t)FOB_MAX_RESPONSE)};
    fob_err err = let_go(flow, &answer, make_token(flow, &answer, error));
    if (err != FOB_OK)
        return err;
    flow->state = FOB_STATE_DONE;
    fob_log(&flow->log, FOB_LOG_INFO, "%s: a token was issued", flow->grant->name);
    return FOB_OK;
}

/* --- revocation --------------------------------------------------------------------------------------------- */

/* What a successful answer holds does not matter (RFC 7009 section 2.2), unless the plugin read something in it. */
static fob_err check_revoked(fob_flow *flow, struct answer *answer, struct fob_error *error)
{
    fob_auto_json *object = NULL;
    int status = answer->response.status;
    bool success = status >= 200 && status < 300;
    fob_err err = standardize(flow, answer, error);
    if (err != FOB_OK || (success && !answer->standard.data))
        return err;
    err = read_answer(flow, answer, &object, error);
    if (err == FOB_OK && !success)
        err = fob_fail(error, FOB_E_PROTOCOL, NULL, "the revocation endpoint's answer makes no sense");
    return err;
}

fob_err fob_flow_take_nothing(fob_flow *flow, const struct fob_http_response *response,
                              struct fob_error *error)
{
    struct answer answer = {*response, FOB_BUF((size_t)FOB_MAX_RESPONSE)};
    return let_go(flow, &answer, check_revoked(flow, &answer, error));
}
