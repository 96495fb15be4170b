/* SPDX-License-Identifier: MIT */
/* Running a plugin's hooks, and judging how they ended. */
#include "hooks.h"
#include "error.h"

#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} hooks[] = {
    [FOB_HOOK_ENDPOINT] = {"endpoint", offsetof(struct fob_provider_hooks, endpoint)},
    [FOB_HOOK_AUTHORIZE_PARAMS] = {"authorize_params", offsetof(struct fob_provider_hooks, authorize_params)},
    [FOB_HOOK_CLIENT_AUTH] = {"client_auth", offsetof(struct fob_provider_hooks, client_auth)},
    [FOB_HOOK_REQUEST] = {"request", offsetof(struct fob_provider_hooks, request)},
    [FOB_HOOK_RESPONSE] = {"response", offsetof(struct fob_provider_hooks, response)},
    [FOB_HOOK_CLASSIFY_ERROR] = {"classify_error", offsetof(struct fob_provider_hooks, classify_error)},
    [FOB_HOOK_TOKEN] = {"token", offsetof(struct fob_provider_hooks, token)},
    [FOB_HOOK_IDENTITY] = {"identity", offsetof(struct fob_provider_hooks, identity)},
};

const char *fob_hook_plugin(const struct fob_call *call)
{
    return call->binding->provider->plugin->plugin.id;
}

fob_err fob_hook_breach(struct fob_call *call, const char *what)
{
    if (!call->failed)
        fob_fail(call->error, FOB_E_PLUGIN, "report it to the plugin's author", "the plugin \"%s\" %s in %s",
                 fob_hook_plugin(call), what, hooks[call->running].name);
    call->failed = 1;
    return FOB_E_PLUGIN;
}

fob_err fob_hook_no_memory(struct fob_call *call)
{
    if (!call->failed)
        fob_no_memory(call->error);
    call->failed = 1;
    return FOB_E_MEMORY;
}

fob_err fob_hook_code(int code)
{
    if (code >= 0 || strcmp(fob_err_word((fob_err)code), "unknown") == 0)
        return FOB_OK;
    return code == FOB_E_STATE || code == FOB_E_ARGUMENT ? FOB_E_PLUGIN : (fob_err)code;
}

fob_err fob_hook_failed(struct fob_call *call, fob_err code)
{
    return fob_fail(call->error, code, NULL, "the plugin \"%s\" failed in %s", fob_hook_plugin(call),
                    hooks[call->running].name);
}

static fob_err judge(struct fob_call *call, int result, bool *ret_done)
{
    if (call->failed)
        return call->error->code;
    if (result == FOB_HOOK_NEXT || result == FOB_HOOK_DONE) {
        *ret_done = result == FOB_HOOK_DONE;
        return FOB_OK;
    }
    fob_err code = fob_hook_code(result);
    if (code == FOB_OK)
        return fob_hook_breach(call, "returned a number that means nothing");
    if (call->running == FOB_HOOK_CLASSIFY_ERROR && code != FOB_E_PLUGIN)
        return code;
    return fob_hook_failed(call, code);
}

void fob_hook_value(struct fob_call *call, const char *name, const char *value)
{
    if (call->binding->provider->plugin)
        fob_pairs_set(&call->values, name, value);
}

static fob_err run_hook(struct fob_call *call, fob_hook_fn *function, bool *ret_done, struct fob_error *error)
{
    const struct fob_plugin_object *object = call->binding->provider->plugin;
    struct fob_error own = FOB_ERROR_INIT;
    call->failed = 0;
    call->error = &own;
    fob_err err = judge(call, function(object->self, call, &fob_host_services), ret_done);
    call->error = NULL;
    fob_hook_take_back(call);
    if (err != FOB_OK && error)
        *error = own;
    if (err != FOB_OK && error && error->code == FOB_OK)
        error->code = err;
    return err;
}

fob_err fob_hook_run(struct fob_call *call, enum fob_hook hook, bool *ret_done, struct fob_error *error)
{
    const struct fob_plugin_object *object = call->binding->provider->plugin;
    fob_hook_fn *function = NULL;
    *ret_done = false;
    if (call->values.failed != FOB_OK) /* a secret that is not known could not be looked for */
        return fob_no_memory(error);
    if (object)
        memcpy(&function, (const char *)&object->hooks + hooks[hook].offset, sizeof function);
    call->running = hook;
    return function ? run_hook(call, function, ret_done, error) : FOB_OK;
}
