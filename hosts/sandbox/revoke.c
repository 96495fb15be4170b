/* SPDX-License-Identifier: MIT */
/* The revocation endpoint (RFC 7009). */
#include "client.h"
#include "reply.h"

void revoke_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct params form = {0};
    if (!client_request(sandbox, request, &form, reply)) {
        params_free(&form);
        return;
    }
    const char *token = params_get(&form, "token");
    if (!token) {
        reply_oauth_error(reply, 400, "invalid_request", "token is missing");
    } else {
        /* Section 2.1: a refresh token takes its access tokens with it. The hint is only a hint. */
        struct record *refresh = store_find(&sandbox->store, RECORD_REFRESH, token);
        struct record *access = store_find(&sandbox->store, RECORD_ACCESS, token);
        if (refresh)
            refresh->grant->revoked = true;
        if (access)
            access->used = true;
        reply->status = 200; /* section 2.2: an unknown token is as good as revoked */
    }
    params_free(&form);
}
