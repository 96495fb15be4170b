/* SPDX-License-Identifier: MIT */
/* core/io/get_token.c, core/io/renew.c: the stored token while it is good, else a new one that is kept before it is seen. */
#include "cleanup.h"
#include "room.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>
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

TestSuite(get_token, .init = begin, .fini = end);

static fob_err get(int64_t min_ttl_ms)
{
    fob_token_unref(&token);
    return fob_get_token(session, "work", min_ttl_ms, &token, &error);
}

static fob_err refresh(void)
{
    fob_token_unref(&token);
    return fob_refresh_token(session, "work", &token, &error);
}

/* Since when it is noted that the refresh token may be used up. */
static int64_t intent(void)
{
    struct fob_kept kept = room_kept("work");
    cr_assert_not_null(kept.connection);
    cr_assert_eq(kept.lease_until, 0, "no lease is left behind");
    fob_connection_unref(&kept.connection);
    return kept.intent_at;
}

/* --- what is given ------------------------------------------------------------------------------------------ */

Test(get_token, one_that_is_good_is_given_and_nothing_is_sent)
{
    room_put_connection(session, "work", FOREVER);
    cr_assert_eq(get(60000), FOB_OK, "%s", error.what);
    expect_token(token, "access-0", "refresh-0");
    cr_expect_eq(mock->performed, 0);
}

Test(get_token, one_that_has_ended_is_refreshed_and_kept)
{
    mock->rotation = MOCK_ROTATES;
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    expect_token(token, "access-1", "refresh-1");
    expect_stored("work", "access-1", "refresh-1");
    cr_expect_str_eq(mock->asked[0].refresh_token, "refresh-0");
    cr_expect_str_eq(mock->asked[0].url, "https://acme.example/token");
    cr_assert_eq(get(0), FOB_OK);
    cr_expect_eq(mock->requests, 1, "the new one is good");
    cr_expect_eq(intent(), 0);
}

Test(get_token, an_answer_without_a_refresh_token_keeps_the_old_one)
{
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    expect_stored("work", "access-1", "refresh-0");
}

Test(get_token, one_that_ends_before_it_has_to_last_is_refreshed)
{
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    cr_assert_eq(get(3600 * 1000), FOB_OK);
    cr_expect_eq(mock->requests, 1, "it lives just so long");
    move_clock(1);
    cr_assert_eq(get(3600 * 1000), FOB_OK);
    cr_expect_eq(mock->requests, 2);
}

Test(get_token, when_none_lives_as_long_as_asked_the_freshest_is_given)
{
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(7200 * 1000), FOB_OK, "%s", error.what);
    expect_token(token, "access-1", "refresh-0");
    cr_expect_eq(mock->requests, 1);
}

Test(get_token, asking_for_a_new_one_gives_a_new_one)
{
    room_put_connection(session, "work", FOREVER);
    cr_assert_eq(refresh(), FOB_OK, "%s", error.what);
    expect_stored("work", "access-1", "refresh-0");
}

Test(get_token, a_client_without_refresh_tokens_gets_another_token)
{
    struct fob_kept kept;
    room_put_connection(session, "work", 0);
    cr_assert_eq(fob_keep_read(session, "work", &kept, &error), FOB_OK);
    free(kept.connection->grant);
    kept.connection->grant = fob_strdup("client_credentials");
    fob_secret_free(&kept.connection->token->refresh);
    cr_assert_eq(fob_keep_put(session, kept.connection, &error), FOB_OK);
    fob_connection_unref(&kept.connection);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    expect_stored("work", "access-1", "");
    cr_expect(strstr(mock->asked[0].body, "grant_type=client_credentials"));
}

/* --- what fails ----------------------------------------------------------------------------------------------- */

Test(get_token, with_no_connection_a_login_is_needed)
{
    cr_expect_eq(get(0), FOB_E_NEEDS_LOGIN, "%s", error.what);
    cr_expect(strstr(error.fix, "fob login"), "%s", error.fix);
    cr_expect_eq(access(room_path("fob.db"), F_OK), -1, "asking makes no store");
    cr_expect_eq(mock->performed, 0);
}

