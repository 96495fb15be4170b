/* SPDX-License-Identifier: MIT */
/* What is wrong with one file: reported one by one, the first error kept. */
#ifndef CORE_PROBLEMS_H
#define CORE_PROBLEMS_H

#include "descriptor.h"

#include <fob/limits.h>

struct fob_table;

struct fob_problems {
    const char *file;
    const struct fob_table *language; /* of the whole file, for what was meant; or NULL */
    fob_err code;                     /* what a problem of this file is: FOB_E_DESCRIPTOR or FOB_E_CONFIG */
    fob_problem_fn *report;           /* or NULL */
    void *user;
    struct fob_error first; /* the first error; code FOB_OK while there is none */
    unsigned n;
    struct fob_mark errors[FOB_MAX_PROBLEMS]; /* where they were told */
    unsigned n_errors;
    bool ended; /* the reading did, before its time: what was read is not whole */
};

/*
 * One problem at a place. fix may be NULL. A warning where an error stands is not told, nor one in a file that is extended:
 * it is told when that file is looked at.
 */
void fob_problem(struct fob_problems *problems, enum fob_severity severity, struct fob_mark at,
                 const char *fix, const char *what_fmt, ...) FOB_PRINTF(5, 6);

/* An error that ended the reading: memory, which counts more than any mistake in the file, or YAML that cannot be read. */
void fob_problems_end(struct fob_problems *problems, const struct fob_error *error);
void fob_problems_no_memory(struct fob_problems *problems);

#endif
