/* SPDX-License-Identifier: MIT */
/* JWTs without a signature that anybody checks: made up, and looked into. */
#ifndef TRY_JWT_H
#define TRY_JWT_H

#include "tree.h"

/* {"alg": "none"} and these claims, in the compact form; the caller's. */
char *jwt_make(const json_t *claims);

/* The header and claims of what looks like one: {"header": …, "claims": …}; NULL when it does not. */
json_t *jwt_read(const char *text);

#endif
