/* SPDX-License-Identifier: MIT */
/* What fob new asks a person for where nothing was given. */
#ifndef CLI_QUESTIONS_H
#define CLI_QUESTIONS_H

#include "cli.h"

/* What a person types at a terminal, or NULL: nothing, or nobody there. The caller's. */
char *ask(const char *question);

/*
 * How the client authenticates, into the metadata; scopes, the array; and into said, by the names of struct draft, all else.
 * EXIT_OK, or EXIT_USAGE with the reason told.
 */
int settle_auth(const struct args *args, json_t *metadata);
int settle_scopes(const struct args *args, json_t *said, json_t *scopes);
int settle_registration(const struct args *args, json_t *said);
/* What there is only where a person logs in. */
int settle_person(const struct args *args, json_t *metadata, json_t *said);

#endif
