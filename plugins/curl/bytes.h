/* SPDX-License-Identifier: MIT */
/* Growing memory that is wiped when it moves and when it is let go: it holds tokens and credentials. */
#ifndef CURL_BYTES_H
#define CURL_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    char *data;
    size_t len, cap;
};

/* Appends; false when out of memory, and then nothing was added. data may move. */
bool bytes_add(struct bytes *bytes, const void *from, size_t len);
/* The same with a NUL behind them. */
bool bytes_add_text(struct bytes *bytes, const char *text, size_t len);
/* Wipes what is in it and keeps the memory for the next use. */
void bytes_clear(struct bytes *bytes);
void bytes_free(struct bytes *bytes);

#endif
