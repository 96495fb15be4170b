/* SPDX-License-Identifier: MIT */
/* The provider that a descriptor describes: its environments, its kinds of requests, and where each is answered. */
#include "provider.h"

#include "pattern.h"
#include "rewrite.h"
#include "tree.h"

#include <stdio.h>
#include <string.h>

/* --- environments ------------------------------------------------------------------------------------------- */

/* A value that a tenant may have: what was asked for, else as the descriptor says, else as it may look; or none. */
static char *value_of(const struct sandbox *sandbox, const char *name, json_t *variable, json_t *environment)
{
    const char *choice = json_object_iter_key(json_object_iter(tree_at(variable, "choices")));
    const char *pattern = tree_text(variable, "pattern");
    bool optional = tree_is_true(variable, "optional");
    const char *const candidates[] = {
        tree_text(sandbox->settings.variables, name), tree_text(tree_at(environment, "variables"), name),
        tree_text(variable, "default"), optional ? NULL : tree_text(variable, "example"),
        optional ? NULL : choice};
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
        if (candidates[i])
            return text_copy(candidates[i]);
    if (optional)
        return NULL;
    char *made = pattern ? pattern_example(pattern, 0) : NULL;
    return made ? made : text_printf("sandbox-%s", name);
}

static bool is_metadata(const char *key)
{
    static const char *const others[] = {"issuer", "jwks_uri", "service_documentation", "op_policy_uri",
                                         "op_tos_uri"};
    size_t len = strlen(key);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(key, others[i]) == 0)
            return true;
    return (len > 9 && strcmp(key + len - 9, "_endpoint") == 0) ||
           (len > 10 && strcmp(key + len - 10, "_supported") == 0) ||
           strcmp(key, "require_pushed_authorization_requests") == 0;
}

static void add_metadata(json_t *metadata, json_t *from)
{
    const char *key;
    json_t *value;
    json_object_foreach (from, key, value)
        if (is_metadata(key))
            json_object_set(metadata, key, value);
}

static void add_view(struct sandbox *sandbox, const char *name, json_t *environment)
{
    const char *variable_name;
    json_t *variable;
    if (sandbox->n_views == MAX_VIEWS)
        return;
    struct view *view = &sandbox->views[sandbox->n_views++];
    *view = (struct view){name, text_must(json_object()), text_must(json_object())};
    add_metadata(view->metadata, sandbox->descriptor);
    add_metadata(view->metadata, environment);
    json_object_foreach (tree_at(sandbox->descriptor, "variables"), variable_name, variable)
        tree_set_taken(view->variables, variable_name,
                       value_of(sandbox, variable_name, variable, environment));
}

/* --- kinds of requests -------------------------------------------------------------------------------------- */

/* Takes block. */
static void add_rule(struct sandbox *sandbox, enum rule_kind kind, const char *name, json_t *block)
{
    if (sandbox->n_rules == MAX_RULES) {
        json_decref(block);
        return;
    }
    sandbox->rules[sandbox->n_rules++] =
        (struct rule){kind, name, block,
                      tree_merge(tree_at(sandbox->descriptor, "rename"), json_object_get(block, "rename"))};
}

/* Revocation is no copy of the token request; but the client is the same, and so is what stands for it. */
static json_t *revoke_block(json_t *all)
{
    json_t *block = tree_merge(json_object_get(all, "revoke"), NULL), *jwt = tree_at(all, "token/jwt");
    if (jwt && !json_object_get(block, "auth") && !json_object_get(block, "jwt"))
        json_object_set(block, "jwt", jwt);
    return block;
}

static void add_rules(struct sandbox *sandbox)
{
    json_t *all = sandbox->descriptor, *token = json_object_get(all, "token"), *step;
    const char *name;
    add_rule(sandbox, RULE_CODE, "token", tree_merge(token, NULL));
    add_rule(sandbox, RULE_REFRESH, "refresh", tree_merge(token, json_object_get(all, "refresh")));
    add_rule(sandbox, RULE_CLIENT, "client_credentials",
             tree_merge(token, json_object_get(all, "client_credentials")));
    json_object_foreach (json_object_get(all, "steps"), name, step)
        add_rule(sandbox, RULE_STEP, name, tree_merge(step, NULL));
    add_rule(sandbox, RULE_USERINFO, "userinfo", tree_merge(json_object_get(all, "userinfo"), NULL));
    add_rule(sandbox, RULE_VERIFY, "verify", tree_merge(json_object_get(all, "verify"), NULL));
    add_rule(sandbox, RULE_REVOKE, "revoke", revoke_block(all));
}

