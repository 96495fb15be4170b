/* SPDX-License-Identifier: MIT */
/* Values that look as they have to. */
#ifndef TRY_SAMPLE_H
#define TRY_SAMPLE_H

#include "tree.h"

/* A short text that a pattern of the language lets through; the caller's. */
char *sample_of_pattern(const char *pattern);

/* Whether the pattern lets it through whole. */
bool sample_matches(const char *pattern, const char *value);

#endif
