/* SPDX-License-Identifier: MIT */
/* The rules between the keys of a descriptor, and a reviewer's advice. */
#include "rules.h"
#include "language.h"
#include "pattern.h"
#include "template.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <string.h>

const char *const fob_rules_names[] = {"client_id", "redirect_uri", "scope", NULL};

struct check {
    const struct fob_descriptor *d;
    const struct fob_yaml *root;
    struct fob_problems *problems;
    bool advise;
    bool used[FOB_MAX_VARIABLES];
};

static void bad(struct check *check, const struct fob_yaml *node, const char *fix, const char *what)
{
    struct fob_mark at = node ? node->mark : (struct fob_mark){1, 1};
    fob_problem(check->problems, FOB_PROBLEM_ERROR, at, fix, "%s", what);
}

static void advise(struct check *check, struct fob_mark at, const char *fix, const char *what)
{
    if (check->advise)
        fob_problem(check->problems, FOB_PROBLEM_WARNING, at, fix, "%s", what);
}

/* --- templates ---------------------------------------------------------------------------------------------- */

static bool is_known_name(const char *name, size_t len)
{
    for (const char *const *known = fob_rules_names; *known; known++)
        if (strlen(*known) == len && memcmp(*known, name, len) == 0)
            return true;
    return false;
}

static bool in_host(const char *template, const char *at)
{
    const char *start = strstr(template, "://");
    start = start ? start + 3 : template;
    return at < start + strcspn(start, "/?");
}

static void check_name(struct check *check, const struct fob_field *field, const struct fob_yaml *node,
                       const struct fob_piece *piece)
{
    bool is_url = field->format != FOB_FORMAT_TEMPLATE;
    const struct fob_variable_rule *variable = fob_descriptor_variable(check->d, piece->text, piece->len);
    if (!variable && !is_url && is_known_name(piece->text, piece->len))
        return;
    if (!variable) {
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->mark, "declare it under \"variables\"",
                    "{%.*s} is not a variable of this descriptor", (int)piece->len, piece->text);
        return;
    }
    bool exposed = is_url || field->exposed || (field->sent && check->d->token.method == FOB_METHOD_GET);
    check->used[variable - check->d->variables] = true;
    if (variable->is_secret && exposed)
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->mark,
                    "send it in token.headers or in the body of a POST, or do not call it secret",
                    "the secret variable \"%s\" would stand in a URL", variable->name);
    if (is_url && !variable->pattern && in_host(node->text, piece->text))
        advise(check, node->mark, "give the variable a pattern, so that a typing error is seen at once",
               "a variable without a pattern is part of a host name");
}

/* One with variables is checked when they have values. */
static void check_url(struct check *check, const struct fob_yaml *node)
{
    struct fob_error error;
    if (fob_url_check(node->text, node->key ? node->key : "it", false, FOB_E_DESCRIPTOR, &error) != FOB_OK)
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->mark, error.fix, "%s", error.what);
}

static void check_template(struct check *check, const struct fob_field *field, const struct fob_yaml *node)
{
    const char *rest = node->text;
    struct fob_piece piece;
    if (node->kind != FOB_YAML_TEXT)
        return;
    while (fob_template_next(&rest, &piece))
        if (piece.is_name)
            check_name(check, field, node, &piece);
    if (field->format == FOB_FORMAT_ENDPOINT && !strchr(node->text, '{'))
        check_url(check, node);
    if (field->format == FOB_FORMAT_ENDPOINT && fob_starts_with(node->text, "http:"))
        advise(check, node->mark, "use https when it leaves this machine", "the endpoint is plain http");
}

static void check_templates(struct check *check, const struct fob_table *table, const struct fob_yaml *map);

static void check_field(struct check *check, const struct fob_field *field, const struct fob_yaml *node)
{
    bool is_template = field->format == FOB_FORMAT_ENDPOINT || field->format == FOB_FORMAT_HOST ||
                       field->format == FOB_FORMAT_TEMPLATE;
    if (field->kind == FOB_FIELD_BLOCK)
        check_templates(check, field->table, node);
    else if (field->kind == FOB_FIELD_BLOCKS)
        for (const struct fob_yaml *item = node->children; item; item = item->next)
            check_templates(check, field->table, item);
    else if (is_template && field->kind == FOB_FIELD_TEXT)
        check_template(check, field, node);
    else if (is_template)
        for (const struct fob_yaml *item = node->children; item; item = item->next)
            check_template(check, field, item);
}

static void check_templates(struct check *check, const struct fob_table *table, const struct fob_yaml *map)
{
    if (!map || map->kind != FOB_YAML_MAP) /* told already */
        return;
    for (const struct fob_yaml *node = map->children; node; node = node->next) {
        const struct fob_field *field = fob_fields_find(table, node->key);
        if (field)
            check_field(check, field, node);
    }
}

/* --- variables ---------------------------------------------------------------------------------------------- */

static void check_value(struct check *check, const struct fob_variable_rule *variable,
                        const struct fob_yaml *node, const char *value)
{
    bool matches = true;
    if (!node || !value || !variable->pattern || fob_pattern_problem(variable->pattern))
        return;
    if (fob_pattern_match(variable->pattern, value, &matches, NULL) == FOB_E_MEMORY)
        fob_problems_no_memory(check->problems);
    if (!matches)
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->mark, "change it or the pattern",
                    "the value of \"%s\" does not match the variable's pattern", node->key);
}

