/* SPDX-License-Identifier: MIT */
/* A provider plugin of plugins/ that is linked into the test, with the descriptor that it comes with. */
#ifndef SUPPORT_LINKED_PLUGIN_H
#define SUPPORT_LINKED_PLUGIN_H

#include "drive.h"
#include "hooks.h"

fob_plugin_entry_fn fob_plugin_v1;

/* Adopted once: the object lives for ever. */
static inline const struct fob_plugin_object *linked_plugin(void)
{
    static const struct fob_plugin_object *object;
    char file[80];
    snprintf(file, sizeof file, "%s.so", fob_plugin_v1()->id);
    if (!object)
        cr_assert_eq(fob_plugin_adopt(fob_plugin_v1(), file, NULL, &object, NULL), FOB_OK);
    return object;
}

/* providers/ID.yaml, and more lines behind it. */
static inline fob_provider *bundled(const char *id, const char *more)
{
    static char yaml[65536];
    char path[512];
    struct fob_error error = FOB_ERROR_INIT;
    fob_provider *provider = NULL;
    snprintf(path, sizeof path, FOB_SOURCE_DIR "/providers/%s.yaml", id);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    size_t len = fread(yaml, 1, sizeof yaml - 1, file);
    fclose(file);
    snprintf(yaml + len, sizeof yaml - len, "%s", more);
    cr_assert_eq(fob_provider_read(yaml, strlen(yaml), path, NULL, &provider, &error), FOB_OK, "%s",
                 error.what);
    provider->plugin = linked_plugin();
    return provider;
}

/* drive() without an allocation of the test's own, for when they fail. */
static inline fob_err drive_bare(fob_flow *flow, struct fob_error *error)
{
    struct fob_action action = FOB_ACTION_INIT;
    fob_err err = fob_flow_next(flow, START, &action, error);
    while (err == FOB_OK && action.want == FOB_WANT_HTTP) {
        err = answer(flow, status, body, error);
        if (err == FOB_OK)
            err = fob_flow_next(flow, START, &action, error);
    }
    return err;
}

#endif
