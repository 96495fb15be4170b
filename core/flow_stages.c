/* SPDX-License-Identifier: MIT */
/* What a flow does after another: steps before the grant's own requests, those, steps after them, whose token it is. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "text.h"
#include "timing.h"

#include <fob/limits.h>
#include <string.h>

/* The head of an answer that is gone, or never was one: what is looked for in it is not there. */
static const struct fob_http_response nothing_else = {.size = sizeof nothing_else, .status = 200};

/* --- steps -------------------------------------------------------------------------------------------------- */

static enum fob_step_when when(const struct fob_step_rule *step)
{
    return step->when ? step->when : FOB_WHEN_LOGIN;
}

static bool is_due(const fob_flow *flow, const struct fob_step_rule *step)
{
    if (!flow->grant->has_steps)
        return false;
    if (flow->stage == FOB_STAGE_BEFORE)
        return when(step) == FOB_WHEN_BEFORE;
    if (when(step) == FOB_WHEN_PERSON)
        return flow->grant->is_login && flow->grant->redirect;
    return when(step) == FOB_WHEN_TOKEN || (when(step) == FOB_WHEN_LOGIN && flow->grant->is_login);
}

/* The next step that is due at this stage, or NULL; flow->step is where it stands. */
static const struct fob_step_rule *next_step(fob_flow *flow)
{
    const struct fob_descriptor *d = &flow->binding.provider->d;
    while (flow->step < d->n_steps && !is_due(flow, &d->steps[flow->step]))
        flow->step++;
    return flow->step < d->n_steps ? &d->steps[flow->step] : NULL;
}

static const struct fob_step_rule *this_step(const fob_flow *flow)
{
    return &flow->binding.provider->d.steps[flow->step];
}

static fob_err ask_step(fob_flow *flow, const struct fob_step_rule *step, struct fob_error *error)
{
    fob_log(&flow->log, FOB_LOG_INFO, "%s: step %s", flow->grant->name, step->name);
    fob_flow_request_begin(flow, (struct fob_rule){&step->request, NULL, true}, NULL);
    return fob_flow_request_end(flow, step->name, error);
}

/* The answer is the token from then on; what it does not tell stays as the first one told. */
static fob_err replace_token(fob_flow *flow, const struct fob_answer *answer, struct fob_error *error)
{
    struct fob_answer_rule rule = fob_flow_answer_rule(flow);
    fob_auto_token *token = NULL;
    fob_err err = fob_token_copy(flow->token, &token, error);
    if (err != FOB_OK)
        return err;
    token->expires_at = 0;
    const fob_secret *id_before = token->id;
    err = fob_answer_token(&rule, answer, flow->call.now, token, error);
    if (err == FOB_OK && token->id != id_before)
        err = fob_flow_check_id_token(flow, token, error);
    if (err != FOB_OK)
        return err;
    fob_token_unref(&flow->token);
    flow->token = fob_steal(&token);
    return FOB_OK;
}

static fob_err take_item(fob_flow *flow, const struct fob_answer *answer, json_t *item,
                         struct fob_error *error)
{
    const struct fob_step_rule *step = this_step(flow);
    struct fob_answer_rule rule = fob_flow_answer_rule(flow);
    fob_err err = fob_answer_keep(&rule, answer, item, &flow->kept, error);
    if (err == FOB_OK && flow->token && flow->grant->is_login)
        err = fob_flow_take_identity(flow, step->name, answer, item, flow->token, error);
    return err;
}

/* --- choosing ----------------------------------------------------------------------------------------------- */

/* The strings are our own: const in the struct only because hosts read them. */
static void free_text(const char *text)
{
    union {
        const char *as_shown;
        void *as_owned;
    } string = {.as_shown = text};
    free(string.as_owned);
}

void fob_flow_drop_options(fob_flow *flow)
{
    for (size_t i = 0; i < flow->n_options; i++) {
        free_text(flow->options[i].id);
        free_text(flow->options[i].label);
    }
    free(flow->options);
    free(flow->items);
    flow->options = NULL;
    flow->items = NULL;
    flow->n_options = 0;
    fob_json_wipe(flow->list);
    flow->list = NULL;
}

