/* SPDX-License-Identifier: MIT */
/* A request of the host's own: any status is an answer, and nothing goes where a token could not. */
#include "cleanup.h"
#include "room.h"

#include <stdio.h>
#include <string.h>

static fob_session *session;
static struct fob_error error;

static void begin(void)
{
    room_begin();
    session = room_open();
    error = (struct fob_error)FOB_ERROR_INIT;
}

static void end(void)
{
    fob_close(&session);
    room_end();
}

TestSuite(send, .init = begin, .fini = end);

static fob_err get(const char *url, struct fob_http_response *ret)
{
    struct fob_http_request request = {.size = sizeof request, .url = url};
    *ret = (struct fob_http_response){0};
    return fob_send(session, &request, ret, &error);
}

Test(send, brings_what_the_server_says)
{
    struct fob_http_response response;
    snprintf(mock->pages[0].part, sizeof mock->pages[0].part, "/.well-known/");
    snprintf(mock->pages[0].answer, sizeof mock->pages[0].answer, "{\"issuer\":\"x\"}");
    cr_assert_eq(get("https://acme.example/.well-known/openid-configuration", &response), FOB_OK, "%s",
                 error.what);
    cr_expect_eq(response.status, 200);
    cr_expect_eq(response.body_len, strlen("{\"issuer\":\"x\"}"));
    cr_expect_str_eq(mock->asked[0].method, "GET");
    cr_expect_str_eq(mock->asked[0].url, "https://acme.example/.well-known/openid-configuration");
    cr_expect_str_eq(mock->asked[0].authorization, "", "nothing of the session goes along");
}

Test(send, any_status_is_an_answer)
{
    struct fob_http_response response;
    mock->status = 404;
    snprintf(mock->answer, sizeof mock->answer, "no");
    cr_expect_eq(get("https://acme.example/x", &response), FOB_OK);
    cr_expect_eq(response.status, 404);
}

Test(send, sends_what_it_is_given)
{
    const struct fob_pair fields[] = {{"Authorization", "Bearer t"}};
    struct fob_http_request request = {.size = sizeof request,
                                       .method = "POST",
                                       .url = "http://127.0.0.1:7/x",
                                       .fields = fields,
                                       .n_fields = 1,
                                       .body = "a=b",
                                       .body_len = 3};
    struct fob_http_response response = {0};
    mock->status = 200;
    cr_assert_eq(fob_send(session, &request, &response, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(mock->asked[0].method, "POST");
    cr_expect_str_eq(mock->asked[0].body, "a=b");
    cr_expect_str_eq(mock->asked[0].authorization, "Bearer t");
}

Test(send, plain_http_goes_to_this_machine_only)
{
    static const char *const bad[] = {
        "http://acme.example/",          "ftp://acme.example/",    "acme.example", "",
        "https://me:pass@acme.example/", "https://acme.example/#x"};
    struct fob_http_response response;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_eq(get(bad[i], &response), FOB_E_ARGUMENT, "%s", bad[i]);
    cr_expect_eq(mock->requests, 0);
}

Test(send, what_fails_is_told)
{
    struct fob_http_response response;
    struct fob_http_request request = {.url = "https://acme.example/"};
    cr_expect_eq(fob_send(session, &request, &response, &error), FOB_E_ARGUMENT,
                 "a request without its size");
    cr_expect_eq(fob_send(session, NULL, &response, &error), FOB_E_ARGUMENT);
    mock->fails = FOB_E_NETWORK;
    cr_expect_eq(get("https://acme.example/", &response), FOB_E_NETWORK);
    fob_close(&session);
    session = room_open();
    mock->opens = FOB_E_PLUGIN;
    cr_expect_eq(get("https://acme.example/", &response), FOB_E_PLUGIN);
}
