/* SPDX-License-Identifier: MIT */
/* A connection comes back from the store as it was, or is said to be damaged; it shows no secret. */
#include "cleanup.h"
#include "connection.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <string.h>

#define auto_connection fob_cleanup(fob_connection_unref) fob_connection

static fob_connection *sample(void)
{
    fob_connection *c = fob_connection_new();
    fob_auto_secret *secret = NULL;
    cr_assert_eq(fob_secret_new("s3cret", 6, &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new("me", secret, &c->client, NULL), FOB_OK);
    c->name = strdup("work");
    c->provider = strdup("acme");
    c->grant = strdup("authorization_code");
    c->scope = strdup("read write");
    c->created_at = 1234567890123;
    fob_pairs_set(&c->variables, "tenant", "contoso");
    fob_pairs_set(&c->shown, "tenant", "contoso");
    fob_pairs_set(&c->variables, "key", "k3y");
    fob_pairs_set(&c->shown, "key", "");
    c->token = fob_token_new();
    cr_assert_eq(fob_secret_new("at-1", 4, &c->token->access, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new("rt-1", 4, &c->token->refresh, NULL), FOB_OK);
    return c;
}

static json_t *written(void)
{
    auto_connection *c = sample();
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_RECORD);
    json_t *json = NULL;
    cr_assert_eq(fob_connection_write(c, &text, NULL), FOB_OK);
    cr_assert_eq(fob_json_object(text.data, text.len, &json, NULL), FOB_OK);
    return json;
}

static fob_err read_back(const json_t *json, fob_connection **ret, struct fob_error *error)
{
    fob_auto_free char *text = json_dumps(json, 0);
    return fob_connection_read("work", text, strlen(text), ret, error);
}

Test(connection, comes_back_as_it_was)
{
    auto_connection *old = sample(), *back = NULL;
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_RECORD);
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_connection_write(old, &text, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(fob_connection_read("work", text.data, text.len, &back, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_connection_name(back), "work");
    cr_expect_str_eq(fob_connection_provider(back), "acme");
    cr_expect_str_eq(fob_connection_environment(back), "");
    cr_expect_str_eq(fob_connection_client_id(back), "me");
    cr_expect(fob_secret_equal(fob_client_secret(back->client), fob_client_secret(old->client)));
    cr_expect_str_eq(fob_connection_grant(back), "authorization_code");
    cr_expect_str_eq(fob_connection_scope(back), "read write");
    cr_expect_str_eq(fob_connection_dead_reason(back), "");
    cr_expect_eq(fob_connection_created_at(back), 1234567890123);
    cr_expect(fob_secret_equal(fob_token_refresh(fob_connection_token(back)), old->token->refresh));
}

Test(connection, shows_no_secret_variable_but_keeps_it)
{
    fob_auto_json *json = written();
    auto_connection *back = NULL;
    cr_assert_eq(read_back(json, &back, NULL), FOB_OK);
    cr_expect_str_eq(fob_pairs_get(&back->variables, "key"), "k3y");
    cr_assert_not_null(fob_connection_variable(back, 1));
    cr_expect_str_eq(fob_connection_variable(back, 0)->value, "contoso");
    cr_expect_str_eq(fob_connection_variable(back, 1)->name, "key");
    cr_expect_str_eq(fob_connection_variable(back, 1)->value, "");
    cr_expect_null(fob_connection_variable(back, 2));
}

Test(connection, of_a_public_client_has_no_secret)
{
    auto_connection *old = sample(), *back = NULL;
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_RECORD);
    fob_client_free(&old->client);
    cr_assert_eq(fob_client_new("me", NULL, &old->client, NULL), FOB_OK);
    cr_assert_eq(fob_connection_write(old, &text, NULL), FOB_OK);
    cr_assert_eq(fob_connection_read("work", text.data, text.len, &back, NULL), FOB_OK);
    cr_expect_null(fob_client_secret(back->client));
}

#define KEY "-----BEGIN PRIVATE KEY-----\nof the client\n-----END PRIVATE KEY-----\n"

static fob_secret *secret_of(const char *text)
{
    fob_secret *secret = NULL;
    if (text)
        cr_assert_eq(fob_secret_new(text, strlen(text), &secret, NULL), FOB_OK);
    return secret;
}

static void expect_client(const fob_connection *c, const char *secret_text, const char *key_text)
{
    const char *secret = fob_secret_peek(fob_client_secret(c->client), NULL);
    const char *key = fob_secret_peek(fob_client_key(c->client), NULL);
    cr_expect_str_eq(fob_client_id(c->client), "me");
    cr_expect_str_eq(secret ? secret : "none", secret_text ? secret_text : "none");
    cr_expect_str_eq(key ? key : "none", key_text ? key_text : "none");
}

static const char *const credentials[][2] = {{NULL, NULL}, {"s3cret", NULL}, {NULL, KEY}, {"s3cret", KEY}};

Test(connection, keeps_whatever_credentials_its_client_has)
{
    for (size_t i = 0; i < sizeof credentials / sizeof credentials[0]; i++) {
        fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_RECORD);
        fob_auto_secret *secret = secret_of(credentials[i][0]), *key = secret_of(credentials[i][1]);
        auto_connection *c = sample(), *copy = NULL, *back = NULL;
        fob_client_free(&c->client);
        cr_assert_eq(fob_client_new_with_key("me", secret, key, &c->client, NULL), FOB_OK);
        cr_assert_eq(fob_connection_write(c, &text, NULL), FOB_OK);
        cr_assert_eq(fob_connection_read("work", text.data, text.len, &back, NULL), FOB_OK);
        expect_client(back, credentials[i][0], credentials[i][1]);
        cr_assert_eq(fob_connection_with(back, back->token, NULL, &copy, NULL), FOB_OK);
        expect_client(copy, credentials[i][0], credentials[i][1]);
        cr_expect_eq(strstr(text.data, "PRIVATE KEY") != NULL, credentials[i][1] != NULL);
    }
}

