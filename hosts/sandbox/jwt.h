/* SPDX-License-Identifier: MIT */
/* JSON Web Tokens (RFC 7519): made with HS256, and looked into. Whether one is genuine is assertion.c's to say. */
#ifndef SANDBOX_JWT_H
#define SANDBOX_JWT_H

#include <jansson.h>

/* Signed with HS256. The caller drops it. */
char *jwt_make(json_t *claims, const char *key);

/* One part, from 0: header, claims. A new object; NULL when the text is no JWT. */
json_t *jwt_part(const char *jwt, unsigned part);
json_t *jwt_claims(const char *jwt);

#endif
