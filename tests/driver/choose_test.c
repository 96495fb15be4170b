/* SPDX-License-Identifier: MIT */
/* core/io/run.c, core/io/login.c: the person chooses one of several, or did so beforehand, and a machine is not asked twice. */
#include "cleanup.h"
#include "room.h"

#include <stdio.h>
#include <string.h>

#define DESCRIPTOR                                                                                           \
    "fob: 1\nauthorization_endpoint: https://acme.example/authorize\ntoken_endpoint: "                       \
    "https://acme.example/token\n"                                                                           \
    "steps: {site: {endpoint: \"https://acme.example/sites\", choose: {id: /id, label: /name}, response: "   \
    "{keep: {site: /id}}}}\n"
#define TWO "[{\"id\":\"a\",\"name\":\"One\"},{\"id\":\"b\",\"name\":\"Two\"}]"

static fob_session *session;
static fob_client *client;
static struct fob_error error;
static char state[128], asked[256];
static const char *chosen;
static fob_err choosing_fails;

static fob_err open_url(void *user, const char *url, struct fob_error *failure)
{
    (void)user, (void)failure;
    const char *at = strstr(url, "state=");
    snprintf(state, sizeof state, "%.*s", (int)strcspn(at + 6, "&"), at + 6);
    return FOB_OK;
}

static fob_err choose(void *user, const char *step, const struct fob_option *options, size_t n_options,
                      const char **ret_id, struct fob_error *failure)
{
    (void)user;
    snprintf(asked, sizeof asked, "%s:", step);
    for (size_t i = 0; i < n_options; i++)
        snprintf(asked + strlen(asked), sizeof asked - strlen(asked), " %s=%s", options[i].id,
                 options[i].label);
    if (choosing_fails != FOB_OK)
        return fob_error_set(failure, choosing_fails, "the terminal is gone", NULL);
    *ret_id = chosen;
    return FOB_OK;
}

static void granted(struct mock *m)
{
    snprintf(m->redirect, sizeof m->redirect, "/callback?code=code-1&state=%s", state);
}

static const struct fob_ui ui = {.size = sizeof ui, .open_url = open_url, .choose = choose};
static const struct fob_ui no_chooser = {.size = sizeof no_chooser, .open_url = open_url};

static void begin(void)
{
    room_begin();
    room_write("providers/acme.yaml", DESCRIPTOR, 0644);
    session = room_open();
    cr_assert_eq(fob_client_new("client-1", NULL, &client, NULL), FOB_OK);
    error = (struct fob_error)FOB_ERROR_INIT;
    mock->waiting = granted;
    strcpy(mock->pages[0].part, "/sites");
    strcpy(mock->pages[0].answer, TWO);
    chosen = "b";
}

static void end(void)
{
    fob_client_free(&client);
    fob_close(&session);
    room_end();
}

TestSuite(choose, .init = begin, .fini = end);

static fob_err log_in(const char *grant, const struct fob_ui *with, const char *beforehand)
{
    const struct fob_pair choices[] = {{"site", beforehand}};
    struct fob_login login = FOB_LOGIN_INIT;
    login.name = "work";
    login.provider = "acme";
    login.client = client;
    login.grant = grant;
    login.ui = with;
    login.choices = choices;
    login.n_choices = beforehand ? 1 : 0;
    fob_err err = fob_log_in(session, &login, NULL, &error);
    cr_expect_eq(mock->listening, 0);
    return err;
}

static void expect_site(const char *site)
{
    struct fob_kept kept = room_kept("work");
    cr_assert_not_null(kept.connection);
    cr_expect_str_eq(fob_token_kept(kept.connection->token, "site"), site);
    fob_connection_unref(&kept.connection);
}

static void expect_nothing_kept(void)
{
    struct fob_kept kept = room_kept("work");
    cr_expect_null(kept.connection);
}

#define CODE "authorization_code"
#define MACHINE "client_credentials"

/* --- a person ----------------------------------------------------------------------------------------------- */

