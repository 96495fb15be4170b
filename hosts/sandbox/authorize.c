/* SPDX-License-Identifier: MIT */
/* The authorization endpoint (RFC 6749 section 4.1): the request, held against the descriptor. */
#include "callback.h"
#include "compare.h"
#include "consent.h"
#include "facts.h"
#include "log.h"
#include "page.h"
#include "pkce.h"
#include "redirect.h"
#include "scope.h"
#include "shown.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STATE 2048 /* bytes in state or nonce */
#define SUBJECT "sandbox-user"

/* One authorization request. */
struct asking {
    struct sandbox *sandbox;
    const struct visit *visit;
    struct expectations expected;
    struct facts facts;
    struct grant *grant;
};

/* An error to send back through the redirect (RFC 6749 section 4.1.2.1); code NULL: none. */
struct refusal {
    const char *code, *why;
};

static const char *value_of(const struct asking *asking, const char *standard)
{
    const struct expected *expected = expect_standard(&asking->expected, standard);
    return expected ? params_get(&asking->visit->request->query, expected->name) : NULL;
}

static bool is(const char *value, const char *expected)
{
    return value && strcmp(value, expected) == 0;
}

static bool too_long(const char *value)
{
    return value && strlen(value) > MAX_STATE;
}

/* --- the parameters ---------------------------------------------------------------------------------------------------- */

/* A provider may have a name of its own for a redirect URI that was registered, and want that in its place. */
static bool is_named_redirect(const struct asking *asking)
{
    const struct expected *expected = expect_standard(&asking->expected, "redirect_uri");
    char *name = expected && expected->template ? expression_text(expected->template, &asking->facts) : NULL;
    bool named = name && is(value_of(asking, "redirect_uri"), name);
    text_drop(&name);
    return named;
}

/* Where nothing may be sent back, because the way back itself is wrong (RFC 6749 section 3.1.2.4). */
static const char *client_problem(const struct asking *asking)
{
    const char *redirect = value_of(asking, "redirect_uri"), *client_id = value_of(asking, "client_id");
    bool wants_redirect = expect_standard(&asking->expected, "redirect_uri");
    bool wants_client = expect_standard(&asking->expected, "client_id");
    if (asking->visit->request->query_problem)
        return asking->visit->request->query_problem;
    if (asking->visit->other_client)
        return "the URL names a client that is unknown";
    if (wants_client && !is(client_id, asking->sandbox->client_id))
        return "client_id is missing or unknown, or not under the name that the provider has for it";
    if (wants_redirect && !redirect)
        return "redirect_uri is missing, or not under the name that the provider has for it";
    if ((!wants_redirect || is_named_redirect(asking)) && !asking->sandbox->settings.redirect_uri)
        return "this provider knows the redirect URI from its registration: start the sandbox with "
               "--redirect-uri";
    return redirect && !is_named_redirect(asking) ? redirect_problem(asking->sandbox, redirect) : NULL;
}

/* What a group asks for when nobody says which: a request without it is not whole. */
static void note_group_defaults(struct asking *asking)
{
    const char *name;
    json_t *group, *one;
    size_t i;
    json_object_foreach (tree_at(asking->sandbox->descriptor, "scopes/groups"), name, group) {
        struct text all = {0};
        char *full = text_printf("scopes.%s", name);
        json_array_foreach (tree_at(group, "default"), i, one)
            text_fmt(&all, "%s%s", i ? " " : "", json_string_value(one));
        tree_set(asking->facts.names, full, all.s);
        text_drop(&full);
        text_free(&all);
    }
}

/* What a person asks for with scopes only the request tells. */
static void note_scopes(struct asking *asking)
{
    note_group_defaults(asking);
    for (size_t i = 0; i < asking->expected.n; i++) {
        const struct expected *expected = &asking->expected.v[i];
        const char *value = params_get(&asking->visit->request->query, expected->name);
        char *alone =
            expected->template ? expression_alone(expected->template) : text_copy(expected->standard);
        if (alone && value && (strcmp(alone, "scope") == 0 || strncmp(alone, "scopes.", 7) == 0))
            tree_set(asking->facts.names, alone, value);
        text_drop(&alone);
    }
}

