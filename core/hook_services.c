/* SPDX-License-Identifier: MIT */
/* What the host offers to hooks, and what it takes from them. */
#include "answer.h"
#include "cleanup.h"
#include "error.h"
#include "format.h"
#include "hooks.h"
#include "json.h"
#include "redirect.h"
#include "rule.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

#define BIT(hook) (1u << (hook))
#define FILLS_PARAMS (BIT(FOB_HOOK_AUTHORIZE_PARAMS) | BIT(FOB_HOOK_CLIENT_AUTH) | BIT(FOB_HOOK_REQUEST))
#define FILLS_HEADERS (BIT(FOB_HOOK_CLIENT_AUTH) | BIT(FOB_HOOK_REQUEST))
#define MAKES_REQUEST (BIT(FOB_HOOK_ENDPOINT) | FILLS_PARAMS)
#define SEES_ANSWER                                                                                          \
    (BIT(FOB_HOOK_RESPONSE) | BIT(FOB_HOOK_CLASSIFY_ERROR) | BIT(FOB_HOOK_TOKEN) | BIT(FOB_HOOK_IDENTITY))

static bool in_place(const struct fob_call *call, unsigned where)
{
    return (BIT(call->running) & where) != 0;
}

/* --- what is lent to a hook --------------------------------------------------------------------------------- */

/* A string that a hook reads lives until it returns, though the hook may meanwhile replace what it was read from. */
struct fob_lent {
    struct fob_lent *next;
    char text[];
};

static const char *lend(struct fob_call *call, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    struct fob_lent *lent = text ? malloc(sizeof *lent + size) : NULL;
    if (text && !lent)
        fob_hook_no_memory(call);
    if (!lent)
        return NULL;
    memcpy(lent->text, text, size);
    lent->next = call->lent;
    call->lent = lent;
    return lent->text;
}

void fob_hook_take_back(struct fob_call *call)
{
    for (struct fob_lent *lent = call->lent, *next; lent; lent = next) {
        next = lent->next;
        sodium_memzero(lent->text, strlen(lent->text));
        free(lent);
    }
    call->lent = NULL;
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
    if (!bytes)
        return FOB_E_ARGUMENT;
    fob_entropy_take(call->entropy, bytes, len);
    return FOB_OK;
}

static void service_log(struct fob_call *call, enum fob_log_level level, const char *text)
{
    if (fob_hook_secret_in(call, text))
        fob_hook_breach(call, "put a secret into a log line");
    else if (text)
        fob_log(call->log, level, "plugin %s: %s", fob_hook_plugin(call), text);
}

static const char *service_value(struct fob_call *call, const char *name)
{
    const struct fob_binding *binding = call->binding;
    if (!name)
        return NULL;
    if (strcmp(name, "client_id") == 0)
        return fob_client_id(call->client);
    if (strcmp(name, "client_secret") == 0)
        return fob_secret_peek(fob_client_secret(call->client), NULL);
    if (strcmp(name, "client_key") == 0)
        return fob_secret_peek(fob_client_key(call->client), NULL);
    if (strcmp(name, "method") == 0)
        return in_place(call, MAKES_REQUEST) ? call->request->method : NULL;
    if (strcmp(name, "environment") == 0)
        return binding->environment ? binding->environment->name : NULL;
    if (strcmp(name, "provider") == 0)
        return binding->provider->d.id;
    if (fob_starts_with(name, "variables."))
        return fob_pairs_get(&binding->variables, name + strlen("variables."));
    const char *value = fob_pairs_get(&call->values, name);
    return strcmp(name, "endpoint") == 0 ? lend(call, value) : value;
}

/* --- the request -------------------------------------------------------------------------------------------- */

/* What guards the flow is the core's alone. */
static const char *const guarded_params[] = {"state",
                                             "nonce",
                                             "code_challenge",
                                             "code_challenge_method",
                                             "code_verifier",
                                             "redirect_uri",
                                             "response_type",
                                             "code",
                                             NULL};
static const char *const guarded_fields[] = {"Host", "Content-Length", "Transfer-Encoding", "Connection",
                                             NULL};

static bool is_guarded(const char *const *guarded, const char *name)
{
    for (; *guarded; guarded++)
        if (fob_ascii_ieq(*guarded, name))
            return true;
    return false;
}

/* Whatever the provider calls it. */
static bool is_guarded_param(const struct fob_call *call, const char *name)
{
    const struct fob_descriptor *d = &call->binding->provider->d;
    for (const char *const *guarded = guarded_params; *guarded; guarded++) {
        const char *renamed = call->authorizing || !call->rule
                                  ? fob_authorize_rename(d, *guarded)
                                  : fob_rule_rename(call->rule, &d->rename, *guarded);
        if (fob_ascii_ieq(renamed, name))
            return true;
    }
    return is_guarded(guarded_params, name);
}

/* Text for a request: UTF-8, and no longer than the whole may be. */
static bool is_text(const char *text, size_t max)
{
    size_t len = strnlen(text, max + 1);
    return len <= max && fob_utf8_valid(text, len);
}

