/* SPDX-License-Identifier: MIT */
/* The time of day, as flows and leases count it. */
#include <fob/session.h>
#include <time.h>

int64_t fob_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
