/* SPDX-License-Identifier: MIT */
/* Locks that the kernel drops when their holder dies: how a lease's end shows before its time has come. */
#ifndef CORE_IO_LOCKS_H
#define CORE_IO_LOCKS_H

#include <stdbool.h>
#include <stdint.h>

/* The lock file, made with mode 0600 when it is not there; -1 when it cannot be had. The caller closes it. */
int fob_locks_open(const char *path);

/*
 * Each number is a lock of its own, held by the open file and not by the process, so that two sessions in one process
 * keep each other out too. false: it is not to be had, fd -1 included.
 */
bool fob_locks_take(int fd, uint64_t number);
void fob_locks_drop(int fd, uint64_t number);

/* Whether another one holds it, or that cannot be told. */
bool fob_locks_held(int fd, uint64_t number);

#endif
