/* SPDX-License-Identifier: MIT */
/* Making replies: fields, JSON, OAuth errors. */
#ifndef SANDBOX_REPLY_H
#define SANDBOX_REPLY_H

#include "sandbox.h"

/* Adds a header field; takes value. */
void reply_field(struct reply *reply, const char *name, char *value);

/* Takes body. */
void reply_json(struct reply *reply, unsigned status, json_t *body);

/* RFC 6749 section 5.2. */
void reply_oauth_error(struct reply *reply, unsigned status, const char *code, const char *description);

/* One line for a person. */
void reply_plain(struct reply *reply, unsigned status, const char *line);

void reply_free(struct reply *reply);

#endif
