/* SPDX-License-Identifier: MIT */
/* Proof Key for Code Exchange, the server's side (RFC 7636). */
#ifndef SANDBOX_PKCE_H
#define SANDBOX_PKCE_H

#include <stdbool.h>

/* Whether this can be an S256 challenge: the base64url form of 32 bytes. NULL is not. */
bool pkce_is_challenge(const char *challenge);

/* RFC 7636 section 4.6: whether the challenge was made from the verifier, which may be NULL. */
bool pkce_verify(const char *challenge, const char *verifier);

#endif
