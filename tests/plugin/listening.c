/* SPDX-License-Identifier: MIT */
/* The listener's plugin, opened, and requests that are sent to it. */
#include "listening.h"

#include <dlfcn.h>
#include <fob/limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct fob_listener_ops *ops;
void *self;
unsigned port;
struct fob_error error;

void load_listener(void)
{
    void *handle = dlopen(FOB_BUILD_DIR "/lib/fob/listener-mhd.so", RTLD_NOW | RTLD_LOCAL);
    cr_assert_not_null(handle, "%s", dlerror());
    fob_plugin_entry_fn *entry = NULL;
    *(void **)&entry = dlsym(handle, FOB_PLUGIN_ENTRY);
    cr_assert_not_null(entry);
    ops = entry()->listener;
}

void listen_at(const char *host)
{
    load_listener();
    cr_assert_eq(ops->open(host, 0, "/callback", &self, &port, &error), FOB_OK, "%s", error.what);
    cr_assert_gt(port, 0);
}

void start(void)
{
    listen_at("127.0.0.1");
}

void stop(void)
{
    ops->close(self);
}

int connect_to(int family, unsigned to)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)to)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)to)};
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v6.sin6_addr = in6addr_loopback;
    int failed = family == AF_INET ? connect(fd, (struct sockaddr *)&v4, sizeof v4)
                                   : connect(fd, (struct sockaddr *)&v6, sizeof v6);
    if (!failed)
        return fd;
    close(fd);
    return -1;
}

int send_bytes(int family, const char *bytes, size_t len)
{
    int fd = connect_to(family, port);
    cr_assert_geq(fd, 0);
    cr_assert_eq(send(fd, bytes, len, 0), (ssize_t)len);
    return fd;
}

int send_to(int family, const char *method, const char *target)
{
    char request[2 * FOB_MAX_REDIRECT];
    int len = snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", method, target);
    return send_bytes(family, request, (size_t)len);
}

int send_get(const char *target)
{
    return send_to(AF_INET, "GET", target);
}

const char *receive(int fd)
{
    static char answer[4096];
    size_t used = 0;
    ssize_t got;
    while ((got = recv(fd, answer + used, sizeof answer - 1 - used, 0)) > 0)
        used += (size_t)got;
    answer[used] = '\0';
    close(fd);
    return answer;
}

void expect_nothing(void)
{
    const char *target = "untouched";
    for (int i = 0; i < 5; i++) {
        cr_assert_eq(ops->wait(self, 20, &target, &error), FOB_OK);
        cr_assert_null(target);
    }
}

const char *receive_refusal(int fd)
{
    struct pollfd answered = {.fd = fd, .events = POLLIN};
    const char *target = NULL;
    while (poll(&answered, 1, 0) == 0) {
        cr_assert_eq(ops->wait(self, 20, &target, &error), FOB_OK);
        cr_assert_null(target);
    }
    return receive(fd);
}

void expect_target(const char *expected)
{
    const char *target = NULL;
    cr_assert_eq(ops->wait(self, LONG_WAIT, &target, &error), FOB_OK);
    cr_assert_not_null(target);
    cr_assert_str_eq(target, expected);
}

bool has(const char *text, const char *part)
{
    return strstr(text, part);
}
