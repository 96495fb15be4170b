/* SPDX-License-Identifier: MIT */
/* Lists of scopes: separated by spaces here (RFC 6749 section 3.3), in requests as the provider wants. */
#include "scope.h"

#include "tree.h"

#include <string.h>

bool scope_is_valid(const char *scope)
{
    size_t len = strlen(scope);
    if (len == 0 || scope[0] == ' ' || scope[len - 1] == ' ' || strstr(scope, "  "))
        return false;
    for (const char *c = scope; *c; c++)
        if (*c < 0x20 || *c > 0x7e || *c == '"' || *c == '\\')
            return false;
    return true;
}

static bool has(const char *scope, const char *one, size_t len)
{
    while (*scope) {
        size_t n = strcspn(scope, " ");
        if (n == len && memcmp(scope, one, len) == 0)
            return true;
        scope += n + (scope[n] == ' ');
    }
    return false;
}

bool scope_has(const char *scope, const char *one)
{
    return has(scope, one, strlen(one));
}

bool scope_within(const char *part, const char *whole)
{
    while (*part) {
        size_t n = strcspn(part, " ");
        if (!has(whole, part, n))
            return false;
        part += n + (part[n] == ' ');
    }
    return true;
}

/* --- as the provider has them --------------------------------------------------------------------------------------- */

char *scope_from_request(const struct sandbox *sandbox, const char *text)
{
    const char *separator = tree_text(sandbox->descriptor, "scopes/separator");
    char between = separator ? *separator : ' ';
    /* A + that was sent as it is has become a space; one that is still there was percent-encoded. */
    bool plus = between == '+';
    bool wrong = strchr(text, plus ? '+' : ' ') && between != ' ';
    char *scope = text_copy(text);
    for (char *at = scope; *at && !plus; at++)
        *at = *at == between ? ' ' : *at;
    if (wrong || !scope_is_valid(scope))
        text_drop(&scope);
    return scope;
}

static void add_all(struct text *out, json_t *list)
{
    size_t i;
    json_t *one;
    json_array_foreach (list, i, one)
        if (!out->s || !scope_has(out->s, json_string_value(one)))
            text_fmt(out, "%s%s", out->len ? " " : "", json_string_value(one));
}

char *scope_default(const struct sandbox *sandbox)
{
    struct text scope = {0};
    add_all(&scope, tree_at(sandbox->descriptor, "scopes/default"));
    add_all(&scope, tree_at(sandbox->descriptor, "scopes/always"));
    return scope.len ? scope.s : text_copy(DEFAULT_SCOPE);
}

static bool lists(const struct sandbox *sandbox, const struct view *view, const char *one)
{
    return tree_lists(json_object_get(view->metadata, "scopes_supported"), one) ||
           json_object_get(tree_at(sandbox->descriptor, "scopes/known"), one) ||
           tree_lists(tree_at(sandbox->descriptor, "scopes/default"), one) ||
           tree_lists(tree_at(sandbox->descriptor, "scopes/always"), one);
}

/* Where the descriptor tells which there are, there are no others. */
static bool is_known(const struct sandbox *sandbox, const struct view *view, const char *one)
{
    bool tells = json_array_size(json_object_get(view->metadata, "scopes_supported")) ||
                 json_object_size(tree_at(sandbox->descriptor, "scopes/known"));
    return !tells || lists(sandbox, view, one);
}

bool scope_is_listed(const struct sandbox *sandbox, const char *one)
{
    for (size_t i = 0; i < sandbox->n_views; i++)
        if (lists(sandbox, &sandbox->views[i], one))
            return true;
    return false;
}

/* OpenID Connect Core sections 5.4 and 11: about a person, whom a client alone does not have. */
static bool is_of_a_person(const char *one)
{
    return scope_has("openid profile email address phone offline_access", one);
}

const char *scope_problem(const struct sandbox *sandbox, const struct view *view, bool has_person,
                          const char *scope)
{
    size_t i;
    json_t *one;
    json_array_foreach (tree_at(sandbox->descriptor, "scopes/always"), i, one)
        if (!scope_has(scope, json_string_value(one)) &&
            (has_person || !is_of_a_person(json_string_value(one))))
            return "a scope is missing that the descriptor always asks for";
    for (const char *at = scope; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        char *word = text_printf("%.*s", (int)len, at);
        bool known = is_known(sandbox, view, word);
        text_drop(&word);
        if (!known)
            return "scope has one that this server does not know";
        at += len;
    }
    return NULL;
}
