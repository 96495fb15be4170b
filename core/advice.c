/* SPDX-License-Identifier: MIT */
/* A reviewer's advice: scopes, and secrets that are written down; hosts and dead keys have files of their own. */
#include "advice.h"
#include "text.h"

#include <fob/limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void fob_advise_at(const struct fob_advice *advice, const struct fob_yaml *node, const char *fix,
                   const char *what_fmt, ...)
{
    char what[384];
    va_list args;
    if (!node)
        return;
    va_start(args, what_fmt);
    vsnprintf(what, sizeof what, what_fmt, args);
    va_end(args);
    fob_problem(advice->problems, FOB_PROBLEM_WARNING, node->mark, fix, "%s", what);
}

/* --- what there is ------------------------------------------------------------------------------------------ */

size_t fob_advice_requests(const struct fob_advice *advice, struct fob_advice_request *ret)
{
    const struct fob_descriptor *d = advice->d;
    const struct fob_yaml *steps = fob_yaml_get(advice->root, "steps");
    const struct fob_advice_request blocks[] = {
        {.key = "token", .rule = fob_rule_of_grant(d, "authorization_code"), .gives_token = true},
        {.key = "client_credentials",
         .rule = fob_rule_of_grant(d, "client_credentials"),
         .gives_token = true},
        {.key = "refresh", .rule = fob_rule_of_grant(d, "refresh_token"), .gives_token = true},
        {.key = "userinfo", .rule = {&d->userinfo, NULL, true}},
        {.key = "verify", .rule = {&d->verify, NULL, true}},
        {.key = "revoke", .rule = {&d->revoke.request, NULL, false}}};
    size_t n = 0;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        ret[n] = blocks[i];
        ret[n].node = fob_yaml_get(advice->root, blocks[i].key);
        n += ret[n].node != NULL;
    }
    for (size_t i = 0; i < d->n_steps && n < FOB_MAX_ADVICE_REQUESTS; i++)
        ret[n++] = (struct fob_advice_request){.node = fob_yaml_get(steps, d->steps[i].name),
                                               .key = d->steps[i].name,
                                               .rule = {&d->steps[i].request, NULL, true}};
    return n;
}

bool fob_advice_has_endpoint(const struct fob_descriptor *d, size_t offset)
{
    const char *metadata = (const char *)&d->metadata;
    bool found = *(char *const *)(const void *)(metadata + offset) != NULL || d->plugin || d->extends;
    for (size_t i = 0; i < d->n_environments && !found; i++) {
        metadata = (const char *)&d->environments[i].metadata;
        found = *(char *const *)(const void *)(metadata + offset) != NULL;
    }
    return found;
}

static bool is_listed(const struct fob_strings *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->v[i], text) == 0)
            return true;
    return false;
}

bool fob_advice_lacks_grant(const struct fob_descriptor *d, const char *grant)
{
    return d->metadata.grant_types_supported.n && !is_listed(&d->metadata.grant_types_supported, grant);
}

/* --- scopes ------------------------------------------------------------------------------------------------- */

static bool is_given(const struct fob_descriptor *d, const char *scope)
{
    for (size_t i = 0; i < d->scopes.known.n; i++)
        if (strcmp(d->scopes.known.v[i].name, scope) == 0)
            return true;
    return is_listed(&d->metadata.scopes_supported, scope);
}

/* What OpenID Connect Core sections 5.4 and 11 define comes with openid. */
static bool is_known_scope(const struct fob_descriptor *d, const char *scope)
{
    static const char *const standard[] = {"profile", "email", "address", "phone", "offline_access"};
    bool known = is_given(d, scope);
    for (size_t i = 0; !known && i < sizeof standard / sizeof *standard; i++)
        known = strcmp(standard[i], scope) == 0 && is_given(d, "openid");
    return known;
}

