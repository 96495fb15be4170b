/* SPDX-License-Identifier: MIT */
/* What a flow makes of an answer: hooks, errors, the token and its checks. */
#include "answers.h"
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "format.h"
#include "text.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

struct fob_answer_rule fob_flow_answer_rule(const fob_flow *flow)
{
    const struct fob_descriptor *d = &flow->binding.provider->d;
    return (struct fob_answer_rule){.own = &flow->rule.own->response,
                                    .base = flow->rule.base ? &flow->rule.base->response : NULL,
                                    .scopes = &d->scopes,
                                    .lifetimes = &d->lifetimes};
}

/* The plugin may turn the answer into a standard one, whose body is then read as if the server had sent it. */
static fob_err standardize(fob_flow *flow, struct fob_flow_answer *answer, struct fob_error *error)
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

/* Some providers repeat in their error what they were sent. Looked for in all they say, not in what is shown of it. */
static void hide_secrets(const fob_flow *flow, const struct fob_answer_rule *rule,
                         const struct fob_answer *answer, struct fob_error *error)
{
    fob_auto_buf word = FOB_BUF((size_t)FOB_MAX_RESPONSE), description = FOB_BUF((size_t)FOB_MAX_RESPONSE);
    fob_err err = fob_answer_fault(rule, answer, &word, &description);
    bool bad_word = err != FOB_OK || fob_hook_secret_in(&flow->call, word.data);
    if (!*error->oauth_error || (!bad_word && !fob_hook_secret_in(&flow->call, description.data)))
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

static fob_err read_and_judge(fob_flow *flow, struct fob_flow_answer *answer, struct fob_error *error)
{
    struct fob_answer_rule rule = fob_flow_answer_rule(flow);
    static const struct fob_response_rule standard = {.format = FOB_ANSWER_JSON};
    if (answer->standard.data) /* what a plugin made is as RFC 6749 has it */
        rule = (struct fob_answer_rule){.own = &standard, .scopes = rule.scopes, .lifetimes = rule.lifetimes};
    fob_err err = fob_answer_read(&rule, &answer->response, &answer->read, error);
    if (err == FOB_OK) {
        err = fob_answer_error(&rule, &answer->read, error);
        if (err != FOB_OK)
            hide_secrets(flow, &rule, &answer->read, error);
    }
    if (err == FOB_OK || err == FOB_E_MEMORY)
        return err;
    return classify(flow, err, error);
}

fob_err fob_flow_read_answer(fob_flow *flow, const struct fob_http_response *response,
                             struct fob_flow_answer *ret, struct fob_error *error)
{
    *ret = (struct fob_flow_answer){.response = *response, .standard = FOB_BUF((size_t)FOB_MAX_RESPONSE)};
    fob_err err = standardize(flow, ret, error);
    return err == FOB_OK ? read_and_judge(flow, ret, error) : err;
}

void fob_flow_let_go(fob_flow *flow, struct fob_flow_answer *answer)
{
    flow->call.response = NULL;
    fob_answer_free(&answer->read);
    fob_buf_free(&answer->standard);
}

/* --- the token ---------------------------------------------------------------------------------------------- */

static fob_err copy_secret(const fob_secret *from, fob_secret **to, struct fob_error *error)
{
    return from ? fob_secret_copy(from, to, error) : FOB_OK;
}

/* A refresh keeps what the answer does not replace: refresh token and scope (RFC 6749 section 6), ID token, whose it is. */
static fob_err inherit(const fob_token *old, bool keep_refresh, fob_token *token, struct fob_error *error)
{
    fob_err err = fob_token_set(&token->identity, old->identity, strlen(old->identity), error);
    if (err == FOB_OK)
        err = fob_token_set(&token->label, old->label, strlen(old->label), error);
    if (err == FOB_OK && keep_refresh)
        err = copy_secret(old->refresh, &token->refresh, error);
    if (err == FOB_OK)
        err = copy_secret(old->id, &token->id, error);
    token->refresh_expires_at = keep_refresh ? old->refresh_expires_at : 0;
    return err;
}

/* old: what the new one takes the place of, or NULL. */
static fob_err start_token(const fob_flow *flow, const fob_token *old, const char *scope,
                           fob_token **ret_token, struct fob_error *error)
{
    const struct fob_descriptor *d = &flow->binding.provider->d;
    fob_auto_token *token = fob_token_new();
    if (!token)
        return fob_no_memory(error);
    fob_err err = fob_token_set(&token->scope, scope, strlen(scope), error);
    if (err == FOB_OK)
        err = fob_token_set(&token->use_header, d->use.header, strlen(d->use.header), error);
    if (err == FOB_OK)
        err = fob_token_set(&token->use_scheme, d->use.scheme, strlen(d->use.scheme), error);
    if (err == FOB_OK && d->use.query)
        err = fob_token_set(&token->use_query, d->use.query, strlen(d->use.query), error);
    if (err == FOB_OK && old)
        err = inherit(old, d->refresh.missing_refresh_token != FOB_MISSING_DROP, token, error);
    if (err == FOB_OK)
        *ret_token = fob_steal(&token);
    return err;
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

/* There are providers with a scope "openid" that give no ID tokens; one that does is known by its issuer or its keys. */
static bool does_openid(const fob_flow *flow)
{
    return fob_binding_metadata(&flow->binding, "issuer") || fob_binding_metadata(&flow->binding, "jwks_uri");
}

static fob_err check_id_token(fob_flow *flow, fob_token *token, bool is_new, struct fob_error *error)
{
    fob_auto_free char *issuer = NULL, *subject = NULL;
    bool asked = fob_has_word(flow->scope, "openid") && flow->grant->redirect && does_openid(flow);
    if (!is_new)
        return asked ? fob_fail(error, FOB_E_PROTOCOL, "check that the provider does OpenID Connect",
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
    if (err == FOB_OK && !flow->binding.provider->d.identity.id)
        err = fob_token_set(&token->identity, subject, strlen(subject), error);
    return err;
}

/* One that comes later than the token was made for no nonce of this login. */
fob_err fob_flow_check_id_token(fob_flow *flow, const fob_token *token, struct fob_error *error)
{
    fob_auto_free char *issuer = NULL, *subject = NULL;
    fob_err err = fob_binding_endpoint(&flow->binding, "issuer", &issuer, error);
    struct fob_id_expectation expected = {
        .issuer = issuer, .client_id = fob_client_id(flow->client), .now = flow->call.now};
    if (err == FOB_OK)
        err = fob_id_token_check(token->id, &expected, &subject, error);
    return err == FOB_OK ? check_same_subject(flow->token, subject, error) : err;
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

/* --- whose it is -------------------------------------------------------------------------------------------- */

/* A text with names in it: all of them, or nothing is told. In an id their values are encoded, so that no two are one. */
static fob_err fill_fact(fob_flow *flow, const char *template, bool percent, struct fob_buf *out,
                         bool *ret_found)
{
    bool missing = false;
    fob_err err = fob_flow_fill(flow, template, percent, out, &missing, NULL);
    *ret_found = err == FOB_OK && !missing;
    return err == FOB_E_MEMORY ? err : FOB_OK;
}

static fob_err find_fact(fob_flow *flow, const struct fob_answer *answer, json_t *item, const char *fact,
                         const fob_token *token, struct fob_buf *out, bool *ret_found)
{
    bool in_item = item && (!*fact || *fact == '/');
    if (!fob_formats[FOB_FORMAT_SOURCE].check(fact))
        return fill_fact(flow, fact, fact == flow->binding.provider->d.identity.id, out, ret_found);
    *ret_found = in_item ? fob_json_scalar(fob_json_point(item, fact), out)
                         : fob_answer_find(answer, fact, token, out);
    return *ret_found ? FOB_OK : out->failed;
}

static fob_err set_fact(fob_flow *flow, const struct fob_answer *answer, json_t *item, const char *fact,
                        const fob_token *token, char **member, struct fob_error *error)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_SCALAR);
    char printable[256];
    bool found = false;
    fob_err err = fact ? find_fact(flow, answer, item, fact, token, &text, &found) : FOB_OK;
    if (found && err == FOB_OK)
        err = fob_buf_finish(&text, "the identity", NULL);
    if (err == FOB_E_MEMORY)
        return fob_no_memory(error);
    if (!found || err != FOB_OK)
        return FOB_OK;
    fob_printable(printable, sizeof printable, text.data, text.len);
    return fob_token_set(member, printable, strlen(printable), error);
}

fob_err fob_flow_take_identity(fob_flow *flow, const char *from, const struct fob_answer *answer,
                               json_t *item, fob_token *token, struct fob_error *error)
{
    const struct fob_identity_rule *rule = &flow->binding.provider->d.identity;
    if (!rule->id || strcmp(rule->from, from) != 0)
        return FOB_OK;
    fob_err err = set_fact(flow, answer, item, rule->id, token, &token->identity, error);
    return err == FOB_OK ? set_fact(flow, answer, item, rule->label, token, &token->label, error) : err;
}

static fob_err identity_of_answer(fob_flow *flow, const struct fob_answer *answer, fob_token *token,
                                  struct fob_error *error)
{
    const struct fob_identity_rule *rule = &flow->binding.provider->d.identity;
    if (!flow->grant->is_login)
        return FOB_OK;
    fob_err err = fob_flow_take_identity(flow, "token", answer, NULL, token, error);
    if (err != FOB_OK || !token->id || !rule->id || strcmp(rule->from, "id_token") != 0)
        return err;
    size_t len;
    const char *jwt = fob_secret_peek(token->id, &len);
    fob_auto_json *claims = NULL;
    if (fob_jwt_read(jwt, len, &claims) == FOB_E_MEMORY)
        return fob_no_memory(error);
    return claims ? fob_flow_take_identity(flow, "id_token", answer, claims, token, error) : FOB_OK;
}

/* --- all that came with it ---------------------------------------------------------------------------------- */

/* What the answer calls it becomes a part of a connection's name. */
static bool may_be_kept(const fob_flow *flow, const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strlen(name);
    bool good =
        len && *name != '.' && len <= FOB_MAX_ID && strspn(name, plain) == len && flow->n_also < FOB_MAX_ALSO;
    for (size_t i = 0; good && i < flow->n_also; i++)
        good = strcmp(flow->also[i].name, name) != 0;
    return good;
}

static fob_err take_also(fob_flow *flow, const struct fob_answer *answer, const fob_token *token,
                         struct fob_error *error)
{
    struct fob_answer_rule rule = fob_flow_answer_rule(flow);
    fob_err err = FOB_OK;
    unsigned lost = 0;
    for (size_t n = 0; err == FOB_OK; n++) {
        fob_auto_token *other = NULL;
        const char *name = NULL;
        bool there = false;
        err = start_token(flow, NULL, "", &other, error);
        if (err == FOB_OK)
            err = fob_answer_also(&rule, answer, n, flow->call.now, &name, &there, other, error);
        if (err != FOB_OK || !name)
            break;
        bool fits = there && may_be_kept(flow, name);
        lost += there && !fits;
        if (!fits)
            continue;
        err = fob_token_set(&other->identity, token->identity, strlen(token->identity), error);
        char *own = err == FOB_OK ? fob_strdup(name) : NULL;
        if (err == FOB_OK && !own)
            err = fob_no_memory(error);
        if (err == FOB_OK)
            flow->also[flow->n_also++] = (struct fob_also){own, fob_steal(&other)};
    }
    if (lost)
        fob_log(&flow->log, FOB_LOG_WARNING, "%s: more tokens came that cannot be kept under their names: %u",
                flow->grant->name, lost);
    return err;
}

/* Where the provider prolongs it without a word. */
static fob_err copy_access(const fob_token *old, int64_t now, fob_token *token, struct fob_error *error)
{
    fob_err err = copy_secret(old->access, &token->access, error);
    if (err == FOB_OK)
        err = fob_token_set(&token->type, old->type, strlen(old->type), error);
    if (old->expires_at > old->obtained_at) /* as long as before, where the answer does not tell */
        token->expires_at = fob_after(now, old->expires_at - old->obtained_at);
    return err;
}

static fob_err make_token(fob_flow *flow, struct fob_flow_answer *answer, struct fob_error *error)
{
    struct fob_answer_rule rule = fob_flow_answer_rule(flow);
    const char *scope = flow->old ? flow->old->scope : flow->scope;
    fob_auto_token *token = NULL;
    fob_err err = start_token(flow, flow->old, scope, &token, error);
    rule.prolongs = flow->old && flow->binding.provider->d.refresh.missing_access_token == FOB_MISSING_KEEP;
    if (err == FOB_OK && rule.prolongs)
        err = copy_access(flow->old, flow->call.now, token, error);
    const fob_secret *id_before = token ? token->id : NULL;
    if (err == FOB_OK)
        err = fob_answer_token(&rule, &answer->read, flow->call.now, token, error);
    if (err == FOB_OK)
        err = check_id_token(flow, token, token->id != id_before, error);
    if (err == FOB_OK)
        err = fob_answer_keep(&rule, &answer->read, NULL, &flow->kept, error);
    if (err == FOB_OK)
        err = identity_of_answer(flow, &answer->read, token, error);
    if (err == FOB_OK)
        err = run_token_hooks(flow, token, error);
    if (err == FOB_OK)
        err = take_also(flow, &answer->read, token, error);
    if (err == FOB_OK && fob_kept_copy(&token->kept, &flow->kept) != FOB_OK)
        err = fob_no_memory(error);
    if (err != FOB_OK)
        return err;
    token->partial = true; /* until the flow is done */
    flow->token = fob_steal(&token);
    return FOB_OK;
}

fob_err fob_flow_take_token(fob_flow *flow, const struct fob_http_response *response, struct fob_error *error)
{
    struct fob_flow_answer answer = {0};
    fob_err err = fob_flow_read_answer(flow, response, &answer, error);
    if (err == FOB_OK)
        err = make_token(flow, &answer, error);
    fob_flow_let_go(flow, &answer);
    return err;
}

/* --- answers that hold nothing ------------------------------------------------------------------------------ */

/* What a successful answer holds does not matter (RFC 7009 section 2.2), unless the descriptor or a plugin reads it. */
static bool is_plain_success(const fob_flow *flow, const struct fob_http_response *response)
{
    struct fob_answer_rule rule = fob_flow_answer_rule(flow);
    bool reads = FOB_SAYS(&rule, status.n) || FOB_SAYS(&rule, success.n) || FOB_SAYS(&rule, error) ||
                 flow->binding.provider->plugin;
    return !reads && response->status >= 200 && response->status < 300;
}

fob_err fob_flow_take_nothing(fob_flow *flow, const struct fob_http_response *response,
                              struct fob_error *error)
{
    struct fob_flow_answer answer = {0};
    if (is_plain_success(flow, response))
        return FOB_OK;
    fob_err err = fob_flow_read_answer(flow, response, &answer, error);
    fob_flow_let_go(flow, &answer);
    return err;
}
