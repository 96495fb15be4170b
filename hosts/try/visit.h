/* SPDX-License-Identifier: MIT */
/* A person's browser in small, for the sandbox's pages: it follows redirects and sends on forms that send themselves. */
#ifndef TRY_VISIT_H
#define TRY_VISIT_H

#include "tree.h"

#include <fob/fob.h>

/*
 * Opens url and goes on until the browser is sent to redirect_uri: the whole URI with what came along as its query, wherever
 * it stood. NULL with the reason in *error. The caller frees it.
 */
char *visit(fob_session *session, const char *url, const char *redirect_uri, struct fob_error *error);

#endif