static bool goes_into_url(const struct fob_call *call)
{
    return call->authorizing || strcmp(call->request->method, "GET") == 0;
}

/* The person may be sent where the descriptor sends people, and nowhere else but to the hosts. */
static bool is_authorization_host(const char *url, const char *endpoint)
{
    struct fob_url there, declared;
    return endpoint && fob_url_check(url, "it", false, FOB_E_PLUGIN, NULL) == FOB_OK &&
           fob_url_parse(url, &there) && fob_url_parse(endpoint, &declared) &&
           there.host.len == declared.host.len &&
           strncasecmp(there.host.at, declared.host.at, there.host.len) == 0;
}

static fob_err check_host(struct fob_call *call, const char *url)
{
    fob_auto_free char *endpoint = NULL;
    fob_err err = FOB_OK;
    if (call->authorizing)
        err = fob_binding_endpoint(call->binding, "authorization_endpoint", &endpoint, NULL);
    if (err == FOB_E_MEMORY)
        return fob_hook_no_memory(call);
    if (is_authorization_host(url, endpoint) ||
        fob_binding_check_url(call->binding, url, "it", false, FOB_E_PLUGIN, NULL) == FOB_OK)
        return FOB_OK;
    return fob_hook_breach(call, "set an endpoint that is not https or not on one of the hosts");
}

/* The flow's own parameters go behind the query that an endpoint has: none of theirs may stand there before. */
static fob_err check_query(struct fob_call *call, const char *url)
{
    struct fob_redirect query = {0};
    bool guards = false;
    fob_err err = fob_redirect_parse(url, strlen(url), &query, NULL);
    for (size_t i = 0; i < query.n; i++)
        guards = guards || is_guarded_param(call, query.v[i].name);
    fob_redirect_free(&query);
    if (err == FOB_E_MEMORY)
        return fob_hook_no_memory(call);
    if (err != FOB_OK)
        return fob_hook_breach(call, "set an endpoint whose query cannot be read");
    if (guards)
        return fob_hook_breach(call, "tried to set a parameter that guards the flow");
    return FOB_OK;
}

static fob_err service_set_endpoint(struct fob_call *call, const char *url)
{
    if (!in_place(call, BIT(FOB_HOOK_ENDPOINT)))
        return FOB_E_STATE;
    fob_err err = check_host(call, url ? url : "");
    if (err == FOB_OK)
        err = check_query(call, url);
    if (err != FOB_OK)
        return err;
    if (fob_hook_secret_in(call, url))
        return fob_hook_breach(call, "put a secret into a URL");
    char *copy = fob_strdup(url);
    if (!copy)
        return fob_hook_no_memory(call);
    free(call->request->url);
    call->request->url = copy;
    fob_pairs_set(&call->values, "endpoint", url);
    return call->values.failed == FOB_OK ? FOB_OK : fob_hook_no_memory(call);
}

static const char *service_param(struct fob_call *call, const char *name)
{
    if (!in_place(call, FILLS_PARAMS) || !name)
        return NULL;
    return lend(call, fob_pairs_get(&call->request->params, name));
}

static const char *service_param_at(struct fob_call *call, size_t index, const char **ret_value)
{
    const struct fob_request *request = call->request;
    if (!in_place(call, FILLS_PARAMS) || !ret_value || index >= request->params.n + request->query.n)
        return NULL;
    const struct fob_pair *pair =
        index < request->params.n ? &request->params.v[index] : &request->query.v[index - request->params.n];
    const char *value = lend(call, pair->value), *name = value ? lend(call, pair->name) : NULL;
    if (name)
        *ret_value = value;
    return name;
}

static fob_err service_set_param(struct fob_call *call, const char *name, const char *value)
{
    struct fob_request *request = call->request;
    if (!in_place(call, FILLS_PARAMS))
        return FOB_E_STATE;
    size_t max = goes_into_url(call) ? (size_t)FOB_MAX_URL : (size_t)FOB_MAX_REQUEST_BODY;
    if (!name || !*name || !is_text(name, max) || (value && !is_text(value, max)))
        return fob_hook_breach(call, "set a parameter that is too long or not UTF-8");
    if (is_guarded_param(call, name))
        return fob_hook_breach(call, "tried to set a parameter that guards the flow");
    if (goes_into_url(call) && (fob_hook_secret_in(call, name) || fob_hook_secret_in(call, value)))
        return fob_hook_breach(call, "put a secret into a URL");
    bool is_new = value && !fob_pairs_get(&request->params, name);
    if (is_new && request->hook_params++ >= FOB_MAX_HOOK_PARAMS)
        return fob_hook_breach(call, "set too many parameters");
    fob_pairs_set(&request->params, name, value);
    return request->params.failed == FOB_OK ? FOB_OK : fob_hook_no_memory(call);
}

static bool is_field_value(const char *value)
{
    for (const char *c = value; *c; c++)
        if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
            return false;
    return is_text(value, FOB_MAX_REQUEST_BODY);
}

