/* SPDX-License-Identifier: MIT */
/* What comes back by the browser (RFC 6749 section 4.1.2): whether it is ours, what went wrong, the code, what is kept. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "format.h"
#include "pattern.h"
#include "text.h"

#include <fob/limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const struct fob_callback_rule *rule_of(const fob_flow *flow)
{
    return &flow->binding.provider->d.callback;
}

/* A field's name: as the block says, else as the parameter is renamed in the authorization request. */
static const char *name_of(const fob_flow *flow, const char *given, const char *standard)
{
    return strcmp(given, standard) != 0 ? given : fob_authorize_rename(&flow->binding.provider->d, standard);
}

/* --- is it ours --------------------------------------------------------------------------------------------- */

static bool has_our_state(const fob_flow *flow, const struct fob_redirect *redirect)
{
    const char *state, *name = name_of(flow, rule_of(flow)->fields.state, "state");
    if (rule_of(flow)->state == FOB_STATE_RULE_NONE)
        return true;
    return fob_redirect_find(redirect, name, &state) == 1 && strlen(state) == flow->csrf.len &&
           sodium_memcmp(state, flow->csrf.data, flow->csrf.len) == 0;
}

/* RFC 9207 section 2.4: compared as strings. */
static fob_err check_iss(const fob_flow *flow, const struct fob_redirect *redirect, struct fob_error *error)
{
    fob_auto_free char *issuer = NULL;
    const char *iss;
    size_t times = fob_redirect_find(redirect, rule_of(flow)->fields.iss, &iss);
    fob_err err = fob_binding_endpoint(&flow->binding, "issuer", &issuer, error);
    if (err != FOB_OK)
        return err;
    bool required = fob_binding_flag(&flow->binding, "authorization_response_iss_parameter_supported");
    if (times > 1 || (times == 1 && issuer && strcmp(iss, issuer) != 0))
        return fob_fail(error, FOB_E_SECURITY, "start the login again, and do not follow links to it",
                        "the redirect names another issuer than %s", flow->binding.provider->d.id);
    if (times == 0 && required)
        return fob_fail(error, FOB_E_SECURITY, "start the login again",
                        "the redirect does not name its issuer, though %s always does",
                        flow->binding.provider->d.id);
    return FOB_OK;
}

/* A signature, the tenant: what the descriptor says that fields have to equal. */
static fob_err check_required(fob_flow *flow, struct fob_error *error)
{
    const struct fob_map *require = &rule_of(flow)->require;
    for (size_t i = 0; i < require->n; i++) {
        fob_auto_buf wanted = FOB_BUF((size_t)FOB_MAX_REDIRECT);
        const char *given;
        bool missing = false;
        fob_err err = fob_flow_fill(flow, require->v[i].value, false, &wanted, &missing, error);
        if (err != FOB_OK)
            return err;
        size_t times = fob_redirect_find(&flow->callback, require->v[i].name, &given);
        if (missing || times != 1 || strlen(given) != wanted.len ||
            sodium_memcmp(given, wanted.data, wanted.len) != 0)
            return fob_fail(error, FOB_E_SECURITY, "start the login again, and do not follow links to it",
                            "the redirect's \"%s\" is not what it has to be", require->v[i].name);
    }
    return FOB_OK;
}

/* --- refusals (RFC 6749 section 4.1.2.1) -------------------------------------------------------------------- */

static const struct {
    const char *word;
    fob_err code;
    const char *fix;
} known[] = {
    {"access_denied", FOB_E_DENIED, "log in again and allow the access"},
    {"server_error", FOB_E_SERVER, "try again later"},
    {"temporarily_unavailable", FOB_E_SERVER, "try again later"},
    {"unauthorized_client", FOB_E_CLIENT, "check the application's registration at the provider"},
    {"invalid_scope", FOB_E_PROVIDER, "ask for other scopes"},
};

/* The provider's own words first, by what the descriptor says they mean. */
static fob_err meaning(const fob_flow *flow, const char *word, const char **ret_fix)
{
    static const struct {
        const char *class, *word;
    } classes[] = {{"denied", "access_denied"},
                   {"retry", "server_error"},
                   {"rate_limited", "server_error"},
                   {"config", "unauthorized_client"},
                   {"dead", "access_denied"}};
    const char *class = fob_map_get(&rule_of(flow)->errors, word);
    for (size_t i = 0; class && i < sizeof classes / sizeof *classes; i++)
        if (strcmp(classes[i].class, class) == 0)
            word = classes[i].word;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].word, word) == 0) {
            *ret_fix = known[i].fix;
            return known[i].code;
        }
    }
    return FOB_E_PROVIDER;
}

