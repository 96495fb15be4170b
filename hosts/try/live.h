/* SPDX-License-Identifier: MIT */
/* The grants of a descriptor, against a sandbox that behaves as it describes. */
#ifndef TRY_LIVE_H
#define TRY_LIVE_H

#include "subject.h"

/*
 * A list of {"grant", "passed", "what"}: authorization_code, refresh_token, verify, revoke, client_credentials, as far as the
 * descriptor has them. program is the path of fob-sandbox; when it cannot be started *ret_why says so (the caller's) and the
 * list is empty.
 */
json_t *live_try(fob_session *session, const struct subject *subject, const char *program, char **ret_why);

#endif
