/* SPDX-License-Identifier: MIT */
/* What of a request may be told. Whatever a client mixes up, no secret is shown, nor what one was made into. */
#include "shown.h"

#include "facts.h"
#include "provider.h"
#include "redirect.h"
#include "scope.h"
#include "tree.h"

#include <string.h>

#define MASK "***"

/* Whatever it is called, what was handed out and what the client proves itself by is not shown. */
static bool is_known_secret(const struct sandbox *sandbox, const char *value)
{
    bool known = sandbox->client_secret && strstr(value, sandbox->client_secret);
    for (int kind = RECORD_CONSENT; !known && kind <= RECORD_REFRESH; kind++)
        known = store_find(&sandbox->store, (enum record_kind)kind, value) != NULL;
    return known;
}

/* --- paths ------------------------------------------------------------------------------------------------------------ */

/* The path of a template on this server, without its query; NULL when it is elsewhere. The caller drops it. */
static char *path_of(const struct sandbox *sandbox, const char *template)
{
    size_t len = strlen(sandbox->origin);
    bool is_here = template && strncmp(template, sandbox->origin, len) == 0 && template[len] == '/';
    return is_here ? text_printf("%.*s", (int)strcspn(template + len, "?#"), template + len) : NULL;
}

/* What a tenant's variables are in the path, else usually, secret ones left out. A new object. */
static json_t *variables_in(const struct sandbox *sandbox, const char *template, const char *path)
{
    json_t *variables = tree_at(sandbox->descriptor, "variables"), *captured = text_must(json_object()),
           *known = text_must(json_object()), *rule;
    const char *name;
    if (!provider_matches(template, path, variables, captured))
        json_object_clear(captured);
    json_object_foreach (variables, name, rule) {
        const char *here = tree_text(captured, name);
        if (!tree_is_true(rule, "secret"))
            tree_set(known, name, here ? here : tree_text(sandbox->views[0].variables, name));
    }
    json_decref(captured);
    return known;
}

/* One part of a path ("/name") against that of the template. */
static bool is_part(const char *template, size_t template_len, const char *part, size_t len,
                    json_t *variables)
{
    struct facts facts = {.names = variables};
    char *own = text_printf("%.*s", (int)template_len, template), *given = params_decode_path(part, len);
    char *wanted = expression_text(own, &facts);
    bool same = wanted && given && strcmp(wanted, given) == 0;
    text_drop(&own);
    text_drop(&given);
    text_drop(&wanted);
    return same;
}

static size_t part_length(const char *path)
{
    return *path ? 1 + strcspn(path + 1, "/") : 0;
}

/* How much of the path's beginning the template tells. */
static size_t told_by(const struct sandbox *sandbox, const char *template, const char *path)
{
    json_t *variables = variables_in(sandbox, template, path);
    size_t told = 0, len, template_len;
    while ((len = part_length(path + told)) > 0) {
        template_len = part_length(template);
        if (!template_len || !is_part(template, template_len, path + told, len, variables))
            break;
        template += template_len;
        told += len;
    }
    json_decref(variables);
    return told;
}

/* Takes template. */
static void try_template(const struct sandbox *sandbox, char *template, const char *path, size_t *told)
{
    char *own = path_of(sandbox, template);
    size_t by = own ? told_by(sandbox, own, path) : 0;
    *told = by > *told ? by : *told;
    text_drop(&own);
    text_drop(&template);
}

static void try_view(const struct sandbox *sandbox, const struct view *view, const char *path, size_t *told)
{
    const char *page = tree_text(view->metadata, "authorization_endpoint");
    const char *route = page ? strstr(page, "#/") : NULL, *issuer = tree_text(view->metadata, "issuer");
    for (size_t i = 0; i < sandbox->n_rules; i++)
        try_template(sandbox, provider_endpoint(view, &sandbox->rules[i]), path, told);
    try_template(sandbox, text_copy(page), path, told);
    if (route) /* see dispatch.c: the page leads there */
        try_template(sandbox, text_printf("%.*s~%s", (int)strcspn(page, "?#"), page, route + 1), path, told);
    if (issuer)
        try_template(sandbox, text_printf("%s/.well-known/openid-configuration", issuer), path, told);
}

char *shown_path(const struct sandbox *sandbox, const char *path)
{
    static const char *const own[] = {CONSENT_PATH, JWKS_PATH, CLOCK_PATH,
                                      "/.well-known/oauth-authorization-server",
                                      "/.well-known/openid-configuration"};
    size_t told = 0;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        try_template(sandbox, text_printf("%s%s", sandbox->origin, own[i]), path, &told);
    try_template(sandbox, text_printf("%s%s/me", sandbox->origin, API_PATH), path, &told);
    for (size_t i = 0; i < sandbox->n_views; i++)
        try_view(sandbox, &sandbox->views[i], path, &told);
    char *shown = text_printf("%.*s", (int)told, path);
    bool is_whole = !path[told];
    for (char *at = shown, *end; *at; at = end) {
        end = at + part_length(at);
        char *part = text_printf("%.*s", (int)(end - at - 1), at + 1);
        bool secret = is_known_secret(sandbox, part);
        text_drop(&part);
        if (secret) { /* a tenant's variable that may be anything is one */
            is_whole = false;
            *at = '\0';
            break;
        }
    }
    char *masked = text_printf("%s%s", shown, is_whole ? "" : "/" MASK);
    text_drop(&shown);
    return masked;
}

