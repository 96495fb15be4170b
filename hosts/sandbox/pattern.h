/* SPDX-License-Identifier: MIT */
/* Patterns of values: whether one matches, and making one that does. */
#ifndef SANDBOX_PATTERN_H
#define SANDBOX_PATTERN_H

#include <stdbool.h>

/* Whether the whole value matches. Nothing matches a pattern that is broken. */
bool pattern_matches(const char *pattern, const char *value);

/*
 * A value that matches; another one for another n, where the pattern leaves room. NULL when none was found. The
 * caller drops it.
 */
char *pattern_example(const char *pattern, unsigned n);

#endif
