/* SPDX-License-Identifier: MIT */
/* Dying as by kill -9 at a chosen system call that changes a file or a lock, whichever library makes it. */
#ifndef TEST_FATAL_H
#define TEST_FATAL_H

#include <stdbool.h>

/* From now on this process dies before its nth such call, n from 1; torn: a write is half done by then. */
void fatal_arm(int n, bool torn);
/* How many it has made since; no more dying. */
int fatal_disarm(void);

#endif
