/* SPDX-License-Identifier: MIT */
/* The sandbox's time: the machine's, but for --skew and for what POST /sandbox/clock moved it on by. */
#ifndef SANDBOX_CLOCK_H
#define SANDBOX_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970, wrong by the skew. */
int64_t clock_now(void);
/* Milliseconds that only grow and know of no skew: what lifetimes are measured by. */
int64_t clock_steady(void);

void clock_set_skew(int64_t ms);
/* Moves both on. */
void clock_advance(int64_t ms);

#endif
