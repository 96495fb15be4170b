/* SPDX-License-Identifier: MIT */
/* Locks that the kernel drops when their holder dies, one byte of a file each (fcntl(2), "Open file description"). */
#include "locks.h"

#include <fcntl.h>
#include <unistd.h>

int fob_locks_open(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static struct flock byte_of(uint64_t number, short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)number, .l_len = 1};
}

bool fob_locks_take(int fd, uint64_t number)
{
    struct flock lock = byte_of(number, F_WRLCK);
    return fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

void fob_locks_drop(int fd, uint64_t number)
{
    struct flock lock = byte_of(number, F_UNLCK);
    if (fd >= 0)
        fcntl(fd, F_OFD_SETLK, &lock);
}

bool fob_locks_held(int fd, uint64_t number)
{
    struct flock lock = byte_of(number, F_WRLCK);
    return fd < 0 || fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type != F_UNLCK;
}
