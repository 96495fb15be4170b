/* SPDX-License-Identifier: MIT */
/* What a program prints, without a shell in between. */
#ifndef CORE_IO_COMMAND_H
#define CORE_IO_COMMAND_H

#include "../buf.h"
#include "../descriptor.h"

/*
 * Runs argv (found by PATH), with our terminal so that it may ask for a passphrase, for FOB_COMMAND_TIMEOUT_MS at most.
 * Errors: FOB_E_CONFIG (cannot be run, fails, takes too long), FOB_E_LIMIT (prints more than out takes), FOB_E_SYSTEM.
 */
fob_err fob_command_output(const struct fob_strings *argv, struct fob_buf *out, struct fob_error *error);

#endif
