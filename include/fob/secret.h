/* SPDX-License-Identifier: MIT */
/* Secrets are a type: bounded, wiped when freed, and not printable by accident. */
#ifndef FOB_SECRET_H
#define FOB_SECRET_H

#include <fob/error.h>
#include <stddef.h>

FOB_BEGIN_DECLS

/* Immutable after fob_secret_new: many threads may read one, one thread frees it. */
typedef struct fob_secret fob_secret;

/*
 * Copies len bytes (0 to FOB_MAX_TOKEN) into *ret_secret; a NUL is added behind them. The caller frees it
 * with fob_secret_free, and wipes its own copy.
 * Errors: FOB_E_ARGUMENT, FOB_E_LIMIT, FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_secret_new(const void *bytes, size_t len, fob_secret **ret_secret,
                                             struct fob_error *error);

/* A copy of its own; the rest as fob_secret_new. secret NULL gives NULL. */
FOB_API FOB_NODISCARD fob_err fob_secret_copy(const fob_secret *secret, fob_secret **ret_secret,
                                              struct fob_error *error);

/*
 * The bytes themselves, ended by a NUL: peek in the narrowest scope and never store the pointer. They
 * live as long as the secret. *ret_len may be NULL. secret NULL gives NULL and 0.
 */
FOB_API const char *fob_secret_peek(const fob_secret *secret, size_t *ret_len);

/* Length in bytes; 0 for NULL. */
FOB_API size_t fob_secret_len(const fob_secret *secret);

/* 1 when both hold the same bytes, in time that depends on the lengths only; NULL equals nothing. */
FOB_API int fob_secret_equal(const fob_secret *a, const fob_secret *b);

/* Wipes and frees *secret and sets it to NULL. NULL and a pointer to NULL are fine. */
FOB_API void fob_secret_free(fob_secret **secret);

/*
 * For the main program, not for a library inside somebody else's process: no core dumps and no reading
 * of this process's memory by others of the same user (RLIMIT_CORE, PR_SET_DUMPABLE). Cannot be undone.
 * Errors: FOB_E_SYSTEM.
 */
FOB_API fob_err fob_harden_process(struct fob_error *error);

FOB_END_DECLS

#endif
