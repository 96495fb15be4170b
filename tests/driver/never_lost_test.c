/* SPDX-License-Identifier: MIT */
/* Tokens are never lost: core/io/renew.c, store_sqlite.c and key_file.c in a process that is killed at every step. */
#include "fatal.h"
#include "room.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct fob_error error;

/* --- the victim ----------------------------------------------------------------------------------------------- */

static int fatal_at;
static bool torn;
static int looks; /* at the clock */

static fob_session *session_in_child(void)
{
    struct fob_options options = room_options();
    fob_session *session = NULL;
    if (fob_open(&options, &session, NULL) != FOB_OK)
        _exit(2);
    return session;
}

static void refresh(void)
{
    fob_token *token = NULL;
    fatal_arm(fatal_at, torn);
    fob_session *session = session_in_child();
    fob_err err = fob_refresh_token(session, "work", &token, &error);
    fob_close(&session);
    fatal_disarm();
    fob_token_unref(&token);
    _exit(err == FOB_OK ? 0 : 1);
}

static bool was_killed(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* --- a store to begin from each time ------------------------------------------------------------------------ */

struct saved {
    const char *name;
    char bytes[256 * 1024];
    size_t len;
    bool is_there;
};

static struct saved saved[] = {{.name = "fob.db"}, {.name = "fob.db-journal"}, {.name = "fob.key"}};
static int saved_current, saved_issued; /* of the provider */

#define EACH_SAVED(file) for (struct saved *file = saved; file < saved + sizeof saved / sizeof *saved; file++)

static void save(void)
{
    EACH_SAVED(file)
    {
        FILE *from = fopen(room_path(file->name), "rb");
        file->is_there = from != NULL;
        file->len = from ? fread(file->bytes, 1, sizeof file->bytes, from) : 0;
        cr_assert_lt(file->len, sizeof file->bytes);
        if (from)
            fclose(from);
    }
    saved_current = atomic_load(&mock->current);
    saved_issued = atomic_load(&mock->issued);
}

static void remove_store(void)
{
    EACH_SAVED(file)
    unlink(room_path(file->name));
    unlink(room_path("fob.db-lease"));
}

static void start_anew(enum mock_rotation rotation)
{
    remove_store();
    EACH_SAVED(file)
    {
        FILE *to = file->is_there ? fopen(room_path(file->name), "wb") : NULL;
        if (to) {
            cr_assert_eq(fwrite(file->bytes, 1, file->len, to), file->len);
            fclose(to);
            cr_assert_eq(chmod(room_path(file->name), 0600), 0);
        }
    }
    mock->rotation = rotation;
    mock->before = mock->sent = mock->after = NULL;
    atomic_store(&mock->requests, 0);
    atomic_store(&mock->issued, saved_issued);
    atomic_store(&mock->current, saved_current);
}

/* One connection, whose token has ended. */
static void begin(void)
{
    room_begin();
    fob_session *session = room_open();
    room_put_connection(session, "work", 0);
    fob_close(&session);
    save();
    error = (struct fob_error)FOB_ERROR_INIT;
}

TestSuite(never_lost, .init = begin, .fini = room_end);

/* --- what the next process finds ---------------------------------------------------------------------------- */

static void expect_whole(void)
{
    sqlite3 *db;
    sqlite3_stmt *row;
    cr_assert_eq(sqlite3_open_v2(room_path("fob.db"), &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &row, NULL), SQLITE_OK);
    cr_assert_eq(sqlite3_step(row), SQLITE_ROW);
    cr_assert_str_eq((const char *)sqlite3_column_text(row, 0), "ok");
    sqlite3_finalize(row);
    sqlite3_close(db);
}

/* The old token, with a note if it was sent, or the new one and nothing else; whether it is the new one. */
static bool expect_old_or_new(enum mock_rotation rotation)
{
    struct fob_kept kept = room_kept("work");
    cr_assert_not_null(kept.connection);
    cr_assert_str_eq(fob_connection_dead_reason(kept.connection), "");
    fob_token *token = kept.connection->token;
    const char *access = fob_secret_peek(fob_token_access(token), NULL);
    bool is_new = strcmp(access, "access-0") != 0;
    cr_assert_eq(is_new, atoi(access + 7) > saved_issued, "%s", access);
    cr_assert_str_eq(fob_secret_peek(fob_token_refresh(token), NULL),
                     is_new && rotation != MOCK_NONE ? "refresh-1" : "refresh-0");
    if (is_new)
        cr_assert(kept.intent_at == 0 && kept.lease_until == 0 && mock->requests == 1);
    else if (mock->requests)
        cr_assert_eq(kept.intent_at, START, "what was sent is noted");
    fob_connection_unref(&kept.connection);
    return is_new;
}

static void wait_in_vain(struct mock *m)
{
    (void)m;
    cr_assert_lt(++looks, 100, "the lease of a dead process is waited for");
}

/* The clock stands still: the dead one's lease does not run out by itself. */
static void expect_a_token(enum mock_rotation rotation, bool is_new)
{
    fob_token *token = NULL;
    int sent = mock->requests;
    looks = 0;
    mock->tick = wait_in_vain;
    fob_session *session = room_open();
    fob_err err = fob_get_token(session, "work", 0, &token, &error);
    fob_close(&session);
    mock->tick = NULL;
    if (rotation == MOCK_ROTATES && sent && !is_new) {
        cr_assert_eq(err, FOB_E_NEEDS_LOGIN, "no client can save what this provider takes back");
        cr_assert(strstr(error.what, "cut off"), "%s", error.what);
        expect_stored("work", "access-0", "refresh-0");
        return;
    }
    cr_assert_eq(err, FOB_OK, "%s", error.what);
    struct fob_kept kept = room_kept("work");
    cr_assert(fob_secret_equal(token->access, kept.connection->token->access));
    cr_assert(fob_secret_equal(token->refresh, kept.connection->token->refresh));
    cr_assert(kept.intent_at == 0 && kept.lease_until == 0);
    cr_assert_eq(mock->requests, is_new ? sent : sent + 1);
    fob_connection_unref(&kept.connection);
    fob_token_unref(&token);
}

/* --- killed in the transport -------------------------------------------------------------------------------- */

static void kill_in(mock_hook *const *hook, bool reaches_provider)
{
    static const enum mock_rotation rotations[] = {MOCK_NONE, MOCK_GRACE, MOCK_ROTATES};
    for (size_t i = 0; i < sizeof rotations / sizeof *rotations; i++) {
        start_anew(rotations[i]);
        *(mock_hook **)(void *)((char *)mock + ((const char *)hook - (const char *)mock)) = die;
        cr_assert(was_killed(in_child(refresh)));
        mock->before = mock->sent = mock->after = NULL;
        cr_assert_eq(mock->requests, reaches_provider);
        struct fob_kept kept = room_kept("work");
        cr_assert_eq(kept.intent_at, START, "noted before it is sent");
        fob_connection_unref(&kept.connection);
        expect_whole();
        cr_assert_not(expect_old_or_new(rotations[i]));
        expect_a_token(rotations[i], false);
    }
}

Test(never_lost, killed_before_the_refresh_token_is_sent)
{
    kill_in(&mock->before, false);
}

Test(never_lost, killed_after_it_is_sent_and_before_the_answer)
{
    kill_in(&mock->sent, true);
}

Test(never_lost, killed_when_the_answer_is_there)
{
    kill_in(&mock->after, true);
}

/* --- killed at any call that writes ------------------------------------------------------------------------- */

/* How far the victims came. */
struct tally {
    int before, sent, kept;
};

static void kill_at_every_call(enum mock_rotation rotation)
{
    struct tally tally = {0};
    int status;
    for (fatal_at = 1;; fatal_at++) {
        start_anew(rotation);
        status = in_child(refresh);
        if (!was_killed(status))
            break;
        bool is_new = expect_old_or_new(rotation);
        expect_whole();
        *(is_new ? &tally.kept : mock->requests ? &tally.sent : &tally.before) += 1;
        expect_a_token(rotation, is_new);
    }
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "unharmed, it works: %x", status);
    cr_assert(expect_old_or_new(rotation));
    int few = torn ? 5 : 10;
    cr_assert(tally.before > few && tally.sent > few && tally.kept > 0, "%d, %d, %d", tally.before,
              tally.sent, tally.kept);
}

