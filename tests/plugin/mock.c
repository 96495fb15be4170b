/* SPDX-License-Identifier: MIT */
/* A plugin with one peculiarity: CMakeLists.txt says by macro which, and the loader's test what has to come of it. */
#include <fob/plugin.h>
#include <stdio.h>
#include <string.h>

/* What an ordinary one has. */
#ifndef MOCK_MAJOR
#define MOCK_MAJOR FOB_PLUGIN_ABI_MAJOR
#endif
#ifndef MOCK_MINOR
#define MOCK_MINOR FOB_PLUGIN_ABI_MINOR
#endif
#ifndef MOCK_SIZE
#define MOCK_SIZE sizeof(struct fob_plugin)
#endif
#ifndef MOCK_ROLE
#define MOCK_ROLE FOB_ROLE_PROVIDER
#endif
#ifndef MOCK_FLAGS
#define MOCK_FLAGS 0
#endif
#ifndef MOCK_DESCRIPTOR
#define MOCK_DESCRIPTOR                                                                                      \
    "fob: 1\nauthorization_endpoint: https://mock.example/a\ntoken_endpoint: https://mock.example/t\n"
#endif
#ifndef MOCK_HOOKS_SIZE
#define MOCK_HOOKS_SIZE sizeof(struct fob_provider_hooks)
#endif
#ifndef MOCK_HOOKS
#define MOCK_HOOKS &hooks.known
#endif
#ifndef MOCK_ENDPOINT
#define MOCK_ENDPOINT hook
#endif
#ifndef MOCK_AUTHORIZE_PARAMS
#define MOCK_AUTHORIZE_PARAMS NULL
#endif
#ifndef MOCK_REQUEST
#define MOCK_REQUEST greets
#endif
#ifndef MOCK_RESPONSE
#define MOCK_RESPONSE NULL
#endif
#ifndef MOCK_CLASSIFY_ERROR
#define MOCK_CLASSIFY_ERROR NULL
#endif
#ifndef MOCK_TOKEN
#define MOCK_TOKEN hook
#endif
#ifndef MOCK_TRANSPORT
#define MOCK_TRANSPORT NULL
#endif
#ifndef MOCK_LISTENER
#define MOCK_LISTENER NULL
#endif
#ifndef MOCK_JOSE
#define MOCK_JOSE NULL
#endif
#ifndef MOCK_ENTRY
#define MOCK_ENTRY fob_plugin_v1
#endif
#ifndef MOCK_RETURN
#define MOCK_RETURN &plugin.known
#endif
#ifndef MOCK_OPEN
#define MOCK_OPEN open_once
#endif

#define MAYBE_UNUSED __attribute__((unused))

MAYBE_UNUSED static int opened;

/* *ret_self counts how often it was opened. */
MAYBE_UNUSED static fob_err open_once(const struct fob_host *host, void **ret_self, struct fob_error *error)
{
    (void)error;
    if (host->abi_major != FOB_PLUGIN_ABI_MAJOR || host->size < sizeof *host || !host->now || !host->fail)
        return FOB_E_PLUGIN;
    opened++;
    *ret_self = &opened;
    return FOB_OK;
}

MAYBE_UNUSED static fob_err open_fails(const struct fob_host *host, void **ret_self, struct fob_error *error)
{
    (void)host, (void)ret_self;
    snprintf(error->what, sizeof error->what, "the mock's\n licence has run out");
    return FOB_E_SYSTEM;
}

/* --- hooks that behave -------------------------------------------------------------------------------------- */

MAYBE_UNUSED static int hook(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return FOB_HOOK_NEXT;
}

MAYBE_UNUSED static int greets(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    return host->set_header(call, "X-Mock", "1") == FOB_OK ? FOB_HOOK_DONE : FOB_E_PLUGIN;
}

MAYBE_UNUSED static int names(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    return host->set_identity(call, "mock@mock.example") == FOB_OK ? FOB_HOOK_DONE : FOB_E_PLUGIN;
}

/* --- hooks that do not -------------------------------------------------------------------------------------- */

MAYBE_UNUSED static int returns_nonsense(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return 7;
}

MAYBE_UNUSED static int puts_secret_in_url(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_param(call, "key", host->value(call, "client_secret"));
    return FOB_HOOK_DONE;
}

MAYBE_UNUSED static int sets_http_endpoint(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_endpoint(call, "http://mock.example/t");
    return FOB_HOOK_DONE;
}

MAYBE_UNUSED static int replaces_state(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_param(call, "state", "known");
    return FOB_HOOK_DONE;
}

MAYBE_UNUSED static int splits_header(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_header(call, "X-Mock", "1\r\nX-Evil: 1");
    return FOB_HOOK_DONE;
}

MAYBE_UNUSED static int answers_junk(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_response(call, "<token/>", 8);
    return FOB_HOOK_DONE;
}

MAYBE_UNUSED static int calls_it_success(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return FOB_HOOK_DONE;
}

MAYBE_UNUSED static int tells_secret(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    return host->fail(call, FOB_E_DENIED, host->value(call, "client_secret"));
}

MAYBE_UNUSED static int asks_out_of_place(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    return host->set_param(call, "too", "late");
}

/* Each table is followed by what a later minor might append. */
static const struct {
    struct fob_provider_hooks known;
    fob_hook_fn *later;
} hooks MAYBE_UNUSED = {{.size = MOCK_HOOKS_SIZE,
                         .endpoint = MOCK_ENDPOINT,
                         .authorize_params = MOCK_AUTHORIZE_PARAMS,
                         .request = MOCK_REQUEST,
                         .response = MOCK_RESPONSE,
                         .classify_error = MOCK_CLASSIFY_ERROR,
                         .token = MOCK_TOKEN,
                         .identity = names},
                        hook};

MAYBE_UNUSED static const struct fob_transport_ops empty_transport = {.size = sizeof empty_transport};
MAYBE_UNUSED static const struct fob_listener_ops empty_listener = {.size = sizeof empty_listener};
MAYBE_UNUSED static const struct fob_jose_ops empty_jose = {.size = sizeof empty_jose};

static const struct {
    struct fob_plugin known;
    const char *later;
} plugin MAYBE_UNUSED = {{.abi_major = MOCK_MAJOR,
                          .abi_minor = MOCK_MINOR,
                          .size = MOCK_SIZE,
                          .id = MOCK_ID,
                          .role = MOCK_ROLE,
                          .flags = MOCK_FLAGS,
                          .version = "1",
                          .summary = "a mock",
                          .open = MOCK_OPEN,
                          .descriptor = MOCK_DESCRIPTOR,
                          .provider = MOCK_HOOKS,
                          .transport = MOCK_TRANSPORT,
                          .listener = MOCK_LISTENER,
                          .jose = MOCK_JOSE},
                         "from the future"};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn MOCK_ENTRY;

const struct fob_plugin *MOCK_ENTRY(void)
{
    return MOCK_RETURN;
}
