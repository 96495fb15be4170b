/* SPDX-License-Identifier: MIT */
/* Answers made up from what the descriptor says of them. */
#ifndef TRY_SHAPE_H
#define TRY_SHAPE_H

#include "drive.h"
#include "subject.h"

struct shape {
    const struct subject *subject;
    const char *environment;
    const struct values *values;
    const char *client_id, *nonce;
    bool has_openid, has_refresh;
    int64_t now;
};

/*
 * The answer to a request: "token", "client_credentials", "refresh", "userinfo", "verify", "revoke", or "steps/NAME". What it
 * holds, for whoever shows it, is *ret_shown (a new object): "answer", JSON or the text; "answer_text", as it is written;
 * "answer_headers", each with "name" and "value".
 */
void shape_answer(const struct shape *shape, const char *block, struct reply *ret, json_t **ret_shown);

/* What comes back by the browser but for state; a new object. */
json_t *shape_callback(const struct shape *shape);

/* The response rule of a block as it holds: those that start as a copy of token put on top of its. A new object. */
json_t *shape_response(const struct subject *subject, const char *block);

#endif
