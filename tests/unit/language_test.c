/* SPDX-License-Identifier: MIT */
/* The descriptor language knows the RFC's names, has safe defaults and limits, and gives good examples. */
#include "cleanup.h"
#include "descriptor.h"
#include "language.h"
#include "rule.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define TWO_URLS                                                                                             \
    "fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\n"
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static fob_err parse(const char *text, fob_provider **ret, struct fob_error *error)
{
    return fob_provider_parse(text, strlen(text), "acme.yaml", ret, error);
}

static void expect(fob_err code, const char *text, const char *says)
{
    fob_auto_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(parse(text, &provider, &error), code, "%.300s: %s", text, error.what);
    cr_expect(strstr(error.what, says), "%.300s: %s", text, error.what);
}

Test(language, the_metadata_has_the_names_of_rfc_8414_section_2)
{
    static const char *const names[] = {"issuer",
                                        "authorization_endpoint",
                                        "token_endpoint",
                                        "jwks_uri",
                                        "registration_endpoint",
                                        "scopes_supported",
                                        "response_types_supported",
                                        "response_modes_supported",
                                        "grant_types_supported",
                                        "token_endpoint_auth_methods_supported",
                                        "token_endpoint_auth_signing_alg_values_supported",
                                        "service_documentation",
                                        "ui_locales_supported",
                                        "op_policy_uri",
                                        "op_tos_uri",
                                        "revocation_endpoint",
                                        "revocation_endpoint_auth_methods_supported",
                                        "introspection_endpoint",
                                        "introspection_endpoint_auth_methods_supported",
                                        "code_challenge_methods_supported"};
    for (size_t i = 0; i < COUNT(names); i++)
        cr_expect_not_null(fob_fields_find(&fob_metadata_table, names[i]), "%s", names[i]);
    cr_expect_leq(fob_metadata_table.n_fields, FOB_MAX_METADATA);
}

Test(language, what_is_left_out_is_what_the_rfcs_say)
{
    fob_auto_provider *provider = NULL;
    cr_assert_eq(parse(TWO_URLS, &provider, NULL), FOB_OK);
    const struct fob_descriptor *d = &provider->d;
    struct fob_rule rule = fob_rule_of_grant(d, "refresh_token");
    cr_expect_eq(d->authorize.pkce, FOB_PKCE_UNSET, "which is S256");
    cr_expect_str_eq(fob_rule_method(&rule), "POST");
    cr_expect_eq(fob_rule_encoding(&rule), FOB_ENCODE_FORM);
    cr_expect_eq(fob_rule_auth(&rule), FOB_AUTH_UNSET);
    cr_expect_str_eq(d->use.header, "Authorization");
    cr_expect_str_eq(d->use.scheme, "Bearer");
    cr_expect_str_eq(d->scopes.separator, " ");
    cr_expect_eq(d->hosts.n + d->scopes.always.n + d->scopes.default_scopes.n + d->n_variables, 0);
}

Test(language, every_choice_can_be_made)
{
    fob_auto_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(parse(TWO_URLS
                       "token: {method: GET, encoding: json, auth: client_secret_post, secret_in_url: old}\n"
                       "authorize: {pkce: plain, pkce_reason: old}\nuse: {scheme: \"\"}\n",
                       &provider, &error),
                 FOB_OK, "%s", error.what);
    cr_expect_eq(provider->d.token.method, FOB_METHOD_GET);
    cr_expect_eq(provider->d.token.encoding, FOB_ENCODE_JSON);
    cr_expect_eq(provider->d.token.auth, FOB_AUTH_POST);
    cr_expect_eq(provider->d.authorize.pkce, FOB_PKCE_PLAIN);
    cr_expect_str_eq(provider->d.use.scheme, "");
    expect(FOB_E_DESCRIPTOR, TWO_URLS "token: {method: HEAD}\n", "one of: POST, GET, PUT");
    expect(FOB_E_DESCRIPTOR, TWO_URLS "token: {encoding: yaml}\n", "one of: form, json, query, xml");
    expect(FOB_E_DESCRIPTOR, TWO_URLS "token: {auth: basic}\n", "client_secret_basic");
    expect(FOB_E_DESCRIPTOR, TWO_URLS "authorize: {pkce: s256}\n",
           "one of: S256, S256-hex, plain, public, none");
}

