/* SPDX-License-Identifier: MIT */
/* core/io/login.c, core/io/run.c, core/io/setup.c, core/io/page.c: a person logs in, or the login ends with its reason. */
#include "cleanup.h"
#include "io/page.h"
#include "room.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static fob_session *session;
static fob_client *client;
static struct fob_error error;

/* What the host's callbacks saw, and what they are to do. */
static char opened[4096], state[128], noticed[512];
static int waits;
static fob_err opening_fails;
static fob_err open_url(void *user, const char *url, struct fob_error *failure)
{
    (void)user;
    snprintf(opened, sizeof opened, "%s", url);
    const char *at = strstr(url, "state=");
    snprintf(state, sizeof state, "%.*s", at ? (int)strcspn(at + 6, "&") : 0, at ? at + 6 : "");
    if (opening_fails != FOB_OK)
        return fob_error_set(failure, opening_fails, "there is no browser", NULL);
    return FOB_OK;
}

/* The browser comes back with this and the state. */
static void comes_back(const char *text)
{
    snprintf(mock->redirect, sizeof mock->redirect, "%s%s", text, state);
}

static void granted(struct mock *m)
{
    (void)m;
    comes_back("/callback?code=code-1&state=");
}

static int waiting(void *user, int64_t now, int64_t until, const char **ret_redirect)
{
    (void)user, (void)now, (void)until, (void)ret_redirect;
    return ++waits > 3;
}

static void notice(void *user, const struct fob_error *what)
{
    (void)user;
    snprintf(noticed, sizeof noticed, "%s", what->what);
}

static const struct fob_ui ui = {
    .size = sizeof ui, .open_url = open_url, .waiting = waiting, .notice = notice};

static void begin(void)
{
    room_begin();
    session = room_open();
    cr_assert_eq(fob_client_new("client-1", NULL, &client, NULL), FOB_OK);
    error = (struct fob_error)FOB_ERROR_INIT;
}

static void end(void)
{
    fob_client_free(&client);
    fob_close(&session);
    room_end();
}

TestSuite(login, .init = begin, .fini = end);

static struct fob_login plain(void)
{
    struct fob_login login = FOB_LOGIN_INIT;
    login.name = "work";
    login.provider = "acme";
    login.client = client;
    login.ui = &ui;
    return login;
}

static fob_err run(const struct fob_login *login)
{
    fob_err err = fob_log_in(session, login, NULL, &error);
    cr_assert_eq(mock->listening, 0, "the listener is closed");
    return err;
}

static fob_err run_plain(void)
{
    struct fob_login login = plain();
    return run(&login);
}

/* --- a login that works --------------------------------------------------------------------------------------- */

Test(login, the_person_comes_back_and_the_connection_is_kept)
{
    static const char *const scopes[] = {"mail", "calendar"};
    struct fob_login login = plain();
    fob_connection *connection = NULL;
    mock->waiting = granted;
    login.scopes = scopes;
    login.n_scopes = 2;
    cr_assert_eq(fob_log_in(session, &login, &connection, &error), FOB_OK, "%s", error.what);
    cr_expect(fob_starts_with(opened, "https://acme.example/authorize?"), "%s", opened);
    cr_expect(strstr(opened, "redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback"), "%s", opened);
    cr_expect(strstr(opened, "scope=mail%20calendar") || strstr(opened, "scope=mail+calendar"), "%s", opened);
    cr_expect(strstr(opened, "code_challenge_method=S256"), "%s", opened);
    cr_expect(strstr(mock->asked[0].body, "code=code-1"), "%s", mock->asked[0].body);
    cr_expect(strstr(mock->asked[0].body, "code_verifier="), "%s", mock->asked[0].body);
    cr_expect_str_eq(mock->listened_host, "127.0.0.1");
    cr_expect_str_eq(mock->listened_path, "/callback");
    cr_expect_eq(mock->listened_port, 0, "any that is free");
    cr_expect_eq(mock->answered, 200);
    cr_expect(strstr(mock->page, "You are logged in"), "%s", mock->page);
    cr_expect_str_eq(fob_connection_scope(connection), "mail calendar");
    cr_expect_eq(fob_connection_created_at(connection), START);
    fob_connection_unref(&connection);
    expect_stored("work", "access-1", "refresh-0");
}