Test(choose, the_person_is_shown_what_there_is_and_the_choice_is_kept)
{
    cr_assert_eq(log_in(CODE, &ui, NULL), FOB_OK, "%s", error.what);
    cr_expect_str_eq(asked, "site: a=One b=Two");
    expect_site("b");
    cr_expect_eq(mock->answered, 200);
    cr_expect(strstr(mock->page, "One thing is left to choose"), "the browser does not wait: %s", mock->page);
}

Test(choose, one_is_no_question)
{
    strcpy(mock->pages[0].answer, "[{\"id\":\"only\"}]");
    cr_assert_eq(log_in(CODE, &ui, NULL), FOB_OK, "%s", error.what);
    cr_expect_str_eq(asked, "");
    expect_site("only");
    cr_expect(strstr(mock->page, "You are logged in"), "%s", mock->page);
}

Test(choose, what_was_chosen_beforehand_is_no_question_either)
{
    cr_assert_eq(log_in(CODE, &ui, "a"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(asked, "");
    expect_site("a");
    cr_expect_eq(log_in(CODE, &ui, "c"), FOB_E_ARGUMENT);
    cr_expect(strstr(error.what, "there is no site \"c\""), "%s", error.what);
    expect_site("a");
}

Test(choose, whoever_chooses_nothing_is_not_logged_in)
{
    chosen = NULL;
    cr_expect_eq(log_in(CODE, &ui, NULL), FOB_E_CANCELLED);
    expect_nothing_kept();
    choosing_fails = FOB_E_SYSTEM;
    cr_expect_eq(log_in(CODE, &ui, NULL), FOB_E_SYSTEM);
    cr_expect_str_eq(error.what, "the terminal is gone");
    expect_nothing_kept();
    choosing_fails = FOB_OK;
    chosen = "c";
    cr_expect_eq(log_in(CODE, &ui, NULL), FOB_E_ARGUMENT);
    expect_nothing_kept();
}

Test(choose, where_nobody_can_be_asked_it_has_to_be_said_beforehand)
{
    cr_expect_eq(log_in(CODE, &no_chooser, NULL), FOB_E_ARGUMENT);
    cr_expect(strstr(error.what, "2 to choose from for \"site\", and nobody to ask"), "%s", error.what);
    expect_nothing_kept();
    cr_expect_eq(log_in(CODE, &no_chooser, "b"), FOB_OK, "%s", error.what);
    expect_site("b");
}

Test(choose, without_anything_to_choose_the_login_ends)
{
    strcpy(mock->pages[0].answer, "[]");
    cr_expect_eq(log_in(CODE, &ui, NULL), FOB_E_DENIED);
    expect_nothing_kept();
    cr_expect_eq(mock->answered, 400);
    cr_expect(strstr(mock->page, "no site to choose"), "%s", mock->page);
}

Test(choose, a_refresh_keeps_the_choice)
{
    fob_auto_token *token = NULL;
    cr_assert_eq(log_in(CODE, &ui, NULL), FOB_OK, "%s", error.what);
    int sent = mock->requests;
    cr_assert_eq(fob_refresh_token(session, "work", &token, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_token_kept(token, "site"), "b");
    cr_expect_eq(mock->requests, sent + 1, "and asks nobody");
    expect_site("b");
}

/* --- a machine ---------------------------------------------------------------------------------------------- */

Test(choose, with_client_credentials_it_is_said_beforehand_or_asked)
{
    cr_expect_eq(log_in(MACHINE, NULL, NULL), FOB_E_ARGUMENT);
    cr_expect_eq(log_in(MACHINE, NULL, "a"), FOB_OK, "%s", error.what);
    expect_site("a");
    cr_expect_eq(log_in(MACHINE, &ui, NULL), FOB_OK, "%s", error.what);
    cr_expect_str_eq(asked, "site: a=One b=Two");
    expect_site("b");
}

Test(choose, a_new_token_for_a_machine_asks_for_no_choice_again)
{
    fob_auto_token *token = NULL;
    cr_assert_eq(log_in(MACHINE, NULL, "b"), FOB_OK, "%s", error.what);
    int sent = mock->requests;
    move_clock(INT64_C(4000000));
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    expect_token(token, "access-2", "");
    cr_expect_str_eq(fob_token_kept(token, "site"), "b");
    cr_expect_eq(mock->requests, sent + 1, "the steps of a login are a login's");
    expect_site("b");
}
