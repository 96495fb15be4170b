/* SPDX-License-Identifier: MIT */
/* A provider that is nothing but one shared object: drop dropin.so into a plugin folder, and it is there. */
#include <fob/plugin.h>

#ifndef SERVER
#define SERVER "https://acme.example"
#endif

static const char descriptor[] = "fob: 1\n"
                                 "name: A provider in one file\n"
                                 "authorization_endpoint: " SERVER "/authorize\n"
                                 "token_endpoint: " SERVER "/token\n"
                                 "revocation_endpoint: " SERVER "/revoke\n";

/* What data could not say: this provider wants to know who calls. */
static int request(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    if (host->set_header(call, "X-Caller", "dropin") != FOB_OK)
        return host->fail(call, FOB_E_PLUGIN, "X-Caller could not be set");
    return FOB_HOOK_DONE;
}

static const struct fob_provider_hooks hooks = {.size = sizeof hooks, .request = request};

static const struct fob_plugin plugin = {
    .abi_major = FOB_PLUGIN_ABI_MAJOR,
    .abi_minor = FOB_PLUGIN_ABI_MINOR,
    .size = sizeof plugin,
    .id = "dropin",
    .role = FOB_ROLE_PROVIDER,
    .version = "1",
    .summary = "A provider in one file",
    .descriptor = descriptor,
    .provider = &hooks,
};

FOB_PLUGIN_EXPORT const struct fob_plugin *fob_plugin_v1(void);

const struct fob_plugin *fob_plugin_v1(void)
{
    return &plugin;
}
