/* SPDX-License-Identifier: MIT */
/* core/io/get_token.c, core/io/renew.c in time: a refresh is asked for when the provider lets it be, and before it is late. */
#include "cleanup.h"
#include "room.h"

#include <string.h>

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)
#define HEAD                                                                                                 \
    "fob: 1\nauthorization_endpoint: https://acme.example/authorize\ntoken_endpoint: "                       \
    "https://acme.example/token\n"

static fob_session *session;
static struct fob_error error;
static fob_token *token;

static void begin(void)
{
    room_begin();
    session = room_open();
    error = (struct fob_error)FOB_ERROR_INIT;
}

static void end(void)
{
    fob_token_unref(&token);
    fob_close(&session);
    room_end();
}

TestSuite(timing, .init = begin, .fini = end);

/* A connection whose token, got now, is good for so long, by a descriptor with these lines. */
static void begin_with(const char *lines, int64_t lifetime)
{
    char text[512];
    struct fob_kept kept;
    snprintf(text, sizeof text, "%s%s", HEAD, lines);
    room_write("providers/acme.yaml", text, 0644);
    mock->lifetime = (int)(lifetime / 1000);
    room_put_connection(session, "work", 0);
    cr_assert_eq(fob_keep_read(session, "work", &kept, &error), FOB_OK);
    kept.connection->token->obtained_at = START;
    kept.connection->token->expires_at = START + lifetime;
    cr_assert_eq(fob_keep_put(session, kept.connection, &error), FOB_OK);
    fob_connection_unref(&kept.connection);
}

static fob_err get(int64_t min_ttl_ms)
{
    fob_token_unref(&token);
    return fob_get_token(session, "work", min_ttl_ms, &token, &error);
}

static fob_err renew(void)
{
    fob_token_unref(&token);
    return fob_refresh_token(session, "work", &token, &error);
}

static void expect_no_trace(void)
{
    struct fob_kept kept = room_kept("work");
    cr_expect_str_eq(fob_connection_dead_reason(kept.connection), "");
    cr_expect_eq(kept.lease_until, 0);
    cr_expect_eq(kept.intent_at, 0);
    fob_connection_unref(&kept.connection);
}

/* --- too early ---------------------------------------------------------------------------------------------- */

Test(timing, a_token_that_is_too_young_is_the_freshest_there_is)
{
    begin_with("refresh: {min_age: 24h}\n", 60 * DAY);
    cr_assert_eq(get(61 * DAY), FOB_OK, "%s", error.what);
    expect_token(token, "access-0", "refresh-0");
    cr_expect_eq(mock->performed, 0, "what the provider would refuse is not sent");
    expect_no_trace();
    move_clock(DAY - 1);
    cr_assert_eq(get(61 * DAY), FOB_OK);
    cr_expect_eq(mock->performed, 0);
    move_clock(1);
    cr_assert_eq(get(61 * DAY), FOB_OK);
    expect_token(token, "access-1", "refresh-0");
}

Test(timing, whoever_insists_is_told_when)
{
    begin_with("refresh: {min_age: 24h}\n", 60 * DAY);
    cr_expect_eq(renew(), FOB_E_RATE_LIMITED);
    cr_expect_eq(error.retry_after_ms, DAY);
    cr_expect(strstr(error.what, "before 86400 s have passed"), "%s", error.what);
    cr_expect_eq(mock->performed, 0);
    expect_no_trace();
    move_clock(DAY - 1);
    cr_expect_eq(renew(), FOB_E_RATE_LIMITED);
    cr_expect_eq(error.retry_after_ms, 1);
    move_clock(1);
    cr_expect_eq(renew(), FOB_OK, "%s", error.what);
}

Test(timing, a_young_token_that_has_ended_has_to_wait)
{
    begin_with("refresh: {min_age: 24h}\n", HOUR);
    move_clock(HOUR);
    cr_expect_eq(get(0), FOB_E_RATE_LIMITED);
    cr_expect_eq(error.retry_after_ms, 23 * HOUR);
    expect_no_trace();
    move_clock(23 * HOUR);
    cr_expect_eq(get(0), FOB_OK, "%s", error.what);
}

Test(timing, a_token_that_is_good_for_long_is_the_freshest_there_is)
{
    begin_with("refresh: {max_ttl: 30s}\n", 600000);
    cr_assert_eq(get(300000), FOB_OK, "%s", error.what);
    expect_token(token, "access-0", "refresh-0");
    move_clock(400000);
    cr_assert_eq(get(300000), FOB_OK);
    expect_token(token, "access-0", "refresh-0");
    cr_expect_eq(mock->performed, 0);
    cr_expect_eq(renew(), FOB_E_RATE_LIMITED);
    cr_expect_eq(error.retry_after_ms, 170000);
    move_clock(170000);
    cr_assert_eq(get(300000), FOB_OK, "%s", error.what);
    expect_token(token, "access-1", "refresh-0");
}