/* --- values ----------------------------------------------------------------------------------------------------------- */

/* Standard parameters that are no secret, and the words that they can be. */
static const struct public_name {
    const char *name;
    const char *words[6];
} public_names[] = {
    {"grant_type", {"authorization_code", "refresh_token", "client_credentials", "password"}},
    {"client_id", {NULL}},
    {"redirect_uri", {NULL}},
    {"scope", {NULL}},
    {"response_type", {"code", "token", "id_token"}},
    {"response_mode", {"query", "form_post", "fragment"}},
    {"code_challenge_method", {"S256", "plain"}},
    {"prompt", {"none", "login", "consent", "select_account"}},
    {"token_type_hint", {"access_token", "refresh_token"}},
    {"client_assertion_type", {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}},
};

static const struct public_name *find_public(const char *standard)
{
    for (size_t i = 0; standard && i < sizeof public_names / sizeof *public_names; i++)
        if (strcmp(public_names[i].name, standard) == 0)
            return &public_names[i];
    return NULL;
}

/* Enough to tell two from each other, and too little of a secret. */
static void add_cut(struct text *out, const char *value, size_t len)
{
    text_add(out, value, len < 4 ? len : 4);
    text_str(out, len > 4 ? "..." : "");
}

/* Whole where it was seen before; else where it leads, but not what else is in it. */
static void add_redirect(struct text *out, const struct sandbox *sandbox, const struct grant *grant,
                         const char *uri)
{
    const char *known[] = {sandbox->settings.redirect_uri, grant ? grant->redirect_uri : NULL};
    for (size_t i = 0; i < 2; i++)
        if (known[i] && strcmp(known[i], uri) == 0) {
            text_str(out, uri);
            return;
        }
    const char *host = redirect_problem(sandbox, uri) ? NULL : strstr(uri, "://");
    size_t origin = host ? (size_t)(host - uri) + 3 + strcspn(host + 3, "/?") : 0;
    if (origin && strncmp(uri, "http://", 7) == 0)
        text_fmt(out, "%.*s%s", (int)origin, uri, uri[origin] ? "/..." : "");
    else
        add_cut(out, uri, strlen(uri));
}

/* Word by word: those that the descriptor has, or the person allowed. */
static void add_scopes(struct text *out, const struct sandbox *sandbox, const struct grant *grant,
                       const char *value)
{
    const char *separator = tree_text(sandbox->descriptor, "scopes/separator");
    char between[] = {' ', separator ? *separator : ' ', '\0'};
    while (*value) {
        size_t len = strcspn(value, between);
        char *word = text_printf("%.*s", (int)len, value);
        if (scope_is_listed(sandbox, word) || (grant && grant->answers && scope_has(grant->scope, word)))
            text_str(out, word);
        else
            add_cut(out, word, len);
        text_drop(&word);
        text_add(out, value + len, value[len] ? 1 : 0);
        value += len + (value[len] != '\0');
    }
}

static bool is_word(const struct public_name *name, const char *value)
{
    for (size_t i = 0; i < sizeof name->words / sizeof *name->words && name->words[i]; i++)
        if (strcmp(name->words[i], value) == 0)
            return true;
    return false;
}

static bool is_spelled_out(const struct expected *expected, const char *value)
{
    char *constant = expected && expected->template ? expression_constant(expected->template) : NULL;
    bool spelled_out = constant && strcmp(constant, value) == 0;
    text_drop(&constant);
    return spelled_out;
}

char *shown_value(const struct sandbox *sandbox, const struct expected *expected, const struct grant *grant,
                  const char *value)
{
    const char *standard = expected ? expected->standard : NULL;
    const struct public_name *name = find_public(standard);
    struct text out = {0};
    text_str(&out, "");
    if (is_known_secret(sandbox, value))
        text_str(&out, MASK);
    else if (is_spelled_out(expected, value) || (name && is_word(name, value)) ||
             (name && strcmp(standard, "client_id") == 0 && strcmp(value, sandbox->client_id) == 0))
        text_str(&out, value);
    else if (name && strcmp(standard, "redirect_uri") == 0)
        add_redirect(&out, sandbox, grant, value);
    else if (name && strcmp(standard, "scope") == 0)
        add_scopes(&out, sandbox, grant, value);
    else if (name)
        add_cut(&out, value, strlen(value));
    else
        text_str(&out, *value ? MASK : "");
    return out.s;
}

const char *shown_name(const struct sandbox *sandbox, const char *name)
{
    return is_known_secret(sandbox, name) ? MASK : name;
}