static void check_variable(struct check *check, const struct fob_variable_rule *variable)
{
    const struct fob_yaml *all = fob_yaml_get(check->root, "variables");
    const struct fob_yaml *node = fob_yaml_get(all, variable->name);
    const struct fob_yaml *pattern = fob_yaml_get(node, "pattern");
    const char *problem = variable->pattern ? fob_pattern_problem(variable->pattern) : NULL;
    if (problem && pattern)
        fob_problem(check->problems, FOB_PROBLEM_ERROR, pattern->mark, "see fob-descriptor(5), pattern",
                    "the pattern cannot be used: %s", problem);
    check_value(check, variable, fob_yaml_get(node, "default"), variable->default_value);
    check_value(check, variable, fob_yaml_get(node, "example"), variable->example);
    if (is_known_name(variable->name, strlen(variable->name)))
        bad(check, node, "call it something else", "a variable has a name that fob itself fills in");
    if (variable->is_secret && variable->default_value)
        bad(check, fob_yaml_get(node, "default"), "remove the default", "a secret variable has a default");
    if (!check->used[variable - check->d->variables] && !check->d->plugin)
        advise(check, variable->mark, "use it as {name}, or remove it", "nothing uses this variable");
    if (!variable->doc)
        advise(check, variable->mark, "add doc: what it is and where a person finds it",
               "this variable is not explained");
}

static void check_environment(struct check *check, const struct fob_environment_rule *environment)
{
    const struct fob_yaml *all = fob_yaml_get(check->root, "environments");
    const struct fob_yaml *values = fob_yaml_get(fob_yaml_get(all, environment->name), "variables");
    if (!values || values->kind != FOB_YAML_MAP)
        return;
    for (const struct fob_yaml *node = values->children; node; node = node->next) {
        const struct fob_variable_rule *variable =
            fob_descriptor_variable(check->d, node->key, strlen(node->key));
        if (variable && variable->is_secret)
            bad(check, node, "remove it: who logs in gives it",
                "a secret variable has a value in the descriptor");
        else if (variable)
            check_value(check, variable, node, node->text);
        else
            fob_problem(check->problems, FOB_PROBLEM_ERROR, node->key_mark, "declare it under \"variables\"",
                        "\"%s\" is not a variable of this descriptor", node->key);
    }
}

/* --- endpoints ---------------------------------------------------------------------------------------------- */

static void check_token_endpoint(struct check *check)
{
    const struct fob_descriptor *d = check->d;
    if (d->metadata.token_endpoint || d->plugin || fob_yaml_get(check->root, "token_endpoint"))
        return;
    const struct fob_yaml *environments = fob_yaml_get(check->root, "environments");
    bool everywhere = environments && environments->children;
    for (const struct fob_yaml *node = everywhere ? environments->children : NULL; node; node = node->next)
        everywhere = everywhere && fob_yaml_get(node, "token_endpoint");
    if (!everywhere)
        bad(check, check->root, "token_endpoint: https://acme.example/oauth/token",
            "the key \"token_endpoint\" is missing");
}

/* An endpoint with variables is held to `hosts` when they have values. */
static void check_hosts(struct check *check, const struct fob_yaml *map)
{
    if (!map || map->kind != FOB_YAML_MAP)
        return;
    for (const struct fob_yaml *node = map->children; node; node = node->next) {
        const struct fob_field *field = fob_fields_find(&fob_metadata_table, node->key);
        if (!field || field->format != FOB_FORMAT_ENDPOINT || node->kind != FOB_YAML_TEXT)
            continue;
        if (strchr(node->text, '{') || strcmp(node->key, "issuer") == 0 ||
            strcmp(node->key, "authorization_endpoint") == 0)
            continue;
        if (!fob_url_host_allowed(node->text, &check->d->hosts))
            fob_problem(check->problems, FOB_PROBLEM_ERROR, node->mark, "add its host to \"hosts\"",
                        "the host of \"%s\" is not among \"hosts\"", node->key);
    }
}

static bool hosts_are_plain(const struct fob_strings *hosts)
{
    for (size_t i = 0; i < hosts->n; i++)
        if (strchr(hosts->v[i], '{'))
            return false;
    return hosts->n > 0;
}

static void check_all_hosts(struct check *check)
{
    const struct fob_yaml *environments = fob_yaml_get(check->root, "environments");
    if (!hosts_are_plain(&check->d->hosts))
        return;
    check_hosts(check, check->root);
    for (const struct fob_yaml *node = environments ? environments->children : NULL; node; node = node->next)
        check_hosts(check, node);
}

void fob_rules_check(const struct fob_descriptor *descriptor, const struct fob_yaml *root, bool advice,
                     struct fob_problems *problems)
{
    struct check check = {.d = descriptor, .root = root, .problems = problems, .advise = advice};
    const struct fob_yaml *authorize = fob_yaml_get(root, "authorize");
    check_token_endpoint(&check);
    check_templates(&check, &fob_language, root);
    for (size_t i = 0; i < descriptor->n_variables; i++)
        check_variable(&check, &descriptor->variables[i]);
    for (size_t i = 0; i < descriptor->n_environments; i++)
        check_environment(&check, &descriptor->environments[i]);
    if (descriptor->authorize.pkce != FOB_PKCE_S256 && !fob_yaml_get(authorize, "pkce_reason"))
        bad(&check, fob_yaml_get(authorize, "pkce"), "add pkce_reason: why the provider cannot do S256",
            "PKCE is weakened without a reason");
    check_all_hosts(&check);
    if (!descriptor->docs)
        advise(&check, root ? root->mark : (struct fob_mark){1, 1},
               "add docs: the page of the provider's documentation",
               "no docs link: nobody can check this file");
}
