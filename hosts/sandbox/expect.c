/* SPDX-License-Identifier: MIT */
/* The parameters that a request has to have, by the names and in the places that the provider wants. */
#include "expect.h"

#include "client.h"
#include "pkce.h"
#include "provider.h"
#include "tree.h"

#include <string.h>

/* What all that is added has in common. */
struct maker {
    json_t *params, *rename, *place;
    bool in_query; /* where what has no place of its own stands */
    struct expectations *all;
};

static bool is_nulled(const struct maker *maker, const char *name)
{
    return json_is_null(json_object_get(maker->params, name));
}

static void add(struct maker *maker, const char *name, const char *standard, const char *template,
                bool optional)
{
    const char *place = tree_text(maker->place, name);
    if (maker->all->n == MAX_EXPECTED)
        return;
    maker->all->v[maker->all->n++] =
        (struct expected){.name = text_copy(name),
                          .standard = standard,
                          .template = text_copy(template),
                          .optional = optional,
                          .in_query = place ? strcmp(place, "query") == 0 : maker->in_query};
}

/* A parameter of the RFCs, unless the provider does not want it; `params` may say what is in it. */
static struct expected *add_standard(struct maker *maker, const char *standard, const char *template,
                                     bool optional)
{
    const char *renamed = tree_text(maker->rename, standard), *name = renamed ? renamed : standard;
    const char *given = tree_text(maker->params, name);
    if (is_nulled(maker, standard) || is_nulled(maker, name) || maker->all->n == MAX_EXPECTED)
        return NULL;
    add(maker, name, standard, given ? given : template, optional && !given);
    maker->all->v[maker->all->n - 1].falls_back = given != NULL;
    return &maker->all->v[maker->all->n - 1];
}

static void add_credential(struct maker *maker, const char *standard)
{
    /* What `params` itself sets to something is held against that, like every other. */
    const char *renamed = tree_text(maker->rename, standard);
    bool given = tree_text(maker->params, renamed ? renamed : standard) != NULL;
    struct expected *added = add_standard(maker, standard, NULL, true);
    if (added)
        added->is_credential = !given;
}

/* What `params` adds to the standard ones. */
static void add_others(struct maker *maker)
{
    const char *name;
    json_t *template;
    json_object_foreach (maker->params, name, template)
        if (json_is_string(template) && !expect_find(maker->all, name))
            add(maker, name, NULL, json_string_value(template), false);
}

/* "version=2", as far as an & or #. */
static void add_query(struct maker *maker, const char *query)
{
    while (*query && *query != '#') {
        size_t len = strcspn(query, "&#"), name_len = strcspn(query, "=&#");
        char *name = params_decode(query, name_len);
        char *value =
            name_len < len ? params_decode(query + name_len + 1, len - name_len - 1) : text_copy("");
        if (name && value && !expect_find(maker->all, name))
            add(maker, name, NULL, value, false);
        text_drop(&name);
        text_drop(&value);
        query += len + (query[len] == '&');
    }
}

/* "?version=2" of the endpoint itself, and of a route in its fragment. */
static void add_query_of(struct maker *maker, const char *endpoint)
{
    const char *fragment = endpoint + strcspn(endpoint, "#"), *query = endpoint + strcspn(endpoint, "?#");
    bool usual = maker->in_query;
    maker->in_query = true;
    add_query(maker, *query == '?' ? query + 1 : "");
    query = fragment + strcspn(fragment, "?");
    add_query(maker, fragment[0] && fragment[1] == '/' && *query ? query + 1 : "");
    maker->in_query = usual;
}

/* What `use` wants in the query of every call, where the request itself says nothing of it. */
static void add_beside_token(struct maker *maker, json_t *params)
{
    const char *name;
    json_t *template;
    bool usual = maker->in_query;
    maker->in_query = true;
    json_object_foreach (params, name, template)
        if (!json_object_get(maker->params, name) && !expect_find(maker->all, name))
            add(maker, name, NULL, json_string_value(template), false);
    maker->in_query = usual;
}

/* --- requests of the client ----------------------------------------------------------------------------------- */

static void add_of_refresh(struct maker *maker, const struct rule *rule)
{
    const char *with = tree_text(rule->block, "with");
    if (with && strcmp(with, "client_credentials") == 0) {
        add_standard(maker, "grant_type", "client_credentials", false);
        add_standard(maker, "scope", NULL, true);
        return;
    }
    add_standard(maker, "grant_type", "refresh_token", false);
    if (!with || strcmp(with, "refresh_token") == 0) {
        add_standard(maker, "refresh_token", "{refresh_token}", false);
        add_standard(maker, "scope", NULL, true);
    }
}

