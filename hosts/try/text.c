/* SPDX-License-Identifier: MIT */
/* Text that grows, and its encodings. */
#include "text.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *must(void *p)
{
    if (p)
        return p;
    fputs("fob: out of memory\n", stderr);
    exit(1);
}

/* --- growing ------------------------------------------------------------------------------------------------ */

void text_add(struct text *text, const void *bytes, size_t len)
{
    text->s = must(realloc(text->s, text->len + len + 1));
    if (len)
        memcpy(text->s + text->len, bytes, len);
    text->len += len;
    text->s[text->len] = '\0';
}

void text_str(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

FOB_PRINTF(1, 0) static char *format(const char *fmt, va_list args)
{
    char *s;
    return must(vasprintf(&s, fmt, args) < 0 ? NULL : s);
}

void text_fmt(struct text *text, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *s = format(fmt, args);
    va_end(args);
    text_str(text, s);
    free(s);
}

char *text_take(struct text *text)
{
    char *s = text->s ? text->s : text_copy("");
    *text = (struct text){0};
    return s;
}

char *text_printf(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *s = format(fmt, args);
    va_end(args);
    return s;
}

char *text_copy(const char *string)
{
    return must(strdup(string));
}

char *text_slice(const char *string, size_t len)
{
    return must(strndup(string, len));
}

/* --- encodings ---------------------------------------------------------------------------------------------- */

char *form_encode(const char *string)
{
    struct text out = {0};
    for (; *string; string++) {
        unsigned char c = (unsigned char)*string;
        bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c);
        text_fmt(&out, plain ? "%c" : "%%%02X", c);
    }
    return text_take(&out);
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef",
               *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

char *form_decode(const char *string, size_t len)
{
    struct text out = {0};
    for (size_t i = 0; i < len; i++) {
        char c = string[i] == '+' ? ' ' : string[i];
        if (c == '%' && i + 2 < len && hex_digit(string[i + 1]) >= 0 && hex_digit(string[i + 2]) >= 0) {
            c = (char)(hex_digit(string[i + 1]) * 16 + hex_digit(string[i + 2]));
            i += 2;
        }
        text_add(&out, &c, 1);
    }
    return text_take(&out);
}

char *base64url_encode(const char *bytes, size_t len)
{
    size_t size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = must(malloc(size));
    return sodium_bin2base64(out, size, (const unsigned char *)bytes, len,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static char *decode(const char *string, size_t len, int variant)
{
    unsigned char *out = must(malloc(len + 1));
    size_t got;
    if (sodium_base642bin(out, len, string, len, NULL, &got, NULL, variant) != 0) {
        free(out);
        return NULL;
    }
    out[got] = '\0';
    return (char *)out;
}

char *base64url_decode(const char *string, size_t len)
{
    return decode(string, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

char *base64_decode(const char *string, size_t len)
{
    return decode(string, len, sodium_base64_VARIANT_ORIGINAL);
}

/* --- comparing ---------------------------------------------------------------------------------------------- */

bool starts_with(const char *string, const char *start)
{
    return strncmp(string, start, strlen(start)) == 0;
}

bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

char *text_unescape(const char *text, size_t len, const char *apostrophe)
{
    const struct {
        const char *escaped;
        char plain;
    } table[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {apostrophe, '\''}};
    struct text out = {0};
    for (size_t i = 0; i < len;) {
        size_t used = 1;
        char c = text[i];
        for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
            size_t size = strlen(table[k].escaped);
            if (len - i >= size && memcmp(text + i, table[k].escaped, size) == 0) {
                c = table[k].plain;
                used = size;
            }
        }
        text_add(&out, &c, 1);
        i += used;
    }
    return text_take(&out);
}

void text_free_const(const char *string)
{
    union {
        const char *as_read;
        void *as_owned;
    } owned = {.as_read = string};
    free(owned.as_owned);
}