Test(timing, a_provider_that_cannot_refresh_at_all_is_not_asked_to_wait)
{
    begin_with("refresh: {min_age: 24h}\n", 60 * DAY);
    struct fob_kept kept;
    cr_assert_eq(fob_keep_read(session, "work", &kept, &error), FOB_OK);
    fob_secret_free(&kept.connection->token->refresh);
    cr_assert_eq(fob_keep_put(session, kept.connection, &error), FOB_OK);
    fob_connection_unref(&kept.connection);
    cr_expect_eq(renew(), FOB_E_NEEDS_LOGIN);
    cr_expect(strstr(error.what, "no refresh token"), "%s", error.what);
}

/* --- too late ----------------------------------------------------------------------------------------------- */

#define RENEWS_ITSELF "refresh: {with: access_token, needs_valid: true, params: {t: \"{access_token}\"}}\n"
#define RENEWED "{\"access_token\":\"access-9\",\"expires_in\":5184000}"

static void answer_with(int status, const char *answer)
{
    mock->status = status;
    strcpy(mock->answer, answer);
}

Test(timing, a_token_that_has_ended_and_cannot_be_renewed_needs_a_login)
{
    begin_with(RENEWS_ITSELF, 60 * DAY);
    move_clock(60 * DAY);
    cr_expect_eq(get(0), FOB_E_NEEDS_LOGIN);
    cr_expect(strstr(error.what, "renews only good ones"), "%s", error.what);
    cr_expect(strstr(error.fix, "fob refresh --due"), "%s", error.fix);
    cr_expect_eq(mock->performed, 0);
    cr_expect_eq(renew(), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(mock->performed, 0);
}

Test(timing, to_the_last_moment_it_is_renewed)
{
    begin_with(RENEWS_ITSELF, 60 * DAY);
    answer_with(200, RENEWED);
    move_clock(60 * DAY - 1);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    expect_token(token, "access-9", "refresh-0");
    cr_expect(strstr(mock->asked[0].body, "t=access-0"), "%s", mock->asked[0].body);
}

/* --- due ---------------------------------------------------------------------------------------------------- */

/* A login through the driver, so that it is the flow that says when a renewal is due. */
static void renew_once(void)
{
    begin_with(RENEWS_ITSELF, 60 * DAY);
    answer_with(200, RENEWED);
    cr_assert_eq(renew(), FOB_OK, "%s", error.what);
    cr_expect_eq(fob_token_renewal_due(token), START + 45 * DAY);
    atomic_store(&mock->performed, 0);
    strcpy(mock->answer, "{\"access_token\":\"access-10\",\"expires_in\":5184000}");
}

Test(timing, a_renewal_is_made_when_it_is_due_though_the_token_is_good)
{
    renew_once();
    move_clock(45 * DAY - 1);
    cr_assert_eq(get(0), FOB_OK);
    expect_token(token, "access-9", "refresh-0");
    cr_expect_eq(mock->performed, 0);
    move_clock(1);
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    expect_token(token, "access-10", "refresh-0");
    cr_expect_eq(fob_token_renewal_due(token), START + 90 * DAY);
    expect_no_trace();
}

Test(timing, a_renewal_that_fails_early_gives_the_good_token)
{
    static const struct {
        int status;
        const char *answer;
    } failures[] = {{503, ""}, {429, ""}, {200, "<html>"}, {401, "{\"error\":\"invalid_client\"}"}};
    renew_once();
    move_clock(45 * DAY);
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        answer_with(failures[i].status, failures[i].answer);
        cr_assert_eq(get(0), FOB_OK, "%d: %s", failures[i].status, error.what);
        expect_token(token, "access-9", "refresh-0");
        cr_expect_eq(mock->performed, (int)i + 1, "it was tried");
    }
    mock->fails = FOB_E_NETWORK;
    cr_assert_eq(get(0), FOB_OK, "%s", error.what);
    expect_token(token, "access-9", "refresh-0");
    cr_expect_eq(renew(), FOB_E_NETWORK, "whoever wants a new one is told");
    cr_expect_eq(get(40 * DAY), FOB_E_NETWORK, "and whoever wants one for longer");
    cr_expect_null(token);
    move_clock(15 * DAY);
    cr_expect_eq(get(0), FOB_E_NEEDS_LOGIN, "in the end it is too late");
}

Test(timing, a_refusal_of_an_early_renewal_is_remembered)
{
    renew_once();
    move_clock(45 * DAY);
    answer_with(400, "{\"error\":\"invalid_grant\"}");
    cr_expect_eq(get(0), FOB_OK, "the token is good");
    expect_token(token, "access-9", "refresh-0");
    struct fob_kept kept = room_kept("work");
    cr_expect(*fob_connection_dead_reason(kept.connection), "and the person has to log in before it ends");
    fob_connection_unref(&kept.connection);
}

Test(timing, an_idle_refresh_token_is_used_before_it_dies)
{
    begin_with("lifetimes: {refresh_token_idle: 8d}\n", HOUR);
    cr_assert_eq(renew(), FOB_OK, "%s", error.what);
    cr_expect_eq(fob_token_renewal_due(token), START + 6 * DAY);
    mock->lifetime = 100 * 86400;
    cr_assert_eq(renew(), FOB_OK);
    move_clock(6 * DAY);
    cr_assert_eq(get(0), FOB_OK);
    expect_token(token, "access-3", "refresh-0");
}
