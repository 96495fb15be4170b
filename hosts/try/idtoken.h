/* SPDX-License-Identifier: MIT */
/* ID tokens that are made up: as they have to be, but for the signature. */
#ifndef TRY_IDTOKEN_H
#define TRY_IDTOKEN_H

#include "subject.h"

struct id_token {
    const struct subject *subject;
    const char *environment;
    const struct values *values;
    const char *client_id;
    const char *nonce; /* or NULL */
    int64_t now;
    json_t *claims; /* what it has to hold besides; may be NULL */
};

/* Whether the provider is known to give them. */
bool gives_id_tokens(const struct subject *subject, const char *environment);
/* The caller's to free. */
char *id_token_make(const struct id_token *rule);

#endif
