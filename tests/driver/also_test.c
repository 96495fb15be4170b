/* SPDX-License-Identifier: MIT */
/* core/io/login.c: a second token that comes with the first is a connection of its own, with a life of its own. */
#include "cleanup.h"
#include "room.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define DESCRIPTOR                                                                                           \
    "fob: 1\nauthorization_endpoint: https://acme.example/authorize\ntoken_endpoint: "                       \
    "https://acme.example/token\n"                                                                           \
    "revocation_endpoint: https://acme.example/revoke\nidentity: {id: /team}\n"                              \
    "token: {response: {also: {user: {access_token: /user/token, refresh_token: /user/refresh, expires_in: " \
    "/user/in}}}}\n"
#define BOTH                                                                                                 \
    "{\"access_token\":\"access-bot\",\"refresh_token\":\"refresh-bot\",\"expires_in\":3600,\"team\":"       \
    "\"T1\",\"user\":{"                                                                                      \
    "\"token\":\"access-user\",\"refresh\":\"refresh-0\",\"in\":60}}"
#define FIRST_ALONE                                                                                          \
    "{\"access_token\":\"access-bot\",\"refresh_token\":\"refresh-bot\",\"expires_in\":3600,\"team\":"       \
    "\"T1\"}"

static fob_session *session;
static fob_client *client;
static struct fob_error error;
static char state[128];

static fob_err open_url(void *user, const char *url, struct fob_error *failure)
{
    (void)user, (void)failure;
    const char *at = strstr(url, "state=");
    snprintf(state, sizeof state, "%.*s", (int)strcspn(at + 6, "&"), at + 6);
    return FOB_OK;
}

static void granted(struct mock *m)
{
    snprintf(m->redirect, sizeof m->redirect, "/callback?code=code-1&state=%s", state);
}

static const struct fob_ui ui = {.size = sizeof ui, .open_url = open_url};

static void begin(void)
{
    room_begin();
    room_write("providers/acme.yaml", DESCRIPTOR, 0644);
    session = room_open();
    cr_assert_eq(fob_client_new("client-1", NULL, &client, NULL), FOB_OK);
    error = (struct fob_error)FOB_ERROR_INIT;
    mock->waiting = granted;
    mock->status = 200;
    strcpy(mock->answer, BOTH);
}

static void end(void)
{
    fob_client_free(&client);
    fob_close(&session);
    room_end();
}

TestSuite(also, .init = begin, .fini = end);

static fob_err log_in_at(const char *provider, const char *name)
{
    static const char *const scopes[] = {"chat", "mail"};
    struct fob_login login = FOB_LOGIN_INIT;
    login.name = name;
    login.provider = provider;
    login.client = client;
    login.ui = &ui;
    login.scopes = scopes;
    login.n_scopes = 2;
    return fob_log_in(session, &login, NULL, &error);
}

static fob_err log_in(const char *name)
{
    return log_in_at("acme", name);
}

static fob_err count(void *user, fob_connection *connection, struct fob_error *failure)
{
    char *names = user;
    (void)failure;
    snprintf(names + strlen(names), 256 - strlen(names), "%s ", fob_connection_name(connection));
    return FOB_OK;
}

static const char *listed(void)
{
    static char names[256];
    names[0] = '\0';
    cr_assert_eq(fob_list_connections(session, count, names, &error), FOB_OK);
    return names;
}