Test(never_lost, killed_at_any_call_with_a_provider_that_does_not_rotate)
{
    kill_at_every_call(MOCK_NONE);
}

Test(never_lost, killed_at_any_call_with_a_provider_that_rotates_with_grace)
{
    kill_at_every_call(MOCK_GRACE);
}

Test(never_lost, killed_at_any_call_with_a_provider_that_rotates)
{
    kill_at_every_call(MOCK_ROTATES);
}

Test(never_lost, killed_in_the_middle_of_any_write)
{
    torn = true;
    kill_at_every_call(MOCK_GRACE);
}

/* --- killed with a step behind the token -------------------------------------------------------------------- */

static void begin_with_a_step(void)
{
    begin();
    room_write(
        "providers/acme.yaml",
        "fob: 1\nauthorization_endpoint: https://acme.example/authorize\n"
        "token_endpoint: https://acme.example/token\n"
        "steps: {s: {when: token, endpoint: \"https://acme.example/session\", response: {keep: {s: /s}}}}\n",
        0644);
    strcpy(mock->pages[0].part, "/session");
    strcpy(mock->pages[0].answer, "{\"s\": \"s-1\"}");
}

TestSuite(with_a_step, .init = begin_with_a_step, .fini = room_end);

/* How far it came: the old token, the new one without its step, or all of it. */
static void note_how_far(struct tally *tally)
{
    struct fob_kept kept = room_kept("work");
    cr_assert_not_null(kept.connection);
    cr_assert_str_eq(fob_connection_dead_reason(kept.connection), "");
    fob_token *token = kept.connection->token;
    bool is_new = strcmp(fob_secret_peek(fob_token_access(token), NULL), "access-0") != 0;
    cr_assert_str_eq(fob_secret_peek(fob_token_refresh(token), NULL), is_new ? "refresh-1" : "refresh-0");
    cr_assert_eq(fob_token_is_whole(token), !is_new || fob_token_kept(token, "s") != NULL);
    *(!is_new ? &tally->before : fob_token_is_whole(token) ? &tally->kept : &tally->sent) += 1;
    fob_connection_unref(&kept.connection);
}

