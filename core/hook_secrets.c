/* SPDX-License-Identifier: MIT */
/* Finding the secrets of a flow where they must not be: in a URL, a log line, an error, a fact about a token. */
#include "hooks.h"
#include "text.h"

#include <string.h>

/* A shorter text is found in any URL by chance. */
#define MIN_SECRET 8

/* How many characters of text stand for c, 0 when they do not: c itself, or c as URLs write it. */
static size_t decodes_to(const char *text, char c)
{
    int high = *text == '%' ? fob_hex_digit(text[1]) : -1;
    int low = high >= 0 ? fob_hex_digit(text[2]) : -1;
    if (low >= 0 && (char)(high * 16 + low) == c)
        return 3;
    return *text == c || (*text == '+' && c == ' ');
}

static bool starts_with_encoded(const char *text, const char *secret)
{
    for (size_t step; *secret; text += step, secret++)
        if ((step = decodes_to(text, *secret)) == 0)
            return false;
    return true;
}

static bool holds(const char *text, const char *secret)
{
    if (!secret || strlen(secret) < MIN_SECRET)
        return false;
    bool found = strstr(text, secret) != NULL;
    for (; *text && !found; text++)
        found = starts_with_encoded(text, secret);
    return found;
}

static bool holds_token(const char *text, const fob_token *token)
{
    return token && (holds(text, fob_secret_peek(token->access, NULL)) ||
                     holds(text, fob_secret_peek(token->refresh, NULL)) ||
                     holds(text, fob_secret_peek(token->id, NULL)));
}

static bool holds_variable(const char *text, const struct fob_binding *binding)
{
    const struct fob_descriptor *d = &binding->provider->d;
    for (size_t i = 0; i < d->n_variables; i++)
        if (d->variables[i].is_secret &&
            holds(text, fob_pairs_get(&binding->variables, d->variables[i].name)))
            return true;
    return false;
}

static bool holds_kept(const char *text, const struct fob_kept_values *kept)
{
    for (size_t i = 0; kept && i < kept->values.n; i++)
        if (fob_kept_is_secret(kept, i) && holds(text, kept->values.v[i].value))
            return true;
    return false;
}

bool fob_hook_secret_in(const struct fob_call *call, const char *text)
{
    if (!text)
        return false;
    return holds(text, fob_secret_peek(fob_client_secret(call->client), NULL)) ||
           holds(text, fob_secret_peek(fob_client_key(call->client), NULL)) ||
           (call->code && holds(text, call->code->data)) ||
           (call->verifier && holds(text, call->verifier->data)) || holds_token(text, call->old) ||
           holds_token(text, call->token) || (call->granted && holds_token(text, *call->granted)) ||
           holds_variable(text, call->binding) || holds_kept(text, call->kept);
}
