/* SPDX-License-Identifier: MIT */
/* Signatures of the client's JWTs (RFC 7518), and the keys that they are checked with. */
#ifndef SANDBOX_SIGNATURE_H
#define SANDBOX_SIGNATURE_H

#include "sandbox.h"

/* Whether the client's secret or key signed the JWT. */
bool signature_is_good(const struct sandbox *sandbox, const char *jwt, const char *alg);

/* Whether alg is what is used where the descriptor does not say: HS256 with a secret, what fits with a key. */
bool signature_is_usual(const struct sandbox *sandbox, const char *alg, bool by_secret);

/* A key from a PEM file, public or private; NULL with the reason told. */
void *signature_read_key(const char *file);
/* A new key pair for alg; *ret_pem is the private key, which the caller drops. */
void *signature_make_key(const char *alg, char **ret_pem);
void signature_free_key(void *key);

#endif