static void expect_all_of_it(void)
{
    fob_token *token = NULL;
    looks = 0;
    mock->tick = wait_in_vain;
    fob_session *session = room_open();
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "killed at call %d: %s", fatal_at,
                 error.what);
    fob_close(&session);
    mock->tick = NULL;
    struct fob_kept kept = room_kept("work");
    cr_assert(fob_secret_equal(token->access, kept.connection->token->access));
    cr_assert(fob_token_is_whole(kept.connection->token));
    cr_assert_str_eq(fob_token_kept(kept.connection->token, "s"), "s-1");
    cr_assert(kept.intent_at == 0 && kept.lease_until == 0);
    fob_connection_unref(&kept.connection);
    fob_token_unref(&token);
}

Test(with_a_step, killed_at_any_call_the_token_and_then_the_step_are_had)
{
    struct tally tally = {0};
    int status;
    for (fatal_at = 1;; fatal_at++) {
        start_anew(MOCK_GRACE);
        status = in_child(refresh);
        if (!was_killed(status))
            break;
        expect_whole();
        note_how_far(&tally);
        expect_all_of_it();
    }
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "unharmed, it works: %x", status);
    expect_all_of_it();
    cr_assert(tally.before > 10 && tally.sent > 5 && tally.kept > 0, "%d, %d, %d", tally.before, tally.sent,
              tally.kept);
}

