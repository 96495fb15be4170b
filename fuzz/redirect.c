/* SPDX-License-Identifier: MIT */
/* Any bytes as a redirect, bare and behind the right state: never a token, never a crash, and a forged one ends nothing. */
#include "flow.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed_bare(const char *text, size_t size)
{
    fob_auto_flow *flow = fuzz_flow();
    struct fob_action action = FOB_ACTION_INIT;
    fob_err err = fob_flow_feed_redirect(flow, FUZZ_NOW, text, size, NULL);
    if (err == FOB_OK || fob_flow_token(flow))
        abort();
    if (fob_flow_next(flow, FUZZ_NOW, &action, NULL) != FOB_OK || action.want != FOB_WANT_REDIRECT)
        abort();
}

static void feed_with_state(const char *text, size_t size)
{
    fob_auto_flow *flow = fuzz_flow();
    char *uri = malloc(size + 128);
    if (!uri)
        return;
    int len = snprintf(uri, 128, "/callback?state=%s&", fuzz_state(flow));
    memcpy(uri + len, text, size);
    fob_flow_feed_redirect(flow, FUZZ_NOW, uri, (size_t)len + size, NULL);
    if (fob_flow_token(flow))
        abort();
    free(uri);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    feed_bare((const char *)data, size);
    feed_with_state((const char *)data, size);
    return 0;
}
