/* SPDX-License-Identifier: MIT */
/* A growing buffer with a maximum at birth: it fails closed, remembers that it failed, and is wiped. */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <fob/error.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Append freely and look at the outcome once, with fob_buf_finish. data is NUL-terminated after every
 * append; len does not count that NUL. Zeroed with a max it is ready for use: FOB_BUF(max).
 */
struct fob_buf {
    char *data;
    size_t len, cap, max;
    fob_err failed; /* FOB_OK, FOB_E_LIMIT or FOB_E_MEMORY */
};

#define FOB_BUF(maximum) ((struct fob_buf){.max = (maximum)})

void fob_buf_add(struct fob_buf *buf, const void *bytes, size_t len);
void fob_buf_str(struct fob_buf *buf, const char *text);
void fob_buf_char(struct fob_buf *buf, char c);
void fob_buf_fmt(struct fob_buf *buf, const char *fmt, ...) FOB_PRINTF(2, 3);

/* FOB_OK, or why an append failed, told as "<what> is too long" or out of memory. An empty one has data "". */
fob_err fob_buf_finish(struct fob_buf *buf, const char *what, struct fob_error *error);

/* The bytes, to be freed by the caller; the buffer is empty again. */
char *fob_buf_steal(struct fob_buf *buf);

/* Wipes and frees; ready for use again. */
void fob_buf_free(struct fob_buf *buf);

#endif
