/* SPDX-License-Identifier: MIT */
/* An ordered list of name and value that owns its strings and wipes them: parameters, header fields, variables. */
#ifndef CORE_PAIRS_H
#define CORE_PAIRS_H

#include <fob/error.h>
#include <fob/http.h>
#include <stdbool.h>
#include <stddef.h>

struct fob_pairs {
    struct fob_pair *v;
    size_t n, cap;
    fob_err failed; /* sticky, as in struct fob_buf */
};

/* value NULL removes; a name that is there keeps its place. _set compares names exactly, _set_field without case. */
void fob_pairs_set(struct fob_pairs *pairs, const char *name, const char *value);
void fob_pairs_set_field(struct fob_pairs *pairs, const char *name, const char *value);
/* What a name becomes: itself, or another. */
typedef const char *fob_new_name_fn(const void *user, const char *name);
/* Gives all of them their new names at once, so that two may change places. What keeps a name that another gets, goes. */
void fob_pairs_rename(struct fob_pairs *pairs, fob_new_name_fn *new_name, const void *user);
const char *fob_pairs_get(const struct fob_pairs *pairs, const char *name);
const char *fob_pairs_get_field(const struct fob_pair *v, size_t n, const char *name);
void fob_pairs_free(struct fob_pairs *pairs);

#endif
