/* SPDX-License-Identifier: MIT */
/* A login in fake time, for the targets that feed it what a server or browser could. */
#ifndef FUZZ_FLOW_H
#define FUZZ_FLOW_H

#include "cleanup.h"

#include <stdlib.h>
#include <string.h>

#define FUZZ_NOW 1700000000000

static inline fob_flow *fuzz_flow(void)
{
    static const char yaml[] =
        "fob: 1\nissuer: https://a.example\nauthorization_endpoint: https://a.example/a\n"
        "token_endpoint: https://a.example/t\n";
    static const unsigned char seed[FOB_FLOW_SEED] = {1};
    static const char *const scopes[] = {"openid"};
    fob_auto_provider *provider = NULL;
    fob_auto_client *client = NULL;
    fob_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    if (fob_provider_parse(yaml, sizeof yaml - 1, "a.yaml", &provider, NULL) != FOB_OK ||
        fob_client_new("id", NULL, &client, NULL) != FOB_OK)
        abort();
    params.provider = provider;
    params.client = client;
    params.seed = seed;
    params.scopes = scopes;
    params.n_scopes = 1;
    params.redirect_uri = "http://127.0.0.1:1/callback";
    if (fob_flow_authorization_code(&params, &flow, NULL) != FOB_OK ||
        fob_flow_next(flow, FUZZ_NOW, &action, NULL) != FOB_OK)
        abort();
    return flow;
}

/* The state that the flow wants back, as it stands in its URL. */
static inline const char *fuzz_state(fob_flow *flow)
{
    static char state[64];
    struct fob_action action = FOB_ACTION_INIT;
    if (fob_flow_next(flow, FUZZ_NOW, &action, NULL) != FOB_OK)
        abort();
    const char *at = strstr(action.url, "state=");
    if (!at)
        abort();
    memcpy(state, at + 6, 43);
    return state;
}

#endif
