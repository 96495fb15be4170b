/* SPDX-License-Identifier: MIT */
/* The functions that expressions may call. */
#ifndef CORE_FUNCTIONS_H
#define CORE_FUNCTIONS_H

#include "expression.h"

struct fob_function_call {
    const struct fob_expression_env *env;
    const struct fob_buf *args; /* n of them, each ended by a NUL */
    size_t n;
    struct fob_buf *out;
};

struct fob_function {
    const char *name, *usage, *doc;
    size_t min_args, max_args;
    bool gives_bytes; /* not text: has to be wrapped */
    bool takes_bytes;
    bool hashes;     /* what goes in cannot be told from what comes out */
    bool takes_gaps; /* an argument without a value is "" */
    /* false: it has no value. */
    bool (*call)(const struct fob_function_call *call);
};

/* The function of that name, or NULL. */
const struct fob_function *fob_function_find(const char *name, size_t len);
/* All of them, ended by a NULL name. */
extern const struct fob_function fob_functions[];

#endif
