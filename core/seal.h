/* SPDX-License-Identifier: MIT */
/* Sealing one connection: XChaCha20-Poly1305 with the connection's name as associated data. Pure. */
#ifndef CORE_SEAL_H
#define CORE_SEAL_H

#include "buf.h"

#define FOB_SEAL_NONCE 24 /* bytes, fresh for every sealing */

/* out: format byte, nonce, ciphertext and tag. Errors: FOB_E_LIMIT, FOB_E_MEMORY. */
fob_err fob_seal(const unsigned char key[32], const unsigned char nonce[FOB_SEAL_NONCE], const char *name,
                 const void *bytes, size_t len, struct fob_buf *out, struct fob_error *error);

/* Errors: FOB_E_KEY (another key, another name, or changed bytes: they cannot be told apart), FOB_E_STORE (not a
 * sealed record, or of a later format), FOB_E_MEMORY. */
fob_err fob_unseal(const unsigned char key[32], const char *name, const void *sealed, size_t sealed_len,
                   struct fob_buf *out, struct fob_error *error);

#endif
