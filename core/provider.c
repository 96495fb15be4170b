/* SPDX-License-Identifier: MIT */
/* Providers: reading a descriptor, freezing it, and what can be asked of it. */
#include "cleanup.h"
#include "error.h"
#include "inherit.h"
#include "language.h"
#include "rule.h"
#include "rules.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

/* --- looking into a descriptor ------------------------------------------------------------------------------ */

const struct fob_environment_rule *fob_descriptor_environment(const struct fob_descriptor *descriptor,
                                                              const char *name)
{
    for (size_t i = 0; i < descriptor->n_environments; i++)
        if (strcmp(descriptor->environments[i].name, name) == 0)
            return &descriptor->environments[i];
    return NULL;
}

const struct fob_variable_rule *fob_descriptor_variable(const struct fob_descriptor *descriptor,
                                                        const char *name, size_t len)
{
    for (size_t i = 0; i < descriptor->n_variables; i++) {
        const char *known = descriptor->variables[i].name;
        if (strlen(known) == len && memcmp(known, name, len) == 0)
            return &descriptor->variables[i];
    }
    return NULL;
}

/* --- reading ------------------------------------------------------------------------------------------------ */

static const char *base_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash ? slash + 1 : file;
}

/* "acme" for "providers/acme.yaml" and "plugins/acme.so"; *ret stays where the name says nothing. False: no memory. */
static bool id_of_file(const char *file, char **ret)
{
    const char *base = base_name(file), *dot = strrchr(base, '.');
    if (!dot || (strcmp(dot, ".yaml") != 0 && strcmp(dot, ".so") != 0))
        return true;
    *ret = fob_strndup(base, (size_t)(dot - base));
    return *ret != NULL;
}

/* The name as near as an id can be to it: small letters, and - for what no id has. */
static void propose_id(const char *named, char id[FOB_MAX_ID + 1])
{
    size_t n = 0;
    for (size_t step; *named && n < FOB_MAX_ID; named += step) {
        char c = *named >= 'A' && *named <= 'Z' ? (char)(*named - 'A' + 'a') : *named;
        step = fob_utf8_char(named, strlen(named));
        step = step ? step : 1;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            id[n++] = c;
        else if (n && id[n - 1] != '-')
            id[n++] = '-';
    }
    n -= n && id[n - 1] == '-';
    id[n] = '\0';
}

static void no_id(const char *named, struct fob_mark at, struct fob_problems *problems)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    char id[FOB_MAX_ID + 1] = "", fix[2 * FOB_MAX_ID + 64];
    const char *odd = named ? named + strspn(named, good) : "";
    size_t len = fob_utf8_char(odd, strlen(odd));
    if (named)
        propose_id(named, id);
    snprintf(fix, sizeof fix, "name the file %s.yaml, or add id: %s", *id ? id : "acme-mail",
             *id ? id : "acme-mail");
    if (*odd && len)
        fob_problem(problems, FOB_PROBLEM_ERROR, at, fix,
                    "the provider has no id: the file's name holds a \"%.*s\", and an id has a-z, 0-9 and -",
                    (int)len, odd);
    else
        fob_problem(problems, FOB_PROBLEM_ERROR, at, fix, "the provider has no id");
}

static void settle_id(struct fob_descriptor *d, const struct fob_yaml *root, struct fob_problems *problems)
{
    const struct fob_yaml *given = fob_yaml_get(root, "id");
    fob_auto_free char *named = NULL;
    if (!id_of_file(problems->file, &named)) {
        fob_problems_no_memory(problems);
        return;
    }
    if (d->id && named && strcmp(d->id, named) != 0)
        fob_problem(problems, FOB_PROBLEM_ERROR, given->mark, "rename the file or leave the id out",
                    "the id is \"%s\", but the file is called \"%s\"", d->id, base_name(problems->file));
    if (given || d->id)
        return;
    if (named && fob_is_id(named, FOB_MAX_ID))
        d->id = fob_steal(&named);
    else
        no_id(named, root ? root->mark : (struct fob_mark){1, 1, NULL}, problems);
}

enum reading { FOR_USE, WHOLE, WITH_ADVICE };

/*
 * Notes, sources and tests stand last as a rule, and are nearly half of a file: whoever wants a token is spared them.
 * A head that cannot be read says nothing yet: the whole file does.
 */
static fob_err read_tree(const char *text, size_t len, const char *file, enum reading reading,
                         struct fob_yaml **ret_root, struct fob_error *error)
{
    static const char *const for_people[] = {"sources", "tests", "x-", NULL};
    size_t head = reading == FOR_USE ? fob_yaml_head(text, len, for_people) : len;
    fob_err err = fob_yaml_read(text, head, file, ret_root, error);
    if (err == FOB_E_DESCRIPTOR && head < len)
        err = fob_yaml_read(text, len, file, ret_root, error);
    return err;
}

