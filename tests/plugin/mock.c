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
#ifndef MOCK_TRANSPORT
#define MOCK_TRANSPORT NULL
#endif
#ifndef MOCK_LISTENER
#define MOCK_LISTENER NULL
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

MAYBE_UNUSED static int hook(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return FOB_HOOK_NEXT;
}

/* Each table is followed by what a later minor might append. */
static const struct {
    struct fob_provider_hooks known;
    fob_hook_fn *later;
} hooks MAYBE_UNUSED = {{.size = MOCK_HOOKS_SIZE, .endpoint = hook, .token = hook, .identity = hook}, hook};

MAYBE_UNUSED static const struct fob_transport_ops empty_transport = {.size = sizeof empty_transport};
MAYBE_UNUSED static const struct fob_listener_ops empty_listener = {.size = sizeof empty_listener};

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
                          .listener = MOCK_LISTENER},
                         "from the future"};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn MOCK_ENTRY;

const struct fob_plugin *MOCK_ENTRY(void)
{
    return MOCK_RETURN;
}
