/* SPDX-License-Identifier: MIT */
/* What the host offers to hooks, and what it takes from them. */
#include "cleanup.h"
#include "error.h"
#include "format.h"
#include "hooks.h"
#include "json.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

#define BIT(hook) (1u << (hook))
#define FILLS_PARAMS (BIT(FOB_HOOK_AUTHORIZE_PARAMS) | BIT(FOB_HOOK_CLIENT_AUTH) | BIT(FOB_HOOK_REQUEST))
#define FILLS_HEADERS (BIT(FOB_HOOK_CLIENT_AUTH) | BIT(FOB_HOOK_REQUEST))
#define SEES_ANSWER                                                                                          \
    (BIT(FOB_HOOK_RESPONSE) | BIT(FOB_HOOK_CLASSIFY_ERROR) | BIT(FOB_HOOK_TOKEN) | BIT(FOB_HOOK_IDENTITY))

static bool in_place(const struct fob_call *call, unsigned where)
{
    return (BIT(call->running) & where) != 0;
}

static bool goes_into_url(const struct fob_call *call)
{
    return call->authorizing || strcmp(call->request->method, "GET") == 0;
}

/* --- services ----------------------------------------------------------------------------------------------- */

static int64_t service_now(struct fob_call *call)
{
    return call->now;
}

static fob_err service_random(struct fob_call *call, void *bytes, size_t len)
{
    if (len > 64)
        return FOB_E_LIMIT;
    fob_entropy_take(call->entropy, bytes, len);
    return FOB_OK;
}

static void service_log(struct fob_call *call, enum fob_log_level level, const char *text)
{
    if (text && !fob_hook_secret_in(call, text))
        fob_log(call->log, level, "plugin %s: %s", fob_hook_plugin(call), text);
}

static const char *service_value(struct fob_call *call, const char *name)
{
    const struct fob_binding *binding = call->binding;
    if (strcmp(name, "client_id") == 0)
        return fob_client_id(call->client);
    if (strcmp(name, "client_secret") == 0)
        return fob_secret_peek(fob_client_secret(call->client), NULL);
    if (strcmp(name, "environment") == 0)
        return binding->environment ? binding->environment->name : NULL;
    if (strcmp(name, "provider") == 0)
        return binding->provider->d.id;
    if (fob_starts_with(name, "variables."))
        return fob_pairs_get(&binding->variables, name + strlen("variables."));
    return fob_pairs_get(&call->values, name);
}

/* The person may be sent where the descriptor sends people, and nowhere else but to the hosts. */
static bool is_authorization_host(const struct fob_call *call, const char *url)
{
    struct fob_url there, declared;
    fob_auto_free char *endpoint = NULL;
    if (!call->authorizing ||
        fob_binding_endpoint(call->binding, "authorization_endpoint", &endpoint, NULL) != FOB_OK || !endpoint)
        return false;
    return fob_url_check(url, "it", false, FOB_E_PLUGIN, NULL) == FOB_OK && fob_url_parse(url, &there) &&
           fob_url_parse(endpoint, &declared) && there.host.len == declared.host.len &&
           strncasecmp(there.host.at, declared.host.at, there.host.len) == 0;
}

static fob_err service_set_endpoint(struct fob_call *call, const char *url)
{
    if (!in_place(call, BIT(FOB_HOOK_ENDPOINT)))
        return FOB_E_STATE;
    if (!url || (!is_authorization_host(call, url) &&
                 fob_binding_check_url(call->binding, url, "it", false, FOB_E_PLUGIN, NULL) != FOB_OK))
        return fob_hook_breach(call, "set an endpoint that is not https or not on one of the hosts");
    if (fob_hook_secret_in(call, url))
        return fob_hook_breach(call, "put a secret into a URL");
    char *copy = fob_strdup(url);
    if (!copy)
        return FOB_E_MEMORY;
    free(call->request->url);
    call->request->url = copy;
    fob_pairs_set(&call->values, "endpoint", url);
    return FOB_OK;
}

