/* SPDX-License-Identifier: MIT */
/* What stands in the {braces} of a template: a name, a 'text', or a function of a closed set over such. */
#ifndef CORE_EXPRESSION_H
#define CORE_EXPRESSION_H

#include "buf.h"
#include "entropy.h"

#include <fob/http.h>

#define FOB_MAX_EXPRESSION_DEPTH 6 /* functions inside functions */
#define FOB_MAX_ARGUMENTS 8

/* What an expression is evaluated with. */
struct fob_expression_env {
    /* The value of a name, or NULL when it has none. Names hold a dot at most: "client_id", "kept.realm_id". */
    const char *(*look_up)(void *user, const char *name);
    void *user;
    const struct fob_pair *callback; /* for sorted_query */
    size_t n_callback;
    struct fob_entropy *entropy; /* for random and uuid; NULL: they have no value */
    int64_t now;
};

/* One name in an expression. hashed: it only goes into a hash, which gives it away to nobody. */
struct fob_expression_name {
    const char *text;
    size_t len;
    bool hashed;
};

typedef void fob_expression_name_fn(void *user, const struct fob_expression_name *name);

/*
 * NULL when text[len] is an expression that gives text, else what is wrong with it. each, where it is not NULL, is called
 * for every name. Pure.
 */
const char *fob_expression_problem(const char *text, size_t len, fob_expression_name_fn *each, void *user);

/*
 * Evaluates text[len] onto out. *ret_missing, untouched else, is set when a name in it had no value, and out is then as
 * it was. Errors: FOB_E_DESCRIPTOR when it is no expression; what does not fit out is kept in out.
 */
fob_err fob_expression_eval(const char *text, size_t len, const struct fob_expression_env *env,
                            struct fob_buf *out, bool *ret_missing, struct fob_error *error);

/* name, and what it gives, for the manual; NULL past the end. */
const char *fob_expression_function(size_t n, const char **ret_doc);

#endif