/* What the first version wrote of a client. */
Test(connection, from_before_there_were_keys_is_read)
{
    fob_auto_json *json = written();
    auto_connection *back = NULL;
    json_object_set_new(json, "client", json_pack("{s:s, s:s}", "id", "me", "secret", "s3cret"));
    cr_assert_eq(read_back(json, &back, NULL), FOB_OK);
    expect_client(back, "s3cret", NULL);
}

Test(connection, with_another_token_is_another_connection)
{
    auto_connection *old = sample(), *dead = NULL;
    fob_auto_token *token = fob_token_new();
    cr_assert_eq(fob_connection_with(old, token, "revoked", &dead, NULL), FOB_OK);
    cr_expect_neq(dead, old);
    cr_expect_eq(fob_connection_token(dead), token);
    cr_expect_str_eq(fob_connection_dead_reason(dead), "revoked");
    cr_expect_str_eq(fob_connection_dead_reason(old), "");
    cr_expect_str_eq(fob_connection_name(dead), "work");
    cr_expect_eq(fob_connection_created_at(dead), 1234567890123);
    cr_expect(fob_secret_equal(fob_client_secret(dead->client), fob_client_secret(old->client)));
    cr_expect_str_eq(fob_pairs_get(&dead->variables, "key"), "k3y");
    cr_expect_str_eq(fob_connection_variable(dead, 1)->value, "");
}

Test(connection, lives_as_long_as_somebody_holds_it)
{
    fob_connection *c = sample(), *other = fob_connection_ref(c), *none = NULL;
    fob_connection_unref(&c);
    cr_expect_null(c);
    cr_expect_str_eq(fob_connection_name(other), "work");
    fob_connection_unref(&other);
    fob_connection_unref(&none);
    fob_connection_unref(NULL);
    cr_expect_null(fob_connection_ref(NULL));
}

/* --- damage ------------------------------------------------------------------------------------------------- */

static const char *const members[] = {"format",      "provider",   "environment", "grant",     "scope",
                                      "dead_reason", "created_at", "client",      "variables", "token"};

Test(connection, one_that_lost_a_member_is_damaged)
{
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        fob_auto_json *json = written();
        auto_connection *back = NULL;
        struct fob_error error = FOB_ERROR_INIT;
        json_object_del(json, members[i]);
        cr_expect_eq(read_back(json, &back, &error), FOB_E_STORE, "%s", members[i]);
        cr_expect_str_eq(error.what, "the connection \"work\" is not in a form this version reads");
        cr_expect_null(back);
    }
}

static void damaged_with(const char *member, const char *value)
{
    fob_auto_json *json = written();
    auto_connection *back = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    json_object_set_new(json, member, json_loads(value, JSON_DECODE_ANY, NULL));
    cr_expect_eq(read_back(json, &back, &error), FOB_E_STORE, "%s: %s", member, value);
    cr_expect(strstr(error.fix, "log in again"), "%s", error.fix);
}

Test(connection, one_with_a_member_of_another_kind_or_format_is_damaged)
{
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        damaged_with(members[i], "null");
        damaged_with(members[i], "{}");
        damaged_with(members[i], "[1]");
    }
    damaged_with("format", "2");
    damaged_with("format", "0");
    damaged_with("created_at", "1.5");
    damaged_with("scope", "7");
}

Test(connection, what_is_inside_a_member_counts_as_well)
{
    damaged_with("client", "{\"id\": \"\"}");
    damaged_with("client", "{\"id\": \"caf\\u00e9\"}");
    damaged_with("client", "{\"id\": \"me\", \"secret\": 5}");
    damaged_with("client", "{\"id\": \"me\", \"secret\": null}");
    damaged_with("client", "{\"id\": \"me\", \"key\": 5}");
    damaged_with("client", "{\"key\": \"k\"}");
    damaged_with("variables", "[{\"name\": \"a\", \"value\": \"b\"}]");
    damaged_with("variables", "[{\"name\": \"a\", \"value\": 1, \"secret\": false}]");
    damaged_with("token", "{\"access_token\": \"x\"}");
}

Test(connection, what_is_no_json_is_damaged_and_not_quoted)
{
    auto_connection *back = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(fob_connection_read("work", "s3cret", 6, &back, &error), FOB_E_STORE);
    cr_expect_null(strstr(error.what, "s3cret"));
    cr_expect_eq(fob_connection_read("work", "", 0, &back, NULL), FOB_E_STORE);
    cr_expect_null(back);
}

Test(connection, one_that_is_too_large_is_not_written)
{
    auto_connection *c = sample();
    fob_auto_buf tight = FOB_BUF(100);
    cr_expect_eq(fob_connection_write(c, &tight, NULL), FOB_E_LIMIT);
    cr_expect_eq(tight.len, 0);
}
