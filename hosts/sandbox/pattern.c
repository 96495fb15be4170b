/* SPDX-License-Identifier: MIT */
/* Patterns of values: whether one matches, and making one that does. */
#include "pattern.h"

#include "text.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define MAX_EXAMPLE 256
#define MAX_WORK 20000 /* atoms made, for one value: groups in groups are made over and over */

bool pattern_matches(const char *pattern, const char *value)
{
    regex_t compiled;
    char *whole = text_printf("^(%s)$", pattern);
    bool good = regcomp(&compiled, whole, REG_EXTENDED | REG_NOSUB) == 0;
    text_drop(&whole);
    if (!good)
        return false;
    good = regexec(&compiled, value, 0, NULL, 0) == 0;
    regfree(&compiled);
    return good;
}

/* --- making a value ----------------------------------------------------------------------------------------- */

struct maker {
    const char *at;
    unsigned n; /* which choice is taken */
    unsigned work;
    struct text *out;
};

static void make_either(struct maker *maker);

/* The characters of a [class], letters and digits first. */
static size_t read_class(struct maker *maker, char members[128])
{
    bool in[128] = {false}, negated = *maker->at == '^';
    size_t n = 0;
    maker->at += negated;
    for (bool first = true; *maker->at && (first || *maker->at != ']'); first = false) {
        if (*maker->at == '\\' && maker->at[1])
            maker->at++;
        unsigned char from = (unsigned char)*maker->at++, to = from;
        if (*maker->at == '-' && maker->at[1] && maker->at[1] != ']') {
            to = (unsigned char)maker->at[1];
            maker->at += 2;
        }
        for (unsigned c = from; c <= to && c < 128; c++)
            in[c] = true;
    }
    maker->at += *maker->at == ']';
    for (int pass = 0; pass < 2; pass++)
        for (int c = 0x21; c < 0x7f; c++)
            if (in[c] != negated && (isalnum(c) ? 0 : 1) == pass)
                members[n++] = (char)c;
    return n;
}

/* What stands before a quantifier, made once. */
static void make_atom(struct maker *maker, unsigned position)
{
    char members[128];
    size_t n;
    char c = *maker->at++;
    if (c == '(') {
        make_either(maker);
        maker->at += *maker->at == ')';
        return;
    }
    if (c == '[') {
        n = read_class(maker, members);
        if (n)
            text_add(maker->out, &members[(maker->n + position) % n], 1);
        return;
    }
    if (c == '\\' && *maker->at)
        c = *maker->at++;
    else if (c == '.')
        c = (char)('a' + (maker->n + position) % 26);
    text_add(maker->out, &c, 1);
}

/* How often what a quantifier follows is to be made; moves behind it. */
static unsigned read_times(struct maker *maker)
{
    char *end;
    unsigned long least;
    switch (*maker->at) {
    case '*':
        maker->at++;
        return maker->n ? 1 : 0;
    case '?':
        maker->at++;
        return 0;
    case '+':
        maker->at++;
        return 4;
    case '{':
        least = strtoul(maker->at + 1, &end, 10);
        end += strcspn(end, "}");
        maker->at = end + (*end == '}');
        return least > MAX_EXAMPLE ? MAX_EXAMPLE : (unsigned)least;
    default:
        return 1;
    }
}

static void make_sequence(struct maker *maker)
{
    while (*maker->at && *maker->at != '|' && *maker->at != ')' && ++maker->work < MAX_WORK) {
        const char *start = maker->at;
        size_t len = maker->out->len;
        make_atom(maker, 0);
        unsigned times = read_times(maker);
        const char *end = maker->at;
        if (!times) {
            maker->out->len = len;
            maker->out->s[len] = '\0';
        }
        for (unsigned i = 1; i < times && maker->out->len < MAX_EXAMPLE; i++) {
            maker->at = start;
            make_atom(maker, i);
        }
        maker->at = end;
    }
}

/* The nth of what stands between |. */
static void make_either(struct maker *maker)
{
    const char *start = maker->at;
    size_t len = maker->out->len;
    unsigned n = 1;
    make_sequence(maker);
    for (; *maker->at == '|'; n++) {
        maker->at++;
        make_sequence(maker);
    }
    const char *end = maker->at;
    maker->out->len = len;
    maker->out->s[len] = '\0';
    maker->at = start;
    for (unsigned i = 0; i <= maker->n % n; i++) {
        maker->out->len = len;
        maker->out->s[len] = '\0';
        make_sequence(maker);
        maker->at += *maker->at == '|';
    }
    maker->at = end;
}

char *pattern_example(const char *pattern, unsigned n)
{
    struct text out = {0};
    struct maker maker = {.at = pattern, .n = n, .out = &out};
    text_str(&out, "");
    make_either(&maker);
    if (!out.len || !pattern_matches(pattern, out.s))
        text_free(&out);
    return out.s;
}
