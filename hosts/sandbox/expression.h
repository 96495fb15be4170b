/* SPDX-License-Identifier: MIT */
/* Filling in {braces}: names and functions, as docs/design/descriptor.md tells them. */
#ifndef SANDBOX_EXPRESSION_H
#define SANDBOX_EXPRESSION_H

#include "text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The worse of two is the greater. */
enum filled {
    FILLED,
    FILLED_BY_CHANCE, /* random() or uuid(): nobody else can know the outcome */
    FILLED_NOT,       /* a name in it has no value: the parameter or header field is left out */
    FILLED_BADLY,     /* it is no template */
};

/* What names stand for, by their full name ("kept.host"), and what functions ask for. */
struct facts {
    json_t *names;
    json_t *callback; /* the callback's fields, for sorted_query(); NULL: none */
    int64_t now_ms;   /* since 1970 */
};

/* Adds the template, filled in, to out; with FILLED_NOT and FILLED_BADLY out is not to be used. */
enum filled expression_fill(const char *template, const struct facts *facts, struct text *out);

/* The same as a string, or NULL where it cannot be filled in. The caller drops it. */
char *expression_text(const char *template, const struct facts *facts);

/* The same of a URL, into which it goes percent-encoded, but for {+what} stands so. */
char *expression_url(const char *template, const struct facts *facts);

/* The expression that is the whole template, without its braces; NULL when there is more or less than one. */
char *expression_alone(const char *template);

/* Whether the name stands in the template. One that ends in "." stands for all that begin so. */
bool expression_mentions(const char *template, const char *name);

/* The template without braces: "{{" and "}}" made one. NULL when something has to be filled in. */
char *expression_constant(const char *template);

/* --- functions.c */

#define MAX_ARGUMENTS 16

/* Calls a function by name with its arguments and those arguments' outcomes. */
enum filled function_call(const char *name, const struct text *arguments, const enum filled *outcomes,
                          size_t n, const struct facts *facts, struct text *out);

#endif
