/* SPDX-License-Identifier: MIT */
/* A client's private key is fetched from where clients.yaml says, as its secret is. */
#include "cleanup.h"
#include "io/clients.h"
#include "room.h"

#include <stdio.h>
#include <string.h>

#define JWK "{\"kty\":\"EC\",\"d\":\"AQ\"}"
#define PEM "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----"

static fob_session *session;
static struct fob_client_entry entry;
static struct fob_error error;

static void begin(void)
{
    room_begin();
    session = room_open();
}

static void end(void)
{
    fob_client_entry_free(&entry);
    fob_close(&session);
    room_end();
}

TestSuite(client_key, .init = begin, .fini = end);

static fob_err find(const char *lines, mode_t mode)
{
    char text[2048];
    snprintf(text, sizeof text, "clients:\n  work:\n    provider: acme\n    client_id: abc\n%s\n", lines);
    room_write("config/clients.yaml", text, mode);
    fob_client_entry_free(&entry);
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_clients_find(&session->paths, "work", &entry, &error);
}

static void expect(const char *lines, const char *secret_text, const char *key_text)
{
    cr_assert_eq(find(lines, 0600), FOB_OK, "%s: %s", lines, error.what);
    const char *secret = fob_secret_peek(fob_client_secret(entry.client), NULL);
    const char *key = fob_secret_peek(fob_client_key(entry.client), NULL);
    cr_expect_str_eq(secret ? secret : "none", secret_text ? secret_text : "none", "%s", lines);
    cr_expect_str_eq(key ? key : "none", key_text ? key_text : "none", "%s", lines);
}

static void expect_failure(const char *lines, mode_t mode, fob_err code, const char *what)
{
    cr_expect_eq(find(lines, mode), code, "%s: %s", lines, error.what);
    cr_expect_not_null(strstr(error.what, what), "%s: %s", lines, error.what);
    cr_expect_null(strstr(error.what, "MIGH"));
    cr_expect_null(entry.client);
}

Test(client_key, may_stand_in_the_file_as_pem_or_jwk)
{
    expect("    client_key: '" JWK "'", NULL, JWK);
    expect(
        "    client_key: |\n      -----BEGIN PRIVATE KEY-----\n      MIGH\n      -----END PRIVATE KEY-----",
        NULL, PEM);
}

Test(client_key, then_nobody_else_may_read_the_file)
{
    expect_failure("    client_key: '" JWK "'", 0644, FOB_E_UNTRUSTED, "read by others");
}

Test(client_key, that_is_none_is_told_with_its_place_and_not_shown)
{
    expect_failure("    client_key: MIGH", 0600, FOB_E_CONFIG, "PEM or a JWK");
    cr_expect_eq(error.line, 5);
    expect_failure("    client_key: \"-----BEGIN \\x01MIGH\"", 0600, FOB_E_CONFIG, "PEM or a JWK");
}

Test(client_key, may_be_in_a_file_in_the_environment_or_printed_by_a_program)
{
    room_write("config/key.pem", PEM "\n", 0600);
    expect("    client_key_file: key.pem", NULL, PEM);
    setenv("ACME_KEY", JWK, 1);
    expect("    client_key_env: ACME_KEY", NULL, JWK);
    expect("    client_key_command: [echo, '" JWK "']", NULL, JWK);
}

Test(client_key, has_to_be_there_and_private)
{
    expect_failure("    client_key_file: key.pem", 0600, FOB_E_CONFIG, "the file with the client key");
    room_write("config/key.pem", PEM, 0644);
    expect_failure("    client_key_file: key.pem", 0600, FOB_E_UNTRUSTED, "read by others");
    room_write("config/key.pem", "\n", 0600);
    expect_failure("    client_key_file: key.pem", 0600, FOB_E_CONFIG, "the client key of \"work\" is empty");
    unsetenv("ACME_KEY");
    expect_failure("    client_key_env: ACME_KEY", 0600, FOB_E_CONFIG,
                   "should hold the client key, is not set");
    expect_failure("    client_key_command: ['false']", 0600, FOB_E_CONFIG, "\"false\" failed");
}

