/* SPDX-License-Identifier: MIT */
/* Checking what a plugin's entry point returned, and keeping a copy that this version understands. */
#include "cleanup.h"
#include "error.h"
#include "hooks.h"
#include "plugins.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

/* Up to here a plugin of the first minor had members; a smaller struct is no plugin. */
#define SMALLEST offsetof(struct fob_plugin, open)
#define KNOWN_FLAGS 0u

static fob_err refuse(const char *file, const char *fix, const char *what, struct fob_error *error)
{
    fob_fail(error, FOB_E_PLUGIN, fix, "the plugin cannot be used: %s", what);
    return fob_fail_at(error, FOB_E_PLUGIN, file, 0, 0);
}

static fob_err check_version(const struct fob_plugin *offered, const char *file, struct fob_error *error)
{
    char what[128];
    if (offered->abi_major == FOB_PLUGIN_ABI_MAJOR && offered->size >= SMALLEST)
        return FOB_OK;
    if (offered->abi_major == FOB_PLUGIN_ABI_MAJOR)
        return refuse(file, "build it against the headers of fob", "its struct is too short to be one",
                      error);
    snprintf(what, sizeof what, "it speaks ABI %u, this fob speaks ABI %u", offered->abi_major,
             FOB_PLUGIN_ABI_MAJOR);
    return refuse(file, "build it against the headers of this fob", what, error);
}

/* The id is the file's name without ".so", so that a plugin cannot pose as another. */
static bool is_named(const char *file, const char *id)
{
    const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
    size_t len = strlen(id);
    return strncmp(base, id, len) == 0 && strcmp(base + len, ".so") == 0;
}

static fob_err check_identity(const struct fob_plugin *plugin, const char *file, struct fob_error *error)
{
    if (!plugin->id || !fob_is_id(plugin->id, FOB_MAX_ID))
        return refuse(file, "report it to its author", "it has no id", error);
    if (!is_named(file, plugin->id))
        return refuse(file, "give the file the name of the plugin's id", "its id is not its file's name",
                      error);
    if (plugin->flags & ~KNOWN_FLAGS)
        return refuse(file, "update fob on this machine", "it wants something that this fob does not know",
                      error);
    return FOB_OK;
}

/* Copies what both sides know of a table; the rest of the copy stays zero. */
static void copy_table(void *to, size_t to_size, const void *from)
{
    size_t size;
    if (!from)
        return;
    memcpy(&size, from, sizeof size);
    memcpy(to, from, size < to_size ? size : to_size);
}

static fob_err check_tables(const struct fob_plugin_object *object, struct fob_error *error)
{
    const struct fob_transport_ops *transport = &object->transport;
    const struct fob_listener_ops *listener = &object->listener;
    const char *fix = "report it to its author";
    switch (object->plugin.role) {
    case FOB_ROLE_PROVIDER:
        if (!object->plugin.descriptor && !object->plugin.provider)
            return refuse(object->file, fix, "it has neither a descriptor nor hooks", error);
        return FOB_OK;
    case FOB_ROLE_TRANSPORT:
        if (!transport->open || !transport->close || !transport->perform)
            return refuse(object->file, fix, "its transport lacks open, close or perform", error);
        return FOB_OK;
    case FOB_ROLE_LISTENER:
        if (!listener->open || !listener->close || !listener->wait || !listener->answer)
            return refuse(object->file, fix, "its listener lacks open, close, wait or answer", error);
        return FOB_OK;
    case FOB_ROLE_JOSE:
        if (!object->jose.sign)
            return refuse(object->file, fix, "its jose lacks sign", error);
        return FOB_OK;
    default:
        return refuse(object->file, "update fob on this machine", "this fob knows no plugins of its role",
                      error);
    }
}

static fob_err open_plugin(struct fob_plugin_object *object, struct fob_error *error)
{
    struct fob_error own = FOB_ERROR_INIT;
    if (!object->plugin.open)
        return FOB_OK;
    fob_err err = object->plugin.open(&fob_host_services, &object->self, &own);
    if (err == FOB_OK)
        return FOB_OK;
    char what[sizeof own.what];
    fob_printable(what, sizeof what, own.what, strnlen(own.what, sizeof own.what));
    return refuse(object->file, NULL, *what ? what : "it failed to start", error);
}

fob_err fob_plugin_adopt(const struct fob_plugin *offered, const char *file, void *handle,
                         const struct fob_plugin_object **ret_object, struct fob_error *error)
{
    if (!offered)
        return refuse(file, "see its documentation", "it refuses to be used here", error);
    fob_err err = check_version(offered, file, error);
    if (err != FOB_OK)
        return err;
    struct fob_plugin_object *object = calloc(1, sizeof *object);
    if (!object || !(object->file = fob_strdup(file))) {
        free(object);
        return fob_no_memory(error);
    }
    object->handle = handle;
    memcpy(&object->plugin, offered,
           offered->size < sizeof object->plugin ? offered->size : sizeof object->plugin);
    copy_table(&object->hooks, sizeof object->hooks, object->plugin.provider);
    copy_table(&object->transport, sizeof object->transport, object->plugin.transport);
    copy_table(&object->listener, sizeof object->listener, object->plugin.listener);
    copy_table(&object->jose, sizeof object->jose, object->plugin.jose);
    err = check_identity(&object->plugin, file, error);
    if (err == FOB_OK)
        err = check_tables(object, error);
    if (err == FOB_OK)
        err = open_plugin(object, error);
    if (err != FOB_OK) {
        free(object->file);
        free(object);
        return err;
    }
    *ret_object = object;
    return FOB_OK;
}