Test(language, what_guards_a_flow_cannot_be_set)
{
    static const struct {
        const char *block, *key;
    } rows[] = {{"authorize: {params: ", "state"},          {"authorize: {params: ", "nonce"},
                {"authorize: {params: ", "code_challenge"}, {"authorize: {params: ", "code_challenge_method"},
                {"authorize: {params: ", "client_id"},      {"token: {params: ", "code"},
                {"token: {params: ", "code_verifier"},      {"token: {headers: ", "Host"},
                {"token: {headers: ", "Content-Length"},    {"token: {headers: ", "Transfer-Encoding"},
                {"token: {headers: ", "Connection"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[512];
        snprintf(text, sizeof text, TWO_URLS "%s{%s: x}}\n", rows[i].block, rows[i].key);
        expect(FOB_E_DESCRIPTOR, text, "cannot be set");
        char *key = strstr(text, rows[i].key);
        *key = (char)(*key ^ 0x20);
        expect(FOB_E_DESCRIPTOR, text, "cannot be set");
    }
    expect(FOB_OK, TWO_URLS "authorize: {params: {prompt: consent, code: x}}\ntoken: {params: {state: x}}\n",
           "");
}

/* --- limits ------------------------------------------------------------------------------------------------- */

/* `count` items, lead, number and trail, between two texts. */
static const char *many(const char *before, const char *lead, const char *trail, int count, const char *after)
{
    static char text[32768];
    snprintf(text, sizeof text, TWO_URLS "%s", before);
    for (int i = 0; i < count; i++) {
        size_t at = strlen(text);
        snprintf(text + at, sizeof text - at, "%s%d%s", lead, i, trail);
    }
    strcat(text, after);
    return text;
}

Test(language, there_may_be_so_many_and_no_more)
{
    expect(FOB_OK, many("variables: {", "v", ": {}, ", FOB_MAX_VARIABLES, "}\n"), "");
    expect(FOB_E_DESCRIPTOR, many("variables: {", "v", ": {}, ", FOB_MAX_VARIABLES + 1, "}\n"),
           "more than 32");
    expect(FOB_OK, many("environments: {", "e", ": {}, ", 32, "}\n"), "");
    expect(FOB_E_DESCRIPTOR, many("environments: {", "e", ": {}, ", 33, "}\n"), "more than 32");
    expect(FOB_OK, many("scopes: {default: [", "s", ", ", FOB_MAX_SCOPES, "]}\n"), "");
    expect(FOB_E_DESCRIPTOR, many("scopes: {default: [", "s", ", ", FOB_MAX_SCOPES + 1, "]}\n"),
           "more than 256");
    expect(FOB_E_DESCRIPTOR, many("scopes: {always: [", "s", ", ", FOB_MAX_SCOPES + 1, "]}\n"),
           "more than 256");
    expect(FOB_OK, many("token: {params: {", "p", ": x, ", FOB_MAX_HOOK_PARAMS, "}}\n"), "");
    expect(FOB_E_DESCRIPTOR, many("token: {params: {", "p", ": x, ", FOB_MAX_HOOK_PARAMS + 1, "}}\n"),
           "more than 64");
    expect(FOB_E_DESCRIPTOR, many("authorize: {params: {", "p", ": x, ", 65, "}}\n"), "more than 64");
    expect(FOB_E_DESCRIPTOR, many("token: {headers: {", "p", ": x, ", 65, "}}\n"), "more than 64");
}

/* --- the table itself --------------------------------------------------------------------------------------- */

static void add_line(char *text, size_t size, int depth, const char *key, const char *value)
{
    snprintf(text + strlen(text), size - strlen(text), "%*s%s: %s\n", depth * 2, "", key, value);
}

/* What else has to stand beside the key. */
static void add_companions(char *text, size_t size, int depth, const struct fob_table *table, const char *key)
{
    static const char *const companions[][3] = {{"pkce", "pkce_reason", "old"},
                                                {"state", "state_reason", "old"},
                                                {"method", "secret_in_url", "old"},
                                                {"each", "name", "/n"},
                                                {"name", "each", "/l"}};
    for (size_t i = 0; i < table->n_fields; i++)
        if (table->fields[i].required && depth && strcmp(table->fields[i].key, key) != 0)
            add_line(text, size, depth, table->fields[i].key, table->fields[i].example);
    for (size_t i = 0; i < COUNT(companions); i++)
        if (strcmp(companions[i][0], key) == 0 && fob_fields_find(table, companions[i][1]))
            add_line(text, size, depth, companions[i][1], companions[i][2]);
}

/* The example of one key in an otherwise good descriptor; path is what it is in, each with a dot behind it. */
static void expect_good_example(const char *path, const struct fob_table *table,
                                const struct fob_field *field)
{
    char text[2048];
    int depth = 0;
    bool in_item = strstr(path, "exchanges.") != NULL;
    snprintf(text, sizeof text, "fob: 1\nplugin: acme\n%s",
             strncmp(path, "variables", 9) == 0
                 ? ""
                 : "variables: {region: {}, shop: {}, key_id: {}, team_id: {}, thumbprint: {}}\n");
    for (const char *dot; (dot = strchr(path, '.')); path = dot + 1) {
        bool is_step = strncmp(path, "region.", 7) == 0 && strstr(text, "steps:");
        snprintf(text + strlen(text), sizeof text - strlen(text), "%*s%.*s:\n", depth++ * 2, "",
                 (int)(dot - path), path);
        if (is_step && depth == 2 && strcmp(field->key, "endpoint") != 0)
            add_line(text, sizeof text, depth, "endpoint", "https://acme.example/step");
    }
    if (in_item)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%*s- %s: %s\n", depth * 2, "", field->key,
                 field->example);
    else
        add_line(text, sizeof text, depth, field->key, field->example);
    add_companions(text, sizeof text, depth, table, field->key);
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(fob_provider_lint(text, strlen(text), "acme.yaml", NULL, NULL, &error), FOB_OK, "%s: %s",
                 text, error.what);
}

static void check_table(const struct fob_table *table, const char *prefix)
{
    cr_expect_not_null(table->doc, "%s", prefix);
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        char path[128];
        bool given = strcmp(field->key, "fob") == 0 || strcmp(field->key, "plugin") == 0;
        snprintf(path, sizeof path, "%s%s%s.", prefix, field->key,
                 field->kind == FOB_FIELD_BLOCKS ? ".region" : "");
        cr_expect(field->doc || (field->table && field->table->doc), "%s is explained", path);
        cr_expect_eq(fob_fields_find(table, field->key) == field, field->kind != FOB_FIELD_INCLUDE, "%s",
                     path);
        if (field->kind == FOB_FIELD_INCLUDE)
            check_table(field->table, prefix);
        else if (field->table)
            check_table(field->table, path);
        if (!field->table && field->example && !given)
            expect_good_example(prefix, table, field);
    }
}

Test(language, every_key_is_there_once_is_explained_and_has_a_good_example)
{
    check_table(&fob_language, "");
}
