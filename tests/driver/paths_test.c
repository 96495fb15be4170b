/* SPDX-License-Identifier: MIT */
/* core/io/paths.c: options win over the environment, which wins over the defaults; and whom it may not lead. */
#include "room.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct fob_paths paths;
static struct fob_error error;

static void begin(void)
{
    room_begin();
    setenv("HOME", "/home/of/ann", 1);
    error = (struct fob_error)FOB_ERROR_INIT;
}

static void end(void)
{
    fob_paths_free(&paths);
    room_end();
}

TestSuite(paths, .init = begin, .fini = end);

static void init(const struct fob_options *options)
{
    fob_paths_free(&paths);
    cr_assert_eq(fob_paths_init(&paths, options, &error), FOB_OK, "%s", error.what);
}

/* The list, its folders joined by spaces. */
static const char *joined(const struct fob_strings *list)
{
    static char text[2048];
    text[0] = '\0';
    for (size_t i = 0; i < list->n; i++) {
        size_t len = strlen(text);
        snprintf(text + len, sizeof text - len, "%s%s", i ? " " : "", list->v[i]);
    }
    return text;
}

Test(paths, by_default_all_is_in_the_home_folder_and_the_users_folders_come_first)
{
    init(NULL);
    cr_expect_str_eq(paths.store, "/home/of/ann/.local/share/fob/fob.db");
    cr_expect_str_eq(paths.key, "/home/of/ann/.local/share/fob/fob.key");
    cr_expect_str_eq(paths.clients_file, "/home/of/ann/.config/fob/clients.yaml");
    cr_expect(fob_starts_with(joined(&paths.providers),
                              "/home/of/ann/.config/fob/providers /etc/fob/providers " FOB_BUILD_DIR "/lib/"),
              "%s", joined(&paths.providers));
    cr_expect_str_eq(joined(&paths.plugins),
                     "/home/of/ann/.local/share/fob/plugins " FOB_BUILD_DIR "/lib/fob");
    cr_expect_null(paths.ca_file);
    cr_expect(paths.trust_environment);
}

Test(paths, the_xdg_folders_are_used_when_they_are_whole_paths)
{
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("XDG_CONFIG_HOME", "/config", 1);
    init(NULL);
    cr_expect_str_eq(paths.store, "/data/fob/fob.db");
    cr_expect_str_eq(paths.clients_file, "/config/fob/clients.yaml");
    setenv("XDG_DATA_HOME", "data", 1);
    setenv("XDG_CONFIG_HOME", "", 1);
    init(NULL);
    cr_expect_str_eq(paths.store, "/home/of/ann/.local/share/fob/fob.db");
    cr_expect_str_eq(paths.clients_file, "/home/of/ann/.config/fob/clients.yaml");
}

static void set_all(void)
{
    setenv("FOB_STORE", "/env/store.db", 1);
    setenv("FOB_KEY", "/env/key", 1);
    setenv("FOB_CLIENTS", "/env/clients.yaml", 1);
    setenv("FOB_PROVIDER_PATH", "/env/p1::/env/p2:", 1);
    setenv("FOB_PLUGIN_PATH", "/env/m", 1);
    setenv("SSL_CERT_FILE", "/env/ca.pem", 1);
}

Test(paths, each_has_a_variable_of_its_own)
{
    set_all();
    init(NULL);
    cr_expect_str_eq(paths.store, "/env/store.db");
    cr_expect_str_eq(paths.key, "/env/key");
    cr_expect_str_eq(paths.clients_file, "/env/clients.yaml");
    cr_expect_str_eq(joined(&paths.providers), "/env/p1 /env/p2", "no entry means the current folder");
    cr_expect_str_eq(joined(&paths.plugins), "/env/m");
    cr_expect_str_eq(paths.ca_file, "/env/ca.pem");
    unsetenv("SSL_CERT_FILE");
    setenv("CURL_CA_BUNDLE", "/env/bundle.pem", 1);
    init(NULL);
    cr_expect_str_eq(paths.ca_file, "/env/bundle.pem");
}

static struct fob_options all_given(void)
{
    return (struct fob_options){.size = sizeof(struct fob_options),
                                .store_path = "/given/s.db",
                                .key_path = "/given/key",
                                .clients_file = "/given/c.yaml",
                                .provider_path = "/given/p",
                                .plugin_path = "/given/m1:/given/m2",
                                .ca_file = "/given/ca.pem"};
}

Test(paths, what_is_given_wins)
{
    struct fob_options options = all_given();
    set_all();
    init(&options);
    cr_expect_str_eq(paths.store, "/given/s.db");
    cr_expect_str_eq(paths.key, "/given/key");
    cr_expect_str_eq(paths.clients_file, "/given/c.yaml");
    cr_expect_str_eq(joined(&paths.providers), "/given/p");
    cr_expect_str_eq(joined(&paths.plugins), "/given/m1 /given/m2");
    cr_expect_str_eq(paths.ca_file, "/given/ca.pem");
}

