/* SPDX-License-Identifier: MIT */
/* When a provider lets a token be refreshed, and when it should be. Pure. */
#ifndef CORE_TIMING_H
#define CORE_TIMING_H

#include "tokens.h"

enum fob_timing {
    FOB_TIMING_GOOD,      /* now is a good time */
    FOB_TIMING_TOO_EARLY, /* the provider would refuse; *ret_at says when it will not */
    FOB_TIMING_TOO_LATE   /* it will not refresh this one any more */
};

/* Whether the token can be refreshed at time now. */
enum fob_timing fob_refresh_timing(const struct fob_refresh_rule *rule, const fob_token *token, int64_t now,
                                   int64_t *ret_at);

/*
 * When the token should be refreshed even though it is still good, or 0: before it ends where only a good one can be
 * refreshed, and before a refresh token that is not used dies.
 */
int64_t fob_renewal_due(const struct fob_descriptor *d, const fob_token *token);

#endif