Test(login, every_login_has_a_state_and_a_challenge_of_its_own)
{
    char first[sizeof opened];
    mock->waiting = granted;
    cr_assert_eq(run_plain(), FOB_OK, "%s", error.what);
    memcpy(first, opened, sizeof first);
    cr_assert_eq(run_plain(), FOB_OK, "%s", error.what);
    cr_expect_gt(strlen(state), 20);
    cr_expect_null(strstr(first, state));
}

Test(login, a_new_one_takes_the_place_of_the_old_only_when_it_is_whole)
{
    room_put_connection(session, "work", FOREVER);
    mock->waiting = granted;
    mock->fails = FOB_E_NETWORK;
    cr_expect_eq(run_plain(), FOB_E_NETWORK);
    expect_stored("work", "access-0", "refresh-0");
    mock->fails = FOB_OK;
    cr_expect_eq(run_plain(), FOB_OK, "%s", error.what);
    expect_stored("work", "access-1", "refresh-0");
}

/* First one of another login, then ours. */
static void stray_then_granted(struct mock *m)
{
    if (*noticed)
        cr_assert_eq(m->answered, 400, "the stray one is told so");
    comes_back(*noticed ? "/callback?code=code-1&state=" : "/callback?code=stolen&state=not-");
}

Test(login, a_redirect_that_is_not_ours_is_told_of_and_does_not_end_it)
{
    mock->waiting = stray_then_granted;
    cr_expect_eq(run_plain(), FOB_OK, "%s", error.what);
    cr_expect_str_neq(noticed, "");
    cr_expect_eq(mock->answered, 200);
    cr_expect_eq(mock->requests, 1);
    cr_expect(strstr(mock->asked[0].body, "code=code-1"), "%s", mock->asked[0].body);
}

/* --- a login that does not -------------------------------------------------------------------------------------- */

static void denied(struct mock *m)
{
    (void)m;
    comes_back("/callback?error=access_denied&error_description=%3Cscript%3E&state=");
}

Test(login, a_person_who_says_no_is_shown_that_and_nothing_is_kept)
{
    mock->waiting = denied;
    cr_expect_eq(run_plain(), FOB_E_DENIED);
    cr_expect_eq(mock->answered, 400);
    cr_expect(strstr(mock->page, "did not work"), "%s", mock->page);
    cr_expect_null(strstr(mock->page, "<script>"), "%s", mock->page);
    cr_expect_null(room_kept("work").connection);
}

