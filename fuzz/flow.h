/* SPDX-License-Identifier: MIT */
/* A login in fake time, for the targets that feed it what a server or browser could. */
#ifndef FUZZ_FLOW_H
#define FUZZ_FLOW_H

#include "cleanup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUZZ_NOW 1700000000000

#define FUZZ_SECRET "s3cret-of-the-client"

static inline void require(bool holds)
{
    if (!holds)
        abort();
}

static inline fob_provider *fuzz_provider(const char *yaml)
{
    fob_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    if (fob_provider_parse(yaml, strlen(yaml), "a.yaml", &provider, &error) != FOB_OK) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    return provider;
}

/* A login that waits for its redirect; secret and scope may be NULL. */
static inline fob_flow *fuzz_flow_of(fob_provider *provider, const char *secret_text, const char *scope)
{
    static const unsigned char seed[FOB_FLOW_SEED] = {1};
    fob_auto_client *client = NULL;
    fob_auto_secret *secret = NULL;
    fob_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    if (secret_text && fob_secret_new(secret_text, strlen(secret_text), &secret, NULL) != FOB_OK)
        abort();
    if (fob_client_new("id", secret, &client, NULL) != FOB_OK)
        abort();
    params.provider = provider;
    params.client = client;
    params.seed = seed;
    params.scopes = &scope;
    params.n_scopes = scope ? 1 : 0;
    params.redirect_uri = "http://127.0.0.1:1/callback";
    if (fob_flow_authorization_code(&params, &flow, NULL) != FOB_OK ||
        fob_flow_next(flow, FUZZ_NOW, &action, NULL) != FOB_OK)
        abort();
    return flow;
}

static inline fob_flow *fuzz_flow(void)
{
    static const char yaml[] =
        "fob: 1\nissuer: https://a.example\nauthorization_endpoint: https://a.example/a\n"
        "token_endpoint: https://a.example/t\n";
    fob_auto_provider *provider = fuzz_provider(yaml);
    return fuzz_flow_of(provider, NULL, "openid");
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
