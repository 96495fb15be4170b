/* SPDX-License-Identifier: MIT */
/* Alipay's gateway: every request is signed with the client's RSA key, every answer with Alipay's. */
#include "alipay.h"

#include <fob/plugin.h>
#include <fob/version.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PARAMS 256 /* in one request */

/* --- the request -------------------------------------------------------------------------------------------- */

/* What is signed: all that is sent, whatever descriptor and host made of it. NULL after a failure. */
static char *content_of(struct fob_call *call, const struct fob_host *host)
{
    struct fob_pair params[MAX_PARAMS];
    const char *name, *value;
    size_t n = 0;
    for (; (name = host->param_at(call, n, &value)); n++) {
        if (n == MAX_PARAMS) {
            host->fail(call, FOB_E_LIMIT, "the request has too many parameters to be signed");
            return NULL;
        }
        params[n] = (struct fob_pair){name, value};
    }
    char *content = alipay_content(params, n);
    if (!content)
        host->fail(call, FOB_E_MEMORY, "out of memory");
    return content;
}

static int sign(struct fob_call *call, const struct fob_host *host, const char *key)
{
    char time[ALIPAY_TIME_SIZE], signature[ALIPAY_SIGN_SIZE];
    alipay_time(host->now(call), time);
    fob_err err = host->set_param(call, "timestamp", time);
    char *content = err == FOB_OK ? content_of(call, host) : NULL;
    if (!content)
        return FOB_E_PLUGIN; /* what failed has been told */
    enum alipay_result result = alipay_sign(key, content, signature);
    explicit_bzero(content, strlen(content)); /* code and tokens are in it */
    free(content);
    if (result != ALIPAY_OK)
        return host->fail(
            call, FOB_E_CONFIG,
            "the client's key cannot sign; it has to be the app's RSA key of 2048 bits or more, in "
            "PEM and without a passphrase");
    return host->set_param(call, "sign", signature) == FOB_OK ? FOB_HOOK_DONE : FOB_E_PLUGIN;
}

/* The gateway's own parameter "method" tells a request to it; what goes elsewhere is left alone. */
static int request(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    if (host->size < offsetof(struct fob_host, param_at) + sizeof host->param_at)
        return host->fail(call, FOB_E_PLUGIN, "this fob is too old for it; 1.2 of the plugin ABI is needed");
    if (!host->param(call, "method"))
        return FOB_HOOK_NEXT;
    const char *key = host->value(call, "client_key");
    if (!key)
        return host->fail(
            call, FOB_E_CONFIG,
            "the client has no key to sign with; give the app's private key as the client's key");
    return sign(call, host, key);
}

/* --- the answer --------------------------------------------------------------------------------------------- */

static bool is_error(const struct alipay_answer *answer)
{
    static const char word[] = "error_response";
    return answer->name_len == sizeof word - 1 && memcmp(answer->name, word, answer->name_len) == 0;
}

static int verify(struct fob_call *call, const struct fob_host *host, const struct alipay_answer *answer)
{
    const char *key = host->value(call, "variables.alipay_public_key");
    if (!answer->sign)
        return host->fail(call, FOB_E_SECURITY, "the answer is not signed");
    switch (alipay_verify(key ? key : "", answer->signed_part, answer->signed_len, answer->sign,
                          answer->sign_len)) {
    case ALIPAY_OK:
        return FOB_HOOK_DONE;
    case ALIPAY_BAD_KEY:
        return host->fail(
            call, FOB_E_CONFIG,
            "alipay_public_key is not an RSA key as the console shows Alipay's: MIIB and so on");
    default:
        return host->fail(call, FOB_E_SECURITY, "the answer is not signed with the key in alipay_public_key");
    }
}

/*
 * What was verified is what the core reads: the answer has one such member only, and the core takes no object in which a
 * name comes twice. The gateway does not sign every error, and an error gives nothing away.
 */
static int response(void *self, struct fob_call *call, const struct fob_host *host)
{
    struct alipay_answer answer;
    size_t len = 0;
    (void)self;
    const char *body = host->body(call, &len);
    if (host->status(call) != 200)
        return FOB_HOOK_NEXT;
    if (!body || !alipay_find(body, len, &answer))
        return host->fail(call, FOB_E_PROTOCOL, "the answer is not one of Alipay's gateway");
    if (is_error(&answer) && !answer.sign)
        return FOB_HOOK_NEXT;
    return verify(call, host, &answer);
}

/* --- the plugin --------------------------------------------------------------------------------------------- */

static const struct fob_provider_hooks hooks = {
    .size = sizeof hooks, .request = request, .response = response};

static const struct fob_plugin plugin = {.abi_major = FOB_PLUGIN_ABI_MAJOR,
                                         .abi_minor = FOB_PLUGIN_ABI_MINOR,
                                         .size = sizeof plugin,
                                         .id = "alipay",
                                         .role = FOB_ROLE_PROVIDER,
                                         .version = FOB_VERSION,
                                         .summary =
                                             "signs requests with RSA and verifies answers, for Alipay",
                                         .provider = &hooks};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn fob_plugin_v1;

const struct fob_plugin *fob_plugin_v1(void)
{
    return &plugin;
}
