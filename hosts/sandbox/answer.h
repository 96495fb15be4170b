/* SPDX-License-Identifier: MIT */
/* An answer as a `response` block says that it is read: values at their places, errors in the provider's words. */
#ifndef SANDBOX_ANSWER_H
#define SANDBOX_ANSWER_H

#include "inquiry.h"

struct answer {
    struct sandbox *sandbox;
    json_t *response; /* the block, or NULL */
    struct reply *reply;
    json_t *body;   /* the tree, as far as it is made */
    char *whole;    /* what the source "" is */
    json_t *claims; /* of JWTs in the answer: by the token's name */
};

void answer_begin(struct answer *answer, struct sandbox *sandbox, json_t *response, struct reply *reply);

/* Puts a value (taken over) where the source says. */
void answer_put(struct answer *answer, const char *source, json_t *value);
void answer_put_text(struct answer *answer, const char *source, const char *text);

/* What stands there so far, as text; NULL when nothing does. The caller drops it. */
char *answer_value(const struct answer *answer, const char *source);

/*
 * Places the values that the rules keep, those in claims or those elsewhere, the nth of them, and notes them in kept.
 * What stands there already is kept where it fits.
 */
void answer_keep(struct answer *answer, json_t *rules, bool in_claims, unsigned n, json_t *kept);

/* Tells whose it is, if identity.from is this part of the provider. */
void answer_identify(struct answer *answer, const char *part, bool in_claims, const char *subject);

/* Sends it as a success. */
void answer_send(struct answer *answer);

/* Answers with an error instead. */
void answer_problem(struct sandbox *sandbox, json_t *response, const struct problem *problem,
                    struct reply *reply);

void answer_free(struct answer *answer);

/* The provider's word for an error of the RFCs: by its class among `errors`, else the same. */
const char *answer_word(json_t *errors, const char *code);

#endif
