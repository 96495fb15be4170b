/* SPDX-License-Identifier: MIT */
/* core/io/run.c, core/io/get_token.c: a host is told what is waited for, until when, and when it is over. */
#include "room.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

static char told[1024]; /* "what+milliseconds;" for each call, ".;" for the end of a wait */
static fob_session *session, *other;
static fob_token *token;
static struct fob_error error;
static uint64_t fence; /* of the other's lease, let go when the wait is told of for the second time */

static void waiting(void *user, const char *what, int64_t until)
{
    size_t used = strlen(told);
    cr_assert_eq(user, &error, "it is the host's own");
    if (what)
        snprintf(told + used, sizeof told - used, "%s+%lld;", what, (long long)(until - START));
    else
        snprintf(told + used, sizeof told - used, ".;");
    if (fence && used)
        fob_keep_release(other, "work", fence, false);
}

static void begin(void)
{
    room_begin();
    struct fob_options options = room_options();
    options.waiting = waiting;
    options.waiting_user = &error;
    error = (struct fob_error)FOB_ERROR_INIT;
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK, "%s", error.what);
    other = room_open();
    mock->rotation = MOCK_ROTATES;
    room_put_connection(session, "work", 0);
}

static void end(void)
{
    fob_token_unref(&token);
    fob_close(&session);
    fob_close(&other);
    room_end();
}

TestSuite(waiting, .init = begin, .fini = end);

#define A_REQUEST "acme.example+30000;.;"

Test(waiting, a_request_is_told_of_with_its_host_and_its_end)
{
    cr_assert_eq(FOB_TOTAL_TIMEOUT_MS, 30000);
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(told, A_REQUEST);
}

Test(waiting, so_is_one_that_fails)
{
    mock->fails = FOB_E_NETWORK;
    cr_assert_eq(fob_refresh_token(session, "work", &token, &error), FOB_E_NETWORK);
    cr_expect_str_eq(told, A_REQUEST);
}

Test(waiting, a_logout_tells_of_each_request)
{
    cr_assert_eq(fob_log_out(session, "work", 0, NULL, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(told, A_REQUEST A_REQUEST);
}

Test(waiting, a_token_that_is_good_is_waited_for_by_nobody)
{
    room_put_connection(session, "work", FOREVER);
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(told, "");
}

Test(waiting, another_process_is_told_of_again_and_again)
{
    struct fob_kept kept = {0};
    cr_assert_eq(fob_keep_lease(other, "work", &kept, &error), FOB_OK, "%s", error.what);
    fence = kept.fence;
    fob_connection_unref(&kept.connection);
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(FOB_LEASE_MS + FOB_TOTAL_TIMEOUT_MS, 90000);
    cr_expect_str_eq(told, "another process+90000;another process+90000;" A_REQUEST);
}

Test(waiting, a_host_that_does_not_listen_is_not_told)
{
    cr_assert_eq(fob_get_token(other, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(told, "");
}
