/* SPDX-License-Identifier: MIT */
/* Looking into trees of maps, lists and scalars (Jansson), and joining them. */
#ifndef SANDBOX_TREE_H
#define SANDBOX_TREE_H

#include <jansson.h>
#include <stdbool.h>

/* What stands at "token/response" in a map of maps; NULL when nothing does. */
json_t *tree_at(json_t *map, const char *path);

/* The text at that path; NULL when there is none or it is no text. */
const char *tree_text(json_t *map, const char *path);

/* The same, or the first of a list of texts. */
const char *tree_first(json_t *map, const char *path);

bool tree_is_true(json_t *map, const char *path);

/* A scalar as text: text itself, 1, true. NULL for what is no scalar. The caller drops it. */
char *tree_scalar(json_t *value);

/* Whether the list holds this text. */
bool tree_lists(json_t *list, const char *text);

/* Sets a member to a text; a text that is NULL sets nothing. */
void tree_set(json_t *map, const char *key, const char *text);
/* The same with a text that is taken over and wiped. */
void tree_set_taken(json_t *map, const char *key, char *text);

/* All of below with above on top of it: maps are merged key by key, all else is replaced. NULL is an empty map. */
json_t *tree_merge(json_t *below, json_t *above);

/* Seconds of "30s", "5m", "24h", "60d", "1y"; -1 for NULL or what is no duration. */
long long tree_seconds(const char *duration);

/* From now on, what Jansson frees is wiped first. */
void tree_wipe_freed(void);

#endif
