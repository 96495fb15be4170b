/* SPDX-License-Identifier: MIT */
/* What the server says of itself (RFC 8414, OpenID Connect Discovery). */
#ifndef SANDBOX_METADATA_H
#define SANDBOX_METADATA_H

#include "sandbox.h"

/* The document of an environment as a new JSON object; captured may be NULL. */
json_t *metadata_document(const struct sandbox *sandbox, const struct view *view, json_t *captured);

/* The descriptor of a plain server at origin, for when none was given. auth NULL: with a secret, in either way. */
json_t *metadata_plain_descriptor(const char *origin, const char *auth);

#endif
