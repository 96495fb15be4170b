/* SPDX-License-Identifier: MIT */
/* Filling in the blanks of a provider: environment, variables, and the hosts that follow from them. */
#include "binding.h"
#include "cleanup.h"
#include "error.h"
#include "fields.h"
#include "language.h"
#include "pattern.h"
#include "template.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <string.h>

/* --- variables ---------------------------------------------------------------------------------------------- */

static const char *find_value(const struct fob_pair *v, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].name, name) == 0)
            return v[i].value;
    return NULL;
}

static fob_err missing(const struct fob_variable_rule *rule, const fob_provider *provider,
                       struct fob_error *error)
{
    char fix[200];
    snprintf(fix, sizeof fix, "give %s=%s%s%s%s", rule->name, rule->example ? rule->example : "VALUE",
             rule->doc ? " (" : "", rule->doc ? rule->doc : "", rule->doc ? ")" : "");
    return fob_fail(error, FOB_E_CONFIG, fix, "%s needs the variable \"%s\"", provider->d.id, rule->name);
}

static fob_err check_value(const struct fob_variable_rule *rule, const char *value, struct fob_error *error)
{
    char fix[300];
    bool matches = true;
    bool is_line = fob_formats[FOB_FORMAT_VALUE].check(value) && strlen(value) <= FOB_MAX_SCALAR &&
                   fob_utf8_valid(value, strlen(value));
    if (is_line && rule->pattern) {
        fob_err err = fob_pattern_match(rule->pattern, value, &matches, error);
        if (err != FOB_OK)
            return err;
    }
    if (is_line && matches)
        return FOB_OK;
    snprintf(fix, sizeof fix, "it has to match %s%s%s", rule->pattern ? rule->pattern : "one line of text",
             rule->example ? ", like " : "", rule->example ? rule->example : "");
    if (rule->is_secret)
        return fob_fail(error, FOB_E_CONFIG, fix, "the variable \"%s\" has a value that cannot be right",
                        rule->name);
    return fob_fail(error, FOB_E_CONFIG, fix, "the variable \"%s\" cannot be \"%.80s\"", rule->name, value);
}

static fob_err bind_variable(struct fob_binding *binding, const struct fob_variable_rule *rule,
                             const struct fob_pair *given, size_t n_given, struct fob_error *error)
{
    const char *value = find_value(given, n_given, rule->name);
    if (!value && binding->environment)
        value = find_value(binding->environment->variables.v, binding->environment->variables.n, rule->name);
    if (!value)
        value = rule->default_value;
    if (!value)
        return missing(rule, binding->provider, error);
    fob_err err = check_value(rule, value, error);
    if (err == FOB_OK)
        fob_pairs_set(&binding->variables, rule->name, value);
    return err;
}

static fob_err bind_variables(struct fob_binding *binding, const struct fob_pair *given, size_t n_given,
                              struct fob_error *error)
{
    const struct fob_descriptor *d = &binding->provider->d;
    for (size_t i = 0; i < n_given; i++)
        if (!fob_descriptor_variable(d, given[i].name, strlen(given[i].name)))
            return fob_fail(error, FOB_E_CONFIG, "see `fob providers ID` for those it has",
                            "%s has no variable \"%.64s\"", d->id, given[i].name);
    for (size_t i = 0; i < d->n_variables; i++) {
        fob_err err = bind_variable(binding, &d->variables[i], given, n_given, error);
        if (err != FOB_OK)
            return err;
    }
    return binding->variables.failed == FOB_OK ? FOB_OK : fob_no_memory(error);
}

static fob_err bind_environment(struct fob_binding *binding, const char *name, struct fob_error *error)
{
    const struct fob_descriptor *d = &binding->provider->d;
    char fix[200] = "it has none: leave the environment out";
    if (!name || !*name)
        return FOB_OK;
    binding->environment = fob_descriptor_environment(d, name);
    if (binding->environment)
        return FOB_OK;
    for (size_t i = 0; i < d->n_environments; i++) {
        size_t used = i ? strlen(fix) : 0;
        snprintf(fix + used, sizeof fix - used, "%s%s", i ? ", " : "it has: ", d->environments[i].name);
    }
    return fob_fail(error, FOB_E_CONFIG, fix, "%s has no environment \"%.64s\"", d->id, name);
}

/* --- metadata ----------------------------------------------------------------------------------------------- */

/* The environment's member where it gives one, else the provider's. */
static const void *member(const struct fob_binding *binding, const struct fob_field *field)
{
    const char *own = (const char *)&binding->provider->d.metadata + field->offset;
    if (!binding->environment)
        return own;
    const void *here = (const char *)&binding->environment->metadata + field->offset;
    bool given = field->kind == FOB_FIELD_TEXT   ? *(char *const *)here != NULL
                 : field->kind == FOB_FIELD_LIST ? ((const struct fob_strings *)here)->n > 0
                                                 : *(const bool *)here;
    return given ? here : own;
}

