/* SPDX-License-Identifier: MIT */
/* Asking the provider whether a token is good. */
#include "../cleanup.h"
#include "../error.h"
#include "driver.h"

static fob_err run(fob_session *session, const fob_connection *connection, struct fob_error *error)
{
    fob_auto_provider *provider = NULL;
    fob_auto_flow *flow = NULL;
    struct fob_flow_setup setup = {0};
    fob_err err = fob_find_provider(session, fob_connection_provider(connection), &provider, error);
    if (err == FOB_OK)
        err = fob_driver_setup(session, connection, provider, &setup, error);
    if (err == FOB_OK)
        err = fob_flow_verify(&setup.params, connection->token, &flow, error);
    if (err == FOB_OK)
        err = fob_driver_run(session, flow, NULL, NULL, error);
    fob_driver_setup_free(&setup);
    return err;
}

fob_err fob_verify_token(fob_session *session, const char *name, struct fob_error *error)
{
    struct fob_kept kept = {0};
    fob_auto_token *token = NULL;
    if (!session || !name)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_verify_token: an argument is missing");
    fob_err err = fob_get_token(session, name, 0, &token, error);
    if (err == FOB_OK)
        err = fob_keep_read(session, name, &kept, error);
    if (err == FOB_OK)
        err = run(session, kept.connection, error);
    fob_connection_unref(&kept.connection);
    return err;
}
