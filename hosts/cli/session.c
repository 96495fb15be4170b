/* SPDX-License-Identifier: MIT */
/* A session as every command opens it. */
#include "cli.h"

#include <unistd.h>

static void write_log(void *user, enum fob_log_level level, const char *text)
{
    static const char *const words[] = {"error", "warning", "info", "debug"};
    (void)user;
    fprintf(stderr, "%sfob: %s: %s\n", isatty(STDERR_FILENO) ? "\r\033[K" : "", words[level], text);
}

int open_session(const struct args *args, fob_session **ret_session)
{
    struct fob_options options = FOB_OPTIONS_INIT;
    struct fob_error error = FOB_ERROR_INIT;
    options.waiting = show_waiting;
    if (args->verbose)
        options.log = (struct fob_logger){write_log, NULL, FOB_LOG_DEBUG};
    return fob_open(&options, ret_session, &error) == FOB_OK ? EXIT_OK : fail(&error);
}
