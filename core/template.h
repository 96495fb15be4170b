/* SPDX-License-Identifier: MIT */
/* Texts with {names} in them (RFC 6570, simple expansion), cut into pieces. */
#ifndef CORE_TEMPLATE_H
#define CORE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

struct fob_piece {
    const char *text; /* into the template */
    size_t len;
    bool is_name; /* it stood in {braces} */
    bool plus;    /* as {+name}: not percent-encoded in a URL */
};

/* The next piece at *rest; false at the end, and where a brace is not closed or holds no name. "{{" and "}}" are braces. */
bool fob_template_next(const char **rest, struct fob_piece *ret);

/* NULL when every brace of the template is good, else what is wrong. */
const char *fob_template_problem(const char *text);

#endif
