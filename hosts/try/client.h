/* SPDX-License-Identifier: MIT */
/* The client of a run, and the token from before. */
#ifndef TRY_CLIENT_H
#define TRY_CLIENT_H

#include "subject.h"

/*
 * A client of that id with that secret, and a key where the descriptor has JWTs signed by one: a key that everybody has.
 * Errors: as fob_client_new_with_key.
 */
fob_err client_make(const struct subject *subject, const char *id, const char *secret,
                    fob_client **ret_client, struct fob_error *error);
/* The alg that the descriptor wants a key for, or NULL. */
const char *client_key_alg(const struct subject *subject);

/* What a login before has left behind. */
struct before {
    const char *access_token, *refresh_token;
    json_t *kept; /* an object, or NULL */
};

/* A token of that provider, as a login would have made it. Errors: FOB_E_DESCRIPTOR, FOB_E_CONFIG. */
fob_err before_make(fob_session *session, const struct subject *subject, const struct fob_flow_params *params,
                    const struct before *before, fob_token **ret_token, struct fob_error *error);

#endif
