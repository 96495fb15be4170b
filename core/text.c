/* SPDX-License-Identifier: MIT */
/* Small pure text work. */
#include "text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

size_t fob_utf8_char(const char *text, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;
    if (len == 0 || s[0] == 0)
        return 0;
    if (s[0] < 0x80)
        return 1;
    size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4 || len < n)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    /* overlong forms, surrogates, and beyond U+10FFFF */
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
        (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

bool fob_utf8_valid(const char *text, size_t len)
{
    for (size_t i = 0, n; i < len; i += n) {
        n = (unsigned char)(text[i] - 1) < 0x7f ? 1 : fob_utf8_char(text + i, len - i);
        if (n == 0)
            return false;
    }
    return true;
}

bool fob_is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_unreserved(char c, bool form)
{
    return fob_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == (form ? '*' : '~');
}

static void encode_reserved(struct fob_buf *out, unsigned char c, bool form)
{
    static const char hex[] = "0123456789ABCDEF";
    if (c == ' ' && form)
        fob_buf_char(out, '+');
    else
        fob_buf_add(out, (char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
}

static void encode(struct fob_buf *out, const char *bytes, size_t len, bool form)
{
    const char *end = bytes + len;
    while (bytes < end) {
        const char *start = bytes;
        while (bytes < end && is_unreserved(*bytes, form))
            bytes++;
        fob_buf_add(out, start, (size_t)(bytes - start));
        if (bytes < end)
            encode_reserved(out, (unsigned char)*bytes++, form);
    }
}

void fob_percent_encode(struct fob_buf *out, const char *bytes, size_t len)
{
    encode(out, bytes, len, false);
}

void fob_form_encode(struct fob_buf *out, const char *bytes, size_t len)
{
    encode(out, bytes, len, true);
}

int fob_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool fob_form_decode(struct fob_buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < len ? fob_hex_digit(text[i + 1]) : -1;
            int low = i + 2 < len ? fob_hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return false;
        fob_buf_char(out, c);
    }
    return true;
}

static void base64(struct fob_buf *out, const void *bytes, size_t len, int variant)
{
    size_t size = sodium_base64_encoded_len(len, variant);
    char small[128];
    char *text = size <= sizeof small ? small : malloc(size);
    if (!text) {
        out->failed = FOB_E_MEMORY;
        return;
    }
    sodium_bin2base64(text, size, bytes, len, variant);
    fob_buf_str(out, text);
    sodium_memzero(text, size);
    if (text != small)
        free(text);
}

void fob_base64url(struct fob_buf *out, const void *bytes, size_t len)
{
    base64(out, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void fob_base64(struct fob_buf *out, const void *bytes, size_t len)
{
    base64(out, bytes, len, sodium_base64_VARIANT_ORIGINAL);
}

bool fob_base64url_decode(struct fob_buf *out, const char *text, size_t len)
{
    size_t size = len / 4 * 3 + 3, used = 0;
    unsigned char *bytes = malloc(size);
    if (!bytes) {
        out->failed = FOB_E_MEMORY;
        return false;
    }
    bool good = sodium_base642bin(bytes, size, text, len, NULL, &used, NULL,
                                  sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    if (good)
        fob_buf_add(out, bytes, used);
    sodium_memzero(bytes, size);
    free(bytes);
    return good && out->failed == FOB_OK;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool fob_ascii_ieq(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) == lower(*b);
}

bool fob_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool fob_is_id(const char *text, size_t max)
{
    size_t len = 0;
    for (; text[len]; len++) {
        char c = text[len];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && len > 0);
        if (!good || len >= max)
            return false;
    }
    return len > 0;
}

const char *fob_next_word(const char **rest, size_t *ret_len)
{
    const char *word = *rest + strspn(*rest, " ");
    *ret_len = strcspn(word, " ");
    *rest = word + *ret_len;
    return *ret_len ? word : NULL;
}

bool fob_has_word(const char *list, const char *word)
{
    size_t len, want = strlen(word);
    for (const char *w; (w = fob_next_word(&list, &len));)
        if (len == want && memcmp(w, word, len) == 0)
            return true;
    return false;
}

char *fob_strndup(const char *text, size_t len)
{
    char *copy = malloc(len + 1);
    if (!copy)
        return NULL;
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *fob_strdup(const char *text)
{
    return fob_strndup(text, strlen(text));
}
