/* SPDX-License-Identifier: MIT */
/* The transport sends what it was given, brings the whole answer, and says what failed. */
#include "transport.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define HTTP "http://127.0.0.1"

Test(transport, brings_status_fields_and_body)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/hello"), FOB_OK);
    cr_assert_eq(subject.response.status, 200);
    cr_assert_str_eq(field_of(&subject, "x-greeting"), "hi there");
    expect_body(&subject, "hello");
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, sends_method_fields_and_body_and_nothing_of_its_own)
{
    struct server server = server_start(NULL, NULL);
    struct fob_transport_config config = {
        .size = sizeof config, .ignore_environment = 1, .user_agent = "fob-test/1"};
    struct subject subject = subject_open(&config);
    const struct fob_pair fields[] = {{"Authorization", "Bearer t"}, {"Accept", "text/x"}, {"X-Empty", ""}};
    char url[64], expected[256];
    snprintf(url, sizeof url, HTTP ":%u/echo?a=b", server.port);
    struct fob_http_request request = request_to("POST", url);
    request.fields = fields;
    request.n_fields = 3;
    request.body = "a=1\0b";
    request.body_len = 3;
    cr_assert_eq(subject_perform(&subject, &request), FOB_OK);
    snprintf(expected, sizeof expected,
             "POST /echo?a=b\nHost: 127.0.0.1:%u\nUser-Agent: fob-test/1\nAuthorization: Bearer t\n"
             "Accept: text/x\nX-Empty: \nContent-Length: 3\n\na=1",
             server.port);
    expect_body(&subject, expected);
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, forgets_one_request_before_the_next)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    const struct fob_pair secret = {"Authorization", "Bearer first"};
    static const char *const methods[] = {"POST", "GET", "DELETE", "PUT", "HEAD", "POST"};
    char url[64], start[32];
    snprintf(url, sizeof url, HTTP ":%u/echo", server.port);
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        struct fob_http_request request = request_to(methods[i], url);
        request.fields = i == 0 ? &secret : NULL;
        request.n_fields = i == 0;
        request.body = i == 0 ? "first" : NULL;
        request.body_len = i == 0 ? 5 : 0;
        cr_assert_eq(subject_perform(&subject, &request), FOB_OK);
        if (strcmp(methods[i], "HEAD") == 0) {
            cr_assert_eq(subject.response.body_len, 0);
            continue;
        }
        snprintf(start, sizeof start, "%s /echo\n", methods[i]);
        cr_assert_eq(memcmp(subject.response.body, start, strlen(start)), 0);
        cr_assert_eq(memmem(subject.response.body, subject.response.body_len, "first", 5) != NULL, i == 0);
    }
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, keeps_the_connection_for_the_next_request)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    for (int i = 0; i < 5; i++)
        cr_assert_eq(subject_get(&subject, HTTP, server.port, "/hello"), FOB_OK);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/seen/requests"), FOB_OK);
    expect_body(&subject, "6");
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/seen/connections"), FOB_OK);
    expect_body(&subject, "1");
    subject_close(&subject);
    server_stop(&server);
}

static void post_over_kept_connection(struct subject *subject, unsigned port, const char *method)
{
    char url[64];
    snprintf(url, sizeof url, HTTP ":%u/silent", port);
    struct fob_http_request request = request_to(method, url);
    cr_assert_eq(subject_get(subject, HTTP, port, "/hello"), FOB_OK);
    cr_assert_eq(subject_perform(subject, &request), FOB_E_NETWORK);
    cr_assert_eq(subject->error.maybe_sent, 1);
    expect_what(subject, "closed the connection without an answer");
    cr_assert_eq(subject_get(subject, HTTP, port, "/seen/silent"), FOB_OK);
}

Test(transport, never_sends_a_post_twice_when_a_kept_connection_dies)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    post_over_kept_connection(&subject, server.port, "POST");
    expect_body(&subject, "1");
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, may_send_a_get_again_when_a_kept_connection_dies)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    post_over_kept_connection(&subject, server.port, "GET");
    expect_body(&subject, "2");
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, does_not_follow_a_redirect)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/redirect"), FOB_OK);
    cr_assert_eq(subject.response.status, 302);
    cr_assert_str_eq(field_of(&subject, "location"), "/hello");
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/seen/requests"), FOB_OK);
    expect_body(&subject, "2");
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, gives_an_error_status_as_a_response)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/status/503"), FOB_OK);
    cr_assert_eq(subject.response.status, 503);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/status/401"), FOB_OK);
    cr_assert_eq(subject.response.status, 401);
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, forgets_interim_responses_and_trailers)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/interim"), FOB_OK);
    cr_assert_eq(subject.response.status, 200);
    cr_assert_null(field_of(&subject, "x-early"));
    cr_assert_str_eq(field_of(&subject, "x-late"), "1");
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/trailer"), FOB_OK);
    expect_body(&subject, "ok");
    cr_assert_null(field_of(&subject, "x-trailer"));
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, takes_a_body_up_to_the_limit_and_not_a_byte_more)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    char url[64];
    snprintf(url, sizeof url, HTTP ":%u/huge/5000", server.port);
    struct fob_http_request request = request_to("GET", url);
    request.max_response = 5000;
    cr_assert_eq(subject_perform(&subject, &request), FOB_OK);
    cr_assert_eq(subject.response.body_len, 5000);
    request.max_response = 4999;
    cr_assert_eq(subject_perform(&subject, &request), FOB_E_LIMIT);
    cr_assert_eq(subject.error.maybe_sent, 1);
    expect_what(&subject, "longer than 4999 bytes");
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, gives_up_on_a_body_or_head_without_end)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/endless"), FOB_E_LIMIT);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/endless-head"), FOB_E_LIMIT);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/hello"), FOB_OK, "it works on afterwards");
    subject_close(&subject);
    server_stop(&server);
}

Test(transport, keeps_the_first_128_fields)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/fields/500"), FOB_OK);
    cr_assert_eq(subject.response.n_fields, FOB_MAX_RESPONSE_FIELDS);
    cr_assert_str_eq(field_of(&subject, "x-127"), "127");
    expect_body(&subject, "ok");
    subject_close(&subject);
    server_stop(&server);
}
