/* SPDX-License-Identifier: MIT */
/* What an OAuth 1.0a signature covers, and how it is written: RFC 5849 sections 3.4.1 and 3.5.1. */
#ifndef OAUTH1_H
#define OAUTH1_H

#include <fob/http.h>
#include <stddef.h>

/*
 * The signature base string of section 3.4.1: method, URL and the parameters of header field and body, not encoded. Those
 * in the URL's query are added. The caller frees it. NULL when there is no memory, or the URL has no host.
 */
char *oauth1_base_string(const char *method, const char *url, const struct fob_pair *params, size_t n);

/* text as section 3.6 encodes it; the caller frees it. NULL when there is no memory. */
char *oauth1_encode(const char *text);

/* The field "Authorization" with the first n params: OAuth a="b", …. The caller frees it. NULL when there is no memory. */
char *oauth1_header(const struct fob_pair *params, size_t n);

#endif
