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

json_t *fob_json_point(json_t *json, const char *pointer)
{
    while (json && *pointer == '/') {
        char key[256];
        size_t len = strcspn(pointer + 1, "/");
        if (!unescape(pointer + 1, len, key, sizeof key))
            return NULL;
        json = json_is_array(json) ? item(json, key) : json_object_get(json, key);
        pointer += 1 + len;
    }
    return json;
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
        fob_buf_fmt(out, "%.15g", json_real_value(json));
    else
        return false;
    return true;
}

json_t *fob_jwt_claims(const char *jwt, size_t len)
{
    const char *first = memchr(jwt, '.', len);
    const char *second = first ? memchr(first + 1, '.', len - (size_t)(first + 1 - jwt)) : NULL;
    fob_auto_buf payload = FOB_BUF((size_t)FOB_MAX_TOKEN);
    json_t *claims = NULL;
    if (!second || !fob_base64url_decode(&payload, first + 1, (size_t)(second - first - 1)) ||
        fob_buf_finish(&payload, "the JWT", NULL) != FOB_OK ||
        fob_json_object(payload.data, payload.len, &claims, NULL) != FOB_OK)
        return NULL;
    return claims;
}
