/* SPDX-License-Identifier: MIT */
/* What was kept of callbacks and answers for later requests: {kept.NAME}. */
#ifndef CORE_KEPT_H
#define CORE_KEPT_H

#include "pairs.h"

#include <jansson.h>

struct fob_kept_values {
    struct fob_pairs values;
    struct fob_pairs shown; /* the same names; secret ones are "" */
};

/* value NULL takes it away. Failure is sticky in values.failed. */
void fob_kept_set(struct fob_kept_values *kept, const char *name, const char *value, bool is_secret);
/* The value, or NULL. */
const char *fob_kept_get(const struct fob_kept_values *kept, const char *name);
/* Whether the nth value is one that is not shown. */
bool fob_kept_is_secret(const struct fob_kept_values *kept, size_t n);
/* All of from, over what is there. Errors: FOB_E_MEMORY. */
fob_err fob_kept_copy(struct fob_kept_values *to, const struct fob_kept_values *from);
void fob_kept_free(struct fob_kept_values *kept);

/* At rest. NULL when out of memory. */
json_t *fob_kept_to_json(const struct fob_kept_values *kept);
/* json NULL: nothing. Errors: FOB_E_STORE (not what was written), FOB_E_MEMORY. */
fob_err fob_kept_from_json(const json_t *json, struct fob_kept_values *ret);

#endif
