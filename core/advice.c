/* SPDX-License-Identifier: MIT */
/* A reviewer's advice: what there is to look at, and scopes; the rest has files of its own. */
#include "advice.h"
#include "language.h"
#include "rule.h"

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
    return d->extends || fob_descriptor_has_endpoint(d, offset);
}

bool fob_advice_lacks_grant(const struct fob_descriptor *d, const char *grant)
{
    return d->metadata.grant_types_supported.n &&
           !fob_strings_have(&d->metadata.grant_types_supported, grant);
}

/* --- scopes ------------------------------------------------------------------------------------------------- */

static bool is_given(const struct fob_descriptor *d, const char *scope)
{
    for (size_t i = 0; i < d->scopes.known.n; i++)
        if (strcmp(d->scopes.known.v[i].name, scope) == 0)
            return true;
    return fob_strings_have(&d->metadata.scopes_supported, scope);
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
    if (!advice->d->scopes.known.n && !advice->d->metadata.scopes_supported.n)
        return;
    check_scopes(advice, fob_yaml_get(scopes, "default"));
    check_scopes(advice, fob_yaml_get(scopes, "always"));
    if (!advice->d->scopes.known.n) /* scopes_supported has no others */
        return;
    for (const struct fob_yaml *group = groups ? groups->children : NULL; group; group = group->next)
        check_scopes(advice, fob_yaml_get(group, "default"));
}

/* --- URLs --------------------------------------------------------------------------------------------------- */

static void each_of(const struct fob_advice *advice, const struct fob_yaml *map, fob_advice_url_fn *look,
                    void *user)
{
    for (const struct fob_yaml *node = map && map->kind == FOB_YAML_MAP ? map->children : NULL; node;
         node = node->next) {
        const struct fob_field *field = fob_fields_find(&fob_metadata_table, node->key);
        bool is_url = field && (field->format == FOB_FORMAT_ENDPOINT || field->format == FOB_FORMAT_PAGE);
        if (is_url && node->kind == FOB_YAML_TEXT)
            look(advice, node, user);
    }
}

void fob_advice_each_url(const struct fob_advice *advice, fob_advice_url_fn *look, void *user)
{
    struct fob_advice_request requests[FOB_MAX_ADVICE_REQUESTS];
    size_t n = fob_advice_requests(advice, requests);
    for (const struct fob_yaml *map = NULL; (map = fob_metadata_next(advice->root, map));)
        each_of(advice, map, look, user);
    for (size_t i = 0; i < n; i++) {
        const struct fob_yaml *url = fob_yaml_get(requests[i].node, "endpoint");
        if (url && url->kind == FOB_YAML_TEXT)
            look(advice, url, user);
    }
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

void fob_advise(const struct fob_descriptor *d, const struct fob_yaml *root, struct fob_problems *problems)
{
    const struct fob_advice advice = {.d = d, .root = root, .problems = problems};
    if (!root)
        return;
    check_all_scopes(&advice);
    fob_advise_literals(&advice);
    fob_advise_facts(&advice);
    fob_advise_hosts(&advice);
    fob_advise_dead_keys(&advice);
    fob_advise_dead_in_requests(&advice);
    fob_advise_defaults(&advice);
}
