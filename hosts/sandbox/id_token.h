/* SPDX-License-Identifier: MIT */
/* ID tokens (OpenID Connect Core section 2), signed with the client secret. */
#ifndef SANDBOX_ID_TOKEN_H
#define SANDBOX_ID_TOKEN_H

#include "sandbox.h"

/* A JWT with HS256. The client has a secret. The caller drops it. */
char *id_token_make(const struct sandbox *sandbox, const struct grant *grant);

#endif
