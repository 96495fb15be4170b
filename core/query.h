/* SPDX-License-Identifier: MIT */
/* The query of a URL as it is written. */
#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include <fob/error.h>

/*
 * Puts the parameters of the query, or of the one behind a route in the fragment ("#/…"), in the order of their decoded
 * names, each as it is written; those of one name stay as they are. It is done in place. Errors: FOB_E_MEMORY.
 */
fob_err fob_query_sort(char *url, struct fob_error *error);

#endif
