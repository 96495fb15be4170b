/* SPDX-License-Identifier: MIT */
/* The grants of a descriptor, against a sandbox that behaves as it describes. */
#ifndef TRY_LIVE_H
#define TRY_LIVE_H

#include "subject.h"

/*
 * A list of {"grant", "passed", "what", "fix" where there is one}: authorization_code, refresh_token, verify, revoke,
 * client_credentials, as far as the descriptor has them. What it has and was not run is added to skipped, as {"grant", "why"}.
 * program is the path of fob-sandbox; when it cannot be started *ret_why says so (the caller's) and the list is empty.
 */
json_t *live_try(fob_session *session, const struct subject *subject, const char *program, json_t *skipped,
                 char **ret_why);
/* Adds to skipped all that the descriptor has, for that one reason. */
void live_skip(const struct subject *subject, const char *why, json_t *skipped);

#endif
