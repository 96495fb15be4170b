/* SPDX-License-Identifier: MIT */
/* Reading and writing while every allocation fails once: descriptors, lint, the documents, clients.yaml. */
#include "cleanup.h"
#include "clientfile.h"
#include "describe.h"
#include "faults.h"
#include "rich.h"

#include <criterion/criterion.h>
#include <string.h>

/* --- descriptors -------------------------------------------------------------------------------------------- */

static fob_err parse(void)
{
    fob_auto_provider *provider = NULL;
    return fob_provider_parse(rich, strlen(rich), "providers/acme.yaml", &provider, NULL);
}

static fob_err parse_without_a_file_name(void)
{
    static const char yaml[] = "fob: 1\nid: acme\ntoken_endpoint: https://acme.example/t\n";
    fob_auto_provider *provider = NULL;
    return fob_provider_parse(yaml, sizeof yaml - 1, "-", &provider, NULL);
}

static void count_problem(void *user, const struct fob_problem *problem)
{
    (void)problem;
    ++*(unsigned *)user;
}

static fob_err lint(void)
{
    unsigned n = 0;
    return fob_provider_lint(rich, strlen(rich), "providers/acme.yaml", count_problem, &n, NULL);
}

/* Memory that runs out behind a mistake is told all the same: the report is not whole. */
static fob_err lint_what_is_wrong(void)
{
    static const char yaml[] = "fob: 1\ntoken_endpoint: https://acme.example/t\ntypo: 1\n"
                               "variables: {a: {pattern: \"[0-9]+\", default: x}, b: {example: y}}\n"
                               "environments: {c: {variables: {d: e, a: f}}}\n"
                               "authorize: {pkce: none}\nhosts: [other.example]\n";
    unsigned n = 0;
    fob_err err = fob_provider_lint(yaml, sizeof yaml - 1, "acme.yaml", count_problem, &n, NULL);
    return err == FOB_E_DESCRIPTOR && n >= 7 ? FOB_OK : err;
}

/* A report that is told as whole is. */
static fob_err lint_what_is_odd(void)
{
    static const char yaml[] = "fob: 1\ntoken_endpoint: \"https://{t}/t\"\ndocs: https://acme.example/docs\n"
                               "variables: {t: {doc: the host, pattern: \"[a-z.]+\"}}\nrename: {odd: o}\n";
    unsigned n = 0;
    fob_err err = fob_provider_lint(yaml, sizeof yaml - 1, "acme.yaml", count_problem, &n, NULL);
    return err == FOB_OK && n != 2 ? FOB_E_STATE : err;
}

static fob_err describe(void)
{
    struct fob_bases none = {0};
    fob_auto_free char *json = NULL;
    return fob_describe(rich, strlen(rich), "acme.yaml", &none, &json, NULL);
}

static char *whole; /* what a document is when nothing fails */

static fob_err write_document(enum fob_descriptor_doc what)
{
    fob_auto_free char *text = NULL;
    fob_err err = fob_descriptor_document(what, &text, NULL);
    return err == FOB_OK && strcmp(text, whole) != 0 ? FOB_E_STATE : err;
}

static void expect_document(const char *name, fault_run *run, enum fob_descriptor_doc what, unsigned at_least)
{
    cr_assert_eq(fob_descriptor_document(what, &whole, NULL), FOB_OK);
    fail_each_allocation(name, run, at_least);
    free(whole);
}

static fob_err write_schema(void)
{
    return write_document(FOB_DOC_SCHEMA);
}

static fob_err write_reference(void)
{
    return write_document(FOB_DOC_REFERENCE);
}

static fob_err write_template(void)
{
    return write_document(FOB_DOC_TEMPLATE);
}

Test(allocation, fails_in_reading_a_descriptor)
{
    fail_each_allocation("parse", parse, 60);
    fail_each_allocation("parse without a file name", parse_without_a_file_name, 10);
    fail_each_allocation("lint", lint, 60);
    fail_each_allocation("lint what is wrong", lint_what_is_wrong, 30);
    fail_each_allocation("lint what is odd", lint_what_is_odd, 20);
    fail_each_allocation("describe", describe, 60);
}

Test(allocation, fails_in_writing_a_document)
{
    expect_document("schema", write_schema, FOB_DOC_SCHEMA, 500);
    expect_document("reference", write_reference, FOB_DOC_REFERENCE, 3);
    expect_document("template", write_template, FOB_DOC_TEMPLATE, 3);
}

/* --- clients.yaml ------------------------------------------------------------------------------------------- */

static fob_err read_clients(void)
{
    static const char yaml[] = "fob: 1\n"
                               "clients:\n"
                               "  work: {provider: acme, client_id: one, client_secret: two, scopes: [a, b], "
                               "variables: {tenant: x}}\n"
                               "  play: {provider: acme, client_id: one, client_secret_command: [pass, "
                               "show], environment: sandbox,\n"
                               "         grant: client_credentials}\n"
                               "  home: {provider: acme, client_id: one, client_secret_file: key, "
                               "redirect_uri: \"http://[::1]/\"}\n";
    struct fob_client_file file = {0};
    fob_err err = fob_client_file_read(yaml, sizeof yaml - 1, "clients.yaml", &file, NULL);
    fob_client_file_free(&file);
    return err;
}

Test(allocation, fails_in_reading_clients)
{
    fail_each_allocation("clients.yaml", read_clients, 25);
}
