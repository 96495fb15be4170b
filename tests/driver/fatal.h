/* SPDX-License-Identifier: MIT */
/* Dying as by kill -9 at a chosen system call that changes a file or a lock, whichever library makes it. */
#ifndef TEST_FATAL_H
#define TEST_FATAL_H

#include <stdbool.h>

/* From now on this process dies before its nth such call, n from 1; torn: in the middle of its nth write. */
void fatal_arm(int n, bool torn);
void fatal_disarm(void);

#endif
