/* SPDX-License-Identifier: MIT */
/* Finding a client in clients.yaml and fetching its secret and key from where they are kept. */
#include "clients.h"
#include "../cleanup.h"
#include "../clientfile.h"
#include "../error.h"
#include "command.h"
#include "fd.h"
#include "trust.h"

#include <fob/limits.h>
#include <string.h>

static void free_file(struct fob_client_file *file)
{
    fob_client_file_free(file);
}

/* A secret to be fetched: of whom, where it is, and what it is called to people. */
struct errand {
    const struct fob_paths *paths;
    const struct fob_client_rule *rule;
    const struct fob_secret_source *source;
    const char *what;
};

/* A file made with an editor ends in a newline that is not part of the secret. */
static void trim(struct fob_buf *secret)
{
    if (secret->len && secret->data[secret->len - 1] == '\n')
        secret->data[--secret->len] = '\0';
    if (secret->len && secret->data[secret->len - 1] == '\r')
        secret->data[--secret->len] = '\0';
}

static fob_err from_file(const struct errand *errand, struct fob_buf *out, struct fob_error *error)
{
    fob_auto_buf whole = FOB_BUF(4096);
    const char *clients = errand->paths->clients_file, *slash = strrchr(clients, '/');
    if (*errand->source->file != '/' && slash)
        fob_buf_add(&whole, clients, (size_t)(slash + 1 - clients));
    fob_buf_str(&whole, errand->source->file);
    fob_err err = fob_buf_finish(&whole, "the path of the secret", error);
    if (err == FOB_OK)
        err = fob_trust_read(whole.data, FOB_TRUST_PRIVATE, out, error);
    if (err == FOB_E_NOT_FOUND)
        err = fob_fail(error, FOB_E_CONFIG, "make it, readable by you alone",
                       "the file with the client %s, %s, is not there", errand->what, whole.data);
    return err;
}

static fob_err from_environment(const struct errand *errand, struct fob_buf *out, struct fob_error *error)
{
    const char *value = errand->paths->trust_environment ? secure_getenv(errand->source->env) : NULL;
    if (!value)
        return fob_fail(error, FOB_E_CONFIG, "set it before the program starts",
                        "the environment variable %.64s, which should hold the client %s, is not set",
                        errand->source->env, errand->what);
    fob_buf_str(out, value);
    return fob_buf_finish(out, "what the environment holds", error);
}

static fob_err from_command(const struct errand *errand, struct fob_buf *out, struct fob_error *error)
{
    if (!errand->paths->trust_environment)
        return fob_fail(error, FOB_E_CONFIG, "keep it in a file",
                        "a set-uid program runs no command for a client %s", errand->what);
    return fob_command_output(&errand->source->command, out, error);
}

/* NULL when the entry names none. */
static fob_err fetch(const struct errand *errand, fob_secret **ret_secret, struct fob_error *error)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_TOKEN);
    const struct fob_secret_source *source = errand->source;
    fob_err err = FOB_OK;
    if (source->text)
        fob_buf_str(&text, source->text);
    else if (source->file)
        err = from_file(errand, &text, error);
    else if (source->env)
        err = from_environment(errand, &text, error);
    else if (source->command.n)
        err = from_command(errand, &text, error);
    else
        return FOB_OK;
    if (err == FOB_OK)
        err = fob_buf_finish(&text, "a client's secret or key", error);
    if (err != FOB_OK)
        return err;
    trim(&text);
    if (text.len == 0)
        return fob_fail(error, FOB_E_CONFIG, "check where it is kept", "the client %s of \"%s\" is empty",
                        errand->what, errand->rule->name);
    return fob_secret_new(text.data, text.len, ret_secret, error);
}

