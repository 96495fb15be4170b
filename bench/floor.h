/* SPDX-License-Identifier: MIT */
/* The least that a token by client credentials costs: bare libcurl and Jansson. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <stdbool.h>

#define FLOOR_CLIENT "bench"
#define FLOOR_SECRET "bench-secret"

bool floor_open(const char *url);
bool floor_one(void);
void floor_close(void);

#endif
