/* SPDX-License-Identifier: MIT */
/* A provider that wants a signed JWT is found with the module that signs it, and any other without. */
#include "jose_keys.h"
#include "jws.h"
#include "jwt.h"

#include <fcntl.h>
#include <fob/session.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW 1700000000000

static char folder[] = "/tmp/fob-jwt-XXXXXX";
static struct fob_error error;
static fob_session *session;
static fob_provider *provider;

static void open_session(const char *plugins)
{
    struct fob_options options = FOB_OPTIONS_INIT;
    options.plugin_path = plugins;
    options.provider_path = folder;
    options.store_in_memory = 1;
    options.ignore_environment = 1;
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK, "%s", error.what);
}

static void begin(void)
{
    umask(022);
    cr_assert_not_null(mkdtemp(folder));
    open_session(FOB_BUILD_DIR "/lib/fob");
}

static void end(void)
{
    char command[64];
    fob_provider_unref(&provider);
    fob_close(&session);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(client_jwt, .init = begin, .fini = end);

static fob_err find(const char *token)
{
    char path[128];
    snprintf(path, sizeof path, "%s/acme.yaml", folder);
    FILE *file = fopen(path, "w");
    fprintf(file, "fob: 1\ntoken_endpoint: https://acme.example/token\ntoken: %s\n", token);
    fclose(file);
    fob_provider_unref(&provider);
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_find_provider(session, "acme", &provider, &error);
}

static bool is_loaded(const char *library)
{
    char line[512];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps))
        found = found || strstr(line, library);
    fclose(maps);
    return found;
}

static const char *no_name(void *user, const char *name)
{
    (void)user, (void)name;
    return NULL;
}

static fob_err make(const char *key_text, fob_secret **ret)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes that are random";
    fob_auto_secret *key = NULL;
    fob_auto_client *client = NULL;
    struct fob_entropy entropy;
    struct fob_binding binding = {0};
    struct fob_expression_env env = {.look_up = no_name, .entropy = &entropy, .now = NOW};
    fob_entropy_init(&entropy, seed);
    cr_assert_eq(fob_secret_new(key_text, strlen(key_text), &key, NULL), FOB_OK);
    cr_assert_eq(fob_client_new_with_key("abc", NULL, key, &client, NULL), FOB_OK);
    cr_assert_eq(fob_binding_init(&binding, provider, NULL, NULL, NULL, 0, &error), FOB_OK, "%s", error.what);
    const struct fob_jwt_input input = {.rule = &provider->d.token.jwt,
                                        .auth = provider->d.token.auth,
                                        .binding = &binding,
                                        .env = &env,
                                        .client = client,
                                        .audience = "https://acme.example/token"};
    fob_err err = fob_jwt_make(&input, ret, &error);
    fob_binding_free(&binding);
    return err;
}

Test(client_jwt, nothing_is_loaded_for_a_provider_that_takes_a_secret)
{
    cr_assert_eq(find("{auth: client_secret_jwt}"), FOB_OK, "%s", error.what);
    cr_expect_null(provider->jose);
    cr_expect_not(is_loaded("libcjose"));
    cr_assert_eq(find("{auth: private_key_jwt}"), FOB_OK, "%s", error.what);
    cr_expect_not_null(provider->jose);
    cr_expect(is_loaded("libcjose"));
}

struct pair {
    const char *alg, *kind;
};

static const struct pair pairs[] = {
    {"RS256", "RSA-2048"}, {"RS384", "RSA-2048"}, {"RS512", "RSA-2048"},
    {"PS256", "RSA-2048"}, {"ES256", "EC-P-256"}, {"ES384", "EC-P-384"},
};

Test(client_jwt, is_signed_with_the_clients_key)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char token[80];
        fob_auto_secret *jwt = NULL;
        EVP_PKEY *key = make_key(pairs[i].kind);
        char *pem = as_pkcs8(key, NULL);
        snprintf(token, sizeof token, "{auth: private_key_jwt, jwt: {alg: %s, kid: k1}}", pairs[i].alg);
        cr_assert_eq(find(token), FOB_OK, "%s", error.what);
        cr_assert_eq(make(pem, &jwt), FOB_OK, "%s", error.what);
        const char *text = fob_secret_peek(jwt, NULL);
        cr_expect(is_signed(text, pairs[i].alg, key), "%s", text);
        json_t *header = jws_json(text, 0), *claims = jws_json(text, 1);
        cr_expect_str_eq(text_of(header, "alg"), pairs[i].alg);
        cr_expect_str_eq(text_of(header, "kid"), "k1");
        cr_expect_str_eq(text_of(claims, "iss"), "abc");
        cr_expect_str_eq(text_of(claims, "aud"), "https://acme.example/token");
        json_decref(header);
        json_decref(claims);
        free(pem);
        EVP_PKEY_free(key);
    }
}

Test(client_jwt, a_key_that_does_not_fit_is_told)
{
    EVP_PKEY *key = make_key("EC-P-256");
    char *pem = as_pkcs8(key, NULL);
    fob_secret *jwt = NULL;
    cr_assert_eq(find("{auth: private_key_jwt}"), FOB_OK, "%s", error.what);
    cr_expect_eq(make(pem, &jwt), FOB_E_CONFIG);
    cr_expect_not_null(strstr(error.what, "RS256 is signed with an RSA key"), "%s", error.what);
    cr_expect_null(jwt);
    free(pem);
    EVP_PKEY_free(key);
}

Test(client_jwt, without_the_module_the_provider_is_found_and_signing_says_what_is_missing)
{
    fob_secret *jwt = NULL;
    fob_close(&session);
    open_session(folder);
    cr_assert_eq(find("{auth: private_key_jwt}"), FOB_OK, "%s", error.what);
    cr_expect_null(provider->jose);
    cr_expect_eq(make("-----BEGIN PRIVATE KEY-----", &jwt), FOB_E_CONFIG);
    cr_expect_not_null(strstr(error.fix, "jose-cjose"), "%s", error.fix);
}

/* A plugin of that name which is something else, or which others could have written. */
static void put_module(const char *module, const char *name, mode_t mode)
{
    char command[512];
    snprintf(command, sizeof command, "cp '%s' '%s/%s' && chmod %o '%s/%s'", module, folder, name,
             (unsigned)mode, folder, name);
    cr_assert_eq(system(command), 0);
}

Test(client_jwt, a_module_that_must_not_be_used_is_told)
{
    fob_close(&session);
    open_session(folder);
    put_module(FOB_BUILD_DIR "/lib/fob/jose-cjose.so", "jose-cjose.so", 0666);
    cr_expect_eq(find("{auth: private_key_jwt}"), FOB_E_UNTRUSTED);
    put_module(FOB_BUILD_DIR "/tests/plugin/wrong/jose-cjose.so", "jose-cjose.so", 0644);
    cr_expect_eq(find("{auth: private_key_jwt}"), FOB_E_PLUGIN);
    cr_expect_not_null(strstr(error.what, "not what its name says"), "%s", error.what);
    cr_expect_null(provider);
    cr_expect_eq(find("{auth: client_secret_post}"), FOB_OK, "whoever does not need it is not disturbed");
}

static int count(void *user, const char *id, const char *file)
{
    (void)file;
    *(int *)user += strcmp(id, "jose-cjose") == 0;
    return 0;
}

Test(client_jwt, the_module_is_not_taken_for_a_provider)
{
    int found = 0;
    cr_assert_eq(fob_list_providers(session, count, &found, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(found, 0);
}
