/* SPDX-License-Identifier: MIT */
/* JSON Pointers (RFC 6901): looking, and placing with all that is missing on the way. */
#ifndef SANDBOX_POINTER_H
#define SANDBOX_POINTER_H

#include <jansson.h>
#include <stdbool.h>

/* NULL when nothing stands there. */
json_t *pointer_get(json_t *tree, const char *pointer);

/*
 * Puts value (taken over) at pointer. Maps and lists that are missing are made: a list where the next step is a
 * number. *tree may be NULL at first. False when something else stands in the way.
 */
bool pointer_put(json_t **tree, const char *pointer, json_t *value);

#endif
