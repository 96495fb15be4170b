/* SPDX-License-Identifier: MIT */
/* Logging out: revoke at the provider where it can be told, then forget. */
#include "../binding.h"
#include "../cleanup.h"
#include "../error.h"
#include "driver.h"

static fob_err has_revocation(const fob_connection *connection, fob_provider *provider, bool *ret,
                              struct fob_error *error)
{
    struct fob_binding binding = {0};
    fob_auto_free char *url = NULL;
    const char *environment = fob_connection_environment(connection);
    fob_err err = fob_binding_init(&binding, provider, *environment ? environment : NULL,
                                   fob_client_id(connection->client), connection->variables.v,
                                   connection->variables.n, error);
    if (err == FOB_OK)
        err = fob_binding_endpoint(&binding, "revocation_endpoint", &url, error);
    if (err == FOB_OK)
        *ret = url != NULL || provider->d.revoke.request.endpoint;
    fob_binding_free(&binding);
    return err;
}

static fob_err revoke(fob_session *session, const fob_connection *connection, int *ret_revoked,
                      struct fob_error *error)
{
    fob_auto_provider *provider = NULL;
    fob_auto_flow *flow = NULL;
    struct fob_flow_setup setup = {0};
    bool can = false;
    fob_err err = fob_find_provider(session, fob_connection_provider(connection), &provider, error);
    if (err == FOB_OK)
        err = has_revocation(connection, provider, &can, error);
    if (err != FOB_OK || !can)
        return err;
    err = fob_driver_setup(session, connection, provider, &setup, error);
    if (err == FOB_OK)
        err = fob_flow_revoke(&setup.params, connection->token, &flow, error);
    if (err == FOB_OK)
        err = fob_driver_run(session, flow, NULL, NULL, error);
    if (err == FOB_OK)
        *ret_revoked = 1;
    fob_driver_setup_free(&setup);
    return err;
}

fob_err fob_log_out(fob_session *session, const char *name, unsigned flags, int *ret_revoked,
                    struct fob_error *error)
{
    struct fob_kept kept;
    int revoked = 0;
    if (!session || !name || (flags & ~FOB_LOGOUT_FORGET))
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_log_out: an argument is missing or unknown");
    fob_err err = fob_keep_read(session, name, &kept, error);
    if (err != FOB_OK)
        return err;
    /* What cannot be forgotten here is not revoked there. */
    err = fob_driver_store(session, true, error);
    bool may_forget = err == FOB_OK;
    if (may_forget)
        err = revoke(session, kept.connection, &revoked, error);
    fob_connection_unref(&kept.connection);
    if (may_forget && (err == FOB_OK || (flags & FOB_LOGOUT_FORGET)))
        err = session->store->remove(session->store_self, name, error);
    if (err == FOB_OK && ret_revoked)
        *ret_revoked = revoked;
    return err;
}
