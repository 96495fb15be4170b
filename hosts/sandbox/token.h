/* SPDX-License-Identifier: MIT */
/* Requests of clients: which rule each goes by, and what comes of it. */
#ifndef SANDBOX_TOKEN_H
#define SANDBOX_TOKEN_H

#include "inquiry.h"

/* What comes of a request in which nothing is wrong so far; each makes the reply. */
void token_by_code(struct inquiry *inquiry, struct reply *reply);
void token_by_refresh(struct inquiry *inquiry, struct reply *reply);
void token_by_client(struct inquiry *inquiry, struct reply *reply);
void resource_answer(struct inquiry *inquiry, struct reply *reply); /* resource.c: steps, userinfo, verify */
void revoke_answer(struct inquiry *inquiry, struct reply *reply);   /* revoke.c */

/* Answers with the problem as the rule says; takes over what is in it. */
void token_refuse(struct inquiry *inquiry, struct problem problem, struct reply *reply);

#endif
