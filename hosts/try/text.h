/* SPDX-License-Identifier: MIT */
/* Text that grows, and its encodings. Memory that runs out ends the program: nothing here is worth keeping then. */
#ifndef TRY_TEXT_H
#define TRY_TEXT_H

#include <fob/export.h>
#include <stdbool.h>
#include <stddef.h>

/* p, which is not NULL. */
void *must(void *p);

struct text {
    char *s; /* ended by a NUL; NULL while nothing was added */
    size_t len;
};

void text_add(struct text *text, const void *bytes, size_t len);
void text_str(struct text *text, const char *string);
void text_fmt(struct text *text, const char *fmt, ...) FOB_PRINTF(2, 3);
/* The caller's from then on; "" for an empty one. */
char *text_take(struct text *text);

/* All of these are the caller's to free. */
char *text_printf(const char *fmt, ...) FOB_PRINTF(1, 2);
char *text_copy(const char *string);
char *text_slice(const char *string, size_t len);
/* application/x-www-form-urlencoded. */
char *form_encode(const char *string);
char *form_decode(const char *string, size_t len);
char *base64url_encode(const char *bytes, size_t len);
/* NULL when it is none; the result is ended by a NUL. */
char *base64url_decode(const char *string, size_t len);
char *base64_decode(const char *string, size_t len);

bool starts_with(const char *string, const char *start);
bool same_text(const char *a, const char *b); /* two that are NULL are the same */

/* Puts characters in the place of &amp; &lt; &gt; &quot; and what stands for an apostrophe. The caller drops it. */
char *text_unescape(const char *text, size_t len, const char *apostrophe);
/* Frees a string of our own that is const only because others read it. */
void text_free_const(const char *string);

#endif
