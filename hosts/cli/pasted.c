/* SPDX-License-Identifier: MIT */
/* What is in the URLs and lists that people paste: parameters of one login, variables of a tenant. */
#include "pasted.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

/* --- parameters ------------------------------------------------------------------------------------------------- */

/* What the flow sets itself, or a key of its own says. */
static bool is_own(const char *name)
{
    static const char *const own[] = {"response_type", "client_id",      "redirect_uri",
                                      "scope",         "state",          "code_challenge_method",
                                      "nonce",         "code_challenge", "response_mode"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i], name) == 0)
            return true;
    return false;
}

/* A query up to end, less our own; begin is what stands before it. */
static void add_query(struct text *out, const char *query, const char *end, json_t *taken)
{
    const char *between = "?";
    while (query < end) {
        const char *stop = memchr(query, '&', (size_t)(end - query));
        size_t len = (size_t)((stop ? stop : end) - query);
        const char *equals = memchr(query, '=', len);
        size_t name_len = equals ? (size_t)(equals - query) : len;
        char *name = form_decode(query, name_len);
        char *value = equals ? form_decode(equals + 1, len - name_len - 1) : text_copy("");
        json_t *json = is_own(name) ? json_string(value) : NULL;
        if (json) {
            tree_set(taken, name, json);
        } else if (len) {
            text_str(out, between);
            text_add(out, query, len);
            between = "&";
        }
        free(name);
        free(value);
        query += len + 1;
    }
}

/* Up to its query, and the query. */
static void add_part(struct text *out, const char *part, size_t len, json_t *taken)
{
    const char *query = memchr(part, '?', len), *end = part + len;
    text_add(out, part, query ? (size_t)(query - part) : len);
    if (query)
        add_query(out, query + 1, end, taken);
}

char *pasted_url(const char *url, json_t *taken)
{
    struct text out = {0};
    size_t len = strcspn(url, "#");
    add_part(&out, url, len, taken);
    if (url[len] == '#' && url[len + 1] == '/')
        add_part(&out, url + len, strlen(url + len), taken);
    else
        text_str(&out, url + len);
    return text_take(&out);
}

void pasted_scopes(const char *list, const char **separator, json_t *scopes)
{
    char between[] = {' ', *separator ? **separator : ',', '\0'};
    if (!*separator && strchr(list, ','))
        *separator = ",";
    while (*list) {
        size_t len = strcspn(list, between);
        char *scope = text_slice(list, len);
        if (len)
            tree_append(scopes, json_string(scope));
        free(scope);
        list += len + (list[len] != '\0');
    }
}

/* --- variables -------------------------------------------------------------------------------------------------- */

/* Where the host begins, with its port; of a URL that begins with a variable, that. Its length. */
static size_t find_host(const char *url, const char **ret_host)
{
    const char *scheme = strstr(url, "://");
    bool has_scheme = scheme && strcspn(url, "{") > (size_t)(scheme - url);
    *ret_host = has_scheme ? scheme + 3 : url;
    return strcspn(*ret_host, "/?#");
}

/* Between the braces at open, without a +; NULL when that is no plain name. The caller's. */
static char *name_at(const char *open)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const char *name = open + 1 + (open[1] == '+');
    size_t len = strspn(name, letters);
    return len && name[len] == '}' ? text_slice(name, len) : NULL;
}

char *pasted_host(const char *url)
{
    struct text out = {0};
    const char *host;
    size_t len = find_host(url, &host);
    char *name = host == url ? name_at(url) : NULL;
    if (name)
        text_fmt(&out, "{+host_of(%s)}", name);
    free(name);
    if (host == url)
        return text_take(&out);
    for (size_t i = 0; i < len; i++)
        if (host[i] != '+') /* {+name} */
            text_add(&out, host + i, 1);
    return text_take(&out);
}

static bool is_reserved(const char *name)
{
    static const char *const names[] = {"client_id",  "redirect_uri", "scope", "scopes",
                                        "grant_type", "environment",  "issuer"};
    size_t len = strlen(name), end = strlen("_endpoint");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return len > end && strcmp(name + len - end, "_endpoint") == 0;
}

/* As it may look there, and what all of them match. */
static json_t *looks_at(const char *url, const char *open)
{
    const char *host, *close = strchr(open, '}');
    size_t len = find_host(url, &host);
    bool in_host = host != url && open >= host && open < host + len;
    bool is_host = in_host && open == host && (close[1] == ':' || close + 1 == host + len);
    const char *const looks[][2] = {{"acme.example", "[a-z0-9][a-z0-9.-]*\\.[a-z]+"},
                                    {"acme", "[a-z0-9][a-z0-9-]*"},
                                    {"https://acme.example", "https://[a-z0-9][a-z0-9.-]*(:[0-9]+)?"},
                                    {"acme", "[A-Za-z0-9][A-Za-z0-9._-]*"}};
    size_t i = is_host ? 0 : in_host ? 1 : open == url ? 2 : 3;
    return must(json_pack("{s:s, s:s}", "example", looks[i][0], "pattern", looks[i][1]));
}

void pasted_variables(const char *url, json_t *variables)
{
    for (const char *at = url; (at = strchr(at, '{')); at++) {
        char *name = at[1] == '{' ? NULL : name_at(at);
        if (name && !is_reserved(name) && !json_object_get(variables, name))
            tree_set(variables, name, looks_at(url, at));
        free(name);
        at += at[1] == '{';
    }
}
