/* SPDX-License-Identifier: MIT */
/* The inside of a session: what the driver's files share. */
#ifndef CORE_IO_DRIVER_H
#define CORE_IO_DRIVER_H

#include "../connection.h"
#include "../logger.h"
#include "../plugins.h"
#include "paths.h"
#include "stores.h"

#include <fob/limits.h>

struct fob_session {
    struct fob_paths paths;
    char *proxy; /* as in struct fob_options, or NULL */
    bool in_memory;
    struct fob_logger log;
    void (*waiting)(void *user, const char *what, int64_t until); /* as in struct fob_options, or NULL */
    void *waiting_user;
    bool is_waiting; /* as the host was told */

    /* opened when first needed */
    const struct fob_store_ops *store;
    void *store_self;
    bool store_writable;
    bool has_key;
    unsigned char key[FOB_SEAL_KEY];
    const struct fob_plugin_object *transport;
    void *transport_self;
};

/* Opens the store and the key. writable makes what is missing; else a missing store is FOB_E_NOT_FOUND. */
fob_err fob_driver_store(fob_session *session, bool writable, struct fob_error *error);

/* Loads and opens the HTTP transport. */
fob_err fob_driver_transport(fob_session *session, struct fob_error *error);

/* Tells the host that we wait for something, or with what NULL that we do not any more. */
void fob_driver_waiting(fob_session *session, const char *what, int64_t until);

/* --- keeping connections (keep.c) ----------------------------------------------------------------------- */

/* A connection as read, with the state of its record. */
struct fob_kept {
    fob_connection *connection;
    uint64_t fence;
    int64_t intent_at, lease_until;
};

/* A refresh lease in hand. */
struct fob_lease {
    const char *name;
    uint64_t fence;
    int64_t until;
    bool answered; /* a request that was sent under it got an answer */
    /* Writes the token down and goes on holding a lease, or NULL. user is its own. */
    fob_err (*keep)(fob_session *session, struct fob_lease *lease, fob_token *token, struct fob_error *error);
    void *user;
};

/* FOB_E_NEEDS_LOGIN when there is none. The caller drops ret->connection. */
fob_err fob_keep_read(fob_session *session, const char *name, struct fob_kept *ret, struct fob_error *error);
/* Takes the refresh lease and reads what is there now; intent_at is that of the lease before. FOB_E_BUSY: somebody else
 * has it. */
fob_err fob_keep_lease(fob_session *session, const char *name, struct fob_kept *ret, struct fob_error *error);
/* Extends it from now. FOB_E_BUSY: it has gone to somebody else. */
fob_err fob_keep_renew(fob_session *session, struct fob_lease *lease, struct fob_error *error);
/* Ends it without writing. keep_intent: the refresh token may have been used up. */
void fob_keep_release(fob_session *session, const char *name, uint64_t fence, bool keep_intent);
/* Writes under the lease taken with that fence, and ends it. FOB_E_BUSY: it has gone to somebody else. */
fob_err fob_keep_commit(fob_session *session, const fob_connection *connection, uint64_t fence,
                        struct fob_error *error);
/* Writes whatever is there. */
fob_err fob_keep_put(fob_session *session, const fob_connection *connection, struct fob_error *error);

/* --- running flows (run.c) ------------------------------------------------------------------------------ */

/* The redirect's listener, opened on a loopback URI; ops NULL when there is none. */
struct fob_redirect_listener {
    const struct fob_listener_ops *ops;
    void *self;
};

/*
 * Opens it for a loopback http URI, to take answers in those modes (enum fob_listen_mode), and gives the URI with the port
 * it really has (freed by the caller). For any other URI ops stays NULL and *ret_uri is a copy. Errors: those of
 * fob_plugin_load and of the listener; FOB_E_PLUGIN when it takes queries only and more is asked for.
 */
fob_err fob_driver_listen(fob_session *session, const char *redirect_uri, unsigned modes,
                          struct fob_redirect_listener *ret_listener, char **ret_uri,
                          struct fob_error *error);
void fob_driver_unlisten(struct fob_redirect_listener *listener);

/* Drives the flow to its end. */
fob_err fob_driver_run(fob_session *session, fob_flow *flow, const struct fob_ui *ui,
                       const struct fob_redirect_listener *listener, struct fob_error *error);
/* The same for a flow that no person takes part in, each request under a lease that outlasts it. FOB_E_BUSY: the lease
 * was lost, and nothing more was sent. */
fob_err fob_driver_run_leased(fob_session *session, fob_flow *flow, struct fob_lease *lease,
                              struct fob_error *error);

/* Fills what a flow for this connection runs with and draws its seed. scopes is freed by the caller. */
struct fob_flow_setup {
    struct fob_flow_params params;
    unsigned char seed[FOB_FLOW_SEED];
    char *scope_text;
    const char *scopes[FOB_MAX_SCOPES];
};
fob_err fob_driver_setup(fob_session *session, const fob_connection *connection, fob_provider *provider,
                         struct fob_flow_setup *ret, struct fob_error *error);
void fob_driver_setup_free(struct fob_flow_setup *setup);

#endif
