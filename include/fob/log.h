/* SPDX-License-Identifier: MIT */
/* Where log lines go: a callback of the host's, or nowhere. The library never prints. */
#ifndef FOB_LOG_H
#define FOB_LOG_H

#include <fob/export.h>

FOB_BEGIN_DECLS

enum fob_log_level { FOB_LOG_ERROR = 0, FOB_LOG_WARNING = 1, FOB_LOG_INFO = 2, FOB_LOG_DEBUG = 3 };

/*
 * Called once a line, on the thread that made the call. text is one line of UTF-8 without a newline and
 * without control characters, valid during the call only. No level holds a secret, a request or
 * response body, or the query of a URL. Must not call back into fob.
 */
typedef void fob_log_fn(void *user, enum fob_log_level level, const char *text);

/* A sink: lines above `level` are not made. write NULL: no log. Copied by whoever takes it. */
struct fob_logger {
    fob_log_fn *write;
    void *user;
    enum fob_log_level level;
};

FOB_END_DECLS

#endif
