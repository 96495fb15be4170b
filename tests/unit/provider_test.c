/* SPDX-License-Identifier: MIT */
/* Descriptors: what is read, what is refused and where. */
#include "cleanup.h"
#include "descriptor.h"

#include <criterion/criterion.h>
#include <string.h>

#define TWO_URLS                                                                                             \
    "fob: 1\n"                                                                                               \
    "authorization_endpoint: https://acme.example/authorize\n"                                               \
    "token_endpoint: https://acme.example/token\n"

static fob_err parse(const char *text, fob_provider **ret, struct fob_error *error)
{
    return fob_provider_parse(text, strlen(text), "providers/acme.yaml", ret, error);
}

/* The error's place and a word of what it says. */
static void refused(const char *text, unsigned line, unsigned column, const char *says)
{
    fob_auto_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(parse(text, &provider, &error), FOB_E_DESCRIPTOR, "%s", text);
    cr_expect_eq(error.line, line, "%s: %s", text, error.what);
    cr_expect_eq(error.column, column, "%s: %s", text, error.what);
    cr_expect(strstr(error.what, says), "%s", error.what);
    cr_expect_str_eq(error.file, "providers/acme.yaml");
    cr_expect(provider == NULL);
}

Test(provider, two_urls_are_a_complete_descriptor)
{
    fob_auto_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(parse(TWO_URLS, &provider, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_provider_id(provider), "acme");
    cr_expect_str_eq(fob_provider_name(provider), "acme");
    cr_expect_str_eq(fob_provider_docs(provider), "");
    cr_expect_str_eq(fob_provider_metadata(provider, "token_endpoint"), "https://acme.example/token");
    cr_expect(fob_provider_metadata(provider, "jwks_uri") == NULL);
    cr_expect(fob_provider_metadata(provider, "nonsense") == NULL);
    cr_expect(fob_provider_supports(provider, "authorization_code"));
    cr_expect(fob_provider_supports(provider, "client_credentials"));
    cr_expect_not(fob_provider_supports(provider, "password"));
    cr_expect_str_eq(provider->d.use.header, "Authorization");
    cr_expect_str_eq(provider->d.scopes.separator, " ");
}

Test(provider, mistakes_are_told_with_their_place)
{
    refused("token_endpoint: https://a.example/t\n", 1, 1, "\"fob\" is missing");
    refused("fob: 2\ntoken_endpoint: https://a.example/t\n", 1, 6, "has to be 1");
    refused("fob: 1\ntokn_endpoint: https://a.example/t\n", 2, 1, "tokn_endpoint");
    refused("fob: 1\ntoken_endpoint: http://a.example/t\n", 2, 17, "https");
    refused("fob: 1\nid: other\ntoken_endpoint: https://a.example/t\n", 2, 5, "is called");
    refused("fob: 1\nauthorization_endpoint: https://a.example/a\n", 1, 1, "token_endpoint");
    refused(TWO_URLS "authorize: {pkce: none}\n", 4, 19, "PKCE");
    refused(TWO_URLS "authorize: {params: {state: x}}\n", 4, 22, "state");
    refused(TWO_URLS "token: {headers: {host: x}}\n", 4, 19, "host");
    refused(TWO_URLS "token: {params: {a: \"{b}\"}}\n", 4, 21, "{b}");
    refused(TWO_URLS "hosts: [other.example]\n", 3, 17, "hosts");
    refused(TWO_URLS "name: &a x\n", 4, 7, "anchor");
    refused(TWO_URLS "fob: 1\n", 4, 1, "twice");
    refused("- a\n", 1, 1, "block of keys");
    refused("", 1, 1, "missing");
}

Test(provider, a_secret_variable_never_stands_in_a_url)
{
    refused("fob: 1\ntoken_endpoint: https://a.example/{key}\nvariables: {key: {secret: true}}\n", 2, 17,
            "secret");
    refused(TWO_URLS "authorize: {params: {k: \"{key}\"}}\nvariables: {key: {secret: true}}\n", 4, 25,
            "secret");
}

static void count(void *user, const struct fob_problem *problem)
{
    int *counts = user;
    counts[problem->severity]++;
}

Test(provider, lint_goes_on_after_the_first_mistake_and_advises)
{
    int counts[2] = {0};
    const char *text =
        "fob: 1\ntoken_endpoint: http://127.0.0.1/t\nnonsense: 1\nmore: 2\nvariables: {a: {}}\n";
    struct fob_error error;
    cr_expect_eq(fob_provider_lint(text, strlen(text), "acme.yaml", count, counts, &error), FOB_E_DESCRIPTOR);
    cr_expect_eq(counts[FOB_PROBLEM_ERROR], 2);
    cr_expect_eq(counts[FOB_PROBLEM_WARNING], 4, "http, unused, unexplained, no docs");
}

Test(provider, a_plugin_has_to_be_found_through_the_registry)
{
    fob_auto_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(parse("fob: 1\nplugin: acme\n", &provider, &error), FOB_E_PLUGIN);
}

static void has_no_id(const char *file, const char *what, const char *fix)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(fob_provider_lint(TWO_URLS, strlen(TWO_URLS), file, NULL, NULL, &error), FOB_E_DESCRIPTOR,
                 "%s", file);
    cr_expect_str_eq(error.what, what, "%s: %s", file, error.what);
    cr_expect_str_eq(error.fix, fix, "%s: %s", file, error.fix);
}

Test(provider, a_file_whose_name_is_no_id_is_told_what_to_call_it)
{
#define HOLDS(odd) "the provider has no id: the file's name holds a \"" odd "\", and an id has a-z, 0-9 and -"
    has_no_id("a/acme_mail.yaml", HOLDS("_"), "name the file acme-mail.yaml, or add id: acme-mail");
    has_no_id("Acme.yaml", HOLDS("A"), "name the file acme.yaml, or add id: acme");
    has_no_id("acme (1).yaml", HOLDS(" "), "name the file acme-1.yaml, or add id: acme-1");
    has_no_id("caf\xc3\xa9.yaml", HOLDS("\xc3\xa9"), "name the file caf.yaml, or add id: caf");
    has_no_id("-acme.yaml", "the provider has no id", "name the file acme.yaml, or add id: acme");
    has_no_id("_.yaml", HOLDS("_"), "name the file acme-mail.yaml, or add id: acme-mail");
    has_no_id("acme.yml", "the provider has no id", "name the file acme-mail.yaml, or add id: acme-mail");
    has_no_id("acme\xff.yaml", "the provider has no id", "name the file acme.yaml, or add id: acme");
}