static const void *find_member(const struct fob_binding *binding, const char *name, enum fob_field_kind kind)
{
    const struct fob_field *field = fob_fields_find(&fob_metadata_table, name);
    return field && field->kind == kind ? member(binding, field) : NULL;
}

const char *fob_binding_metadata(const struct fob_binding *binding, const char *name)
{
    const void *at = find_member(binding, name, FOB_FIELD_TEXT);
    return at ? *(char *const *)at : NULL;
}

const struct fob_strings *fob_binding_list(const struct fob_binding *binding, const char *name)
{
    return find_member(binding, name, FOB_FIELD_LIST);
}

bool fob_binding_flag(const struct fob_binding *binding, const char *name)
{
    const bool *at = find_member(binding, name, FOB_FIELD_BOOL);
    return at && *at;
}

/* --- hosts -------------------------------------------------------------------------------------------------- */

static fob_err add_host(struct fob_strings *hosts, const char *host, size_t len, struct fob_error *error)
{
    char **v = realloc(hosts->v, (hosts->n + 1) * sizeof *v);
    if (!v)
        return fob_no_memory(error);
    hosts->v = v;
    hosts->v[hosts->n] = fob_strndup(host, len);
    if (!hosts->v[hosts->n])
        return fob_no_memory(error);
    hosts->n++;
    return FOB_OK;
}

static fob_err add_given_host(struct fob_binding *binding, const char *template, struct fob_error *error)
{
    fob_auto_buf host = FOB_BUF((size_t)FOB_MAX_HOST);
    fob_err err = fob_binding_expand(binding, template, true, NULL, NULL, &host, error);
    if (err != FOB_OK)
        return err;
    if (strchr(host.data, '%') || !fob_formats[FOB_FORMAT_HOST].check(host.data))
        return fob_fail(error, FOB_E_CONFIG, "check the variables in it", "\"%.80s\" is not a host name",
                        host.data);
    return add_host(&binding->hosts, host.data, host.len, error);
}

/* The endpoint in that field, when tokens and secrets go there: to all but the page for the person. */
static const char *secret_endpoint(const struct fob_binding *binding, const struct fob_field *field)
{
    const char *template = NULL;
    if (field->format == FOB_FORMAT_ENDPOINT)
        template = *(char *const *)member(binding, field);
    bool is_for_people =
        template && (strcmp(field->key, "authorization_endpoint") == 0 || strcmp(field->key, "issuer") == 0);
    return is_for_people ? NULL : template;
}

/* What has no variables was checked when the descriptor was read. */
static bool is_constant(const char *template)
{
    return strchr(template, '{') == NULL;
}

static fob_err read_endpoint(const struct fob_binding *binding, const char *name, const char *template,
                             struct fob_buf *text, struct fob_url *ret, struct fob_error *error)
{
    fob_err err = fob_binding_expand(binding, template, true, NULL, NULL, text, error);
    return err == FOB_OK ? fob_url_read(text->data, name, false, FOB_E_CONFIG, ret, error) : err;
}

static fob_err check_endpoint(const struct fob_binding *binding, const char *name, const char *template,
                              struct fob_error *error)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_URL);
    struct fob_url url;
    return read_endpoint(binding, name, template, &text, &url, error);
}

/* Values that do not fit are told before the person is asked to log in. */
static fob_err check_endpoints(const struct fob_binding *binding, struct fob_error *error)
{
    fob_err err = FOB_OK;
    if (binding->provider->d.n_variables == 0)
        return FOB_OK;
    for (size_t i = 0; i < fob_metadata_table.n_fields && err == FOB_OK; i++) {
        const struct fob_field *field = &fob_metadata_table.fields[i];
        const char *template = secret_endpoint(binding, field);
        if (template && !is_constant(template))
            err = check_endpoint(binding, field->key, template, error);
    }
    return err;
}

static bool is_host_of(const struct fob_binding *binding, const char *name, const char *template,
                       const struct fob_url *url)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_URL);
    struct fob_url own;
    return read_endpoint(binding, name, template, &text, &own, NULL) == FOB_OK &&
           url->host.len == own.host.len && strncasecmp(url->host.at, own.host.at, own.host.len) == 0;
}

