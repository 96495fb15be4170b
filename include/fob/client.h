/* SPDX-License-Identifier: MIT */
/* A client: an application registered at a provider (RFC 6749 section 2). */
#ifndef FOB_CLIENT_H
#define FOB_CLIENT_H

#include <fob/secret.h>

FOB_BEGIN_DECLS

typedef struct fob_client fob_client;

/*
 * A client with its client_id (1 to 1024 bytes of printable ASCII, RFC 6749 appendix A.1) and, for a
 * confidential client, its secret, which is copied; NULL for a public client. A secret is one line of UTF-8 text.
 * The caller frees it with fob_client_free. Not to be changed afterwards; may be read by many threads.
 * Errors: FOB_E_ARGUMENT, FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_client_new(const char *client_id, const fob_secret *client_secret,
                                             fob_client **ret_client, struct fob_error *error);

/*
 * The same with a private key besides, or in the place of, the secret: for providers that want a signed JWT (RFC 7523
 * section 2.2). key is one key in PEM (PKCS #8, PKCS #1, SEC 1; no passphrase) or one JWK (RFC 7517), and is copied;
 * NULL for none. Whether it can be used shows when something is signed. Errors: FOB_E_ARGUMENT, FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_client_new_with_key(const char *client_id, const fob_secret *client_secret,
                                                      const fob_secret *key, fob_client **ret_client,
                                                      struct fob_error *error);

/* The client_id; lives as long as the client. */
FOB_API const char *fob_client_id(const fob_client *client);

/* The client_secret or NULL; lives as long as the client. */
FOB_API const fob_secret *fob_client_secret(const fob_client *client);

/* The private key or NULL; lives as long as the client. */
FOB_API const fob_secret *fob_client_key(const fob_client *client);

/* Wipes and frees *client and sets it to NULL. NULL is fine. */
FOB_API void fob_client_free(fob_client **client);

FOB_END_DECLS

#endif
