/* SPDX-License-Identifier: MIT */
/* What no single key can tell: how the keys of a descriptor fit together. */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include "fields.h"
#include "problems.h"
#include "yamltree.h"

#include <fob/limits.h>

/*
 * Errors, and with `advise` the warnings of a careful reviewer. root is what the descriptor was read from; lacks_base: and
 * not what it extends.
 */
void fob_rules_check(const struct fob_descriptor *descriptor, const struct fob_yaml *root, bool lacks_base,
                     bool advise, struct fob_problems *problems);

/* --- for the files of the rules only ------------------------------------------------------------------------ */

struct fob_check {
    const struct fob_descriptor *d;
    const struct fob_yaml *root;
    struct fob_problems *problems;
    bool lacks_base, advise;
    bool used[FOB_MAX_VARIABLES];

    /* the template that is being looked at */
    const struct fob_field *field;
    const struct fob_yaml *node;
    bool plus; /* as {+expression} */
};

/* An error at a node, or with NULL at the beginning of the file. */
void fob_check_bad(struct fob_check *check, const struct fob_yaml *node, const char *fix, const char *what);
/* A warning, where such are wanted. */
void fob_check_advise(struct fob_check *check, struct fob_mark at, const char *fix, const char *what);

/* rules_request.c */
void fob_check_requests(struct fob_check *check);

#endif
