/* SPDX-License-Identifier: MIT */
/* What goes wrong on purpose: lateness, lost answers, limits, refusals. */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

#include "inquiry.h"

/* "3": at each third; "20%": with that chance; "once". False: it is none of these. */
bool fault_read_how_often(const char *text, struct how_often *ret);

/* Before a client's request is looked at. True: it comes to nothing, and the reply says how. */
bool fault_before(struct sandbox *sandbox, struct reply *reply);

/* Before a request for tokens is answered. A problem without a code: go on. Adds header fields to the reply. */
struct problem fault_of_token_request(struct sandbox *sandbox, struct reply *reply);

/* After a refresh token was replaced by a new one: the answer may get lost. */
void fault_after_rotation(struct sandbox *sandbox, struct reply *reply);

#endif
