/* SPDX-License-Identifier: MIT */
/* Flows: what is common to every grant. One table of states and events decides what may happen when. */
#include "cleanup.h"
#include "client.h"
#include "error.h"
#include "flows.h"
#include "format.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

/* --- making one --------------------------------------------------------------------------------------------- */

static bool is_scope_list(const char *const *scopes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!fob_formats[FOB_FORMAT_SCOPE].check(scopes[i]))
            return false;
    return true;
}

static void add_scope(struct fob_buf *out, const char *scope)
{
    if (out->len && fob_has_word(out->data, scope))
        return;
    if (out->len)
        fob_buf_char(out, ' ');
    fob_buf_str(out, scope);
}

/* All of them, when nobody asked for any. */
static void add_defaults(struct fob_buf *out, const struct fob_strings *scopes)
{
    bool asked = out->len > 0;
    for (size_t i = 0; i < scopes->n && !asked; i++)
        add_scope(out, scopes->v[i]);
}

/* "user=files:read" is a scope of the group "user"; NULL when it is one of the ordinary ones. */
static const char *in_group(const char *scope, const struct fob_scope_group *group)
{
    size_t len = strlen(group->name);
    return strncmp(scope, group->name, len) == 0 && scope[len] == '=' ? scope + len + 1 : NULL;
}

static const struct fob_scope_group *group_of(const struct fob_scopes_rule *rule, const char *scope)
{
    for (size_t i = 0; i < rule->n_groups; i++)
        if (in_group(scope, &rule->groups[i]))
            return &rule->groups[i];
    return NULL;
}

static fob_err gather_group(fob_flow *flow, const struct fob_flow_params *params,
                            const struct fob_scope_group *group, struct fob_error *error)
{
    fob_auto_buf out = FOB_BUF((size_t)FOB_MAX_URL);
    for (size_t i = 0; i < params->n_scopes; i++)
        if (in_group(params->scopes[i], group))
            add_scope(&out, in_group(params->scopes[i], group));
    add_defaults(&out, &group->default_scopes);
    fob_err err = fob_buf_finish(&out, "the list of scopes", error);
    if (err == FOB_OK && out.len)
        fob_pairs_set(&flow->groups, group->name, out.data);
    return err;
}

/* OpenID Connect Core sections 5.4 and 11: about a person, whom a client alone does not have. */
static bool is_of_a_person(const char *scope)
{
    return fob_has_word("openid profile email address phone offline_access", scope);
}

/* Scopes that nobody asked for, but the descriptor. */
static void add_own_scopes(const fob_flow *flow, const struct fob_strings *scopes, struct fob_buf *out)
{
    bool is_machine = strcmp(flow->grant->name, "client_credentials") == 0;
    for (size_t i = 0; i < scopes->n; i++)
        if (!is_machine || !is_of_a_person(scopes->v[i]))
            add_scope(out, scopes->v[i]);
}

static fob_err gather_scope(fob_flow *flow, const struct fob_flow_params *params, struct fob_error *error)
{
    const struct fob_scopes_rule *rule = &flow->binding.provider->d.scopes;
    struct fob_buf out = FOB_BUF((size_t)FOB_MAX_URL);
    if (params->n_scopes > FOB_MAX_SCOPES)
        return fob_fail(error, FOB_E_LIMIT, NULL, "more than %d scopes are asked for", FOB_MAX_SCOPES);
    if (!is_scope_list(params->scopes, params->n_scopes))
        return fob_fail(error, FOB_E_ARGUMENT, "give each scope by itself",
                        "a scope is printable ASCII without space, quote and backslash");
    for (size_t i = 0; i < params->n_scopes; i++)
        if (!group_of(rule, params->scopes[i]))
            add_scope(&out, params->scopes[i]);
    if (out.len == 0)
        add_own_scopes(flow, &rule->default_scopes, &out);
    add_own_scopes(flow, &rule->always, &out);
    fob_err err = fob_buf_finish(&out, "the list of scopes", error);
    for (size_t i = 0; i < rule->n_groups && err == FOB_OK; i++)
        err = gather_group(flow, params, &rule->groups[i], error);
    if (err == FOB_OK)
        flow->scope = fob_buf_steal(&out);
    else
        fob_buf_free(&out);
    return err;
}

