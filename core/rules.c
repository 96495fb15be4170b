/* SPDX-License-Identifier: MIT */
/* The rules between the keys of a descriptor, and a reviewer's advice. */
#include "rules.h"
#include "advice.h"
#include "language.h"
#include "names.h"
#include "pattern.h"
#include "rule.h"
#include "template.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <string.h>

struct check {
    const struct fob_descriptor *d;
    const struct fob_yaml *root;
    struct fob_problems *problems;
    bool advise;
    bool used[FOB_MAX_VARIABLES];

    /* the template that is being looked at */
    const struct fob_field *field;
    const struct fob_yaml *node;
    const char *expression;
};

static void bad(struct check *check, const struct fob_yaml *node, const char *fix, const char *what)
{
    struct fob_mark at = node ? node->mark : (struct fob_mark){1, 1, NULL};
    fob_problem(check->problems, FOB_PROBLEM_ERROR, at, fix, "%s", what);
}

static void advise(struct check *check, struct fob_mark at, const char *fix, const char *what)
{
    if (check->advise)
        fob_problem(check->problems, FOB_PROBLEM_WARNING, at, fix, "%s", what);
}

/* --- templates ---------------------------------------------------------------------------------------------- */

static bool in_host(const char *template, const char *at)
{
    const char *start = strstr(template, "://");
    start = start && start < at ? start + 3 : template;
    return at < start + strcspn(start, "/?");
}

static void unknown_name(struct check *check, const struct fob_expression_name *name, const char *fix,
                         const char *why)
{
    fob_problem(check->problems, FOB_PROBLEM_ERROR, check->node->mark, fix, "{%.*s} %s", (int)name->len,
                name->text, why);
}

static void secret_in_url(struct check *check, const struct fob_expression_name *name)
{
    fob_problem(check->problems, FOB_PROBLEM_ERROR, check->node->mark,
                "send it in the params or headers of a request, or hash it",
                "the secret {%.*s} would stand in a URL that a person's browser or a log shows",
                (int)name->len, name->text);
}

static void check_variable_name(struct check *check, const struct fob_expression_name *name,
                                const struct fob_variable_rule *variable)
{
    bool is_url = check->field->format != FOB_FORMAT_TEMPLATE;
    check->used[variable - check->d->variables] = true;
    if (variable->is_secret && !name->hashed && (is_url || check->field->exposed))
        secret_in_url(check, name);
    if (is_url && !variable->pattern && !variable->choices.n && in_host(check->node->text, name->text))
        advise(check, check->node->mark,
               "give the variable a pattern or choices, so that a typing error is seen at once",
               "a variable without a pattern is part of a host name");
}

static void check_name(void *user, const struct fob_expression_name *name)
{
    struct check *check = user;
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
        (check->field->format != FOB_FORMAT_TEMPLATE || check->field->exposed))
        secret_in_url(check, name);
    if (known->is_declared &&
        !known->is_declared(check->d, name->text + strlen(known->name), name->len - strlen(known->name)))
        unknown_name(check, name, known->fix, "is not declared in this descriptor");
}

/* One with variables is checked when they have values. */
static void check_url(struct check *check, const struct fob_field *field, const struct fob_yaml *node)
{
    struct fob_error error;
    bool page = field->format == FOB_FORMAT_PAGE;
    if (fob_url_check(node->text, node->key ? node->key : "it", page, FOB_E_DESCRIPTOR, &error) != FOB_OK)
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->mark, error.fix, "%s", error.what);
}

static void check_template(struct check *check, const struct fob_field *field, const struct fob_yaml *node)
{
    const char *rest = node->text;
    struct fob_piece piece;
    if (node->kind != FOB_YAML_TEXT)
        return;
    check->field = field;
    check->node = node;
    while (fob_template_next(&rest, &piece)) {
        if (!piece.is_expression)
            continue;
        const char *problem = fob_expression_problem(piece.text, piece.len, check_name, check);
        if (problem)
            fob_problem(check->problems, FOB_PROBLEM_ERROR, node->mark, "see fob-descriptor(5), EXPRESSIONS",
                        "{%.*s}: %s", (int)piece.len, piece.text, problem);
    }
    if (field->format != FOB_FORMAT_ENDPOINT && field->format != FOB_FORMAT_PAGE)
        return;
    if (!strchr(node->text, '{'))
        check_url(check, field, node);
    if (node->text[0] == '{' && node->text[1] != '+')
        bad(check, node,
            "write a + behind the brace, like {+token_endpoint}: what it stands for is a URL already",
            "what the URL begins with would be percent-encoded");
    if (fob_starts_with(node->text, "http:"))
        advise(check, node->mark, "use https when it leaves this machine", "the endpoint is plain http");
}

