/* SPDX-License-Identifier: MIT */
/* An answer of the provider, read as its descriptor says. */
#ifndef CORE_ANSWER_H
#define CORE_ANSWER_H

#include "buf.h"
#include "descriptor.h"
#include "json.h"
#include "kept.h"
#include "tokens.h"

/*
 * How an answer is read: what `own` says, and where it is silent what `base` says, key by key (maps and keep rules: both,
 * own first). Either may be NULL.
 */
struct fob_answer_rule {
    const struct fob_response_rule *own, *base;
    const struct fob_scopes_rule *scopes;       /* or NULL */
    const struct fob_lifetimes_rule *lifetimes; /* or NULL */
    bool prolongs; /* an answer without an access token makes the one that the token has last longer */
};

/* Zeroed or filled, it can be freed. */
struct fob_answer {
    const struct fob_http_response *http; /* borrowed */
    json_t *json; /* what pointers look into; NULL: the answer is text alone, or empty */
};
void fob_answer_free(struct fob_answer *answer);
#define fob_auto_answer __attribute__((cleanup(fob_answer_free))) struct fob_answer

/*
 * Reads the body in the rule's format; a body that cannot be read with a status that is no success is told as fob_answer_error
 * would. An empty body is read: what is looked for may stand in the header. Errors: FOB_E_PROTOCOL (HTML, cut off, duplicate
 * keys …; a redirect, which is not followed), FOB_E_LIMIT, FOB_E_MEMORY.
 */
fob_err fob_answer_read(const struct fob_answer_rule *rule, const struct fob_http_response *http,
                        struct fob_answer *ret, struct fob_error *error);

/*
 * FOB_OK for a success: a good status, and either every test of `success` holds, or, where there are none, nothing stands
 * where the error's word does. Else what the error means to the caller, with http_status, oauth_error and retry_after_ms.
 * Its texts are printable and hold no secret that the answer brought; what the request sent is the caller's to look for.
 */
fob_err fob_answer_error(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                         struct fob_error *error);

/* Adds what fob_answer_error would show, in full: the provider's word and explanation. Errors: FOB_E_MEMORY. */
fob_err fob_answer_fault(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                         struct fob_buf *word, struct fob_buf *description);

/*
 * Fills token with what the answer holds; what it does not hold stays as it is. Then the lifetimes of the rule, that of the
 * refresh token when it is a new one. Errors: FOB_E_PROTOCOL (no access_token, characters that no token may have),
 * FOB_E_LIMIT, FOB_E_MEMORY.
 */
fob_err fob_answer_token(const struct fob_answer_rule *rule, const struct fob_answer *answer, int64_t now,
                         fob_token *token, struct fob_error *error);

/* Whether a standard answer has a token that fob_answer_token would refuse for its characters. */
bool fob_answer_has_odd_token(const json_t *object);

/*
 * The nth token that came with the first: its name, and its fields into token, from where the rule says and nowhere else.
 * *ret_name is NULL past the end; *ret_there says whether the answer holds it. Errors: as fob_answer_token.
 */
fob_err fob_answer_also(const struct fob_answer_rule *rule, const struct fob_answer *answer, size_t n,
                        int64_t now, const char **ret_name, bool *ret_there, fob_token *token,
                        struct fob_error *error);

/*
 * What `keep` names, into kept; a value that is not there is left as it is. chosen NULL: from the answer; else pointers
 * look into it. Errors: FOB_E_SECURITY when a value does not match its pattern or holds control characters, FOB_E_LIMIT,
 * FOB_E_MEMORY.
 */
fob_err fob_answer_keep(const struct fob_answer_rule *rule, const struct fob_answer *answer, json_t *chosen,
                        struct fob_kept_values *kept, struct fob_error *error);

/*
 * The value at a source, as text onto out; false when there is none. token: whose JWTs claim:… means; NULL: those that stand
 * in the answer where the standards put them. Out of memory is false too, and out tells it.
 */
bool fob_answer_find(const struct fob_answer *answer, const char *source, const fob_token *token,
                     struct fob_buf *out);

#endif
