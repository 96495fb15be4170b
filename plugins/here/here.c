/* SPDX-License-Identifier: MIT */
/* HERE: an OAuth 2.0 token request that is signed as OAuth 1.0a has it (RFC 5849), with HMAC-SHA256. */
#include "oauth1.h"

#include <fob/plugin.h>
#include <fob/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PARAMS 256 /* in one request */
#define N_OWN 5        /* parameters that OAuth 1.0a adds, the signature aside */

struct signing {
    struct fob_call *call;
    const struct fob_host *host;
    char nonce[33], timestamp[24], signature[48];
    struct fob_pair params[MAX_PARAMS];
    size_t n;
};

static int no_memory(const struct signing *s)
{
    return s->host->fail(s->call, FOB_E_MEMORY, "out of memory");
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

/* Fresh for every request, and one value in two places: what is signed and what is sent. Section 3.3. */
static fob_err make_nonce(struct signing *s)
{
    unsigned char bytes[16];
    fob_err err = s->host->random(s->call, bytes, sizeof bytes);
    for (size_t i = 0; err == FOB_OK && i < sizeof bytes; i++)
        snprintf(s->nonce + 2 * i, 3, "%02x", bytes[i]);
    return err;
}

static fob_err add_own(struct signing *s)
{
    const struct fob_pair own[N_OWN] = {{"oauth_consumer_key", s->host->value(s->call, "client_id")},
                                        {"oauth_nonce", s->nonce},
                                        {"oauth_signature_method", "HMAC-SHA256"},
                                        {"oauth_timestamp", s->timestamp},
                                        {"oauth_version", "1.0"}};
    snprintf(s->timestamp, sizeof s->timestamp, "%lld", (long long)(s->host->now(s->call) / 1000));
    memcpy(s->params, own, sizeof own);
    s->n = N_OWN;
    return make_nonce(s);
}

/* All that is sent beside, whatever descriptor and host made of it. */
static fob_err add_sent(struct signing *s)
{
    const char *name, *value;
    for (size_t i = 0; (name = s->host->param_at(s->call, i, &value)); i++) {
        if (s->n == MAX_PARAMS)
            return FOB_E_LIMIT;
        s->params[s->n++] = (struct fob_pair){name, value};
    }
    return FOB_OK;
}

/* Base64 from what the host offers, base64url without padding. */
static void write_base64(const struct signing *s, const unsigned char mac[32], char out[48])
{
    s->host->base64url(mac, 32, out);
    for (char *c = out; *c; c++)
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    memcpy(out + 43, "=", 2); /* 32 bytes are 43 characters */
}

/* Section 3.4.2, with SHA-256: the key is the secret, and behind the "&" no token's. */
static int make_signature(struct signing *s, const char *secret)
{
    unsigned char mac[32];
    const char *url = s->host->value(s->call, "endpoint"); /* NULL when there was no memory to lend it */
    char *base = url ? oauth1_base_string(s->host->value(s->call, "method"), url, s->params, s->n) : NULL;
    char *encoded = oauth1_encode(secret), *key = NULL;
    size_t len = encoded ? strlen(encoded) : 0;
    if (base && encoded && (key = malloc(len + 2))) {
        snprintf(key, len + 2, "%s&", encoded);
        s->host->hmac_sha256(key, len + 1, base, strlen(base), mac);
        write_base64(s, mac, s->signature);
    }
    int made = key != NULL;
    wipe(base);
    wipe(encoded);
    wipe(key);
    return made ? FOB_HOOK_DONE : no_memory(s);
}

static int set_header(struct signing *s)
{
    s->params[N_OWN] = (struct fob_pair){"oauth_signature", s->signature};
    char *header = oauth1_header(s->params, N_OWN + 1);
    if (!header)
        return no_memory(s);
    fob_err err = s->host->set_header(s->call, "Authorization", header);
    wipe(header);
    return err == FOB_OK ? FOB_HOOK_DONE : s->host->fail(s->call, err, "the signature could not be set");
}

static int sign(struct signing *s, const char *secret)
{
    fob_err err = add_own(s);
    if (err == FOB_OK)
        err = add_sent(s);
    if (err != FOB_OK)
        return s->host->fail(s->call, err, "the request has too many parameters to be signed");
    int result = make_signature(s, secret);
    return result == FOB_HOOK_DONE ? set_header(s) : result;
}

/* Requests for a token; whatever else a descriptor that extends this one asks for is left alone. */
static int request(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    if (host->size < offsetof(struct fob_host, param_at) + sizeof host->param_at)
        return host->fail(call, FOB_E_PLUGIN, "this fob is too old for it; 1.2 of the plugin ABI is needed");
    if (!host->param(call, "grant_type"))
        return FOB_HOOK_NEXT;
    const char *secret = host->value(call, "client_secret");
    if (!secret)
        return host->fail(call, FOB_E_CONFIG,
                          "the client has no secret to sign with; it is the access key secret of the "
                          "app's credentials");
    struct signing signing = {.call = call, .host = host};
    return sign(&signing, secret);
}

static const struct fob_provider_hooks hooks = {.size = sizeof hooks, .request = request};

static const struct fob_plugin plugin = {.abi_major = FOB_PLUGIN_ABI_MAJOR,
                                         .abi_minor = FOB_PLUGIN_ABI_MINOR,
                                         .size = sizeof plugin,
                                         .id = "here",
                                         .role = FOB_ROLE_PROVIDER,
                                         .version = FOB_VERSION,
                                         .summary = "signs token requests with OAuth 1.0a, for HERE",
                                         .provider = &hooks};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn fob_plugin_v1;

const struct fob_plugin *fob_plugin_v1(void)
{
    return &plugin;
}
