/* SPDX-License-Identifier: MIT */
/* `extends`: a descriptor that begins as another one. Pure: whoever can read files brings the texts. */
#ifndef CORE_INHERIT_H
#define CORE_INHERIT_H

#include "buf.h"
#include "problems.h"
#include "yamltree.h"

#define FOB_MAX_EXTENDS 4 /* descriptors that one may begin as, one behind the other */

/* Finds the text of a descriptor by its id, and the file's name, which the caller frees. Errors: as fob_find_provider. */
typedef fob_err fob_base_fn(void *user, const char *id, struct fob_buf *out, char **ret_file,
                            struct fob_error *error);

/* The files of the bases, which the marks of the tree point to. */
struct fob_bases {
    fob_base_fn *find; /* NULL: extends is left as it is */
    void *user;
    char *files[FOB_MAX_EXTENDS];
    size_t n;
};
void fob_bases_free(struct fob_bases *bases);

/*
 * Puts what the file extends below it: maps are merged key by key, all else is replaced; id, name, sources and tests are a
 * file's own. What is wrong (a cycle, too many, a base that is not there) goes to problems.
 */
void fob_inherit(struct fob_yaml **root, struct fob_bases *bases, struct fob_problems *problems);

#endif
