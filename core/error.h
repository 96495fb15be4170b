/* SPDX-License-Identifier: MIT */
/* How the library itself fills a struct fob_error. Every function takes error NULL and returns the code. */
#ifndef CORE_ERROR_H
#define CORE_ERROR_H

#include <fob/error.h>
#include <stddef.h>

/* Clears *error and sets code, fix (NULL for none) and what; the text is made printable. */
fob_err fob_fail(struct fob_error *error, fob_err code, const char *fix, const char *what_fmt, ...)
    FOB_PRINTF(4, 5);

/* The same, with errno's text behind what and in sys_errno. */
fob_err fob_fail_errno(struct fob_error *error, fob_err code, int sys_errno, const char *fix,
                       const char *what_fmt, ...) FOB_PRINTF(5, 6);

/* FOB_E_MEMORY. */
fob_err fob_no_memory(struct fob_error *error);

/* Adds where to an error that was set before. line and column 0: the file as a whole. Returns its code or `code`. */
fob_err fob_fail_at(struct fob_error *error, fob_err code, const char *file, unsigned line, unsigned column);

/*
 * Copies text into out[size]: control characters and broken UTF-8 become '?', and what does not fit is cut
 * at a character. For all text that came from outside. text NULL gives "".
 */
void fob_printable(char *out, size_t size, const char *text, size_t len);

#endif