static fob_err copy_params(fob_flow *flow, const struct fob_flow_params *params, struct fob_error *error)
{
    fob_err err = fob_client_copy(params->client, &flow->client, error);
    if (err == FOB_OK)
        err = fob_binding_init(&flow->binding, params->provider, params->environment,
                               fob_client_id(flow->client), params->variables, params->n_variables, error);
    if (err == FOB_OK)
        err = gather_scope(flow, params, error);
    if (err != FOB_OK)
        return err;
    fob_entropy_init(&flow->entropy, params->seed);
    flow->log = params->log;
    flow->redirect_uri = params->redirect_uri ? fob_strdup(params->redirect_uri) : NULL;
    if (params->redirect_uri && !flow->redirect_uri)
        return fob_no_memory(error);
    for (size_t i = 0; i < params->n_choices; i++)
        fob_pairs_set(&flow->choices, params->choices[i].name, params->choices[i].value);
    if (flow->choices.failed != FOB_OK || flow->groups.failed != FOB_OK)
        return fob_no_memory(error);
    flow->login_timeout_ms =
        params->login_timeout_ms > 0 ? params->login_timeout_ms : (int64_t)FOB_LOGIN_TIMEOUT_MS;
    flow->call = (struct fob_call){.binding = &flow->binding,
                                   .client = flow->client,
                                   .log = &flow->log,
                                   .entropy = &flow->entropy,
                                   .verifier = &flow->verifier,
                                   .code = &flow->code,
                                   .kept = &flow->kept,
                                   .granted = &flow->token};
    fob_hook_value(&flow->call, "scope", flow->scope);
    return FOB_OK;
}

fob_err fob_flow_new(const struct fob_grant *grant, const struct fob_flow_params *given, fob_flow **ret_flow,
                     struct fob_error *error)
{
    struct fob_flow_params params = {0};
    if (!given || !ret_flow || given->size < offsetof(struct fob_flow_params, scopes))
        return fob_fail(error, FOB_E_ARGUMENT, "start from FOB_FLOW_PARAMS_INIT", "a flow needs parameters");
    memcpy(&params, given, given->size < sizeof params ? given->size : sizeof params);
    if (!params.provider || !params.client || !params.seed)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "a flow needs a provider, a client and a seed");
    fob_auto_flow *flow = malloc(sizeof *flow);
    if (!flow)
        return fob_no_memory(error);
    *flow = (struct fob_flow){
        .grant = grant, .csrf = FOB_BUF(256), .nonce = FOB_BUF(256), .verifier = FOB_BUF(256)};
    fob_err err = copy_params(flow, &params, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}

