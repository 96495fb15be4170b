/* SPDX-License-Identifier: MIT */
/* What of a request may be told: what the descriptor spells out, and what is exactly what it has to be. */
#ifndef SANDBOX_SHOWN_H
#define SANDBOX_SHOWN_H

#include "expect.h"
#include "sandbox.h"

/*
 * A path as far as the provider has it: its own words, and a tenant's variables that are no secret. From the first that may
 * be anything on, it is masked. The caller drops it.
 */
char *shown_path(const struct sandbox *sandbox, const char *path);

/*
 * A parameter's value: as it is where it has to be so, cut where it is no secret by its name but may hold one, else masked.
 * expected and grant may be NULL. The caller drops it.
 */
char *shown_value(const struct sandbox *sandbox, const struct expected *expected, const struct grant *grant,
                  const char *value);

/* A parameter's name, which a client can get wrong too. */
const char *shown_name(const struct sandbox *sandbox, const char *name);

#endif
