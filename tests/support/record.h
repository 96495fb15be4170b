/* SPDX-License-Identifier: MIT */
/* What fob_testing calls with every error that it fills; tests call it for errors that come from plugins. */
#ifndef TEST_RECORD_H
#define TEST_RECORD_H

#include <fob/error.h>

void fob_error_made(fob_err code);

#endif
