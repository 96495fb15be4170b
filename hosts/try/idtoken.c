/* SPDX-License-Identifier: MIT */
/* ID tokens that are made up (OpenID Connect Core section 2). */
#include "idtoken.h"
#include "jwt.h"

#include <stdlib.h>

bool gives_id_tokens(const struct subject *subject, const char *environment)
{
    return subject_metadata(subject, environment, "issuer") ||
           subject_metadata(subject, environment, "jwks_uri");
}

static void set_issuer(const struct id_token *rule, json_t *claims)
{
    const char *issuer = subject_metadata(rule->subject, rule->environment, "issuer");
    char *filled = values_fill(rule->subject, rule->environment, rule->values,
                               issuer ? issuer : "https://issuer.invalid");
    tree_set_text(claims, "iss", filled);
    free(filled);
}

char *id_token_make(const struct id_token *rule)
{
    json_t *claims = must(json_object());
    set_issuer(rule, claims);
    tree_set_text(claims, "sub", "subject");
    tree_set_text(claims, "aud", rule->client_id);
    tree_set(claims, "iat", json_integer(rule->now / 1000));
    tree_set(claims, "exp", json_integer(rule->now / 1000 + 3600));
    if (rule->nonce)
        tree_set_text(claims, "nonce", rule->nonce);
    json_object_update(claims, rule->claims);
    char *jwt = jwt_make(claims);
    json_decref(claims);
    return jwt;
}
