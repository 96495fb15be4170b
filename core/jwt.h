/* SPDX-License-Identifier: MIT */
/* The JWT that stands for a client (RFC 7519, RFC 7523 section 2.2), as a descriptor's `jwt` describes it. */
#ifndef CORE_JWT_H
#define CORE_JWT_H

#include "binding.h"

struct fob_jwt_input {
    const struct fob_jwt_rule *rule;
    enum fob_auth_method auth;         /* decides on the algorithm where the rule names none */
    const struct fob_binding *binding; /* for variables, and the module that signs: provider->jose */
    const struct fob_expression_env
        *env; /* what else {names} stand for; its now (ms) and entropy are used as well */
    const fob_client *client;
    const char *audience; /* the URL that the JWT is sent to, as it is sent */
};

/*
 * Makes and signs it. Claims: iss and sub (client_id), aud, iat, exp, jti, then those of the rule, which replace or leave
 * out; a claim or header member whose template has a name without a value is left out. kid: the rule's, else the JWK's own.
 * HS256 signs with the client secret, all others with the client's key. Errors: FOB_E_CONFIG (no secret or key, a key that
 * does not fit, no module to sign with), FOB_E_DESCRIPTOR, FOB_E_PLUGIN, FOB_E_LIMIT, FOB_E_MEMORY.
 */
fob_err fob_jwt_make(const struct fob_jwt_input *input, fob_secret **ret_jwt, struct fob_error *error);

/* Whether something in the descriptor may be signed with a client's key, which needs the jose module. */
bool fob_jwt_needs_key(const struct fob_descriptor *descriptor);

/* The compact serialization of RFC 7515 section 7.1, with HMAC-SHA-256 under key. */
void fob_jws_hs256(const char *header, const char *payload, const fob_secret *key, struct fob_buf *out);

#endif
