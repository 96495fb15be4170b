/* SPDX-License-Identifier: MIT */
/* Small pure text work: UTF-8, percent- and form-encoding, base64url, space-separated lists, allocation of strings. */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Length in bytes of the valid UTF-8 character that text starts with; 0 when it is none. */
size_t fob_utf8_char(const char *text, size_t len);
/* All of it valid UTF-8 (RFC 3629), and no NUL. */
bool fob_utf8_valid(const char *text, size_t len);

/* ASCII letters and digits, whatever the locale. */
bool fob_is_alnum(char c);

/* Percent-encodes all but RFC 3986 unreserved characters (section 2.3). */
void fob_percent_encode(struct fob_buf *out, const char *bytes, size_t len);
/* application/x-www-form-urlencoded as RFC 6749 appendix B has it: space is '+'. */
void fob_form_encode(struct fob_buf *out, const char *bytes, size_t len);
/* The reverse, into out; false when a '%' is not followed by two hex digits or a NUL comes out. */
bool fob_form_decode(struct fob_buf *out, const char *text, size_t len);

/* What a hex digit is worth; -1 for any other character. */
int fob_hex_digit(char c);

/* Base64url without padding, RFC 4648 section 5. decode: false when text is not that. */
void fob_base64url(struct fob_buf *out, const void *bytes, size_t len);
bool fob_base64url_decode(struct fob_buf *out, const char *text, size_t len);
/* Base64 with padding, RFC 4648 section 4. */
void fob_base64(struct fob_buf *out, const void *bytes, size_t len);

/* ASCII only, whatever the locale. */
bool fob_ascii_ieq(const char *a, const char *b);
/* The same text; most that differ do so in the first character. */
static inline bool fob_eq(const char *a, const char *b)
{
    return *a == *b && strcmp(a, b) == 0;
}
bool fob_starts_with(const char *text, const char *prefix);
/* 1 to max bytes of [a-z0-9-], the first not '-'. For provider, plugin and environment names. */
bool fob_is_id(const char *text, size_t max);

/* The next space-separated word at *rest, with its length; NULL at the end. Moves *rest on. */
const char *fob_next_word(const char **rest, size_t *ret_len);
/* Whether the space-separated list holds word. */
bool fob_has_word(const char *list, const char *word);

/* A copy of text[len] with a NUL; NULL when out of memory. */
char *fob_strndup(const char *text, size_t len);
char *fob_strdup(const char *text);

#endif
