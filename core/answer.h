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
};

/* Zeroed or filled, it can be freed. */
struct fob_answer {
    const struct fob_http_response *http; /* borrowed */
    json_t *json;                         /* what pointers look into; NULL: the answer is text alone */
};
void fob_answer_free(struct fob_answer *answer);
#define fob_auto_answer __attribute__((cleanup(fob_answer_free))) struct fob_answer

/*
 * Reads the body in the rule's format; a body that cannot be read with a status that is no success is told by its status.
 * Errors: FOB_E_PROTOCOL, FOB_E_SERVER, FOB_E_RATE_LIMITED, FOB_E_LIMIT, FOB_E_MEMORY.
 */
fob_err fob_answer_read(const struct fob_answer_rule *rule, const struct fob_http_response *http,
                        struct fob_answer *ret, struct fob_error *error);

/* FOB_OK for a success: by status, `success` and the absence of an error word; else what the error means to the caller. */
fob_err fob_answer_error(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                         struct fob_error *error);

/*
 * Fills token with what the answer holds; what it does not hold stays as it is. Then the lifetimes of the rule. Errors:
 * FOB_E_PROTOCOL (no access_token, characters that no token may have), FOB_E_LIMIT, FOB_E_MEMORY.
 */
fob_err fob_answer_token(const struct fob_answer_rule *rule, const struct fob_answer *answer, int64_t now,
                         fob_token *token, struct fob_error *error);

/*
 * The nth token that came with the first: its name, and its fields into token. *ret_name NULL past the end; *ret_there says
 * whether the answer holds it. Errors: as fob_answer_token.
 */
fob_err fob_answer_also(const struct fob_answer_rule *rule, const struct fob_answer *answer, size_t n,
                        int64_t now, const char **ret_name, bool *ret_there, fob_token *token,
                        struct fob_error *error);

/*
 * What `keep` names, into kept; a value that is not there is left as it is. chosen NULL: from the answer; else pointers
 * look into it. Errors: FOB_E_SECURITY when a value does not match its pattern, FOB_E_MEMORY.
 */
fob_err fob_answer_keep(const struct fob_answer_rule *rule, const struct fob_answer *answer, json_t *chosen,
                        struct fob_kept_values *kept, struct fob_error *error);

/* The value at a source, as text onto out; false when there is none. token: for claim:…, or NULL. */
bool fob_answer_find(const struct fob_answer *answer, const char *source, const fob_token *token,
                     struct fob_buf *out);

#endif
