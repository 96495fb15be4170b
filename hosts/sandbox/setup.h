/* SPDX-License-Identifier: MIT */
/* How the server is asked to behave: by its options and by a descriptor. */
#ifndef SANDBOX_SETUP_H
#define SANDBOX_SETUP_H

#include "sandbox.h"

/* -1: go on; else the exit code: 0 after --help, 2 for a mistake, which is told. */
int setup_options(struct settings *settings, int argc, char **argv);

/* Everything but the settings, once the port is known. 0, or the exit code of what was told. */
int setup_sandbox(struct sandbox *sandbox);

#endif
