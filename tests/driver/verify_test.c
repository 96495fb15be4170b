/* SPDX-License-Identifier: MIT */
/* core/io/verify.c: the provider is asked whether a token is good, and what it says is told. */
#include "cleanup.h"
#include "room.h"

#include <stdio.h>
#include <string.h>

#define HEAD                                                                                                 \
    "fob: 1\nauthorization_endpoint: https://acme.example/authorize\ntoken_endpoint: "                       \
    "https://acme.example/token\n"

static fob_session *session;
static struct fob_error error;

static void begin(void)
{
    room_begin();
    room_write("providers/acme.yaml", HEAD "verify: {endpoint: \"https://api.acme.example/me\"}\n", 0644);
    strcpy(mock->pages[0].part, "//api.acme.example/");
    strcpy(mock->pages[0].answer, "{\"id\": 1}");
    session = room_open();
    error = (struct fob_error)FOB_ERROR_INIT;
}

static void end(void)
{
    fob_close(&session);
    room_end();
}

TestSuite(verify, .init = begin, .fini = end);

Test(verify, a_good_token_is_presented_to_the_api)
{
    room_put_connection(session, "work", FOREVER);
    cr_assert_eq(fob_verify_token(session, "work", &error), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->requests, 1);
    cr_expect_str_eq(mock->asked[0].method, "GET");
    cr_expect_str_eq(mock->asked[0].url, "https://api.acme.example/me");
    cr_expect_str_eq(mock->asked[0].authorization, "Bearer access-0");
    expect_stored("work", "access-0", "refresh-0");
}

Test(verify, one_that_has_ended_is_refreshed_first)
{
    room_put_connection(session, "work", 0);
    cr_assert_eq(fob_verify_token(session, "work", &error), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->requests, 2);
    cr_expect_str_eq(mock->asked[0].url, "https://acme.example/token");
    cr_expect_str_eq(mock->asked[1].authorization, "Bearer access-1");
}

Test(verify, one_that_cannot_be_refreshed_is_not_shown_to_anybody)
{
    room_put_connection(session, "work", 0);
    atomic_store(&mock->revoked, 1);
    cr_expect_eq(fob_verify_token(session, "work", &error), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(mock->requests, 1);
}

Test(verify, what_the_api_says_against_it_is_told_and_changes_nothing)
{
    static const struct {
        int status;
        const char *answer;
        fob_err err;
    } cases[] = {{401, "", FOB_E_CLIENT},
                 {401, "{\"error\":\"invalid_grant\"}", FOB_E_NEEDS_LOGIN},
                 {403, "{\"error\":\"access_denied\"}", FOB_E_DENIED},
                 {404, "nothing here", FOB_E_PROVIDER},
                 {429, "", FOB_E_RATE_LIMITED},
                 {503, "", FOB_E_SERVER}};
    room_put_connection(session, "work", FOREVER);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mock->pages[0].status = cases[i].status;
        strcpy(mock->pages[0].answer, cases[i].answer);
        cr_expect_eq(fob_verify_token(session, "work", &error), cases[i].err, "%d %s: %s", cases[i].status,
                     cases[i].answer, error.what);
        cr_expect_eq(error.http_status, cases[i].status);
        expect_stored("work", "access-0", "refresh-0");
        struct fob_kept kept = room_kept("work");
        cr_expect_str_eq(fob_connection_dead_reason(kept.connection), "");
        fob_connection_unref(&kept.connection);
    }
}

Test(verify, an_api_that_says_no_in_a_200_is_heard)
{
    room_write("providers/acme.yaml",
               HEAD "verify: {endpoint: \"https://api.acme.example/auth.test\", method: POST, "
                    "response: {success: {/ok: true}, error: /error, errors: {token_revoked: dead}}}\n",
               0644);
    room_put_connection(session, "work", FOREVER);
    strcpy(mock->pages[0].answer, "{\"ok\": false, \"error\": \"token_revoked\"}");
    cr_expect_eq(fob_verify_token(session, "work", &error), FOB_E_NEEDS_LOGIN, "%s", error.what);
    cr_expect_str_eq(mock->asked[0].method, "POST");
    strcpy(mock->pages[0].answer, "{\"ok\": true}");
    cr_expect_eq(fob_verify_token(session, "work", &error), FOB_OK, "%s", error.what);
}

Test(verify, without_a_request_of_its_own_the_userinfo_endpoint_is_asked)
{
    room_write("providers/acme.yaml", HEAD "userinfo_endpoint: https://api.acme.example/userinfo\n", 0644);
    room_put_connection(session, "work", FOREVER);
    cr_assert_eq(fob_verify_token(session, "work", &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(mock->asked[0].url, "https://api.acme.example/userinfo");
}

Test(verify, where_nothing_is_known_to_ask_nobody_is_asked)
{
    room_write("providers/acme.yaml", HEAD, 0644);
    room_put_connection(session, "work", FOREVER);
    cr_expect_eq(fob_verify_token(session, "work", &error), FOB_E_CONFIG);
    cr_expect(strstr(error.what, "nothing is known"), "%s", error.what);
    cr_expect_eq(mock->performed, 0);
}

Test(verify, what_is_not_there_or_not_given_is_told)
{
    cr_expect_eq(fob_verify_token(session, "nobody", &error), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(fob_verify_token(NULL, "work", &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_verify_token(session, NULL, &error), FOB_E_ARGUMENT);
    room_put_connection(session, "work", FOREVER);
    mock->fails = FOB_E_NETWORK;
    cr_expect_eq(fob_verify_token(session, "work", &error), FOB_E_NETWORK);
}