static const char *service_param(struct fob_call *call, const char *name)
{
    return in_place(call, FILLS_PARAMS) && name ? fob_pairs_get(&call->request->params, name) : NULL;
}

static bool is_guarded(const char *const *guarded, const char *name)
{
    for (; *guarded; guarded++)
        if (fob_ascii_ieq(*guarded, name))
            return true;
    return false;
}

static fob_err service_set_param(struct fob_call *call, const char *name, const char *value)
{
    static const char *const guarded[] = {"state",
                                          "nonce",
                                          "code_challenge",
                                          "code_challenge_method",
                                          "code_verifier",
                                          "redirect_uri",
                                          "response_type",
                                          "code",
                                          NULL};
    if (!in_place(call, FILLS_PARAMS))
        return FOB_E_STATE;
    if (!name || !*name || !fob_utf8_valid(name, strlen(name)) ||
        (value && !fob_utf8_valid(value, strlen(value))))
        return fob_hook_breach(call, "set a parameter that is not UTF-8");
    if (is_guarded(guarded, name))
        return fob_hook_breach(call, "tried to set a parameter that guards the flow");
    if (call->request->params.n >= FOB_MAX_HOOK_PARAMS)
        return fob_hook_breach(call, "set too many parameters");
    if (goes_into_url(call) && fob_hook_secret_in(call, value))
        return fob_hook_breach(call, "put a secret into a URL");
    fob_pairs_set(&call->request->params, name, value);
    return call->request->params.failed;
}

static bool is_field_value(const char *value)
{
    for (; *value; value++)
        if (((unsigned char)*value < 0x20 && *value != '\t') || *value == 0x7f)
            return false;
    return true;
}

static fob_err service_set_header(struct fob_call *call, const char *name, const char *value)
{
    static const char *const guarded[] = {"Host", "Content-Length", "Transfer-Encoding", "Connection", NULL};
    if (!in_place(call, FILLS_HEADERS))
        return FOB_E_STATE;
    if (!name || !fob_formats[FOB_FORMAT_FIELD].check(name) || (value && !is_field_value(value)))
        return fob_hook_breach(call, "set a header field that HTTP does not allow");
    if (is_guarded(guarded, name))
        return fob_hook_breach(call, "tried to set a header field that is HTTP's own");
    if (call->request->fields.n >= FOB_MAX_HOOK_PARAMS)
        return fob_hook_breach(call, "set too many header fields");
    fob_pairs_set_field(&call->request->fields, name, value);
    return call->request->fields.failed;
}

static fob_err service_set_body(struct fob_call *call, const char *content_type, const void *bytes,
                                size_t len)
{
    if (!in_place(call, BIT(FOB_HOOK_REQUEST)))
        return FOB_E_STATE;
    if (!content_type || !is_field_value(content_type) || (!bytes && len))
        return fob_hook_breach(call, "set a body without a type");
    fob_buf_free(&call->request->body);
    call->request->body = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    fob_buf_add(&call->request->body, bytes, len);
    if (call->request->body.failed == FOB_E_LIMIT)
        return fob_hook_breach(call, "set a body that is too long");
    call->request->has_own_body = true;
    fob_pairs_set_field(&call->request->fields, "Content-Type", content_type);
    return call->request->body.failed;
}

static int service_status(struct fob_call *call)
{
    return in_place(call, SEES_ANSWER) ? call->response->status : 0;
}

static const char *service_header(struct fob_call *call, const char *name)
{
    if (!in_place(call, SEES_ANSWER) || !name)
        return NULL;
    return fob_pairs_get_field(call->response->fields, call->response->n_fields, name);
}

static const void *service_body(struct fob_call *call, size_t *ret_len)
{
    bool sees = in_place(call, SEES_ANSWER);
    if (ret_len)
        *ret_len = sees ? call->response->body_len : 0;
    return sees ? call->response->body : NULL;
}