bool provider_setup(struct sandbox *sandbox, json_t *descriptor, bool is_moved)
{
    const char *name;
    json_t *environment;
    sandbox->hosts =
        text_must(json_deep_copy(json_object_get(descriptor, "hosts") ? json_object_get(descriptor, "hosts")
                                                                      : text_must(json_null())));
    sandbox->descriptor =
        is_moved ? json_incref(descriptor) : rewrite_descriptor(descriptor, sandbox->origin);
    json_decref(descriptor);
    add_view(sandbox, "", NULL);
    json_object_foreach (json_object_get(sandbox->descriptor, "environments"), name, environment)
        add_view(sandbox, name, environment);
    add_rules(sandbox);
    for (size_t i = 0; i < sandbox->n_views; i++)
        if (tree_text(sandbox->views[i].metadata, "token_endpoint"))
            return true;
    fputs("fob-sandbox: the descriptor has no token_endpoint: a plugin knows it, which the sandbox does not "
          "run\n",
          stderr);
    return false;
}

void provider_free(struct sandbox *sandbox)
{
    for (size_t i = 0; i < sandbox->n_views; i++) {
        json_decref(sandbox->views[i].metadata);
        json_decref(sandbox->views[i].variables);
    }
    for (size_t i = 0; i < sandbox->n_rules; i++) {
        json_decref(sandbox->rules[i].block);
        json_decref(sandbox->rules[i].rename);
    }
    json_decref(sandbox->descriptor);
    json_decref(sandbox->hosts);
}

const char *rule_method(const struct rule *rule)
{
    const char *given = tree_text(rule->block, "method");
    bool reads = rule->kind == RULE_STEP || rule->kind == RULE_USERINFO || rule->kind == RULE_VERIFY;
    return given ? given : reads ? "GET" : "POST";
}

const char *rule_encoding(const struct rule *rule)
{
    const char *given = tree_text(rule->block, "encoding"), *method = rule_method(rule);
    if (strcmp(method, "GET") == 0)
        return "query";
    return given ? given : strcmp(method, "DELETE") == 0 ? "query" : "form";
}

/* --- kept values -------------------------------------------------------------------------------------------- */

/* A URL at one of the provider's own hosts that the pattern takes; NULL when there is none. */
static char *own_url(const struct sandbox *sandbox, const char *pattern)
{
    size_t i;
    json_t *host;
    json_array_foreach (sandbox->hosts, i, host) {
        const char *name = json_string_value(host);
        bool wild = strncmp(name, "*.", 2) == 0;
        char *url = text_printf("%s/%s%s", sandbox->origin, wild ? "sandbox." : "", wild ? name + 2 : name);
        if (!strchr(name, '{') && (!pattern || pattern_matches(pattern, url)))
            return url;
        text_drop(&url);
    }
    return NULL;
}

static bool has_word(const char *text, const char *const *words)
{
    for (; text && *words; words++)
        if (strstr(text, *words))
            return true;
    return false;
}

static bool has_host(const struct sandbox *sandbox, const char *kept)
{
    static const char *const urls[] = {"url", "uri", "endpoint", "domain", NULL};
    char *full = text_printf("kept.%s", kept);
    bool found = has_word(kept, urls) || rewrite_begins_endpoint(sandbox->descriptor, full);
    text_drop(&full);
    return found;
}

char *provider_kept_value(struct sandbox *sandbox, const char *name, json_t *rule, unsigned n)
{
    const char *given = tree_text(sandbox->settings.kept, name), *pattern = tree_text(rule, "pattern");
    char *made = NULL;
    if (given)
        return text_copy(given);
    if (tree_is_true(rule, "secret") && !pattern)
        return text_random(24);
    if (pattern && strstr(pattern, "://") && !n)
        made = own_url(sandbox, pattern);
    if (pattern && !made)
        made = pattern_example(pattern, n);
    if (!pattern && has_host(sandbox, name)) {
        made = own_url(sandbox, NULL);
        return made ? made : text_printf("%s/api.sandbox.example", sandbox->origin);
    }
    return made ? made : n ? text_printf("sandbox-%s-%u", name, n) : text_printf("sandbox-%s", name);
}
