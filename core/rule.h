/* SPDX-License-Identifier: MIT */
/* A request's rule as it holds: what the block says, and where it is silent, the block it starts as a copy of. */
#ifndef CORE_RULE_H
#define CORE_RULE_H

#include "descriptor.h"

struct fob_rule {
    const struct fob_request_rule *own, *base; /* base may be NULL */
    bool is_api; /* GET with the token, unless it says otherwise: userinfo, verify, steps */
};

/* The rule of a grant's token request. */
struct fob_rule fob_rule_of_grant(const struct fob_descriptor *d, const char *grant_type);

/* The method, as HTTP writes it. */
const char *fob_rule_method(const struct fob_rule *rule);
/* Never FOB_ENCODE_UNSET: FOB_ENCODE_QUERY where the method has no body. */
enum fob_encoding fob_rule_encoding(const struct fob_rule *rule);
/* FOB_AUTH_UNSET: the provider's metadata and the client decide. */
enum fob_auth_method fob_rule_auth(const struct fob_rule *rule);
/* The endpoint's template, or NULL for the metadata's. */
const char *fob_rule_endpoint(const struct fob_rule *rule);
const char *fob_rule_root(const struct fob_rule *rule);
/* The reason why a secret may stand in the URL, or NULL. */
const char *fob_rule_secret_in_url(const struct fob_rule *rule);
/* FOB_ANSWER_UNSET: as the answer itself says. */
enum fob_answer_format fob_rule_format(const struct fob_rule *rule);
/* The JWT that stands for the client, or NULL. */
const struct fob_jwt_rule *fob_rule_jwt(const struct fob_rule *rule);
/* "query" or "body" for a parameter that is placed by name, or NULL. */
const char *fob_rule_place(const struct fob_rule *rule, const char *param);
/* What the provider calls a standard parameter. rename is the descriptor's own, for every request. */
const char *fob_rule_rename(const struct fob_rule *rule, const struct fob_map *rename, const char *param);
/* The same in the authorization request. */
const char *fob_authorize_rename(const struct fob_descriptor *d, const char *param);

/* The value of a name in a map of the language, or NULL. */
const char *fob_map_get(const struct fob_map *map, const char *name);

/* Whether a list of the language has the text. */
bool fob_strings_have(const struct fob_strings *list, const char *text);

/* A duration of the language (30s, 5m, 1h, 60d, 1y) in milliseconds; 0 for NULL. */
int64_t fob_duration(const char *text);

#endif
