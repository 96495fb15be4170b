/* SPDX-License-Identifier: MIT */
/* The sandbox's time: the machine's, but for --skew and for what POST /sandbox/clock moved it on by. */
#include "clock.h"

#include <time.h>

static int64_t skew_ms, advanced_ms;

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + advanced_ms;
}

int64_t clock_now(void)
{
    return read_clock(CLOCK_REALTIME) + skew_ms;
}

int64_t clock_steady(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_set_skew(int64_t ms)
{
    skew_ms = ms;
}

void clock_advance(int64_t ms)
{
    advanced_ms += ms;
}
