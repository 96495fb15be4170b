/* SPDX-License-Identifier: MIT */
/* The room that a test of the driver runs in. */
#include "room.h"

#include "cleanup.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct mock *mock;

static char folder[32];

/* --- the clock ---------------------------------------------------------------------------------------------- */

int64_t __real_fob_now(void);
int64_t __wrap_fob_now(void);

/* The linker puts this in the place of core/io/clock.c. */
int64_t __wrap_fob_now(void)
{
    if (mock && mock->tick)
        mock->tick(mock);
    int64_t set = mock ? atomic_load(&mock->now) : 0;
    return set ? set : __real_fob_now();
}

void move_clock(int64_t ms)
{
    atomic_fetch_add(&mock->now, ms);
}

/* --- the folder --------------------------------------------------------------------------------------------- */

const char *room_path(const char *name)
{
    static char paths[4][128];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

void room_write(const char *name, const char *text, mode_t mode)
{
    size_t len = strlen(text);
    int fd = open(room_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    cr_assert_geq(fd, 0, "%s", name);
    cr_assert_eq(write(fd, text, len), (ssize_t)len);
    cr_assert_eq(fchmod(fd, mode), 0);
    close(fd);
}

static void copy_plugin(const char *id)
{
    char from[512], to[64], part[65536];
    ssize_t got;
    snprintf(from, sizeof from, FOB_BUILD_DIR "/tests/driver/plugins/%s.so", id);
    snprintf(to, sizeof to, "plugins/%s.so", id);
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(room_path(to), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    cr_assert(in >= 0 && out >= 0, "%s", from);
    while ((got = read(in, part, sizeof part)) > 0)
        cr_assert_eq(write(out, part, (size_t)got), got);
    close(in);
    close(out);
}

static void make_mock(void)
{
    char address[32];
    mock = mmap(NULL, sizeof *mock, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(mock, MAP_FAILED);
    mock->lifetime = 3600;
    atomic_store(&mock->now, START);
    snprintf(address, sizeof address, "%p", (void *)mock);
    cr_assert_eq(setenv(MOCK_ENV, address, 1), 0);
}

/* What the caller's environment says must not reach the tests. */
static void clear_environment(void)
{
    static const char *const names[] = {"FOB_STORE",       "FOB_KEY",       "FOB_PROVIDER_PATH",
                                        "FOB_PLUGIN_PATH", "FOB_CLIENTS",   "XDG_CONFIG_HOME",
                                        "XDG_DATA_HOME",   "SSL_CERT_FILE", "CURL_CA_BUNDLE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
    setenv("HOME", folder, 1);
}

void room_begin(void)
{
    umask(022);
    strcpy(folder, "/tmp/fob-driver-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(mkdir(room_path("plugins"), 0755), 0);
    cr_assert_eq(mkdir(room_path("providers"), 0755), 0);
    cr_assert_eq(mkdir(room_path("config"), 0755), 0);
    clear_environment();
    copy_plugin("transport-curl");
    copy_plugin("listener-mhd");
    make_mock();
    room_write("providers/acme.yaml",
               "fob: 1\n"
               "authorization_endpoint: https://acme.example/authorize\n"
               "token_endpoint: https://acme.example/token\n"
               "revocation_endpoint: https://acme.example/revoke\n",
               0644);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st, (void)type, (void)walk;
    return remove(path);
}

void room_end(void)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    munmap(mock, sizeof *mock);
    mock = NULL;
}

/* --- sessions and connections --------------------------------------------------------------------------------- */

struct fob_options room_options(void)
{
    static char store[128], providers[128], plugins[128], clients[128];
    struct fob_options options = FOB_OPTIONS_INIT;
    snprintf(store, sizeof store, "%s", room_path("fob.db"));
    snprintf(providers, sizeof providers, "%s", room_path("providers"));
    snprintf(plugins, sizeof plugins, "%s", room_path("plugins"));
    snprintf(clients, sizeof clients, "%s", room_path("config/clients.yaml"));
    options.store_path = store;
    options.provider_path = providers;
    options.plugin_path = plugins;
    options.clients_file = clients;
    return options;
}

fob_session *room_open(void)
{
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_options options = room_options();
    fob_session *session = NULL;
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK, "%s", error.what);
    return session;
}

static fob_secret *secret(const char *text)
{
    fob_secret *made = NULL;
    cr_assert_eq(fob_secret_new(text, strlen(text), &made, NULL), FOB_OK);
    return made;
}

void room_put_connection(fob_session *session, const char *name, int forever)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_connection *connection = fob_connection_new();
    cr_assert_not_null(connection);
    connection->name = fob_strdup(name);
    connection->provider = fob_strdup("acme");
    connection->grant = fob_strdup("authorization_code");
    connection->scope = fob_strdup("mail");
    connection->created_at = fob_now();
    connection->token = fob_token_new();
    connection->token->access = secret("access-0");
    connection->token->refresh = secret("refresh-0");
    connection->token->obtained_at = fob_now() - 1000;
    connection->token->expires_at = forever ? 0 : fob_now();
    cr_assert_eq(fob_client_new("client-1", NULL, &connection->client, &error), FOB_OK);
    cr_assert_eq(fob_keep_put(session, connection, &error), FOB_OK, "%s", error.what);
    fob_connection_unref(&connection);
}

struct fob_kept room_kept(const char *name)
{
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_kept kept = {0};
    fob_session *session = room_open();
    fob_err err = fob_keep_read(session, name, &kept, &error);
    cr_assert(err == FOB_OK || err == FOB_E_NEEDS_LOGIN, "%s", error.what);
    fob_close(&session);
    return kept;
}

void expect_token(fob_token *token, const char *access, const char *refresh)
{
    cr_assert_not_null(token);
    const char *given = fob_secret_peek(fob_token_refresh(token), NULL);
    cr_expect_str_eq(fob_secret_peek(fob_token_access(token), NULL), access);
    cr_expect_str_eq(given ? given : "", refresh);
}

void expect_stored(const char *name, const char *access, const char *refresh)
{
    struct fob_kept kept = room_kept(name);
    cr_assert_not_null(kept.connection, "there is no %s", name);
    expect_token(kept.connection->token, access, refresh);
    fob_connection_unref(&kept.connection);
}

/* --- processes ---------------------------------------------------------------------------------------------- */

int in_child(void (*function)(void))
{
    int status = 0;
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        function();
        _exit(0);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    return status;
}

void die(struct mock *unused)
{
    (void)unused;
    kill(getpid(), SIGKILL);
}
