/* SPDX-License-Identifier: MIT */
/* A binding gives every blank a checked value, and no secret leaves for a host that was not meant. */
#include "binding.h"
#include "cleanup.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define TWO_URLS                                                                                             \
    "fob: 1\nauthorization_endpoint: https://acme.example/authorize\n"                                       \
    "token_endpoint: https://acme.example/token\n"

static fob_err parse(const char *text, fob_provider **ret, struct fob_error *error)
{
    return fob_provider_parse(text, strlen(text), "providers/acme.yaml", ret, error);
}

/* A binding of that descriptor with one variable given, or none. */
static fob_err bind_text(struct fob_binding *ret, const char *text, const char *name, const char *value,
                         struct fob_error *error)
{
    fob_auto_provider *provider = NULL;
    const struct fob_pair given[] = {{name, value}};
    cr_assert_eq(parse(text, &provider, error), FOB_OK, "%s", error->what);
    return fob_binding_init(ret, provider, NULL, NULL, given, name ? 1 : 0, error);
}

/* --- variables and environments ----------------------------------------------------------------------------- */

#define TENANTS                                                                                              \
    "fob: 1\n"                                                                                               \
    "token_endpoint: https://{tenant}.acme.example/token\n"                                                  \
    "variables:\n"                                                                                           \
    "  tenant: {pattern: \"[a-z]+\", doc: Your name, example: contoso}\n"                                    \
    "  region: {default: eu}\n"                                                                              \
    "environments:\n"                                                                                        \
    "  sandbox: {token_endpoint: \"https://{tenant}.sandbox.example/token\", variables: {region: test}}\n"

static fob_err bind(struct fob_binding *ret, const char *environment, const char *tenant,
                    struct fob_error *error)
{
    fob_auto_provider *provider = NULL;
    const struct fob_pair given[] = {{"tenant", tenant}};
    cr_assert_eq(parse(TENANTS, &provider, error), FOB_OK, "%s", error->what);
    return fob_binding_init(ret, provider, environment, NULL, given, tenant ? 1 : 0, error);
}

