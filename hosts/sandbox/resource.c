/* SPDX-License-Identifier: MIT */
/* What the provider tells beside tokens: steps, userinfo, verify. */
#include "answer.h"
#include "client.h"
#include "provider.h"
#include "reply.h"
#include "scope.h"
#include "token.h"
#include "tokens.h"
#include "tree.h"

#include <string.h>

static bool is_step(const struct inquiry *inquiry, const char *key, const char *value)
{
    const char *given = inquiry->rule->kind == RULE_STEP ? tree_text(inquiry->rule->block, key) : NULL;
    return given && strcmp(given, value) == 0;
}

/* Whether the request presents a token at all: some steps only tell who the client is. */
static bool needs_token(const struct inquiry *inquiry)
{
    bool mentioned = inquiry->methods & AUTH_TOKEN;
    for (size_t i = 0; !mentioned && i < inquiry->expected.n; i++) {
        const char *template = inquiry->expected.v[i].template;
        mentioned = template && (expression_mentions(template, "access_token") ||
                                 expression_mentions(template, "refresh_token"));
    }
    return mentioned;
}

/* Who asks: a token that is good, but for what comes before all tokens. */
static struct problem token_problem(const struct inquiry *inquiry)
{
    const char *from = tree_text(inquiry->sandbox->descriptor, "identity/from");
    bool is_known = json_object_get(inquiry->visit->view->metadata, "issuer") ||
                    json_object_get(inquiry->visit->view->metadata, "jwks_uri");
    bool is_oidc = inquiry->rule->kind == RULE_USERINFO && is_known &&
                   !json_object_get(inquiry->sandbox->descriptor, "userinfo") &&
                   !(from && strcmp(from, "userinfo") == 0);
    if (inquiry->rule->kind == RULE_STEP && !needs_token(inquiry))
        return (struct problem){0};
    if (!inquiry->record || !record_is_live(inquiry->record))
        return problem_make(401, "invalid_token", "the access token is unknown, expired or revoked");
    /* OpenID Connect Core section 5.3. */
    if (is_oidc &&
        !scope_has(inquiry->record->scope ? inquiry->record->scope : inquiry->grant->scope, "openid"))
        return problem_make(403, "insufficient_scope", "the access token lacks the scope openid");
    return (struct problem){0};
}

/* --- a code ------------------------------------------------------------------------------------------------------------- */

static struct problem code_problem(const struct inquiry *inquiry)
{
    const struct record *code = inquiry->code;
    if (inquiry->rule->kind != RULE_STEP || !json_object_get(inquiry->presented, "code"))
        return (struct problem){0};
    return !code                   ? problem_make(400, "invalid_grant", "the code is unknown")
           : code->used            ? problem_make(400, "invalid_grant", "the code was used before")
           : !record_is_live(code) ? problem_make(400, "invalid_grant", "the code has expired")
                                   : (struct problem){0};
}

/* The code is spent, and the token beside it is that of who logged in. */
static void spend_code(const struct inquiry *inquiry)
{
    if (!inquiry->code)
        return;
    record_use(inquiry->code);
    if (inquiry->record)
        json_object_update(inquiry->record->grant->kept, inquiry->code->grant->kept);
}

/* --- a list to choose from ---------------------------------------------------------------------------------------------- */

/* One item: what is kept of it, and what tells it apart. */
static json_t *make_item(struct inquiry *inquiry, json_t *choose, json_t *keep, unsigned n, json_t *kept)
{
    struct answer item;
    struct reply nowhere = {0};
    char *id = text_printf("choice-%u", n + 1), *label = text_printf("Choice %u", n + 1);
    const char *const sources[] = {tree_text(choose, "id"), tree_text(choose, "label")}, *const values[] = {
                                                                                             id, label};
    answer_begin(&item, inquiry->sandbox, NULL, &nowhere);
    answer_keep(&item, keep, false, n, kept);
    for (size_t i = 0; i < 2; i++) {
        char *there = sources[i] ? answer_value(&item, sources[i]) : NULL;
        if (sources[i] && !there)
            answer_put_text(&item, sources[i], values[i]);
        text_drop(&there);
    }
    json_t *made = item.body ? json_incref(item.body) : text_must(json_object());
    answer_free(&item);
    reply_free(&nowhere);
    text_drop(&id);
    text_drop(&label);
    return made;
}

