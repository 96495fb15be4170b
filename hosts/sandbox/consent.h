/* SPDX-License-Identifier: MIT */
/* The person's answer. */
#ifndef SANDBOX_CONSENT_H
#define SANDBOX_CONSENT_H

#include "sandbox.h"

/* Asks, or with --auto-consent says yes at once. */
void consent_ask(struct sandbox *sandbox, const struct visit *visit, struct grant *grant,
                 struct reply *reply);

#endif
