/* SPDX-License-Identifier: MIT */
/* What goes back to the client by the browser, under the names and in the way that the descriptor says. */
#ifndef SANDBOX_CALLBACK_H
#define SANDBOX_CALLBACK_H

#include "sandbox.h"

/* Sends the browser back with a new code and what else the provider tells. */
void callback_allow(struct sandbox *sandbox, const struct visit *visit, struct grant *grant,
                    struct reply *reply);

/* Sends it back with an error of RFC 6749 section 4.1.2.1, in the provider's word. */
void callback_refuse(struct sandbox *sandbox, const struct visit *visit, const struct grant *grant,
                     const char *code, const char *why, struct reply *reply);

#endif
