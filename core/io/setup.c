/* SPDX-License-Identifier: MIT */
/* What a flow for a connection runs with. */
#include "../cleanup.h"
#include "../error.h"
#include "driver.h"
#include "registry.h"

#include <sodium.h>
#include <string.h>

/* Cuts the copy of the scope list into words, in place. */
static fob_err split_scopes(const char *scope, struct fob_flow_setup *setup, struct fob_error *error)
{
    if (!(setup->scope_text = fob_strdup(scope)))
        return fob_no_memory(error);
    const char *rest = setup->scope_text;
    size_t len, n = 0;
    for (const char *word; (word = fob_next_word(&rest, &len));) {
        if (n == FOB_MAX_SCOPES)
            return fob_fail(error, FOB_E_LIMIT, NULL, "more than %d scopes", FOB_MAX_SCOPES);
        setup->scopes[n++] = word;
        char *end = setup->scope_text + (word - setup->scope_text) + len;
        if (*end) {
            *end = '\0';
            rest = end + 1;
        }
    }
    setup->params.scopes = n ? setup->scopes : NULL;
    setup->params.n_scopes = n;
    return FOB_OK;
}

fob_err fob_driver_setup(fob_session *session, const fob_connection *connection, fob_provider *provider,
                         struct fob_flow_setup *ret, struct fob_error *error)
{
    fob_err err = fob_random(ret->seed, sizeof ret->seed, error);
    /* A client with a key may want to sign where the descriptor leaves the choice to it. */
    if (err == FOB_OK && fob_client_key(connection->client))
        err = fob_registry_attach_jose(&session->paths, provider, error);
    if (err != FOB_OK)
        return err;
    const char *environment = fob_connection_environment(connection);
    ret->params = (struct fob_flow_params){.size = sizeof ret->params,
                                           .provider = provider,
                                           .client = connection->client,
                                           .environment = *environment ? environment : NULL,
                                           .variables = connection->variables.v,
                                           .n_variables = connection->variables.n,
                                           .redirect_uri = fob_connection_redirect_uri(connection),
                                           .seed = ret->seed,
                                           .log = session->log};
    return split_scopes(fob_connection_scope(connection), ret, error);
}

void fob_driver_setup_free(struct fob_flow_setup *setup)
{
    free(setup->scope_text);
    sodium_memzero(setup, sizeof *setup);
}
