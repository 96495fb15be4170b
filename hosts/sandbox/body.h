/* SPDX-License-Identifier: MIT */
/* Parameters in the body of a request: a form, JSON, or XML. */
#ifndef SANDBOX_BODY_H
#define SANDBOX_BODY_H

#include "sandbox.h"

/*
 * Reads the body by its encoding ("form", "json", "xml", or "query": there has to be none). root is the element that
 * XML has to be in. NULL, or what is wrong with it.
 */
const char *body_read(const struct request *request, const char *encoding, const char *root,
                      struct params *params);

#endif
