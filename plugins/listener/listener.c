/* SPDX-License-Identifier: MIT */
/* The redirect listener over libmicrohttpd: opening, waiting, answering, and the plugin's tables. */
#include "listener.h"

#include <errno.h>
#include <fob/version.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_CONNECTIONS 32u
#define IDLE_SECONDS 10u /* for a client that sends or reads nothing */
#define FLUSH_MS 3000    /* to get an answer out */
#define MAX_SLEEP_MS 60000
#define MEMORY (4 * 16 * 1024) /* of one connection: the longest target, and header fields */

/* --- running libmicrohttpd in the caller's thread ------------------------------------------------------- */

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Does what can be done now. Twice: one run takes a resumed connection up, and only the next goes on with it. */
static fob_err run(struct listener *listener, struct fob_error *error)
{
    for (size_t i = 0; i < 2 * listener->n_daemons; i++)
        if (MHD_run(listener->daemons[i % listener->n_daemons]) != MHD_YES)
            return fail(error, FOB_E_SYSTEM, 0, NULL, "cannot take the redirect");
    return FOB_OK;
}

/* Sleeps until there is something to do, at most until then. */
static fob_err idle(struct listener *listener, int64_t until, struct fob_error *error)
{
    struct pollfd fds[MAX_FAMILIES];
    int64_t rest = until - clock_ms();
    int64_t ms = rest < 0 ? 0 : rest;
    for (size_t i = 0; i < listener->n_daemons; i++) {
        MHD_UNSIGNED_LONG_LONG wanted = 0;
        struct MHD_Daemon *daemon = listener->daemons[i];
        fds[i].fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
        fds[i].events = POLLIN;
        if (MHD_get_timeout(daemon, &wanted) == MHD_YES && wanted < (MHD_UNSIGNED_LONG_LONG)ms)
            ms = (int64_t)wanted;
    }
    if (poll(fds, listener->n_daemons, ms > MAX_SLEEP_MS ? MAX_SLEEP_MS : (int)ms) < 0 && errno != EINTR)
        return fail(error, FOB_E_SYSTEM, errno, NULL, "cannot wait for the redirect");
    return FOB_OK;
}

static bool has_request(const struct listener *listener)
{
    return listener->queue;
}

static bool has_answered(const struct listener *listener)
{
    return listener->n_answering == 0;
}

/* Runs until it is done, or that much time has gone by. */
static fob_err run_until(struct listener *listener, bool (*is_done)(const struct listener *),
                         int64_t timeout_ms, struct fob_error *error)
{
    int64_t until = clock_ms() + (timeout_ms > 0 ? timeout_ms : 0);
    fob_err err = run(listener, error);
    while (err == FOB_OK && !is_done(listener) && clock_ms() < until) {
        err = idle(listener, until, error);
        if (err == FOB_OK)
            err = run(listener, error);
    }
    return err;
}

/* --- the listener's life -------------------------------------------------------------------------------- */

static void listener_close(void *self)
{
    static const char over[] = "This login has ended. You can close this window.";
    struct listener *listener = self;
    if (!listener)
        return;
    /* libmicrohttpd must not be stopped while a connection is suspended. */
    listener->is_closing = true;
    while (listener->queue)
        request_answer(listener, MHD_HTTP_GONE, over);
    run_until(listener, has_answered, FLUSH_MS, NULL);
    for (size_t i = 0; i < listener->n_daemons; i++)
        MHD_stop_daemon(listener->daemons[i]);
    free(listener->path);
    free(listener);
}

static struct MHD_Daemon *start(struct listener *listener, int fd)
{
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, request_handle, listener,
                            MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, request_begin,
                            listener, MHD_OPTION_NOTIFY_COMPLETED, request_end, listener,
                            MHD_OPTION_CONNECTION_LIMIT, MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
                            IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

static fob_err listener_open(const char *host, unsigned port, const char *path, void **ret_self,
                             unsigned *ret_port, struct fob_error *error)
{
    int fds[MAX_FAMILIES];
    size_t n = 0;
    unsigned got = 0;
    if (!path || *path != '/' || strpbrk(path, "?#"))
        return fail(error, FOB_E_ARGUMENT, 0, NULL, "the redirect URI's path does not begin with /");
    struct listener *listener = calloc(1, sizeof *listener);
    if (!listener || !(listener->path = strdup(path))) {
        listener_close(listener);
        return fail(error, FOB_E_MEMORY, 0, NULL, "out of memory");
    }
    fob_err err = listen_on(host, port, fds, &n, &got, error);
    for (size_t i = 0; err == FOB_OK && i < n; i++) {
        struct MHD_Daemon *daemon = start(listener, fds[i]);
        if (daemon)
            listener->daemons[listener->n_daemons++] = daemon;
        else
            err = fail(error, FOB_E_SYSTEM, errno, NULL, "cannot serve on port %u", got);
    }
    if (err != FOB_OK) {
        for (size_t i = listener->n_daemons; i < n; i++)
            close(fds[i]);
        listener_close(listener);
        return err;
    }
    *ret_self = listener;
    *ret_port = got;
    return FOB_OK;
}

static fob_err listener_accept(void *self, unsigned modes, struct fob_error *error)
{
    struct listener *listener = self;
    if (modes & ~(unsigned)(FOB_LISTEN_QUERY | FOB_LISTEN_FORM_POST | FOB_LISTEN_FRAGMENT))
        return fail(error, FOB_E_ARGUMENT, 0, "update the plugin",
                    "there is a way to answer that this listener does not know");
    listener->modes = modes;
    return FOB_OK;
}

static fob_err listener_answer(void *self, int status, const char *html, struct fob_error *error)
{
    struct listener *listener = self;
    if (!listener->is_given)
        return fail(error, FOB_E_STATE, 0, NULL, "no request waits for an answer");
    if (status < 200 || status > 599 || !html)
        return fail(error, FOB_E_ARGUMENT, 0, NULL, "%d is no status to answer with", status);
    if (!request_answer(listener, (unsigned)status, html))
        return fail(error, FOB_E_MEMORY, 0, NULL, "out of memory");
    run_until(listener, has_answered, FLUSH_MS, NULL);
    return FOB_OK;
}

static fob_err listener_wait(void *self, int64_t timeout_ms, const char **ret_target, struct fob_error *error)
{
    struct listener *listener = self;
    if (listener->is_given)
        listener_answer(listener, MHD_HTTP_BAD_REQUEST, "This was not taken.", NULL);
    fob_err err = run_until(listener, has_request, timeout_ms, error);
    if (err != FOB_OK)
        return err;
    listener->is_given = listener->queue;
    *ret_target = listener->queue ? listener->queue->target : NULL;
    return FOB_OK;
}

/* --- the plugin ----------------------------------------------------------------------------------------- */

static const struct fob_listener_ops ops = {.size = sizeof ops,
                                            .open = listener_open,
                                            .close = listener_close,
                                            .wait = listener_wait,
                                            .answer = listener_answer,
                                            .accept = listener_accept};

static const struct fob_plugin plugin = {.abi_major = FOB_PLUGIN_ABI_MAJOR,
                                         .abi_minor = FOB_PLUGIN_ABI_MINOR,
                                         .size = sizeof plugin,
                                         .id = "listener-mhd",
                                         .role = FOB_ROLE_LISTENER,
                                         .version = FOB_VERSION,
                                         .summary = "takes the redirect on the loopback interface",
                                         .listener = &ops};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn fob_plugin_v1;

const struct fob_plugin *fob_plugin_v1(void)
{
    return &plugin;
}