static void check_scopes(const struct fob_advice *advice, const struct fob_yaml *list)
{
    for (const struct fob_yaml *item = list ? list->children : NULL; item; item = item->next)
        if (item->kind == FOB_YAML_TEXT && !is_known_scope(advice->d, item->text))
            fob_advise_at(advice, item, "correct it, or add it to scopes.known with what it means",
                          "the scope \"%s\" is asked for, and is not among those that are known", item->text);
}

static void check_all_scopes(const struct fob_advice *advice)
{
    const struct fob_yaml *scopes = fob_yaml_get(advice->root, "scopes");
    const struct fob_yaml *groups = fob_yaml_get(scopes, "groups");
    if (!advice->d->scopes.known.n)
        return;
    check_scopes(advice, fob_yaml_get(scopes, "default"));
    check_scopes(advice, fob_yaml_get(scopes, "always"));
    for (const struct fob_yaml *group = groups ? groups->children : NULL; group; group = group->next)
        check_scopes(advice, fob_yaml_get(group, "default"));
}

/* --- secrets that are written down -------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);
    return len >= tail && fob_ascii_ieq(text + len - tail, end);
}

static bool is_secret_name(const char *name)
{
    static const char *const ends[] = {"secret",  "password",    "passwd",       "api_key",       "apikey",
                                       "api-key", "private_key", "access_token", "refresh_token", "bearer"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(name, ends[i]))
            return true;
    return false;
}

/* Long, of one piece, and of capitals, small letters and digits in no order that a word has. */
static bool looks_random(const char *value)
{
    size_t upper = 0, lower = 0, digits = 0, len = strlen(value);
    for (const char *c = value; *c; c++) {
        upper += *c >= 'A' && *c <= 'Z';
        lower += *c >= 'a' && *c <= 'z';
        digits += *c >= '0' && *c <= '9';
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-~", *c))
            return false;
    }
    return len >= 24 && digits >= 4 && lower >= 4 && upper >= 4;
}

/* "Basic QWxhZGRpbg==" and "Bearer abc": what stands behind the scheme. */
static bool is_credential(const char *value)
{
    static const char *const schemes[] = {"Basic ", "Bearer "};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (fob_starts_with(value, schemes[i]) && strlen(value) >= strlen(schemes[i]) + 8)
            return true;
    return false;
}

static void check_literals(const struct fob_advice *advice, const struct fob_yaml *map)
{
    for (const struct fob_yaml *node = map && map->kind == FOB_YAML_MAP ? map->children : NULL; node;
         node = node->next) {
        if (node->kind != FOB_YAML_TEXT || strchr(node->text, '{'))
            continue;
        if ((is_secret_name(node->key) && strlen(node->text) >= 8) || looks_random(node->text) ||
            is_credential(node->text))
            fob_advise_at(advice, node, "make it a variable with secret: true, and put its {name} here",
                          "the value of \"%s\" looks like a secret, which everybody who has this file knows",
                          node->key);
    }
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static void check_requests(const struct fob_advice *advice)
{
    struct fob_advice_request requests[FOB_MAX_ADVICE_REQUESTS];
    size_t n = fob_advice_requests(advice, requests);
    for (size_t i = 0; i < n; i++) {
        check_literals(advice, fob_yaml_get(requests[i].node, "params"));
        check_literals(advice, fob_yaml_get(requests[i].node, "headers"));
    }
}

void fob_advise(const struct fob_descriptor *d, const struct fob_yaml *root, struct fob_problems *problems)
{
    const struct fob_advice advice = {.d = d, .root = root, .problems = problems};
    const struct fob_yaml *authorize = fob_yaml_get(root, "authorize");
    if (!root)
        return;
    check_all_scopes(&advice);
    check_literals(&advice, fob_yaml_get(authorize, "params"));
    check_literals(&advice, fob_yaml_get(fob_yaml_get(root, "use"), "headers"));
    check_literals(&advice, fob_yaml_get(fob_yaml_get(root, "use"), "params"));
    check_requests(&advice);
    fob_advise_hosts(&advice);
    fob_advise_dead_keys(&advice);
    fob_advise_dead_in_requests(&advice);
}