static fob_err service_set_response(struct fob_call *call, const char *json, size_t len)
{
    fob_auto_json *object = NULL;
    if (!in_place(call, BIT(FOB_HOOK_RESPONSE)) || !call->standard)
        return FOB_E_STATE;
    if (!json || fob_json_object(json, len, &object, NULL) != FOB_OK)
        return fob_hook_breach(call, "gave an answer that is not one JSON object");
    fob_buf_free(call->standard);
    *call->standard = FOB_BUF((size_t)FOB_MAX_RESPONSE);
    fob_buf_add(call->standard, json, len);
    if (call->standard->failed == FOB_E_LIMIT)
        return fob_hook_breach(call, "gave an answer that is too long");
    return call->standard->failed;
}

static fob_err service_set_expires_at(struct fob_call *call, int64_t at)
{
    if (!in_place(call, BIT(FOB_HOOK_TOKEN)))
        return FOB_E_STATE;
    if (at < 0 || at > call->now + FOB_MAX_LIFETIME)
        return fob_hook_breach(call, "set an expiry that makes no sense");
    call->token->expires_at = at;
    return FOB_OK;
}

static fob_err set_text(struct fob_call *call, char **member, const char *text, size_t max, const char *what)
{
    if (!text || strlen(text) > max || !fob_utf8_valid(text, strlen(text)) ||
        !fob_formats[FOB_FORMAT_VALUE].check(text))
        return fob_hook_breach(call, what);
    if (fob_hook_secret_in(call, text))
        return fob_hook_breach(call, "put a secret where it would be shown");
    return fob_token_set(member, text, strlen(text), NULL);
}

static fob_err service_set_scope(struct fob_call *call, const char *scope)
{
    if (!in_place(call, BIT(FOB_HOOK_TOKEN)))
        return FOB_E_STATE;
    return set_text(call, &call->token->scope, scope, FOB_MAX_SCALAR,
                    "set a scope that is not one line of text");
}

static fob_err service_set_identity(struct fob_call *call, const char *identity)
{
    if (!in_place(call, BIT(FOB_HOOK_IDENTITY)))
        return FOB_E_STATE;
    return set_text(call, &call->token->identity, identity, 255,
                    "set an identity that is not one line of text, at most 255 bytes");
}

static void service_sha256(const void *bytes, size_t len, unsigned char out[32])
{
    crypto_hash_sha256(out, bytes, len);
}

static void service_hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
                                unsigned char out[32])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_len);
    crypto_auth_hmacsha256_update(&state, bytes, len);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

static void service_base64url(const void *bytes, size_t len, char *out)
{
    sodium_bin2base64(out, sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING), bytes,
                      len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static int service_fail(struct fob_call *call, fob_err code, const char *text)
{
    char said[256];
    fob_printable(said, sizeof said, text, text ? strlen(text) : 0);
    if (!fob_hook_is_error(code))
        return fob_hook_breach(call, "failed with a code that there is not");
    if (fob_hook_secret_in(call, said))
        return fob_hook_breach(call, "put a secret into an error");
    if (!call->failed)
        fob_fail(call->error, code, NULL, "%s: %s", fob_hook_plugin(call), said);
    call->failed = 1;
    return code;
}

const struct fob_host fob_host_services = {
    .abi_major = FOB_PLUGIN_ABI_MAJOR,
    .abi_minor = FOB_PLUGIN_ABI_MINOR,
    .size = sizeof(struct fob_host),
    .now = service_now,
    .random = service_random,
    .log = service_log,
    .value = service_value,
    .set_endpoint = service_set_endpoint,
    .param = service_param,
    .set_param = service_set_param,
    .set_header = service_set_header,
    .set_body = service_set_body,
    .status = service_status,
    .header = service_header,
    .body = service_body,
    .set_response = service_set_response,
    .set_expires_at = service_set_expires_at,
    .set_scope = service_set_scope,
    .set_identity = service_set_identity,
    .sha256 = service_sha256,
    .hmac_sha256 = service_hmac_sha256,
    .base64url = service_base64url,
    .fail = service_fail,
};