static void check_templates(struct check *check, const struct fob_table *table, const struct fob_yaml *map);

static void check_field(struct check *check, const struct fob_field *field, const struct fob_yaml *node)
{
    bool is_template = field->format == FOB_FORMAT_ENDPOINT || field->format == FOB_FORMAT_PAGE ||
                       field->format == FOB_FORMAT_HOST || field->format == FOB_FORMAT_TEMPLATE;
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
    if (fob_name_find(variable->name, strlen(variable->name)))
        bad(check, node, "call it something else", "a variable has a name that fob itself fills in");
    if (variable->is_secret && variable->default_value)
        bad(check, fob_yaml_get(node, "default"), "remove the default", "a secret variable has a default");
    if (!check->used[variable - check->d->variables] && !check->d->plugin && !check->d->extends)
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
    if (d->metadata.token_endpoint || d->plugin || d->extends || fob_yaml_get(check->root, "token_endpoint"))
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
        if (!field || (field->format != FOB_FORMAT_ENDPOINT && field->format != FOB_FORMAT_PAGE) ||
            node->kind != FOB_YAML_TEXT)
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

/* --- requests ----------------------------------------------------------------------------------------------- */

/* Whether a template has a secret in it that is not hashed. */
struct secrets {
    const struct fob_descriptor *d;
    bool found;
};

static void note_secret(void *user, const struct fob_expression_name *name)
{
    struct secrets *secrets = user;
    bool is_secret = fob_name_is_secret(secrets->d, name->text, name->len);
    secrets->found = secrets->found || (is_secret && !name->hashed);
}

static bool holds_secret(const struct fob_descriptor *d, const char *template)
{
    struct secrets secrets = {.d = d};
    struct fob_piece piece;
    while (template && fob_template_next(&template, &piece))
        if (piece.is_expression)
            fob_expression_problem(piece.text, piece.len, note_secret, &secrets);
    return secrets.found;
}

/* A standard parameter that is one, or a parameter of the descriptor's own that holds one. */
static bool is_secret_param(const struct fob_descriptor *d, const struct fob_rule *rule, const char *param)
{
    static const char *const standard[] = {"client_secret", "code", "refresh_token", "client_assertion",
                                           "token"};
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (strcmp(fob_rule_rename(rule, &d->rename, standard[i]), param) == 0)
            return true;
    return holds_secret(d, fob_map_get(&rule->own->params, param)) ||
           (rule->base && holds_secret(d, fob_map_get(&rule->base->params, param)));
}

/* A token request always sends one; a revocation the token, unless the descriptor leaves it out. */
static bool sends_secret(const struct fob_descriptor *d, const struct fob_rule *rule)
{
    const struct fob_map *params = &rule->own->params;
    bool left_out = false;
    for (size_t i = 0; i < params->n; i++)
        left_out = left_out || (!params->v[i].value && rule->own == &d->revoke.request &&
                                strcmp(params->v[i].name, fob_rule_rename(rule, &d->rename, "token")) == 0);
    return !rule->is_api && !left_out;
}

static bool puts_secret_in_url(const struct fob_descriptor *d, const struct fob_rule *rule)
{
    const struct fob_request_rule *layers[] = {rule->own, rule->base};
    bool all = fob_rule_encoding(rule) == FOB_ENCODE_QUERY;
    bool found = all && sends_secret(d, rule);
    for (size_t n = 0; n < 2 && layers[n]; n++) {
        for (size_t i = 0; all && i < layers[n]->params.n; i++)
            found = found || holds_secret(d, layers[n]->params.v[i].value);
        for (size_t i = 0; i < layers[n]->place.n; i++)
            found = found || (strcmp(layers[n]->place.v[i].value, "query") == 0 &&
                              is_secret_param(d, rule, layers[n]->place.v[i].name));
    }
    return found;
}

/* What guards a flow is the flow's to set, under the name that the provider gives it too. rule NULL: authorize. */
static void check_renamed(struct check *check, const struct fob_field *field, const struct fob_yaml *node,
                          const struct fob_rule *rule)
{
    for (const char *const *guarded = field->guarded; *guarded; guarded++) {
        const char *renamed = rule ? fob_rule_rename(rule, &check->d->rename, *guarded)
                                   : fob_authorize_rename(check->d, *guarded);
        if (node->kind != FOB_YAML_NULL && strcmp(renamed, node->key) == 0 && strcmp(renamed, *guarded) != 0)
            fob_problem(check->problems, FOB_PROBLEM_ERROR, node->key_mark, "remove it: fob sets it itself",
                        "\"%s\" cannot be set in \"params\": it is what \"%s\" is called here", node->key,
                        *guarded);
    }
}

/* One way to say it: what has another name here is left out under that one. */
static void check_left_out(struct check *check, const struct fob_yaml *node, const struct fob_rule *rule)
{
    const char *renamed = rule ? fob_rule_rename(rule, &check->d->rename, node->key)
                               : fob_authorize_rename(check->d, node->key);
    if (node->kind == FOB_YAML_NULL && strcmp(renamed, node->key) != 0)
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->key_mark,
                    "leave it out under that name, or remove the line", "\"%s\" is called \"%s\" here",
                    node->key, renamed);
}

