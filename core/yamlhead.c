/* SPDX-License-Identifier: MIT */
/* Where the tail of a text begins that nobody needs who wants a token. */
#include "text.h"
#include "yamltree.h"

#include <string.h>

/* Whether a line belongs to the key above it: indented, empty, a comment, or an item of a list that is not indented. */
static bool goes_on(const char *line, size_t len)
{
    if (len == 0 || strchr(" #\r", *line))
        return true;
    return *line == '-' && (len == 1 || line[1] == ' ' || line[1] == '\r');
}

static bool is_of_tail(const char *line, size_t len, const char *const *keys)
{
    for (; *keys; keys++) {
        size_t n = strlen(*keys);
        if (len <= n || memcmp(line, *keys, n) != 0)
            continue;
        if (line[n - 1] == '-' || (line[n] == ':' && (len == n + 1 || strchr(" \r", line[n + 1]))))
            return true;
    }
    return false;
}

/* A line break for YAML that is none here. */
static bool has_lone_return(const char *text, size_t len)
{
    const char *end = text + len;
    while ((text = memchr(text, '\r', (size_t)(end - text))) && text + 1 < end && text[1] == '\n')
        text++;
    return text != NULL;
}

size_t fob_yaml_head(const char *text, size_t len, const char *const *keys)
{
    size_t head = len;
    bool in_tail = false;
    if (has_lone_return(text, len))
        return len;
    for (size_t line = 0, n; line < len; line += n + 1) {
        const char *end = memchr(text + line, '\n', len - line);
        n = end ? (size_t)(end - (text + line)) : len - line;
        if (goes_on(text + line, n))
            continue;
        if (!is_of_tail(text + line, n, keys))
            head = len;
        else if (!in_tail)
            head = line;
        in_tail = head != len;
    }
    return head;
}