/* Which item the client chose it does not tell: what it keeps is one of choices from now on. */
static void add_choices(struct grant *grant, json_t *kept_of_items)
{
    size_t i, j;
    json_t *kept, *before, *product = text_must(json_array());
    size_t n_before = json_array_size(grant->choices);
    json_array_foreach (kept_of_items, i, kept)
        for (j = 0; j < (n_before ? n_before : 1) && json_array_size(product) < 256; j++) {
            before = json_array_get(grant->choices, j);
            json_array_append_new(product, tree_merge(before, kept));
        }
    json_decref(grant->choices);
    grant->choices = product;
}

static void put_list(struct inquiry *inquiry, struct answer *answer, json_t *choose, json_t *keep)
{
    const char *from = tree_text(choose, "from");
    json_t *list = text_must(json_array()), *all_kept = text_must(json_array());
    for (unsigned n = 0; n < inquiry->sandbox->settings.choices; n++) {
        json_t *kept = text_must(json_object());
        json_array_append_new(list, make_item(inquiry, choose, keep, n, kept));
        json_array_append_new(all_kept, kept);
    }
    if (from && *from) {
        answer_put(answer, from, list);
    } else {
        json_decref(answer->body);
        answer->body = list;
    }
    if (inquiry->grant && json_array_size(all_kept))
        add_choices(inquiry->grant, all_kept);
    json_decref(all_kept);
}

/* --------------------------------------------------------------------------------------------------------------------------- */

/* What a step before all tokens gives belongs to no grant yet. */
static void note_global(struct sandbox *sandbox, json_t *kept)
{
    if (json_array_size(sandbox->global_kept) == MAX_GLOBAL_KEPT)
        json_array_remove(sandbox->global_kept, 0);
    json_array_append(sandbox->global_kept, kept);
}

void resource_answer(struct inquiry *inquiry, struct reply *reply)
{
    struct problem problem = token_problem(inquiry);
    json_t *response = tree_at(inquiry->rule->block, "response"), *keep = tree_at(response, "keep");
    json_t *choose = inquiry->rule->kind == RULE_STEP ? tree_at(inquiry->rule->block, "choose") : NULL;
    const char *subject = inquiry->grant ? inquiry->grant->subject : inquiry->sandbox->client_id;
    struct answer answer;
    if (!problem.code)
        problem = code_problem(inquiry);
    if (problem.code) {
        token_refuse(inquiry, problem, reply);
        return;
    }
    spend_code(inquiry);
    if (inquiry->grant && is_step(inquiry, "replaces", "token")) {
        tokens_answer(inquiry->sandbox, inquiry->visit, inquiry->rule, inquiry->grant, NULL, REFRESH_NONE,
                      false, reply);
        return;
    }
    json_t *kept = inquiry->grant ? json_incref(inquiry->grant->kept) : text_must(json_object());
    answer_begin(&answer, inquiry->sandbox, response, reply);
    if (choose)
        put_list(inquiry, &answer, choose, keep);
    else
        answer_keep(&answer, keep, false, 0, kept);
    if (inquiry->rule->kind == RULE_USERINFO) {
        answer_identify(&answer, "userinfo", false, subject);
        if (!json_object_get(answer.body, "sub"))
            answer_put_text(&answer, "/sub", subject);
        if (!json_object_get(answer.body, "name"))
            answer_put_text(&answer, "/name", "Sandbox User");
    } else {
        answer_identify(&answer, inquiry->rule->name, false, subject);
    }
    if (!inquiry->grant)
        note_global(inquiry->sandbox, kept);
    json_decref(kept);
    answer_send(&answer);
}
