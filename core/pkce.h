/* SPDX-License-Identifier: MIT */
/* Proof Key for Code Exchange, RFC 7636. */
#ifndef CORE_PKCE_H
#define CORE_PKCE_H

#include "buf.h"
#include "entropy.h"

/* 32 random bytes as 43 unreserved characters (section 4.1): good as a code_verifier, a state or a nonce. */
void fob_pkce_verifier(struct fob_entropy *entropy, struct fob_buf *out);

/* BASE64URL(SHA256(verifier)), section 4.2. */
void fob_pkce_challenge_s256(const char *verifier, struct fob_buf *out);

/* The same hash in hex, for providers that misread it. */
void fob_pkce_challenge_s256_hex(const char *verifier, struct fob_buf *out);

#endif
