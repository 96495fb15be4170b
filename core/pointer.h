/* SPDX-License-Identifier: MIT */
/* Looking into JSON: by RFC 6901 pointers, and into the claims of a JWT. */
#ifndef CORE_POINTER_H
#define CORE_POINTER_H

#include "buf.h"
#include "json.h"

/* What the pointer leads to, or NULL; borrowed. "" is json itself. */
json_t *fob_json_point(json_t *json, const char *pointer);

/* Adds a string, number or true and false as text; false, and nothing is added, for anything else. */
bool fob_json_scalar(const json_t *json, struct fob_buf *out);

/*
 * The claims of a JWT in the compact form, its signature unseen. To be wiped by the caller. Errors: FOB_E_PROTOCOL (it is
 * none), FOB_E_MEMORY.
 */
fob_err fob_jwt_read(const char *jwt, size_t len, json_t **ret_claims);

#endif