/* Each parameter there has to be, and no other; why the first that is wrong is so, which the caller drops. */
static char *params_problem(struct asking *asking)
{
    const struct params *query = &asking->visit->request->query;
    note_scopes(asking);
    for (size_t i = 0; i < asking->expected.n; i++) {
        const struct expected *expected = &asking->expected.v[i];
        const char *why =
            compare_expected(expected, &asking->facts, false, params_get(query, expected->name));
        if (why)
            return text_printf("%s %s", expected->name, why);
    }
    for (size_t i = 0; i < query->n && !asking->expected.others_too; i++)
        if (!expect_find(&asking->expected, query->v[i].name))
            return text_printf("%.64s is a parameter that the provider does not know here",
                               shown_name(asking->sandbox, query->v[i].name));
    return NULL;
}

/* How much of the query's end stood before the fragment, from where the page with the route has moved it. */
static size_t moved_length(const struct asking *asking)
{
    const char *endpoint = tree_text(asking->visit->view->metadata, "authorization_endpoint");
    const char *query = strchr(endpoint, '?'), *route = strstr(endpoint, "#/");
    return query && route && query < route ? (size_t)(route - query) : 0; /* with the & for its ? */
}

/* authorize.sorted: all that stands in the query is in the order of its names. */
static bool is_sorted(const struct asking *asking)
{
    const char *query = asking->visit->request->query_text;
    size_t len = strlen(query), moved = moved_length(asking);
    const char *end = query + len - (moved < len ? moved : len);
    char *before = NULL;
    bool sorted = true;
    for (; query < end && sorted; query += strspn(query, "&")) {
        char *name = params_decode(query, strcspn(query, "=&"));
        sorted = name && (!before || strcmp(before, name) < 0);
        text_drop(&before);
        before = name;
        query += strcspn(query, "&");
    }
    text_drop(&before);
    return sorted;
}

/* --- what they say ------------------------------------------------------------------------------------------------------- */

static struct refusal meaning_problem(const struct asking *asking)
{
    json_t *all = asking->sandbox->descriptor;
    const char *method = pkce_method(asking->sandbox), *nonce = value_of(asking, "nonce");
    const char *mode = value_of(asking, "response_mode"),
               *wanted_mode = tree_text(all, "authorize/response_mode");
    bool openid = scope_has(asking->grant->scope, "openid");
    /* Where nothing was asked for, what is always asked for is missing. */
    const char *asked = asking->grant->asked_scope;
    const char *scope_why =
        asked || expect_standard(&asking->expected, "scope")
            ? scope_problem(asking->sandbox, asking->visit->view, true, asked ? asking->grant->scope : "")
            : NULL;
    const struct {
        bool wrong;
        struct refusal refusal;
    } rules[] = {
        {mode && !wanted_mode && !is(mode, "query"), {"invalid_request", "response_mode can only be query"}},
        {json_is_true(
             json_object_get(asking->visit->view->metadata, "require_pushed_authorization_requests")),
         {"invalid_request", "only pushed authorization requests are taken"}},
        {!pkce_is_challenge(method, value_of(asking, "code_challenge")),
         {"invalid_request", "code_challenge is not of the form that the provider wants"}},
        {tree_is_true(all, "authorize/sorted") && !is_sorted(asking),
         {"invalid_request", "the parameters are not in the order of their names"}},
        {too_long(value_of(asking, "state")) || too_long(nonce),
         {"invalid_request", "state or nonce is too long"}},
        {nonce && !openid && !tree_is_true(all, "authorize/nonce"),
         {"invalid_request", "nonce is not known without the scope openid"}},
        {scope_why, {"invalid_scope", scope_why}},
        {is(value_of(asking, "prompt"), "none") && !asking->sandbox->settings.auto_consent,
         {"consent_required", "prompt is none, but somebody has to be asked"}},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].wrong)
            return rules[i].refusal;
    return (struct refusal){NULL, NULL};
}

