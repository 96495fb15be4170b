/* SPDX-License-Identifier: MIT */
/* Growing memory that is wiped when it moves and when it is let go. */
#include "bytes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool grow(struct bytes *bytes, size_t need)
{
    size_t cap = bytes->cap ? bytes->cap : 1024;
    while (cap < need) {
        if (cap > SIZE_MAX / 2)
            return false;
        cap *= 2;
    }
    /* Not realloc: it would leave a copy behind. */
    char *data = malloc(cap);
    if (!data)
        return false;
    if (bytes->len)
        memcpy(data, bytes->data, bytes->len);
    size_t len = bytes->len;
    bytes_free(bytes);
    *bytes = (struct bytes){.data = data, .len = len, .cap = cap};
    return true;
}

static bool add(struct bytes *bytes, const void *from, size_t len, size_t end)
{
    if (len + end > SIZE_MAX - bytes->len)
        return false;
    if ((!bytes->data || bytes->len + len + end > bytes->cap) && !grow(bytes, bytes->len + len + end))
        return false;
    if (len)
        memcpy(bytes->data + bytes->len, from, len);
    if (end)
        bytes->data[bytes->len + len] = '\0';
    bytes->len += len + end;
    return true;
}

bool bytes_add(struct bytes *bytes, const void *from, size_t len)
{
    return add(bytes, from, len, 0);
}

bool bytes_add_text(struct bytes *bytes, const char *text, size_t len)
{
    return add(bytes, text, len, 1);
}

void bytes_clear(struct bytes *bytes)
{
    if (bytes->len)
        explicit_bzero(bytes->data, bytes->len);
    bytes->len = 0;
}

void bytes_free(struct bytes *bytes)
{
    bytes_clear(bytes);
    free(bytes->data);
    *bytes = (struct bytes){0};
}
