/* SPDX-License-Identifier: MIT */
/* A descriptor as JSON, for programs that show it or try it. */
#ifndef CORE_DESCRIBE_H
#define CORE_DESCRIBE_H

#include "inherit.h"

/* What fob_descriptor_json (session.h) promises. *ret_json is the caller's. */
fob_err fob_describe(const char *text, size_t len, const char *file, struct fob_bases *bases, char **ret_json,
                     struct fob_error *error);

#endif
