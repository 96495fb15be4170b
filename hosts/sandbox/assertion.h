/* SPDX-License-Identifier: MIT */
/* JWTs that stand for the client: as an assertion (RFC 7523), or in the place of its secret. */
#ifndef SANDBOX_ASSERTION_H
#define SANDBOX_ASSERTION_H

#include "inquiry.h"

/* NULL when the JWT is what the rule's `jwt` says, genuine and new; else why not. */
const char *assertion_problem(struct inquiry *inquiry, const char *jwt, bool by_secret);

#endif