static fob_err service_set_header(struct fob_call *call, const char *name, const char *value)
{
    struct fob_request *request = call->request;
    if (!in_place(call, FILLS_HEADERS))
        return FOB_E_STATE;
    if (!name || !fob_formats[FOB_FORMAT_FIELD].check(name) || (value && !is_field_value(value)))
        return fob_hook_breach(call, "set a header field that HTTP does not allow");
    if (is_guarded(guarded_fields, name))
        return fob_hook_breach(call, "tried to set a header field that is HTTP's own");
    bool is_new = value && !fob_pairs_get_field(request->fields.v, request->fields.n, name);
    if (is_new && request->hook_fields++ >= FOB_MAX_HOOK_PARAMS)
        return fob_hook_breach(call, "set too many header fields");
    fob_pairs_set_field(&request->fields, name, value);
    return request->fields.failed == FOB_OK ? FOB_OK : fob_hook_no_memory(call);
}

/* "type/subtype", and perhaps parameters: RFC 9110 section 8.3.1. */
static bool is_media_type(const char *text)
{
    static const char token[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+.^_`|~-";
    size_t type = strspn(text, token), subtype = text[type] == '/' ? strspn(text + type + 1, token) : 0;
    if (!type || !subtype || !is_field_value(text))
        return false;
    char after = text[type + 1 + subtype];
    return after == '\0' || after == ';' || after == ' ';
}

static fob_err service_set_body(struct fob_call *call, const char *content_type, const void *bytes,
                                size_t len)
{
    struct fob_request *request = call->request;
    if (!in_place(call, BIT(FOB_HOOK_REQUEST)))
        return FOB_E_STATE;
    if (!content_type || !is_media_type(content_type) || (!bytes && len))
        return fob_hook_breach(call, "set a body without a type");
    if (goes_into_url(call))
        return fob_hook_breach(call, "set a body for a request that has none");
    if (len > FOB_MAX_REQUEST_BODY)
        return fob_hook_breach(call, "set a body that is too long");
    fob_buf_free(&request->body);
    request->body = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    request->has_own_body = true;
    fob_buf_add(&request->body, bytes, len);
    fob_pairs_set_field(&request->fields, "Content-Type", content_type);
    bool kept = request->body.failed == FOB_OK && request->fields.failed == FOB_OK;
    return kept ? FOB_OK : fob_hook_no_memory(call);
}

/* --- the answer --------------------------------------------------------------------------------------------- */

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
    if (!in_place(call, BIT(FOB_HOOK_RESPONSE)))
        return FOB_E_STATE;
    if (len > FOB_MAX_RESPONSE)
        return fob_hook_breach(call, "gave an answer that is too long");
    fob_err err = fob_json_object(json ? json : "", json ? len : 0, &object, NULL);
    if (err == FOB_E_MEMORY)
        return fob_hook_no_memory(call);
    if (err != FOB_OK)
        return fob_hook_breach(call, "gave an answer that is not one JSON object");
    if (fob_answer_has_odd_token(object))
        return fob_hook_breach(call, "gave a token with characters that none may have");
    fob_buf_free(call->standard);
    fob_buf_add(call->standard, json, len);
    return call->standard->failed == FOB_OK ? FOB_OK : fob_hook_no_memory(call);
}

/* --- the token ---------------------------------------------------------------------------------------------- */

static fob_err service_set_expires_at(struct fob_call *call, int64_t at)
{
    if (!in_place(call, BIT(FOB_HOOK_TOKEN)))
        return FOB_E_STATE;
    if (at < 0 || at > fob_after(call->now, FOB_MAX_LIFETIME))
        return fob_hook_breach(call, "set an expiry that makes no sense");
    call->token->expires_at = at;
    return FOB_OK;
}

static fob_err set_text(struct fob_call *call, char **member, const char *text, size_t max, const char *what)
{
    if (!text || !is_text(text, max) || !fob_formats[FOB_FORMAT_VALUE].check(text))
        return fob_hook_breach(call, what);
    if (fob_hook_secret_in(call, text))
        return fob_hook_breach(call, "put a secret where it would be shown");
    return fob_token_set(member, text, strlen(text), NULL) == FOB_OK ? FOB_OK : fob_hook_no_memory(call);
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

/* --- for all of them ---------------------------------------------------------------------------------------- */

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
    fob_err meant = fob_hook_code(code);
    if (meant == FOB_OK)
        return fob_hook_breach(call, "failed with a code that there is not");
    if (fob_hook_secret_in(call, text))
        return fob_hook_breach(call, "put a secret into an error");
    fob_printable(said, sizeof said, text, text ? strlen(text) : 0);
    if (call->failed)
        return meant;
    call->failed = 1;
    return *said ? fob_fail(call->error, meant, NULL, "%s: %s", fob_hook_plugin(call), said)
                 : fob_hook_failed(call, meant);
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
    .param_at = service_param_at,
};
