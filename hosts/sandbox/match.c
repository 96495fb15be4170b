/* SPDX-License-Identifier: MIT */
/* Where requests go: templates of URLs, and whether a URL is one that a template gives. */
#include "pattern.h"
#include "provider.h"
#include "tree.h"

#include <string.h>

/* Metadata that stands in an endpoint is put in its place as the template that it is. */
static char *expand(const struct view *view, const char *template)
{
    static const char *const names[] = {"issuer", "authorization_endpoint", "token_endpoint",
                                        "revocation_endpoint", "userinfo_endpoint"};
    struct text out = {0};
    text_str(&out, "");
    while (*template) {
        size_t skip = 0, start = template[0] == '{' ? template[1] == '+' ? 2 : 1 : 0;
        for (size_t i = 0; start && i < sizeof names / sizeof *names; i++) {
            size_t len = strlen(names[i]);
            const char *value = tree_text(view->metadata, names[i]);
            if (value && strncmp(template + start, names[i], len) == 0 && template[start + len] == '}') {
                text_str(&out, value);
                skip = start + len + 1;
            }
        }
        if (!skip)
            text_add(&out, template, 1);
        template += skip ? skip : 1;
    }
    return out.s;
}

char *provider_endpoint(const struct view *view, const struct rule *rule)
{
    const char *given = tree_text(rule->block, "endpoint");
    const char *metadata = rule->kind == RULE_REVOKE     ? "revocation_endpoint"
                           : rule->kind == RULE_USERINFO ? "userinfo_endpoint"
                           : rule->kind <= RULE_CLIENT   ? "token_endpoint"
                                                         : "";
    given = given ? given : tree_text(view->metadata, metadata);
    return given ? expand(view, given) : NULL;
}

/* --- matching ----------------------------------------------------------------------------------------------- */

struct match {
    json_t *variables, *captured;
    unsigned work; /* steps that are left */
};

static bool match_rest(struct match *match, const char *template, const char *url, bool at_start);

/* Whether a tenant's variable can have that value. */
static bool takes(json_t *variable, const char *value)
{
    const char *pattern = tree_text(variable, "pattern");
    json_t *choices = tree_at(variable, "choices");
    return (!pattern || pattern_matches(pattern, value)) &&
           (!json_object_size(choices) || json_object_get(choices, value));
}

/* "{tenant}": its value has to be the same wherever it stands; what is no plain name is not looked at. */
static bool capture(struct match *match, const char *expression, const char *from, size_t len)
{
    char *name = expression_alone(expression);
    char *value = params_decode_path(from, len);
    bool plain = name && value && !strpbrk(name, "(.'");
    const char *variable = plain ? name + (*name == '+') : NULL;
    const char *known = plain ? tree_text(match->captured, variable) : NULL;
    bool fits = value && (!known || strcmp(known, value) == 0) &&
                (!plain || takes(json_object_get(match->variables, variable), value));
    if (plain && fits)
        tree_set(match->captured, variable, value);
    text_drop(&name);
    text_drop(&value);
    return fits;
}

static size_t braces_length(const char *template)
{
    bool quoted = false;
    size_t i = 0;
    while (template[i] && (template[i] != '}' || quoted))
        quoted ^= template[i++] == '\'';
    return template[i] ? i + 1 : 0;
}

/* What {…} stands for is one part of the path; {+…}, and what stands at the start, all up to some end. */
static bool match_braces(struct match *match, const char *template, const char *url, bool at_start)
{
    size_t reach = braces_length(template);
    size_t longest = at_start || template[1] == '+' ? strlen(url) : strcspn(url, "/");
    char *expression = text_printf("%.*s", (int)reach, template);
    bool matched = false;
    for (size_t len = longest; !matched && len && match->work; len--) {
        json_t *before = text_must(json_copy(match->captured));
        matched =
            capture(match, expression, url, len) && match_rest(match, template + reach, url + len, false);
        if (!matched) {
            json_object_clear(match->captured);
            json_object_update(match->captured, before);
        }
        json_decref(before);
    }
    text_drop(&expression);
    return matched;
}

static bool match_rest(struct match *match, const char *template, const char *url, bool at_start)
{
    for (; *template && *template != '?' && *template != '#'; at_start = false) {
        if (!match->work)
            return false;
        match->work--;
        if (*template == '{' && template[1] != '{')
            return match_braces(match, template, url, at_start);
        if (*template != *url)
            return false;
        template += (*template == '{' || *template == '}') && template[1] == *template ? 2 : 1;
        url++;
    }
    return !*url;
}

bool provider_matches(const char *template, const char *url, json_t *variables, json_t *captured)
{
    struct match match = {variables, captured, 100000};
    return match_rest(&match, template, url, true);
}
