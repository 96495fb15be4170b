/* SPDX-License-Identifier: MIT */
/* What goes wrong on purpose: lateness, lost answers, limits, refusals. */
#include "fault.h"

#include "clock.h"
#include "reply.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool fault_read_how_often(const char *text, struct how_often *ret)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    *ret = (struct how_often){.once = strcmp(text, "once") == 0};
    if (ret->once)
        return true;
    if (end == text || *text == '-' || n > 1000000)
        return false;
    if (strcmp(end, "%") == 0)
        ret->per_mille = (unsigned)n * 10;
    else
        ret->nth = (unsigned)n;
    return (!*end && n > 0) || (ret->per_mille && n <= 100);
}

/* count is the number of the occasion, from 1. */
static bool happens(const struct how_often *how_often, unsigned count)
{
    if (how_often->once)
        return count == 1;
    if (how_often->per_mille)
        return randombytes_uniform(1000) < how_often->per_mille;
    return how_often->nth && count % how_often->nth == 0;
}

bool fault_before(struct sandbox *sandbox, struct reply *reply)
{
    const struct faults *faults = &sandbox->settings.faults;
    struct timespec pause = {faults->latency_ms / 1000, (long)(faults->latency_ms % 1000) * 1000000};
    sandbox->requests++;
    if (faults->latency_ms)
        nanosleep(&pause, NULL);
    if (happens(&faults->cut, sandbox->requests))
        reply->loss = LOSS_HALF;
    if (!happens(&faults->drop, sandbox->requests))
        return false;
    reply->loss = LOSS_ALL;
    reply->status = 0; /* as if nobody had been there */
    return true;
}

static bool is_limited(struct sandbox *sandbox)
{
    const struct faults *faults = &sandbox->settings.faults;
    int64_t now = clock_steady();
    if (!faults->rate_limit)
        return false;
    if (faults->rate_window_s && now - sandbox->rate_window_began >= (int64_t)faults->rate_window_s * 1000) {
        sandbox->rate_window_began = now;
        sandbox->token_requests = 1;
    }
    return sandbox->token_requests > faults->rate_limit;
}

static unsigned status_of(const char *word)
{
    return strcmp(word, "temporarily_unavailable") == 0 ? 503
           : strcmp(word, "server_error") == 0          ? 500
           : strcmp(word, "slow_down") == 0             ? 429
           : strcmp(word, "invalid_client") == 0        ? 401
                                                        : 400;
}

struct problem fault_of_token_request(struct sandbox *sandbox, struct reply *reply)
{
    const struct faults *faults = &sandbox->settings.faults;
    sandbox->token_requests++;
    if (is_limited(sandbox)) {
        reply_field(reply, "Retry-After", text_copy("1"));
        return problem_make(429, "slow_down", "too many requests (--rate-limit)");
    }
    if (faults->fail_with && sandbox->token_requests >= faults->fail_from)
        return problem_make(status_of(faults->fail_with), faults->fail_with, "as asked for (--fail-with)");
    return (struct problem){0};
}

void fault_after_rotation(struct sandbox *sandbox, struct reply *reply)
{
    sandbox->rotations++;
    if (happens(&sandbox->settings.faults.lose, sandbox->rotations))
        reply->loss = LOSS_ALL;
}
