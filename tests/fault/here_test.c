/* SPDX-License-Identifier: MIT */
/* A token request to HERE while every allocation fails once, those of the plugin that signs it too. */
#include "faults.h"
#include "linked_plugin.h"

static fob_provider *provider;
static fob_client *client;

static fob_err get_token(void)
{
    static const char *const scope[] = {"hrn:here:authorization::org1:project/p1"};
    struct fob_flow_params params = params_for(provider, client, scope);
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_flow *flow = NULL;
    fob_err err = fob_flow_client_credentials(&params, &flow, &error);
    if (err == FOB_OK)
        err = drive_bare(flow, &error);
    return err;
}

Test(fault, a_request_is_signed_or_not_sent)
{
    provider = bundled("here", "");
    client = client_with(SECRET);
    fail_each_allocation("here", get_token, 30);
    fob_provider_unref(&provider);
    fob_client_free(&client);
}
