/* SPDX-License-Identifier: MIT */
/* core/io/run.c: the listener takes what the descriptor says that the provider sends, and the person hears what is weak. */
#include "cleanup.h"
#include "room.h"

#include <fob/plugin.h>
#include <stdio.h>
#include <string.h>

#define HEAD                                                                                                 \
    "fob: 1\nauthorization_endpoint: https://acme.example/authorize\ntoken_endpoint: "                       \
    "https://acme.example/token\n"

static fob_session *session;
static fob_client *client;
static struct fob_error error;
static char state[128], seen[256];

static fob_err open_url(void *user, const char *url, struct fob_error *failure)
{
    (void)user, (void)failure;
    const char *at = strstr(url, "state=");
    snprintf(state, sizeof state, "%.*s", (int)strcspn(at + 6, "&"), at + 6);
    strcat(seen, "opened ");
    return FOB_OK;
}

static void warning(void *user, const char *text)
{
    (void)user;
    snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "[%s] ", text);
}

static void granted(struct mock *m)
{
    snprintf(m->redirect, sizeof m->redirect, "/callback?code=code-1&state=%s", state);
}

static int paste(void *user, int64_t now, int64_t until, const char **ret_redirect)
{
    static char uri[256];
    (void)user, (void)now, (void)until;
    snprintf(uri, sizeof uri, "https://app.example/back?code=code-1&state=%s", state);
    *ret_redirect = uri;
    return 0;
}

static const struct fob_ui ui = {.size = sizeof ui, .open_url = open_url, .warning = warning};
static const struct fob_ui pasting = {.size = sizeof pasting, .open_url = open_url, .waiting = paste};

static void begin(void)
{
    room_begin();
    session = room_open();
    cr_assert_eq(fob_client_new("client-1", NULL, &client, NULL), FOB_OK);
    error = (struct fob_error)FOB_ERROR_INIT;
    mock->waiting = granted;
    mock->listened_modes = 77;
    seen[0] = '\0';
}

static void end(void)
{
    fob_client_free(&client);
    fob_close(&session);
    room_end();
}

TestSuite(modes, .init = begin, .fini = end);

static fob_err log_in(const char *lines, const char *redirect_uri, const struct fob_ui *with)
{
    char text[512];
    struct fob_login login = FOB_LOGIN_INIT;
    snprintf(text, sizeof text, "%s%s", HEAD, lines);
    room_write("providers/acme.yaml", text, 0644);
    login.name = "work";
    login.provider = "acme";
    login.client = client;
    login.redirect_uri = redirect_uri;
    login.ui = with;
    fob_err err = fob_log_in(session, &login, NULL, &error);
    cr_expect_eq(mock->listening, 0, "it is closed");
    return err;
}

static void use_old_listener(void)
{
    struct fob_options options = room_options();
    char folders[512];
    snprintf(folders, sizeof folders, FOB_BUILD_DIR "/tests/driver/old:%s", room_path("plugins"));
    options.plugin_path = folders;
    fob_close(&session);
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK, "%s", error.what);
}

Test(modes, the_listener_is_asked_for_what_the_provider_sends)
{
    static const struct {
        const char *lines;
        unsigned modes;
    } cases[] = {
        {"", 77}, /* not asked at all */
        {"authorize: {response_mode: query}\n", 77},
        {"authorize: {response_mode: form_post}\n", FOB_LISTEN_FORM_POST},
        {"authorize: {response_mode: fragment}\n", FOB_LISTEN_FRAGMENT},
        {"callback: {response_mode: form_post}\n", FOB_LISTEN_FORM_POST},
        {"callback: {response_mode: fragment}\n", FOB_LISTEN_FRAGMENT},
        {"authorize: {response_mode: fragment}\ncallback: {response_mode: form_post}\n",
         FOB_LISTEN_FORM_POST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mock->listened_modes = 77;
        cr_expect_eq(log_in(cases[i].lines, NULL, &ui), FOB_OK, "%s: %s", cases[i].lines, error.what);
        cr_expect_eq(mock->listened_modes, cases[i].modes, "%s", cases[i].lines);
    }
}

Test(modes, one_that_refuses_ends_the_login_before_the_person_is_sent_away)
{
    mock->accepts = FOB_E_SYSTEM;
    cr_expect_eq(log_in("authorize: {response_mode: form_post}\n", NULL, &ui), FOB_E_SYSTEM);
    cr_expect_str_eq(seen, "");
    cr_expect_eq(log_in("", NULL, &ui), FOB_OK, "a query needs no asking: %s", error.what);
}

Test(modes, an_older_listener_is_told_of_before_the_person_is_sent_away)
{
    use_old_listener();
    cr_expect_eq(log_in("authorize: {response_mode: form_post}\n", NULL, &ui), FOB_E_PLUGIN);
    cr_expect(strstr(error.what, "cannot take a redirect that is no query"), "%s", error.what);
    cr_expect_str_eq(seen, "");
    cr_expect_eq(log_in("", NULL, &ui), FOB_OK, "%s", error.what);
}

Test(modes, a_redirect_to_elsewhere_asks_no_listener)
{
    mock->waiting = NULL;
    cr_expect_eq(log_in("authorize: {response_mode: form_post}\n", "https://app.example/back", &pasting),
                 FOB_OK, "%s", error.what);
    cr_expect_eq(mock->listened_modes, 77);
}

Test(modes, the_person_hears_what_is_weak_before_the_browser_opens)
{
    cr_expect_eq(log_in("callback: {state: none, state_reason: the link starts there}\n", NULL, &ui), FOB_OK,
                 "%s", error.what);
    cr_expect_str_eq(seen, "[the link starts there] opened ");
    seen[0] = '\0';
    cr_expect_eq(log_in("", NULL, &ui), FOB_OK);
    cr_expect_str_eq(seen, "opened ");
}
