/* SPDX-License-Identifier: MIT */
/* The provider that a descriptor describes: its environments, its kinds of requests, and where each is answered. */
#ifndef SANDBOX_PROVIDER_H
#define SANDBOX_PROVIDER_H

#include "sandbox.h"

/* Takes over the descriptor as it is written for the real hosts. False when something is missing, which is told. */
bool provider_setup(struct sandbox *sandbox, json_t *descriptor, bool is_moved);
void provider_free(struct sandbox *sandbox);

/* The template of where a rule's requests go; NULL when nowhere. The caller drops it. */
char *provider_endpoint(const struct view *view, const struct rule *rule);

/*
 * Whether a URL without its query is one that the template can give with values that the descriptor's variables can have.
 * What plain {variables} in it were is put into captured, which has to be empty.
 */
bool provider_matches(const char *template, const char *url, json_t *variables, json_t *captured);

/* The method that its requests have. */
const char *rule_method(const struct rule *rule);
/* "form", "json", "query" or "xml". */
const char *rule_encoding(const struct rule *rule);

/* A value for {kept.NAME}: as pattern asks, or as it may look. The caller drops it. */
char *provider_kept_value(struct sandbox *sandbox, const char *name, json_t *rule, unsigned n);

#endif
