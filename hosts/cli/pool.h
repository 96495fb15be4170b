/* SPDX-License-Identifier: MIT */
/* Many independent jobs, as many at a time as there are processors, each in a process of its own. */
#ifndef CLI_POOL_H
#define CLI_POOL_H

#include <stddef.h>

/* Does the ith job; its result, which the caller of it frees. */
typedef char *pool_work_fn(void *user, size_t i);
/* The results in order; NULL for a job whose process died. */
typedef void pool_done_fn(void *user, size_t i, const char *result);

void pool_run(size_t n, pool_work_fn *work, pool_done_fn *done, void *user);

#endif