static fob_err make_client(const struct fob_paths *paths, const struct fob_client_rule *rule,
                           fob_client **ret_client, struct fob_error *error)
{
    fob_auto_secret *secret = NULL, *key = NULL;
    fob_err err = fetch(&(struct errand){paths, rule, &rule->secret, "secret"}, &secret, error);
    if (err == FOB_OK)
        err = fetch(&(struct errand){paths, rule, &rule->key, "key"}, &key, error);
    if (err == FOB_OK)
        err = fob_client_new_with_key(rule->client_id, secret, key, ret_client, error);
    return err;
}

/* --- the entry ---------------------------------------------------------------------------------------------- */

/* What the table read becomes the entry's; the rest is freed with the file. */
static fob_err take(const struct fob_paths *paths, struct fob_client_rule *rule, struct fob_client_entry *ret,
                    struct fob_error *error)
{
    static const char *const grants[] = {"authorization_code", "client_credentials"};
    fob_err err = make_client(paths, rule, &ret->client, error);
    if (err == FOB_E_ARGUMENT) {
        if (error)
            error->code = FOB_E_CONFIG;
        return fob_fail_at(error, FOB_E_CONFIG, paths->clients_file, rule->mark.line, rule->mark.column);
    }
    if (err != FOB_OK)
        return err;
    for (size_t i = 0; i < rule->variables.n; i++)
        fob_pairs_set(&ret->variables, rule->variables.v[i].name, rule->variables.v[i].value);
    ret->grant = strdup(grants[rule->grant]);
    if (!ret->grant || ret->variables.failed != FOB_OK)
        return fob_no_memory(error);
    ret->provider = fob_steal(&rule->provider);
    ret->environment = fob_steal(&rule->environment);
    ret->redirect_uri = fob_steal(&rule->redirect_uri);
    ret->scopes = rule->scopes;
    rule->scopes = (struct fob_strings){0};
    return FOB_OK;
}

static bool holds_a_plain_secret(const struct fob_client_file *file)
{
    for (size_t i = 0; i < file->n_clients; i++)
        if (file->clients[i].secret.text || file->clients[i].key.text)
            return true;
    return false;
}

static fob_err read_file(const char *path, struct fob_client_file *ret, struct fob_error *error)
{
    fob_auto_fd int fd = -1;
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_DESCRIPTOR);
    fob_err err = fob_trust_open(path, FOB_TRUST_READABLE, &fd, error);
    if (err == FOB_OK)
        err = fob_trust_read_fd(fd, path, &text, error);
    if (err == FOB_OK)
        err = fob_client_file_read(text.data, text.len, path, ret, error);
    if (err == FOB_OK && holds_a_plain_secret(ret))
        err = fob_trust_check(fd, path, FOB_TRUST_PRIVATE, error);
    return err;
}

fob_err fob_clients_find(const struct fob_paths *paths, const char *name, struct fob_client_entry *ret,
                         struct fob_error *error)
{
    fob_cleanup(free_file) struct fob_client_file file = {0};
    struct fob_client_entry entry = {0};
    fob_err err = read_file(paths->clients_file, &file, error);
    if (err != FOB_OK)
        return err;
    for (size_t i = 0; i < file.n_clients; i++) {
        if (strcmp(file.clients[i].name, name) != 0)
            continue;
        err = take(paths, &file.clients[i], &entry, error);
        if (err == FOB_OK)
            *ret = entry;
        else
            fob_client_entry_free(&entry);
        return err;
    }
    return fob_fail(error, FOB_E_NOT_FOUND, "add it", "%s has no client \"%.128s\"", paths->clients_file,
                    name);
}

void fob_client_entry_free(struct fob_client_entry *entry)
{
    free(entry->provider);
    free(entry->grant);
    free(entry->environment);
    free(entry->redirect_uri);
    fob_client_free(&entry->client);
    fob_pairs_free(&entry->variables);
    for (size_t i = 0; i < entry->scopes.n; i++)
        free(entry->scopes.v[i]);
    free(entry->scopes.v);
    *entry = (struct fob_client_entry){0};
}
