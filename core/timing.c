/* SPDX-License-Identifier: MIT */
/* When a provider lets a token be refreshed, and when it should be. */
#include "timing.h"
#include "rule.h"

enum fob_timing fob_refresh_timing(const struct fob_refresh_rule *rule, const fob_token *token, int64_t now,
                                   int64_t *ret_at)
{
    int64_t min_age = fob_duration(rule->min_age), max_ttl = fob_duration(rule->max_ttl);
    if (rule->needs_valid && token->expires_at && now >= token->expires_at)
        return FOB_TIMING_TOO_LATE;
    if (min_age && now < fob_after(token->obtained_at, min_age)) {
        *ret_at = fob_after(token->obtained_at, min_age);
        return FOB_TIMING_TOO_EARLY;
    }
    if (max_ttl && token->expires_at && token->expires_at - now > max_ttl) {
        *ret_at = token->expires_at - max_ttl;
        return FOB_TIMING_TOO_EARLY;
    }
    return FOB_TIMING_GOOD;
}

/* Three quarters of a lifetime: time enough to try again, and rarely enough. */
static int64_t three_quarters(int64_t from, int64_t lifetime)
{
    return fob_after(from, lifetime / 4 * 3);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return !a ? b : !b ? a : a < b ? a : b;
}

int64_t fob_renewal_due(const struct fob_descriptor *d, const fob_token *token)
{
    int64_t due = 0, idle = fob_duration(d->lifetimes.refresh_token_idle);
    if (d->refresh.needs_valid && token->expires_at > token->obtained_at)
        due = three_quarters(token->obtained_at, token->expires_at - token->obtained_at);
    if (idle && token->refresh)
        due = earlier(due, three_quarters(token->obtained_at, idle));
    return due;
}
