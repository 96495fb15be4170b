/* SPDX-License-Identifier: MIT */
/* How the client authenticates, or who holds the token: RFC 6749 section 2.3, RFC 7523 section 2.2, RFC 6750. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "jwt.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

static const struct {
    const char *word;
    enum fob_auth_method method;
    bool needs_key;
} methods[] = {{"client_secret_basic", FOB_AUTH_BASIC, false},
               {"client_secret_post", FOB_AUTH_POST, false},
               {"private_key_jwt", FOB_AUTH_KEY_JWT, true},
               {"client_secret_jwt", FOB_AUTH_SECRET_JWT, false}};

/* The first that the provider lists and the client has what it takes for; its secret is not sent where none is taken. */
static enum fob_auth_method listed(const fob_flow *flow)
{
    const struct fob_strings *known =
        fob_binding_list(&flow->binding, "token_endpoint_auth_methods_supported");
    bool has_secret = fob_client_secret(flow->client) != NULL, has_key = fob_client_key(flow->client) != NULL;
    for (size_t i = 0; i < known->n; i++)
        for (size_t j = 0; j < sizeof methods / sizeof *methods; j++)
            if (strcmp(known->v[i], methods[j].word) == 0 && (methods[j].needs_key ? has_key : has_secret))
                return methods[j].method;
    if (known->n)
        return fob_strings_have(known, "none") ? FOB_AUTH_NONE : FOB_AUTH_UNSET;
    return has_secret ? FOB_AUTH_BASIC : FOB_AUTH_KEY_JWT;
}

static fob_err choose_method(const fob_flow *flow, enum fob_auth_method *ret, struct fob_error *error)
{
    bool has_any = fob_client_secret(flow->client) || fob_client_key(flow->client);
    *ret = fob_rule_auth(&flow->rule);
    if (*ret == FOB_AUTH_TOKEN || *ret == FOB_AUTH_NONE)
        return FOB_OK;
    if (!has_any) {
        *ret = FOB_AUTH_NONE; /* a public client */
        return FOB_OK;
    }
    if (*ret == FOB_AUTH_UNSET)
        *ret = listed(flow);
    if (*ret == FOB_AUTH_UNSET)
        return fob_fail(
            error, FOB_E_CONFIG, "set token.auth in the descriptor, or use a client without secret",
            "%s lists no way to authenticate with what this client has", flow->binding.provider->d.id);
    return FOB_OK;
}

/* --- the client --------------------------------------------------------------------------------------------- */

/* Both are form-encoded before they are joined: RFC 6749 section 2.3.1; some providers read it otherwise. */
static fob_err add_basic(fob_flow *flow, const char *secret, size_t len, bool raw, struct fob_error *error)
{
    fob_auto_buf both = FOB_BUF((size_t)FOB_MAX_TOKEN * 4);
    fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_TOKEN * 6);
    const char *id = fob_client_id(flow->client);
    if (raw) {
        fob_buf_fmt(&both, "%s:", id);
        fob_buf_add(&both, secret, len);
    } else {
        fob_form_encode(&both, id, strlen(id));
        fob_buf_char(&both, ':');
        fob_form_encode(&both, secret, len);
    }
    fob_err err = fob_buf_finish(&both, "the client's credential", error);
    if (err != FOB_OK)
        return err;
    fob_buf_str(&value, "Basic ");
    fob_base64(&value, both.data, both.len);
    err = fob_buf_finish(&value, "the client's credential", error);
    if (err == FOB_OK)
        fob_pairs_set_field(&flow->request.fields, "Authorization", value.data);
    return err;
}

static fob_err make_jwt(fob_flow *flow, enum fob_auth_method method, fob_secret **ret_jwt,
                        struct fob_error *error)
{
    static const struct fob_jwt_rule plain = {0};
    const struct fob_jwt_rule *rule = fob_rule_jwt(&flow->rule);
    struct fob_expression_env env = fob_flow_env(flow);
    struct fob_jwt_input input = {.rule = rule ? rule : &plain,
                                  .auth = method,
                                  .binding = &flow->binding,
                                  .env = &env,
                                  .client = flow->client,
                                  .audience = flow->request.url};
    return fob_jwt_make(&input, ret_jwt, error);
}

static fob_err add_assertion(fob_flow *flow, enum fob_auth_method method, struct fob_error *error)
{
    fob_auto_secret *jwt = NULL;
    fob_err err = make_jwt(flow, method, &jwt, error);
    if (err != FOB_OK)
        return err;
    fob_pairs_set(&flow->request.params, "client_id", fob_client_id(flow->client));
    fob_pairs_set(&flow->request.params, "client_assertion_type", ASSERTION_TYPE);
    fob_pairs_set(&flow->request.params, "client_assertion", fob_secret_peek(jwt, NULL));
    return FOB_OK;
}

/* The secret, or the JWT that stands in its place. */
static fob_err add_secret(fob_flow *flow, enum fob_auth_method method, struct fob_error *error)
{
    fob_auto_secret *jwt = NULL;
    size_t len = 0;
    fob_err err = fob_rule_jwt(&flow->rule) ? make_jwt(flow, method, &jwt, error) : FOB_OK;
    if (err != FOB_OK)
        return err;
    const char *secret = fob_secret_peek(jwt ? jwt : fob_client_secret(flow->client), &len);
    if (!secret)
        return fob_fail(error, FOB_E_CONFIG, "give the client its secret, or set auth in the descriptor",
                        "%s wants a client secret, and this client has none", flow->binding.provider->d.id);
    if (method != FOB_AUTH_POST)
        return add_basic(flow, secret, len, method == FOB_AUTH_BASIC_RAW, error);
    fob_pairs_set(&flow->request.params, "client_id", fob_client_id(flow->client));
    fob_pairs_set(&flow->request.params, "client_secret", secret);
    return FOB_OK;
}

/* --- who holds the token ------------------------------------------------------------------------------------ */

static fob_err add_token(fob_flow *flow, struct fob_error *error)
{
    const fob_token *token = flow->token ? flow->token : flow->old;
    const char *name;
    fob_auto_secret *value = NULL;
    if (!token)
        return fob_fail(error, FOB_E_CONFIG, "set its auth in the descriptor",
                        "a request of %s needs a token before there is one", flow->binding.provider->d.id);
    fob_err err = fob_token_present(token, &name, &value, error);
    if (err != FOB_OK)
        return err;
    if (fob_token_in_query(token))
        fob_pairs_set(&flow->request.query, name, fob_secret_peek(value, NULL));
    else
        fob_pairs_set_field(&flow->request.fields, name, fob_secret_peek(value, NULL));
    err = fob_flow_add_params(flow, &flow->binding.provider->d.use.params, &flow->request.query, error);
    if (err != FOB_OK)
        return err;
    return fob_flow_add_fields(flow, &flow->binding.provider->d.use.headers, &flow->request.fields, error);
}

fob_err fob_flow_authenticate(fob_flow *flow, struct fob_error *error)
{
    enum fob_auth_method method;
    fob_err err = choose_method(flow, &method, error);
    if (err != FOB_OK)
        return err;
    switch (method) {
    case FOB_AUTH_TOKEN:
        return add_token(flow, error);
    case FOB_AUTH_KEY_JWT:
    case FOB_AUTH_SECRET_JWT:
        return add_assertion(flow, method, error);
    case FOB_AUTH_NONE:
        if (!flow->rule.is_api)
            fob_pairs_set(&flow->request.params, "client_id", fob_client_id(flow->client));
        return FOB_OK;
    default:
        return add_secret(flow, method, error);
    }
}
