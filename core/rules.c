/* SPDX-License-Identifier: MIT */
/* The rules between the keys of a descriptor: templates, variables, endpoints; requests have a file of their own. */
#include "rules.h"
#include "advice.h"
#include "language.h"
#include "names.h"
#include "pattern.h"
#include "rules_sent.h"
#include "template.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <string.h>

void fob_check_bad(struct fob_check *check, const struct fob_yaml *node, const char *fix, const char *what)
{
    struct fob_mark at = node ? node->mark : (struct fob_mark){1, 1, NULL};
    fob_problem(check->problems, FOB_PROBLEM_ERROR, at, fix, "%s", what);
}

void fob_check_advise(struct fob_check *check, struct fob_mark at, const char *fix, const char *what)
{
    if (check->advise)
        fob_problem(check->problems, FOB_PROBLEM_WARNING, at, fix, "%s", what);
}

/* --- templates ---------------------------------------------------------------------------------------------- */

/* Whether what is filled in at `at` may be of the host: nothing that ends one is written down before it. */
static bool in_host(const char *template, const char *at)
{
    struct fob_piece piece;
    while (fob_template_next(&template, &piece) && piece.text + piece.len <= at) {
        const char *scheme = memmem(piece.text, piece.len, "://", 3);
        const char *text = scheme ? scheme + 3 : piece.text, *end = piece.text + piece.len;
        for (; !piece.is_expression && text < end; text++)
            if (strchr("/?#", *text))
                return false;
    }
    return true;
}

static void unknown_name(struct fob_check *check, const struct fob_expression_name *name, const char *fix,
                         const char *why)
{
    fob_problem(check->problems, FOB_PROBLEM_ERROR, check->node->mark, fix, "{%.*s} %s", (int)name->len,
                name->text, why);
}

static bool is_url(const struct fob_field *field)
{
    return field->format == FOB_FORMAT_ENDPOINT || field->format == FOB_FORMAT_PAGE ||
           field->format == FOB_FORMAT_HOST;
}

static void secret_is_shown(struct fob_check *check, const struct fob_expression_name *name)
{
    fob_problem(check->problems, FOB_PROBLEM_ERROR, check->node->mark,
                "send it in the params or headers of a request, or hash it",
                check->field->format == FOB_FORMAT_FACT
                    ? "the secret {%.*s} would stand in what everybody is shown"
                    : "the secret {%.*s} would stand in a URL that a person's browser or a log shows",
                (int)name->len, name->text);
}

static void check_variable_name(struct fob_check *check, const struct fob_expression_name *name,
                                const struct fob_variable_rule *variable)
{
    bool shows = is_url(check->field) || check->field->exposed;
    check->used[variable - check->d->variables] = true;
    if (variable->is_secret && !name->hashed && shows)
        secret_is_shown(check, name);
    if (is_url(check->field) && !variable->pattern && !variable->choices.n &&
        in_host(check->node->text, name->text))
        fob_check_advise(check, check->node->mark,
                         "give the variable a pattern or choices, so that a typing error is seen at once",
                         "a variable without a pattern is part of a host name");
}

/* Whoever logs in chooses it: it decides on no host, and adds nothing to a URL but itself. */
static void check_client_id(struct fob_check *check, const struct fob_expression_name *name)
{
    if (!is_url(check->field))
        return;
    if (in_host(check->node->text, name->text))
        unknown_name(check, name, "declare a variable with a pattern", "cannot be a part of the host");
    else if (check->plus)
        unknown_name(check, name, "leave the + out", "has to be percent-encoded in a URL");
}

static void check_name(void *user, const struct fob_expression_name *name)
{
    struct fob_check *check = user;
    const struct fob_variable_rule *variable = fob_descriptor_variable(check->d, name->text, name->len);
    if (variable) {
        check_variable_name(check, name, variable);
        return;
    }
    const struct fob_known_name *known = fob_name_find(name->text, name->len);
    if (!known && !memchr(name->text, '.', name->len)) {
        unknown_name(check, name, "declare it under \"variables\"", "is not a variable of this descriptor");
        return;
    }
    if (!known || !(known->groups & check->field->names)) {
        unknown_name(check, name, "see fob-descriptor(5), EXPRESSIONS", "has no value here");
        return;
    }
    if (fob_name_is_secret(check->d, name->text, name->len) && !name->hashed &&
        (is_url(check->field) || check->field->exposed))
        secret_is_shown(check, name);
    if (known->is_declared &&
        !known->is_declared(check->d, name->text + strlen(known->name), name->len - strlen(known->name)))
        unknown_name(check, name, known->fix, "is not declared in this descriptor");
    if (strcmp(known->name, "client_id") == 0)
        check_client_id(check, name);
}