static void add_of_kind(struct maker *maker, const struct sandbox *sandbox, const struct rule *rule)
{
    switch (rule->kind) {
    case RULE_CODE:
        add_standard(maker, "grant_type", "authorization_code", false);
        add_standard(maker, "code", "{code}", false);
        add_standard(maker, "redirect_uri", "{redirect_uri}", false);
        if (strcmp(pkce_method(sandbox), "none") != 0)
            add_standard(maker, "code_verifier", "{code_verifier}", true);
        break;
    case RULE_REFRESH:
        add_of_refresh(maker, rule);
        break;
    case RULE_CLIENT:
        add_standard(maker, "grant_type", "client_credentials", false);
        add_standard(maker, "scope", "{scope}", true);
        break;
    case RULE_REVOKE:
        add_standard(maker, "token", "{token}", false);
        add_standard(maker, "token_type_hint", NULL, true);
        break;
    default:
        break;
    }
}

void expect_request(const struct sandbox *sandbox, const struct rule *rule, const char *endpoint,
                    unsigned methods, struct expectations *ret)
{
    const char *token_query = tree_text(sandbox->descriptor, "use/query");
    struct maker maker = {.params = tree_at(rule->block, "params"),
                          .rename = rule->rename,
                          .place = tree_at(rule->block, "place"),
                          .in_query = strcmp(rule_encoding(rule), "query") == 0,
                          .all = ret};
    *ret = (struct expectations){.others_too = tree_text(sandbox->descriptor, "plugin") != NULL};
    add_of_kind(&maker, sandbox, rule);
    if (methods & ~(unsigned)AUTH_TOKEN)
        add_credential(&maker, "client_id");
    if (methods & AUTH_POST)
        add_credential(&maker, "client_secret");
    if (methods & (AUTH_SECRET_JWT | AUTH_KEY_JWT)) {
        add_credential(&maker, "client_assertion");
        add_credential(&maker, "client_assertion_type");
    }
    add_others(&maker);
    add_query_of(&maker, endpoint);
    if (methods & AUTH_TOKEN)
        add_beside_token(&maker, tree_at(sandbox->descriptor, "use/params"));
    if ((methods & AUTH_TOKEN) && token_query) {
        maker.in_query = true;
        add(&maker, token_query, NULL, NULL, true);
        ret->v[ret->n - 1].is_credential = true;
    }
}

/* --- the authorization request ------------------------------------------------------------------------------- */

static void add_pkce(struct maker *maker, const char *method)
{
    bool plain = strcmp(method, "plain") == 0;
    if (strcmp(method, "none") == 0)
        return;
    add_standard(maker, "code_challenge", NULL, false);
    add_standard(maker, "code_challenge_method", plain ? "plain" : "S256", plain);
}

void expect_authorization(const struct sandbox *sandbox, const struct view *view, struct expectations *ret)
{
    /* What OpenID Connect lets a client say besides, and no server minds. */
    static const char *const harmless[] = {"prompt",     "login_hint", "display", "max_age",
                                           "ui_locales", "acr_values", "claims",  "id_token_hint"};
    json_t *authorize = json_object_get(sandbox->descriptor, "authorize");
    json_t *rename =
        tree_merge(json_object_get(sandbox->descriptor, "rename"), json_object_get(authorize, "rename"));
    const char *state = tree_text(sandbox->descriptor, "callback/state");
    struct maker maker = {
        .params = json_object_get(authorize, "params"), .rename = rename, .in_query = true, .all = ret};
    *ret = (struct expectations){.others_too = tree_text(sandbox->descriptor, "plugin") != NULL};
    add_standard(&maker, "response_type", "code", false);
    add_standard(&maker, "client_id", "{client_id}", false);
    add_standard(&maker, "redirect_uri", NULL, false);
    add_standard(&maker, "scope", NULL, true);
    add_standard(&maker, "state", NULL, state && strcmp(state, "none") == 0);
    add_pkce(&maker, pkce_method(sandbox));
    add_standard(&maker, "nonce", NULL, !tree_is_true(authorize, "nonce"));
    if (tree_text(authorize, "response_mode"))
        add_standard(&maker, "response_mode", tree_text(authorize, "response_mode"), false);
    add_others(&maker);
    add_query_of(&maker, tree_text(view->metadata, "authorization_endpoint"));
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (!is_nulled(&maker, harmless[i]) && !expect_find(ret, harmless[i]))
            add(&maker, harmless[i], harmless[i], NULL, true);
    json_decref(rename);
}

/* ------------------------------------------------------------------------------------------------------------ */

const struct expected *expect_find(const struct expectations *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->v[i].name, name) == 0)
            return &all->v[i];
    return NULL;
}

const struct expected *expect_standard(const struct expectations *all, const char *standard)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].standard && strcmp(all->v[i].standard, standard) == 0)
            return &all->v[i];
    return NULL;
}

void expect_free(struct expectations *all)
{
    for (size_t i = 0; i < all->n; i++) {
        text_drop(&all->v[i].name);
        text_drop(&all->v[i].template);
    }
    all->n = 0;
}
