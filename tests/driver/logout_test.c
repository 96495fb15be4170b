/* SPDX-License-Identifier: MIT */
/* core/io/logout.c: what is revoked and forgotten, and what stays when the provider cannot be told. */
#include "room.h"

#include <string.h>

static fob_session *session;
static struct fob_error error;
static int revoked;

static void begin(void)
{
    room_begin();
    session = room_open();
    room_put_connection(session, "work", FOREVER);
    room_put_connection(session, "home", FOREVER);
    revoked = -1;
    error = (struct fob_error)FOB_ERROR_INIT;
}

static void end(void)
{
    fob_close(&session);
    room_end();
}

TestSuite(logout, .init = begin, .fini = end);

static bool is_kept(const char *name)
{
    struct fob_kept kept = room_kept(name);
    bool there = kept.connection != NULL;
    fob_connection_unref(&kept.connection);
    return there;
}

Test(logout, both_tokens_are_revoked_and_the_connection_is_gone)
{
    cr_assert_eq(fob_log_out(session, "work", 0, &revoked, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(revoked, 1);
    cr_assert_eq(mock->requests, 2);
    cr_expect_str_eq(mock->asked[0].url, "https://acme.example/revoke");
    cr_expect(strstr(mock->asked[0].body, "token=refresh-0"), "%s", mock->asked[0].body);
    cr_expect(strstr(mock->asked[1].body, "token=access-0"), "%s", mock->asked[1].body);
    cr_expect_not(is_kept("work"));
    cr_expect(is_kept("home"), "the other stays");
    cr_expect_eq(fob_log_out(session, "work", 0, &revoked, &error), FOB_E_NEEDS_LOGIN);
}

Test(logout, a_provider_that_cannot_revoke_is_not_asked)
{
    room_write(
        "providers/acme.yaml",
        "fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\n",
        0644);
    cr_assert_eq(fob_log_out(session, "work", 0, &revoked, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(revoked, 0);
    cr_expect_eq(mock->performed, 0);
    cr_expect_not(is_kept("work"));
}

Test(logout, when_it_cannot_be_told_the_connection_stays_unless_it_is_to_be_forgotten)
{
    mock->fails = FOB_E_NETWORK;
    cr_expect_eq(fob_log_out(session, "work", 0, &revoked, &error), FOB_E_NETWORK);
    cr_expect_eq(revoked, -1, "untouched");
    cr_expect(is_kept("work"));
    cr_assert_eq(fob_log_out(session, "work", FOB_LOGOUT_FORGET, &revoked, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(revoked, 0);
    cr_expect_not(is_kept("work"));
}

Test(logout, one_of_a_provider_that_is_gone_can_be_forgotten)
{
    cr_assert_eq(rename(room_path("providers/acme.yaml"), room_path("acme.yaml")), 0);
    cr_expect_eq(fob_log_out(session, "work", 0, NULL, &error), FOB_E_NOT_FOUND);
    cr_expect(is_kept("work"));
    cr_expect_eq(fob_log_out(session, "work", FOB_LOGOUT_FORGET, NULL, &error), FOB_OK);
    cr_expect_not(is_kept("work"));
}

Test(logout, what_is_wrong_with_the_call_is_told)
{
    cr_expect_eq(fob_log_out(session, NULL, 0, NULL, &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_log_out(session, "work", 8, NULL, &error), FOB_E_ARGUMENT);
    cr_expect_eq(mock->performed, 0);
    cr_expect(is_kept("work"));
}
