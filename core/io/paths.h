/* SPDX-License-Identifier: MIT */
/* Where things are: options first, then the environment unless it is not to be trusted, then the defaults. */
#ifndef CORE_IO_PATHS_H
#define CORE_IO_PATHS_H

#include "../descriptor.h"

#include <fob/session.h>

struct fob_paths {
    char *store, *key, *clients_file;
    struct fob_strings providers, plugins; /* folders in order; they need not exist */
    char *ca_file;                         /* or NULL for the system's */
    bool trust_environment;
};

/* Errors: FOB_E_CONFIG (no home folder), FOB_E_MEMORY. Zeroed or filled, it can be freed. */
fob_err fob_paths_init(struct fob_paths *ret, const struct fob_options *options, struct fob_error *error);
void fob_paths_free(struct fob_paths *paths);

#endif
