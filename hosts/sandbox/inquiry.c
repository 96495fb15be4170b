/* SPDX-License-Identifier: MIT */
/* One request of a client, held against one rule: what was presented, and who holds it. */
#include "inquiry.h"

#include "body.h"
#include "client.h"
#include "clock.h"
#include "compare.h"
#include "facts.h"
#include "provider.h"
#include "tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLOCK_LEEWAY_MS 300000 /* by which a time in a request may differ from ours */

struct problem problem_make(unsigned status, const char *code, const char *format, ...)
{
    char *why = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&why, format, args);
    va_end(args);
    return (struct problem){status, code, text_must(len < 0 ? NULL : why)};
}

const char *inquiry_value(const struct inquiry *inquiry, const char *name)
{
    const char *value = params_get(&inquiry->body, name);
    return value ? value : params_get(&inquiry->visit->request->query, name);
}

/* --- what was presented ---------------------------------------------------------------------------------------- */

/* What only the client can tell: where a parameter or field is nothing but this, it tells it. */
static bool is_told(const struct inquiry *inquiry, const char *name)
{
    static const char *const told[] = {"code",         "code_verifier", "refresh_token",
                                       "access_token", "token",         "token_type_hint"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (strcmp(told[i], name) == 0)
            return true;
    return inquiry->rule->kind == RULE_CLIENT &&
           (strcmp(name, "scope") == 0 || strncmp(name, "scopes.", 7) == 0);
}

/* The client's time has to be near ours; from then on, its time is what templates are held against. */
static void take_time(struct inquiry *inquiry, const char *value, int64_t unit)
{
    int64_t time = strtoll(value, NULL, 10) * unit, distance = time - clock_now();
    if (distance > -CLOCK_LEEWAY_MS && distance < CLOCK_LEEWAY_MS)
        inquiry->facts.now_ms = time;
}

/* A word before the expression, as in "OAuth {access_token}", is passed over in both. */
static void pass_word(const char **template, const char **value)
{
    size_t len = *template && *value ? strcspn(*template, "{") : 0;
    if (len && (*template)[len] && strncmp(*template, *value, len) == 0) {
        *template += len;
        *value += len;
    }
}

static void take(struct inquiry *inquiry, const char *template, const char *value)
{
    pass_word(&template, &value);
    char *alone = template && value ? expression_alone(template) : NULL;
    if (!alone)
        return;
    if (strcmp(alone, "now()") == 0 || strcmp(alone, "now_ms()") == 0)
        take_time(inquiry, value, strcmp(alone, "now()") == 0 ? 1000 : 1);
    else if (is_told(inquiry, alone))
        tree_set(inquiry->presented, alone, value);
    text_drop(&alone);
}

static void take_presented(struct inquiry *inquiry)
{
    const char *name, *token = client_token(inquiry->sandbox, inquiry->visit->request);
    json_t *template;
    for (size_t i = 0; i < inquiry->expected.n; i++)
        take(inquiry, inquiry->expected.v[i].template, inquiry_value(inquiry, inquiry->expected.v[i].name));
    json_object_foreach (tree_at(inquiry->rule->block, "headers"), name, template)
        take(inquiry, json_string_value(template), request_header(inquiry->visit->request, name));
    if ((inquiry->methods & AUTH_TOKEN) && token)
        tree_set(inquiry->presented, "access_token", token);
}

static void find_grant(struct inquiry *inquiry)
{
    static const struct {
        const char *name;
        enum record_kind kind;
    } places[] = {{"code", RECORD_CODE},
                  {"refresh_token", RECORD_REFRESH},
                  {"token", RECORD_REFRESH},
                  {"token", RECORD_ACCESS},
                  {"access_token", RECORD_ACCESS}};
    bool is_step = inquiry->rule->kind == RULE_STEP;
    for (size_t i = 0; !inquiry->record && i < sizeof places / sizeof *places; i++) {
        const char *value = tree_text(inquiry->presented, places[i].name);
        struct record *found = value ? store_find(&inquiry->sandbox->store, places[i].kind, value) : NULL;
        if (is_step && places[i].kind == RECORD_CODE)
            inquiry->code = found;
        else
            inquiry->record = found;
    }
    if (!inquiry->record && !inquiry->code)
        return;
    if (inquiry->record && inquiry->code)
        facts_add_grant(&inquiry->facts, inquiry->record->grant);
    inquiry->grant = inquiry->code ? inquiry->code->grant : inquiry->record->grant;
    inquiry->grant->refs++; /* issuing tokens may push the record out of the store */
    facts_add_grant(&inquiry->facts, inquiry->grant);
    if (inquiry->rule->kind == RULE_REFRESH)
        facts_forget_callback(&inquiry->facts);
}

/* RFC 6749's name for what the rule is about, whatever the provider calls it; NULL: it is about no grant. */
static const char *grant_type_of(const struct rule *rule)
{
    const char *with = tree_text(rule->block, "with");
    bool by_client = rule->kind == RULE_CLIENT || (with && strcmp(with, "client_credentials") == 0);
    bool by_refresh_token = rule->kind == RULE_REFRESH && (!with || strcmp(with, "refresh_token") == 0);
    return by_client                 ? "client_credentials"
           : rule->kind == RULE_CODE ? "authorization_code"
           : by_refresh_token        ? "refresh_token"
                                     : NULL; /* an access token for the next one, too */
}

/* grant_types_supported, where it is given, says which grants there are. */
static struct problem support_problem(const struct inquiry *inquiry)
{
    const char *type = grant_type_of(inquiry->rule);
    json_t *listed = json_object_get(inquiry->visit->view->metadata, "grant_types_supported");
    return type && json_array_size(listed) && !tree_lists(listed, type)
               ? problem_make(400, "unsupported_grant_type", "grant_types_supported does not list %s", type)
               : (struct problem){0};
}

/* --- the whole --------------------------------------------------------------------------------------------------- */

/* Each of what the client may keep that the server cannot know of: which item was chosen, which answer was the last. */
static void compare_all(struct inquiry *inquiry)
{
    json_t *choices = inquiry->grant ? inquiry->grant->choices : NULL,
           *global = inquiry->sandbox->global_kept;
    size_t n_choices = json_array_size(choices), n_global = json_array_size(global);
    size_t all = (n_choices ? n_choices : 1) * (n_global ? n_global : 1);
    for (size_t i = 0; i < all; i++) {
        text_drop(&inquiry->problem.why);
        facts_add_all(&inquiry->facts, "kept.", json_array_get(choices, n_choices ? i % n_choices : 0));
        facts_add_all(&inquiry->facts, "kept.", json_array_get(global, n_choices ? i / n_choices : i));
        inquiry->problem = client_check(inquiry);
        if (!inquiry->problem.code)
            inquiry->problem = compare_request(inquiry);
        if (!inquiry->problem.code)
            inquiry->problem = support_problem(inquiry);
        if (!inquiry->problem.code)
            return;
    }
}

void inquiry_begin(struct inquiry *inquiry, struct sandbox *sandbox, const struct visit *visit,
                   const struct rule *rule, char *endpoint)
{
    const char *root = tree_text(rule->block, "root"), *problem = visit->request->query_problem;
    *inquiry = (struct inquiry){.sandbox = sandbox,
                                .visit = visit,
                                .rule = rule,
                                .methods = client_methods(sandbox, visit->view, rule),
                                .endpoint = endpoint,
                                .facts = facts_new(sandbox, visit->view, visit->captured, NULL),
                                .presented = text_must(json_object())};
    expect_request(sandbox, rule, endpoint, inquiry->methods, &inquiry->expected);
    if (!problem)
        problem = body_read(visit->request, rule_encoding(rule), root ? root : "request", &inquiry->body);
    take_presented(inquiry);
    find_grant(inquiry);
    tree_set(inquiry->facts.names, "grant_type", grant_type_of(rule));
    facts_add_all(&inquiry->facts, "", inquiry->presented);
    facts_add_all(&inquiry->facts, "", visit->captured);
    tree_set(inquiry->facts.names, "body", visit->request->body);
    inquiry->score = compare_likeness(inquiry);
    if (problem)
        inquiry->problem = problem_make(400, "invalid_request", "%s", problem);
    else
        compare_all(inquiry);
}

void inquiry_end(struct inquiry *inquiry)
{
    params_free(&inquiry->body);
    expect_free(&inquiry->expected);
    facts_free(&inquiry->facts);
    json_decref(inquiry->presented);
    grant_unref(inquiry->grant);
    text_drop(&inquiry->problem.why);
    text_drop(&inquiry->endpoint);
}
