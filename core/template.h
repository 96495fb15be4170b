/* SPDX-License-Identifier: MIT */
/* Texts with {expressions} in them (RFC 6570, simple expansion): cut into pieces, and filled in. */
#ifndef CORE_TEMPLATE_H
#define CORE_TEMPLATE_H

#include "expression.h"

struct fob_piece {
    const char *text; /* into the template */
    size_t len;
    bool is_expression; /* it stood in {braces} */
    bool plus;          /* as {+expression}: not percent-encoded in a URL */
};

/* The next piece at *rest; false at the end, and where a brace is not closed or empty. "{{" and "}}" are braces. */
bool fob_template_next(const char **rest, struct fob_piece *ret);

/* NULL when every brace of the template is good, else what is wrong. What stands in them is not looked at. */
const char *fob_template_problem(const char *text);

/*
 * Fills the template in. percent: what is filled in is percent-encoded (RFC 6570 simple expansion), {+expression} is not;
 * else both go in as they are. *ret_missing, untouched else, is set when something had no value: out is of no use then.
 * Errors: FOB_E_DESCRIPTOR, FOB_E_LIMIT, FOB_E_MEMORY.
 */
fob_err fob_template_fill(const char *template, bool percent, const struct fob_expression_env *env,
                          struct fob_buf *out, bool *ret_missing, struct fob_error *error);

#endif
