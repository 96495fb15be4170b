/* SPDX-License-Identifier: MIT */
/* The part of regular expressions that POSIX and ECMA-262 read alike; the C library does the matching. */
#include "pattern.h"
#include "cleanup.h"
#include "error.h"

#include <fob/limits.h>
#include <locale.h>
#include <regex.h>
#include <string.h>

#define MAX_DEPTH 4
#define MAX_REPEAT 255 /* RE_DUP_MAX of POSIX */

struct scan {
    const char *at;
    unsigned depth;
    unsigned steps; /* so far, repetitions written out, as the C library does */
    const char *problem;
};

static bool fail(struct scan *scan, const char *problem)
{
    if (!scan->problem)
        scan->problem = problem;
    return false;
}

static bool is_special(char c)
{
    return c && strchr("\\^$.|?*+()[]{}", c) != NULL;
}

/* Inside a class POSIX takes a backslash as itself and ECMA-262 as an escape: refused, as are the other odd ones. */
static bool scan_class(struct scan *scan)
{
    scan->at++;
    if (*scan->at == '^')
        return fail(scan, "a class says which characters may stand there, not which may not");
    if (*scan->at == ']')
        return fail(scan, "an empty class");
    while (*scan->at && *scan->at != ']') {
        char c = *scan->at++;
        if (c == '\\' || c == '[')
            return fail(scan, "\\ and [ cannot stand in a class");
        if (*scan->at != '-' || scan->at[1] == ']' || !scan->at[1])
            continue;
        if (c == '-' || scan->at[1] < c || scan->at[1] == '[' || scan->at[1] == '\\')
            return fail(scan, "a range runs backwards");
        scan->at += 2;
    }
    if (!*scan->at)
        return fail(scan, "a class is not closed with ]");
    scan->at++;
    return true;
}

static bool scan_number(struct scan *scan, unsigned *ret)
{
    const char *start = scan->at;
    for (*ret = 0; *scan->at >= '0' && *scan->at <= '9' && *ret <= MAX_REPEAT; scan->at++)
        *ret = *ret * 10 + (unsigned)(*scan->at - '0');
    return scan->at > start && *ret <= MAX_REPEAT;
}

static bool scan_braces(struct scan *scan)
{
    unsigned least, most;
    scan->at++;
    bool good = scan_number(scan, &least);
    most = least;
    if (good && *scan->at == ',') {
        scan->at++;
        most = MAX_REPEAT;
        if (*scan->at != '}')
            good = scan_number(scan, &most);
    }
    if (!good || *scan->at != '}' || most < least || most == 0)
        return fail(scan, "repetition is written {m}, {m,} or {m,n}, up to 255");
    scan->steps += scan->at[-1] == ',' ? least : most - 1;
    scan->at++;
    return true;
}

/* What is repeated began when the steps were `before`. a+ becomes aa*. */
static bool scan_repeat(struct scan *scan, bool behind_group, unsigned before)
{
    bool repeated = *scan->at == '*' || *scan->at == '+' || *scan->at == '?';
    if (*scan->at == '+')
        scan->steps += scan->steps - before;
    if (repeated) {
        scan->at++;
    } else if (*scan->at == '{') {
        if (behind_group)
            return fail(scan, "a group cannot be repeated with {}");
        if (!scan_braces(scan))
            return false;
        repeated = true;
    }
    if (repeated && *scan->at && strchr("*+?{", *scan->at))
        return fail(scan, "two repetitions behind each other");
    if (scan->steps > FOB_MAX_PATTERN_STEPS)
        return fail(scan, "what it repeats with {} and + is more than 512 characters when written out");
    return true;
}

static bool scan_choices(struct scan *scan);

static bool scan_group(struct scan *scan)
{
    scan->at++;
    if (*scan->at == '?')
        return fail(scan, "a group begins with ( alone");
    if (++scan->depth > MAX_DEPTH)
        return fail(scan, "groups are nested too deeply");
    if (!scan_choices(scan))
        return false;
    scan->depth--;
    if (*scan->at != ')')
        return fail(scan, "a group is not closed with )");
    scan->at++;
    return true;
}

static bool scan_piece(struct scan *scan)
{
    bool group = *scan->at == '(';
    unsigned before = scan->steps;
    scan->steps += !group;
    if (group) {
        if (!scan_group(scan))
            return false;
    } else if (*scan->at == '[') {
        if (!scan_class(scan))
            return false;
    } else if (*scan->at == '\\') {
        if (!is_special(scan->at[1]))
            return fail(scan, "\\ stands before one of \\ ^ $ . | ? * + ( ) [ ] { } only");
        scan->at += 2;
    } else if (*scan->at == '.') {
        return fail(scan, ". is not allowed: write the characters that may stand there, or \\. for a dot");
    } else if (*scan->at == '^' || *scan->at == '$') {
        return fail(scan, "^ and $ are not written: the whole value has to match anyway");
    } else if (is_special(*scan->at)) {
        return fail(scan, "a special character stands where it means nothing: put \\ before it");
    } else if (*scan->at < 0x20 || *scan->at > 0x7e) {
        return fail(scan, "a pattern is printable ASCII");
    } else {
        scan->at++;
    }
    return scan_repeat(scan, group, before);
}

static bool scan_choices(struct scan *scan)
{
    for (;;) {
        if (!*scan->at || *scan->at == '|' || *scan->at == ')')
            return fail(scan, "an alternative is empty");
        while (*scan->at && *scan->at != '|' && *scan->at != ')')
            if (!scan_piece(scan))
                return false;
        if (*scan->at != '|')
            return true;
        scan->at++;
    }
}

const char *fob_pattern_problem(const char *pattern)
{
    struct scan scan = {.at = pattern};
    if (strlen(pattern) > FOB_MAX_PATTERN)
        return "the pattern is longer than 256 bytes";
    if (scan_choices(&scan) && *scan.at)
        fail(&scan, "a ) without its (");
    return scan.problem;
}

static fob_err match(const char *whole, const char *text, bool *ret, struct fob_error *error)
{
    regex_t regex;
    if (regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB) != 0)
        return fob_no_memory(error);
    int result = regexec(&regex, text, 0, NULL, 0);
    regfree(&regex);
    if (result == REG_ESPACE)
        return fob_no_memory(error);
    *ret = result == 0;
    return FOB_OK;
}

fob_err fob_pattern_match(const char *pattern, const char *text, bool *ret, struct fob_error *error)
{
    fob_auto_buf whole = FOB_BUF(FOB_MAX_PATTERN + 8);
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c >= 0x80) {
            *ret = false;
            return FOB_OK;
        }
    }
    fob_buf_fmt(&whole, "^(%s)$", pattern);
    fob_err err = fob_buf_finish(&whole, "the pattern", error);
    if (err != FOB_OK)
        return err;
    locale_t plain = newlocale(LC_ALL_MASK, "C", NULL);
    if (!plain)
        return fob_no_memory(error);
    /* The host's locale has an order of its own for what stands between a and z. */
    locale_t before = uselocale(plain);
    err = match(whole.data, text, ret, error);
    uselocale(before);
    freelocale(plain);
    return err;
}
