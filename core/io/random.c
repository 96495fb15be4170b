/* SPDX-License-Identifier: MIT */
/* Random bytes from the kernel. */
#include "../error.h"

#include <errno.h>
#include <fob/session.h>
#include <sys/random.h>

fob_err fob_random(void *bytes, size_t len, struct fob_error *error)
{
    unsigned char *at = bytes;
    if (!bytes && len)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_random: nowhere to put the bytes");
    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fob_fail_errno(error, FOB_E_SYSTEM, errno, NULL, "the kernel gives no random bytes");
        at += got;
        len -= (size_t)got;
    }
    return FOB_OK;
}