Test(login, the_page_tells_of_a_code_that_could_not_be_exchanged)
{
    mock->waiting = granted;
    mock->status = 400;
    snprintf(mock->answer, sizeof mock->answer, "{\"error\":\"invalid_grant\"}");
    cr_expect_eq(run_plain(), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(mock->answered, 400);
    cr_expect(strstr(mock->page, "invalid_grant"), "%s", mock->page);
}

static void hours_pass(struct mock *m)
{
    (void)m;
    move_clock(FOB_LOGIN_TIMEOUT_MS);
}

Test(login, one_that_takes_too_long_ends)
{
    mock->waiting = hours_pass;
    cr_expect_eq(run_plain(), FOB_E_EXPIRED);
}

static void stray_then_hours(struct mock *m)
{
    if (!*noticed)
        comes_back("/callback?code=c&state=not-ours-");
    else
        hours_pass(m);
}

Test(login, and_tells_of_the_answer_that_came_and_was_not_one)
{
    mock->waiting = stray_then_hours;
    cr_expect_eq(run_plain(), FOB_E_EXPIRED);
    cr_expect(strstr(error.what, "one came that was not"), "%s", error.what);
}

Test(login, the_host_can_cancel_it)
{
    cr_expect_eq(run_plain(), FOB_E_CANCELLED);
    cr_expect_eq(waits, 4);
    cr_expect_eq(mock->performed, 0);
}

Test(login, a_browser_that_does_not_open_ends_it_with_the_hosts_error)
{
    opening_fails = FOB_E_SYSTEM;
    cr_expect_eq(run_plain(), FOB_E_SYSTEM);
    cr_expect_str_eq(error.what, "there is no browser");
}

Test(login, a_port_that_is_taken_or_a_listener_that_is_missing_is_told)
{
    mock->listens = FOB_E_BUSY;
    cr_expect_eq(run_plain(), FOB_E_BUSY);
    cr_assert_eq(unlink(room_path("plugins/listener-mhd.so")), 0);
    fob_close(&session);
    session = room_open();
    cr_expect_eq(run_plain(), FOB_E_NOT_FOUND);
    cr_expect(strstr(error.what, "listener-mhd"), "%s", error.what);
}

/* --- redirect URIs ---------------------------------------------------------------------------------------------- */

static fob_err run_with_uri(const char *uri)
{
    struct fob_login login = plain();
    login.redirect_uri = uri;
    waits = 0;
    return run(&login);
}

Test(login, a_loopback_uri_is_listened_on_as_it_says)
{
    mock->waiting = granted;
    cr_assert_eq(run_with_uri("http://127.0.0.1:8080/a/b"), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->listened_port, 8080);
    cr_expect_str_eq(mock->listened_path, "/a/b");
    cr_expect(strstr(mock->asked[0].body, "redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fa%2Fb"));
    cr_assert_eq(run_with_uri("http://[::1]:0/"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(mock->listened_host, "::1");
    cr_expect(strstr(opened, "redirect_uri=http%3A%2F%2F%5B%3A%3A1%5D%3A4711%2F"), "%s", opened);
    cr_assert_eq(run_with_uri("http://localhost"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(mock->listened_host, "localhost");
    cr_expect_str_eq(mock->listened_path, "/");
    cr_expect_eq(mock->listened_port, 80);
}

Test(login, a_provider_that_wants_its_redirect_uri_registered_is_told_of_where_none_was_given)
{
    static const char text[] =
        "fob: 1\nauthorization_endpoint: https://acme.example/authorize\n"
        "token_endpoint: https://acme.example/token\nregistration: {redirect_uri: %s}\n";
    static const struct {
        const char *rule, *told;
    } cases[] = {
        {"https", "https address"}, {"https_or_localhost", "http://localhost"}, {"loopback", "127.0.0.1"}};
    char descriptor[512];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(descriptor, sizeof descriptor, text, cases[i].rule);
        room_write("providers/acme.yaml", descriptor, 0644);
        mock->waiting = granted;
        *noticed = '\0';
        cr_assert_eq(run_with_uri("http://localhost:8080"), FOB_OK, "%s", error.what);
        cr_expect_str_eq(noticed, "");
        cr_assert_eq(run_with_uri(NULL), FOB_OK, "%s", error.what);
        cr_expect(strstr(noticed, "takes only") && strstr(noticed, cases[i].told), "%s: %s", cases[i].rule,
                  noticed);
    }
    snprintf(descriptor, sizeof descriptor, text, "loopback_any_port");
    room_write("providers/acme.yaml", descriptor, 0644);
    *noticed = '\0';
    cr_assert_eq(run_with_uri(NULL), FOB_OK, "%s", error.what);
    cr_expect_str_eq(noticed, "");
}

static const char *to_paste[4]; /* by look; the state comes behind */

static int paste(void *user, int64_t now, int64_t until, const char **ret_redirect)
{
    static char text[512];
    (void)user, (void)now, (void)until;
    const char *before = to_paste[waits++];
    if (!before)
        return 0;
    snprintf(text, sizeof text, "%s%s", before, state);
    *ret_redirect = text;
    return 0;
}

Test(login, for_any_other_the_person_pastes_what_came_back)
{
    const struct fob_ui pasting = {
        .size = sizeof pasting, .open_url = open_url, .waiting = paste, .notice = notice};
    struct fob_login login = plain();
    login.ui = &pasting;
    login.redirect_uri = "https://app.example/back";
    to_paste[1] = "https://app.example/back?code=old&state=not-";
    to_paste[2] = "https://app.example/back?code=code-1&state=";
    cr_assert_eq(run(&login), FOB_OK, "%s", error.what);
    cr_expect_eq(waits, 3);
    cr_expect_str_neq(noticed, "", "the wrong one was told of");
    cr_expect_str_eq(mock->listened_host, "", "nothing listens");
    cr_expect(strstr(mock->asked[0].body, "redirect_uri=https%3A%2F%2Fapp.example%2Fback"), "%s",
              mock->asked[0].body);
}

Test(login, a_redirect_may_be_pasted_while_we_listen_too)
{
    const struct fob_ui pasting = {
        .size = sizeof pasting, .open_url = open_url, .waiting = paste, .notice = notice};
    struct fob_login login = plain();
    login.ui = &pasting;
    to_paste[0] = "http://127.0.0.1:4711/callback?code=code-1&state=";
    cr_assert_eq(run(&login), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->answered, 0, "no browser waits");
}

Test(login, without_anybody_to_paste_it_there_is_no_way_back)
{
    struct fob_login login = plain();
    login.redirect_uri = "https://app.example/back";
    login.ui = NULL;
    cr_expect_eq(run(&login), FOB_E_ARGUMENT);
    cr_expect(strstr(error.what, "nothing can take the redirect"), "%s", error.what);
}

Test(login, one_that_is_none_is_told)
{
    static const char *const bad[] = {"callback", "/callback", "http://127.0.0.1:99999/x", "http://:80/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_eq(run_with_uri(bad[i]), FOB_E_ARGUMENT, "%s: %s", bad[i], error.what);
}

/* --- what a login is made of ------------------------------------------------------------------------------------ */

static void write_tenants(void)
{
    room_write("providers/tenants.yaml",
               "fob: 1\n"
               "variables:\n"
               "  tenant: {doc: whose, example: contoso, pattern: '[a-z]+'}\n"
               "  pin: {doc: a secret, example: '1', pattern: '[0-9]+', secret: true}\n"
               "environments:\n"
               "  sandbox: {}\n"
               "authorization_endpoint: https://{tenant}.example/authorize\n"
               "token_endpoint: https://{tenant}.example/token\n",
               0644);
}

Test(login, clients_yaml_fills_what_the_call_leaves_out)
{
    struct fob_login login = FOB_LOGIN_INIT;
    fob_connection *connection = NULL;
    write_tenants();
    room_write("config/clients.yaml",
               "clients:\n"
               "  work:\n"
               "    provider: tenants\n"
               "    client_id: from-file\n"
               "    client_secret: s3cret\n"
               "    grant: client_credentials\n"
               "    environment: sandbox\n"
               "    scopes: [mail]\n"
               "    variables: {tenant: contoso, pin: '4711'}\n",
               0600);
    login.name = "work";
    cr_assert_eq(fob_log_in(session, &login, &connection, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_connection_client_id(connection), "from-file");
    cr_expect_str_eq(fob_connection_environment(connection), "sandbox");
    cr_expect_str_eq(fob_connection_grant(connection), "client_credentials");
    cr_expect_str_eq(fob_connection_scope(connection), "mail");
    cr_expect_str_eq(fob_connection_variable(connection, 0)->value, "contoso");
    cr_expect_str_eq(fob_connection_variable(connection, 1)->name, "pin");
    cr_expect_str_eq(fob_connection_variable(connection, 1)->value, "", "a secret one is not shown");
    cr_expect_str_eq(mock->asked[0].url, "https://contoso.example/token");
    cr_expect(strstr(mock->asked[0].body, "scope=mail"), "%s", mock->asked[0].body);
    cr_expect(fob_starts_with(mock->asked[0].authorization, "Basic "), "%s", mock->asked[0].authorization);
    fob_connection_unref(&connection);
}

Test(login, what_the_call_says_wins_over_it)
{
    static const char *const scopes[] = {"calendar"};
    static const struct fob_pair variables[] = {{"tenant", "fabrikam"}};
    struct fob_login login = FOB_LOGIN_INIT;
    fob_connection *connection = NULL;
    write_tenants();
    room_write(
        "config/clients.yaml",
        "clients:\n  work: {provider: tenants, client_id: from-file, grant: client_credentials, scopes: "
        "[mail], variables: {tenant: contoso, pin: '1'}}\n",
        0600);
    login.name = "work";
    login.scopes = scopes;
    login.n_scopes = 1;
    login.variables = variables;
    login.n_variables = 1;
    cr_assert_eq(fob_log_in(session, &login, &connection, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_connection_scope(connection), "calendar");
    cr_expect_str_eq(mock->asked[0].url, "https://fabrikam.example/token");
    fob_connection_unref(&connection);
}

Test(login, asking_for_a_token_logs_in_a_client_that_needs_no_person)
{
    fob_token *token = NULL;
    room_write("config/clients.yaml",
               "clients:\n  robot: {provider: acme, client_id: r, grant: client_credentials}\n"
               "  work: {provider: acme, client_id: w}\n",
               0600);
    cr_assert_eq(fob_get_token(session, "robot", 0, &token, &error), FOB_OK, "%s", error.what);
    expect_token(token, "access-1", "");
    expect_stored("robot", "access-1", "");
    fob_token_unref(&token);
    cr_expect_eq(fob_get_token(session, "work", 0, &token, &error), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(mock->requests, 1);
    room_write("config/clients.yaml", "clients: [", 0600);
    cr_expect_eq(fob_get_token(session, "other", 0, &token, &error), FOB_E_CONFIG);
}

static void expect_argument(const struct fob_login *login, fob_err code)
{
    cr_expect_eq(fob_log_in(session, login, NULL, &error), code, "%s", error.what);
    cr_expect_str_neq(error.what, "");
    cr_expect_eq(mock->performed, 0);
}

Test(login, what_is_missing_or_wrong_is_told_before_anything_is_sent)
{
    char long_name[FOB_MAX_NAME + 2];
    const char *const bad_names[] = {NULL, "", "a\nb", "\x7f", "\xff", long_name};
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    for (size_t i = 0; i < sizeof bad_names / sizeof *bad_names; i++) {
        struct fob_login login = plain();
        login.name = bad_names[i];
        expect_argument(&login, FOB_E_ARGUMENT);
    }
    struct fob_login login = plain();
    login.grant = "password";
    expect_argument(&login, FOB_E_ARGUMENT);
    login = plain();
    login.provider = NULL;
    expect_argument(&login, FOB_E_ARGUMENT);
    login.provider = "nobody";
    expect_argument(&login, FOB_E_NOT_FOUND);
    login = plain();
    login.client = NULL;
    expect_argument(&login, FOB_E_ARGUMENT);
    cr_expect(strstr(error.what, "clients.yaml"), "%s", error.what);
    login = plain();
    login.environment = "nowhere";
    login.grant = "client_credentials";
    expect_argument(&login, FOB_E_CONFIG);
    login = plain();
    login.size = 0;
    expect_argument(&login, FOB_E_ARGUMENT);
    cr_expect_eq(fob_log_in(session, NULL, NULL, &error), FOB_E_ARGUMENT);
}

Test(login, scopes_have_a_largest_number)
{
    const char *scopes[FOB_MAX_SCOPES + 1];
    char text[FOB_MAX_SCOPES + 1][8];
    for (int i = 0; i <= FOB_MAX_SCOPES; i++) {
        snprintf(text[i], sizeof text[i], "s%d", i);
        scopes[i] = text[i];
    }
    struct fob_login login = plain();
    login.grant = "client_credentials";
    login.scopes = scopes;
    login.n_scopes = FOB_MAX_SCOPES + 1;
    expect_argument(&login, FOB_E_LIMIT);
    login.n_scopes = FOB_MAX_SCOPES;
    cr_expect_eq(fob_log_in(session, &login, NULL, &error), FOB_OK, "%s", error.what);
    cr_expect(strstr(mock->asked[0].body, "s255"), "the last one is asked for");
}

Test(login, a_flow_of_ones_own_runs_and_nothing_is_kept)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes that are random";
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    fob_auto_provider *provider = NULL;
    fob_auto_flow *flow = NULL;
    cr_assert_eq(fob_find_provider(session, "acme", &provider, &error), FOB_OK);
    params.provider = provider;
    params.client = client;
    params.seed = seed;
    params.redirect_uri = "http://127.0.0.1:4712/callback";
    cr_assert_eq(fob_flow_authorization_code(&params, &flow, &error), FOB_OK, "%s", error.what);
    mock->waiting = granted;
    cr_assert_eq(fob_run(session, flow, &ui, &error), FOB_OK, "%s", error.what);
    expect_token(fob_flow_token(flow), "access-1", "refresh-0");
    cr_expect_eq(mock->listened_port, 4712);
    cr_expect_eq(mock->listening, 0);
    cr_expect_eq(access(room_path("fob.db"), F_OK), -1);
    cr_expect_eq(fob_run(session, NULL, NULL, &error), FOB_E_ARGUMENT);
}

/* --- the page --------------------------------------------------------------------------------------------------- */

Test(login, the_page_shows_text_as_text)
{
    struct fob_error failure = {.what = "<b>\"&'", .fix = "a > b"};
    fob_auto_buf page = FOB_BUF(8192);
    fob_page(&page, &failure);
    cr_expect(strstr(page.data, "&lt;b&gt;&quot;&amp;'"), "%s", page.data);
    cr_expect(strstr(page.data, "a &gt; b"), "%s", page.data);
    cr_expect_null(strstr(page.data, "<b>"));
    fob_buf_free(&page);
    page = FOB_BUF(8192);
    fob_page(&page, NULL);
    cr_expect(fob_starts_with(page.data, "<!doctype html>"));
    cr_expect(strstr(page.data, "You are logged in"));
}