static void check_params(struct check *check, const struct fob_table *table, const struct fob_yaml *block,
                         const struct fob_rule *rule)
{
    const struct fob_yaml *params = fob_yaml_get(block, "params");
    if (!params || params->kind != FOB_YAML_MAP)
        return;
    for (const struct fob_yaml *node = params->children; node; node = node->next) {
        check_renamed(check, fob_fields_find(table, "params"), node, rule);
        check_left_out(check, node, rule);
    }
}

/* A request that presents the token has it in its URL where the API wants it there. */
static bool has_secret_in_url(const struct fob_descriptor *d, const struct fob_rule *rule)
{
    bool presents = rule->is_api && d->use.query && fob_rule_auth(rule) == FOB_AUTH_TOKEN;
    return presents || puts_secret_in_url(d, rule);
}

/* A reason in token is also that of the requests which start as its copy. */
static void check_reason(struct check *check, const struct fob_rule *rule, const struct fob_yaml *node)
{
    const struct fob_descriptor *d = check->d;
    struct fob_rule machine = fob_rule_of_grant(d, "client_credentials");
    struct fob_rule refresh = fob_rule_of_grant(d, "refresh_token");
    bool is_base = rule->own == &d->token;
    const struct fob_yaml *reason = fob_yaml_get(node, "secret_in_url");
    if (!reason || d->plugin || has_secret_in_url(d, rule) ||
        (is_base && (puts_secret_in_url(d, &machine) || puts_secret_in_url(d, &refresh))))
        return;
    advise(check, reason->mark, "remove it", "no secret stands in this URL, and none needs a reason");
}

static void check_request(struct check *check, struct fob_rule rule, const struct fob_yaml *node,
                          struct fob_mark at, const char *what)
{
    check_reason(check, &rule, node);
    if (!fob_rule_secret_in_url(&rule) && puts_secret_in_url(check->d, &rule))
        fob_problem(check->problems, FOB_PROBLEM_ERROR, at,
                    "send it in the body, or add secret_in_url: why the provider takes it in no other way",
                    "a secret would stand in the URL of \"%s\", which logs may show", what);
}

static void check_block(struct check *check, const char *key, struct fob_rule rule)
{
    const struct fob_yaml *node = fob_yaml_get(check->root, key);
    if (!node)
        return;
    check_request(check, rule, node, node->mark, key);
    if (!rule.is_api)
        check_params(check, &fob_request_table, node, &rule);
}

static void bad_step(struct check *check, const struct fob_step_rule *step, const char *fix, const char *what)
{
    fob_problem(check->problems, FOB_PROBLEM_ERROR, step->mark, fix, "the step \"%s\" %s", step->name, what);
}

