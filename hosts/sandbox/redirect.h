/* SPDX-License-Identifier: MIT */
/* Redirect URIs: which are taken, and the way back through one. */
#ifndef SANDBOX_REDIRECT_H
#define SANDBOX_REDIRECT_H

#include "sandbox.h"

/* Why the URI is not taken, or NULL: as registration.redirect_uri says, else plain http to this machine. */
const char *redirect_problem(const struct sandbox *sandbox, const char *uri);

/* The CSP source that lets a form be answered with a redirect there. The caller drops it. */
char *redirect_csp_source(const char *uri);

/* The URI with the fields in its query, or with '#' in its fragment. The caller drops it. */
char *redirect_with(const char *uri, char begin, json_t *fields);

#endif
