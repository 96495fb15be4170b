/* SPDX-License-Identifier: MIT */
/* From a request to whatever answers it: the server's own pages, the provider's, and the rules for clients. */
#include "dispatch.h"

#include "clock.h"
#include "fault.h"
#include "log.h"
#include "page.h"
#include "provider.h"
#include "reply.h"
#include "token.h"
#include "tree.h"

#include <string.h>

#define MAX_CANDIDATES 64

/* --- requests of clients --------------------------------------------------------------------------------------------- */

/* Whether the URL is one of the template, with variables as a tenant can have them. */
static bool fits(const struct sandbox *sandbox, const char *template, const char *path, struct visit *visit)
{
    const char *name;
    json_t *value;
    void *next;
    char *url = text_printf("%s%s", sandbox->origin, path);
    json_t *variables = tree_at(sandbox->descriptor, "variables");
    visit->captured = text_must(json_object());
    bool matches = provider_matches(template, url, variables, visit->captured);
    const char *client_id = tree_text(visit->captured, "client_id");
    visit->other_client = client_id && strcmp(client_id, sandbox->client_id) != 0;
    json_object_foreach_safe(visit->captured, next, name, value) if (!json_object_get(variables, name))
        json_object_del(visit->captured, name);
    text_drop(&url);
    if (!matches) {
        json_decref(visit->captured);
        visit->captured = NULL;
    }
    return matches;
}

static bool same_method(const struct rule *rule, const char *method)
{
    return strcmp(rule_method(rule), strcmp(method, "HEAD") == 0 ? "GET" : method) == 0;
}

static void answer_by_rule(struct inquiry *inquiry, struct reply *reply)
{
    static void (*const answers[])(struct inquiry *, struct reply *) = {
        [RULE_CODE] = token_by_code,   [RULE_REFRESH] = token_by_refresh, [RULE_CLIENT] = token_by_client,
        [RULE_STEP] = resource_answer, [RULE_USERINFO] = resource_answer, [RULE_VERIFY] = resource_answer,
        [RULE_REVOKE] = revoke_answer,
    };
    struct problem problem = {0};
    bool for_tokens = inquiry->rule->kind <= RULE_CLIENT;
    log_inquiry(inquiry);
    if (for_tokens)
        problem = fault_of_token_request(inquiry->sandbox, reply);
    if (!problem.code) {
        problem = inquiry->problem;
        inquiry->problem = (struct problem){0};
    }
    if (problem.code)
        token_refuse(inquiry, problem, reply);
    else
        answers[inquiry->rule->kind](inquiry, reply);
}

/* A rule in an environment that the URL and method are right for. */
struct candidate {
    const struct rule *rule;
    struct visit visit;
    char *endpoint;
};

static size_t find_candidates(struct sandbox *sandbox, const struct request *request, struct candidate *found,
                              struct text *allowed)
{
    size_t n = 0;
    for (size_t i = 0; i < sandbox->n_rules * sandbox->n_views && n < MAX_CANDIDATES; i++) {
        const struct rule *rule = &sandbox->rules[i / sandbox->n_views];
        struct candidate *next = &found[n];
        *next = (struct candidate){
            .rule = rule, .visit = {.request = request, .view = &sandbox->views[i % sandbox->n_views]}};
        next->endpoint = provider_endpoint(next->visit.view, rule);
        if (next->endpoint && fits(sandbox, next->endpoint, request->path, &next->visit)) {
            if (same_method(rule, request->method)) {
                n++;
                continue;
            }
            if (!allowed->s || !strstr(allowed->s, rule_method(rule)))
                text_fmt(allowed, "%s%s", allowed->len ? ", " : "", rule_method(rule));
            json_decref(next->visit.captured);
        }
        text_drop(&next->endpoint);
    }
    return n;
}

/* The first rule that the request is right by answers; if there is none, the one that it looks most like refuses. */
static void answer_best(struct sandbox *sandbox, struct candidate *candidates, size_t n, bool dropped,
                        struct reply *reply)
{
    struct inquiry best, next;
    inquiry_begin(&best, sandbox, &candidates[0].visit, candidates[0].rule, candidates[0].endpoint);
    size_t i = 1;
    for (; i < n && best.problem.code; i++) {
        inquiry_begin(&next, sandbox, &candidates[i].visit, candidates[i].rule, candidates[i].endpoint);
        if (!next.problem.code || next.score > best.score) {
            inquiry_end(&best);
            best = next;
        } else {
            inquiry_end(&next);
        }
    }
    if (dropped)
        log_inquiry(&best); /* what it was is told all the same */
    else
        answer_by_rule(&best, reply);
    inquiry_end(&best);
    for (; i < n; i++)
        text_drop(&candidates[i].endpoint);
}

static bool dispatch_client(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    static struct candidate candidates[MAX_CANDIDATES];
    struct text allowed = {0};
    size_t n = find_candidates(sandbox, request, candidates, &allowed);
    if (n)
        answer_best(sandbox, candidates, n, fault_before(sandbox, reply), reply);
    for (size_t i = 0; i < n; i++)
        json_decref(candidates[i].visit.captured);
    bool found = n || allowed.len;
    if (!n && allowed.len) {
        reply_plain(reply, 405, "This method is not taken here.");
        reply_field(reply, "Allow", text_copy(allowed.s));
    }
    text_free(&allowed);
    return found;
}