static void read_descriptor(struct fob_descriptor *d, const char *text, size_t len, struct fob_bases *bases,
                            enum reading reading, struct fob_problems *problems)
{
    struct fob_yaml *root = NULL;
    struct fob_error error;
    if (read_tree(text, len, problems->file, reading, &root, &error) != FOB_OK) {
        fob_problems_end(problems, &error);
        return;
    }
    if (root && root->kind != FOB_YAML_MAP) {
        fob_problem(problems, FOB_PROBLEM_ERROR, root->mark, "begin with the line \"fob: 1\"",
                    "a descriptor has to be a block of keys, not %s", fob_yaml_kind_word(root->kind));
    } else {
        fob_inherit(&root, bases, problems);
        fob_fields_read(&fob_language, root, d, problems);
        if (!problems->ended)
            settle_id(d, root, problems);
        if (!problems->ended)
            fob_rules_check(d, root, d->extends && bases->n == 0, reading == WITH_ADVICE, problems);
    }
    fob_yaml_free(&root);
}

static char *join(const struct fob_strings *list)
{
    struct fob_buf out = FOB_BUF((size_t)FOB_MAX_DESCRIPTOR);
    for (size_t i = 0; i < list->n; i++) {
        if (i)
            fob_buf_char(&out, ' ');
        fob_buf_str(&out, list->v[i]);
    }
    return fob_buf_finish(&out, "a list", NULL) == FOB_OK ? fob_buf_steal(&out) : NULL;
}

/* Lists are shown as text: made once, so that what is given out lives as long as the provider. */
static bool freeze(fob_provider *provider)
{
    struct fob_descriptor *d = &provider->d;
    _Static_assert(FOB_MAX_METADATA >= 27, "a slot for each row");
    for (size_t i = 0; i < fob_metadata_table.n_fields; i++) {
        const struct fob_field *field = &fob_metadata_table.fields[i];
        const char *member = (const char *)&d->metadata + field->offset;
        const struct fob_strings *list = (const void *)member;
        if (field->kind == FOB_FIELD_LIST && list->n && !(provider->metadata_text[i] = join(list)))
            return false;
    }
    if (!d->name)
        d->name = fob_strdup(d->id);
    return d->name != NULL;
}

fob_err fob_provider_read(const char *text, size_t len, const char *file, struct fob_bases *bases,
                          fob_provider **ret_provider, struct fob_error *error)
{
    struct fob_bases none = {0};
    struct fob_problems problems = {.file = file, .language = &fob_language, .code = FOB_E_DESCRIPTOR};
    fob_auto_provider *provider = calloc(1, sizeof *provider);
    if (!provider || !(provider->file = fob_strdup(file)))
        return fob_no_memory(error);
    provider->refs = 1;
    read_descriptor(&provider->d, text, len, bases ? bases : &none, bases ? FOR_USE : WHOLE, &problems);
    if (problems.first.code != FOB_OK) {
        if (error)
            *error = problems.first;
        return problems.first.code;
    }
    if (!provider->d.id || !freeze(provider))
        return fob_no_memory(error);
    *ret_provider = fob_steal(&provider);
    return FOB_OK;
}

fob_err fob_provider_parse(const char *text, size_t len, const char *file, fob_provider **ret_provider,
                           struct fob_error *error)
{
    fob_auto_provider *provider = NULL;
    if (!text || !file || !ret_provider)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "a descriptor needs a text and the name of a file");
    fob_err err = fob_provider_read(text, len, file, NULL, &provider, error);
    if (err != FOB_OK)
        return err;
    if (provider->d.extends) {
        fob_fail(error, FOB_E_DESCRIPTOR, "look the provider up by its id, so that the other is found",
                 "the descriptor extends \"%s\"", provider->d.extends);
        return fob_fail_at(error, FOB_E_DESCRIPTOR, file, 0, 0);
    }
    if (provider->d.plugin) {
        fob_fail(error, FOB_E_PLUGIN, "look the provider up by its id, so that the plugin is found",
                 "the descriptor needs the plugin \"%s\"", provider->d.plugin);
        return fob_fail_at(error, FOB_E_PLUGIN, file, 0, 0);
    }
    *ret_provider = fob_steal(&provider);
    return FOB_OK;
}

