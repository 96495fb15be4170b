/* SPDX-License-Identifier: MIT */
/* Answers that bring tokens: made, remembered, and put where the descriptor says. */
#ifndef SANDBOX_TOKENS_H
#define SANDBOX_TOKENS_H

#include "sandbox.h"

enum new_refresh_token { REFRESH_NONE, REFRESH_NEW };

/*
 * Answers a request by rule with an access token for grant and what else comes with it. scope NULL: all that was
 * granted. with_others: the tokens of `also` too.
 */
void tokens_answer(struct sandbox *sandbox, const struct visit *visit, const struct rule *rule,
                   struct grant *grant, const char *scope, enum new_refresh_token refresh, bool with_others,
                   struct reply *reply);

#endif
