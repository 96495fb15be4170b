/* SPDX-License-Identifier: MIT */
/* What the server says of itself (RFC 8414, OpenID Connect Discovery). */
#ifndef SANDBOX_METADATA_H
#define SANDBOX_METADATA_H

#include "sandbox.h"

/* The document as a new JSON object. */
json_t *metadata_document(const struct sandbox *sandbox);

/* The same as a descriptor for fob, in YAML. The caller drops it. */
char *metadata_descriptor(const struct sandbox *sandbox);

#endif
