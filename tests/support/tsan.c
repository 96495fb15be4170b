/* SPDX-License-Identifier: MIT */
/*
 * Lets Criterion run under ThreadSanitizer. Criterion keeps its tests in shared memory at an address that it draws,
 * where ThreadSanitizer has its shadow or nothing may be; here it gets one that both can use.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#pragma GCC visibility push(default)

/* A race is a failed test, not a line in its output. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "halt_on_error=1";
}

/* Between what ThreadSanitizer leaves to programs and to libraries: x86-64, GCC 12 and clang 14. */
static bool is_drawn(const void *at)
{
    uintptr_t address = (uintptr_t)at;
    return (address >= 0x200000000000 && address < 0x550000000000) ||
           (address >= 0x568000000000 && address < 0x7b0000000000);
}

/* Criterion asks this whether the address is free. */
int mincore(void *at, size_t len, unsigned char *ret)
{
    if (is_drawn(at)) {
        errno = ENOMEM;
        return -1;
    }
    return (int)syscall(SYS_mincore, at, len, ret);
}

void *mmap64(void *at, size_t len, int prot, int flags, int fd, off64_t offset)
{
    void *(*next)(void *, size_t, int, int, int, off64_t) = NULL;
    *(void **)&next = dlsym(RTLD_NEXT, "mmap64");
    if ((flags & MAP_FIXED) && is_drawn(at)) {
        at = (void *)(0x567000000000 | ((uintptr_t)at & 0xfff000000)); /* above where programs are loaded */
        flags &= ~MAP_FIXED;
    }
    return next(at, len, prot, flags, fd, offset);
}
