/* SPDX-License-Identifier: MIT */
/* clients.yaml: what an entry may say, and what is told at its place. */
#include "clientfile.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

static fob_err read(const char *text, struct fob_client_file *ret, struct fob_error *error)
{
    return fob_client_file_read(text, strlen(text), "clients.yaml", ret, error);
}

static void refused(const char *text, unsigned line, unsigned column, const char *says)
{
    struct fob_client_file file = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(read(text, &file, &error), FOB_E_CONFIG, "%s", text);
    cr_expect_eq(error.code, FOB_E_CONFIG);
    cr_expect_eq(error.line, line, "%s: line %u", text, error.line);
    cr_expect_eq(error.column, column, "%s: column %u", text, error.column);
    cr_expect(strstr(error.what, says), "%s: %s", text, error.what);
    cr_expect_str_eq(error.file, "clients.yaml");
    cr_expect_null(file.clients);
}

Test(clientfile, an_entry_says_which_client_and_what_it_asks_for)
{
    struct fob_client_file file = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(read("fob: 1\nclients:\n  work mail:\n    provider: acme\n    client_id: abc\n"
                      "    client_secret_command: [pass, show, acme]\n    grant: client_credentials\n"
                      "    environment: sandbox\n    redirect_uri: http://127.0.0.1:8123/cb\n"
                      "    scopes: [read, write]\n    variables: {tenant: contoso}\n"
                      "  home: {provider: acme, client_id: def}\n",
                      &file, &error),
                 FOB_OK, "%s", error.what);
    cr_assert_eq(file.n_clients, 2);
    const struct fob_client_rule *work = &file.clients[0], *home = &file.clients[1];
    cr_expect_str_eq(work->name, "work mail");
    cr_expect_str_eq(work->provider, "acme");
    cr_expect_str_eq(work->client_id, "abc");
    cr_assert_eq(work->secret.command.n, 3);
    cr_expect_str_eq(work->secret.command.v[2], "acme");
    cr_expect_eq(work->grant, FOB_GRANT_CLIENT_CREDENTIALS);
    cr_expect_str_eq(work->environment, "sandbox");
    cr_expect_str_eq(work->redirect_uri, "http://127.0.0.1:8123/cb");
    cr_expect_eq(work->scopes.n, 2);
    cr_expect_str_eq(work->variables.v[0].value, "contoso");
    cr_expect_str_eq(home->name, "home");
    cr_expect_eq(home->mark.line, 12);
    cr_expect_eq(home->grant, FOB_GRANT_CODE, "a person logs in unless it is said");
    cr_expect_null(home->secret.text);
    fob_client_file_free(&file);
    cr_expect_null(file.clients);
    cr_expect_eq(file.n_clients, 0);
}

/* What stands behind "client_secret" or "client_key". */
static const char *const ways[] = {": '{}'", "_file: /x", "_env: X", "_command: [x]"};

static fob_err read_two(const char *const *lines, struct fob_client_file *file, char text[256])
{
    snprintf(text, 256, "clients:\n  a:\n    provider: p\n    client_id: c\n    %s\n    %s\n", lines[0],
             lines[1]);
    return read(text, file, NULL);
}

static void expect_one_place(const char *what)
{
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            char text[256], first[64], second[64] = "", told[96];
            struct fob_client_file file = {0};
            snprintf(first, sizeof first, "client_%s%s", what, ways[i]);
            if (i != j)
                snprintf(second, sizeof second, "client_%s%s", what, ways[j]);
            fob_err err = read_two((const char *const[]){first, second}, &file, text);
            snprintf(told, sizeof told, "\"a\" says in more than one way where its %s is", what);
            if (i == j)
                cr_expect_eq(err, FOB_OK, "%s", text);
            else
                refused(text, 2, 3, told);
            fob_client_file_free(&file);
        }
    }
}

Test(clientfile, the_secret_is_kept_in_one_place_and_the_key_in_another)
{
    char text[256];
    struct fob_client_file file = {0};
    expect_one_place("secret");
    expect_one_place("key");
    cr_expect_eq(read_two((const char *const[]){"client_secret_env: X", "client_key_file: y"}, &file, text),
                 FOB_OK);
    cr_expect_str_eq(file.clients[0].secret.env, "X");
    cr_expect_str_eq(file.clients[0].key.file, "y");
    cr_expect_null(file.clients[0].key.env);
    fob_client_file_free(&file);
}

Test(clientfile, what_is_wrong_is_told_at_its_place)
{
    refused("", 1, 1, "\"clients\" is missing");
    refused("- a\n", 1, 1, "a block of keys, not a list");
    refused("client: {}\n", 1, 1, "\"clients\" is missing");
    refused("fob: 2\nclients: {}\n", 1, 6, "has to be 1");
    refused("clients: {a: {client_id: c}}\n", 1, 14, "\"provider\" is missing");
    refused("clients: {a: {provider: p}}\n", 1, 14, "\"client_id\" is missing");
    refused("clients: {a: {provider: P, client_id: c}}\n", 1, 25, "\"provider\" has to be an id");
    refused("clients: {a: {provider: p, client_id: 1}}\n", 1, 39, "not a number");
    refused("clients: {a: {provider: p, client_id: c, secret: s}}\n", 1, 42, "no key \"secret\"");
    refused("clients: {a: {provider: p, client_id: c, grant: password}}\n", 1, 49,
            "one of: authorization_code, client_credentials");
    refused("clients: {a: {provider: p, client_id: c, scopes: [\"a b\"]}}\n", 1, 51, "one scope");
    refused("clients: {\"\": {provider: p, client_id: c}}\n", 1, 11, "a key in \"clients\"");
    refused("clients: {a: {provider: p, client_id: c}, a: {}}\n", 1, 43, "twice");
    refused("clients: {a: &x {provider: p, client_id: c}}\n", 1, 14, "anchors");
    refused("clients: {a: \"\n", 2, 1, "not valid YAML");
}

Test(clientfile, an_error_tells_nothing_of_a_secret)
{
    struct fob_client_file file = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(
        read("clients: {a: {provider: p, client_id: c, client_secret: \"s3c\\nret\"}}\n", &file, &error),
        FOB_E_CONFIG);
    cr_expect_null(strstr(error.what, "s3c"), "%s", error.what);
    cr_expect_null(strstr(error.fix, "s3c"), "%s", error.fix);
}

Test(clientfile, one_that_is_too_large_is_so_whatever_is_in_it)
{
    static char text[FOB_MAX_DESCRIPTOR + 2];
    struct fob_client_file file = {0};
    struct fob_error error;
    memset(text, '#', sizeof text - 1);
    cr_expect_eq(read(text, &file, &error), FOB_E_LIMIT);
    cr_expect_str_eq(error.file, "clients.yaml");
    cr_expect_eq(read(text, &file, NULL), FOB_E_LIMIT);
}

Test(clientfile, lists_end_at_their_limit)
{
    char text[4096] = "clients: {a: {provider: p, client_id: c, client_secret_command: [";
    struct fob_client_file file = {0};
    for (int i = 0; i < 32; i++)
        strcat(text, i ? ",x" : "x");
    strcat(text, "]}}");
    cr_expect_eq(read(text, &file, NULL), FOB_OK);
    cr_expect_eq(file.clients[0].secret.command.n, 32);
    fob_client_file_free(&file);
    strcpy(strchr(text, ']'), ",x]}}");
    refused(text, 1, 130, "more than 32 items");
}
