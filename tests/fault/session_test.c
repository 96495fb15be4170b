/* SPDX-License-Identifier: MIT */
/* The driver's own work while every allocation fails once: folders, files, clients with their secrets, the store. */
#include "cleanup.h"
#include "faults.h"
#include "io/clients.h"
#include "io/driver.h"
#include "rich.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/fob-fault-XXXXXX";
static char clients_file[64], key_file[64];
static struct fob_options options = FOB_OPTIONS_INIT;

static void put(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void begin(void)
{
    char link[128];
    cr_assert_not_null(mkdtemp(folder));
    put("acme.yaml", rich);
    put("empty.yaml", "");
    put("secret", "s3cret-of-the-client\n");
    put("clients.yaml",
        "clients:\n"
        "  work: {provider: acme, client_id: one, client_secret_file: secret, scopes: [mail, more],\n"
        "         variables: {pin: \"1234\"}, environment: sandbox, redirect_uri: \"http://[::1]/\"}\n");
    snprintf(link, sizeof link, "%s/linked.yaml", folder);
    snprintf(clients_file, sizeof clients_file, "%s/clients.yaml", folder);
    snprintf(key_file, sizeof key_file, "%s/key", folder);
    put("target", "fob: 1\ntoken_endpoint: https://acme.example/t\n");
    cr_assert_eq(symlink("target", link), 0);
    options.provider_path = folder;
    options.plugin_path = folder;
    options.clients_file = clients_file;
    options.key_path = key_file;
    options.store_path = "/nonexistent/fob.db";
    options.ca_file = "/nonexistent/ca.pem";
    options.proxy = "http://127.0.0.1:1";
    options.ignore_environment = 1;
    options.store_in_memory = 1;
}

static void end(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(session, .init = begin, .fini = end);

typedef fob_err session_work(fob_session *session);

static fob_err in_session(session_work *work)
{
    fob_session *session = NULL;
    fob_err err = fob_open(&options, &session, NULL);
    if (err == FOB_OK)
        err = work(session);
    fob_close(&session);
    return err;
}

/* --- what it finds ------------------------------------------------------------------------------------------ */

static fob_err find_acme(fob_session *session)
{
    fob_auto_provider *provider = NULL;
    return fob_find_provider(session, "acme", &provider, NULL);
}

static fob_err find_linked(fob_session *session)
{
    fob_auto_provider *provider = NULL;
    return fob_find_provider(session, "linked", &provider, NULL);
}

static int count(void *user, const char *id, const char *file)
{
    (void)id, (void)file;
    ++*(unsigned *)user;
    return 0;
}

static fob_err list(fob_session *session)
{
    unsigned n = 0;
    fob_err err = fob_list_providers(session, count, &n, NULL);
    return err == FOB_OK && n != 3 ? FOB_E_NOT_FOUND : err; /* acme, clients, linked: all that end in .yaml */
}

static fob_err find_client(fob_session *session)
{
    struct fob_client_entry entry = {0};
    fob_err err = fob_clients_find(&session->paths, "work", &entry, NULL);
    fob_client_entry_free(&entry);
    return err;
}

#define RUN(work)                                                                                            \
    static fob_err run_##work(void)                                                                          \
    {                                                                                                        \
        return in_session(work);                                                                             \
    }
RUN(find_acme)
RUN(find_linked)
RUN(list)
RUN(find_client)

Test(session, fails_in_finding_what_is_in_its_folders)
{
    fail_each_allocation("a provider", run_find_acme, 80);
    fail_each_allocation("a provider behind a link", run_find_linked, 30);
    fail_each_allocation("all providers", run_list, 15);
    fail_each_allocation("a client", run_find_client, 35);
}

/* --- what it keeps ------------------------------------------------------------------------------------------ */

static fob_connection *connection;

static void make_connection(void)
{
    fob_token *token = fob_token_new();
    cr_assert_eq(fob_secret_new("at-1", 4, &token->access, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new("rt-1", 4, &token->refresh, NULL), FOB_OK);
    connection = fob_connection_new();
    connection->name = fob_strdup("work");
    connection->provider = fob_strdup("acme");
    connection->token = token;
    cr_assert_eq(fob_client_new("one", NULL, &connection->client, NULL), FOB_OK);
}

static fob_err count_connection(void *user, fob_connection *each, struct fob_error *error)
{
    (void)each, (void)error;
    ++*(unsigned *)user;
    return FOB_OK;
}

static fob_err read_back(fob_session *session)
{
    struct fob_kept kept;
    unsigned n = 0;
    fob_err err = fob_keep_read(session, "work", &kept, NULL);
    if (err != FOB_OK)
        return err;
    fob_connection_unref(&kept.connection);
    err = fob_list_connections(session, count_connection, &n, NULL);
    return err == FOB_OK && n != 1 ? FOB_E_NOT_FOUND : err;
}

static fob_err renew(fob_session *session)
{
    struct fob_kept kept;
    fob_err err = fob_keep_lease(session, "work", &kept, NULL);
    if (err != FOB_OK)
        return err;
    err = fob_keep_commit(session, kept.connection, kept.fence, NULL);
    fob_connection_unref(&kept.connection);
    return err;
}

static fob_err keep(fob_session *session)
{
    fob_err err = fob_keep_put(session, connection, NULL);
    if (err == FOB_OK)
        err = read_back(session);
    return err == FOB_OK ? renew(session) : err;
}
RUN(keep)

Test(session, fails_in_keeping_a_connection)
{
    make_connection();
    fail_each_allocation("a connection", run_keep, 100);
    fob_connection_unref(&connection);
}
