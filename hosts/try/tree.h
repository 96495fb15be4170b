/* SPDX-License-Identifier: MIT */
/* JSON trees: the descriptor, requests and answers. */
#ifndef TRY_TREE_H
#define TRY_TREE_H

#include "text.h"

#include <jansson.h>

/* What a JSON Pointer (RFC 6901) leads to, or NULL; borrowed. */
json_t *tree_point(json_t *json, const char *pointer);
/* Puts value (taken over) where the pointer leads, with the objects and arrays on the way; *root may be NULL. */
void tree_place(json_t **root, const char *pointer, json_t *value);
/* "a/b/c" through objects, or NULL; borrowed. */
json_t *tree_at(json_t *json, const char *path);
const char *tree_text(json_t *json, const char *path); /* NULL when it is no text */
/* A scalar as text, anything else as compact JSON; the caller's. "" for NULL. */
char *tree_show(const json_t *json);
/* A child's pointer: the key escaped; the caller's. */
char *tree_child(const char *pointer, const char *key);
/* set and append that cannot fail. */
void tree_set(json_t *object, const char *key, json_t *value);
void tree_set_text(json_t *object, const char *key, const char *value); /* NULL is null */
void tree_append(json_t *array, json_t *value);
/* below, with what over has on top: objects key by key, all else replaced. A new one. */
json_t *tree_merge(json_t *below, json_t *over);

#endif
