/* SPDX-License-Identifier: MIT */
/* clients.yaml: its table and its rules. */
#include "clientfile.h"
#include "error.h"

#include <fob/limits.h>

#define TABLE(rows) .fields = (rows), .n_fields = sizeof(rows) / sizeof((rows)[0])

static const struct fob_choice grants[] = {
    {"authorization_code", FOB_GRANT_CODE, "a person logs in"},
    {"client_credentials", FOB_GRANT_CLIENT_CREDENTIALS, "the program acts for itself"},
    {NULL, 0, NULL}};

static const struct fob_field entry_fields[] = {
    {.key = "provider",
     FOB_TEXT(struct fob_client_rule, provider),
     .format = FOB_FORMAT_ID,
     .required = true,
     .example = "provider: acme",
     .doc = "The provider's id."},
    {.key = "client_id",
     FOB_TEXT(struct fob_client_rule, client_id),
     .format = FOB_FORMAT_TEXT,
     .required = true,
     .example = "client_id: copied from the provider's page",
     .doc = "The client_id that the provider gave."},
    {.key = "client_secret",
     FOB_TEXT(struct fob_client_rule, secret.text),
     .format = FOB_FORMAT_TEXT,
     .doc = "The secret itself: only in a file that nobody else can read."},
    {.key = "client_secret_file",
     FOB_TEXT(struct fob_client_rule, secret.file),
     .format = FOB_FORMAT_TEXT,
     .doc = "A file that holds it, beside clients.yaml or by its whole path."},
    {.key = "client_secret_env",
     FOB_TEXT(struct fob_client_rule, secret.env),
     .format = FOB_FORMAT_TEXT,
     .doc = "An environment variable that holds it."},
    {.key = "client_secret_command",
     FOB_LIST(struct fob_client_rule, secret.command),
     .format = FOB_FORMAT_VALUE,
     .max = 32,
     .example = "[pass, show, acme]",
     .doc = "A program that prints it, with its arguments; no shell is run."},
    {.key = "client_key",
     FOB_TEXT(struct fob_client_rule, key.text),
     .format = FOB_FORMAT_KEY,
     .doc = "The private key itself, PEM or a JWK: only in a file that nobody else can read."},
    {.key = "client_key_file",
     FOB_TEXT(struct fob_client_rule, key.file),
     .format = FOB_FORMAT_TEXT,
     .example = "acme.pem",
     .doc = "A file that holds it, beside clients.yaml or by its whole path."},
    {.key = "client_key_env",
     FOB_TEXT(struct fob_client_rule, key.env),
     .format = FOB_FORMAT_TEXT,
     .doc = "An environment variable that holds it."},
    {.key = "client_key_command",
     FOB_LIST(struct fob_client_rule, key.command),
     .format = FOB_FORMAT_VALUE,
     .max = 32,
     .doc = "A program that prints it, with its arguments; no shell is run."},
    {.key = "grant",
     FOB_CHOICE(struct fob_client_rule, grant, enum fob_grant_choice),
     .choices = grants,
     .doc = "How the token is obtained."},
    {.key = "environment",
     FOB_TEXT(struct fob_client_rule, environment),
     .format = FOB_FORMAT_ID,
     .doc = "One of the provider's environments."},
    {.key = "redirect_uri",
     FOB_TEXT(struct fob_client_rule, redirect_uri),
     .format = FOB_FORMAT_TEXT,
     .doc = "As registered; http://127.0.0.1:0/callback where it is left out."},
    {.key = "scopes",
     FOB_LIST(struct fob_client_rule, scopes),
     .format = FOB_FORMAT_SCOPE,
     .max = FOB_MAX_SCOPES,
     .doc = "What to ask for; the descriptor's default where it is left out."},
    {.key = "variables",
     FOB_MAP(struct fob_client_rule, variables),
     .format = FOB_FORMAT_VALUE,
     .key_format = FOB_FORMAT_NAME,
     .max = FOB_MAX_VARIABLES,
     .doc = "Values for the provider's variables."},
};

static const struct fob_table entry_table = {
    .doc = "One client, by the name of its connection.",
    TABLE(entry_fields),
    .size = sizeof(struct fob_client_rule),
    .name_offset = FOB_OFFSET(struct fob_client_rule, name, char *),
    .mark_offset = FOB_OFFSET(struct fob_client_rule, mark, struct fob_mark),
};

static const struct fob_field fields[] = {
    {.key = "fob", FOB_VERSION_NUMBER(struct fob_client_file, fob), .doc = "The version of this language."},
    {.key = "clients",
     FOB_BLOCKS(struct fob_client_file, clients, n_clients, struct fob_client_rule),
     .key_format = FOB_FORMAT_TEXT,
     .table = &entry_table,
     .required = true,
     .example = "clients: {work: {provider: acme, client_id: …}}",
     .doc = "Clients, by the name of the connection they are for."},
};

const struct fob_table fob_client_language = {.doc = "clients.yaml", TABLE(fields)};

static void check_source(const struct fob_client_rule *rule, const struct fob_secret_source *source,
                         const char *what, struct fob_problems *problems)
{
    int given =
        (source->text != NULL) + (source->file != NULL) + (source->env != NULL) + (source->command.n > 0);
    if (given > 1)
        fob_problem(problems, FOB_PROBLEM_ERROR, rule->mark, "keep one of them",
                    "\"%s\" says in more than one way where its %s is", rule->name, what);
}

fob_err fob_client_file_read(const char *text, size_t len, const char *file, struct fob_client_file *ret,
                             struct fob_error *error)
{
    struct fob_problems problems = {.file = file, .code = FOB_E_CONFIG};
    struct fob_client_file clients = {0};
    struct fob_yaml *root = NULL;
    fob_err err = fob_yaml_read(text, len, file, &root, error);
    if (err != FOB_OK) {
        if (error && err == FOB_E_DESCRIPTOR)
            error->code = FOB_E_CONFIG;
        return err == FOB_E_DESCRIPTOR ? FOB_E_CONFIG : err;
    }
    if (root && root->kind != FOB_YAML_MAP)
        fob_problem(&problems, FOB_PROBLEM_ERROR, root->mark, "begin with the line \"clients:\"",
                    "clients.yaml has to be a block of keys, not %s", fob_yaml_kind_word(root->kind));
    else
        fob_fields_read(&fob_client_language, root, &clients, &problems);
    for (size_t i = 0; i < clients.n_clients && !problems.ended; i++) {
        check_source(&clients.clients[i], &clients.clients[i].secret, "secret", &problems);
        check_source(&clients.clients[i], &clients.clients[i].key, "key", &problems);
    }
    fob_yaml_free(&root);
    if (problems.first.code == FOB_OK) {
        *ret = clients;
        return FOB_OK;
    }
    fob_client_file_free(&clients);
    if (error)
        *error = problems.first;
    return problems.first.code;
}

void fob_client_file_free(struct fob_client_file *file)
{
    fob_fields_free(&fob_client_language, file);
    *file = (struct fob_client_file){0};
}
