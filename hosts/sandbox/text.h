/* SPDX-License-Identifier: MIT */
/* Growing text that is wiped when it is let go; running out of memory ends the program. */
#ifndef SANDBOX_TEXT_H
#define SANDBOX_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *s; /* ends with a NUL once anything was added */
    size_t len, cap;
};

void text_add(struct text *t, const char *bytes, size_t len);
void text_str(struct text *t, const char *s);
__attribute__((format(printf, 2, 3))) void text_fmt(struct text *t, const char *format, ...);
void text_html(struct text *t, const char *s);    /* with what HTML gives a meaning escaped */
void text_percent(struct text *t, const char *s); /* RFC 3986 section 2.1, all but unreserved */
void text_free(struct text *t);

/* One string: a copy, NULL of NULL; and its wiping, which leaves NULL behind. */
char *text_copy(const char *s);
char *text_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void text_drop(char **s);

/* bytes random bytes (at most 64) in base64url without padding. */
char *text_random(size_t bytes);
char *text_base64url(const void *bytes, size_t len);

/* Equality that takes the same time wherever the difference is. NULL equals nothing. */
bool text_equal_secret(const char *a, const char *b);

/* p, or the end of the program where it is NULL. */
void *text_must(void *p);

#endif
