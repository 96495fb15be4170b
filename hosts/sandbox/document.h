/* SPDX-License-Identifier: MIT */
/* YAML to a tree and back: the strict subset that descriptors are written in. */
#ifndef SANDBOX_DOCUMENT_H
#define SANDBOX_DOCUMENT_H

#include <jansson.h>
#include <stddef.h>

/* A new tree, or NULL with *ret_problem saying why in a sentence that stays. */
json_t *document_read(const char *text, size_t len, const char **ret_problem);

/* A map as a document. The caller drops it. */
char *document_write(json_t *map);

#endif
