/* SPDX-License-Identifier: MIT */
/* File descriptors that close themselves when their scope ends. */
#ifndef CORE_IO_FD_H
#define CORE_IO_FD_H

#include "../cleanup.h"

#include <unistd.h>

static inline void fob_close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#define fob_auto_fd fob_cleanup(fob_close_fd)

static inline int fob_steal_fd(int *fd)
{
    int stolen = *fd;
    *fd = -1;
    return stolen;
}

#endif
