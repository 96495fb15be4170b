/* SPDX-License-Identifier: MIT */
/* core/io/renew.c with steps: a refreshed token outlives the step behind it that fails, is cut off, or takes long. */
#include "cleanup.h"
#include "room.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEAD                                                                                                 \
    "fob: 1\nauthorization_endpoint: https://acme.example/authorize\ntoken_endpoint: "                       \
    "https://acme.example/token\n"
#define SESSION                                                                                              \
    "steps: {session: {when: token, endpoint: \"https://acme.example/session\", response: {keep: {session: " \
    "/s}}}}\n"

static fob_session *session;
static struct fob_error error;

static void begin(void)
{
    room_begin();
    room_write("providers/acme.yaml", HEAD SESSION, 0644);
    strcpy(mock->pages[0].part, "/session");
    strcpy(mock->pages[0].answer, "{\"s\": \"s-1\"}");
    mock->rotation = MOCK_REUSE_REVOKES;
    session = room_open();
    room_put_connection(session, "work", 0);
    error = (struct fob_error)FOB_ERROR_INIT;
}

static void end(void)
{
    fob_close(&session);
    room_end();
}

TestSuite(steps, .init = begin, .fini = end);

static fob_err get(fob_token **ret_token)
{
    fob_token_unref(ret_token);
    return fob_get_token(session, "work", 0, ret_token, &error);
}

/* What is stored, and that nobody holds a lease or doubts it. */
static void expect_record(const char *access, const char *refresh, bool whole, const char *kept_session)
{
    struct fob_kept kept = room_kept("work");
    cr_assert_not_null(kept.connection);
    expect_token(kept.connection->token, access, refresh);
    cr_expect_eq(fob_token_is_whole(kept.connection->token), whole);
    const char *value = fob_token_kept(kept.connection->token, "session");
    cr_expect_str_eq(value ? value : "", kept_session);
    cr_expect_str_eq(fob_connection_dead_reason(kept.connection), "");
    cr_expect_eq(kept.lease_until, 0);
    cr_expect_eq(kept.intent_at, 0);
    fob_connection_unref(&kept.connection);
}

Test(steps, follow_a_refresh_and_what_they_tell_is_kept)
{
    fob_auto_token *token = NULL;
    cr_assert_eq(get(&token), FOB_OK, "%s", error.what);
    expect_token(token, "access-1", "refresh-1");
    cr_expect_str_eq(fob_token_kept(token, "session"), "s-1");
    cr_expect_eq(mock->requests, 2);
    cr_expect_str_eq(mock->asked[1].url, "https://acme.example/session");
    cr_expect_str_eq(mock->asked[1].authorization, "Bearer access-1");
    expect_record("access-1", "refresh-1", true, "s-1");
    cr_assert_eq(get(&token), FOB_OK);
    cr_expect_eq(mock->requests, 2, "it is whole: nothing is asked again");
}

static void look_into_the_store(struct mock *m)
{
    if (atomic_load(&m->performed) != 2)
        return;
    struct fob_kept kept = room_kept("work");
    expect_token(kept.connection->token, "access-1", "refresh-1");
    cr_expect_not(fob_token_is_whole(kept.connection->token), "a step is still to come");
    cr_expect_gt(kept.lease_until, START, "and the lease is held for it");
    fob_connection_unref(&kept.connection);
    atomic_fetch_add(&m->present, 1);
}

Test(steps, the_token_is_on_disk_before_they_are_sent)
{
    fob_auto_token *token = NULL;
    mock->before = look_into_the_store;
    cr_assert_eq(get(&token), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->present, 1);
}

Test(steps, one_that_fails_leaves_the_new_token_and_is_tried_again)
{
    fob_auto_token *token = NULL;
    mock->pages[0].status = 500;
    cr_expect_eq(get(&token), FOB_E_SERVER);
    cr_expect_null(token);
    expect_record("access-1", "refresh-1", false, "");
    cr_expect_eq(get(&token), FOB_E_SERVER, "still");
    cr_expect_str_eq(mock->asked[2].refresh_token, "refresh-1",
                     "the new refresh token, not the one that is used up");
    expect_record("access-2", "refresh-2", false, "");
    mock->pages[0].status = 0;
    cr_assert_eq(get(&token), FOB_OK, "%s", error.what);
    expect_token(token, "access-3", "refresh-3");
    expect_record("access-3", "refresh-3", true, "s-1");
    cr_expect_eq(mock->revoked, 0, "none was sent twice");
}

Test(steps, one_that_is_refused_says_so_and_the_connection_lives)
{
    static const struct {
        int status;
        const char *answer;
        fob_err err;
    } refusals[] = {{400, "{\"error\":\"invalid_grant\"}", FOB_E_NEEDS_LOGIN},
                    {401, "{\"error\":\"invalid_client\"}", FOB_E_CLIENT},
                    {403, "{\"error\":\"access_denied\"}", FOB_E_DENIED},
                    {200, "<html>", FOB_E_PROTOCOL}};
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        fob_auto_token *token = NULL;
        mock->pages[0].status = refusals[i].status;
        strcpy(mock->pages[0].answer, refusals[i].answer);
        cr_expect_eq(get(&token), refusals[i].err, "%s: %s", refusals[i].answer, error.what);
        struct fob_kept kept = room_kept("work");
        cr_expect_str_eq(fob_connection_dead_reason(kept.connection), "", "the grant is not gone");
        cr_expect_eq(mock->issued, (int)i + 1);
        fob_connection_unref(&kept.connection);
    }
    fob_auto_token *token = NULL;
    mock->pages[0].status = 0;
    strcpy(mock->pages[0].answer, "{\"s\": \"s-1\"}");
    cr_assert_eq(get(&token), FOB_OK, "%s", error.what);
    expect_token(token, "access-5", "refresh-5");
}

