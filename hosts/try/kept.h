/* SPDX-License-Identifier: MIT */
/* What a login may keep, as it may look. */
#ifndef TRY_KEPT_H
#define TRY_KEPT_H

#include "subject.h"

/*
 * A value for {kept.name}, which rule (of a `keep`) keeps: one that was recorded, else one that the pattern and the list of
 * hosts let through. The caller's.
 */
char *kept_sample(const struct subject *subject, const char *environment, const struct values *values,
                  const char *name, json_t *rule);

#endif