/* What one that was killed left is all there is, and the provider has moved on. */
static void begin_with_a_lost_answer(void)
{
    begin();
    mock->rotation = MOCK_GRACE;
    mock->sent = die;
    cr_assert(was_killed(in_child(refresh)));
    save();
}

TestSuite(twice, .init = begin_with_a_lost_answer, .fini = room_end);

Test(twice, killed_again_at_any_call_after_an_answer_was_lost)
{
    kill_at_every_call(MOCK_GRACE);
    torn = true;
    kill_at_every_call(MOCK_GRACE);
}

/* --- killed while others wait ------------------------------------------------------------------------------- */

static pid_t victim;

static void hang(struct mock *m)
{
    (void)m;
    for (;;)
        pause();
}

static void kill_it_after_a_while(struct mock *m)
{
    if (++looks < 6)
        return;
    m->tick = NULL;
    kill(victim, SIGKILL);
    waitpid(victim, NULL, 0);
}

Test(never_lost, the_one_that_waits_takes_the_place_of_the_one_that_is_killed)
{
    fob_token *token = NULL;
    start_anew(MOCK_GRACE);
    mock->sent = hang;
    victim = fork();
    if (victim == 0)
        refresh();
    while (atomic_load(&mock->requests) == 0)
        usleep(1000);
    mock->sent = NULL;
    looks = 0;
    mock->tick = kill_it_after_a_while;
    fob_session *session = room_open();
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(looks, 6, "it was waited for while it lived");
    cr_expect_eq(mock->requests, 2);
    expect_stored("work", "access-2", "refresh-1");
    fob_token_unref(&token);
    fob_close(&session);
}

/* --- logins --------------------------------------------------------------------------------------------------- */

static fob_err log_in(fob_session *session)
{
    fob_client *client = NULL;
    struct fob_login login = FOB_LOGIN_INIT;
    fob_err err = fob_client_new("client-1", NULL, &client, &error);
    login.name = "robot";
    login.provider = "acme";
    login.client = client;
    login.grant = "client_credentials";
    if (err == FOB_OK)
        err = fob_log_in(session, &login, NULL, &error);
    fob_client_free(&client);
    return err;
}

static void log_in_and_die(void)
{
    fatal_arm(fatal_at, torn);
    fob_session *session = session_in_child();
    fob_err err = log_in(session);
    fob_close(&session);
    fatal_disarm();
    _exit(err == FOB_OK ? 0 : 1);
}

/* Returns at how many calls it was killed. */
static int kill_logins(bool from_nothing)
{
    for (fatal_at = 1;; fatal_at++) {
        start_anew(MOCK_NONE);
        if (from_nothing)
            remove_store();
        int status = in_child(log_in_and_die);
        fob_session *session = room_open();
        cr_assert_eq(log_in(session), FOB_OK, "killed at call %d: %s", fatal_at, error.what);
        fob_close(&session);
        expect_whole();
        expect_stored("robot", was_killed(status) && mock->requests == 1 ? "access-1" : "access-2", "");
        if (!from_nothing)
            expect_stored("work", "access-0", "refresh-0");
        if (!was_killed(status)) {
            cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
            return fatal_at - 1;
        }
    }
}

Test(never_lost, a_login_that_is_killed_can_be_done_again_and_harms_no_other)
{
    cr_expect_gt(kill_logins(false), 5);
    torn = true;
    cr_expect_gt(kill_logins(false), 5);
}

Test(never_lost, so_can_the_first_which_makes_store_and_key)
{
    cr_expect_gt(kill_logins(true), 20);
    torn = true;
    cr_expect_gt(kill_logins(true), 5);
}
