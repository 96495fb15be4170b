/* SPDX-License-Identifier: MIT */
/* The listener takes the redirect on loopback, hands it over as received, and answers everything else itself. */
#include "listening.h"

#include <errno.h>
#include <fob/limits.h>
#include <string.h>
#include <unistd.h>

TestSuite(listener, .init = start, .fini = stop);
TestSuite(listener_open, .init = load_listener);

Test(listener, hands_over_path_and_query_as_received)
{
    int fd = send_get("/callback?code=a%2Fb+c&state=%C3%A4&x");
    expect_target("/callback?code=a%2Fb+c&state=%C3%A4&x");
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_OK);
    const char *answer = receive(fd);
    cr_assert(has(answer, "HTTP/1.1 200 "));
    cr_assert(has(answer, "\r\n\r\n" PAGE));
}

Test(listener, its_pages_run_nothing_and_tell_nobody)
{
    int fd = send_get("/callback");
    expect_target("/callback");
    cr_assert_eq(ops->answer(self, 400, PAGE, &error), FOB_OK);
    const char *answer = receive(fd);
    cr_assert(has(answer, "HTTP/1.1 400 "));
    cr_assert(has(answer, "\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'"));
    cr_assert(has(answer, "\r\nReferrer-Policy: no-referrer\r\n"));
    cr_assert(has(answer, "\r\nCache-Control: no-store\r\n"));
    cr_assert(has(answer, "\r\nX-Content-Type-Options: nosniff\r\n"));
    cr_assert(has(answer, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
}

Test(listener, gives_nothing_when_nothing_comes)
{
    expect_nothing();
}

struct stray {
    const char *method, *target, *status;
};

static const struct stray strays[] = {
    {"GET", "/", "HTTP/1.1 404 "},
    {"GET", "/favicon.ico", "HTTP/1.1 404 "},
    {"GET", "/callback/", "HTTP/1.1 404 "},
    {"GET", "/callback2?code=a", "HTTP/1.1 404 "},
    {"GET", "/%63allback?code=a", "HTTP/1.1 404 "},
    {"GET", "http://127.0.0.1/callback?code=a", "HTTP/1.1 404 "},
    {"POST", "/callback?code=a", "HTTP/1.1 405 "},
    {"PUT", "/callback?code=a", "HTTP/1.1 405 "},
    {"HEAD", "/callback?code=a", "HTTP/1.1 405 "},
    {"OPTIONS", "/callback?code=a", "HTTP/1.1 405 "},
};

Test(listener, answers_other_paths_and_methods_itself)
{
    for (size_t i = 0; i < sizeof strays / sizeof strays[0]; i++) {
        int fd = send_to(AF_INET, strays[i].method, strays[i].target);
        expect_nothing();
        const char *answer = receive(fd);
        cr_assert(has(answer, strays[i].status), "%s %s: %s", strays[i].method, strays[i].target, answer);
        cr_assert_eq(has(answer, "\r\nAllow: GET\r\n"), has(answer, "405"));
    }
}

static void send_long(size_t len, int *ret_fd)
{
    char target[2 * FOB_MAX_REDIRECT - 64] = "/callback?code=";
    size_t used = strlen(target);
    memset(target + used, 'a', len - used);
    target[len] = '\0';
    *ret_fd = send_get(target);
}

Test(listener, takes_a_target_of_the_longest_length)
{
    int fd;
    const char *target = NULL;
    send_long(FOB_MAX_REDIRECT, &fd);
    cr_assert_eq(ops->wait(self, LONG_WAIT, &target, &error), FOB_OK);
    cr_assert_eq(strlen(target), FOB_MAX_REDIRECT);
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_OK);
    cr_assert(has(receive(fd), "HTTP/1.1 200 "));
}

Test(listener, refuses_a_longer_target)
{
    int fd;
    send_long(FOB_MAX_REDIRECT + 1, &fd);
    expect_nothing();
    cr_assert(has(receive(fd), "HTTP/1.1 414 "));
}

Test(listener, refuses_what_is_not_http)
{
    int fd = connect_to(AF_INET, port);
    cr_assert_eq(send(fd, "nonsense\r\n\r\n", 12, 0), 12);
    expect_nothing();
    cr_assert_not(has(receive(fd), "HTTP/1.1 200 "));
}

Test(listener, a_second_request_waits_for_its_turn)
{
    int first = send_get("/callback?code=stray");
    int second = send_get("/callback?code=real");
    expect_target("/callback?code=stray");
    cr_assert_eq(ops->answer(self, 400, "stray", &error), FOB_OK);
    expect_target("/callback?code=real");
    cr_assert_eq(ops->answer(self, 200, "real", &error), FOB_OK);
    cr_assert(has(receive(first), "\r\n\r\nstray"));
    cr_assert(has(receive(second), "\r\n\r\nreal"));
}

Test(listener, too_many_at_once_are_sent_away_and_none_is_left_without_an_answer)
{
    int fds[12], taken = 0, away = 0;
    for (int i = 0; i < 12; i++)
        fds[i] = send_get("/callback?code=a");
    const char *target = NULL;
    while (ops->wait(self, 100, &target, &error) == FOB_OK && target)
        cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_OK);
    for (int i = 0; i < 12; i++) {
        const char *answer = receive(fds[i]);
        taken += has(answer, "HTTP/1.1 200 ");
        away += has(answer, "HTTP/1.1 503 ");
    }
    cr_assert_geq(taken, 8);
    cr_assert_eq(taken + away, 12);
}

