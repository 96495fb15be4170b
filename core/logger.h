/* SPDX-License-Identifier: MIT */
/* Writing to a host's log callback. */
#ifndef CORE_LOGGER_H
#define CORE_LOGGER_H

#include <fob/log.h>

/*
 * One line, made printable and cut at 1,000 bytes. Never pass a secret, a body, or a URL with its query:
 * log a request as fob_log_request (request.h) does. logger may be NULL.
 */
void fob_log(const struct fob_logger *logger, enum fob_log_level level, const char *fmt, ...)
    FOB_PRINTF(3, 4);

#endif
