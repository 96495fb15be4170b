/* SPDX-License-Identifier: MIT */
/* Writing to a host's log callback. */
#include "logger.h"
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void fob_log(const struct fob_logger *logger, enum fob_log_level level, const char *fmt, ...)
{
    if (!logger || !logger->write || level > logger->level)
        return;
    char line[1001], raw[2 * sizeof line]; /* so long that the cut is fob_printable's, at a character */
    va_list args;
    va_start(args, fmt);
    vsnprintf(raw, sizeof raw, fmt, args);
    va_end(args);
    fob_printable(line, sizeof line, raw, strlen(raw));
    logger->write(logger->user, level, line);
}