/* *ret stays where there is nothing. Errors: FOB_E_MEMORY. */
static fob_err text_at(json_t *item, const char *pointer, char **ret)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_SCALAR);
    char printable[256];
    bool found = pointer && fob_json_scalar(fob_json_point(item, pointer), &text);
    fob_err err = found ? fob_buf_finish(&text, "it", NULL) : FOB_OK;
    if (!found || err != FOB_OK)
        return err == FOB_E_MEMORY ? err : FOB_OK;
    fob_printable(printable, sizeof printable, text.data, text.len);
    *ret = fob_strdup(printable);
    return *ret ? FOB_OK : FOB_E_MEMORY;
}

/* made: the id that was chosen beforehand, or NULL; *ret_made is set to the item that has it. */
static fob_err add_option(fob_flow *flow, json_t *item, const char *made, json_t **ret_made)
{
    const struct fob_choose_rule *rule = &this_step(flow)->choose;
    fob_auto_free char *id = NULL, *label = NULL;
    fob_err err = text_at(item, rule->id, &id);
    if (err == FOB_OK)
        err = text_at(item, rule->label, &label);
    if (err != FOB_OK || !id)
        return err;
    if (made && !*ret_made && strcmp(id, made) == 0)
        *ret_made = item;
    if (flow->n_options == FOB_MAX_OPTIONS)
        return FOB_OK;
    char *shown = label && *label ? fob_steal(&label) : fob_strdup(id);
    if (!shown)
        return FOB_E_MEMORY;
    flow->items[flow->n_options] = item;
    flow->options[flow->n_options++] = (struct fob_option){fob_steal(&id), shown};
    return FOB_OK;
}

static fob_err list_options(fob_flow *flow, const char *made, json_t **ret_made)
{
    const struct fob_step_rule *step = this_step(flow);
    json_t *list = fob_json_point(flow->list, step->choose.from ? step->choose.from : ""), *item;
    /* In XML, a list of one cannot be told from an element. */
    bool is_alone = list && !json_is_array(list) && step->request.response.format == FOB_ANSWER_XML;
    size_t i, n = is_alone ? 1 : json_array_size(list);
    fob_err err = FOB_OK;
    if (!n)
        return FOB_OK;
    flow->options = calloc(n < FOB_MAX_OPTIONS ? n : FOB_MAX_OPTIONS, sizeof *flow->options);
    flow->items = calloc(n < FOB_MAX_OPTIONS ? n : FOB_MAX_OPTIONS, sizeof(json_t *));
    if (!flow->options || !flow->items)
        return FOB_E_MEMORY;
    if (is_alone)
        return add_option(flow, list, made, ret_made);
    json_array_foreach (list, i, item)
        if (err == FOB_OK)
            err = add_option(flow, item, made, ret_made);
    return err;
}

/* The item of the option with that id, or NULL. */
static json_t *item_of(const fob_flow *flow, const char *id)
{
    for (size_t i = 0; i < flow->n_options; i++)
        if (strcmp(flow->options[i].id, id) == 0)
            return flow->items[i];
    return NULL;
}

bool fob_flow_has_option(const fob_flow *flow, const char *id)
{
    return item_of(flow, id) != NULL;
}

static fob_err choose(fob_flow *flow, json_t *item, struct fob_error *error)
{
    struct fob_answer answer = {.http = &nothing_else, .json = flow->list};
    fob_err err = take_item(flow, &answer, item, error);
    fob_flow_drop_options(flow);
    return err;
}

/* One is taken, several are asked about, none is an error. *ret_waits: the person is asked. */
static fob_err offer(fob_flow *flow, struct fob_answer *answer, bool *ret_waits, struct fob_error *error)
{
    const struct fob_step_rule *step = this_step(flow);
    const char *made = fob_pairs_get(&flow->choices, step->name);
    json_t *item = NULL;
    fob_flow_drop_options(flow);
    flow->list = fob_steal(&answer->json);
    if (list_options(flow, made, &item) != FOB_OK)
        return fob_no_memory(error);
    if (item)
        return choose(flow, item, error);
    if (made)
        return fob_fail(error, FOB_E_ARGUMENT, "leave the choice out to see those there are",
                        "there is no %s \"%.64s\" in this account", step->name, made);
    if (flow->n_options == 0)
        return fob_fail(error, FOB_E_DENIED, "log in with an account that has one, or allow access to it",
                        "this account has no %s to choose", step->name);
    if (flow->n_options == 1)
        return choose(flow, flow->items[0], error);
    flow->state = FOB_STATE_CHOICE;
    *ret_waits = true;
    return FOB_OK;
}

