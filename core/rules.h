/* SPDX-License-Identifier: MIT */
/* What no single key can tell: how the keys of a descriptor fit together. */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include "problems.h"
#include "yamltree.h"

/* Errors, and with `advise` the warnings of a careful reviewer. root is what the descriptor was read from. */
void fob_rules_check(const struct fob_descriptor *descriptor, const struct fob_yaml *root, bool advise,
                     struct fob_problems *problems);

#endif
