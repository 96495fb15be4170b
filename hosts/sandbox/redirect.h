/* SPDX-License-Identifier: MIT */
/* Redirect URIs: which are taken, and the way back through one. */
#ifndef SANDBOX_REDIRECT_H
#define SANDBOX_REDIRECT_H

#include "sandbox.h"

/* RFC 8252 section 7.3: plain http to this machine, any port; no user, no fragment (RFC 6749 section 3.1.2). */
bool redirect_is_loopback(const char *uri);

/* The CSP source that lets a form be answered with a redirect there. The caller drops it. */
char *redirect_csp_source(const char *uri);

/* Sends the browser back with name=value, the grant's state, and who we are (RFC 9207). description may be NULL. */
void redirect_back(const struct sandbox *sandbox, const struct grant *grant, struct reply *reply,
                   const char *name, const char *value, const char *description);

#endif
