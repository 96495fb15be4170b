/* SPDX-License-Identifier: MIT */
/* Lists of scopes separated by spaces (RFC 6749 section 3.3). */
#ifndef SANDBOX_SCOPE_H
#define SANDBOX_SCOPE_H

#include <stdbool.h>

/* Granted when a request names none. */
#define DEFAULT_SCOPE "basic"

/* Written as the RFC says, with at least one scope. */
bool scope_is_valid(const char *scope);

bool scope_has(const char *scope, const char *one);

/* Every scope of part is in whole. */
bool scope_within(const char *part, const char *whole);

#endif
