/* SPDX-License-Identifier: MIT */
/* Finding providers and plugins in the folders of a session. */
#ifndef CORE_IO_REGISTRY_H
#define CORE_IO_REGISTRY_H

#include "../plugins.h"
#include "paths.h"

/* Loads <id>.so from the first plugin folder that has it, once a process: the same file gives the same object, from any
 * thread. Errors: FOB_E_NOT_FOUND, FOB_E_PLUGIN, FOB_E_UNTRUSTED, FOB_E_SYSTEM, FOB_E_MEMORY. */
fob_err fob_plugin_load(const struct fob_paths *paths, const char *id,
                        const struct fob_plugin_object **ret_object, struct fob_error *error);

/* The same for one that fob itself looks for: FOB_E_PLUGIN as well when it is of another role. */
fob_err fob_plugin_load_role(const struct fob_paths *paths, const char *id, enum fob_plugin_role role,
                             const struct fob_plugin_object **ret_object, struct fob_error *error);

/*
 * Attaches the module that signs with a client's key, before anybody else sees the provider. Where it is not installed
 * nothing is attached, and whoever wants to sign is told so. Errors: as fob_plugin_load_role, but for FOB_E_NOT_FOUND.
 */
fob_err fob_registry_attach_jose(const struct fob_paths *paths, fob_provider *provider,
                                 struct fob_error *error);

/* What fob_find_provider and fob_list_providers (session.h) promise. */
fob_err fob_registry_find(const struct fob_paths *paths, const char *id, fob_provider **ret_provider,
                          struct fob_error *error);
fob_err fob_registry_list(const struct fob_paths *paths, fob_provider_fn *each, void *user,
                          struct fob_error *error);

/* fob_lint (session.h). */
fob_err fob_registry_lint(const struct fob_paths *paths, const char *text, size_t len, const char *file,
                          fob_problem_fn *report, void *user, struct fob_error *error);

/* fob_read_provider and fob_descriptor_json (session.h). */
fob_err fob_registry_read(const struct fob_paths *paths, const char *text, size_t len, const char *file,
                          fob_provider **ret_provider, struct fob_error *error);
fob_err fob_registry_describe(const struct fob_paths *paths, const char *text, size_t len, const char *file,
                              char **ret_json, struct fob_error *error);

#endif
