/* SPDX-License-Identifier: MIT */
/* Parameters as they go over the wire, for somebody who wants to know exactly what is sent. */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

/* The character that an escape stands for, where only that can be meant by it when it is shown by itself; else 0. */
static char plain_of(const char *escape, size_t len, bool only_ascii)
{
    char *decoded = len >= 3 && *escape == '%' ? form_decode(escape, 3) : NULL;
    char c = decoded && !decoded[1] ? decoded[0] : '\0';
    bool is_plain = c > ' ' && c != 0x7f && !strchr("+%&", c);
    free(decoded);
    return is_plain || (!only_ascii && (unsigned char)c >= 0x80) ? c : '\0';
}

static char *readable(const char *text, size_t len, bool only_ascii)
{
    struct text out = {0};
    for (size_t i = 0; i < len; i++) {
        char c = plain_of(text + i, len - i, only_ascii);
        text_add(&out, c ? &c : text + i, 1);
        i += c ? 2 : 0;
    }
    return text_take(&out);
}

/* What is no UTF-8 is shown by its escapes. */
static json_t *readable_json(const char *text, size_t len)
{
    char *shown = readable(text, len, false);
    json_t *json = json_string(shown);
    if (!json) {
        free(shown);
        shown = readable(text, len, true);
        json = must(json_string(shown));
    }
    free(shown);
    return json;
}

static json_t *decoded_json(const char *text, size_t len)
{
    char *decoded = form_decode(text, len);
    json_t *json = json_string(decoded);
    free(decoded);
    return json ? json : readable_json(text, len);
}

json_t *wire_params(const char *text, size_t len)
{
    json_t *params = must(json_array());
    const char *end = text + len;
    while (text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text));
        stop = stop ? stop : end;
        const char *equals = memchr(text, '=', (size_t)(stop - text)), *value = equals ? equals + 1 : stop;
        size_t value_len = (size_t)(stop - value);
        json_t *one = must(json_object());
        tree_set(one, "name", decoded_json(text, (size_t)((equals ? equals : stop) - text)));
        tree_set(one, "value", decoded_json(value, value_len));
        tree_set(one, "wire", readable_json(value, value_len));
        if (stop > text)
            tree_append(params, json_incref(one));
        json_decref(one);
        text = stop + 1;
    }
    return params;
}

/* Where a page's own route begins, or NULL. */
static const char *route_of(const char *url)
{
    const char *fragment = strchr(url, '#');
    return fragment && fragment[1] == '/' ? fragment : NULL;
}

json_t *wire_query(const char *url)
{
    const char *query = url + strcspn(url, "?#");
    return *query == '?' ? wire_params(query + 1, strcspn(query + 1, "#")) : must(json_array());
}

json_t *wire_route_query(const char *url)
{
    const char *route = route_of(url), *query = route ? strchr(route, '?') : NULL;
    return query ? wire_params(query + 1, strlen(query + 1)) : must(json_array());
}

char *wire_url(const char *url)
{
    const char *route = route_of(url), *fragment = url + strcspn(url, "#");
    size_t rest = route ? strcspn(fragment, "?") : strlen(fragment);
    return text_printf("%.*s%.*s", (int)strcspn(url, "?#"), url, (int)rest, fragment);
}
