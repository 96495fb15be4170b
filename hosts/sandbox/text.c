/* SPDX-License-Identifier: MIT */
/* Growing text that is wiped when it is let go; running out of memory ends the program. */
#include "text.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *text_must(void *p)
{
    if (!p) {
        fputs("fob-sandbox: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

static void reserve(struct text *t, size_t more)
{
    size_t need = t->len + more + 1;
    if (need <= t->cap)
        return;
    size_t cap = t->cap ? t->cap : 256;
    while (cap < need)
        cap *= 2;
    char *grown = text_must(malloc(cap));
    if (t->s) {
        memcpy(grown, t->s, t->len);
        sodium_memzero(t->s, t->cap);
        free(t->s);
    }
    t->s = grown;
    t->cap = cap;
}

void text_add(struct text *t, const char *bytes, size_t len)
{
    reserve(t, len);
    if (len)
        memcpy(t->s + t->len, bytes, len);
    t->len += len;
    t->s[t->len] = 0;
}

void text_str(struct text *t, const char *s)
{
    text_add(t, s, strlen(s));
}

__attribute__((format(printf, 2, 0))) static void add_formatted(struct text *t, const char *format,
                                                                va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0)
        return;
    reserve(t, (size_t)len);
    vsnprintf(t->s + t->len, (size_t)len + 1, format, args);
    t->len += (size_t)len;
}

void text_fmt(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_formatted(t, format, args);
    va_end(args);
}

char *text_printf(const char *format, ...)
{
    struct text t = {0};
    va_list args;
    va_start(args, format);
    add_formatted(&t, format, args);
    va_end(args);
    return text_must(t.s);
}

void text_html(struct text *t, const char *s)
{
    for (; *s; s++) {
        const char *entity = *s == '&'    ? "&amp;"
                             : *s == '<'  ? "&lt;"
                             : *s == '>'  ? "&gt;"
                             : *s == '"'  ? "&quot;"
                             : *s == '\'' ? "&#39;"
                                          : NULL;
        if (entity)
            text_str(t, entity);
        else
            text_add(t, s, 1);
    }
}

void text_percent(struct text *t, const char *s)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *s; s++) {
        if (strchr(unreserved, *s))
            text_add(t, s, 1);
        else
            text_fmt(t, "%%%02X", (unsigned)(unsigned char)*s);
    }
}

void text_free(struct text *t)
{
    if (t->s)
        sodium_memzero(t->s, t->cap);
    free(t->s);
    *t = (struct text){0};
}

char *text_copy(const char *s)
{
    return s ? text_must(strdup(s)) : NULL;
}

void text_drop(char **s)
{
    if (*s)
        sodium_memzero(*s, strlen(*s));
    free(*s);
    *s = NULL;
}

char *text_base64url(const void *bytes, size_t len)
{
    size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = text_must(malloc(size));
    return sodium_bin2base64(out, size, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

char *text_random(size_t bytes)
{
    unsigned char raw[64];
    if (bytes > sizeof raw)
        bytes = sizeof raw;
    randombytes_buf(raw, bytes);
    char *out = text_base64url(raw, bytes);
    sodium_memzero(raw, sizeof raw);
    return out;
}

bool text_equal_secret(const char *a, const char *b)
{
    /* Hashes have one length, so not even the length shows in the time. */
    unsigned char x[crypto_hash_sha256_BYTES], y[crypto_hash_sha256_BYTES];
    if (!a || !b)
        return false;
    crypto_hash_sha256(x, (const unsigned char *)a, strlen(a));
    crypto_hash_sha256(y, (const unsigned char *)b, strlen(b));
    bool same = sodium_memcmp(x, y, sizeof x) == 0;
    sodium_memzero(x, sizeof x);
    sodium_memzero(y, sizeof y);
    return same;
}