static fob_err refused(const fob_flow *flow, const struct fob_redirect *redirect, const char *word,
                       struct fob_error *error)
{
    const char *fix = NULL, *given = NULL;
    char printable[64], description[200];
    fob_err code = meaning(flow, word, &fix);
    fob_redirect_find(redirect, rule_of(flow)->fields.error_description, &given);
    word = fob_hook_secret_in(&flow->call, word) ? "" : word;
    given = fob_hook_secret_in(&flow->call, given) ? NULL : given;
    fob_printable(printable, sizeof printable, word, strlen(word));
    fob_printable(description, sizeof description, given, given ? strlen(given) : 0);
    fob_fail(error, code, fix, "the login was refused: %s%s%s", printable, *description ? ": " : "",
             description);
    if (error)
        snprintf(error->oauth_error, sizeof error->oauth_error, "%s", printable);
    return code;
}

/* --- what it brings ----------------------------------------------------------------------------------------- */

static fob_err take_code(fob_flow *flow, const char *code, struct fob_error *error)
{
    flow->code = FOB_BUF((size_t)FOB_MAX_REDIRECT);
    if (!rule_of(flow)->code_is_encoded)
        fob_buf_str(&flow->code, code);
    else if (!fob_form_decode(&flow->code, code, strlen(code)) && flow->code.failed == FOB_OK)
        return fob_fail(error, FOB_E_PROTOCOL, "start the login again", "the code cannot be decoded");
    return fob_buf_finish(&flow->code, "the code", error);
}

/* False when there is nothing; what there was no memory for is kept in out. */
static bool point_into(const char *text, const char *pointer, struct fob_buf *out)
{
    fob_auto_json *json = NULL;
    if (fob_json_value(text, strlen(text), &json, NULL) == FOB_E_MEMORY)
        out->failed = FOB_E_MEMORY;
    return json ? fob_json_scalar(fob_json_point(json, pointer), out) : out->failed != FOB_OK;
}

/* It will stand in URLs and header fields, where a line break is an attack. */
static bool is_line(const struct fob_buf *value)
{
    return fob_utf8_valid(value->data, value->len) && fob_formats[FOB_FORMAT_VALUE].check(value->data);
}

static fob_err keep_field(fob_flow *flow, const struct fob_keep_rule *rule, struct fob_error *error)
{
    fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_SCALAR);
    const char *given;
    bool matches;
    if (fob_redirect_find(&flow->callback, rule->from, &given) != 1)
        return FOB_OK;
    if (!rule->pointer)
        fob_buf_str(&value, given);
    else if (!point_into(given, rule->pointer, &value))
        return FOB_OK;
    fob_err err = fob_buf_finish(&value, "a field of the redirect", error);
    matches = err == FOB_OK && is_line(&value);
    if (matches && rule->pattern)
        err = fob_pattern_match(rule->pattern, value.data, &matches, error);
    if (err == FOB_OK && !matches)
        err = fob_fail(error, FOB_E_SECURITY, "start the login again, and do not follow links to it",
                       "the redirect's \"%s\" is not what it can be", rule->from);
    if (err == FOB_OK)
        fob_kept_set(&flow->kept, rule->name, value.data, rule->is_secret);
    return err;
}

static fob_err take_all(fob_flow *flow, const char *code, struct fob_error *error)
{
    fob_err err = take_code(flow, code, error);
    for (size_t i = 0; i < rule_of(flow)->n_keep && err == FOB_OK; i++)
        err = keep_field(flow, &rule_of(flow)->keep[i], error);
    return err == FOB_OK && flow->kept.values.failed != FOB_OK ? fob_no_memory(error) : err;
}

static fob_err look_at(fob_flow *flow, struct fob_error *error)
{
    const struct fob_callback_fields *fields = &rule_of(flow)->fields;
    const struct fob_redirect *redirect = &flow->callback;
    const char *word, *code;
    size_t errors = fob_redirect_find(redirect, fields->error, &word);
    size_t codes = fob_redirect_find(redirect, name_of(flow, fields->code, "code"), &code);
    if (errors == 1 && (codes == 0 || (codes == 1 && !*code))) /* some send the other field along, empty */
        return refused(flow, redirect, word, error);
    if (errors || codes > 1)
        return fob_fail(error, FOB_E_PROTOCOL, "start the login again",
                        "the redirect holds more than one answer");
    if (codes == 0 || !*code)
        return fob_fail(error, FOB_E_PROTOCOL, "start the login again", "the redirect holds no code");
    return take_all(flow, code, error);
}

fob_err fob_flow_take_callback(fob_flow *flow, const struct fob_redirect *redirect, bool *ret_ignored,
                               struct fob_error *error)
{
    if (!has_our_state(flow, redirect))
        return fob_fail(error, FOB_E_SECURITY, "finish the login in the browser window that was opened",
                        "a redirect came that does not belong to this login");
    *ret_ignored = false;
    fob_redirect_free(&flow->callback);
    fob_err err = fob_redirect_copy(redirect, &flow->callback, error);
    if (err == FOB_OK)
        err = check_required(flow, error);
    /* Without a state, one that is not signed as it has to be may be anybody's. */
    *ret_ignored = err == FOB_E_SECURITY && rule_of(flow)->state == FOB_STATE_RULE_NONE;
    if (err == FOB_OK)
        err = check_iss(flow, redirect, error);
    return err == FOB_OK ? look_at(flow, error) : err;
}
