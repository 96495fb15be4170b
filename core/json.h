/* SPDX-License-Identifier: MIT */
/* JSON as it comes from outside: strict, bounded, wiped before it is freed. Jansson does the parsing. */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Parses one JSON value: valid UTF-8, no duplicate keys, no NUL in strings, at most FOB_MAX_JSON_DEPTH deep. A
 * number too large for 64 bits becomes a real. Errors: FOB_E_PROTOCOL with the place, FOB_E_MEMORY.
 */
fob_err fob_json_value(const char *text, size_t len, json_t **ret_value, struct fob_error *error);

/* The same, and it is an object. */
fob_err fob_json_object(const char *text, size_t len, json_t **ret_object, struct fob_error *error);

/* Appends it to out as json_dumpb writes it with flags, and leaves no copy. Errors: FOB_E_LIMIT, FOB_E_MEMORY. */
fob_err fob_json_write(const json_t *json, size_t flags, struct fob_buf *out, struct fob_error *error);

/* Wipes every string in it and drops the reference, which must be the only one. NULL is fine. */
void fob_json_wipe(json_t *json);
void fob_json_wipep(json_t **json);
#define fob_auto_json __attribute__((cleanup(fob_json_wipep))) json_t

/* A non-empty string member, or NULL; lives as long as object. */
const char *fob_json_str(const json_t *object, const char *key);

#endif