Test(get_token, what_is_missing_from_the_call_is_told)
{
    cr_expect_eq(fob_get_token(session, NULL, 0, &token, &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_get_token(session, "work", -1, &token, &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_get_token(session, "work", 0, NULL, &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_refresh_token(NULL, "work", &token, &error), FOB_E_ARGUMENT);
}

Test(get_token, without_a_refresh_token_a_login_is_needed_and_nothing_is_sent)
{
    struct fob_kept kept;
    room_put_connection(session, "work", 0);
    cr_assert_eq(fob_keep_read(session, "work", &kept, &error), FOB_OK);
    fob_secret_free(&kept.connection->token->refresh);
    cr_assert_eq(fob_keep_put(session, kept.connection, &error), FOB_OK);
    fob_connection_unref(&kept.connection);
    cr_expect_eq(get(0), FOB_E_NEEDS_LOGIN);
    cr_expect(strstr(error.what, "no refresh token"), "%s", error.what);
    cr_expect_eq(mock->performed, 0);
    cr_expect_eq(intent(), 0);
}

Test(get_token, a_refusal_is_remembered_and_deletes_nothing)
{
    mock->rotation = MOCK_ROTATES;
    atomic_store(&mock->current, 5);
    room_put_connection(session, "work", 0);
    cr_expect_eq(get(0), FOB_E_NEEDS_LOGIN);
    cr_expect_str_eq(error.oauth_error, "invalid_grant");
    expect_stored("work", "access-0", "refresh-0");
    cr_expect_eq(get(0), FOB_E_NEEDS_LOGIN);
    cr_expect(strstr(error.what, "needs a new login"), "%s", error.what);
    cr_expect_eq(mock->requests, 1, "it is not asked again");
    cr_expect_eq(refresh(), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(intent(), 0);
}

/* One that failed on its way: the next try works, with what was there. */
static void expect_nothing_lost(fob_err expected)
{
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), expected, "%s", error.what);
    expect_stored("work", "access-0", "refresh-0");
}

Test(get_token, what_was_never_sent_leaves_all_as_it_was)
{
    mock->fails = FOB_E_NETWORK;
    expect_nothing_lost(FOB_E_NETWORK);
    cr_expect_eq(intent(), 0);
    mock->fails = FOB_OK;
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
}

Test(get_token, an_answer_that_was_lost_is_noted_and_told_of_when_the_next_is_a_refusal)
{
    mock->rotation = MOCK_ROTATES;
    mock->fails = FOB_E_NETWORK;
    mock->maybe_sent = 1;
    expect_nothing_lost(FOB_E_NETWORK);
    cr_expect_eq(intent(), START);
    mock->fails = FOB_OK;
    cr_expect_eq(get(0), FOB_E_NEEDS_LOGIN);
    cr_expect_str_eq(error.oauth_error, "invalid_grant");
    cr_expect_eq(error.http_status, 400);
    cr_expect(strstr(error.what, "an earlier refresh was cut off"), "%s", error.what);
}

Test(get_token, what_was_noted_is_not_forgotten_by_a_try_that_is_never_sent)
{
    mock->fails = FOB_E_NETWORK;
    mock->maybe_sent = 1;
    expect_nothing_lost(FOB_E_NETWORK);
    mock->maybe_sent = 0;
    cr_expect_eq(get(0), FOB_E_NETWORK);
    cr_expect_neq(intent(), 0);
    mock->fails = FOB_OK;
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    cr_expect_eq(intent(), 0);
}

struct answer {
    int status;
    const char *text;
    fob_err code;
    bool used_up;
};

static const struct answer answers[] = {
    {500, "oh", FOB_E_SERVER, true},
    {502, "<html>", FOB_E_SERVER, true},
    {200, "{\"access_tok", FOB_E_PROTOCOL, true},
    {200, "{}", FOB_E_PROTOCOL, true},
    {429, "{}", FOB_E_RATE_LIMITED, false},
    {401, "{\"error\":\"invalid_client\"}", FOB_E_CLIENT, false},
    {400, "{\"error\":\"temporarily_unavailable\"}", FOB_E_SERVER, false},
};

Test(get_token, after_an_answer_that_cannot_be_used_the_refresh_token_may_be_used_up)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        mock->status = answers[i].status;
        snprintf(mock->answer, sizeof mock->answer, "%s", answers[i].text);
        expect_nothing_lost(answers[i].code);
        cr_expect_eq(intent() != 0, answers[i].used_up, "%d %s", answers[i].status, answers[i].text);
    }
}

Test(get_token, a_provider_that_is_gone_or_a_transport_that_is_missing_is_told_and_holds_nobody_up)
{
    room_put_connection(session, "work", 0);
    cr_assert_eq(rename(room_path("providers/acme.yaml"), room_path("acme.yaml")), 0);
    cr_expect_eq(get(0), FOB_E_NOT_FOUND);
    cr_expect_eq(intent(), 0);
    cr_assert_eq(rename(room_path("acme.yaml"), room_path("providers/acme.yaml")), 0);
    mock->opens = FOB_E_CONFIG;
    cr_expect_eq(get(0), FOB_E_CONFIG);
    mock->opens = FOB_OK;
    cr_assert_eq(unlink(room_path("plugins/transport-curl.so")), 0);
    cr_expect_eq(get(0), FOB_E_NOT_FOUND);
    cr_expect_eq(intent(), 0);
}

/* --- somebody else was faster ------------------------------------------------------------------------------- */

/* Our lease runs out while the request is on its way, and another process refreshes. */
static void other_refreshes(struct mock *m)
{
    fob_token *theirs = NULL;
    m->before = m->sent = NULL;
    move_clock(FOB_LEASE_MS + 1);
    fob_session *other = room_open();
    fob_err err = fob_refresh_token(other, "work", &theirs, NULL);
    (void)err;
    fob_token_unref(&theirs);
    fob_close(&other);
}