Test(also, both_are_kept_and_listed)
{
    cr_assert_eq(log_in("work"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(listed(), "work work/user ");
    expect_stored("work", "access-bot", "refresh-bot");
    expect_stored("work/user", "access-user", "refresh-0");
    struct fob_kept kept = room_kept("work/user");
    cr_expect_str_eq(fob_connection_provider(kept.connection), "acme");
    cr_expect_str_eq(fob_connection_grant(kept.connection), "authorization_code");
    cr_expect_str_eq(fob_connection_client_id(kept.connection), "client-1");
    cr_expect_str_eq(fob_token_identity(kept.connection->token), "T1");
    cr_expect_eq(fob_token_expires_at(kept.connection->token), START + 60000);
    cr_expect(fob_token_is_whole(kept.connection->token));
    fob_connection_unref(&kept.connection);
}

#define LIST                                                                                                 \
    "fob: 1\nauthorization_endpoint: https://acme.example/authorize\ntoken_endpoint: "                       \
    "https://acme.example/token\ntoken: {response: {also: {service: {each: /others, name: /for, "            \
    "access_token: /token}}}}\n"

Test(also, those_of_a_list_are_kept_under_what_the_answer_calls_them)
{
    room_write("providers/acme.yaml", LIST, 0644);
    strcpy(mock->answer, "{\"access_token\":\"access-0\",\"others\":[{\"for\":\"a.example\",\"token\":"
                         "\"access-a\"},{\"for\":\"b\","
                         "\"token\":\"access-b\"},{\"for\":\"../c\",\"token\":\"access-c\"}]}");
    cr_assert_eq(log_in("work"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(listed(), "work work/a.example work/b ");
    expect_stored("work/b", "access-b", "");
}

Test(also, what_a_provider_calls_a_token_takes_no_other_providers_connection)
{
    room_write("providers/acme.yaml", LIST, 0644);
    room_write("providers/other.yaml", "fob: 1\nextends: acme\n", 0644);
    strcpy(mock->answer, "{\"access_token\":\"access-0\"}");
    cr_assert_eq(log_in_at("other", "work/a"), FOB_OK, "%s", error.what);
    strcpy(mock->answer, "{\"access_token\":\"access-1\",\"others\":[{\"for\":\"a\",\"token\":\"evil\"},"
                         "{\"for\":\"b\",\"token\":\"access-b\"}]}");
    cr_assert_eq(log_in("work"), FOB_OK, "%s", error.what);
    expect_stored("work/a", "access-0", "");
    expect_stored("work/b", "access-b", "");
    strcpy(mock->answer,
           "{\"access_token\":\"access-2\",\"others\":[{\"for\":\"b\",\"token\":\"access-c\"}]}");
    cr_assert_eq(log_in("work"), FOB_OK, "%s", error.what);
    expect_stored("work/b", "access-c", "");
}

Test(also, a_name_that_leaves_no_room_for_those_of_a_list_is_told_before_anything_is_granted)
{
    char name[FOB_MAX_NAME + 1] = "";
    room_write("providers/acme.yaml", LIST, 0644);
    memset(name, 'n', FOB_MAX_NAME - FOB_MAX_ID);
    cr_expect_eq(log_in(name), FOB_E_ARGUMENT);
    cr_expect_eq(mock->requests, 0);
    name[FOB_MAX_NAME - FOB_MAX_ID - 1] = '\0';
    cr_expect_eq(log_in(name), FOB_OK, "%s", error.what);
}

Test(also, each_is_refreshed_with_its_own_refresh_token)
{
    fob_auto_token *token = NULL, *first = NULL;
    cr_assert_eq(log_in("work"), FOB_OK, "%s", error.what);
    mock->status = 0;
    move_clock(60000);
    cr_assert_eq(fob_get_token(session, "work", 0, &first, &error), FOB_OK);
    expect_token(first, "access-bot", "refresh-bot");
    cr_expect_eq(mock->requests, 1, "the first is still good");
    cr_assert_eq(fob_get_token(session, "work/user", 0, &token, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(mock->asked[1].refresh_token, "refresh-0");
    expect_token(token, "access-1", "refresh-0");
    expect_stored("work/user", "access-1", "refresh-0");
    expect_stored("work", "access-bot", "refresh-bot");
}

Test(also, one_that_dies_takes_no_other_along)
{
    fob_auto_token *token = NULL;
    cr_assert_eq(log_in("work"), FOB_OK, "%s", error.what);
    mock->status = 400;
    strcpy(mock->answer, "{\"error\":\"invalid_grant\"}");
    cr_expect_eq(fob_refresh_token(session, "work/user", &token, &error), FOB_E_NEEDS_LOGIN);
    struct fob_kept user = room_kept("work/user"), first = room_kept("work");
    cr_expect(*fob_connection_dead_reason(user.connection));
    cr_expect_str_eq(fob_connection_dead_reason(first.connection), "");
    fob_connection_unref(&user.connection);
    fob_connection_unref(&first.connection);
}

Test(also, one_that_does_not_come_is_not_made_and_an_old_one_stays)
{
    strcpy(mock->answer, FIRST_ALONE);
    cr_assert_eq(log_in("other"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(listed(), "other ");
    strcpy(mock->answer, BOTH);
    cr_assert_eq(log_in("other"), FOB_OK);
    strcpy(mock->answer, FIRST_ALONE);
    cr_assert_eq(log_in("other"), FOB_OK);
    cr_expect_str_eq(listed(), "other other/user ");
}

Test(also, each_is_logged_out_by_itself)
{
    int revoked = 0;
    cr_assert_eq(log_in("work"), FOB_OK, "%s", error.what);
    mock->status = 0;
    cr_assert_eq(fob_log_out(session, "work/user", 0, &revoked, &error), FOB_OK, "%s", error.what);
    cr_expect(revoked);
    cr_expect(strstr(mock->asked[1].body, "token=refresh-0"), "%s", mock->asked[1].body);
    cr_expect_str_eq(listed(), "work ");
}

Test(also, a_name_that_leaves_no_room_is_told_before_the_person_logs_in)
{
    char name[FOB_MAX_NAME + 1];
    memset(name, 'n', sizeof name);
    name[FOB_MAX_NAME - 4] = '\0';
    cr_expect_eq(log_in(name), FOB_E_ARGUMENT);
    cr_expect(strstr(error.what, "no room for the second connection, NAME/user"), "%s", error.what);
    cr_expect_eq(mock->performed, 0);
    cr_expect_str_eq(listed(), "");
    name[FOB_MAX_NAME - 5] = '\0';
    cr_expect_eq(log_in(name), FOB_OK, "%s", error.what);
}
