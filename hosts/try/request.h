/* SPDX-License-Identifier: MIT */
/* What stands in a request, whatever it is written in. */
#ifndef TRY_REQUEST_H
#define TRY_REQUEST_H

#include "tree.h"

#include <fob/http.h>

/* The parameters of a URL's query, in order, and of one behind a page's own route (#/). A new object of texts. */
json_t *request_query(const char *url);
/* The same of a form without the URL. */
json_t *request_form(const char *text, size_t len);
/* The parameters of a body by its Content-Type: a form, a JSON object, or the elements below an XML root. A new object. */
json_t *request_body(const struct fob_http_request *request);
/* "form", "json", "xml", or "" for none of these. */
const char *request_encoding(const struct fob_http_request *request);
/* A header field, its name compared without case, or NULL. */
const char *request_field(const struct fob_http_request *request, const char *name);
/* The URL without query and fragment; the caller's. */
char *request_url(const char *url);

#endif