/* --- the grant --------------------------------------------------------------------------------------------------------------- */

static void note_groups(const struct asking *asking)
{
    const char *name;
    json_t *group;
    json_object_foreach (tree_at(asking->sandbox->descriptor, "scopes/groups"), name, group) {
        char *full = text_printf("scopes.%s", name);
        tree_set(asking->grant->groups, name, tree_text(asking->facts.names, full));
        text_drop(&full);
    }
}

/* False: the scopes are not written as the provider wants them. */
static bool make_grant(struct asking *asking)
{
    const char *asked = tree_text(asking->facts.names, "scope");
    const char *redirect = is_named_redirect(asking) ? NULL : value_of(asking, "redirect_uri");
    char *scope = asked ? scope_from_request(asking->sandbox, asked) : scope_default(asking->sandbox);
    bool good = scope;
    asking->grant = grant_new(SUBJECT, scope ? scope : DEFAULT_SCOPE);
    asking->grant->asked_scope = text_copy(asked);
    asking->grant->redirect_uri = text_copy(redirect ? redirect : asking->sandbox->settings.redirect_uri);
    asking->grant->state = text_copy(value_of(asking, "state"));
    asking->grant->nonce = text_copy(value_of(asking, "nonce"));
    asking->grant->challenge = text_copy(value_of(asking, "code_challenge"));
    json_object_update(asking->grant->variables, asking->visit->captured);
    note_groups(asking);
    text_drop(&scope);
    return good;
}

static void answer(struct asking *asking, struct reply *reply)
{
    char *why = params_problem(asking);
    struct refusal refusal = {why ? "invalid_request" : NULL, why};
    bool good_scope = make_grant(asking);
    if (!refusal.code && !good_scope)
        refusal = (struct refusal){"invalid_scope", "scope is not written as the provider wants it"};
    if (!refusal.code)
        refusal = meaning_problem(asking);
    log_authorization(asking->sandbox, &asking->visit->request->query, &asking->expected, refusal.why);
    if (refusal.code)
        callback_refuse(asking->sandbox, asking->visit, asking->grant, refusal.code, refusal.why, reply);
    else
        consent_ask(asking->sandbox, asking->visit, asking->grant, reply);
    text_drop(&why);
}

static void begin(struct asking *asking, struct sandbox *sandbox, const struct visit *visit)
{
    *asking = (struct asking){.sandbox = sandbox, .visit = visit};
    asking->facts = facts_new(sandbox, visit->view, visit->captured, NULL);
    expect_authorization(sandbox, visit->view, &asking->expected);
    tree_set(asking->facts.names, "redirect_uri", value_of(asking, "redirect_uri"));
    tree_set(asking->facts.names, "grant_type", "authorization_code");
}

static void end(struct asking *asking)
{
    grant_unref(asking->grant);
    facts_free(&asking->facts);
    expect_free(&asking->expected);
}

bool authorize_fits(struct sandbox *sandbox, const struct visit *visit)
{
    struct asking asking;
    begin(&asking, sandbox, visit);
    char *why = params_problem(&asking);
    bool fits = !why;
    text_drop(&why);
    end(&asking);
    return fits;
}

void authorize_handle(struct sandbox *sandbox, const struct visit *visit, struct reply *reply)
{
    struct asking asking;
    begin(&asking, sandbox, visit);
    const char *problem = client_problem(&asking);
    if (problem) {
        log_authorization(sandbox, &visit->request->query, &asking.expected, problem);
        page_refusal(reply, problem);
    } else {
        answer(&asking, reply);
    }
    end(&asking);
}
