/* SPDX-License-Identifier: MIT */
/* A connection's inside: what is sealed into the store, and back. Pure. */
#ifndef CORE_CONNECTION_H
#define CORE_CONNECTION_H

#include "pairs.h"
#include "text.h"
#include "tokens.h"

#include <fob/client.h>
#include <fob/session.h>

/* What was granted, to whom, through which client. Frozen once others hold a reference. */
struct fob_connection {
    int refs; /* atomic */
    char *name, *provider, *environment, *grant, *scope, *dead_reason;
    char *redirect_uri; /* of the login, or "": some providers want it with each refresh */
    fob_client *client; /* as it was when the grant was made; clients.yaml may hold a newer credential */
    struct fob_pairs variables; /* all of them */
    struct fob_pairs shown;     /* the same, secret ones empty */
    int64_t created_at;
    fob_token *token;
};

/* An empty one with one reference; NULL when out of memory. */
fob_connection *fob_connection_new(void);

/*
 * A copy that shares client and tokens' values but has another token (a reference is taken) and another reason to be
 * dead (NULL or "" for none). Errors: FOB_E_MEMORY.
 */
fob_err fob_connection_with(const fob_connection *old, fob_token *token, const char *dead_reason,
                            fob_connection **ret_connection, struct fob_error *error);

/* Of the login, or NULL. */
const char *fob_connection_redirect_uri(const fob_connection *connection);

/* The plain text that is sealed, into a buffer that is wiped by its owner. Errors: FOB_E_MEMORY, FOB_E_LIMIT. */
fob_err fob_connection_write(const fob_connection *connection, struct fob_buf *out, struct fob_error *error);

/* Errors: FOB_E_STORE when it is not what fob_connection_write wrote, FOB_E_MEMORY. */
fob_err fob_connection_read(const char *name, const char *text, size_t len, fob_connection **ret_connection,
                            struct fob_error *error);

#endif