Test(listener, a_request_that_was_not_answered_does_not_hold_up_the_next)
{
    int first = send_get("/callback?code=a");
    expect_target("/callback?code=a");
    int second = send_get("/callback?code=b");
    expect_target("/callback?code=b");
    cr_assert(has(receive(first), "HTTP/1.1 400 "));
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_OK);
    cr_assert(has(receive(second), "HTTP/1.1 200 "));
}

Test(listener, a_browser_that_went_away_does_no_harm)
{
    close(send_get("/callback?code=a"));
    expect_target("/callback?code=a");
    ops->answer(self, 200, PAGE, &error);
    int fd = send_get("/callback?code=b");
    expect_target("/callback?code=b");
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_OK);
    cr_assert(has(receive(fd), "HTTP/1.1 200 "));
}

Test(listener, an_answer_to_nobody_is_refused)
{
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_E_STATE);
    int fd = send_get("/callback");
    expect_target("/callback");
    cr_assert_eq(ops->answer(self, 99, PAGE, &error), FOB_E_ARGUMENT);
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_OK);
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_E_STATE);
    close(fd);
}

Test(listener_open, closing_answers_who_still_waits)
{
    start();
    int first = send_get("/callback?code=a");
    int second = send_get("/callback?code=b");
    expect_target("/callback?code=a");
    stop();
    cr_assert(has(receive(first), "HTTP/1.1 410 "));
    close(second);
}

Test(listener_open, a_taken_port_is_busy)
{
    start();
    void *other = NULL;
    unsigned other_port = 0;
    cr_assert_eq(ops->open("127.0.0.1", port, "/", &other, &other_port, &error), FOB_E_BUSY);
    cr_assert_null(other);
    cr_assert_eq(error.sys_errno, EADDRINUSE);
    cr_assert(error.fix[0]);
    cr_assert_eq(ops->open("localhost", port, "/", &other, &other_port, &error), FOB_E_BUSY);
    stop();
}

Test(listener_open, a_port_can_be_used_again_at_once)
{
    start();
    unsigned first = port;
    int fd = send_get("/callback");
    expect_target("/callback");
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_OK);
    stop();
    receive(fd);
    cr_assert_eq(ops->open("127.0.0.1", first, "/callback", &self, &port, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(port, first);
    stop();
}

static const char *const elsewhere[] = {"0.0.0.0",   "::",          "",     "192.0.2.1",
                                        "127.0.0.2", "example.com", "[::1]"};

Test(listener_open, listens_nowhere_but_on_loopback)
{
    void *opened = NULL;
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        cr_assert_eq(ops->open(elsewhere[i], 0, "/", &opened, &port, &error), FOB_E_ARGUMENT, "%s",
                     elsewhere[i]);
    cr_assert_eq(ops->open("127.0.0.1", 65536, "/", &opened, &port, &error), FOB_E_ARGUMENT);
    cr_assert_eq(ops->open("127.0.0.1", 0, "callback", &opened, &port, &error), FOB_E_ARGUMENT);
    cr_assert_eq(ops->open("127.0.0.1", 0, "/a?b", &opened, &port, &error), FOB_E_ARGUMENT);
    cr_assert_null(opened);
}

static bool has_ipv6(void)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&v6, sizeof v6) == 0;
    if (fd >= 0)
        close(fd);
    return bound;
}

static void expect_family(int family)
{
    int fd = send_to(family, "GET", "/callback?code=a");
    expect_target("/callback?code=a");
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_OK);
    cr_assert(has(receive(fd), "HTTP/1.1 200 "));
}

Test(listener_open, localhost_is_both_families_on_one_port)
{
    listen_at("localhost");
    expect_family(AF_INET);
    if (has_ipv6())
        expect_family(AF_INET6);
    stop();
}

Test(listener_open, an_ipv6_listener_is_not_on_ipv4)
{
    if (!has_ipv6())
        cr_skip("no IPv6 here");
    listen_at("::1");
    expect_family(AF_INET6);
    cr_assert_lt(connect_to(AF_INET, port), 0);
    stop();
}