static void break_at_the_second(struct mock *m)
{
    if (atomic_load(&m->performed) == 2)
        m->fails = FOB_E_NETWORK;
}

Test(steps, a_network_that_breaks_between_loses_nothing)
{
    fob_auto_token *token = NULL;
    mock->before = break_at_the_second;
    cr_expect_eq(get(&token), FOB_E_NETWORK);
    expect_record("access-1", "refresh-1", false, "");
    mock->before = NULL;
    mock->fails = FOB_OK;
    cr_assert_eq(get(&token), FOB_OK, "%s", error.what);
    expect_record("access-2", "refresh-2", true, "s-1");
}

/* --- killed between ----------------------------------------------------------------------------------------- */

static void die_at_the_second(struct mock *m)
{
    if (atomic_load(&m->performed) == 2)
        die(m);
}

static void refresh(void)
{
    fob_token *token = NULL;
    fob_session *own = room_open();
    fob_err err = fob_refresh_token(own, "work", &token, &error);
    _exit(err == FOB_OK ? 0 : 1);
}

static void kill_at_the_step(mock_hook **hook)
{
    fob_auto_token *token = NULL;
    *hook = die_at_the_second;
    int status = in_child(refresh);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    *hook = NULL;
    struct fob_kept kept = room_kept("work");
    expect_token(kept.connection->token, "access-1", "refresh-1");
    cr_expect_not(fob_token_is_whole(kept.connection->token));
    fob_connection_unref(&kept.connection);
    cr_assert_eq(get(&token), FOB_OK, "%s", error.what);
    expect_token(token, "access-2", "refresh-2");
    expect_record("access-2", "refresh-2", true, "s-1");
    cr_expect_eq(mock->revoked, 0, "no refresh token was sent twice");
}

Test(steps, a_process_killed_before_the_step_is_sent_loses_nothing)
{
    kill_at_the_step(&mock->before);
}

Test(steps, a_process_killed_before_the_steps_answer_loses_nothing)
{
    kill_at_the_step(&mock->sent);
}

Test(steps, a_process_killed_with_the_steps_answer_in_hand_loses_nothing)
{
    kill_at_the_step(&mock->after);
}

/* --- the lease ---------------------------------------------------------------------------------------------- */

static void take_long(struct mock *m)
{
    (void)m;
    move_clock(FOB_LEASE_MS - 1000);
}

Test(steps, the_lease_is_extended_for_each_request)
{
    fob_auto_token *token = NULL;
    mock->sent = take_long;
    cr_assert_eq(get(&token), FOB_OK, "%s", error.what);
    expect_token(token, "access-1", "refresh-1");
    cr_expect_eq(mock->requests, 2);
}

static void take_the_lease(struct mock *m)
{
    struct fob_kept kept = {0};
    if (atomic_load(&m->performed) != 2)
        return;
    m->sent = NULL;
    fob_session *other = room_open();
    move_clock(FOB_LEASE_MS + 1);
    cr_expect_eq(fob_keep_lease(other, "work", &kept, &error), FOB_OK, "%s", error.what);
    expect_token(kept.connection->token, "access-1", "refresh-1");
    fob_keep_release(other, "work", kept.fence, false);
    fob_connection_unref(&kept.connection);
    fob_close(&other);
}

Test(steps, a_lease_that_was_lost_meanwhile_overwrites_nobody)
{
    fob_auto_token *token = NULL;
    mock->sent = take_the_lease;
    cr_assert_eq(get(&token), FOB_OK, "%s", error.what);
    struct fob_kept kept = room_kept("work");
    cr_expect(fob_secret_equal(token->access, kept.connection->token->access),
              "what is given out is what is kept");
    cr_expect(fob_token_is_whole(kept.connection->token));
    cr_expect_eq(mock->revoked, 0);
    fob_connection_unref(&kept.connection);
}

/* --- before ------------------------------------------------------------------------------------------------- */

Test(steps, one_before_the_refresh_that_fails_sends_no_refresh_token)
{
    fob_auto_token *token = NULL;
    room_write("providers/acme.yaml",
               HEAD "steps: {app: {when: before, endpoint: \"https://acme.example/session\", auth: none}}\n",
               0644);
    mock->pages[0].status = 503;
    cr_expect_eq(get(&token), FOB_E_SERVER);
    cr_expect_eq(mock->requests, 1);
    cr_expect_str_eq(mock->asked[0].refresh_token, "");
    struct fob_kept kept = room_kept("work");
    expect_token(kept.connection->token, "access-0", "refresh-0");
    cr_expect_str_eq(fob_connection_dead_reason(kept.connection), "");
    fob_connection_unref(&kept.connection);
    mock->pages[0].status = 0;
    cr_assert_eq(get(&token), FOB_OK, "%s", error.what);
    expect_token(token, "access-1", "refresh-1");
}
