/* SPDX-License-Identifier: MIT */
/* Memory that runs out at a chosen allocation, and a count of what was not freed. See tests/fault/CMakeLists.txt. */
#ifndef SUPPORT_FAULTS_H
#define SUPPORT_FAULTS_H

#include <fob/error.h>

/* One piece of work, whole: what it makes it frees again. */
typedef fob_err fault_run(void);

/*
 * Runs it over and over: the first allocation fails, then the second …, until it runs without one that failed. Each run
 * has to return FOB_E_MEMORY if its allocation failed and FOB_OK if none did, and free all that it took. Criterion's own
 * allocations and those of the test between runs do not count. There have to be at_least so many in a run.
 */
void fail_each_allocation(const char *name, fault_run *run, unsigned at_least);

#endif
