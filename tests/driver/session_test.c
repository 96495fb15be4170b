/* SPDX-License-Identifier: MIT */
/* core/io/session.c, core/io/keep.c: opened when needed, sealed in the store, and what is wrong with it told as it is. */
#include "cleanup.h"
#include "room.h"

#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static fob_session *session;
static fob_token *token;
static struct fob_error error;

static void begin(void)
{
    room_begin();
    session = room_open();
    token = NULL;
    error = (struct fob_error)FOB_ERROR_INIT;
}

static void end(void)
{
    fob_token_unref(&token);
    fob_close(&session);
    room_end();
}

TestSuite(session, .init = begin, .fini = end);

static void reopen(void)
{
    fob_close(&session);
    session = room_open();
}

static bool is_there(const char *name)
{
    return access(room_path(name), F_OK) == 0;
}

/* --- opening ------------------------------------------------------------------------------------------------ */

Test(session, opening_and_asking_makes_nothing)
{
    fob_connection *connection = NULL;
    cr_expect_eq(fob_get_connection(session, "work", &connection, &error), FOB_E_NEEDS_LOGIN);
    cr_expect_not(is_there("fob.db"));
    cr_expect_not(is_there("fob.key"));
}

Test(session, what_is_wrong_with_the_call_is_told)
{
    struct fob_options zero = {0};
    fob_session *other = NULL;
    fob_connection *connection = NULL;
    cr_expect_eq(fob_open(&zero, &other, &error), FOB_E_ARGUMENT);
    cr_expect(strstr(error.fix, "FOB_OPTIONS_INIT"));
    cr_expect_eq(fob_open(NULL, NULL, &error), FOB_E_ARGUMENT);
    cr_expect_null(other);
    cr_expect_eq(fob_get_connection(session, NULL, &connection, &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_list_connections(session, NULL, NULL, &error), FOB_E_ARGUMENT);
    fob_close(&other);
    fob_close(NULL);
}

Test(session, an_older_hosts_shorter_options_are_taken)
{
    struct fob_options options = room_options();
    fob_session *other = NULL;
    options.size = offsetof(struct fob_options, provider_path);
    cr_assert_eq(fob_open(&options, &other, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(other->paths.store, room_path("fob.db"));
    cr_expect_neq(strcmp(other->paths.providers.v[0], room_path("providers")), 0, "it did not know of that");
    fob_close(&other);
    cr_expect_null(other);
}

Test(session, the_transport_is_told_what_the_host_said)
{
    struct fob_options options = room_options();
    options.ca_file = "/some/ca.pem";
    options.proxy = "http://127.0.0.1:3128";
    options.ignore_environment = 1;
    room_put_connection(session, "work", 0);
    fob_close(&session);
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK);
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(mock->ca_file, "/some/ca.pem");
    cr_expect_str_eq(mock->proxy, "http://127.0.0.1:3128");
    cr_expect_eq(mock->ignore_environment, 1);
}

Test(session, in_memory_nothing_is_written_and_all_is_gone_at_the_end)
{
    struct fob_options options = room_options();
    fob_session *other = NULL;
    fob_connection *connection = NULL;
    options.store_in_memory = 1;
    cr_assert_eq(fob_open(&options, &other, &error), FOB_OK);
    room_put_connection(other, "work", 0);
    cr_assert_eq(fob_get_token(other, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    expect_token(token, "access-1", "refresh-0");
    cr_expect_not(is_there("fob.db"));
    cr_expect_not(is_there("fob.key"));
    fob_close(&other);
    expect_token(token, "access-1", "refresh-0");
    cr_assert_eq(fob_open(&options, &other, &error), FOB_OK);
    cr_expect_eq(fob_get_connection(other, "work", &connection, &error), FOB_E_NEEDS_LOGIN);
    fob_close(&other);
}

/* --- what is kept ------------------------------------------------------------------------------------------- */

Test(session, no_token_stands_readable_in_a_file)
{
    char command[256];
    room_put_connection(session, "work", 0);
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK);
    snprintf(command, sizeof command, "grep -qaE 'access-|refresh-|client-1' '%s'/fob*", room_path(""));
    cr_expect_neq(system(command), 0);
    snprintf(command, sizeof command, "grep -qa work '%s'/fob.db", room_path(""));
    cr_expect_eq(system(command), 0, "the test looks into the right file");
}

Test(session, a_connection_is_given_with_its_facts_and_outlives_the_session)
{
    fob_connection *connection = NULL;
    room_put_connection(session, "work", FOREVER);
    cr_assert_eq(fob_get_connection(session, "work", &connection, &error), FOB_OK, "%s", error.what);
    fob_close(&session);
    cr_expect_str_eq(fob_connection_name(connection), "work");
    cr_expect_str_eq(fob_connection_provider(connection), "acme");
    cr_expect_str_eq(fob_connection_grant(connection), "authorization_code");
    cr_expect_str_eq(fob_connection_scope(connection), "mail");
    cr_expect_str_eq(fob_connection_client_id(connection), "client-1");
    cr_expect_str_eq(fob_connection_environment(connection), "");
    cr_expect_str_eq(fob_connection_dead_reason(connection), "");
    cr_expect_eq(fob_connection_created_at(connection), START);
    cr_expect_null(fob_connection_variable(connection, 0));
    expect_token(fob_connection_token(connection), "access-0", "refresh-0");
    fob_connection_unref(&connection);
}

static fob_err gather(void *user, fob_connection *connection, struct fob_error *failure)
{
    char *names = user;
    size_t len = strlen(names);
    snprintf(names + len, 64 - len, "%s ", fob_connection_name(connection));
    return strcmp(fob_connection_name(connection), "stop") == 0
               ? fob_error_set(failure, FOB_E_CANCELLED, "enough", NULL)
               : FOB_OK;
}

Test(session, the_list_is_by_name_empty_without_a_store_and_can_be_stopped)
{
    char names[64] = "";
    cr_expect_eq(fob_list_connections(session, gather, names, &error), FOB_OK);
    cr_expect_str_eq(names, "");
    cr_expect_not(is_there("fob.db"));
    room_put_connection(session, "b", 0);
    room_put_connection(session, "a", 0);
    reopen();
    cr_expect_eq(fob_list_connections(session, gather, names, &error), FOB_OK);
    cr_expect_str_eq(names, "a b ");
    room_put_connection(session, "stop", 0);
    room_put_connection(session, "z", 0);
    names[0] = '\0';
    cr_expect_eq(fob_list_connections(session, gather, names, &error), FOB_E_CANCELLED);
    cr_expect_str_eq(error.what, "enough");
    cr_expect_str_eq(names, "a b stop ");
}

/* --- what can be wrong with it ------------------------------------------------------------------------------ */

static void expect_all_fail(fob_err code, const char *what)
{
    char names[64] = "";
    reopen();
    cr_expect_eq(fob_get_token(session, "work", 0, &token, &error), code, "%s", error.what);
    cr_expect(strstr(error.what, what), "%s", error.what);
    cr_expect_str_neq(error.fix, "");
    reopen();
    cr_expect_eq(fob_list_connections(session, gather, names, &error), code, "%s", error.what);
    reopen();
    cr_expect_eq(fob_log_out(session, "work", FOB_LOGOUT_FORGET, NULL, &error), code, "%s", error.what);
    cr_expect_eq(mock->performed, 0);
}

Test(session, a_store_that_is_damaged_is_one_clear_error)
{
    room_put_connection(session, "work", FOREVER);
    fob_close(&session);
    cr_assert_eq(truncate(room_path("fob.db"), 5000), 0);
    expect_all_fail(FOB_E_STORE, "damaged");
}

Test(session, a_file_that_is_no_store_is_left_alone)
{
    struct stat st;
    room_write("fob.db", "a letter to somebody, which is longer than the head of a database is", 0600);
    cr_assert_eq(stat(room_path("fob.db"), &st), 0);
    off_t before = st.st_size;
    room_write("fob.key", "", 0600);
    expect_all_fail(FOB_E_KEY, "not a key file");
    unlink(room_path("fob.key"));
    expect_all_fail(FOB_E_KEY, "missing");
    cr_assert_eq(stat(room_path("fob.db"), &st), 0);
    cr_expect_eq(st.st_size, before);
}

Test(session, another_key_opens_nothing)
{
    room_put_connection(session, "work", FOREVER);
    room_write("fob.key", "fob-key-1\n0000000000000000000000000000000000000000000000000000000000000000\n",
               0600);
    expect_all_fail(FOB_E_KEY, "another key");
}

static fob_err log_in(void)
{
    fob_auto_client *client = NULL;
    struct fob_login login = FOB_LOGIN_INIT;
    cr_assert_eq(fob_client_new("client-1", NULL, &client, NULL), FOB_OK);
    login.name = "other";
    login.provider = "acme";
    login.client = client;
    login.grant = "client_credentials";
    return fob_log_in(session, &login, NULL, &error);
}

Test(session, a_key_that_is_missing_beside_old_records_is_not_made_anew)
{
    room_put_connection(session, "work", FOREVER);
    cr_assert_eq(unlink(room_path("fob.key")), 0);
    expect_all_fail(FOB_E_KEY, "is missing");
    reopen();
    cr_expect_eq(log_in(), FOB_E_KEY);
    cr_expect_not(is_there("fob.key"));
    cr_expect_eq(mock->performed, 0, "nothing is granted that could not be kept");
}

Test(session, beside_an_empty_store_it_is)
{
    room_put_connection(session, "work", FOREVER);
    cr_assert_eq(fob_log_out(session, "work", FOB_LOGOUT_FORGET, NULL, &error), FOB_OK);
    cr_assert_eq(unlink(room_path("fob.key")), 0);
    reopen();
    cr_expect_eq(log_in(), FOB_OK, "%s", error.what);
    cr_expect(is_there("fob.key"));
}

Test(session, a_key_that_others_can_read_is_not_used)
{
    room_put_connection(session, "work", FOREVER);
    cr_assert_eq(chmod(room_path("fob.key"), 0644), 0);
    expect_all_fail(FOB_E_UNTRUSTED, "read by others");
}

/* --- read only ---------------------------------------------------------------------------------------------- */

/* What there is can be used; what would have to be written fails before anything is sent. */
static int try_read_only(void)
{
    struct fob_options options = room_options();
    fob_session *own = NULL;
    if (fob_open(&options, &own, &error) != FOB_OK)
        return 3;
    if (fob_get_token(own, "good", 0, &token, &error) != FOB_OK)
        return 4;
    fob_token_unref(&token);
    if (fob_get_token(own, "work", 0, &token, &error) != FOB_E_STORE || !*error.fix)
        return 5;
    if (fob_get_token(own, "good", 0, &token, &error) != FOB_OK)
        return 6;
    fob_token_unref(&token);
    if (fob_refresh_token(own, "good", &token, &error) != FOB_E_STORE)
        return 7;
    if (fob_log_out(own, "good", FOB_LOGOUT_FORGET, NULL, &error) != FOB_E_STORE)
        return 8;
    fob_close(&session);
    session = own;
    if (log_in() != FOB_E_STORE || !strstr(error.what, "cannot be written"))
        return 9;
    fob_close(&session);
    return mock->performed ? 10 : 0;
}

static void put_good_and_ended(void)
{
    room_put_connection(session, "good", FOREVER);
    room_put_connection(session, "work", 0);
    fob_close(&session);
}

static void try_as_nobody(void)
{
    if (setgid(65534) != 0 || setuid(65534) != 0)
        _exit(2);
    _exit(try_read_only());
}

Test(session, a_store_that_we_may_only_read_still_gives_what_it_has)
{
    static const char *const files[] = {"fob.db", "fob.db-journal", "fob.key"};
    if (geteuid() != 0)
        cr_skip_test("only root may give a store away");
    put_good_and_ended();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        cr_assert_eq(chown(room_path(files[i]), 65534, 65534), 0);
        cr_assert_eq(chmod(room_path(files[i]), 0400), 0);
    }
    cr_assert_eq(chmod(room_path(""), 0755), 0);
    int status = in_child(try_as_nobody);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x: %s", status, error.what);
}

Test(session, so_does_one_on_a_read_only_disk)
{
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        cr_skip_test("only root may mount a disk");
    put_good_and_ended();
    cr_assert_eq(mount(room_path(""), room_path(""), NULL, MS_BIND, NULL), 0);
    cr_assert_eq(mount(NULL, room_path(""), NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), 0);
    int result = try_read_only();
    cr_assert_eq(umount2(room_path(""), MNT_DETACH), 0);
    cr_expect_eq(result, 0, "%d: %s", result, error.what);
}
