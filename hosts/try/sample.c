/* SPDX-License-Identifier: MIT */
/* Values that look as they have to: read off the pattern, with as little of it repeated as it allows. */
#include "sample.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

static void alternatives(const char **at, struct text *out);

/* A pleasant character of a class: a letter or digit where there is one. */
static void class(const char **at, struct text *out)
{
    const char *start = ++*at;
    char best = *start;
    for (const char *c = start; *c && *c != ']'; c++)
        if ((*c >= 'a' && *c <= 'z') && !(best >= 'a' && best <= 'z'))
            best = *c;
    *at = start + strcspn(start, "]");
    *at += **at == ']';
    text_add(out, &best, 1);
}

static void atom(const char **at, struct text *out)
{
    if (**at == '(') {
        ++*at;
        alternatives(at, out);
        *at += **at == ')';
    } else if (**at == '[') {
        class(at, out);
    } else {
        *at += **at == '\\' && (*at)[1];
        text_add(out, **at == '.' && (*at)[-1] != '\\' ? "x" : *at, 1);
        ++*at;
    }
}

/* How often what stands before is at least there. */
static size_t least(const char **at)
{
    size_t n = 1;
    if (**at == '*' || **at == '?') {
        n = 0;
        ++*at;
    } else if (**at == '+') {
        ++*at;
    } else if (**at == '{') {
        n = strtoul(*at + 1, NULL, 10);
        *at += strcspn(*at, "}");
        *at += **at == '}';
    }
    return n;
}

static void sequence(const char **at, struct text *out)
{
    while (**at && **at != '|' && **at != ')') {
        struct text one = {0};
        atom(at, &one);
        for (size_t n = least(at); n > 0; n--)
            text_add(out, one.s ? one.s : "", one.len);
        free(one.s);
    }
}

/* The first of them; the others are passed over. */
static void alternatives(const char **at, struct text *out)
{
    sequence(at, out);
    while (**at == '|') {
        struct text other = {0};
        ++*at;
        sequence(at, &other);
        free(other.s);
    }
}

char *sample_of_pattern(const char *pattern)
{
    struct text out = {0};
    alternatives(&pattern, &out);
    return text_take(&out);
}

bool sample_matches(const char *pattern, const char *value)
{
    regex_t regex;
    char *whole = text_printf("^(%s)$", pattern);
    bool matches = regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB) == 0;
    if (matches) {
        matches = regexec(&regex, value, 0, NULL, 0) == 0;
        regfree(&regex);
    }
    free(whole);
    return matches;
}