fob_err fob_flow_take_choice(fob_flow *flow, const char *id, struct fob_error *error)
{
    fob_err err = choose(flow, item_of(flow, id), error);
    flow->step++;
    return err == FOB_OK ? fob_flow_proceed(flow, error) : err;
}

/* --- answers ------------------------------------------------------------------------------------------------ */

static fob_err read_step(fob_flow *flow, struct fob_answer *answer, bool *ret_waits, struct fob_error *error)
{
    const struct fob_step_rule *step = this_step(flow);
    if (step->choose.id)
        return offer(flow, answer, ret_waits, error);
    fob_err err = step->replaces == FOB_REPLACES_TOKEN ? replace_token(flow, answer, error) : FOB_OK;
    return err == FOB_OK ? take_item(flow, answer, NULL, error) : err;
}

static fob_err take_step(fob_flow *flow, const struct fob_http_response *response, bool *ret_waits,
                         struct fob_error *error)
{
    struct fob_flow_answer answer = {0};
    fob_err err = fob_flow_read_answer(flow, response, &answer, error);
    if (err == FOB_OK)
        err = read_step(flow, &answer.read, ret_waits, error);
    fob_flow_let_go(flow, &answer);
    return err;
}

static void enter(fob_flow *flow, enum fob_stage stage)
{
    flow->stage = stage;
    flow->step = 0;
}

static fob_err read_userinfo(fob_flow *flow, const struct fob_http_response *response,
                             struct fob_error *error)
{
    struct fob_answer_rule rule = fob_flow_answer_rule(flow);
    struct fob_flow_answer answer = {0};
    fob_err err = fob_flow_read_answer(flow, response, &answer, error);
    if (err == FOB_OK)
        err = fob_answer_keep(&rule, &answer.read, NULL, &flow->kept, error);
    if (err == FOB_OK)
        err = fob_flow_take_identity(flow, "userinfo", &answer.read, NULL, flow->token, error);
    fob_flow_let_go(flow, &answer);
    return err;
}

/* The token is good without it: whose it is stays unknown, and a login that a person went through is not lost. */
fob_err fob_flow_without_userinfo(fob_flow *flow, const struct fob_error *why)
{
    if (why->code == FOB_E_MEMORY || why->code == FOB_E_PLUGIN)
        return why->code;
    fob_log(&flow->log, FOB_LOG_WARNING, "%s: whose token it is stays unknown: %s", flow->grant->name,
            why->what);
    enter(flow, FOB_STAGE_END);
    return FOB_OK;
}

static fob_err take_userinfo(fob_flow *flow, const struct fob_http_response *response,
                             struct fob_error *error)
{
    struct fob_error why;
    fob_err err = read_userinfo(flow, response, &why);
    if (err != FOB_OK)
        err = fob_flow_without_userinfo(flow, &why);
    if (err != FOB_OK && error)
        *error = why;
    return err;
}

fob_err fob_flow_take_answer(fob_flow *flow, const struct fob_http_response *response,
                             struct fob_error *error)
{
    bool again = false, waits = false;
    fob_err err;
    if (flow->stage == FOB_STAGE_GRANT) {
        err = flow->grant->answer(flow, response, &again, error);
        if (err == FOB_OK && !again)
            enter(flow, FOB_STAGE_AFTER);
    } else if (flow->stage == FOB_STAGE_USERINFO) {
        err = take_userinfo(flow, response, error);
        enter(flow, FOB_STAGE_END);
    } else {
        err = take_step(flow, response, &waits, error);
        flow->step += !waits;
    }
    return err == FOB_OK && !waits ? fob_flow_proceed(flow, error) : err;
}

/* --- what comes next ---------------------------------------------------------------------------------------- */

static bool asks_userinfo(const fob_flow *flow)
{
    const struct fob_identity_rule *identity = &flow->binding.provider->d.identity;
    bool has_person = flow->grant->is_login && flow->grant->redirect;
    return has_person && identity->id && strcmp(identity->from, "userinfo") == 0;
}

/* A token that others may have paid for with the old one must not hang on what comes after it. */
static bool has_to_be_kept(fob_flow *flow)
{
    return flow->token && flow->old && !flow->written;
}

