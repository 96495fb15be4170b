/* SPDX-License-Identifier: MIT */
/*
 * Where a value is in an answer: a JSON Pointer, "" for the whole text, header:NAME, cookie:NAME, or claim:TOKEN/POINTER
 * for a claim of a JWT. A source may be several, joined by line breaks: the first that is there counts.
 */
#ifndef CORE_SOURCE_H
#define CORE_SOURCE_H

#include "answer.h"

#include <fob/limits.h>

/* What a source is looked for in. */
struct fob_source_place {
    const struct fob_answer *answer;
    json_t *json;                        /* what pointers look into */
    const fob_token *token;              /* whose JWTs claim: means; NULL: those that the answer brought, */
    const char *access_token, *id_token; /* which are at these sources */
};

/* The place that is the whole answer, its JWTs where RFC 6749 and OpenID Connect put them. */
struct fob_source_place fob_source_whole(const struct fob_answer *answer);

/* The next of several sources at *rest, copied to one; false at the end. */
bool fob_source_next(const char **rest, char one[FOB_MAX_SCALAR + 1]);

/* Nothing, JSON, or text: json and text both NULL, one, or the other. Borrowed, but for claims. */
struct fob_found {
    json_t *json;
    const char *text; /* of a header field or cookie not seen before: any byte but NUL */
    size_t len;
    json_t *claims; /* holds json; its own */
};
void fob_found_free(struct fob_found *found);
#define fob_auto_found __attribute__((cleanup(fob_found_free))) struct fob_found

/* Null, "" and what is not there are nothing. Errors: FOB_E_MEMORY. */
fob_err fob_source_find(const struct fob_source_place *place, const char *source, struct fob_found *ret);

/* What was found as text, if it is a text; NULL for nothing and for anything else. Not ended by a NUL. */
const char *fob_found_string(const struct fob_found *found, size_t *ret_len);

/* The same for numbers, true and false too, onto out; false, and nothing is added, for nothing and for anything else. */
bool fob_found_scalar(const struct fob_found *found, struct fob_buf *out);

#endif
