/* SPDX-License-Identifier: MIT */
/* Parameters of a query or form (application/x-www-form-urlencoded), read strictly. */
#include "params.h"

#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static bool is_clean(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
            return false;
    json_t *utf8 = json_stringn(s, len); /* NULL when it is not UTF-8 */
    json_decref(utf8);
    return utf8 != NULL;
}

/* Decodes into out, which holds len bytes and a NUL; the length written, or -1. A + becomes plus. */
static long decode_into(char *out, const char *text, size_t len, char plus)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '%') {
            out[n++] = text[i] == '+' ? plus : text[i];
            continue;
        }
        int high = len - i > 2 ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low < 0)
            return -1;
        out[n++] = (char)(high * 16 + low);
        i += 2;
    }
    out[n] = 0;
    return (long)n;
}

static char *decode(const char *text, size_t len, char plus)
{
    char *out = text_must(calloc(1, len + 1));
    long n = decode_into(out, text, len, plus);
    if (n < 0 || !is_clean(out, (size_t)n))
        text_drop(&out);
    return out;
}

char *params_decode(const char *text, size_t len)
{
    return decode(text, len, ' ');
}

char *params_decode_path(const char *text, size_t len)
{
    return decode(text, len, '+');
}

/* Takes both, either of which may be NULL for what could not be decoded. */
static bool add(struct params *params, char *name, char *value, const char **ret_problem)
{
    bool twice = false;
    for (size_t i = 0; name && i < params->n; i++)
        twice |= strcmp(params->v[i].name, name) == 0;
    *ret_problem = !name || !value           ? "a parameter is not cleanly encoded UTF-8"
                   : twice                   ? "a parameter is there twice"
                   : params->n == MAX_PARAMS ? "there are too many parameters"
                                             : NULL;
    if (*ret_problem) {
        text_drop(&name);
        text_drop(&value);
        return false;
    }
    params->v[params->n++] = (struct param){name, value};
    return true;
}

bool params_read(struct params *params, const char *text, const char **ret_problem)
{
    *ret_problem = NULL;
    while (*text) {
        size_t len = strcspn(text, "&");
        const char *equals = memchr(text, '=', len);
        size_t name = equals ? (size_t)(equals - text) : len;
        if (len && !add(params, params_decode(text, name),
                        equals ? params_decode(equals + 1, len - name - 1) : text_copy(""), ret_problem))
            return false;
        text += len + (text[len] == '&');
    }
    return true;
}

bool params_add(struct params *params, const char *name, const char *value, const char **ret_problem)
{
    *ret_problem = NULL;
    bool clean = is_clean(name, strlen(name)) && is_clean(value, strlen(value));
    return add(params, clean ? text_copy(name) : NULL, clean ? text_copy(value) : NULL, ret_problem);
}

const char *params_get(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->n; i++)
        if (strcmp(params->v[i].name, name) == 0)
            return *params->v[i].value ? params->v[i].value : NULL;
    return NULL;
}

void params_free(struct params *params)
{
    for (size_t i = 0; i < params->n; i++) {
        text_drop(&params->v[i].name);
        text_drop(&params->v[i].value);
    }
    params->n = 0;
}
