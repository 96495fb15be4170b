/* SPDX-License-Identifier: MIT */
/* All hosts of a provider moved to one origin: each becomes a folder there, and nothing else changes. */
#include "rewrite.h"

#include "expression.h"
#include "tree.h"

#include <string.h>

static size_t scheme_length(const char *url)
{
    return strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
}

char *rewrite_url(const char *url, const char *origin)
{
    size_t scheme = scheme_length(url);
    struct text out = {0};
    if (!scheme)
        return text_copy(url);
    text_fmt(&out, "%s/", origin);
    /* The brackets of an IPv6 address have no place in a path. */
    for (url += scheme; *url && !strchr("/?#", *url); url++)
        if (*url != '[' && *url != ']')
            text_add(&out, url, 1);
    text_str(&out, url);
    return out.s;
}

char *rewrite_pattern(const char *pattern, const char *origin)
{
    static const char *const schemes[] = {"https?://", "https://", "http://"};
    struct text out = {0};
    text_str(&out, "");
    while (*pattern) {
        size_t scheme = 0;
        for (size_t i = 0; !scheme && i < sizeof schemes / sizeof *schemes; i++)
            if (strncmp(pattern, schemes[i], strlen(schemes[i])) == 0)
                scheme = strlen(schemes[i]);
        if (!scheme) {
            text_add(&out, pattern++, 1);
            continue;
        }
        for (const char *at = origin; *at; at++)
            text_fmt(&out, strchr(".[]", *at) ? "\\%c" : "%c", *at);
        text_str(&out, "/");
        pattern += scheme;
    }
    return out.s;
}

/* An endpoint is a URL, or begins with an expression that may spell one out: {first(kept.host, 'https://a.example')}. */
static char *rewrite_endpoint(const char *endpoint, const char *origin)
{
    struct text out = {0};
    if (*endpoint != '{')
        return rewrite_url(endpoint, origin);
    while (*endpoint) {
        size_t scheme = *endpoint == '\'' ? scheme_length(endpoint + 1) : 0;
        if (scheme)
            text_fmt(&out, "'%s/", origin);
        else
            text_add(&out, endpoint, 1);
        endpoint += 1 + scheme;
    }
    return out.s;
}

typedef char *rewriter(const char *text, const char *origin);

static void change(json_t *map, const char *key, rewriter *rewrite, const char *origin)
{
    const char *text = tree_text(map, key);
    if (text)
        tree_set_taken(map, key, rewrite(text, origin));
}

static bool is_endpoint(const char *key)
{
    size_t len = strlen(key), end = strlen("_endpoint");
    return strcmp(key, "issuer") == 0 || strcmp(key, "jwks_uri") == 0 || strcmp(key, "endpoint") == 0 ||
           (len > end && strcmp(key + len - end, "_endpoint") == 0);
}

static void change_endpoints(json_t *map, const char *origin)
{
    const char *key;
    json_t *value;
    json_object_foreach (map, key, value)
        if (is_endpoint(key))
            change(map, key, rewrite_endpoint, origin);
}

static void change_kept(json_t *keep, const char *origin)
{
    const char *name;
    json_t *rule;
    json_object_foreach (keep, name, rule)
        change(rule, "pattern", rewrite_pattern, origin);
}

static void change_request(json_t *request, const char *origin)
{
    change_endpoints(request, origin);
    change_kept(tree_at(request, "response/keep"), origin);
}

bool rewrite_begins_endpoint(json_t *tree, const char *name)
{
    const char *key;
    json_t *value;
    json_object_foreach (tree, key, value) {
        if (json_is_object(value) && rewrite_begins_endpoint(value, name))
            return true;
        const char *text = is_endpoint(key) ? json_string_value(value) : NULL;
        char *first = text && *text == '{' ? text_printf("%.*s}", (int)strcspn(text, "}"), text) : NULL;
        bool found = first && expression_mentions(first, name);
        text_drop(&first);
        if (found)
            return true;
    }
    return false;
}

static void change_choices(json_t *variable, const char *origin)
{
    const char *choice;
    json_t *doc, *choices = json_object_get(variable, "choices");
    if (!choices)
        return;
    json_t *changed = text_must(json_object());
    json_object_foreach (choices, choice, doc) {
        char *url = rewrite_url(choice, origin);
        json_object_set(changed, url, doc);
        text_drop(&url);
    }
    json_object_set_new(variable, "choices", changed);
}

static void change_variables(json_t *descriptor, const char *origin)
{
    const char *name, *environment_name;
    json_t *variable, *environment;
    json_object_foreach (json_object_get(descriptor, "variables"), name, variable) {
        if (!rewrite_begins_endpoint(descriptor, name))
            continue;
        change(variable, "default", rewrite_url, origin);
        change(variable, "example", rewrite_url, origin);
        change(variable, "pattern", rewrite_pattern, origin);
        change_choices(variable, origin);
        json_object_foreach (json_object_get(descriptor, "environments"), environment_name, environment)
            change(json_object_get(environment, "variables"), name, rewrite_url, origin);
    }
}

json_t *rewrite_descriptor(json_t *descriptor, const char *origin)
{
    static const char *const requests[] = {"token", "client_credentials", "refresh", "userinfo", "verify",
                                           "revoke"};
    const char *name;
    json_t *part;
    json_t *copy = text_must(json_deep_copy(descriptor));
    json_object_del(copy, "id");
    json_object_del(copy, "tests");
    change_variables(copy, origin);
    change_endpoints(copy, origin);
    json_object_foreach (json_object_get(copy, "environments"), name, part)
        change_endpoints(part, origin);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        change_request(json_object_get(copy, requests[i]), origin);
    json_object_foreach (json_object_get(copy, "steps"), name, part)
        change_request(part, origin);
    change_kept(tree_at(copy, "callback/keep"), origin);
    if (json_object_get(copy, "hosts"))
        json_object_set_new(copy, "hosts", text_must(json_pack("[s]", origin + scheme_length(origin))));
    return copy;
}
