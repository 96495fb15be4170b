/* SPDX-License-Identifier: MIT */
/* What is in the URLs and lists that people paste. */
#ifndef CLI_PASTED_H
#define CLI_PASTED_H

#include <jansson.h>

/*
 * An authorization URL without the parameters that fob sends itself, whose values are put into taken by their names. The
 * caller's. A query behind a page's own route (#/…) is looked at too.
 */
char *pasted_url(const char *url, json_t *taken);

/*
 * Scopes out of a list: separated by what *separator says, or, while that is NULL, by spaces or commas: where there were
 * commas, it becomes ",". Adds to scopes.
 */
void pasted_scopes(const char *list, const char **separator, json_t *scopes);

/* Adds each plain {name} in the URL to variables, with "example" and "pattern" for where it stands. */
void pasted_variables(const char *url, json_t *variables);

/* The URL's host, variables and all, as `hosts` has it. The caller's. */
char *pasted_host(const char *url);

#endif