/* --- the authorization endpoint --------------------------------------------------------------------------------------- */

/*
 * A fragment that begins with / is a page's own route, and the query stands behind it: the page at the endpoint's path
 * moves both to the path PATH~ROUTE, where the server gets to see them.
 */
static bool fits_authorize(const struct sandbox *sandbox, const char *path, struct visit *visit,
                           bool *ret_is_page)
{
    const char *template = tree_text(visit->view->metadata, "authorization_endpoint");
    const char *route = template ? strstr(template, "#/") : NULL;
    char *moved = route ? text_printf("%.*s~%s", (int)strcspn(template, "?#"), template, route + 1) : NULL;
    *ret_is_page = route && fits(sandbox, template, path, visit);
    bool found = *ret_is_page || (template && fits(sandbox, moved ? moved : template, path, visit));
    text_drop(&moved);
    return found;
}

/* Environments may share the endpoint: the first that the parameters are right for, else the first, answers. */
static bool dispatch_authorize(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct visit first = {0}, next = {0};
    bool is_page = false, found = false;
    for (size_t i = 0; i < sandbox->n_views && !is_page; i++) {
        next = (struct visit){.request = request, .view = &sandbox->views[i]};
        if (!fits_authorize(sandbox, request->path, &next, &is_page))
            continue;
        found = found || (!is_page && authorize_fits(sandbox, &next));
        if (!first.view || found) {
            json_decref(first.captured);
            first = next;
        } else {
            json_decref(next.captured);
        }
        if (found)
            break;
    }
    if (is_page)
        page_move(reply);
    else if (first.view)
        authorize_handle(sandbox, &first, reply);
    json_decref(first.captured);
    return first.view;
}

/* --- the server's own ---------------------------------------------------------------------------------------------------- */

static bool dispatch_metadata(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    size_t origin = strlen(sandbox->origin);
    for (size_t i = 0; i < sandbox->n_views; i++) {
        struct visit visit = {.request = request, .view = &sandbox->views[i]};
        const char *issuer = tree_text(visit.view->metadata, "issuer");
        issuer = issuer && strncmp(issuer, sandbox->origin, origin) == 0 ? issuer : sandbox->origin;
        /* RFC 8414 section 3 puts the issuer's path behind, OpenID Connect Discovery section 4 before. */
        char *places[] = {
            text_printf("%s/.well-known/oauth-authorization-server%s", sandbox->origin, issuer + origin),
            text_printf("%s/.well-known/openid-configuration", issuer)};
        bool found = fits(sandbox, places[0], request->path, &visit) ||
                     fits(sandbox, places[1], request->path, &visit);
        found = found && !visit.other_client;
        if (found)
            metadata_handle(sandbox, &visit, reply);
        json_decref(visit.captured);
        text_drop(&places[0]);
        text_drop(&places[1]);
        if (found)
            return true;
    }
    return false;
}

/* POST /sandbox/clock with "advance=SECONDS": what would take an hour happens now. */
static void move_clock(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct params form = {0};
    const char *problem, *seconds;
    bool clean = params_read(&form, request->body, &problem);
    seconds = clean ? params_get(&form, "advance") : NULL;
    size_t digits = seconds ? strspn(seconds, "0123456789") : 0;
    if (!sandbox->settings.clock_control) {
        reply_plain(reply, 404, "The clock can be moved with --clock-control only.");
    } else if (!digits || digits > 9 || seconds[digits]) {
        reply_plain(reply, 400, "advance has to be a number of seconds.");
    } else {
        clock_advance((int64_t)strtoll(seconds, NULL, 10) * 1000);
        reply_plain(reply, 200, "So late is it now.");
    }
    params_free(&form);
}

static bool dispatch_own(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const char *path = request->path;
    bool posts = strcmp(request->method, "POST") == 0;
    size_t api = strlen(API_PATH);
    if (posts && strcmp(path, CONSENT_PATH) == 0)
        consent_handle(sandbox, request, reply);
    else if (posts && strcmp(path, CLOCK_PATH) == 0)
        move_clock(sandbox, request, reply);
    else if (strncmp(path, API_PATH, api) == 0 && path[api] == '/')
        api_handle(sandbox, request, reply);
    else if (strcmp(path, JWKS_PATH) == 0)
        /* ID tokens are signed with the client secret, so there is no key to publish. */
        reply_json(reply, 200, json_pack("{s:[]}", "keys"));
    else
        return false;
    return true;
}

void dispatch(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    bool reads = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    if (dispatch_own(sandbox, request, reply) ||
        (reads &&
         (dispatch_metadata(sandbox, request, reply) || dispatch_authorize(sandbox, request, reply))) ||
        dispatch_client(sandbox, request, reply))
        return;
    reply_plain(reply, 404, "There is nothing here.");
}