static void check_step(struct check *check, const struct fob_step_rule *step, const struct fob_yaml *node)
{
    struct fob_rule rule = {&step->request, NULL, true};
    bool before = step->when == FOB_WHEN_BEFORE;
    if (!step->request.endpoint)
        bad_step(check, step, "add endpoint: where it is sent", "has no endpoint");
    if (step->choose.id && step->when > FOB_WHEN_PERSON)
        bad_step(check, step, "leave when out", "lets a person choose, who is there at the login only");
    if (step->choose.id && step->replaces)
        bad_step(check, step, "leave one of them out", "cannot replace the token with what a person chooses");
    if (before && step->replaces)
        bad_step(check, step, "leave replaces or when out", "replaces a token before there is one");
    if (before && fob_rule_auth(&rule) == FOB_AUTH_TOKEN)
        bad_step(check, step, "set its auth, like none", "presents a token before there is one");
    check_request(check, rule, node, step->mark, step->name);
}

static bool is_step(const struct fob_descriptor *d, const char *name)
{
    for (size_t i = 0; i < d->n_steps; i++)
        if (strcmp(d->steps[i].name, name) == 0)
            return true;
    return false;
}

static bool has_userinfo(const struct fob_descriptor *d)
{
    bool found = d->metadata.userinfo_endpoint || d->userinfo.endpoint || d->plugin || d->extends;
    for (size_t i = 0; i < d->n_environments; i++)
        found = found || d->environments[i].metadata.userinfo_endpoint;
    return found;
}

static void check_identity(struct check *check)
{
    static const char *const places[] = {"token", "id_token", "userinfo", "kept"};
    const struct fob_descriptor *d = check->d;
    const struct fob_yaml *node = fob_yaml_get(fob_yaml_get(check->root, "identity"), "from");
    bool known = !node || !d->identity.from || is_step(d, d->identity.from);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        known = known || strcmp(d->identity.from, places[i]) == 0;
    if (!known)
        bad(check, node, "name a step, or one of token, id_token, userinfo and kept",
            "nothing tells whose token it is under that name");
    if (node && d->identity.from && strcmp(d->identity.from, "userinfo") == 0 && !has_userinfo(d))
        bad(check, node, "add userinfo_endpoint", "there is no userinfo_endpoint that could tell it");
}

static void check_requests(struct check *check)
{
    const struct fob_descriptor *d = check->d;
    const struct fob_yaml *steps = fob_yaml_get(check->root, "steps");
    check_block(check, "token", fob_rule_of_grant(d, "authorization_code"));
    check_block(check, "client_credentials", fob_rule_of_grant(d, "client_credentials"));
    check_block(check, "refresh", fob_rule_of_grant(d, "refresh_token"));
    check_block(check, "userinfo", (struct fob_rule){&d->userinfo, NULL, true});
    check_block(check, "verify", (struct fob_rule){&d->verify, NULL, true});
    check_block(check, "revoke", (struct fob_rule){&d->revoke.request, NULL, false});
    for (size_t i = 0; i < d->n_steps; i++)
        check_step(check, &d->steps[i], fob_yaml_get(steps, d->steps[i].name));
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
    if (descriptor->authorize.pkce > FOB_PKCE_S256 && !descriptor->authorize.pkce_reason)
        bad(&check, fob_yaml_get(authorize, "pkce"), "add pkce_reason: why the provider cannot do S256",
            "PKCE is weakened without a reason");
    if (descriptor->callback.state == FOB_STATE_RULE_NONE && !descriptor->callback.state_reason)
        bad(&check, fob_yaml_get(fob_yaml_get(root, "callback"), "state"),
            "add state_reason: why the provider does not send it back", "there is no state, and no reason");
    check_params(&check, &fob_authorize_table, authorize, NULL);
    check_requests(&check);
    check_identity(&check);
    check_all_hosts(&check);
    if (advice)
        fob_advise(descriptor, root, problems);
    if (!descriptor->docs)
        advise(&check, root ? root->mark : (struct fob_mark){1, 1, NULL},
               "add docs: the page of the provider's documentation",
               "no docs link: nobody can check this file");
}