static void free_text(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void fob_flow_free(fob_flow **pointer)
{
    fob_flow *flow = pointer ? fob_steal(pointer) : NULL;
    if (!flow)
        return;
    fob_binding_free(&flow->binding);
    fob_client_free(&flow->client);
    fob_entropy_wipe(&flow->entropy);
    fob_pairs_free(&flow->call.values);
    fob_pairs_free(&flow->authorize_params);
    fob_pairs_free(&flow->groups);
    fob_pairs_free(&flow->choices);
    fob_pairs_free(&flow->named);
    fob_redirect_free(&flow->callback);
    fob_kept_free(&flow->kept);
    fob_flow_drop_options(flow);
    for (size_t i = 0; i < flow->n_also; i++) {
        free(flow->also[i].name);
        fob_token_unref(&flow->also[i].token);
    }
    free(flow->scope);
    free(flow->redirect_uri);
    free_text(flow->url);
    fob_buf_free(&flow->csrf);
    fob_buf_free(&flow->nonce);
    fob_buf_free(&flow->verifier);
    fob_buf_free(&flow->code);
    fob_buf_free(&flow->body);
    fob_request_free(&flow->request);
    fob_token_unref(&flow->old);
    fob_token_unref(&flow->token);
    free(flow->failure);
    free(flow);
}

/* --- running it --------------------------------------------------------------------------------------------- */

static fob_err end_with(fob_flow *flow, fob_err err, const struct fob_error *failure, struct fob_error *error)
{
    flow->state = FOB_STATE_FAILED;
    flow->failure = malloc(sizeof *flow->failure);
    if (flow->failure)
        *flow->failure = *failure;
    if (flow->token)
        flow->token->partial = true;
    fob_log(&flow->log, FOB_LOG_INFO, "%s: ended: %s", flow->grant->name, fob_err_word(err));
    if (error)
        *error = *failure;
    return err;
}

static fob_err failed_before(const fob_flow *flow, struct fob_error *error)
{
    if (!flow->failure)
        return fob_no_memory(error);
    if (error)
        *error = *flow->failure;
    return flow->failure->code;
}

static fob_err out_of_place(struct fob_error *error)
{
    return fob_fail(error, FOB_E_STATE, "ask fob_flow_next what is wanted", "the flow did not ask for that");
}

static fob_err too_late(fob_flow *flow, struct fob_error *error)
{
    struct fob_error failure;
    fob_fail(&failure, FOB_E_EXPIRED, "start the login again", "the login was not finished in time");
    return end_with(flow, FOB_E_EXPIRED, &failure, error);
}

static enum fob_redirect_mode redirect_mode(const fob_flow *flow)
{
    static const enum fob_redirect_mode modes[] = {FOB_REDIRECT_QUERY, FOB_REDIRECT_QUERY,
                                                   FOB_REDIRECT_FORM_POST, FOB_REDIRECT_FRAGMENT};
    const struct fob_descriptor *d = &flow->binding.provider->d;
    return modes[d->callback.response_mode ? d->callback.response_mode : d->authorize.response_mode];
}

static void describe(const fob_flow *flow, struct fob_action *action)
{
    static const enum fob_want wants[] = {[FOB_STATE_REDIRECT] = FOB_WANT_REDIRECT,
                                          [FOB_STATE_REQUEST] = FOB_WANT_HTTP,
                                          [FOB_STATE_KEEP] = FOB_WANT_KEEP,
                                          [FOB_STATE_CHOICE] = FOB_WANT_CHOICE,
                                          [FOB_STATE_DONE] = FOB_WANT_NOTHING};
    const struct fob_descriptor *d = &flow->binding.provider->d;
    action->want = wants[flow->state];
    if (flow->state == FOB_STATE_REDIRECT) {
        action->url = flow->url;
        action->redirect_uri = flow->redirect_uri;
        action->until = flow->until;
        action->redirect_mode = redirect_mode(flow);
        action->warning = d->callback.state == FOB_STATE_RULE_NONE ? d->callback.state_reason : NULL;
    } else if (flow->state == FOB_STATE_REQUEST) {
        action->request = &flow->request.view;
    } else if (flow->state == FOB_STATE_CHOICE) {
        action->step = d->steps[flow->step].name;
        action->options = flow->options;
        action->n_options = flow->n_options;
    }
}

/* A grant may have to wait for something before the stages. */
static fob_err start(fob_flow *flow, struct fob_error *error)
{
    fob_err err = flow->grant->begin ? flow->grant->begin(flow, error) : FOB_OK;
    return err == FOB_OK && flow->state == FOB_STATE_NEW ? fob_flow_proceed(flow, error) : err;
}

fob_err fob_flow_next(fob_flow *flow, int64_t now, struct fob_action *ret_action, struct fob_error *error)
{
    struct fob_error failure;
    struct fob_action action = {.size = sizeof action};
    if (!flow || !ret_action || ret_action->size < sizeof action)
        return fob_fail(error, FOB_E_ARGUMENT, "start from FOB_ACTION_INIT",
                        "fob_flow_next needs a flow and room for the action");
    flow->call.now = now;
    if (flow->state == FOB_STATE_NEW) {
        fob_err err = start(flow, &failure);
        if (err != FOB_OK)
            return end_with(flow, err, &failure, error);
    }
    if (flow->state == FOB_STATE_FAILED)
        return failed_before(flow, error);
    if (flow->state == FOB_STATE_REDIRECT && now >= flow->until)
        return too_late(flow, error);
    describe(flow, &action);
    *ret_action = action;
    return FOB_OK;
}

fob_err fob_flow_feed_response(fob_flow *flow, int64_t now, const struct fob_http_response *response,
                               struct fob_error *error)
{
    struct fob_error failure;
    if (!flow || !response || response->size < sizeof *response)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "a response is needed");
    if (flow->state != FOB_STATE_REQUEST)
        return out_of_place(error);
    flow->call.now = now;
    fob_err err = fob_flow_take_answer(flow, response, &failure);
    return err == FOB_OK ? FOB_OK : end_with(flow, err, &failure, error);
}

