/* SPDX-License-Identifier: MIT */
/* A request held against what it has to be: parameters, their places, header fields, the URL. */
#include "compare.h"

#include "client.h"
#include "provider.h"
#include "shown.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

/* A template that the client's credential is in: whoever gets it wrong is not who he says. */
static bool proves_client(const char *template)
{
    return template && expression_mentions(template, "client_secret");
}

/* Whether the grant that is meant is not known, so that the server cannot know what its names stand for. */
static bool is_unknown(const struct inquiry *inquiry)
{
    const char *with = tree_text(inquiry->rule->block, "with"),
               *when = tree_text(inquiry->rule->block, "when");
    bool without_grant =
        inquiry->rule->kind == RULE_CLIENT ||
        (inquiry->rule->kind == RULE_REFRESH && with && strcmp(with, "client_credentials") == 0) ||
        (inquiry->rule->kind == RULE_STEP && when && strcmp(when, "before") == 0);
    return !inquiry->grant && !without_grant;
}

const char *compare_value(const char *template, const struct facts *facts, bool unknown, bool optional,
                          const char *value)
{
    struct text made = {0};
    const char *problem = NULL;
    enum filled outcome = template ? expression_fill(template, facts, &made) : FILLED;
    if (!template)
        problem = value || optional ? NULL : "is missing";
    else if (outcome == FILLED_NOT)
        problem = unknown || !value ? NULL : "has to be left out, for there is nothing to put into it";
    else if (outcome == FILLED_BY_CHANCE)
        problem = value && strlen(value) == made.len ? NULL : "is not of the form that the provider wants";
    else if (outcome == FILLED)
        problem = !value && made.len                           ? optional ? NULL : "is missing"
                  : value && !text_equal_secret(value, made.s) ? "is not what the provider wants"
                                                               : NULL;
    text_free(&made);
    return problem;
}

const char *compare_expected(const struct expected *expected, const struct facts *facts, bool unknown,
                             const char *value)
{
    char *made = expected->template ? expression_text(expected->template, facts) : NULL;
    bool falls_back = expected->falls_back && !made;
    text_drop(&made);
    return falls_back ? NULL : compare_value(expected->template, facts, unknown, expected->optional, value);
}

/* --- parameters -------------------------------------------------------------------------------------------------- */

static bool is_in(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->n; i++)
        if (strcmp(params->v[i].name, name) == 0)
            return true;
    return false;
}

/* What the request is about: only the client can tell it, so that it has to. */
static bool is_subject(const struct expected *expected)
{
    static const char *const subjects[] = {"code", "refresh_token", "token"};
    for (size_t i = 0; expected->standard && i < sizeof subjects / sizeof *subjects; i++)
        if (strcmp(subjects[i], expected->standard) == 0)
            return !expected->optional;
    return false;
}

static struct problem compare_param(const struct inquiry *inquiry, const struct expected *expected)
{
    const struct params *query = &inquiry->visit->request->query, *body = &inquiry->body;
    const char *value = params_get(expected->in_query ? query : body, expected->name);
    const char *standard = expected->standard ? expected->standard : "";
    if (is_in(expected->in_query ? body : query, expected->name))
        return problem_make(400, "invalid_request", "%s belongs into the %s", expected->name,
                            expected->in_query ? "query" : "body");
    if (expected->is_credential)
        return (struct problem){0};
    if (!value && is_subject(expected))
        return problem_make(400, "invalid_request", "%s is missing", expected->name);
    const char *why = compare_expected(expected, &inquiry->facts, is_unknown(inquiry), value);
    if (!why)
        return (struct problem){0};
    bool proves = proves_client(expected->template);
    return problem_make(proves ? 401 : 400,
                        proves                                           ? "invalid_client"
                        : value && strcmp(standard, "grant_type") == 0   ? "unsupported_grant_type"
                        : value && strcmp(standard, "redirect_uri") == 0 ? "invalid_grant"
                                                                         : "invalid_request",
                        "%s %s", expected->name, why);
}

static struct problem compare_unexpected(const struct inquiry *inquiry, const struct params *params)
{
    for (size_t i = 0; i < params->n && !inquiry->expected.others_too; i++)
        if (!expect_find(&inquiry->expected, params->v[i].name))
            return problem_make(400, "invalid_request",
                                "%.64s is a parameter that the provider does not know here",
                                shown_name(inquiry->sandbox, params->v[i].name));
    return (struct problem){0};
}

/* --- header fields and the URL -------------------------------------------------------------------------------------- */

