/* SPDX-License-Identifier: MIT */
/* Bodies of answers that are made up. */
#ifndef TRY_BODY_H
#define TRY_BODY_H

#include "tree.h"

/* Takes out of the tree what the format cannot say: XML has one root, the first that holds something, else the first. */
void body_fit(const char *format, json_t *tree);

/*
 * The tree as "json" (or NULL), "form" or "xml"; whole, where it is not NULL, is all there is. *ret_type is the media type.
 * The caller's.
 */
char *body_write(const char *format, json_t *tree, const char *whole, const char **ret_type);

/* The same to be read by a person: nothing escaped in a form, and a {"JWT": claims} as JSON wherever it stands. */
char *body_show(const char *format, json_t *tree, const char *whole);

#endif
