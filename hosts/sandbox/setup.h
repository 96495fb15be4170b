/* SPDX-License-Identifier: MIT */
/* The server, made from its settings and a descriptor. */
#ifndef SANDBOX_SETUP_H
#define SANDBOX_SETUP_H

#include "sandbox.h"

/* Everything but the settings, once the port is known. 0, or the exit code of what was told. */
int setup_sandbox(struct sandbox *sandbox);

/* The private key that was made for the client, in PEM; NULL when none was. The caller drops it. */
char *setup_take_key(void);

#endif