static struct problem compare_header(const struct request *request, const char *name, json_t *template,
                                     const struct facts *facts, bool unknown)
{
    const char *value = request_header(request, name), *why;
    if (json_is_null(template))
        /* HTTP libraries put this one there by themselves. */
        return value && strcmp(value, "*/*") != 0
                   ? problem_make(400, "invalid_request", "the header field %s may not be there", name)
                   : (struct problem){0};
    why = compare_value(json_string_value(template), facts, unknown, false, value);
    if (!why)
        return (struct problem){0};
    bool proves = proves_client(json_string_value(template));
    return problem_make(proves ? 401 : 400, proves ? "invalid_client" : "invalid_request",
                        "the header field %s %s", name, why);
}

struct problem compare_headers(const struct request *request, json_t *templates, const struct facts *facts,
                               bool unknown)
{
    const char *name;
    json_t *template;
    struct problem problem = {0};
    json_object_foreach (templates, name, template)
        if (!problem.code)
            problem = compare_header(request, name, template, facts, unknown);
    return problem;
}

struct problem compare_query(const struct request *request, json_t *templates, const struct facts *facts)
{
    const char *name;
    json_t *template;
    json_object_foreach (templates, name, template) {
        const char *value = params_get(&request->query, name);
        const char *why = compare_value(json_string_value(template), facts, false, false, value);
        if (why)
            return problem_make(400, "invalid_request", "%s %s", name, why);
    }
    return (struct problem){0};
}

/* What `headers` asks for, and beside a token what `use` does. */
static struct problem compare_all_headers(const struct inquiry *inquiry)
{
    const struct request *request = inquiry->visit->request;
    json_t *beside =
        inquiry->methods & AUTH_TOKEN ? tree_at(inquiry->sandbox->descriptor, "use/headers") : NULL;
    json_t *all = tree_merge(beside, tree_at(inquiry->rule->block, "headers"));
    struct problem problem = compare_headers(request, all, &inquiry->facts, is_unknown(inquiry));
    json_decref(all);
    return problem;
}

static struct problem compare_url(const struct inquiry *inquiry)
{
    char *template = text_copy(inquiry->endpoint);
    template[strcspn(template, "?#")] = '\0';
    char *made = expression_url(template, &inquiry->facts);
    char *url = text_printf("%s%s", inquiry->sandbox->origin, inquiry->visit->request->path);
    char *clear = params_decode_path(url, strlen(url)),
         *wanted = made ? params_decode_path(made, strlen(made)) : NULL;
    bool good = made ? clear && wanted && strcmp(clear, wanted) == 0 : is_unknown(inquiry);
    text_drop(&template);
    text_drop(&made);
    text_drop(&url);
    text_drop(&clear);
    text_drop(&wanted);
    return good ? (struct problem){0}
                : problem_make(404, "invalid_request",
                               "this is not the URL that the provider told, or that is meant");
}

/* What the URL says of the tenant has to be what it was when the person agreed. */
static struct problem compare_tenant(const struct inquiry *inquiry)
{
    const char *name;
    json_t *value;
    json_object_foreach (inquiry->grant ? inquiry->grant->variables : NULL, name, value) {
        json_t *here = json_object_get(inquiry->visit->captured, name);
        if (here && !json_equal(here, value))
            return problem_make(400, "invalid_grant", "this was given for another %s", name);
    }
    return (struct problem){0};
}

struct problem compare_request(const struct inquiry *inquiry)
{
    struct problem problem = {0};
    for (size_t i = 0; !problem.code && i < inquiry->expected.n; i++)
        problem = compare_param(inquiry, &inquiry->expected.v[i]);
    if (!problem.code)
        problem = compare_unexpected(inquiry, &inquiry->visit->request->query);
    if (!problem.code)
        problem = compare_unexpected(inquiry, &inquiry->body);
    if (!problem.code)
        problem = compare_all_headers(inquiry);
    if (!problem.code)
        problem = compare_tenant(inquiry);
    return problem.code ? problem : compare_url(inquiry);
}

int compare_likeness(const struct inquiry *inquiry)
{
    int score = 0;
    for (size_t i = 0; i < inquiry->expected.n; i++) {
        const struct expected *expected = &inquiry->expected.v[i];
        const char *value = inquiry_value(inquiry, expected->name);
        char *constant = expected->template ? expression_constant(expected->template) : NULL;
        if (constant)
            score += !value ? -2 : strcmp(value, constant) == 0 ? 3 : -3;
        else if (!expected->optional)
            score += value ? 2 : -2;
        text_drop(&constant);
    }
    const struct params *const all[] = {&inquiry->visit->request->query, &inquiry->body};
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < all[i]->n; j++)
            score -= !expect_find(&inquiry->expected, all[i]->v[j].name);
    return score;
}
