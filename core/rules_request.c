/* SPDX-License-Identifier: MIT */
/* The rules about requests: their parameters, secrets in their URLs, steps, and who tells whose token it is. */
#include "format.h"
#include "language.h"
#include "names.h"
#include "rule.h"
#include "rules.h"
#include "sent.h"
#include "template.h"
#include "text.h"

#include <string.h>

/* --- secrets in URLs ---------------------------------------------------------------------------------------- */

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
    bool left_out = rule->own == &d->revoke.request &&
                    fob_is_left_out(d, rule, fob_rule_rename(rule, &d->rename, "token"));
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

/* --- parameters --------------------------------------------------------------------------------------------- */

/* What guards a flow is the flow's to set, under the name that the provider gives it too. rule NULL: authorize. */
static void check_renamed(struct fob_check *check, const struct fob_field *field, const struct fob_yaml *node,
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
static void check_left_out(struct fob_check *check, const struct fob_yaml *node, const struct fob_rule *rule)
{
    const char *renamed = rule ? fob_rule_rename(rule, &check->d->rename, node->key)
                               : fob_authorize_rename(check->d, node->key);
    if (node->kind == FOB_YAML_NULL && strcmp(renamed, node->key) != 0)
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->key_mark,
                    "leave it out under that name, or remove the line", "\"%s\" is called \"%s\" here",
                    node->key, renamed);
}

/* Whether a step shows the provider the code, so that it is not lost when the token request does not. */
static bool has_step_with_code(const struct fob_check *check)
{
    const struct fob_descriptor *d = check->d;
    bool found = check->lacks_base;
    for (size_t i = 0; i < d->n_steps; i++)
        found = found || fob_map_sends(&d->steps[i].request.params, "code") ||
                fob_map_sends(&d->steps[i].request.headers, "code");
    return found;
}

/* The code is the flow's to send, whatever it is called: with the token request, or else in a step. */
static void check_code(struct fob_check *check, const struct fob_yaml *node, const struct fob_rule *rule)
{
    const char *renamed = fob_rule_rename(rule, &check->d->rename, "code"), *key = node->key;
    bool is_null = node->kind == FOB_YAML_NULL, is_code = fob_ascii_ieq(key, "code");
    bool has_code = rule->own == &check->d->token;
    if (!is_null && (is_code || strcmp(key, renamed) == 0))
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->key_mark,
                    "remove it: fob sets it itself; rename it if it is called otherwise",
                    "\"%s\" cannot be set in \"params\"%s", key,
                    is_code ? "" : ": it is what \"code\" is called here");
    else if (is_null && strcmp(key, renamed) == 0 && !(has_code && has_step_with_code(check)))
        fob_problem(check->problems, FOB_PROBLEM_ERROR, node->key_mark,
                    has_code ? "keep it, or send {code} in a step: the flow needs it"
                             : "remove it: none is sent here",
                    "\"%s\" cannot be left out in \"params\"", key);
}

static void check_params(struct fob_check *check, const struct fob_table *table, const struct fob_yaml *block,
                         const struct fob_rule *rule)
{
    const struct fob_yaml *params = fob_yaml_get(block, "params");
    if (!params || params->kind != FOB_YAML_MAP)
        return;
    for (const struct fob_yaml *node = params->children; node; node = node->next) {
        check_renamed(check, fob_fields_find(table, "params"), node, rule);
        check_left_out(check, node, rule);
        if (rule)
            check_code(check, node, rule);
    }
}

/* --- requests ----------------------------------------------------------------------------------------------- */

/* A request that presents the token has it in its URL where the API wants it there. */
static bool has_secret_in_url(const struct fob_descriptor *d, const struct fob_rule *rule)
{
    bool presents = rule->is_api && d->use.query && fob_rule_auth(rule) == FOB_AUTH_TOKEN;
    return presents || puts_secret_in_url(d, rule);
}

/* A reason in token is also that of the requests which start as its copy. */
static void check_reason(struct fob_check *check, const struct fob_rule *rule, const struct fob_yaml *node)
{
    const struct fob_descriptor *d = check->d;
    struct fob_rule machine = fob_rule_of_grant(d, "client_credentials");
    struct fob_rule refresh = fob_rule_of_grant(d, "refresh_token");
    bool is_base = rule->own == &d->token;
    const struct fob_yaml *reason = fob_yaml_get(node, "secret_in_url");
    if (!reason || d->plugin || has_secret_in_url(d, rule) ||
        (is_base && (puts_secret_in_url(d, &machine) || puts_secret_in_url(d, &refresh))))
        return;
    fob_check_advise(check, reason->mark, "remove it",
                     "no secret stands in this URL, and none needs a reason");
}

static void check_also(struct fob_check *check, const struct fob_yaml *node)
{
    const struct fob_yaml *also = fob_yaml_get(fob_yaml_get(node, "response"), "also");
    for (const struct fob_yaml *one = also ? also->children : NULL; one; one = one->next) {
        const struct fob_yaml *each = fob_yaml_get(one, "each"), *name = fob_yaml_get(one, "name");
        if (each && !name)
            fob_check_bad(check, each, "add name: where in an item its name is",
                          "tokens of a list need a name each");
        if (name && !each)
            fob_check_bad(check, name, "add each: where the list is, or remove it",
                          "one token alone is called what its block is called");
    }
}

