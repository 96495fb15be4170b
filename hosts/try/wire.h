/* SPDX-License-Identifier: MIT */
/* Parameters as they go over the wire. */
#ifndef TRY_WIRE_H
#define TRY_WIRE_H

#include "tree.h"

/*
 * All of a form or query, in order, one that is there twice, twice: objects with "name", "value" (decoded) and "wire": as it
 * is sent, but with the escapes decoded that nothing else could be meant by. A space stays + or %20, a plus %2B, and so on.
 */
json_t *wire_params(const char *text, size_t len);

/* Those of a URL's query before its fragment; and of that behind a page's own route (#/…). */
json_t *wire_query(const char *url);
json_t *wire_route_query(const char *url);

/* The URL without both of them, its fragment with it; the caller's. */
char *wire_url(const char *url);

#endif