/* One that is no URL was told of when it was read. */
static bool has_form(const struct fob_field *field, const struct fob_yaml *node)
{
    return fob_formats[field->format].check(node->text);
}

/* One with variables is checked when they have values. */
static void check_url(struct fob_check *check, const struct fob_field *field, const struct fob_yaml *node)
{
    struct fob_error error;
    bool page = field->format == FOB_FORMAT_PAGE;
    if (fob_url_check(node->text, node->key ? node->key : "it", page, FOB_E_DESCRIPTOR, &error) != FOB_OK)
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->mark, error.fix, "%s", error.what);
}

static void check_template(struct fob_check *check, const struct fob_field *field,
                           const struct fob_yaml *node)
{
    const char *rest = node->text;
    struct fob_piece piece;
    if (node->kind != FOB_YAML_TEXT ||
        (field->format == FOB_FORMAT_FACT && fob_formats[FOB_FORMAT_SOURCE].check(node->text)))
        return;
    check->field = field;
    check->node = node;
    while (fob_template_next(&rest, &piece)) {
        if (!piece.is_expression)
            continue;
        check->plus = piece.plus;
        const char *problem = fob_expression_problem(piece.text, piece.len, check_name, check);
        if (problem)
            fob_problem(check->problems, FOB_PROBLEM_ERROR, node->mark, "see fob-descriptor(5), EXPRESSIONS",
                        "{%.*s}: %s", (int)piece.len, piece.text, problem);
    }
    if (field->format != FOB_FORMAT_ENDPOINT && field->format != FOB_FORMAT_PAGE)
        return;
    if (!strchr(node->text, '{') && has_form(field, node))
        check_url(check, field, node);
    if (node->text[0] == '{' && node->text[1] != '+')
        fob_check_bad(
            check, node,
            "write a + behind the brace, like {+token_endpoint}: what it stands for is a URL already",
            "what the URL begins with would be percent-encoded");
    if (fob_starts_with(node->text, "http:"))
        fob_check_advise(check, node->mark, "use https when it leaves this machine",
                         "the endpoint is plain http");
}

static void check_templates(struct fob_check *check, const struct fob_table *table,
                            const struct fob_yaml *map);

static void check_field(struct fob_check *check, const struct fob_field *field, const struct fob_yaml *node)
{
    bool is_template =
        is_url(field) || field->format == FOB_FORMAT_TEMPLATE || field->format == FOB_FORMAT_FACT;
    if (field->kind == FOB_FIELD_BLOCK)
        check_templates(check, field->table, node);
    else if (field->kind == FOB_FIELD_BLOCKS || field->kind == FOB_FIELD_ITEMS)
        for (const struct fob_yaml *item = node->children; item; item = item->next)
            check_templates(check, field->table, item);
    else if (is_template && field->kind == FOB_FIELD_TEXT)
        check_template(check, field, node);
    else if (is_template)
        for (const struct fob_yaml *item = node->children; item; item = item->next)
            check_template(check, field, item);
}

static void check_templates(struct fob_check *check, const struct fob_table *table,
                            const struct fob_yaml *map)
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

static void check_value(struct fob_check *check, const struct fob_variable_rule *variable,
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

static void check_variable(struct fob_check *check, const struct fob_variable_rule *variable)
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
    if (fob_name_find(variable->name, strlen(variable->name)))
        fob_check_bad(check, node, "call it something else",
                      "a variable has a name that fob itself fills in");
    if (variable->is_secret && variable->default_value)
        fob_check_bad(check, fob_yaml_get(node, "default"), "remove the default",
                      "a secret variable has a default");
    if (!check->used[variable - check->d->variables] && !check->d->plugin && !check->d->extends)
        fob_check_advise(check, variable->mark, "use it as {name}, or remove it",
                         "nothing uses this variable");
    if (!variable->doc)
        fob_check_advise(check, variable->mark, "add doc: what it is and where a person finds it",
                         "this variable is not explained");
}