fob_err fob_provider_check(const char *text, size_t len, const char *file, struct fob_bases *bases,
                           fob_problem_fn *report, void *user, struct fob_error *error)
{
    struct fob_problems problems = {
        .file = file, .language = &fob_language, .code = FOB_E_DESCRIPTOR, .report = report, .user = user};
    struct fob_descriptor d = {0};
    if (!text || !file)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "a descriptor needs a text and the name of a file");
    read_descriptor(&d, text, len, bases, WITH_ADVICE, &problems);
    fob_fields_free(&fob_language, &d);
    if (problems.first.code != FOB_OK && error)
        *error = problems.first;
    return problems.first.code;
}

fob_err fob_provider_lint(const char *text, size_t len, const char *file, fob_problem_fn *report, void *user,
                          struct fob_error *error)
{
    struct fob_bases none = {0};
    return fob_provider_check(text, len, file, &none, report, user, error);
}

/* --- references --------------------------------------------------------------------------------------------- */

fob_provider *fob_provider_ref(fob_provider *provider)
{
    if (provider)
        __atomic_add_fetch(&provider->refs, 1, __ATOMIC_RELAXED);
    return provider;
}

void fob_provider_unref(fob_provider **provider)
{
    fob_provider *old = provider ? fob_steal(provider) : NULL;
    if (!old || __atomic_sub_fetch(&old->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    fob_fields_free(&fob_language, &old->d);
    for (size_t i = 0; i < FOB_MAX_METADATA; i++)
        free(old->metadata_text[i]);
    free(old->file);
    free(old);
}

/* --- what can be asked -------------------------------------------------------------------------------------- */

const char *fob_provider_id(const fob_provider *provider)
{
    return provider->d.id;
}

const char *fob_provider_name(const fob_provider *provider)
{
    return provider->d.name;
}

const char *fob_provider_docs(const fob_provider *provider)
{
    return provider->d.docs ? provider->d.docs : "";
}

const char *fob_provider_file(const fob_provider *provider)
{
    return provider->file;
}

const char *fob_provider_metadata(const fob_provider *provider, const char *name)
{
    const struct fob_field *field = name ? fob_fields_find(&fob_metadata_table, name) : NULL;
    if (!field)
        return NULL;
    const void *member = (const char *)&provider->d.metadata + field->offset;
    if (field->kind == FOB_FIELD_TEXT)
        return *(char *const *)member;
    if (field->kind == FOB_FIELD_LIST)
        return provider->metadata_text[field - fob_metadata_table.fields];
    return *(const bool *)member ? "true" : NULL;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

fob_err fob_provider_variable(const fob_provider *provider, size_t n, struct fob_variable *ret)
{
    if (!provider || !ret || ret->size == 0)
        return FOB_E_ARGUMENT;
    if (n >= provider->d.n_variables)
        return FOB_E_NOT_FOUND;
    const struct fob_variable_rule *rule = &provider->d.variables[n];
    struct fob_variable full = {.size = ret->size,
                                .name = rule->name,
                                .doc = or_empty(rule->doc),
                                .example = or_empty(rule->example),
                                .pattern = or_empty(rule->pattern),
                                .default_value = or_empty(rule->default_value),
                                .is_secret = rule->is_secret,
                                .is_optional = rule->is_optional};
    memcpy(ret, &full, ret->size < sizeof full ? ret->size : sizeof full);
    return FOB_OK;
}

const char *fob_provider_environment(const fob_provider *provider, size_t n, const char **ret_doc)
{
    if (n >= provider->d.n_environments)
        return NULL;
    if (ret_doc)
        *ret_doc = or_empty(provider->d.environments[n].doc);
    return provider->d.environments[n].name;
}

bool fob_descriptor_has_endpoint(const struct fob_descriptor *d, size_t offset)
{
    const char *metadata = (const char *)&d->metadata;
    bool found = *(char *const *)(const void *)(metadata + offset) != NULL || d->plugin;
    for (size_t i = 0; i < d->n_environments && !found; i++) {
        metadata = (const char *)&d->environments[i].metadata;
        found = *(char *const *)(const void *)(metadata + offset) != NULL;
    }
    return found;
}

int fob_provider_supports(const fob_provider *provider, const char *grant_type)
{
    const struct fob_strings *given = &provider->d.metadata.grant_types_supported;
    bool is_code = strcmp(grant_type, "authorization_code") == 0;
    if (!is_code && strcmp(grant_type, "client_credentials") != 0 && strcmp(grant_type, "refresh_token") != 0)
        return 0;
    bool listed = given->n == 0 || fob_strings_have(given, grant_type);
    return listed &&
           fob_descriptor_has_endpoint(&provider->d, offsetof(struct fob_metadata, token_endpoint)) &&
           (!is_code ||
            fob_descriptor_has_endpoint(&provider->d, offsetof(struct fob_metadata, authorization_endpoint)));
}
