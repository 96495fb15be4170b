/* SPDX-License-Identifier: MIT */
/* A table of fields written down: for editors (JSON Schema), for readers (reference) and to begin with (template). */
#ifndef CORE_DOCUMENT_H
#define CORE_DOCUMENT_H

#include "buf.h"
#include "fields.h"

#include <jansson.h>

/* What fails is kept in out. */
void fob_write_schema(const struct fob_table *table, const char *title, struct fob_buf *out);
void fob_write_reference(const struct fob_table *table, struct fob_buf *out);
/* The functions that expressions may call, as an scdoc list. */
void fob_write_functions(struct fob_buf *out);
void fob_write_template(const struct fob_table *table, struct fob_buf *out);

#endif
