/* SPDX-License-Identifier: MIT */
/* A provider plugin to copy: a whole descriptor inside, and every hook. Delete the hooks you do not need. */
#include <fob/plugin.h>
#include <string.h>

/*
 * The descriptor, as it would stand in a YAML file; see fob-descriptor(5). What can be said here needs no
 * hook. Leave it NULL in the struct below if a file in the providers folder names this plugin (plugin: template).
 */
static const char descriptor[] = "fob: 1\n"
                                 "name: Template\n"
                                 "authorization_endpoint: https://auth.template.example/authorize\n"
                                 "token_endpoint: https://auth.template.example/token\n";

/*
 * Hooks get what open returned (self), the flow that calls (call), and the host's services (host). They do
 * no I/O and may run in several threads at once. Return FOB_HOOK_NEXT for "nothing done", FOB_HOOK_DONE, or
 * what host->fail returned. What they set is checked: a breach of a rule ends the flow.
 */

/* Before each request: another URL for it, by the same rules as the descriptor's. */
static int endpoint(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return FOB_HOOK_NEXT;
}

/* The authorization request: a parameter that this provider wants. state, PKCE and the like cannot be set. */
static int authorize_params(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    if (host->set_param(call, "access_type", "offline") != FOB_OK)
        return host->fail(call, FOB_E_PLUGIN, "access_type could not be set");
    return FOB_HOOK_DONE;
}

/* How the client proves who it is: DONE means that the core adds no credential of its own. */
static int client_auth(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return FOB_HOOK_NEXT;
}

/* Any request, as the last step before it is sent: a header field, a parameter, or a body of your own. */
static int request(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    if (host->set_header(call, "X-Template-Version", "1") != FOB_OK)
        return host->fail(call, FOB_E_PLUGIN, "X-Template-Version could not be set");
    return FOB_HOOK_DONE;
}

/* Any answer, as the first step: set_response turns one that is not standard into one that is. */
static int response(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return FOB_HOOK_NEXT;
}

/* An error answer: a negative code names it better. It stays an error whatever is returned. */
static int classify_error(void *self, struct fob_call *call, const struct fob_host *host)
{
    const char *reason = host->header(call, "X-Template-Error");
    (void)self;
    if (reason && strcmp(reason, "slow-down") == 0)
        return host->fail(call, FOB_E_RATE_LIMITED, "the provider asks to slow down");
    return FOB_HOOK_NEXT;
}

/* After a token was read: when it ends or what it is for, where the answer did not say so. */
static int token(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return FOB_HOOK_NEXT;
}

/* After a token was read: whose it is. */
static int identity(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return FOB_HOOK_NEXT;
}

static const struct fob_provider_hooks hooks = {.size = sizeof hooks,
                                                .endpoint = endpoint,
                                                .authorize_params = authorize_params,
                                                .client_auth = client_auth,
                                                .request = request,
                                                .response = response,
                                                .classify_error = classify_error,
                                                .token = token,
                                                .identity = identity};

/* The id is the file's name without ".so". Members that are left out are NULL, and that is always allowed. */
static const struct fob_plugin plugin = {.abi_major = FOB_PLUGIN_ABI_MAJOR,
                                         .abi_minor = FOB_PLUGIN_ABI_MINOR,
                                         .size = sizeof plugin,
                                         .id = "template",
                                         .role = FOB_ROLE_PROVIDER,
                                         .version = "1.0",
                                         .summary = "a provider to copy",
                                         .descriptor = descriptor,
                                         .provider = &hooks};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn fob_plugin_v1;

const struct fob_plugin *fob_plugin_v1(void)
{
    return &plugin;
}