static void check_environment(struct fob_check *check, const struct fob_environment_rule *environment)
{
    const struct fob_yaml *all = fob_yaml_get(check->root, "environments");
    const struct fob_yaml *values = fob_yaml_get(fob_yaml_get(all, environment->name), "variables");
    if (!values || values->kind != FOB_YAML_MAP)
        return;
    for (const struct fob_yaml *node = values->children; node; node = node->next) {
        const struct fob_variable_rule *variable =
            fob_descriptor_variable(check->d, node->key, strlen(node->key));
        if (variable && variable->is_secret)
            fob_check_bad(check, node, "remove it: who logs in gives it",
                          "a secret variable has a value in the descriptor");
        else if (variable)
            check_value(check, variable, node, node->text);
        else
            fob_problem(check->problems, FOB_PROBLEM_ERROR, node->key_mark, "declare it under \"variables\"",
                        "\"%s\" is not a variable of this descriptor", node->key);
    }
}

/* --- endpoints ---------------------------------------------------------------------------------------------- */

static void check_token_endpoint(struct fob_check *check)
{
    const struct fob_descriptor *d = check->d;
    if (d->metadata.token_endpoint || d->plugin || d->extends || fob_yaml_get(check->root, "token_endpoint"))
        return;
    const struct fob_yaml *environments = fob_yaml_get(check->root, "environments");
    bool everywhere = environments && environments->children;
    for (const struct fob_yaml *node = everywhere ? environments->children : NULL; node; node = node->next)
        everywhere = everywhere && fob_yaml_get(node, "token_endpoint");
    if (!everywhere)
        fob_check_bad(check, check->root, "token_endpoint: https://acme.example/oauth/token",
                      "the key \"token_endpoint\" is missing");
}

/* An endpoint with variables is held to `hosts` when they have values. */
static void check_hosts(struct fob_check *check, const struct fob_yaml *map)
{
    if (!map || map->kind != FOB_YAML_MAP)
        return;
    for (const struct fob_yaml *node = map->children; node; node = node->next) {
        const struct fob_field *field = fob_fields_find(&fob_metadata_table, node->key);
        if (!field || (field->format != FOB_FORMAT_ENDPOINT && field->format != FOB_FORMAT_PAGE) ||
            node->kind != FOB_YAML_TEXT)
            continue;
        if (strchr(node->text, '{') || strcmp(node->key, "issuer") == 0 ||
            strcmp(node->key, "authorization_endpoint") == 0 || !has_form(field, node))
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

static void check_all_hosts(struct fob_check *check)
{
    if (!hosts_are_plain(&check->d->hosts))
        return;
    for (const struct fob_yaml *map = NULL; (map = fob_metadata_next(check->root, map));)
        check_hosts(check, map);
}

void fob_rules_check(const struct fob_descriptor *descriptor, const struct fob_yaml *root, bool lacks_base,
                     bool advise, struct fob_problems *problems)
{
    struct fob_check check = {
        .d = descriptor, .root = root, .problems = problems, .lacks_base = lacks_base, .advise = advise};
    const struct fob_yaml *authorize = fob_yaml_get(root, "authorize");
    const struct fob_yaml *iss = fob_yaml_get(fob_yaml_get(fob_yaml_get(root, "callback"), "fields"), "iss");
    check_token_endpoint(&check);
    check_templates(&check, &fob_language, root);
    for (size_t i = 0; i < descriptor->n_variables; i++)
        check_variable(&check, &descriptor->variables[i]);
    for (size_t i = 0; i < descriptor->n_environments; i++)
        check_environment(&check, &descriptor->environments[i]);
    if (descriptor->authorize.pkce > FOB_PKCE_S256 && !descriptor->authorize.pkce_reason)
        fob_check_bad(&check, fob_yaml_get(authorize, "pkce"),
                      "add pkce_reason: why the provider cannot do S256",
                      "PKCE is weakened without a reason");
    if (descriptor->callback.state == FOB_STATE_RULE_NONE && !descriptor->callback.state_reason)
        fob_check_bad(&check, fob_yaml_get(fob_yaml_get(root, "callback"), "state"),
                      "add state_reason: why the provider does not send it back",
                      "there is no state, and no reason");
    if (strcmp(descriptor->callback.fields.iss, "iss") != 0 && descriptor->metadata.issuer)
        fob_check_advise(&check, iss ? iss->mark : (struct fob_mark){1, 1, NULL},
                         "remove it: RFC 9207 has one name for it",
                         "the issuer in the callback goes unchecked");
    fob_check_requests(&check);
    fob_rules_sent(descriptor, root, problems);
    check_all_hosts(&check);
    if (advise)
        fob_advise(descriptor, root, problems);
    if (!descriptor->docs)
        fob_check_advise(&check, root ? root->mark : (struct fob_mark){1, 1, NULL},
                         "add docs: the page of the provider's documentation",
                         "no docs link: nobody can check this file");
}
