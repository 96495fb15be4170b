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

static bool is_choice(const struct fob_map *choices, const char *value)
{
    for (size_t i = 0; i < choices->n; i++)
        if (strcmp(choices->v[i].name, value) == 0)
            return true;
    return false;
}

static fob_err refuse(const struct fob_variable_rule *rule, const char *value, const char *fix,
                      struct fob_error *error)
{
    if (rule->is_secret)
        return fob_fail(error, FOB_E_CONFIG, fix, "the variable \"%s\" has a value that cannot be right",
                        rule->name);
    return fob_fail(error, FOB_E_CONFIG, fix, "the variable \"%s\" cannot be \"%.80s\"", rule->name, value);
}

static fob_err check_choice(const struct fob_variable_rule *rule, const char *value, struct fob_error *error)
{
    char fix[256] = "";
    size_t used = 0;
    if (is_choice(&rule->choices, value))
        return FOB_OK;
    for (size_t i = 0; i < rule->choices.n && used < sizeof fix; i++)
        used += (size_t)snprintf(fix + used, sizeof fix - used, "%s%s",
                                 i ? ", " : "it is one of: ", rule->choices.v[i].name);
    return refuse(rule, value, fix, error);
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
    if (rule->choices.n)
        return check_choice(rule, value, error);
    if (is_line && matches)
        return FOB_OK;
    snprintf(fix, sizeof fix, "it has to match %s%s%s", rule->pattern ? rule->pattern : "one line of text",
             rule->example ? ", like " : "", rule->example ? rule->example : "");
    return refuse(rule, value, fix, error);
}

/* What people paste along with the value is taken off: https:// before it, the rest of the host and a / behind it. */
static char *trimmed(const struct fob_variable_rule *rule, const char *value)
{
    size_t len = strlen(value), prefix = rule->prefix ? strlen(rule->prefix) : 0;
    size_t suffix = rule->suffix ? strlen(rule->suffix) : 0;
    if (prefix && fob_starts_with(value, rule->prefix)) {
        value += prefix;
        len -= prefix;
    }
    while ((prefix || suffix) && len && value[len - 1] == '/')
        len--;
    if (suffix && len > suffix && memcmp(value + len - suffix, rule->suffix, suffix) == 0)
        len -= suffix;
    return fob_strndup(value, len);
}

static fob_err bind_variable(struct fob_binding *binding, const struct fob_variable_rule *rule,
                             const struct fob_pair *given, size_t n_given, struct fob_error *error)
{
    const char *value = find_value(given, n_given, rule->name);
    if (!value && binding->environment)
        value = find_value(binding->environment->variables.v, binding->environment->variables.n, rule->name);
    if (!value)
        value = rule->default_value;
    if (!value && rule->is_optional)
        return FOB_OK;
    if (!value)
        return missing(rule, binding->provider, error);
    fob_auto_free char *own = trimmed(rule, value);
    if (!own)
        return fob_no_memory(error);
    fob_err err = check_value(rule, own, error);
    if (err == FOB_OK)
        fob_pairs_set(&binding->variables, rule->name, own);
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
    fob_err err = fob_binding_expand(binding, template, true, NULL, &host, NULL, error);
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
    return template && strcmp(field->key, "issuer") == 0 ? NULL : template;
}

/* What has no variables was checked when the descriptor was read. */
static bool is_constant(const char *template)
{
    return strchr(template, '{') == NULL;
}

static fob_err check_endpoint(const struct fob_binding *binding, const char *name, const char *template,
                              struct fob_error *error)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_URL);
    fob_err err = fob_binding_expand(binding, template, true, NULL, &text, NULL, error);
    return err == FOB_OK ? fob_url_check(text.data, name, false, FOB_E_CONFIG, error) : err;
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

static bool same_host(const struct fob_url *a, const struct fob_url *b)
{
    return a->host.len == b->host.len && strncasecmp(a->host.at, b->host.at, a->host.len) == 0;
}

/* The host of a request's own endpoint, unless it hangs on what is only learnt on the way: that has to be in `hosts`. */
static fob_err is_host_of(const struct fob_binding *binding, const char *template, const struct fob_url *url,
                          bool *ret)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_URL);
    struct fob_url own;
    bool missing = false;
    if (!template || *ret)
        return FOB_OK;
    fob_err err = fob_binding_expand(binding, template, true, NULL, &text, &missing, NULL);
    if (err != FOB_OK || missing)
        return err == FOB_E_MEMORY ? err : FOB_OK;
    *ret = fob_url_read(text.data, "it", false, FOB_E_CONFIG, &own, NULL) == FOB_OK && same_host(&own, url);
    return FOB_OK;
}

