/* SPDX-License-Identifier: MIT */
/* An explanation: the requests that will be sent, in order, before anybody has an account. */
#ifndef TRY_STORY_H
#define TRY_STORY_H

#include "subject.h"

struct story_options {
    const char *environment,
        *grant;        /* grant NULL: authorization_code where there is one, else client_credentials */
    json_t *variables; /* an object of those that were given, or NULL */
    const char *const *scopes;
    size_t n_scopes;
};

/*
 * What happens, as one JSON object: "provider", "grant", "environment", "variables", and "steps", of which each has "what":
 *   authorize, a block's name, or steps/NAME: "method", "url", "endpoint" (see below), "headers" and "params"; then "answer",
 *     "answer_text" and "answer_headers", made up (see shape.h), and "keeps", the names of what is kept of it.
 *   callback: "params", and "mode".
 *   failed: "error", and "after", whose answer it was, or null before any.
 * A header or parameter is {"name", "value", "in": query, fragment (the query behind a route), form, json, xml or header};
 * "wire" is how a value is sent in a query or form, see wire.h; "varies" is "random" or "time" where the value is another one
 * each time; "jwt" is what is in a value that is one; "said" is the pointer of what the descriptor says
 * there, with "line", "file" and "template". Errors: FOB_E_CONFIG, FOB_E_ARGUMENT, what the flow cannot be made with.
 */
fob_err story_tell(fob_session *session, const struct subject *subject, const struct story_options *options,
                   json_t **ret_story, struct fob_error *error);

/* --- its parts ------------------------------------------------------------------------------------------------ */

/* origin.c: adds "said" and the rest to each header and parameter of a step. */
void origin_note(const struct subject *subject, const char *environment, json_t *step);

/* varies.c: marks in first what is another in second (the same time, other random bytes) or in third (another time). */
void varies_note(json_t *first, json_t *second, json_t *third);

#endif