Test(client_key, in_der_is_told)
{
    room_write("config/key.der", "0\x82\x04\xa3", 0600);
    expect_failure("    client_key_file: key.der", 0600, FOB_E_CONFIG, "PEM or a JWK");
    cr_expect_not_null(strstr(error.fix, "-inform DER"));
}

Test(client_key, is_beside_the_secret_not_in_its_place)
{
    expect("    client_secret: s3cret\n    client_key: '" JWK "'", "s3cret", JWK);
    expect("    client_secret: s3cret", "s3cret", NULL);
    expect("", NULL, NULL);
}

Test(client_key, in_two_places_is_a_mistake)
{
    expect_failure("    client_key_env: A\n    client_key_file: b", 0600, FOB_E_CONFIG, "where its key is");
    cr_expect_eq(error.line, 2);
}

Test(client_key, of_a_login_is_kept_with_the_connection)
{
    struct fob_login login = FOB_LOGIN_INIT;
    fob_connection *connection = NULL;
    fob_auto_client *client = NULL;
    fob_auto_secret *key = NULL, *secret = NULL;
    cr_assert_eq(fob_secret_new(PEM, strlen(PEM), &key, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new("s3cret", 6, &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new_with_key("abc", secret, key, &client, NULL), FOB_OK);
    login.name = "robot";
    login.provider = "acme";
    login.client = client;
    login.grant = "client_credentials";
    cr_assert_eq(fob_log_in(session, &login, &connection, &error), FOB_OK, "%s", error.what);
    fob_connection_unref(&connection);
    struct fob_kept kept = room_kept("robot");
    cr_assert_not_null(kept.connection);
    cr_expect(fob_secret_equal(fob_client_key(kept.connection->client), key));
    cr_expect(fob_secret_equal(fob_client_secret(kept.connection->client), secret));
    fob_connection_unref(&kept.connection);
}

/* What a flow for the kept connection would sign with. */
static const struct fob_jose_ops *signs_with(const char *name)
{
    fob_auto_provider *provider = NULL;
    struct fob_flow_setup setup = {0};
    struct fob_kept kept = room_kept(name);
    cr_assert_eq(fob_find_provider(session, "acme", &provider, &error), FOB_OK, "%s", error.what);
    cr_expect_null(provider->jose, "the descriptor wants no JWT");
    cr_assert_eq(fob_driver_setup(session, kept.connection, provider, &setup, &error), FOB_OK, "%s",
                 error.what);
    fob_driver_setup_free(&setup);
    fob_connection_unref(&kept.connection);
    return provider->jose;
}

static void log_in(const char *name, fob_client *client)
{
    struct fob_login login = FOB_LOGIN_INIT;
    login.name = name;
    login.provider = "acme";
    login.client = client;
    login.grant = "client_credentials";
    cr_assert_eq(fob_log_in(session, &login, NULL, &error), FOB_OK, "%s", error.what);
}

Test(client_key, brings_the_module_that_signs_with_it_along)
{
    fob_auto_client *with = NULL, *without = NULL;
    fob_auto_secret *key = NULL, *secret = NULL;
    struct fob_options options = room_options();
    cr_assert_eq(fob_secret_new(PEM, strlen(PEM), &key, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new("s3cret", 6, &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new_with_key("abc", secret, key, &with, NULL), FOB_OK);
    cr_assert_eq(fob_client_new("abc", secret, &without, NULL), FOB_OK);
    log_in("with", with);
    log_in("without", without);
    fob_close(&session);
    options.plugin_path = FOB_BUILD_DIR "/lib/fob";
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK, "%s", error.what);
    cr_expect_null(signs_with("without"));
    cr_expect_not_null(signs_with("with"));
}
