/* SPDX-License-Identifier: MIT */
/* The driver asks the listener for the ways in which a provider answers, and says so when it cannot take them. */
#include "cleanup.h"
#include "io/driver.h"
#include "room.h"

#include <string.h>

#define LOOPBACK "http://127.0.0.1:0/callback"

static fob_session *session;
static struct fob_redirect_listener listener;
static struct fob_error error;

static void begin(void)
{
    room_begin();
    session = room_open();
}

static void end(void)
{
    fob_driver_unlisten(&listener);
    fob_close(&session);
    room_end();
}

TestSuite(listen, .init = begin, .fini = end);

static fob_err listen_for(const char *redirect_uri, unsigned modes, char **ret_uri)
{
    fob_driver_unlisten(&listener);
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_driver_listen(session, redirect_uri, modes, &listener, ret_uri, &error);
}

static void use_plugins(const char *folder)
{
    struct fob_options options = room_options();
    options.plugin_path = folder;
    fob_close(&session);
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK, "%s", error.what);
}

Test(listen, the_listener_is_told_what_the_provider_may_send)
{
    static const unsigned modes[] = {FOB_LISTEN_FORM_POST, FOB_LISTEN_QUERY | FOB_LISTEN_FRAGMENT, 7};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        fob_auto_free char *uri = NULL;
        cr_assert_eq(listen_for(LOOPBACK, modes[i], &uri), FOB_OK, "%s", error.what);
        cr_expect_eq(mock->listened_modes, modes[i]);
        cr_expect_str_eq(uri, "http://127.0.0.1:4711/callback");
        cr_expect_eq(mock->listening, 1);
    }
}

Test(listen, for_a_query_it_need_not_be_asked)
{
    fob_auto_free char *uri = NULL;
    mock->listened_modes = 77;
    cr_assert_eq(listen_for(LOOPBACK, FOB_LISTEN_QUERY, &uri), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->listened_modes, 77);
}

Test(listen, one_that_refuses_is_closed_again)
{
    char *uri = NULL;
    mock->accepts = FOB_E_ARGUMENT;
    cr_expect_eq(listen_for(LOOPBACK, FOB_LISTEN_FORM_POST, &uri), FOB_E_ARGUMENT);
    cr_expect_not_null(strstr(error.what, "does not accept"));
    cr_expect_eq(mock->listening, 0);
    cr_expect_null(uri);
    cr_expect_null(listener.ops);
}

Test(listen, an_older_one_takes_queries_and_for_more_the_person_is_told)
{
    fob_auto_free char *uri = NULL;
    char *none = NULL;
    use_plugins(FOB_BUILD_DIR "/tests/driver/old");
    cr_expect_eq(listen_for(LOOPBACK, FOB_LISTEN_QUERY | FOB_LISTEN_FRAGMENT, &none), FOB_E_PLUGIN);
    cr_expect_not_null(strstr(error.what, "takes queries only"), "%s", error.what);
    cr_expect(error.fix[0]);
    cr_expect_eq(mock->listening, 0);
    cr_expect_null(none);
    cr_assert_eq(listen_for(LOOPBACK, FOB_LISTEN_QUERY, &uri), FOB_OK, "%s", error.what);
    cr_expect_eq(mock->listening, 1);
}

Test(listen, a_plugin_that_is_no_listener_is_told)
{
    char *uri = NULL;
    use_plugins(FOB_BUILD_DIR "/tests/driver/none");
    cr_expect_eq(listen_for(LOOPBACK, FOB_LISTEN_QUERY, &uri), FOB_E_PLUGIN);
    cr_expect_not_null(strstr(error.what, "not what its name says"), "%s", error.what);
    cr_expect_not_null(strstr(error.file, "/none/listener-mhd.so"));
}

Test(listen, nor_is_one_taken_for_a_transport_that_is_none)
{
    use_plugins(FOB_BUILD_DIR "/tests/driver/none");
    cr_expect_eq(fob_driver_transport(session, &error), FOB_E_PLUGIN);
    cr_expect_not_null(strstr(error.file, "/none/transport-curl.so"));
    cr_expect_null(session->transport);
}

Test(listen, a_redirect_to_elsewhere_asks_nobody)
{
    fob_auto_free char *uri = NULL;
    cr_assert_eq(listen_for("https://acme.example/callback", FOB_LISTEN_FORM_POST, &uri), FOB_OK, "%s",
                 error.what);
    cr_expect_null(listener.ops);
    cr_expect_str_eq(uri, "https://acme.example/callback");
    cr_expect_eq(mock->listening, 0);
}
