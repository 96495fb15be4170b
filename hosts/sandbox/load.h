/* SPDX-License-Identifier: MIT */
/* Descriptors from files: looked up, checked, and joined with what they extend. */
#ifndef SANDBOX_LOAD_H
#define SANDBOX_LOAD_H

#include <jansson.h>

/*
 * The descriptor in a file or, where there is no such file, of a provider's id; with what it extends below it.
 * provider_path names folders, separated by colons, and may be NULL: those of fob. NULL when it could not be had;
 * the reason is told then.
 */
json_t *load_descriptor(const char *file_or_id, const char *provider_path);

#endif
