/* SPDX-License-Identifier: MIT */
/* The query of a URL as it is written: its parameters in the order of their names. */
#include "query.h"
#include "cleanup.h"
#include "error.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* One "name=value", where it stands in the URL. */
struct piece {
    const char *at;
    size_t len, name_len;
};

/* The next character of a name, decoded; -1 at its end. */
static int next_char(const char **at, const char *end)
{
    if (*at == end)
        return -1;
    int c = (unsigned char)*(*at)++;
    if (c == '%' && end - *at >= 2 && fob_hex_digit((*at)[0]) >= 0 && fob_hex_digit((*at)[1]) >= 0) {
        c = fob_hex_digit((*at)[0]) * 16 + fob_hex_digit((*at)[1]);
        *at += 2;
        return c;
    }
    return c == '+' ? ' ' : c;
}

/* One that begins another comes before it; of two with one name, the one that stands first. */
static int by_name(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    const char *in_x = x->at, *in_y = y->at;
    int c, d;
    do {
        c = next_char(&in_x, x->at + x->name_len);
        d = next_char(&in_y, y->at + y->name_len);
    } while (c == d && c >= 0);
    return c != d ? c - d : x->at < y->at ? -1 : 1;
}

/* Where the query begins, which has its end at *ret_end; NULL when there is none. */
static const char *find(const char *url, const char **ret_end)
{
    const char *fragment = strchr(url, '#');
    bool is_route = fragment && fragment[1] == '/';
    const char *query = strchr(is_route ? fragment : url, '?');
    *ret_end = fragment && !is_route ? fragment : url + strlen(url);
    return query && query < *ret_end ? query + 1 : NULL;
}

static size_t split(const char *query, const char *end, struct piece *pieces)
{
    size_t n = 0;
    while (query < end) {
        const char *stop = memchr(query, '&', (size_t)(end - query));
        size_t len = (size_t)((stop ? stop : end) - query);
        const char *equals = memchr(query, '=', len);
        if (len)
            pieces[n++] = (struct piece){query, len, equals ? (size_t)(equals - query) : len};
        query += len + 1;
    }
    return n;
}

fob_err fob_query_sort(char *url, struct fob_error *error)
{
    const char *end, *query = find(url, &end);
    size_t most = 1;
    if (!query)
        return FOB_OK;
    for (const char *c = query; c < end; c++)
        most += *c == '&';
    fob_auto_free struct piece *pieces = calloc(most, sizeof *pieces);
    fob_auto_free char *sorted = strdup(url);
    if (!pieces || !sorted)
        return fob_no_memory(error);
    size_t n = split(query, end, pieces);
    qsort(pieces, n, sizeof *pieces, by_name);
    char *out = sorted + (query - url);
    for (size_t i = 0; i < n; i++) {
        if (i)
            *out++ = '&';
        memcpy(out, pieces[i].at, pieces[i].len);
        out += pieces[i].len;
    }
    memmove(out, end, strlen(end) + 1);
    memcpy(url, sorted, strlen(sorted) + 1); /* never longer than it was */
    return FOB_OK;
}
