/* SPDX-License-Identifier: MIT */
/* Filling a struct fob_error without a symbol of fob. */
#include "listener.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

fob_err fail(struct fob_error *error, fob_err code, int sys_errno, const char *fix, const char *what_fmt, ...)
{
    if (!error)
        return code;
    *error = (struct fob_error)FOB_ERROR_INIT;
    error->code = code;
    error->sys_errno = sys_errno;
    va_list args;
    va_start(args, what_fmt);
    vsnprintf(error->what, sizeof error->what, what_fmt, args);
    va_end(args);
    size_t used = strlen(error->what);
    const char *reason = sys_errno ? strerrordesc_np(sys_errno) : NULL;
    if (reason)
        snprintf(error->what + used, sizeof error->what - used, ": %s", reason);
    snprintf(error->fix, sizeof error->fix, "%s", fix ? fix : "");
    return code;
}
