/* SPDX-License-Identifier: MIT */
/* The descriptor language: the table that the reader, the schema and the reference are made from. */
#ifndef CORE_LANGUAGE_H
#define CORE_LANGUAGE_H

#include "fields.h"

/* Of a whole descriptor: struct fob_descriptor. */
extern const struct fob_table fob_language;

/* Of the metadata block: struct fob_metadata. */
extern const struct fob_table fob_metadata_table;

#endif
