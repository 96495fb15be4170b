/* SPDX-License-Identifier: MIT */
/* What a variable's value has to look like: the part of regular expressions that POSIX and ECMA-262 read alike. */
#ifndef CORE_PATTERN_H
#define CORE_PATTERN_H

#include <fob/error.h>
#include <stdbool.h>

/*
 * Letters, digits and punctuation as themselves (\ before a special one), [classes], (groups), |, and * + ? {m,n} behind
 * a character or class, * + ? behind a group. The whole value has to match: ^ and $ are not written. Written out, it
 * stands for at most FOB_MAX_PATTERN_STEPS characters, which bounds what matching takes: steps times the text's length.
 * NULL when pattern is one, else what is wrong with it.
 */
const char *fob_pattern_problem(const char *pattern);

/* Whether the whole of text, ASCII only, matches. *ret is untouched on failure. Errors: FOB_E_MEMORY. */
fob_err fob_pattern_match(const char *pattern, const char *text, bool *ret, struct fob_error *error);

#endif
