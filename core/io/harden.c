/* SPDX-License-Identifier: MIT */
/* Keeping this process's memory out of core dumps and debuggers. */
#include "../error.h"

#include <errno.h>
#include <fob/secret.h>
#include <sys/prctl.h>
#include <sys/resource.h>

fob_err fob_harden_process(struct fob_error *error)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return fob_fail_errno(error, FOB_E_SYSTEM, errno, NULL, "core dumps cannot be switched off");
    /* Also makes /proc/self belong to root, so another process of the same user can neither attach nor read. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return fob_fail_errno(error, FOB_E_SYSTEM, errno, NULL, "this process's memory cannot be closed off");
    return FOB_OK;
}
