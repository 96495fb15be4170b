/* SPDX-License-Identifier: MIT */
/* The requests that a flow sends: the grant's parameters, the descriptor's, the client's credential, the hooks'. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

const char *fob_flow_name(const void *user, const char *name)
{
    const fob_flow *flow = user;
    if (strcmp(name, "client_id") == 0)
        return fob_client_id(flow->client);
    if (strcmp(name, "redirect_uri") == 0)
        return flow->redirect_uri;
    return strcmp(name, "scope") == 0 ? flow->scope : NULL;
}

void fob_flow_request_begin(fob_flow *flow, const char *grant_type)
{
    const struct fob_token_rule *rule = &flow->binding.provider->d.token;
    fob_request_free(&flow->request);
    flow->request.method = rule->method == FOB_METHOD_GET ? "GET" : "POST";
    flow->request.encoding = rule->encoding;
    flow->call.request = &flow->request;
    flow->call.authorizing = false;
    fob_pairs_set_field(&flow->request.fields, "Accept", "application/json");
    if (!grant_type)
        return;
    fob_pairs_set(&flow->request.params, "grant_type", grant_type);
    fob_hook_value(&flow->call, "grant_type", grant_type);
}

/* --- the client (RFC 6749 section 2.3) ---------------------------------------------------------------------- */

static fob_err choose_method(const struct fob_binding *binding, const fob_client *client,
                             enum fob_auth_method *ret, struct fob_error *error)
{
    *ret = FOB_AUTH_NONE;
    if (!fob_client_secret(client))
        return FOB_OK;
    *ret = binding->provider->d.token.auth;
    if (*ret != FOB_AUTH_DEFAULT)
        return FOB_OK;
    const struct fob_strings *known = fob_binding_list(binding, "token_endpoint_auth_methods_supported");
    for (size_t i = 0; i < known->n && *ret == FOB_AUTH_DEFAULT; i++) {
        if (strcmp(known->v[i], "client_secret_basic") == 0)
            *ret = FOB_AUTH_BASIC;
        else if (strcmp(known->v[i], "client_secret_post") == 0)
            *ret = FOB_AUTH_POST;
    }
    if (*ret == FOB_AUTH_DEFAULT && known->n)
        return fob_fail(error, FOB_E_CONFIG,
                        "set token.auth in the descriptor, or use a client without secret",
                        "%s lists no way to authenticate with a client secret", binding->provider->d.id);
    *ret = *ret == FOB_AUTH_DEFAULT ? FOB_AUTH_BASIC : *ret;
    return FOB_OK;
}

/* Both are form-encoded before they are joined: RFC 6749 section 2.3.1. */
static fob_err add_basic(const fob_client *client, struct fob_request *request, struct fob_error *error)
{
    fob_auto_buf both = FOB_BUF((size_t)FOB_MAX_TOKEN * 4);
    fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_TOKEN * 6);
    size_t len;
    const char *secret = fob_secret_peek(fob_client_secret(client), &len);
    fob_form_encode(&both, fob_client_id(client), strlen(fob_client_id(client)));
    fob_buf_char(&both, ':');
    fob_form_encode(&both, secret, len);
    fob_err err = fob_buf_finish(&both, "the client's credential", error);
    if (err != FOB_OK)
        return err;
    fob_buf_str(&value, "Basic ");
    fob_base64(&value, both.data, both.len);
    err = fob_buf_finish(&value, "the client's credential", error);
    if (err == FOB_OK)
        fob_pairs_set_field(&request->fields, "Authorization", value.data);
    return err;
}

fob_err fob_client_authenticate(const struct fob_binding *binding, const fob_client *client,
                                struct fob_request *request, struct fob_error *error)
{
    enum fob_auth_method method;
    fob_err err = choose_method(binding, client, &method, error);
    if (err != FOB_OK)
        return err;
    if (method == FOB_AUTH_BASIC)
        return add_basic(client, request, error);
    fob_pairs_set(&request->params, "client_id", fob_client_id(client));
    if (method == FOB_AUTH_POST)
        fob_pairs_set(&request->params, "client_secret", fob_secret_peek(fob_client_secret(client), NULL));
    return FOB_OK;
}

/* --- the rest ----------------------------------------------------------------------------------------------- */

static fob_err add_map(fob_flow *flow, const struct fob_map *map, bool as_fields, struct fob_error *error)
{
    for (size_t i = 0; i < map->n; i++) {
        fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
        fob_err err =
            fob_binding_expand(&flow->binding, map->v[i].value, false, fob_flow_name, flow, &value, error);
        if (err != FOB_OK)
            return err;
        if (as_fields)
            fob_pairs_set_field(&flow->request.fields, map->v[i].name, value.data);
        else
            fob_pairs_set(&flow->request.params, map->v[i].name, value.data);
    }
    return FOB_OK;
}

static fob_err add_endpoint(fob_flow *flow, const char *endpoint, struct fob_error *error)
{
    bool done;
    fob_err err = fob_binding_endpoint(&flow->binding, endpoint, &flow->request.url, error);
    if (err != FOB_OK)
        return err;
    fob_hook_value(&flow->call, "endpoint", flow->request.url);
    err = fob_hook_run(&flow->call, FOB_HOOK_ENDPOINT, &done, error);
    if (err == FOB_OK && !flow->request.url)
        err = fob_fail(error, FOB_E_CONFIG, "add it to the descriptor, or choose an environment that has it",
                       "%s has no %s", flow->binding.provider->d.id, endpoint);
    return err;
}

fob_err fob_flow_request_end(fob_flow *flow, const char *endpoint, struct fob_error *error)
{
    const struct fob_token_rule *rule = &flow->binding.provider->d.token;
    bool done = false;
    fob_err err = add_endpoint(flow, endpoint, error);
    if (err == FOB_OK)
        err = add_map(flow, &rule->params, false, error);
    if (err == FOB_OK)
        err = add_map(flow, &rule->headers, true, error);
    if (err == FOB_OK)
        err = fob_hook_run(&flow->call, FOB_HOOK_CLIENT_AUTH, &done, error);
    if (err == FOB_OK && !done)
        err = fob_client_authenticate(&flow->binding, flow->client, &flow->request, error);
    if (err == FOB_OK)
        err = fob_hook_run(&flow->call, FOB_HOOK_REQUEST, &done, error);
    if (err == FOB_OK)
        err = fob_request_seal(&flow->request, error);
    if (err != FOB_OK)
        return err;
    fob_log_request(&flow->log, &flow->request.view);
    flow->state = FOB_STATE_REQUEST;
    return FOB_OK;
}
