/* SPDX-License-Identifier: MIT */
/* The rules about what fob sends by itself: that it arrives, once, and under a name of its own. */
#ifndef CORE_RULES_SENT_H
#define CORE_RULES_SENT_H

#include "problems.h"
#include "yamltree.h"

/* Errors only. */
void fob_rules_sent(const struct fob_descriptor *d, const struct fob_yaml *root,
                    struct fob_problems *problems);

#endif
