/* SPDX-License-Identifier: MIT */
/* Finds in an answer the bytes that are signed: {"x_response":{…},"sign":"…"}. Values are skipped, not read. */
#include "alipay.h"

#include <string.h>

/* The rest of a text. */
struct reader {
    const char *at, *end;
};

static void skip_space(struct reader *r)
{
    while (r->at < r->end && *r->at && strchr(" \t\r\n", *r->at))
        r->at++;
}

static bool take(struct reader *r, char c)
{
    skip_space(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

/* Behind the opening quote; ends behind the closing one. */
static bool skip_string(struct reader *r)
{
    for (; r->at < r->end && *r->at != '"'; r->at++)
        if (*r->at == '\\' && r->at + 1 < r->end)
            r->at++;
    if (r->at == r->end)
        return false;
    r->at++;
    return true;
}

/* A string that says what it is: without an escape. */
static bool take_plain(struct reader *r, const char **ret, size_t *ret_len)
{
    if (!take(r, '"'))
        return false;
    const char *start = r->at;
    if (!skip_string(r))
        return false;
    *ret = start;
    *ret_len = (size_t)(r->at - 1 - start);
    return memchr(start, '\\', *ret_len) == NULL;
}

/* An object, to the brace that closes it; braces in strings are text. */
static bool skip_object(struct reader *r)
{
    size_t depth = 0;
    for (; r->at < r->end; r->at++) {
        if (*r->at == '"') {
            r->at++;
            if (!skip_string(r))
                return false;
            r->at--;
        } else if (*r->at == '{') {
            depth++;
        } else if (*r->at == '}' && --depth == 0) {
            r->at++;
            return true;
        }
    }
    return false;
}

static bool is(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

/* The one member that holds what is answered. */
static bool take_part(struct reader *r, const char *name, size_t name_len, struct alipay_answer *answer)
{
    skip_space(r);
    if (answer->name || r->at == r->end || *r->at != '{')
        return false;
    answer->name = name;
    answer->name_len = name_len;
    answer->signed_part = r->at;
    if (!skip_object(r))
        return false;
    answer->signed_len = (size_t)(r->at - answer->signed_part);
    return true;
}

static bool take_member(struct reader *r, struct alipay_answer *answer)
{
    const char *name, *text;
    size_t name_len, len;
    if (!take_plain(r, &name, &name_len) || !take(r, ':'))
        return false;
    if (is(name, name_len, "sign"))
        return !answer->sign && take_plain(r, &answer->sign, &answer->sign_len);
    if (is(name, name_len, "alipay_cert_sn"))
        return take_plain(r, &text, &len);
    return take_part(r, name, name_len, answer);
}

bool alipay_find(const char *json, size_t len, struct alipay_answer *ret)
{
    struct reader r = {json, json + len};
    *ret = (struct alipay_answer){0};
    if (!take(&r, '{'))
        return false;
    do {
        if (!take_member(&r, ret))
            return false;
    } while (take(&r, ','));
    return take(&r, '}') && ret->name;
}
