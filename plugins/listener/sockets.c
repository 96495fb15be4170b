/* SPDX-License-Identifier: MIT */
/* Listening sockets on the loopback interface, and nowhere else. */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 16
#define PORT_TRIES 16 /* for a port that is free in both families */

struct host {
    const char *name;
    int families[MAX_FAMILIES];
    size_t n;
};

static const struct host hosts[] = {
    {"127.0.0.1", {AF_INET, 0}, 1},
    {"::1", {AF_INET6, 0}, 1},
    {"localhost", {AF_INET, AF_INET6}, 2},
};

static const struct host *find_host(const char *name)
{
    for (size_t i = 0; name && i < sizeof hosts / sizeof hosts[0]; i++)
        if (strcasecmp(hosts[i].name, name) == 0)
            return &hosts[i];
    return NULL;
}

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t loopback(int family, unsigned port, union address *ret)
{
    memset(ret, 0, sizeof *ret);
    if (family == AF_INET) {
        ret->v4.sin_family = AF_INET;
        ret->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ret->v4.sin_port = htons((uint16_t)port);
        return sizeof ret->v4;
    }
    ret->v6.sin6_family = AF_INET6;
    ret->v6.sin6_addr = in6addr_loopback;
    ret->v6.sin6_port = htons((uint16_t)port);
    return sizeof ret->v6;
}

/* The socket, or -1 with errno. *port 0 becomes the one it got. */
static int listen_family(int family, unsigned *port)
{
    union address address;
    socklen_t len = loopback(family, *port, &address);
    int on = 1, fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    /* An earlier login's closing connections do not hold the port; another listener still does. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (family == AF_INET || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
        bind(fd, &address.any, len) == 0 && listen(fd, BACKLOG) == 0 &&
        getsockname(fd, &address.any, &len) == 0) {
        *port = ntohs(family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
        return fd;
    }
    int kept = errno;
    close(fd);
    errno = kept;
    return -1;
}

static bool is_missing_family(int sys_errno)
{
    return sys_errno == EAFNOSUPPORT || sys_errno == EADDRNOTAVAIL;
}

/* 0, or an errno. A machine without one of two families serves the other. */
static int listen_all(const struct host *host, unsigned *port, int fds[MAX_FAMILIES], size_t *ret_n)
{
    size_t n = 0;
    int failed = 0;
    for (size_t i = 0; i < host->n && !failed; i++) {
        int fd = listen_family(host->families[i], port);
        if (fd >= 0)
            fds[n++] = fd;
        else if (!is_missing_family(errno) || (i + 1 == host->n && n == 0))
            failed = errno;
    }
    while (failed && n > 0)
        close(fds[--n]);
    *ret_n = n;
    return failed;
}

fob_err listen_on(const char *host, unsigned port, int fds[MAX_FAMILIES], size_t *ret_n, unsigned *ret_port,
                  struct fob_error *error)
{
    const struct host *known = find_host(host);
    if (!known)
        return fail(error, FOB_E_ARGUMENT, 0, "use 127.0.0.1, ::1 or localhost",
                    "the redirect can only be taken on a loopback address");
    if (port > 65535)
        return fail(error, FOB_E_ARGUMENT, 0, NULL, "%u is not a port", port);
    unsigned got = port;
    int failed = listen_all(known, &got, fds, ret_n);
    for (int i = 1; failed == EADDRINUSE && port == 0 && i < PORT_TRIES; i++) {
        got = 0;
        failed = listen_all(known, &got, fds, ret_n);
    }
    if (failed == EADDRINUSE)
        return fail(error, FOB_E_BUSY, failed, "stop the program that uses it, or use another redirect URI",
                    "port %u of %s is taken", port, known->name);
    if (failed)
        return fail(error, FOB_E_SYSTEM, failed, NULL, "cannot listen on %s, port %u", known->name, port);
    *ret_port = got;
    return FOB_OK;
}
