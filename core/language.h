/* SPDX-License-Identifier: MIT */
/* The descriptor language: the tables that the reader, the schema and the reference are made from. */
#ifndef CORE_LANGUAGE_H
#define CORE_LANGUAGE_H

#include "fields.h"

/* Of a whole descriptor: struct fob_descriptor. */
extern const struct fob_table fob_language;

/* language_words.c: what other tools call its keys. */
extern const struct fob_word fob_language_words[];

/* Of the metadata block: struct fob_metadata. */
extern const struct fob_table fob_metadata_table;
/* The maps of a descriptor that hold metadata: the whole with before NULL, then each environment; NULL at the end. */
const struct fob_yaml *fob_metadata_next(const struct fob_yaml *root, const struct fob_yaml *before);

/* language_request.c: the inside of every request, and what is kept of a callback. */
extern const struct fob_table fob_request_table, fob_callback_keep_table;
/* What the provider's word for an error may mean; ended by a NULL word. */
extern const struct fob_choice fob_error_classes[];

/* language_flow.c and language_facts.c: the blocks at the top. */
extern const struct fob_table fob_authorize_table, fob_callback_table, fob_refresh_table, fob_step_table,
    fob_revoke_table;
extern const struct fob_table fob_identity_table, fob_lifetimes_table, fob_registration_table, fob_test_table;

#endif