fob_err fob_flow_feed_failure(fob_flow *flow, int64_t now, const struct fob_error *failure,
                              struct fob_error *error)
{
    if (!flow || !failure || failure->code == FOB_OK)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "a failure is needed");
    if (flow->state != FOB_STATE_REQUEST)
        return out_of_place(error);
    flow->call.now = now;
    struct fob_error own = *failure;
    fob_err err = failure->code;
    if (flow->stage == FOB_STAGE_USERINFO && fob_flow_without_userinfo(flow, failure) == FOB_OK)
        err = fob_flow_proceed(flow, &own);
    return err == FOB_OK ? FOB_OK : end_with(flow, err, &own, error);
}

static fob_err take_redirect(fob_flow *flow, const struct fob_redirect *redirect, bool *ret_ignored,
                             struct fob_error *error)
{
    fob_err err = flow->grant->redirect(flow, redirect, ret_ignored, error);
    return err == FOB_OK ? fob_flow_proceed(flow, error) : err;
}

/* What cannot be an answer to this flow must not end it, or anybody who can reach the port could. */
fob_err fob_flow_feed_redirect(fob_flow *flow, int64_t now, const char *uri, size_t len,
                               struct fob_error *error)
{
    struct fob_error failure = FOB_ERROR_INIT;
    struct fob_redirect redirect = {0};
    bool ignored = true; /* until it is known to be ours */
    if (!flow || !uri)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "a redirect is needed");
    if (flow->state != FOB_STATE_REDIRECT)
        return out_of_place(error);
    flow->call.now = now;
    if (now >= flow->until)
        return too_late(flow, error);
    fob_err err = fob_redirect_parse(uri, len, &redirect, &failure);
    if (err == FOB_OK)
        err = take_redirect(flow, &redirect, &ignored, &failure);
    else if (err == FOB_E_MEMORY)
        ignored = false; /* it may have been the answer, and will not come again */
    else
        err = fob_fail(&failure, FOB_E_SECURITY, "finish the login in the browser window that was opened",
                       "a redirect came that cannot be read");
    fob_redirect_free(&redirect);
    if (err == FOB_OK || !ignored)
        return err == FOB_OK ? FOB_OK : end_with(flow, err, &failure, error);
    if (error)
        *error = failure;
    return err;
}

fob_err fob_flow_feed_choice(fob_flow *flow, int64_t now, const char *id, struct fob_error *error)
{
    struct fob_error failure;
    if (!flow || !id)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "the id of an option is needed");
    if (flow->state != FOB_STATE_CHOICE)
        return out_of_place(error);
    if (!fob_flow_has_option(flow, id))
        return fob_fail(error, FOB_E_ARGUMENT, "choose one of those that were offered",
                        "there is no option \"%.64s\"", id);
    flow->call.now = now;
    fob_err err = fob_flow_take_choice(flow, id, &failure);
    return err == FOB_OK ? FOB_OK : end_with(flow, err, &failure, error);
}

fob_err fob_flow_feed_kept(fob_flow *flow, int64_t now, struct fob_error *error)
{
    struct fob_error failure;
    if (!flow)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "a flow is needed");
    if (flow->state != FOB_STATE_KEEP)
        return out_of_place(error);
    flow->call.now = now;
    fob_err err = fob_flow_take_kept(flow, &failure);
    return err == FOB_OK ? FOB_OK : end_with(flow, err, &failure, error);
}

fob_err fob_flow_cancel(fob_flow *flow)
{
    struct fob_error failure;
    if (!flow || flow->state == FOB_STATE_DONE || flow->state == FOB_STATE_FAILED)
        return FOB_OK;
    fob_fail(&failure, FOB_E_CANCELLED, NULL, "the login was cancelled");
    end_with(flow, FOB_E_CANCELLED, &failure, NULL);
    return FOB_OK;
}

fob_token *fob_flow_token(const fob_flow *flow)
{
    return flow ? flow->token : NULL;
}

fob_token *fob_flow_also(const fob_flow *flow, size_t n, const char **ret_name)
{
    if (!flow || n >= flow->n_also)
        return NULL;
    if (ret_name)
        *ret_name = flow->also[n].name;
    return flow->also[n].token;
}
