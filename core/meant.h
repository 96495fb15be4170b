/* SPDX-License-Identifier: MIT */
/* What was probably meant by a word that the language does not have. */
#ifndef CORE_MEANT_H
#define CORE_MEANT_H

#include "fields.h"

/* The fix for a key that the table does not have. whole: the language of the file, or NULL. */
void fob_meant_key(const struct fob_table *whole, const struct fob_table *table, const char *key, char *fix,
                   size_t size);

/* The word that was meant by a value which is none of them, or NULL: better none than a far-fetched one. */
const struct fob_choice *fob_meant_choice(const struct fob_choice *choices, const struct fob_yaml *node);

#endif
