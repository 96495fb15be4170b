/* SPDX-License-Identifier: MIT */
/* A failing request says which step failed and whether the server may have seen it. */
#include "transport.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HTTP "http://127.0.0.1"

struct broken {
    const char *path;
    const char *what; /* has to be in the error */
};

/* All of these are sent in full, and answered badly. */
static const struct broken broken[] = {
    {"/cut", "cut off"},
    {"/cut-chunk", "cut off"},
    {"/silent", "closed the connection without an answer"},
    {"/not-http", "not proper HTTP"},
    {"/bad-chunk", "broke before the answer was complete"},
    {"/status/999", "status is 999"},
};

Test(transport_failure, a_bad_answer_is_told_as_what_it_is_and_maybe_sent)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    char peer[32];
    snprintf(peer, sizeof peer, "127.0.0.1:%u", server.port);
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        cr_assert_eq(subject_get(&subject, HTTP, server.port, broken[i].path), FOB_E_NETWORK, "%s",
                     broken[i].path);
        expect_what(&subject, broken[i].what);
        expect_what(&subject, peer);
        cr_assert_eq(subject.error.maybe_sent, 1, "%s", broken[i].path);
        cr_assert_null(strstr(subject.error.what, broken[i].path), "no path in an error");
    }
    subject_close(&subject);
    server_stop(&server);
}

/* A socket that listens, or with backlog -1 one whose port is closed again. */
static int listening(int backlog, unsigned *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(bind(fd, (struct sockaddr *)&address, len), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *ret_port = ntohs(address.sin_port);
    if (backlog >= 0)
        cr_assert_eq(listen(fd, backlog), 0);
    return fd;
}

static fob_err get_impatiently(struct subject *subject, const char *scheme, unsigned port, int64_t connect_ms,
                               int64_t total_ms)
{
    char url[64];
    snprintf(url, sizeof url, "%s://127.0.0.1:%u/hang", scheme, port);
    struct fob_http_request request = request_to("GET", url);
    request.connect_timeout_ms = connect_ms;
    request.total_timeout_ms = total_ms;
    return subject_perform(subject, &request);
}

Test(transport_failure, a_closed_port_was_certainly_not_sent_to)
{
    unsigned port;
    int bound = listening(-1, &port);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, HTTP, port, "/"), FOB_E_NETWORK);
    expect_what(&subject, "no connection to 127.0.0.1:");
    expect_what(&subject, "Connection refused");
    cr_assert_eq(subject.error.sys_errno, ECONNREFUSED);
    cr_assert_eq(subject.error.maybe_sent, 0);
    subject_close(&subject);
    close(bound);
}

Test(transport_failure, an_unknown_name_is_told)
{
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, "https://no-such-host.invalid", 443, "/"), FOB_E_NETWORK);
    expect_what(&subject, "the name of no-such-host.invalid:443 cannot be looked up");
    cr_assert_eq(subject.error.maybe_sent, 0);
    subject_close(&subject);
}

Test(transport_failure, a_server_that_hangs_is_a_timeout_while_waiting)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(get_impatiently(&subject, "http", server.port, 60000, 300), FOB_E_NETWORK);
    expect_what(&subject, "timeout while waiting for the answer");
    cr_assert_eq(subject.error.maybe_sent, 1);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/hello"), FOB_OK, "it works on afterwards");
    subject_close(&subject);
    server_stop(&server);
}

Test(transport_failure, a_server_that_does_not_speak_tls_in_time_is_a_timeout_before_sending)
{
    unsigned port;
    int fd = listening(8, &port);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(get_impatiently(&subject, "https", port, 300, 60000), FOB_E_NETWORK);
    expect_what(&subject, "timeout while agreeing on TLS");
    cr_assert_eq(subject.error.maybe_sent, 0);
    subject_close(&subject);
    close(fd);
}

Test(transport_failure, a_server_that_takes_no_connection_is_a_timeout_while_connecting)
{
    unsigned port;
    int fd = listening(0, &port);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((uint16_t)port);
    int fillers[8]; /* the queue of connections that nobody accepts is full then */
    for (int i = 0; i < 8; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connect(fillers[i], (struct sockaddr *)&address, sizeof address);
    }
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, HTTP, server.port, "/hello"), FOB_OK, "an earlier request is not it");
    server_stop(&server);
    cr_assert_eq(get_impatiently(&subject, "http", port, 300, 60000), FOB_E_NETWORK);
    expect_what(&subject, "timeout while connecting");
    cr_assert_eq(subject.error.maybe_sent, 0);
    subject_close(&subject);
    for (int i = 0; i < 8; i++)
        close(fillers[i]);
    close(fd);
}

static const struct broken refused[] = {
    {"http://example.com/", "without TLS"},
    {"http://127.0.0.1.example.com/", "without TLS"},
    {"http://localhost.example.com/", "without TLS"},
    {"http://[::2]/", "without TLS"},
    {"ftp://127.0.0.1/", "not an https or http URL"},
    {"file:///etc/passwd", "not an https or http URL"},
    {"https://user:password@127.0.0.1/", "not an https or http URL"},
    {"example.com/token", "not an https or http URL"},
    {"", "not an https or http URL"},
};

Test(transport_failure, what_must_not_be_sent_is_refused)
{
    struct subject subject = subject_open(NULL);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct fob_http_request request = request_to("GET", refused[i].path);
        cr_assert_eq(subject_perform(&subject, &request), FOB_E_ARGUMENT, "%s", refused[i].path);
        expect_what(&subject, refused[i].what);
        cr_assert_eq(subject.error.maybe_sent, 0);
        cr_assert_null(strstr(subject.error.what, "password"));
    }
    subject_close(&subject);
}

Test(transport_failure, what_was_refused_is_refused_again_and_what_was_sent_is_sent_again)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = subject_open(NULL);
    for (int i = 0; i < 3; i++) {
        struct fob_http_request bad = request_to("GET", "http://example.com/");
        for (int j = 0; j < 2; j++) {
            cr_assert_eq(subject_perform(&subject, &bad), FOB_E_ARGUMENT);
            expect_what(&subject, "example.com");
        }
        for (int j = 0; j < 2; j++)
            cr_assert_eq(subject_get(&subject, HTTP, server.port, "/hello"), FOB_OK, "%s",
                         subject.error.what);
    }
    subject_close(&subject);
    server_stop(&server);
}

Test(transport_failure, a_field_cannot_bring_another_one_along)
{
    struct subject subject = subject_open(NULL);
    const struct fob_pair fields[] = {
        {"X-A", "1\r\nX-B: 2"}, {"X-A: 1\r\nX-B", "2"}, {"", "1"}, {"X-A", NULL}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct fob_http_request request = request_to("GET", "http://127.0.0.1:1/");
        request.fields = &fields[i];
        request.n_fields = 1;
        cr_assert_eq(subject_perform(&subject, &request), FOB_E_ARGUMENT);
    }
    struct fob_http_request request = request_to("GET / HTTP/1.1\r\nX", "http://127.0.0.1:1/");
    cr_assert_eq(subject_perform(&subject, &request), FOB_E_ARGUMENT);
    subject_close(&subject);
}
