/* SPDX-License-Identifier: MIT */
/* What the names in {braces} stand for, as far as the server knows. */
#include "facts.h"

#include "clock.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

void facts_add_all(struct facts *facts, const char *prefix, json_t *map)
{
    const char *name;
    json_t *value;
    json_object_foreach (map, name, value) {
        char *full = text_printf("%s%s", prefix, name);
        json_object_set(facts->names, full, value);
        text_drop(&full);
    }
}

void facts_add_grant(struct facts *facts, const struct grant *grant)
{
    facts_add_all(facts, "", grant->variables);
    tree_set(facts->names, "redirect_uri", grant->redirect_uri);
    tree_set(facts->names, "scope", grant->asked_scope);
    tree_set(facts->names, "access_token", grant->access);
    tree_set(facts->names, "refresh_token", grant->refresh);
    tree_set(facts->names, "id_token", grant->id_token);
    facts_add_all(facts, "scopes.", grant->groups);
    facts_add_all(facts, "kept.", grant->kept);
    facts_add_all(facts, "callback.", grant->callback);
    facts->callback = grant->callback;
}

void facts_forget_callback(struct facts *facts)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(facts->names, next, name, value) if (strncmp(name, "callback.", 9) == 0)
        json_object_del(facts->names, name);
    facts->callback = NULL;
}

/* An endpoint may name the variables, and the issuer and other endpoints before it. */
static void add_metadata(struct facts *facts, const struct view *view)
{
    static const char *const names[] = {"issuer", "authorization_endpoint", "token_endpoint",
                                        "revocation_endpoint", "userinfo_endpoint"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *template = tree_text(view->metadata, names[i]);
        char *filled = template ? expression_url(template, facts) : NULL;
        tree_set(facts->names, names[i], filled);
        text_drop(&filled);
    }
}

struct facts facts_new(const struct sandbox *sandbox, const struct view *view, json_t *captured,
                       const struct grant *grant)
{
    struct facts facts = {.names = text_must(json_object()), .now_ms = clock_now()};
    tree_set(facts.names, "client_id", sandbox->client_id);
    tree_set(facts.names, "client_secret", sandbox->client_secret);
    tree_set(facts.names, "environment", view->name);
    facts_add_all(&facts, "", view->variables);
    if (grant)
        facts_add_grant(&facts, grant);
    facts_add_all(&facts, "", captured);
    add_metadata(&facts, view);
    return facts;
}

void facts_free(struct facts *facts)
{
    json_decref(facts->names);
    *facts = (struct facts){0};
}

char *facts_metadata(const struct sandbox *sandbox, const struct view *view, json_t *captured,
                     const char *name)
{
    struct facts facts = facts_new(sandbox, view, captured, NULL);
    const char *template = tree_text(view->metadata, name);
    char *filled = template ? expression_url(template, &facts) : NULL;
    facts_free(&facts);
    return filled;
}
