/* SPDX-License-Identifier: MIT */
/* Notes each error code that a test makes fob produce as BUILD/errors/WORD.PROGRAM; tests/support/errors.sh reads them. */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fob_error_made(fob_err code)
{
    static atomic_bool seen[128];
    char program[256], path[512];
    int before = errno;
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (code == FOB_OK || len <= 0 || atomic_exchange(&seen[(unsigned)-code % 128], true))
        return;
    program[len] = '\0';
    mkdir(FOB_BUILD_DIR "/errors", 0700);
    snprintf(path, sizeof path, FOB_BUILD_DIR "/errors/%s.%s", fob_err_word(code), basename(program));
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0) {
        futimens(fd, NULL);
        close(fd);
    }
    errno = before;
}