Test(binding, values_come_from_the_caller_the_environment_and_the_default_in_this_order)
{
    struct fob_binding plain = {0}, sandbox = {0};
    fob_auto_free char *url = NULL, *other = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(bind(&plain, NULL, "contoso", &error), FOB_OK, "%s", error.what);
    cr_assert_eq(fob_binding_endpoint(&plain, "token_endpoint", &url, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(url, "https://contoso.acme.example/token");
    cr_expect_str_eq(fob_pairs_get(&plain.variables, "region"), "eu");
    cr_assert_eq(bind(&sandbox, "sandbox", "contoso", &error), FOB_OK, "%s", error.what);
    cr_assert_eq(fob_binding_endpoint(&sandbox, "token_endpoint", &other, &error), FOB_OK);
    cr_expect_str_eq(other, "https://contoso.sandbox.example/token");
    cr_expect_str_eq(fob_pairs_get(&sandbox.variables, "region"), "test");
    fob_binding_free(&plain);
    fob_binding_free(&sandbox);
}

Test(binding, what_is_missing_or_does_not_fit_is_named)
{
    struct fob_binding binding = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(bind(&binding, NULL, NULL, &error), FOB_E_CONFIG);
    cr_expect(strstr(error.fix, "tenant=contoso (Your name)"), "%s", error.fix);
    cr_expect_eq(bind(&binding, NULL, "evil.example/", &error), FOB_E_CONFIG);
    cr_expect(strstr(error.fix, "[a-z]+"), "%s", error.fix);
    cr_expect_eq(bind(&binding, "moon", "contoso", &error), FOB_E_CONFIG);
    cr_expect(strstr(error.fix, "sandbox"), "%s", error.fix);
}

Test(binding, a_name_that_is_no_variable_is_refused_and_the_environment_none_is_none)
{
    struct fob_binding binding = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(bind_text(&binding, TWO_URLS, "tenant", "x", &error), FOB_E_CONFIG);
    cr_expect_str_eq(error.what, "acme has no variable \"tenant\"");
    cr_expect_null(binding.provider, "untouched");
    cr_assert_eq(bind(&binding, "", "contoso", &error), FOB_OK, "%s", error.what);
    cr_expect_null(binding.environment);
    fob_binding_free(&binding);
    fob_binding_free(&binding);
}

Test(binding, the_value_of_a_secret_variable_is_never_shown)
{
    struct fob_binding binding = {0};
    struct fob_error error = FOB_ERROR_INIT;
#define KEY(more)                                                                                            \
    TWO_URLS "token: {params: {k: \"{key}\"}}\nvariables: {key: {pattern: \"[a-z]+\"" more "}}\n"
    cr_expect_eq(bind_text(&binding, KEY(", secret: true"), "key", "S3cret", &error), FOB_E_CONFIG);
    cr_expect_null(strstr(error.what, "S3cret"), "%s", error.what);
    cr_expect_null(strstr(error.fix, "S3cret"), "%s", error.fix);
    cr_expect(strstr(error.fix, "[a-z]+"), "%s", error.fix);
    cr_expect_eq(bind_text(&binding, KEY(""), "key", "S3cret", &error), FOB_E_CONFIG);
    cr_expect_str_eq(error.what, "the variable \"key\" cannot be \"S3cret\"");
}

Test(binding, a_value_is_one_line_of_utf_8_of_some_length)
{
    static const char descriptor[] = TWO_URLS "token: {params: {k: \"{key}\"}}\nvariables: {key: {}}\n";
    static const char *const bad[] = {"a\nb", "a\r\nX: y", "\x1b", "\xff", "\xc2\x85"};
    struct fob_binding binding = {0};
    struct fob_error error = FOB_ERROR_INIT;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(bind_text(&binding, descriptor, "key", bad[i], &error), FOB_E_CONFIG, "%zu", i);
    fob_auto_free char *text = calloc(1, FOB_MAX_SCALAR + 2);
    memset(text, 'a', FOB_MAX_SCALAR);
    cr_expect_eq(bind_text(&binding, descriptor, "key", text, &error), FOB_OK, "%s", error.what);
    fob_binding_free(&binding);
    text[FOB_MAX_SCALAR] = 'a';
    cr_expect_eq(bind_text(&binding, descriptor, "key", text, &error), FOB_E_CONFIG);
}

/* --- expansion ---------------------------------------------------------------------------------------------- */

static const char *client_only(void *user, const char *name)
{
    return strcmp(name, "client_id") == 0 ? user : NULL;
}

static char id[] = "c&d";
static const struct fob_expression_env client_env = {.look_up = client_only, .user = id};

static void expect_expansion(const struct fob_binding *binding, const char *template, bool percent,
                             const char *wanted)
{
    fob_auto_buf out = FOB_BUF(1000);
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_binding_expand(binding, template, percent, &client_env, &out, NULL, &error), FOB_OK,
                 "%s", error.what);
    cr_expect_str_eq(out.data, wanted);
}

Test(binding, names_are_filled_in_and_encoded_where_they_have_to_be)
{
    struct fob_binding binding = {0};
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_buf out = FOB_BUF(1000), tight = FOB_BUF(3);
    cr_assert_eq(bind_text(&binding, TWO_URLS "variables: {v: {}}\n", "v", "a/b c", &error), FOB_OK);
    expect_expansion(&binding, "x{v}{{y}}{client_id}", false, "xa/b c{y}c&d");
    expect_expansion(&binding, "x{v}?{client_id}", true, "xa%2Fb%20c?c%26d");
    expect_expansion(&binding, "x{+v}", true, "xa/b c");
    bool missing = false;
    cr_expect_eq(fob_binding_expand(&binding, "{scope}", true, &client_env, &out, NULL, &error),
                 FOB_E_CONFIG);
    cr_expect_eq(fob_binding_expand(&binding, "{client_id}", true, NULL, &out, NULL, &error), FOB_E_CONFIG);
    cr_expect_str_eq(error.what, "something in \"{client_id}\" has no value");
    cr_expect_eq(fob_binding_expand(&binding, "{client_id}", true, NULL, &out, &missing, &error), FOB_OK);
    cr_expect(missing, "who asks is told");
    cr_expect_eq(fob_binding_expand(&binding, "{sha256(v)}", true, NULL, &out, &missing, &error),
                 FOB_E_DESCRIPTOR);
    cr_expect_eq(fob_binding_expand(&binding, "{v}", false, NULL, &tight, NULL, &error), FOB_E_LIMIT);
    fob_binding_free(&binding);
}

Test(binding, metadata_is_the_environments_where_it_gives_any)
{
    fob_auto_provider *provider = NULL;
    struct fob_binding plain = {0}, other = {0};
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_free char *none = strdup("x");
    cr_assert_eq(parse(TWO_URLS "scopes_supported: [a]\ngrant_types_supported: [x]\nenvironments:\n"
                                "  e: {scopes_supported: [b, c], token_endpoint: \"https://e.example/t\",\n"
                                "      authorization_response_iss_parameter_supported: true}\n",
                       &provider, &error),
                 FOB_OK, "%s", error.what);
    cr_assert_eq(fob_binding_init(&plain, provider, NULL, NULL, NULL, 0, &error), FOB_OK);
    cr_assert_eq(fob_binding_init(&other, provider, "e", NULL, NULL, 0, &error), FOB_OK);
    cr_expect_str_eq(fob_binding_metadata(&plain, "token_endpoint"), "https://acme.example/token");
    cr_expect_str_eq(fob_binding_metadata(&other, "token_endpoint"), "https://e.example/t");
    cr_expect_str_eq(fob_binding_metadata(&other, "authorization_endpoint"),
                     "https://acme.example/authorize");
    cr_expect_eq(fob_binding_list(&plain, "scopes_supported")->n, 1);
    cr_expect_eq(fob_binding_list(&other, "scopes_supported")->n, 2);
    cr_expect_eq(fob_binding_list(&other, "grant_types_supported")->n, 1);
    cr_expect_not(fob_binding_flag(&plain, "authorization_response_iss_parameter_supported"));
    cr_expect(fob_binding_flag(&other, "authorization_response_iss_parameter_supported"));
    cr_expect_null(fob_binding_metadata(&plain, "jwks_uri"));
    cr_expect_null(fob_binding_metadata(&plain, "scopes_supported"), "a list is no text");
    cr_expect_null(fob_binding_list(&plain, "nonsense"));
    cr_expect_not(fob_binding_flag(&plain, "nonsense"));
    free(fob_steal(&none));
    cr_expect_eq(fob_binding_endpoint(&plain, "jwks_uri", &none, &error), FOB_OK);
    cr_expect_null(none);
    fob_binding_free(&plain);
    fob_binding_free(&other);
}

/* --- hosts -------------------------------------------------------------------------------------------------- */

Test(binding, a_variable_cannot_lead_to_another_host)
{
    static const char *const evil[] = {
        "evil.example/?", "evil.example#", "u@evil.example", "evil.example:1", "evil\\", "a b", "%2e", ""};
    static const char *const descriptors[] = {
        "fob: 1\ntoken_endpoint: https://{t}.a.example/t\nvariables: {t: {}}\n",
        "fob: 1\ntoken_endpoint: https://{t}/t\nvariables: {t: {}}\nhosts: [a.example]\n",
        "fob: 1\ntoken_endpoint: https://a.example/t\nvariables: {t: {}}\nhosts: [\"{t}\", a.example]\n"};
    for (size_t d = 0; d < 3; d++) {
        for (size_t i = 0; i < sizeof evil / sizeof evil[0]; i++) {
            struct fob_binding binding = {0};
            struct fob_error error = FOB_ERROR_INIT;
            fob_auto_free char *url = NULL;
            fob_err err = bind_text(&binding, descriptors[d], "t", evil[i], &error);
            if (err == FOB_OK && d < 2)
                err = fob_binding_endpoint(&binding, "token_endpoint", &url, &error);
            cr_expect_eq(err, FOB_E_CONFIG, "%zu, %s: %s", d, evil[i], url ? url : "");
            fob_binding_free(&binding);
        }
    }
}

Test(binding, hosts_are_the_given_ones_or_those_of_the_endpoints)
{
    struct fob_binding binding = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(
        bind_text(&binding,
                  "fob: 1\nissuer: https://i.example\nauthorization_endpoint: https://page.example/a\n"
                  "token_endpoint: https://t.example/t\nuserinfo_endpoint: http://[::1]:9/u\n",
                  NULL, NULL, &error),
        FOB_OK, "%s", error.what);
    cr_expect_eq(fob_binding_check_url(&binding, "https://t.example/x", "it", false, FOB_E_PLUGIN, NULL),
                 FOB_OK);
    cr_expect_eq(fob_binding_check_url(&binding, "http://[::1]:9/x", "it", false, FOB_E_PLUGIN, NULL),
                 FOB_OK);
    cr_expect_eq(fob_binding_check_url(&binding, "https://T.EXAMPLE/x", "it", false, FOB_E_PLUGIN, NULL),
                 FOB_OK);
    cr_expect_eq(fob_binding_check_url(&binding, "https://page.example/", "it", false, FOB_E_PLUGIN, NULL),
                 FOB_E_PLUGIN, "the page is for the person");
    cr_expect_eq(fob_binding_check_url(&binding, "https://i.example/", "it", false, FOB_E_PLUGIN, NULL),
                 FOB_E_PLUGIN, "the issuer is a name");
    cr_expect_eq(fob_binding_check_url(&binding, "https://example/", "it", false, FOB_E_PLUGIN, NULL),
                 FOB_E_PLUGIN);
    fob_binding_free(&binding);
    cr_assert_eq(bind_text(&binding,
                           "fob: 1\ntoken_endpoint: http://[::1]/t\nhosts: [\"[::1]\", \"*.{t}.example\"]\n"
                           "variables: {t: {}}\n",
                           "t", "a", &error),
                 FOB_OK, "%s", error.what);
    cr_assert_eq(binding.hosts.n, 2);
    cr_expect_str_eq(binding.hosts.v[1], "*.a.example");
    cr_expect_eq(fob_binding_check_url(&binding, "http://[::1]/x", "it", false, FOB_E_PLUGIN, NULL), FOB_OK);
    cr_expect_eq(fob_binding_check_url(&binding, "https://x.a.example/", "it", false, FOB_E_PLUGIN, NULL),
                 FOB_OK);
    fob_binding_free(&binding);
}

Test(binding, an_environment_brings_hosts_of_its_own)
{
    static const char yaml[] =
        "fob: 1\ntoken_endpoint: https://{t}.a.example/t\nrevocation_endpoint: https://r.example/\n"
        "variables: {t: {}}\nenvironments: {test: {token_endpoint: 'https://{t}.test.example/t'}}\n";
    const struct fob_pair given = {"t", "blue"};
    fob_auto_provider *provider = NULL;
    struct fob_binding binding = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(parse(yaml, &provider, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(fob_binding_init(&binding, provider, "test", NULL, &given, 1, &error), FOB_OK, "%s",
                 error.what);
    cr_expect_eq(
        fob_binding_check_url(&binding, "https://blue.test.example/x", "it", false, FOB_E_PLUGIN, NULL),
        FOB_OK);
    cr_expect_eq(fob_binding_check_url(&binding, "https://r.example/x", "it", false, FOB_E_PLUGIN, NULL),
                 FOB_OK);
    cr_expect_eq(fob_binding_check_url(&binding, "https://blue.a.example/x", "it", false, FOB_E_PLUGIN, NULL),
                 FOB_E_PLUGIN);
    fob_binding_free(&binding);
}

/* What has no variables is checked once, when the descriptor is read. */
Test(binding, an_endpoint_that_no_request_could_go_to_is_refused_when_it_is_read)
{
    char yaml[400] = "fob: 1\ntoken_endpoint: https://";
    fob_auto_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    size_t used = strlen(yaml);
    memset(yaml + used, 'a', 254);
    memcpy(yaml + used + 254, "/t\n", 4);
    cr_assert_eq(parse(yaml, &provider, &error), FOB_E_DESCRIPTOR);
    cr_expect_eq(error.line, 2);
    cr_expect_eq(error.column, 17);
    cr_expect(strstr(error.what, "token_endpoint is not an absolute URL"), "%s", error.what);
    memmove(yaml + used, yaml + used + 1, strlen(yaml + used)); /* 253 bytes are the longest name */
    cr_assert_eq(parse(yaml, &provider, &error), FOB_OK, "%s", error.what);
}

Test(binding, a_secret_goes_only_to_the_hosts)
{
    fob_auto_provider *provider = NULL;
    struct fob_binding binding = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(parse(TWO_URLS, &provider, &error), FOB_OK);
    cr_assert_eq(fob_binding_init(&binding, provider, NULL, NULL, NULL, 0, &error), FOB_OK);
    cr_expect_eq(fob_binding_check_url(&binding, "https://acme.example/x", "it", false, FOB_E_PLUGIN, &error),
                 FOB_OK);
    cr_expect_eq(fob_binding_check_url(&binding, "https://evil.example/x", "it", false, FOB_E_PLUGIN, &error),
                 FOB_E_PLUGIN);
    cr_expect_eq(fob_binding_check_url(&binding, "http://acme.example/x", "it", false, FOB_E_PLUGIN, &error),
                 FOB_E_PLUGIN);
    fob_binding_free(&binding);
}
