/* SPDX-License-Identifier: MIT */
/* clients.yaml: clients by connection name, so that a login needs nothing but the name. */
#ifndef CORE_IO_CLIENTS_H
#define CORE_IO_CLIENTS_H

#include "../pairs.h"
#include "paths.h"

/* One entry, its secret and key fetched from where they are kept. Zeroed or filled, it can be freed. Absent strings are NULL. */
struct fob_client_entry {
    char *provider, *grant, *environment, *redirect_uri;
    fob_client *client;
    struct fob_pairs variables;
    struct fob_strings scopes;
};

/*
 * Errors: FOB_E_NOT_FOUND (no file or no such entry), FOB_E_CONFIG with file, line and column, FOB_E_UNTRUSTED (the
 * file can be written by others, or holds a plain secret and can be read by others), FOB_E_SYSTEM, FOB_E_MEMORY.
 */
fob_err fob_clients_find(const struct fob_paths *paths, const char *name, struct fob_client_entry *ret,
                         struct fob_error *error);
void fob_client_entry_free(struct fob_client_entry *entry);

#endif
