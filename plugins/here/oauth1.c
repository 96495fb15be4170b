/* SPDX-License-Identifier: MIT */
/* What an OAuth 1.0a signature covers, and how it is written: RFC 5849 sections 3.4.1 and 3.5.1. */
#include "oauth1.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

/* --- encoding, section 3.6 ---------------------------------------------------------------------------------- */

/* Writes at out, where there is room for three bytes a byte, and gives where it ends. */
static char *encode(char *out, const char *bytes, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c && strchr(UNRESERVED, c)) {
            *out++ = (char)c;
            continue;
        }
        *out++ = '%';
        *out++ = digits[c >> 4];
        *out++ = digits[c & 15];
    }
    *out = '\0';
    return out;
}

char *oauth1_encode(const char *text)
{
    size_t len = strlen(text);
    char *encoded = malloc(3 * len + 1);
    if (encoded)
        encode(encoded, text, len);
    return encoded;
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Undoes the encoding of a form, in place; gives the new length. */
static size_t decode_form(char *text, size_t len)
{
    size_t kept = 0;
    for (size_t i = 0; i < len; i++) {
        int high = text[i] == '%' && i + 2 < len ? digit(text[i + 1]) : -1;
        int low = high >= 0 ? digit(text[i + 2]) : -1;
        if (low >= 0) {
            text[kept++] = (char)(high * 16 + low);
            i += 2;
        } else {
            text[kept++] = text[i];
            if (text[kept - 1] == '+')
                text[kept - 1] = ' ';
        }
    }
    return kept;
}

/* --- parameters, section 3.4.1.3 ---------------------------------------------------------------------------- */

/* Encoded names and values, in one piece of memory each. */
struct list {
    struct fob_pair *v;
    size_t n;
    char *room, *end;
};

static void add(struct list *list, const char *name, size_t name_len, const char *value, size_t value_len)
{
    struct fob_pair *pair = &list->v[list->n++];
    pair->name = list->end;
    list->end = encode(list->end, name, name_len) + 1;
    pair->value = list->end;
    list->end = encode(list->end, value, value_len) + 1;
}

/* The parameters of a query, whose text is decoded on the way. */
static void add_query(struct list *list, char *query)
{
    while (*query) {
        size_t len = strcspn(query, "&");
        char *next = query[len] ? query + len + 1 : query + len, *equals = memchr(query, '=', len);
        size_t name = equals ? (size_t)(equals - query) : len;
        char *value = equals ? equals + 1 : query + len;
        size_t value_len = (size_t)(query + len - value);
        if (len)
            add(list, query, decode_form(query, name), value, decode_form(value, value_len));
        query = next;
    }
}

/* By name, then by value; in bytes of their encoded form. */
static int compare(const void *a, const void *b)
{
    const struct fob_pair *left = a, *right = b;
    int by_name = strcmp(left->name, right->name);
    return by_name ? by_name : strcmp(left->value, right->value);
}

static size_t count(const char *query)
{
    size_t n = 1;
    for (; *query; query++)
        n += *query == '&';
    return n;
}

static int make_list(struct list *list, char *query, const struct fob_pair *params, size_t n)
{
    size_t all = n + count(query), size = 3 * strlen(query) + 2 * all + 1;
    for (size_t i = 0; i < n; i++)
        size += 3 * (strlen(params[i].name) + strlen(params[i].value));
    list->v = calloc(all, sizeof *list->v);
    list->end = list->room = malloc(size);
    if (!list->v || !list->room)
        return 0;
    for (size_t i = 0; i < n; i++)
        add(list, params[i].name, strlen(params[i].name), params[i].value, strlen(params[i].value));
    add_query(list, query);
    qsort(list->v, list->n, sizeof *list->v, compare);
    return 1;
}

/* --- the URL, section 3.4.1.2 ------------------------------------------------------------------------------- */

/* Scheme and host in small letters, no default port, no query, no fragment. out has room for two bytes more than url. */
static int write_base_url(char *out, const char *url)
{
    const char *host = strstr(url, "://");
    if (!host || !host[3])
        return 0;
    size_t authority = (size_t)(host + 3 - url) + strcspn(host + 3, "/?#"), path = strcspn(url, "?#");
    memcpy(out, url, authority);
    for (size_t i = 0; i < authority; i++)
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] | 0x20);
    const char *port = strncmp(out, "https:", 6) == 0 ? ":443" : ":80";
    size_t len = authority, port_len = strlen(port);
    if (len > port_len && memcmp(out + len - port_len, port, port_len) == 0)
        len -= port_len;
    memcpy(out + len, url + authority, path - authority);
    len += path - authority;
    if (path == authority)
        out[len++] = '/';
    out[len] = '\0';
    return 1;
}

/* --- both together, section 3.4.1.1 ------------------------------------------------------------------------- */

static char *join(const char *method, const char *base_url, const struct list *list)
{
    size_t size =
        3 * strlen(method) + 3 * strlen(base_url) + 3 * (size_t)(list->end - list->room) + 6 * list->n + 3;
    char *joined = malloc(size);
    if (!joined)
        return NULL;
    char *at = encode(joined, method, strlen(method));
    *at++ = '&';
    at = encode(at, base_url, strlen(base_url));
    *at++ = '&';
    for (size_t i = 0; i < list->n; i++) {
        if (i)
            at = encode(at, "&", 1);
        at = encode(at, list->v[i].name, strlen(list->v[i].name));
        at = encode(at, "=", 1);
        at = encode(at, list->v[i].value, strlen(list->v[i].value));
    }
    *at = '\0';
    return joined;
}

/* A copy that can be written to: from the query to the fragment. */
static char *copy_query(const char *url)
{
    const char *query = url + strcspn(url, "?#");
    query += *query == '?';
    size_t len = strcspn(query, "#");
    char *copy = malloc(len + 1);
    if (!copy)
        return NULL;
    memcpy(copy, query, len);
    copy[len] = '\0';
    return copy;
}

static void wipe_list(struct list *list)
{
    if (list->room)
        explicit_bzero(list->room, (size_t)(list->end - list->room));
    free(list->room);
    free(list->v);
}

char *oauth1_base_string(const char *method, const char *url, const struct fob_pair *params, size_t n)
{
    struct list list = {0};
    char *base_url = malloc(strlen(url) + 2), *query = copy_query(url), *joined = NULL;
    if (base_url && query && write_base_url(base_url, url) && make_list(&list, query, params, n))
        joined = join(method, base_url, &list);
    wipe_list(&list);
    free(query);
    free(base_url);
    return joined;
}

char *oauth1_header(const struct fob_pair *params, size_t n)
{
    size_t size = sizeof "OAuth ";
    for (size_t i = 0; i < n; i++)
        size += 3 * (strlen(params[i].name) + strlen(params[i].value)) + sizeof "=\"\", ";
    char *header = malloc(size);
    if (!header)
        return NULL;
    char *at = stpcpy(header, "OAuth ");
    for (size_t i = 0; i < n; i++) {
        at = stpcpy(at, i ? ", " : "");
        at = encode(at, params[i].name, strlen(params[i].name));
        at = stpcpy(at, "=\"");
        at = encode(at, params[i].value, strlen(params[i].value));
        at = stpcpy(at, "\"");
    }
    return header;
}
