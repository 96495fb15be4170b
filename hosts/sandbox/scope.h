/* SPDX-License-Identifier: MIT */
/* Lists of scopes: separated by spaces here (RFC 6749 section 3.3), in requests as the provider wants. */
#ifndef SANDBOX_SCOPE_H
#define SANDBOX_SCOPE_H

#include "sandbox.h"

/* Granted when a request names none and the descriptor has no default. */
#define DEFAULT_SCOPE "basic"

/* Written as the RFC says, with at least one scope. */
bool scope_is_valid(const char *scope);

bool scope_has(const char *scope, const char *one);

/* Every scope of part is in whole. */
bool scope_within(const char *part, const char *whole);

/*
 * What came in a request, with spaces between; NULL when it is not written with the provider's separator. The caller
 * drops it.
 */
char *scope_from_request(const struct sandbox *sandbox, const char *text);

/* Whether the descriptor tells of this scope in any environment. */
bool scope_is_listed(const struct sandbox *sandbox, const char *one);

/* Granted when nobody says which, always asked for included. The caller drops it. */
char *scope_default(const struct sandbox *sandbox);

/* Why these may not be asked for, or NULL: one is not known, or one that is always asked for is missing. */
const char *scope_problem(const struct sandbox *sandbox, const struct view *view, bool has_person,
                          const char *scope);

#endif