static bool is_endpoint_host(const struct fob_binding *binding, const struct fob_url *url)
{
    for (size_t i = 0; i < fob_metadata_table.n_fields; i++) {
        const struct fob_field *field = &fob_metadata_table.fields[i];
        const char *template = secret_endpoint(binding, field);
        if (template && is_host_of(binding, field->key, template, url))
            return true;
    }
    return false;
}

static fob_err bind_hosts(struct fob_binding *binding, struct fob_error *error)
{
    const struct fob_strings *given = &binding->provider->d.hosts;
    fob_err err = given->n ? FOB_OK : check_endpoints(binding, error);
    for (size_t i = 0; i < given->n && err == FOB_OK; i++)
        err = add_given_host(binding, given->v[i], error);
    return err;
}

/* --- the binding -------------------------------------------------------------------------------------------- */

fob_err fob_binding_init(struct fob_binding *ret, fob_provider *provider, const char *environment,
                         const struct fob_pair *given, size_t n_given, struct fob_error *error)
{
    struct fob_binding binding = {.provider = fob_provider_ref(provider)};
    fob_err err = bind_environment(&binding, environment, error);
    if (err == FOB_OK)
        err = bind_variables(&binding, given, n_given, error);
    if (err == FOB_OK)
        err = bind_hosts(&binding, error);
    if (err == FOB_OK)
        *ret = binding;
    else
        fob_binding_free(&binding);
    return err;
}

void fob_binding_free(struct fob_binding *binding)
{
    for (size_t i = 0; i < binding->hosts.n; i++)
        free(binding->hosts.v[i]);
    free(binding->hosts.v);
    fob_pairs_free(&binding->variables);
    fob_provider_unref(&binding->provider);
    *binding = (struct fob_binding){0};
}

static const char *look_up(const struct fob_binding *binding, const struct fob_piece *piece,
                           fob_lookup_fn *lookup, const void *user)
{
    char name[FOB_MAX_ID + 1];
    if (piece->len > FOB_MAX_ID)
        return NULL;
    memcpy(name, piece->text, piece->len);
    name[piece->len] = '\0';
    const char *value = fob_pairs_get(&binding->variables, name);
    return value || !lookup ? value : lookup(user, name);
}

fob_err fob_binding_expand(const struct fob_binding *binding, const char *template, bool percent,
                           fob_lookup_fn *lookup, const void *user, struct fob_buf *out,
                           struct fob_error *error)
{
    struct fob_piece piece;
    while (fob_template_next(&template, &piece)) {
        const char *value = piece.is_name ? look_up(binding, &piece, lookup, user) : NULL;
        if (piece.is_name && !value)
            return fob_fail(error, FOB_E_DESCRIPTOR, "declare it under \"variables\"",
                            "nothing is known to fill in {%.*s}", (int)piece.len, piece.text);
        if (!piece.is_name)
            fob_buf_add(out, piece.text, piece.len);
        else if (percent && !piece.plus)
            fob_percent_encode(out, value, strlen(value));
        else
            fob_buf_str(out, value);
    }
    return fob_buf_finish(out, "a value with its variables filled in", error);
}

fob_err fob_binding_check_url(const struct fob_binding *binding, const char *url, const char *what,
                              bool allow_fragment, fob_err code, struct fob_error *error)
{
    struct fob_url parsed;
    fob_err err = fob_url_read(url, what, allow_fragment, code, &parsed, error);
    if (err != FOB_OK)
        return err;
    if (!(binding->hosts.n ? fob_url_host_in(&parsed, &binding->hosts) : is_endpoint_host(binding, &parsed)))
        return fob_fail(error, code, "add the host to \"hosts\" in the descriptor if it belongs there",
                        "%s of %s is on a host that no token or secret may be sent to", what,
                        binding->provider->d.id);
    return FOB_OK;
}

fob_err fob_binding_endpoint(const struct fob_binding *binding, const char *name, char **ret_url,
                             struct fob_error *error)
{
    const char *template = fob_binding_metadata(binding, name);
    fob_auto_buf url = FOB_BUF((size_t)FOB_MAX_URL);
    bool is_page = strcmp(name, "authorization_endpoint") == 0, is_name = strcmp(name, "issuer") == 0;
    if (!template) {
        *ret_url = NULL;
        return FOB_OK;
    }
    fob_err err = fob_binding_expand(binding, template, true, NULL, NULL, &url, error);
    if (err == FOB_OK && !is_page && !is_name && binding->hosts.n)
        err = fob_binding_check_url(binding, url.data, name, false, FOB_E_CONFIG, error);
    else if (err == FOB_OK && !is_name && !is_constant(template))
        err = fob_url_check(url.data, name, false, FOB_E_CONFIG, error);
    if (err != FOB_OK)
        return err;
    *ret_url = fob_buf_steal(&url);
    return FOB_OK;
}
