/* SPDX-License-Identifier: MIT */
/* A listener without a socket: it is sent the redirect of mock.h. */
#include "mock.h"

#include <fob/plugin.h>
#include <stdio.h>
#include <stdlib.h>

static fob_err mock_open(const char *host, unsigned port, const char *path, void **ret_self,
                         unsigned *ret_port, struct fob_error *error)
{
    const char *address = getenv(MOCK_ENV);
    void *at = NULL;
    if (!address || sscanf(address, "%p", &at) != 1)
        return FOB_E_SYSTEM;
    struct mock *mock = at;
    if (mock->listens != FOB_OK) {
        *error = (struct fob_error){.code = mock->listens, .what = "the mock listener does not open"};
        return mock->listens;
    }
    snprintf(mock->listened_host, sizeof mock->listened_host, "%s", host);
    snprintf(mock->listened_path, sizeof mock->listened_path, "%s", path);
    mock->listened_port = port;
    mock->listening++;
    *ret_port = port ? port : 4711;
    *ret_self = mock;
    return FOB_OK;
}

static void mock_close(void *self)
{
    struct mock *mock = self;
    mock->listening--;
}

static fob_err mock_wait(void *self, int64_t timeout_ms, const char **ret_target, struct fob_error *error)
{
    struct mock *mock = self;
    (void)timeout_ms, (void)error;
    if (mock->waiting)
        mock->waiting(mock);
    if (mock->redirect[0])
        *ret_target = mock->redirect;
    return FOB_OK;
}

static fob_err answer(void *self, int status, const char *html, struct fob_error *error)
{
    struct mock *mock = self;
    (void)error;
    mock->answered = status;
    mock->redirect[0] = '\0';
    snprintf(mock->page, sizeof mock->page, "%s", html);
    return FOB_OK;
}

static fob_err mock_accept(void *self, unsigned modes, struct fob_error *error)
{
    struct mock *mock = self;
    if (mock->accepts != FOB_OK) {
        *error = (struct fob_error){.code = mock->accepts, .what = "the mock listener does not accept"};
        return mock->accepts;
    }
    mock->listened_modes = modes;
    return FOB_OK;
}

#ifndef MOCK_LISTENER_SIZE /* of an older minor, less */
#define MOCK_LISTENER_SIZE sizeof(struct fob_listener_ops)
#endif

static const struct fob_listener_ops listener = {.size = MOCK_LISTENER_SIZE,
                                                 .open = mock_open,
                                                 .close = mock_close,
                                                 .wait = mock_wait,
                                                 .answer = answer,
                                                 .accept = mock_accept};

static const struct fob_plugin plugin = {.abi_major = FOB_PLUGIN_ABI_MAJOR,
                                         .abi_minor = FOB_PLUGIN_ABI_MINOR,
                                         .size = sizeof plugin,
                                         .id = "listener-mhd",
                                         .role = FOB_ROLE_LISTENER,
                                         .version = "1",
                                         .summary = "a mock listener",
                                         .listener = &listener};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn fob_plugin_v1;

const struct fob_plugin *fob_plugin_v1(void)
{
    return &plugin;
}
