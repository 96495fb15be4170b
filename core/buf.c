/* SPDX-License-Identifier: MIT */
/* A growing buffer with a maximum at birth. */
#include "buf.h"
#include "error.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* realloc would leave the old bytes behind, so growth is copy, wipe, free. */
static bool reserve(struct fob_buf *buf, size_t extra)
{
    if (buf->failed != FOB_OK)
        return false;
    if (extra > buf->max || buf->len > buf->max - extra) {
        buf->failed = FOB_E_LIMIT;
        return false;
    }
    size_t need = buf->len + extra + 1;
    if (need <= buf->cap)
        return true;
    size_t cap = buf->cap ? buf->cap : 128;
    while (cap < need)
        cap *= 2;
    char *data = malloc(cap);
    if (!data) {
        buf->failed = FOB_E_MEMORY;
        return false;
    }
    if (buf->data) {
        memcpy(data, buf->data, buf->len + 1);
        sodium_memzero(buf->data, buf->cap);
        free(buf->data);
    } else {
        data[0] = '\0';
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

void fob_buf_add(struct fob_buf *buf, const void *bytes, size_t len)
{
    if (!reserve(buf, len))
        return;
    if (len)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void fob_buf_str(struct fob_buf *buf, const char *text)
{
    fob_buf_add(buf, text, strlen(text));
}

void fob_buf_char(struct fob_buf *buf, char c)
{
    fob_buf_add(buf, &c, 1);
}

void fob_buf_fmt(struct fob_buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    if (len < 0)
        buf->failed = FOB_E_MEMORY;
    else if (reserve(buf, (size_t)len)) {
        vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
}

fob_err fob_buf_finish(struct fob_buf *buf, const char *what, struct fob_error *error)
{
    if (buf->failed == FOB_OK && !buf->data)
        reserve(buf, 0);
    if (buf->failed == FOB_E_LIMIT)
        return fob_fail(error, FOB_E_LIMIT, NULL, "%s is longer than %zu bytes", what, buf->max);
    if (buf->failed != FOB_OK)
        return fob_no_memory(error);
    return FOB_OK;
}

char *fob_buf_steal(struct fob_buf *buf)
{
    char *data = buf->data;
    *buf = FOB_BUF(buf->max);
    return data;
}

void fob_buf_free(struct fob_buf *buf)
{
    if (buf->data)
        sodium_memzero(buf->data, buf->cap);
    free(buf->data);
    *buf = FOB_BUF(buf->max);
}
