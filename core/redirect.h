/* SPDX-License-Identifier: MIT */
/* Reading the redirect that comes back from the authorization endpoint (RFC 6749 section 4.1.2). Pure. */
#ifndef CORE_REDIRECT_H
#define CORE_REDIRECT_H

#include "pairs.h"

/*
 * Cuts the query of a redirect, given whole or as path and query, into its decoded parameters. A parameter that comes
 * twice is kept twice, for fob_redirect_find to count. Errors: FOB_E_LIMIT (longer than FOB_MAX_REDIRECT),
 * FOB_E_PROTOCOL (a broken percent-encoding, a NUL, not UTF-8), FOB_E_MEMORY.
 */
struct fob_redirect {
    struct fob_pair *v; /* owned, wiped by fob_redirect_free */
    size_t n;
};
fob_err fob_redirect_parse(const char *uri, size_t len, struct fob_redirect *ret, struct fob_error *error);
/* A copy of its own. Errors: FOB_E_MEMORY. */
fob_err fob_redirect_copy(const struct fob_redirect *from, struct fob_redirect *ret, struct fob_error *error);
void fob_redirect_free(struct fob_redirect *redirect);

/* How often a parameter came; *ret_value is the first one's value, or NULL. RFC 6749 section 3.1 allows once. */
size_t fob_redirect_find(const struct fob_redirect *redirect, const char *name, const char **ret_value);

#endif
