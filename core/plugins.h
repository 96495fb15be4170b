/* SPDX-License-Identifier: MIT */
/* A loaded plugin as the core sees it: its own zeroed copy of every table, whatever the plugin's age. */
#ifndef CORE_PLUGINS_H
#define CORE_PLUGINS_H

#include <fob/plugin.h>

struct fob_plugin_object {
    char *file;
    void *handle; /* dlopen's, or NULL for one that is linked in; never closed */
    void *self;   /* what its open returned */
    struct fob_plugin plugin;
    struct fob_provider_hooks hooks;
    struct fob_transport_ops transport;
    struct fob_listener_ops listener;
    struct fob_jose_ops jose;
};

/*
 * Checks what an entry point returned and copies it: major, minimum size, id, role, flags, tables that the role
 * needs. file names it in errors. Pure but for the plugin's own open, which it calls last. The object lives for ever.
 * Errors: FOB_E_PLUGIN, FOB_E_MEMORY.
 */
fob_err fob_plugin_adopt(const struct fob_plugin *offered, const char *file, void *handle,
                         const struct fob_plugin_object **ret_object, struct fob_error *error);

#endif
