/* SPDX-License-Identifier: MIT */
/* A client with its key, and the JWT that stands for it, while every allocation fails once. */
#include "cleanup.h"
#include "connection.h"
#include "faults.h"
#include "jwt.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <fob/plugin.h>
#include <string.h>

#define KEY "{\"kty\":\"EC\",\"kid\":\"k1\",\"d\":\"AQ\"}"
#define YAML                                                                                                 \
    "fob: 1\ntoken_endpoint: https://acme.example/token\nvariables: {team: {default: T34M}}\n"               \
    "token: {jwt: {lifetime: 1h, claims: {iss: \"{team}\", nbf: \"{now()}\", jti: null}, header: {x5t: "     \
    "\"{team}\"}}}\n"

static fob_provider *provider;
static struct fob_binding binding;
static fob_secret *secret, *key;
static fob_client *client;
static enum fob_auth_method method;

static fob_err sign(const char *alg, const void *bytes, size_t len, const char *header, const char *payload,
                    char *out, size_t out_size, size_t *ret_len, struct fob_error *error)
{
    static const char jws[] = "a.b.c";
    (void)alg, (void)bytes, (void)len, (void)header, (void)payload, (void)error;
    if (out_size < sizeof jws)
        return FOB_E_LIMIT;
    memcpy(out, jws, sizeof jws);
    *ret_len = sizeof jws - 1;
    return FOB_OK;
}

static const struct fob_jose_ops fake = {.size = sizeof fake, .sign = sign};

static void begin(void)
{
    cr_assert_eq(fob_provider_parse(YAML, strlen(YAML), "acme.yaml", &provider, NULL), FOB_OK);
    provider->jose = &fake;
    cr_assert_eq(fob_binding_init(&binding, provider, NULL, NULL, NULL, 0, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new("s3cret", 6, &secret, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new(KEY, strlen(KEY), &key, NULL), FOB_OK);
    cr_assert_eq(fob_client_new_with_key("abc", secret, key, &client, NULL), FOB_OK);
}

static void end(void)
{
    fob_client_free(&client);
    fob_secret_free(&secret);
    fob_secret_free(&key);
    fob_binding_free(&binding);
    fob_provider_unref(&provider);
}

TestSuite(fault_jwt, .init = begin, .fini = end);

static const char *no_name(void *user, const char *name)
{
    (void)user, (void)name;
    return NULL;
}

static fob_err make(void)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes that are random";
    struct fob_entropy entropy;
    struct fob_expression_env env = {.look_up = no_name, .entropy = &entropy, .now = 1700000000000};
    const struct fob_jwt_input input = {.rule = &provider->d.token.jwt,
                                        .auth = method,
                                        .binding = &binding,
                                        .env = &env,
                                        .client = client,
                                        .audience = "https://acme.example/token"};
    fob_auto_secret *jwt = NULL;
    fob_entropy_init(&entropy, seed);
    fob_err err = fob_jwt_make(&input, &jwt, NULL);
    return (err == FOB_OK) == (jwt != NULL) ? err : FOB_E_STATE;
}

Test(fault_jwt, one_with_a_secret)
{
    method = FOB_AUTH_SECRET_JWT;
    fail_each_allocation("JWT with a secret", make, 20);
}

Test(fault_jwt, one_with_a_key)
{
    method = FOB_AUTH_KEY_JWT;
    fail_each_allocation("JWT with a key", make, 20);
}

static fob_err copy_client(void)
{
    fob_auto_client *own = NULL;
    return fob_client_new_with_key("abc", secret, key, &own, NULL);
}

Test(fault_jwt, a_client_with_both)
{
    fail_each_allocation("client", copy_client, 4);
}

/* Without an escape: Jansson does not get over those when its memory runs out. */
static fob_err keep_client(void)
{
    static const char pem[] = "-----BEGIN PRIVATE KEY-----";
    fob_auto_secret *plain = NULL;
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_RECORD);
    fob_connection *c = fob_connection_new(), *back = NULL;
    fob_err err = c && (c->token = fob_token_new()) ? FOB_OK : FOB_E_MEMORY;
    if (err == FOB_OK)
        err = fob_secret_new("at", 2, &c->token->access, NULL);
    if (err == FOB_OK)
        err = fob_secret_new(pem, sizeof pem - 1, &plain, NULL);
    if (err == FOB_OK)
        err = fob_client_new_with_key("abc", secret, plain, &c->client, NULL);
    if (err == FOB_OK)
        err = fob_connection_write(c, &text, NULL);
    if (err == FOB_OK)
        err = fob_connection_read("work", text.data, text.len, &back, NULL);
    if (err == FOB_OK && !fob_secret_equal(fob_client_key(back->client), plain))
        err = FOB_E_STATE;
    fob_connection_unref(&c);
    fob_connection_unref(&back);
    return err;
}

Test(fault_jwt, a_connection_whose_client_has_both)
{
    fail_each_allocation("connection", keep_client, 20);
}
