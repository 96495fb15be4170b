/* SPDX-License-Identifier: MIT */
/* The descriptor that is tried or explained: as libfob reads it, and as it is written. */
#ifndef TRY_SUBJECT_H
#define TRY_SUBJECT_H

#include "tree.h"

#include <fob/fob.h>

struct subject {
    char *file;
    fob_provider *provider;
    json_t *descriptor, *marks; /* see fob_descriptor_json */
};

struct place {
    const char *file;
    unsigned line, column;
};

/* Errors: as fob_read_provider. */
fob_err subject_read(fob_session *session, const char *text, size_t len, const char *file,
                     struct subject *ret, struct fob_error *error);
/* The same for one that a program has made, or changed: its text is the JSON. */
fob_err subject_read_tree(fob_session *session, json_t *descriptor, const char *file, struct subject *ret,
                          struct fob_error *error);
void subject_free(struct subject *subject);

/* Where the value of a pointer stands, or the nearest one above it that stands in a file. */
struct place subject_place(const struct subject *subject, const char *pointer);

/* What a client is given for a run: its variables. Strings are the struct's, but for the client's id. */
struct values {
    struct fob_pair *v;
    size_t n;
    const char *client_id; /* for {client_id}, set once they are made; NULL: it stays as it is */
};
/*
 * The example of each variable, else its default, a choice or what its pattern lets through; what the environment gives is
 * left to it. given (may be NULL) is an object that comes first.
 */
void values_make(const struct subject *subject, const char *environment, json_t *given, struct values *ret);
void values_free(struct values *values);
/* A text with {names} of these in it, filled in; the caller's. Names it does not know stay as they are. */
char *values_fill(const struct subject *subject, const char *environment, const struct values *values,
                  const char *template);

/* A metadata value as the environment has it, else the provider; unfilled, or NULL. */
const char *subject_metadata(const struct subject *subject, const char *environment, const char *name);

/* What the authorization request calls a standard parameter, and what the callback does. */
const char *subject_sent_as(const struct subject *subject, const char *name);
const char *subject_comes_as(const struct subject *subject, const char *name);

#endif
