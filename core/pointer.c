/* SPDX-License-Identifier: MIT */
/* Looking into JSON: by RFC 6901 pointers, and into the claims of a JWT. */
#include "pointer.h"
#include "cleanup.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

/* One reference token, unescaped (RFC 6901 section 4); false when it is too long to be a key of ours. */
static bool unescape(const char *at, size_t len, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (n + 1 >= size)
            return false;
        bool escape = at[i] == '~' && i + 1 < len && (at[i + 1] == '0' || at[i + 1] == '1');
        out[n++] = escape ? (at[i + 1] == '0' ? '~' : '/') : at[i];
        i += escape;
    }
    out[n] = '\0';
    return true;
}

static json_t *item(json_t *array, const char *key)
{
    size_t index = 0, len = strlen(key);
    if (len == 0 || len > 6 || (len > 1 && *key == '0') || strspn(key, "0123456789") != len)
        return NULL;
    for (; *key; key++)
        index = index * 10 + (size_t)(*key - '0');
    return json_array_get(array, index);
}

/* Most pointers are one token with nothing to unescape: it is in the text as it stands. */
static bool is_plain_key(const char *key)
{
    while (*key && *key != '/' && *key != '~')
        key++;
    return !*key;
}

json_t *fob_json_point(json_t *json, const char *pointer)
{
    while (json && *pointer == '/') {
        char key[256];
        if (json_is_object(json) && is_plain_key(pointer + 1))
            return json_object_get(json, pointer + 1);
        size_t len = strcspn(pointer + 1, "/");
        if (!unescape(pointer + 1, len, key, sizeof key))
            return NULL;
        json = json_is_array(json) ? item(json, key) : json_object_get(json, key);
        pointer += 1 + len;
    }
    return json;
}

/* Jansson writes the same whatever the locale's decimal point is; 2.0 is written as 2. */
static void add_real(const json_t *json, struct fob_buf *out)
{
    char text[64];
    size_t len = json_dumpb(json, text, sizeof text, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    if (len == 0 || len > sizeof text)
        out->failed = FOB_E_MEMORY;
    else
        fob_buf_add(out, text, len > 2 && memcmp(text + len - 2, ".0", 2) == 0 ? len - 2 : len);
}

bool fob_json_scalar(const json_t *json, struct fob_buf *out)
{
    if (json_is_string(json))
        fob_buf_add(out, json_string_value(json), json_string_length(json));
    else if (json_is_integer(json))
        fob_buf_fmt(out, "%lld", (long long)json_integer_value(json));
    else if (json_is_boolean(json))
        fob_buf_str(out, json_is_true(json) ? "true" : "false");
    else if (json_is_real(json))
        add_real(json, out);
    else
        return false;
    return true;
}

fob_err fob_jwt_read(const char *jwt, size_t len, json_t **ret_claims)
{
    const char *first = memchr(jwt, '.', len);
    const char *second = first ? memchr(first + 1, '.', len - (size_t)(first + 1 - jwt)) : NULL;
    fob_auto_buf payload = FOB_BUF((size_t)FOB_MAX_TOKEN);
    if (!second)
        return FOB_E_PROTOCOL;
    if (!fob_base64url_decode(&payload, first + 1, (size_t)(second - first - 1)))
        return payload.failed == FOB_E_MEMORY ? FOB_E_MEMORY : FOB_E_PROTOCOL;
    return fob_json_object(payload.data ? payload.data : "", payload.len, ret_claims, NULL);
}
