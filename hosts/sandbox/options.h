/* SPDX-License-Identifier: MIT */
/* The options, as they are written. */
#ifndef SANDBOX_OPTIONS_H
#define SANDBOX_OPTIONS_H

#include "sandbox.h"

/* -1: go on; else the exit code: 0 after --help, 2 for a mistake, which is told. */
int options_read(struct settings *settings, int argc, char **argv);

#endif
