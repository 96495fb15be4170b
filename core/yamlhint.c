/* SPDX-License-Identifier: MIT */
/* What was probably meant where YAML cannot be read: braces and other signs that want quotes, tabs. */
#include "yamlhint.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

struct line {
    const char *text, *end; /* without the line break */
    const char *at;         /* the place of the error, or the end */
};

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

static struct line line_of(const char *text, size_t len, struct fob_mark at)
{
    const char *end = text + len;
    struct line line = {text, text, text};
    for (unsigned n = 1; n < at.line && line.text < end; line.text++)
        n += *line.text == '\n' || (*line.text == '\r' && !(line.text + 1 < end && line.text[1] == '\n'));
    for (line.end = line.text; line.end < end && !is_break(*line.end); line.end++)
        ;
    line.at = line.text;
    for (unsigned column = 1; column < at.column && line.at < line.end; column++) {
        size_t step = fob_utf8_char(line.at, (size_t)(line.end - line.at));
        line.at += step ? step : 1;
    }
    return line;
}

static bool has_tab_in_front(const struct line *line)
{
    const char *at = line->text;
    while (at < line->end && *at == ' ')
        at++;
    return at < line->end && *at == '\t';
}

/* YAML reads a name in braces as a block of keys: it fails at the brace, or where the keys' values should be. */
static bool is_in_braces(const struct line *line)
{
    const char *at = line->at;
    if (at == line->end || !strchr("{,}", *at))
        return false;
    while (*at != '{' && at > line->text && at[-1] != ':' && at[-1] != '{')
        at--;
    return *at == '{' || (at > line->text && at[-1] == '{');
}

/* The value itself may be a secret, and is not repeated. */
bool fob_yaml_hint(const char *text, size_t len, struct fob_mark at, char *fix, size_t size)
{
    struct line line = line_of(text, len, at);
    const char *before = line.at > line.text ? line.at - 1 : NULL;
    char sign = line.at < line.end ? *line.at : '\0';
    if (has_tab_in_front(&line))
        snprintf(fix, size, "indent with spaces: YAML knows no tab");
    else if (is_in_braces(&line))
        snprintf(fix, size, "quote the whole value, like \"{client_id}\", where a name in braces is meant");
    else if (sign && strchr(",@`", sign))
        snprintf(fix, size, "quote it, like \"%c\": no text begins with that", sign);
    else if (before && *before == '*')
        snprintf(fix, size, "quote it, like \"*.acme.example\": no text begins with *");
    else if (sign == ':' && memmem(line.text, (size_t)(line.at - line.text), ": ", 2))
        snprintf(fix, size, "quote the value, where the colon belongs to it");
    else
        return false;
    return true;
}
