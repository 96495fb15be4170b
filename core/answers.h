/* SPDX-License-Identifier: MIT */
/* The inside of reading an answer: what its parts share. */
#ifndef CORE_ANSWERS_H
#define CORE_ANSWERS_H

#include "answer.h"
#include "source.h"

/* What a rule says: own before base; 0 or NULL when neither does. */
#define FOB_SAYS(rule, member)                                                                               \
    ((rule)->own && (rule)->own->member ? (rule)->own->member : (rule)->base ? (rule)->base->member : 0)

/* Where the fields are. NULL: nowhere. */
struct fob_answer_sources {
    const char *access_token, *refresh_token, *id_token, *token_type, *scope;
    const char *expires_in, *expires_at, *refresh_token_expires_in, *refresh_token_expires_at;
};

/* --- answer.c ----------------------------------------------------------------------------------------------- */

/* What the rule says, and where it is silent the standard's names. */
struct fob_answer_sources fob_answer_sources(const struct fob_answer_rule *rule);
/* The whole answer, its JWTs where the rule says. */
struct fob_source_place fob_answer_place(const struct fob_answer_rule *rule, const struct fob_answer *answer);

/* FOB_E_PROTOCOL: there is nothing in the answer. */
fob_err fob_answer_empty(const struct fob_http_response *http, struct fob_error *error);

/* --- answer_error.c ----------------------------------------------------------------------------------------- */

bool fob_answer_status_is_good(const struct fob_answer_rule *rule, int status);
/* Whether the rule or a standard says what the provider's word means. */
bool fob_answer_word_is_known(const struct fob_answer_rule *rule, const char *word);
/* Sets the facts that every failed answer tells: http_status and retry_after_ms. Returns err. */
fob_err fob_answer_failed(const struct fob_http_response *http, fob_err err, struct fob_error *error);

/* --- answer_fault.c ----------------------------------------------------------------------------------------- */

/* What an answer shows that is no success. */
struct fob_fault {
    bool is_one;
    const struct fob_pair *test; /* of `success`, which does not hold; or NULL */
    struct fob_buf word, description;
    const json_t *object; /* that the word stands in, or NULL */
};

#define FOB_FAULT                                                                                            \
    {                                                                                                        \
        .word = FOB_BUF((size_t)FOB_MAX_RESPONSE), .description = FOB_BUF((size_t)FOB_MAX_RESPONSE)          \
    }
void fob_fault_free(struct fob_fault *fault);
#define fob_auto_fault __attribute__((cleanup(fob_fault_free))) struct fob_fault

/* Errors: FOB_E_MEMORY. */
fob_err fob_fault_find(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                       struct fob_fault *fault);
/* Empties word and description where they hold a secret that the answer brought. Errors: FOB_E_MEMORY. */
fob_err fob_fault_hide_secrets(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                               struct fob_fault *fault);

/* --- answer_ends.c ------------------------------------------------------------------------------------------ */

/* What the parts of one token are read with. */
struct fob_answer_reader {
    const struct fob_answer_rule *rule;
    struct fob_source_place place;
    const struct fob_answer_sources *at;
    int64_t now;
    bool prolongs;                     /* see fob_answer_rule; of the first token only */
    bool end_first, refresh_end_first; /* the rule says where an end is, and not where a lifetime is */
    struct fob_error *error;
};

/* source NULL finds nothing. Errors: FOB_E_MEMORY. */
fob_err fob_answer_look(const struct fob_answer_reader *reader, const char *source, struct fob_found *ret);
/* When the token and, given that it is new, its refresh token end. Errors: FOB_E_MEMORY. */
fob_err fob_answer_ends(const struct fob_answer_reader *reader, bool new_refresh, fob_token *token);

#endif
