/* SPDX-License-Identifier: MIT */
/* Running a plugin's hooks: what they are offered, and what they are held to. */
#include "hooks.h"
#include "cleanup.h"
#include "error.h"
#include "format.h"
#include "json.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

/* A shorter text is found in any URL by chance. */
#define MIN_SECRET 8

static const struct {
    const char *name;
    size_t offset;
} hooks[] = {
    [FOB_HOOK_ENDPOINT] = {"endpoint", offsetof(struct fob_provider_hooks, endpoint)},
    [FOB_HOOK_AUTHORIZE_PARAMS] = {"authorize_params", offsetof(struct fob_provider_hooks, authorize_params)},
    [FOB_HOOK_CLIENT_AUTH] = {"client_auth", offsetof(struct fob_provider_hooks, client_auth)},
    [FOB_HOOK_REQUEST] = {"request", offsetof(struct fob_provider_hooks, request)},
    [FOB_HOOK_RESPONSE] = {"response", offsetof(struct fob_provider_hooks, response)},
    [FOB_HOOK_CLASSIFY_ERROR] = {"classify_error", offsetof(struct fob_provider_hooks, classify_error)},
    [FOB_HOOK_TOKEN] = {"token", offsetof(struct fob_provider_hooks, token)},
    [FOB_HOOK_IDENTITY] = {"identity", offsetof(struct fob_provider_hooks, identity)},
};

#define BIT(hook) (1u << (hook))
#define FILLS_PARAMS (BIT(FOB_HOOK_AUTHORIZE_PARAMS) | BIT(FOB_HOOK_CLIENT_AUTH) | BIT(FOB_HOOK_REQUEST))
#define FILLS_HEADERS (BIT(FOB_HOOK_CLIENT_AUTH) | BIT(FOB_HOOK_REQUEST))
#define SEES_ANSWER                                                                                          \
    (BIT(FOB_HOOK_RESPONSE) | BIT(FOB_HOOK_CLASSIFY_ERROR) | BIT(FOB_HOOK_TOKEN) | BIT(FOB_HOOK_IDENTITY))

static bool in_place(const struct fob_call *call, unsigned where)
{
    return (BIT(call->running) & where) != 0;
}

static const char *plugin_id(const struct fob_call *call)
{
    return call->binding->provider->plugin->plugin.id;
}

/* A breach ends the flow whatever the hook makes of the service's answer. */
static fob_err breach(struct fob_call *call, const char *what)
{
    if (!call->failed)
        fob_fail(call->error, FOB_E_PLUGIN, "report it to the plugin's author", "the plugin \"%s\" %s in %s",
                 plugin_id(call), what, hooks[call->running].name);
    call->failed = 1;
    return FOB_E_PLUGIN;
}

/* --- secrets ------------------------------------------------------------------------------------------------ */

static bool holds(const char *text, const char *secret)
{
    fob_auto_buf encoded = FOB_BUF((size_t)FOB_MAX_TOKEN * 3 + 1);
    if (!text || !secret || strlen(secret) < MIN_SECRET)
        return false;
    fob_percent_encode(&encoded, secret, strlen(secret));
    return strstr(text, secret) || encoded.failed != FOB_OK || strstr(text, encoded.data);
}

static bool holds_a_secret(const struct fob_call *call, const char *text)
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
    if (text && !holds_a_secret(call, text))
        fob_log(call->log, level, "plugin %s: %s", plugin_id(call), text);
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
        return breach(call, "set an endpoint that is not https or not on one of the hosts");
    if (holds_a_secret(call, url))
        return breach(call, "put a secret into a URL");
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
        return breach(call, "set a parameter that is not UTF-8");
    if (is_guarded(guarded, name))
        return breach(call, "tried to set a parameter that guards the flow");
    if (call->request->params.n >= FOB_MAX_HOOK_PARAMS)
        return breach(call, "set too many parameters");
    if (goes_into_url(call) && holds_a_secret(call, value))
        return breach(call, "put a secret into a URL");
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
        return breach(call, "set a header field that HTTP does not allow");
    if (is_guarded(guarded, name))
        return breach(call, "tried to set a header field that is HTTP's own");
    if (call->request->fields.n >= FOB_MAX_HOOK_PARAMS)
        return breach(call, "set too many header fields");
    fob_pairs_set_field(&call->request->fields, name, value);
    return call->request->fields.failed;
}

