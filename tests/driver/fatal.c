/* SPDX-License-Identifier: MIT */
/*
 * Dying at a chosen system call. What a program defines stands before the C library's function of that name, for shared
 * libraries too: SQLite's calls come here like our own.
 */
#include "fatal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fatal_at, calls;
static bool is_torn;

void fatal_arm(int n, bool torn)
{
    calls = 0;
    is_torn = torn;
    fatal_at = n;
}

void fatal_disarm(void)
{
    fatal_at = 0;
}

static bool is_fatal(void)
{
    return fatal_at && ++calls == fatal_at;
}

static void die_here(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
}

static void step(void)
{
    if (!is_torn && is_fatal())
        die_here();
}

#pragma GCC visibility push(default)

static ssize_t write_at(int fd, const void *bytes, size_t len, off64_t at)
{
    return at < 0 ? syscall(SYS_write, fd, bytes, len) : syscall(SYS_pwrite64, fd, bytes, len, at);
}

static ssize_t put(int fd, const void *bytes, size_t len, off64_t at)
{
    if (is_fatal()) {
        if (is_torn)
            write_at(fd, bytes, len / 2, at);
        die_here();
    }
    return write_at(fd, bytes, len, at);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    return put(fd, bytes, len, -1);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    return put(fd, bytes, len, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    return put(fd, bytes, len, at);
}

int fsync(int fd)
{
    step();
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    step();
    return (int)syscall(SYS_fdatasync, fd);
}

int ftruncate(int fd, off_t len)
{
    step();
    return (int)syscall(SYS_ftruncate, fd, len);
}

int ftruncate64(int fd, off64_t len)
{
    step();
    return (int)syscall(SYS_ftruncate, fd, len);
}

int unlink(const char *path)
{
    step();
    return (int)syscall(SYS_unlink, path);
}

int unlinkat(int fd, const char *path, int flags)
{
    step();
    return (int)syscall(SYS_unlinkat, fd, path, flags);
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    step();
    return (int)syscall(SYS_linkat, from_fd, from, to_fd, to, flags);
}

int mkdir(const char *path, mode_t mode)
{
    step();
    return (int)syscall(SYS_mkdir, path, mode);
}

int fchmod(int fd, mode_t mode)
{
    step();
    return (int)syscall(SYS_fchmod, fd, mode);
}

static int open_in(int folder, const char *path, int flags, mode_t mode)
{
    if (flags & O_CREAT)
        step();
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define WITH_MODE(call)                                                                                      \
    va_list rest;                                                                                            \
    va_start(rest, flags);                                                                                   \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0;                                \
    va_end(rest);                                                                                            \
    return call

int open(const char *path, int flags, ...)
{
    WITH_MODE(open_in(AT_FDCWD, path, flags, mode));
}

int open64(const char *path, int flags, ...)
{
    WITH_MODE(open_in(AT_FDCWD, path, flags, mode));
}

int openat(int folder, const char *path, int flags, ...)
{
    WITH_MODE(open_in(folder, path, flags, mode));
}

static int control(int fd, int command, uintptr_t argument)
{
    if (command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK)
        step();
    return (int)syscall(SYS_fcntl, fd, command, argument);
}

#define WITH_ARGUMENT(call)                                                                                  \
    va_list rest;                                                                                            \
    va_start(rest, command);                                                                                 \
    uintptr_t argument = va_arg(rest, uintptr_t);                                                            \
    va_end(rest);                                                                                            \
    return call

int fcntl(int fd, int command, ...)
{
    WITH_ARGUMENT(control(fd, command, argument));
}

int fcntl64(int fd, int command, ...)
{
    WITH_ARGUMENT(control(fd, command, argument));
}
