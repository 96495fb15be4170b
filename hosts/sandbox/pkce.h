/* SPDX-License-Identifier: MIT */
/* Proof Key for Code Exchange, the server's side (RFC 7636), in the ways that authorize.pkce knows. */
#ifndef SANDBOX_PKCE_H
#define SANDBOX_PKCE_H

#include "sandbox.h"

/* What authorize.pkce comes to for this client: "S256", "S256-hex", "plain" or "none". */
const char *pkce_method(const struct sandbox *sandbox);

/* Whether this can be a challenge of the method. */
bool pkce_is_challenge(const char *method, const char *challenge);

/* RFC 7636 section 4.6: whether the challenge was made from the verifier. Either may be NULL. */
bool pkce_verify(const char *method, const char *challenge, const char *verifier);

#endif