static fob_err service_set_body(struct fob_call *call, const char *content_type, const void *bytes,
                                size_t len)
{
    if (!in_place(call, BIT(FOB_HOOK_REQUEST)))
        return FOB_E_STATE;
    if (!content_type || !is_field_value(content_type) || (!bytes && len))
        return breach(call, "set a body without a type");
    fob_buf_free(&call->request->body);
    call->request->body = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    fob_buf_add(&call->request->body, bytes, len);
    if (call->request->body.failed == FOB_E_LIMIT)
        return breach(call, "set a body that is too long");
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
        return breach(call, "gave an answer that is not one JSON object");
    fob_buf_free(call->standard);
    *call->standard = FOB_BUF((size_t)FOB_MAX_RESPONSE);
    fob_buf_add(call->standard, json, len);
    if (call->standard->failed == FOB_E_LIMIT)
        return breach(call, "gave an answer that is too long");
    return call->standard->failed;
}

static fob_err service_set_expires_at(struct fob_call *call, int64_t at)
{
    if (!in_place(call, BIT(FOB_HOOK_TOKEN)))
        return FOB_E_STATE;
    if (at < 0 || at > call->now + FOB_MAX_LIFETIME)
        return breach(call, "set an expiry that makes no sense");
    call->token->expires_at = at;
    return FOB_OK;
}

static fob_err set_text(struct fob_call *call, char **member, const char *text, size_t max, const char *what)
{
    if (!text || strlen(text) > max || !fob_utf8_valid(text, strlen(text)) ||
        !fob_formats[FOB_FORMAT_VALUE].check(text))
        return breach(call, what);
    if (holds_a_secret(call, text))
        return breach(call, "put a secret where it would be shown");
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

static bool is_error(int code)
{
    return code < 0 && strcmp(fob_err_word((fob_err)code), "unknown") != 0;
}

static int service_fail(struct fob_call *call, fob_err code, const char *text)
{
    char said[256];
    fob_printable(said, sizeof said, text, text ? strlen(text) : 0);
    if (!is_error(code))
        return breach(call, "failed with a code that there is not");
    if (holds_a_secret(call, said))
        return breach(call, "put a secret into an error");
    if (!call->failed)
        fob_fail(call->error, code, NULL, "%s: %s", plugin_id(call), said);
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

/* --- running one -------------------------------------------------------------------------------------------- */

static fob_err judge(struct fob_call *call, int result, bool *ret_done)
{
    if (call->failed)
        return call->error->code;
    if (result == FOB_HOOK_NEXT || result == FOB_HOOK_DONE) {
        *ret_done = result == FOB_HOOK_DONE;
        return FOB_OK;
    }
    if (!is_error(result))
        return breach(call, "returned a number that means nothing");
    if (call->running == FOB_HOOK_CLASSIFY_ERROR)
        return (fob_err)result;
    return fob_fail(call->error, (fob_err)result, NULL, "the plugin \"%s\" failed in %s", plugin_id(call),
                    hooks[call->running].name);
}

fob_err fob_hook_run(struct fob_call *call, enum fob_hook hook, bool *ret_done, struct fob_error *error)
{
    const struct fob_plugin_object *object = call->binding->provider->plugin;
    struct fob_error own = FOB_ERROR_INIT;
    fob_hook_fn *function = NULL;
    *ret_done = false;
    if (object)
        memcpy(&function, (const char *)&object->hooks + hooks[hook].offset, sizeof function);
    if (!function)
        return FOB_OK;
    call->running = hook;
    call->failed = 0;
    call->error = &own;
    fob_err err = judge(call, function(object->self, call, &fob_host_services), ret_done);
    call->error = NULL;
    if (err != FOB_OK && error)
        *error = own;
    if (err != FOB_OK && error && error->code == FOB_OK)
        error->code = err;
    return err;
}
