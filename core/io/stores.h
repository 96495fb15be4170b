/* SPDX-License-Identifier: MIT */
/* The stores that come with the core, and the sealing key. */
#ifndef CORE_IO_STORES_H
#define CORE_IO_STORES_H

#include <fob/store.h>

/* One SQLite file, made with mode 0600 in a folder made with mode 0700. */
extern const struct fob_store_ops fob_store_sqlite;
/* In this process only; location names it: objects opened with the same location share it, until the last is closed. */
extern const struct fob_store_ops fob_store_memory;

#define FOB_SEAL_KEY 32 /* bytes */

/*
 * The sealing key from the key file, made on first use when create is set (mode 0600, on disk before anything
 * is sealed with it; of two processes that make it at once both end with the same key). The caller wipes key.
 * Errors: FOB_E_KEY (missing and not to be made; not a key file), FOB_E_UNTRUSTED, FOB_E_SYSTEM.
 */
fob_err fob_key_file(const char *path, int create, unsigned char key[FOB_SEAL_KEY], struct fob_error *error);

#endif
