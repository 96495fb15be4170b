/* SPDX-License-Identifier: MIT */
/* Filling a struct fob_error without a symbol of fob. */
#include "jose.h"

#include <stdarg.h>
#include <stdio.h>

fob_err fail(struct fob_error *error, fob_err code, const char *fix, const char *what_fmt, ...)
{
    if (!error)
        return code;
    *error = (struct fob_error)FOB_ERROR_INIT;
    error->code = code;
    va_list args;
    va_start(args, what_fmt);
    vsnprintf(error->what, sizeof error->what, what_fmt, args);
    va_end(args);
    snprintf(error->fix, sizeof error->fix, "%s", fix ? fix : "");
    return code;
}

fob_err no_memory(struct fob_error *error)
{
    return fail(error, FOB_E_MEMORY, NULL, "out of memory");
}
