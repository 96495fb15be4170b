/* SPDX-License-Identifier: MIT */
/* What was probably meant where YAML cannot be read. */
#ifndef CORE_YAMLHINT_H
#define CORE_YAMLHINT_H

#include "descriptor.h"

/* Writes the fix for an error at that place of text[len]; false, and nothing, where nothing is known. */
bool fob_yaml_hint(const char *text, size_t len, struct fob_mark at, char *fix, size_t size);

#endif