Test(paths, the_key_is_beside_the_store)
{
    struct fob_options options = FOB_OPTIONS_INIT;
    options.store_path = "/else/where/s.db";
    init(&options);
    cr_expect_str_eq(paths.key, "/else/where/fob.key");
    options.store_path = "s.db";
    init(&options);
    cr_expect_str_eq(paths.key, "fob.key");
}

static const char *home_in_database(void)
{
    const struct passwd *me = getpwuid(geteuid());
    if (!me || !me->pw_dir || *me->pw_dir != '/')
        cr_skip_test("this user has no home folder");
    return me->pw_dir;
}

Test(paths, a_host_may_say_that_the_environment_counts_for_nothing)
{
    struct fob_options options = FOB_OPTIONS_INIT;
    char store[256];
    snprintf(store, sizeof store, "%s/.local/share/fob/fob.db", home_in_database());
    set_all();
    setenv("XDG_DATA_HOME", "/data", 1);
    options.ignore_environment = 1;
    init(&options);
    cr_expect_str_eq(paths.store, store);
    cr_expect_null(strstr(joined(&paths.providers), "/env"));
    cr_expect_null(strstr(joined(&paths.plugins), "/env"));
    cr_expect_null(paths.ca_file);
    cr_expect_not(paths.trust_environment);
    options = all_given();
    options.ignore_environment = 1;
    init(&options);
    cr_expect_str_eq(paths.store, "/given/s.db");
}

Test(paths, without_home_the_user_database_is_asked)
{
    char store[256];
    snprintf(store, sizeof store, "%s/.local/share/fob/fob.db", home_in_database());
    unsetenv("HOME");
    init(NULL);
    cr_expect_str_eq(paths.store, store);
    setenv("HOME", "not/whole", 1);
    init(NULL);
    cr_expect_str_eq(paths.store, store);
}

static void be_nobody_known(void)
{
    unsetenv("HOME");
    if (setuid(54321) != 0)
        _exit(2);
    if (fob_paths_init(&paths, NULL, &error) != FOB_E_CONFIG || !strstr(error.fix, "set HOME"))
        _exit(3);
}

Test(paths, a_user_without_a_home_is_told_what_to_set)
{
    if (geteuid() != 0)
        cr_skip_test("only root may become a user that is not known");
    int status = in_child(be_nobody_known);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
}

/* --- set-uid ------------------------------------------------------------------------------------------------ */

#define OWNER 65534 /* nobody */
#define CALLER 1    /* daemon */

static void copy_helper(void)
{
    char part[65536];
    ssize_t got;
    int in = open(FOB_BUILD_DIR "/tests/driver_setuid_helper", O_RDONLY | O_CLOEXEC);
    int out = open(room_path("helper"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    cr_assert(in >= 0 && out >= 0);
    while ((got = read(in, part, sizeof part)) > 0)
        cr_assert_eq(write(out, part, (size_t)got), got);
    close(in);
    cr_assert_eq(fchown(out, OWNER, OWNER), 0);
    cr_assert_eq(fchmod(out, 04755), 0);
    close(out);
    cr_assert_eq(chmod(room_path(""), 0755), 0);
}

/* As CALLER, with an environment that leads astray. */
static void run_helper(void)
{
    setenv("HOME", "/env/home", 1);
    setenv("XDG_DATA_HOME", "/env/data", 1);
    setenv("XDG_CONFIG_HOME", "/env/config", 1);
    setenv("CURL_CA_BUNDLE", "/env/bundle.pem", 1);
    set_all();
    if (setgroups(0, NULL) != 0 || setgid(CALLER) != 0 || setuid(CALLER) != 0)
        _exit(2);
    execl(room_path("helper"), "helper", (char *)NULL);
    _exit(3);
}

static void read_helper(char *out, size_t size)
{
    int ends[2], status;
    size_t len = 0;
    ssize_t got;
    cr_assert_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        run_helper();
    }
    close(ends[1]);
    while ((got = read(ends[0], out + len, size - 1 - len)) > 0)
        len += (size_t)got;
    out[len] = '\0';
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x: %s", status, out);
}

Test(paths, running_set_uid_the_environment_of_the_caller_leads_nowhere)
{
    char told[4096];
    const struct passwd *owner = getpwuid(OWNER);
    if (geteuid() != 0 || !owner)
        cr_skip_test("only root may make a set-uid program of somebody else's");
    copy_helper();
    read_helper(told, sizeof told);
    if (strstr(told, "not set-uid"))
        cr_skip_test("set-uid counts for nothing where the tests run");
    cr_expect_null(strstr(told, "/env/"), "%s", told);
    cr_expect(strstr(told, "environment: no"), "%s", told);
    char store[256];
    snprintf(store, sizeof store, "store: %s/.local/share/fob/fob.db\n", owner->pw_dir);
    cr_expect(strstr(told, store), "the owner's, not the caller's: %s", told);
}
