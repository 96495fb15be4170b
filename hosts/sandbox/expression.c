/* SPDX-License-Identifier: MIT */
/* Filling in {braces}: names and functions, as docs/design/descriptor.md tells them. */
#include "expression.h"

#include "tree.h"

#include <string.h>

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
#define MAX_DEPTH 16

/* --- one expression ----------------------------------------------------------------------------------------- */

struct parser {
    const char *at, *end;
    const struct facts *facts;
    unsigned depth;
};

static void skip_spaces(struct parser *parser)
{
    while (parser->at < parser->end && *parser->at == ' ')
        parser->at++;
}

static bool take(struct parser *parser, char c)
{
    skip_spaces(parser);
    if (parser->at == parser->end || *parser->at != c)
        return false;
    parser->at++;
    return true;
}

static enum filled fill_name(const char *name, const struct facts *facts, struct text *out)
{
    const char *value = json_string_value(json_object_get(facts->names, name));
    if (!value || !*value)
        return FILLED_NOT;
    text_str(out, value);
    return FILLED;
}

static enum filled fill_one(struct parser *parser, struct text *out);

static enum filled fill_call(struct parser *parser, const char *name, struct text *out)
{
    struct text arguments[MAX_ARGUMENTS] = {{0}};
    enum filled outcomes[MAX_ARGUMENTS] = {FILLED}, outcome = FILLED;
    size_t n = 0;
    if (!take(parser, ')')) {
        do {
            text_str(&arguments[n], "");
            outcomes[n] = fill_one(parser, &arguments[n]);
            outcome = outcomes[n] == FILLED_BADLY ? FILLED_BADLY : outcome;
            n++;
        } while (outcome != FILLED_BADLY && n < MAX_ARGUMENTS && take(parser, ','));
        if (!take(parser, ')'))
            outcome = FILLED_BADLY;
    }
    if (outcome != FILLED_BADLY)
        outcome = function_call(name, arguments, outcomes, n, parser->facts, out);
    for (size_t i = 0; i < n; i++)
        text_free(&arguments[i]);
    return outcome;
}

static enum filled fill_quoted(struct parser *parser, struct text *out)
{
    const char *start = parser->at;
    while (parser->at < parser->end && *parser->at != '\'')
        parser->at++;
    text_add(out, start, (size_t)(parser->at - start));
    return take(parser, '\'') ? FILLED : FILLED_BADLY;
}

/* A name, a call, 'text' or a number. */
static enum filled fill_one(struct parser *parser, struct text *out)
{
    enum filled outcome = FILLED_BADLY;
    if (++parser->depth > MAX_DEPTH)
        return FILLED_BADLY;
    if (take(parser, '\'')) {
        outcome = fill_quoted(parser, out);
    } else {
        size_t len = strspn(parser->at, WORD);
        len = len > (size_t)(parser->end - parser->at) ? (size_t)(parser->end - parser->at) : len;
        char *word = text_printf("%.*s", (int)len, parser->at);
        parser->at += len;
        if (len && strspn(word, "0123456789") == len) {
            text_str(out, word);
            outcome = FILLED;
        } else if (len) {
            outcome = take(parser, '(') ? fill_call(parser, word, out) : fill_name(word, parser->facts, out);
        }
        text_drop(&word);
    }
    parser->depth--;
    return outcome;
}

/* --- the template ------------------------------------------------------------------------------------------- */

/* How far the expression that begins at '{' reaches, both braces included; 0 when it does not end. */
static size_t expression_length(const char *at)
{
    bool quoted = false;
    for (size_t i = 1; at[i]; i++) {
        if (at[i] == '\'')
            quoted = !quoted;
        if (at[i] == '}' && !quoted)
            return i + 1;
    }
    return 0;
}

static bool is_double(const char *at)
{
    return (*at == '{' || *at == '}') && at[1] == *at;
}

/* As RFC 6570 has it, {+what} goes into a URL as it is, and the rest is percent-encoded. */
static enum filled fill_braces(const char *at, size_t len, const struct facts *facts, bool is_url,
                               struct text *out)
{
    bool raw = at[1] == '+';
    struct text value = {0};
    struct parser parser = {.at = at + 1 + raw, .end = at + len - 1, .facts = facts};
    enum filled outcome = fill_one(&parser, &value);
    skip_spaces(&parser);
    if (is_url && !raw && value.s)
        text_percent(out, value.s);
    else if (value.s)
        text_add(out, value.s, value.len);
    text_free(&value);
    return parser.at == parser.end ? outcome : FILLED_BADLY;
}

static enum filled fill(const char *template, const struct facts *facts, bool is_url, struct text *out)
{
    enum filled worst = FILLED;
    text_str(out, "");
    while (*template) {
        if (is_double(template)) {
            text_add(out, template, 1);
            template += 2;
        } else if (*template != '{') {
            text_add(out, template ++, 1);
        } else {
            size_t len = expression_length(template);
            enum filled outcome = len ? fill_braces(template, len, facts, is_url, out) : FILLED_BADLY;
            worst = outcome > worst ? outcome : worst;
            template += len ? len : strlen(template);
        }
    }
    return worst;
}

enum filled expression_fill(const char *template, const struct facts *facts, struct text *out)
{
    return fill(template, facts, false, out);
}

static char *text_of(const char *template, const struct facts *facts, bool is_url)
{
    struct text out = {0};
    if (fill(template, facts, is_url, &out) >= FILLED_NOT)
        text_free(&out);
    return out.s;
}

char *expression_text(const char *template, const struct facts *facts)
{
    return text_of(template, facts, false);
}

char *expression_url(const char *template, const struct facts *facts)
{
    return text_of(template, facts, true);
}

char *expression_alone(const char *template)
{
    size_t len = *template == '{' && template[1] != '{' ? expression_length(template) : 0;
    return len && !template[len] ? text_printf("%.*s", (int)len - 2, template + 1) : NULL;
}

bool expression_mentions(const char *template, const char *name)
{
    size_t len = strlen(name);
    while (*template) {
        size_t reach = *template == '{' && !is_double(template) ? expression_length(template) : 0;
        bool quoted = false;
        for (size_t i = 1; i < reach; i++) {
            size_t word = quoted ? 0 : strspn(template + i, WORD);
            if (word && strncmp(template + i, name, len) == 0 && (word == len || name[len - 1] == '.'))
                return true;
            quoted ^= template[i] == '\'';
            i += word ? word - 1 : 0;
        }
        template += reach ? reach : is_double(template) ? 2 : 1;
    }
    return false;
}

char *expression_constant(const char *template)
{
    struct facts none = {0};
    for (const char *at = template; *at; at += is_double(at) ? 2 : 1)
        if (*at == '{' && !is_double(at))
            return NULL;
    return expression_text(template, &none);
}
