/* SPDX-License-Identifier: MIT */
/* One value of a descriptor, put where its row says. */
#ifndef CORE_VALUES_H
#define CORE_VALUES_H

#include "fields.h"

/* Fills member, zeroed before, from a node, unless the field is a block or several; what is wrong goes to problems. */
void fob_value_read(const struct fob_field *field, const struct fob_yaml *node, void *member,
                    struct fob_problems *problems);

/* Whether a node is a text in the field's format; key is what an error calls it. */
bool fob_value_is_text(const struct fob_yaml *node, const char *key, const struct fob_field *field,
                       struct fob_problems *problems);

/* Whether a node's own key is one that may stand in the field. */
bool fob_value_has_good_key(const struct fob_field *field, const struct fob_yaml *node,
                            struct fob_problems *problems);

/* Tells that key has to be something else. */
void fob_value_is_wrong(struct fob_problems *problems, const struct fob_yaml *node, const char *key,
                        const char *wanted, const char *fix);

/* A copy of its own; NULL, which was told, when there is no memory. */
char *fob_value_copy(const char *text, struct fob_problems *problems);

#endif
