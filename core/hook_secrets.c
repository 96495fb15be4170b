/* SPDX-License-Identifier: MIT */
/* Finding the secrets of a flow where they must not be: in a URL, a log line, an error, a fact about a token. */
#include "cleanup.h"
#include "hooks.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

/* A shorter text is found in any URL by chance. */
#define MIN_SECRET 8

static bool holds(const char *text, const char *secret)
{
    fob_auto_buf encoded = FOB_BUF((size_t)FOB_MAX_TOKEN * 3 + 1);
    if (!text || !secret || strlen(secret) < MIN_SECRET)
        return false;
    fob_percent_encode(&encoded, secret, strlen(secret));
    return strstr(text, secret) || encoded.failed != FOB_OK || strstr(text, encoded.data);
}

bool fob_hook_secret_in(const struct fob_call *call, const char *text)
{
    static const char *const values[] = {"code", "refresh_token", "access_token"};
    const struct fob_descriptor *d = &call->binding->provider->d;
    bool found = holds(text, fob_secret_peek(fob_client_secret(call->client), NULL));
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        found = found || holds(text, fob_pairs_get(&call->values, values[i]));
    for (size_t i = 0; i < d->n_variables; i++)
        if (d->variables[i].is_secret)
            found = found || holds(text, fob_pairs_get(&call->binding->variables, d->variables[i].name));
    return found;
}