static void check_request(struct fob_check *check, struct fob_rule rule, const struct fob_yaml *node,
                          struct fob_mark at, const char *what)
{
    check_also(check, node);
    check_reason(check, &rule, node);
    if (!fob_rule_secret_in_url(&rule) && puts_secret_in_url(check->d, &rule))
        fob_problem(check->problems, FOB_PROBLEM_ERROR, at,
                    "send it in the body, or add secret_in_url: why the provider takes it in no other way",
                    "a secret would stand in the URL of \"%s\", which logs may show", what);
}

static void check_block(struct fob_check *check, const char *key, struct fob_rule rule)
{
    const struct fob_yaml *node = fob_yaml_get(check->root, key);
    if (!node)
        return;
    check_request(check, rule, node, node->mark, key);
    if (!rule.is_api)
        check_params(check, &fob_request_table, node, &rule);
}

static void bad_step(struct fob_check *check, const struct fob_step_rule *step, const char *fix,
                     const char *what)
{
    fob_problem(check->problems, FOB_PROBLEM_ERROR, step->mark, fix, "the step \"%s\" %s", step->name, what);
}

static void check_step(struct fob_check *check, const struct fob_step_rule *step, const struct fob_yaml *node)
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

/* --- use ---------------------------------------------------------------------------------------------------- */

static void check_use(struct fob_check *check)
{
    const char *query = check->d->use.query;
    const struct fob_yaml *params = fob_yaml_get(fob_yaml_get(check->root, "use"), "params");
    const struct fob_yaml *node = query ? fob_yaml_get(params, query) : NULL;
    if (node)
        fob_check_bad(check, node, "remove one of them", "this query parameter carries the token");
}

/* --- identity ----------------------------------------------------------------------------------------------- */

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

/* A text is filled in at the end, when all that was kept is known. */
static void check_fact(struct fob_check *check, const char *key, const char *fact)
{
    const char *from = check->d->identity.from;
    if (fact && from && strcmp(from, "kept") != 0 && !fob_formats[FOB_FORMAT_SOURCE].check(fact))
        fob_check_bad(check, fob_yaml_get(fob_yaml_get(check->root, "identity"), key),
                      "keep the values under \"keep\", and add from: kept",
                      "a text is filled in from what was kept, and from says otherwise");
}

static void check_identity(struct fob_check *check)
{
    static const char *const places[] = {"token", "id_token", "userinfo", "kept"};
    const struct fob_descriptor *d = check->d;
    const struct fob_yaml *node = fob_yaml_get(fob_yaml_get(check->root, "identity"), "from");
    bool known = !node || !d->identity.from || is_step(d, d->identity.from);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        known = known || strcmp(d->identity.from, places[i]) == 0;
    if (!known)
        fob_check_bad(check, node, "name a step, or one of token, id_token, userinfo and kept",
                      "nothing tells whose token it is under that name");
    check_fact(check, "id", d->identity.id);
    check_fact(check, "label", d->identity.label);
    if (node && d->identity.from && strcmp(d->identity.from, "userinfo") == 0 && !has_userinfo(d))
        fob_check_bad(check, node, "add userinfo_endpoint",
                      "there is no userinfo_endpoint that could tell it");
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

/* Without a test of its own any answer would be a success that prolongs the token. A plugin may have one. */
static void check_prolonging(struct fob_check *check)
{
    const struct fob_descriptor *d = check->d;
    if (d->refresh.missing_access_token == FOB_MISSING_KEEP && !d->plugin &&
        !d->refresh.request.response.success.n && !d->token.response.success.n)
        fob_check_bad(check, fob_yaml_get(fob_yaml_get(check->root, "refresh"), "missing_access_token"),
                      "add response.success: what stands in an answer that is one",
                      "nothing tells a success from any other answer");
}

void fob_check_requests(struct fob_check *check)
{
    const struct fob_descriptor *d = check->d;
    const struct fob_yaml *steps = fob_yaml_get(check->root, "steps");
    check_params(check, &fob_authorize_table, fob_yaml_get(check->root, "authorize"), NULL);
    check_block(check, "token", fob_rule_of_grant(d, "authorization_code"));
    check_block(check, "client_credentials", fob_rule_of_grant(d, "client_credentials"));
    check_block(check, "refresh", fob_rule_of_grant(d, "refresh_token"));
    check_prolonging(check);
    check_block(check, "userinfo", (struct fob_rule){&d->userinfo, NULL, true});
    check_block(check, "verify", (struct fob_rule){&d->verify, NULL, true});
    check_block(check, "revoke", (struct fob_rule){&d->revoke.request, NULL, false});
    for (size_t i = 0; i < d->n_steps; i++)
        check_step(check, &d->steps[i], fob_yaml_get(steps, d->steps[i].name));
    check_use(check);
    check_identity(check);
}
