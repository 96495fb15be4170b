/* SPDX-License-Identifier: MIT */
/* Keys made anew in every form that a client may keep them in, and OpenSSL's word on what was signed with them. */
#ifndef TEST_JOSE_KEYS_H
#define TEST_JOSE_KEYS_H

#include <openssl/evp.h>
#include <stdbool.h>

/* "RSA-2048", "RSA-PSS-2048", "EC-P-256", "ED25519" and the like. Freed with EVP_PKEY_free. */
EVP_PKEY *make_key(const char *kind);

/* All of these are freed by the caller. passphrase NULL: not encrypted. */
char *as_pkcs8(EVP_PKEY *key, const char *passphrase);
char *as_traditional(EVP_PKEY *key, const char *passphrase); /* PKCS #1, or SEC 1 */
char *as_public(EVP_PKEY *key);
char *as_bare_public(EVP_PKEY *key); /* the PEM without its frame, on one line */
char *as_jwk(EVP_PKEY *key);
char *as_public_jwk(EVP_PKEY *key);

/* Whether the compact serialization was signed with key by alg; by RFC 7518 section 3, over OpenSSL alone. */
bool is_signed(const char *jws, const char *alg, EVP_PKEY *key);

#endif
