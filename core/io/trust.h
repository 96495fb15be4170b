/* SPDX-License-Identifier: MIT */
/* Opening files that must not have been planted or changed by somebody else. Checked on descriptors, not names. */
#ifndef CORE_IO_TRUST_H
#define CORE_IO_TRUST_H

#include "../buf.h"

#include <stdbool.h>

enum fob_trust {
    FOB_TRUST_READABLE, /* ours or root's, and nobody else can write it: descriptors, plugins, clients.yaml */
    FOB_TRUST_PRIVATE   /* and nobody else can read it either: keys, files with a plain secret */
};

/*
 * Opens a regular file for reading (O_CLOEXEC) after checking it and its folder. The caller closes *ret_fd.
 * Errors: FOB_E_NOT_FOUND, FOB_E_UNTRUSTED (what says which bit, fix the chmod or chown to run), FOB_E_SYSTEM.
 */
fob_err fob_trust_open(const char *path, enum fob_trust trust, int *ret_fd, struct fob_error *error);

/* The same, and reads the whole file into out, whose maximum is the limit (FOB_E_LIMIT). */
fob_err fob_trust_read(const char *path, enum fob_trust trust, struct fob_buf *out, struct fob_error *error);
/* The second half of it, for a file that is open and was checked. */
fob_err fob_trust_read_fd(int fd, const char *path, struct fob_buf *out, struct fob_error *error);

/*
 * Opens (O_PATH) the folder that path is in, after checking that nobody else can write it, and gives the file's own
 * name inside path. The caller closes *ret_fd. Errors: as fob_trust_open.
 */
fob_err fob_trust_folder(const char *path, int *ret_fd, const char **ret_name, struct fob_error *error);

/* The checks of fob_trust_open on a file that is open already. Errors: FOB_E_UNTRUSTED, FOB_E_SYSTEM. */
fob_err fob_trust_check(int fd, const char *path, enum fob_trust trust, struct fob_error *error);

#endif