static fob_err is_endpoint_host(const struct fob_binding *binding, const struct fob_url *url, bool *ret)
{
    fob_err err = FOB_OK;
    for (size_t i = 0; i < fob_metadata_table.n_fields && err == FOB_OK; i++)
        err = is_host_of(binding, secret_endpoint(binding, &fob_metadata_table.fields[i]), url, ret);
    return err;
}

static fob_err is_request_host(const struct fob_binding *binding, const struct fob_url *url, bool *ret)
{
    const struct fob_descriptor *d = &binding->provider->d;
    const char *const endpoints[] = {d->token.endpoint,           d->client_credentials.endpoint,
                                     d->refresh.request.endpoint, d->userinfo.endpoint,
                                     d->verify.endpoint,          d->revoke.request.endpoint};
    fob_err err = FOB_OK;
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints && err == FOB_OK; i++)
        err = is_host_of(binding, endpoints[i], url, ret);
    for (size_t i = 0; i < d->n_steps && err == FOB_OK; i++)
        err = is_host_of(binding, d->steps[i].request.endpoint, url, ret);
    return err;
}

/* Without `hosts`: exactly the hosts written in the file. Errors: FOB_E_MEMORY. */
static fob_err is_allowed_host(const struct fob_binding *binding, const struct fob_url *url, bool *ret)
{
    *ret = binding->hosts.n && fob_url_host_in(url, &binding->hosts);
    fob_err err = binding->hosts.n ? FOB_OK : is_endpoint_host(binding, url, ret);
    return err != FOB_OK || binding->hosts.n ? err : is_request_host(binding, url, ret);
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
                         const char *client_id, const struct fob_pair *given, size_t n_given,
                         struct fob_error *error)
{
    struct fob_binding binding = {.provider = fob_provider_ref(provider), .client_id = client_id};
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

struct names {
    const struct fob_binding *binding;
    const struct fob_expression_env *env;
};

static const char *look_up(void *user, const char *name)
{
    const struct names *names = user;
    const char *value = fob_pairs_get(&names->binding->variables, name);
    if (!value && strcmp(name, "environment") == 0 && names->binding->environment)
        value = names->binding->environment->name;
    if (!value && strcmp(name, "client_id") == 0)
        value = names->binding->client_id;
    return value || !names->env ? value : names->env->look_up(names->env->user, name);
}

fob_err fob_binding_expand(const struct fob_binding *binding, const char *template, bool percent,
                           const struct fob_expression_env *env, struct fob_buf *out, bool *ret_missing,
                           struct fob_error *error)
{
    struct names names = {binding, env};
    struct fob_expression_env both = env ? *env : (struct fob_expression_env){0};
    bool missing = false;
    both.look_up = look_up;
    both.user = &names;
    fob_err err = fob_template_fill(template, percent, &both, out, &missing, error);
    if (err == FOB_OK && missing && !ret_missing)
        return fob_fail(error, FOB_E_CONFIG, "log in again; if it stays, check the descriptor",
                        "something in \"%.120s\" has no value", template);
    if (err == FOB_OK && missing)
        *ret_missing = true;
    return err;
}

fob_err fob_binding_check_url(const struct fob_binding *binding, const char *url, const char *what,
                              bool allow_fragment, fob_err code, struct fob_error *error)
{
    struct fob_url parsed;
    bool allowed;
    fob_err err = fob_url_read(url, what, allow_fragment, code, &parsed, error);
    if (err != FOB_OK)
        return err;
    if (is_allowed_host(binding, &parsed, &allowed) != FOB_OK)
        return fob_no_memory(error);
    if (!allowed)
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
    fob_err err = fob_binding_expand(binding, template, true, NULL, &url, NULL, error);
    if (err == FOB_OK && !is_page && !is_name && binding->hosts.n)
        err = fob_binding_check_url(binding, url.data, name, false, FOB_E_CONFIG, error);
    else if (err == FOB_OK && !is_name && !is_constant(template))
        err = fob_url_check(url.data, name, is_page, FOB_E_CONFIG, error);
    if (err != FOB_OK)
        return err;
    *ret_url = fob_buf_steal(&url);
    return FOB_OK;
}