Test(get_token, a_refusal_is_not_believed_when_there_is_a_newer_token)
{
    mock->rotation = MOCK_ROTATES;
    mock->before = other_refreshes;
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->requests, 2);
    cr_expect_eq(mock->refreshed, 1, "ours was refused");
    expect_token(token, "access-1", "refresh-1");
    expect_stored("work", "access-1", "refresh-1");
    cr_expect_eq(intent(), 0);
}

/* The same, but it dies before it has kept what it got. */
static void take_over_and_die(void)
{
    mock->before = mock->sent = NULL;
    mock->after = die;
    fob_session *other = room_open();
    (void)!fob_refresh_token(other, "work", &(fob_token *){NULL}, NULL);
}

static void other_takes_over_and_dies(struct mock *m)
{
    move_clock(FOB_LEASE_MS + 1);
    in_child(take_over_and_die);
    m->before = m->sent = m->after = NULL;
}

Test(get_token, a_refusal_is_believed_when_nobody_has_anything_newer)
{
    mock->rotation = MOCK_ROTATES;
    mock->before = other_takes_over_and_dies;
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_E_NEEDS_LOGIN, "%s", error.what);
    cr_expect(strstr(error.what, "cut off"), "%s", error.what);
    cr_expect_eq(mock->requests, 3, "once more when the lease was ours again");
    expect_stored("work", "access-0", "refresh-0");
}

static fob_session *holder;
static struct fob_kept held;
static int looks;

/* Keeps what it got when the others have looked for it a few times. */
static void holder_commits(struct mock *m)
{
    fob_connection *renewed = NULL;
    if (++looks < 6)
        return;
    m->tick = NULL;
    fob_auto_token *theirs = NULL;
    cr_assert_eq(fob_token_copy(held.connection->token, &theirs, NULL), FOB_OK);
    theirs->obtained_at = fob_now();
    theirs->expires_at = fob_now() + 3600 * 1000;
    cr_assert_eq(fob_connection_with(held.connection, theirs, NULL, &renewed, NULL), FOB_OK);
    cr_assert_eq(fob_keep_commit(holder, renewed, held.fence, NULL), FOB_OK);
    fob_connection_unref(&renewed);
}

static void holder_takes_the_lease(struct mock *m)
{
    m->before = NULL;
    move_clock(FOB_LEASE_MS + 1);
    cr_assert_eq(fob_keep_lease(holder, "work", &held, NULL), FOB_OK);
    atomic_store(&m->current, 1); /* and has had its answer */
    m->tick = holder_commits;
}

Test(get_token, after_a_refusal_the_one_that_has_the_lease_by_now_is_waited_for)
{
    mock->rotation = MOCK_ROTATES;
    mock->before = holder_takes_the_lease;
    holder = room_open();
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    cr_expect_eq(looks, 6);
    cr_expect_eq(mock->requests, 1);
    cr_expect_eq(fob_token_obtained_at(token), fob_now());
    cr_expect_eq(intent(), 0);
    fob_connection_unref(&held.connection);
    fob_close(&holder);
}

Test(get_token, what_was_granted_is_kept_although_the_lease_had_gone)
{
    mock->rotation = MOCK_ROTATES;
    mock->sent = other_takes_over_and_dies;
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    expect_token(token, "access-1", "refresh-1");
    expect_stored("work", "access-1", "refresh-1");
    cr_expect_eq(intent(), 0);
}

Test(get_token, what_was_granted_brings_a_connection_back_that_was_taken_for_dead)
{
    mock->rotation = MOCK_ROTATES;
    mock->sent = other_refreshes;
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->requests, 2);
    cr_expect_eq(mock->refreshed, 1, "theirs was refused");
    expect_stored("work", "access-1", "refresh-1");
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
}

Test(get_token, what_another_kept_meanwhile_is_newer_than_what_we_were_granted)
{
    mock->sent = other_refreshes;
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->refreshed, 2);
    expect_token(token, "access-2", "refresh-0");
    expect_stored("work", "access-2", "refresh-0");
}

static void other_logs_in(struct mock *m)
{
    m->sent = NULL;
    move_clock(5);
    fob_session *other = room_open();
    room_put_connection(other, "work", FOREVER);
    fob_close(&other);
}

Test(get_token, a_login_meanwhile_is_not_undone)
{
    mock->rotation = MOCK_ROTATES;
    mock->sent = other_logs_in;
    room_put_connection(session, "work", 0);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    expect_token(token, "access-0", "refresh-0");
    expect_stored("work", "access-0", "refresh-0");
}

static void other_logs_out(struct mock *m)
{
    m->sent = NULL;
    fob_session *other = room_open();
    cr_assert_eq(fob_driver_store(other, true, NULL), FOB_OK);
    cr_assert_eq(other->store->remove(other->store_self, "work", NULL), FOB_OK);
    fob_close(&other);
}

Test(get_token, a_logout_meanwhile_is_not_undone)
{
    mock->sent = other_logs_out;
    room_put_connection(session, "work", 0);
    cr_expect_eq(get(0), FOB_E_NEEDS_LOGIN, "%s", error.what);
    cr_expect_null(room_kept("work").connection);
}
