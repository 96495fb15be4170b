/* SPDX-License-Identifier: MIT */
/* Any bytes as a token response, with any status: a token that holds together, or one error that says why. */
#include "flow.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static fob_flow *waiting_for_response(void)
{
    fob_flow *flow = fuzz_flow();
    char uri[256];
    int len = snprintf(uri, sizeof uri, "/callback?state=%s&code=c", fuzz_state(flow));
    if (fob_flow_feed_redirect(flow, FUZZ_NOW, uri, (size_t)len, NULL) != FOB_OK)
        abort();
    return flow;
}

static void check(fob_token *token)
{
    fob_secret *value = NULL;
    const char *name;
    if (!token || !fob_secret_len(fob_token_access(token)))
        abort();
    if (fob_token_expires_at(token) < 0 || fob_token_header(token, &name, &value, NULL) != FOB_OK)
        abort();
    if (strpbrk(fob_secret_peek(value, NULL), "\r\n"))
        abort();
    fob_secret_free(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 400, 401, 302, 429, 500, 204};
    static const char *const types[] = {"application/json", "text/html", "application/x-www-form-urlencoded",
                                        ""};
    if (size < 1)
        return 0;
    const struct fob_pair fields[] = {{"Content-Type", types[data[0] / 8 % 4]},
                                      {"Retry-After", (data[0] & 64) ? "5" : "x"}};
    struct fob_http_response response = {.size = sizeof response,
                                         .status = statuses[data[0] % 7],
                                         .fields = fields,
                                         .n_fields = 2,
                                         .body = data + 1,
                                         .body_len = size - 1};
    fob_auto_flow *flow = waiting_for_response();
    struct fob_error error = FOB_ERROR_INIT;
    fob_err err = fob_flow_feed_response(flow, FUZZ_NOW, &response, &error);
    if (err == FOB_OK)
        check(fob_flow_token(flow));
    else if (fob_flow_token(flow) || !*error.what || err == FOB_E_MEMORY) /* there is memory */
        abort();
    return 0;
}
