/* SPDX-License-Identifier: MIT */
/* What a descriptor has that can be tried at a sandbox. */
#ifndef TRY_WAYS_H
#define TRY_WAYS_H

#include "subject.h"

/* One of these: an endpoint of a block's own, as "verify/endpoint", or the metadata's. */
bool has_way(const struct subject *subject, const char *endpoint, const char *metadata);
/* A machine's own login is told: listed, said how, or the only one there is. Of others nobody knows whether they do it. */
bool has_machine_login(const struct subject *subject);
/* A refresh that is told, or that a login goes on with when nothing is. */
bool has_refresh(const struct subject *subject);
/* Its verify is open without the scope openid: a way of its own, or a userinfo that is no OpenID Connect. */
bool is_verify_open(const struct subject *subject);

/* A duration of the language in milliseconds; 0 for NULL. */
int64_t way_duration(const char *text);

/* Adds {"grant", "why"} to skipped. */
void way_skip(json_t *skipped, const char *grant, const char *why);
/* That for what takes a token: refresh_token, verify and revoke, as far as the descriptor has them. */
void way_skip_token(const struct subject *subject, const char *why, json_t *skipped);
/* That for the grants it lists and fob has no flow for. */
void way_skip_foreign(const struct subject *subject, json_t *skipped);

#endif