static fob_err ask_userinfo(fob_flow *flow, struct fob_error *error)
{
    fob_flow_request_begin(flow, (struct fob_rule){&flow->binding.provider->d.userinfo, NULL, true}, NULL);
    return fob_flow_request_end(flow, "userinfo_endpoint", error);
}

/* What the callback or the account's address told: /NAME is what was kept under that name. */
static fob_err identify_by_kept(fob_flow *flow, struct fob_error *error)
{
    const struct fob_identity_rule *rule = &flow->binding.provider->d.identity;
    if (!flow->grant->is_login || !rule->id || strcmp(rule->from, "kept") != 0)
        return FOB_OK;
    struct fob_answer kept = {.http = &nothing_else, .json = json_object()};
    fob_auto_json *told = kept.json;
    bool whole = told != NULL;
    for (size_t i = 0; whole && i < flow->kept.values.n; i++)
        whole = json_object_set_new(told, flow->kept.values.v[i].name,
                                    json_string(flow->kept.values.v[i].value)) == 0;
    return whole ? fob_flow_take_identity(flow, "kept", &kept, NULL, flow->token, error)
                 : fob_no_memory(error);
}

/* False: no memory. */
static bool replace_values(struct fob_kept_values *kept, const struct fob_pairs *pairs, bool is_secret)
{
    fob_kept_free(kept);
    for (size_t i = 0; i < pairs->n; i++)
        fob_kept_set(kept, pairs->v[i].name, pairs->v[i].value, is_secret);
    return pairs->failed == FOB_OK && kept->values.failed == FOB_OK;
}

/* What a token has to have with it for its calls and its refreshes. */
static fob_err complete(fob_flow *flow, fob_token *token, struct fob_error *error)
{
    const struct fob_descriptor *d = &flow->binding.provider->d;
    struct fob_pairs fields = {0}, params = {0};
    fob_err err = fob_flow_add_fields(flow, &d->use.headers, &fields, error);
    if (err == FOB_OK)
        err = fob_flow_add_params(flow, &d->use.params, &params, error);
    bool whole = replace_values(&token->use_fields, &fields, true) &&
                 replace_values(&token->use_params, &params, false) &&
                 fob_kept_copy(&token->kept, &flow->kept) == FOB_OK;
    fob_pairs_free(&fields);
    fob_pairs_free(&params);
    if (err != FOB_OK || !whole)
        return err != FOB_OK ? err : fob_no_memory(error);
    token->partial = false;
    token->renewal_due = fob_renewal_due(d, token);
    return FOB_OK;
}

static fob_err finish(fob_flow *flow, struct fob_error *error)
{
    fob_err err = FOB_OK;
    if (flow->token)
        err = identify_by_kept(flow, error);
    if (flow->token && err == FOB_OK)
        err = complete(flow, flow->token, error);
    for (size_t i = 0; err == FOB_OK && i < flow->n_also; i++)
        err = complete(flow, flow->also[i].token, error);
    if (err != FOB_OK)
        return err;
    if (flow->token)
        fob_log(&flow->log, FOB_LOG_INFO, "%s: a token was issued", flow->grant->name);
    flow->state = FOB_STATE_DONE;
    return FOB_OK;
}

fob_err fob_flow_proceed(fob_flow *flow, struct fob_error *error)
{
    const struct fob_step_rule *step;
    switch (flow->stage) {
    case FOB_STAGE_BEFORE:
        step = next_step(flow);
        if (step)
            return ask_step(flow, step, error);
        enter(flow, FOB_STAGE_GRANT);
        return flow->grant->ask(flow, error);
    case FOB_STAGE_GRANT:
        return flow->grant->ask(flow, error);
    case FOB_STAGE_AFTER:
        step = next_step(flow);
        if (step && has_to_be_kept(flow)) {
            flow->state = FOB_STATE_KEEP;
            return FOB_OK;
        }
        if (step)
            return ask_step(flow, step, error);
        enter(flow, FOB_STAGE_USERINFO);
        if (asks_userinfo(flow))
            return ask_userinfo(flow, error);
        break;
    default:
        break;
    }
    enter(flow, FOB_STAGE_END);
    return finish(flow, error);
}

fob_err fob_flow_take_kept(fob_flow *flow, struct fob_error *error)
{
    flow->written = true;
    return fob_flow_proceed(flow, error);
}
