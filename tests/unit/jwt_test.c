/* SPDX-License-Identifier: MIT */
/* The JWT of a client says what RFC 7523 and the descriptor want, and is signed with what the client has. */
#include "jws.h"
#include "jwt.h"

#include <fob/limits.h>
#include <fob/plugin.h>

#define NOW 1700000000000
#define KEY "-----BEGIN PRIVATE KEY-----\nnot looked at here\n-----END PRIVATE KEY-----\n"
#define JWK "{\"kty\":\"EC\",\"kid\":\"of the key\",\"d\":\"AQ\"}"
#define YAML "fob: 1\ntoken_endpoint: https://acme.example/token\n"

static struct fob_error error;
static struct fob_entropy entropy;
static struct fob_binding binding;
static fob_provider *provider;

/* --- a module that signs nothing ---------------------------------------------------------------------------- */

static char signed_alg[16], signed_key[256], signed_header[1024], signed_payload[1024];
static const char *gives;
static fob_err fails;

static fob_err sign(const char *alg, const void *key, size_t key_len, const char *header, const char *payload,
                    char *out, size_t out_size, size_t *ret_len, struct fob_error *ret_error)
{
    snprintf(signed_alg, sizeof signed_alg, "%s", alg);
    snprintf(signed_key, sizeof signed_key, "%.*s", (int)key_len, (const char *)key);
    snprintf(signed_header, sizeof signed_header, "%s", header);
    snprintf(signed_payload, sizeof signed_payload, "%s", payload);
    if (fails != FOB_OK) {
        *ret_error = (struct fob_error){.code = fails, .what = "the key\n is odd", .fix = "mend it"};
        return fails;
    }
    *ret_len = (size_t)snprintf(out, out_size, "%s", gives);
    return FOB_OK;
}

static const struct fob_jose_ops fake = {.size = sizeof fake, .sign = sign};

/* --- making one --------------------------------------------------------------------------------------------- */

static void begin(void)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes that are random";
    fob_entropy_init(&entropy, seed);
    gives = "aGVhZA.Ym9keQ.c2ln";
    fails = FOB_OK;
}

static void end(void)
{
    fob_binding_free(&binding);
    fob_provider_unref(&provider);
}

TestSuite(jwt, .init = begin, .fini = end);

static const char *known(void *user, const char *name)
{
    (void)user;
    if (strcmp(name, "client_secret") == 0)
        return "s3cret";
    return strcmp(name, "kept.team") == 0 ? "T34M" : NULL;
}

static struct fob_expression_env env(void)
{
    return (struct fob_expression_env){.look_up = known, .entropy = &entropy, .now = NOW};
}

static fob_client *client_with(const char *secret_text, const char *key_text)
{
    fob_auto_secret *secret = NULL, *key = NULL;
    fob_client *client = NULL;
    if (secret_text)
        cr_assert_eq(fob_secret_new(secret_text, strlen(secret_text), &secret, NULL), FOB_OK);
    if (key_text)
        cr_assert_eq(fob_secret_new(key_text, strlen(key_text), &key, NULL), FOB_OK);
    cr_assert_eq(fob_client_new_with_key("my client", secret, key, &client, NULL), FOB_OK);
    return client;
}

/* token: the block `token` of the descriptor, on one line. */
static void describe(const char *token)
{
    fob_auto_buf yaml = FOB_BUF((size_t)8192);
    fob_binding_free(&binding);
    fob_provider_unref(&provider);
    fob_buf_fmt(&yaml,
                YAML
                "variables: {key_id: {default: K3Y}}\ncallback: {keep: {team: team, no: no}}\ntoken: %s\n",
                token);
    cr_assert_eq(fob_provider_parse(yaml.data, yaml.len, "acme.yaml", &provider, &error), FOB_OK, "%s",
                 error.what);
    provider->jose = &fake;
    cr_assert_eq(fob_binding_init(&binding, provider, NULL, NULL, NULL, 0, &error), FOB_OK, "%s", error.what);
}

static fob_err make(const fob_client *client, fob_secret **ret)
{
    struct fob_expression_env names = env();
    const struct fob_jwt_input input = {.rule = &provider->d.token.jwt,
                                        .auth = provider->d.token.auth,
                                        .binding = &binding,
                                        .env = &names,
                                        .client = client,
                                        .audience = "https://acme.example/token"};
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_jwt_make(&input, ret, &error);
}

static const char *made(const char *token, const char *secret, const char *key)
{
    static char text[4096];
    fob_auto_secret *jwt = NULL;
    fob_auto_client *client = client_with(secret, key);
    describe(token);
    cr_assert_eq(make(client, &jwt), FOB_OK, "%s", error.what);
    snprintf(text, sizeof text, "%s", fob_secret_peek(jwt, NULL));
    return text;
}

static void expect_failure(const char *token, const char *secret, const char *key, fob_err code,
                           const char *what)
{
    fob_auto_client *client = client_with(secret, key);
    fob_secret *jwt = NULL;
    describe(token);
    cr_expect_eq(make(client, &jwt), code);
    cr_expect_eq(error.code, code);
    cr_expect_not_null(strstr(error.what, what), "\"%s\" is not in: %s", what, error.what);
    cr_expect_null(jwt);
}

/* --- with the client secret --------------------------------------------------------------------------------- */

Test(jwt, hmac_is_as_the_rfcs_show)
{
    json_t *vectors = jws_vectors(), *vector;
    size_t i, n = 0;
    json_array_foreach (vectors, i, vector) {
        const char *jws = text_of(vector, "jws"), *k = text_of(json_object_get(vector, "key"), "k");
        fob_auto_buf bytes = FOB_BUF((size_t)256), out = FOB_BUF((size_t)4096);
        fob_auto_secret *key = NULL;
        if (strcmp(text_of(vector, "alg"), "HS256") != 0)
            continue;
        fob_auto_buf header = jws_part(jws, 0), payload = jws_part(jws, 1);
        cr_assert(fob_base64url_decode(&bytes, k, strlen(k)));
        cr_assert_eq(fob_secret_new(bytes.data, bytes.len, &key, NULL), FOB_OK);
        fob_jws_hs256(header.data, payload.data, key, &out);
        cr_expect_str_eq(out.data, jws, "%s", text_of(vector, "from"));
        n++;
    }
    cr_assert_eq(n, 2);
    json_decref(vectors);
}

Test(jwt, says_what_rfc_7523_wants)
{
    const char *jwt = made("{auth: client_secret_jwt}", "s3cret", NULL);
    json_t *header = jws_json(jwt, 0), *claims = jws_json(jwt, 1);
    cr_expect_str_eq(text_of(header, "alg"), "HS256");
    cr_expect_str_eq(text_of(header, "typ"), "JWT");
    cr_expect_null(json_object_get(header, "kid"));
    cr_expect_str_eq(text_of(claims, "iss"), "my client");
    cr_expect_str_eq(text_of(claims, "sub"), "my client");
    cr_expect_str_eq(text_of(claims, "aud"), "https://acme.example/token");
    cr_expect_eq(json_integer_value(json_object_get(claims, "iat")), NOW / 1000);
    cr_expect_eq(json_integer_value(json_object_get(claims, "exp")), NOW / 1000 + 300);
    cr_expect_eq(strlen(text_of(claims, "jti")), 22);
    cr_expect_eq(json_object_size(claims), 6);
    json_decref(header);
    json_decref(claims);
}

Test(jwt, has_claims_that_are_lists_of_one)
{
    json_t *claims =
        jws_json(made("{auth: client_secret_jwt, jwt: {arrays: [aud, team, nbf, no, aud], claims: {team: "
                      "\"{kept.team}\", no: \"{kept.no}\", nbf: \"{now()}\", iat: \"{now()}\"}}}",
                      "s3cret", NULL),
                 1);
    json_t *wanted = json_pack("{s:[s], s:[s], s:[I], s:I}", "aud", "https://acme.example/token", "team",
                               "T34M", "nbf", (json_int_t)(NOW / 1000), "iat", (json_int_t)(NOW / 1000)),
           *value;
    const char *name;
    json_object_foreach (wanted, name, value)
        cr_expect(json_equal(json_object_get(claims, name), value), "%s", name);
    cr_expect_null(json_object_get(claims, "no"), "what has no value is left out");
    cr_expect_str_eq(text_of(claims, "sub"), "my client");
    json_decref(wanted);
    json_decref(claims);
}

Test(jwt, is_another_each_time)
{
    char first[4096];
    snprintf(first, sizeof first, "%s", made("{auth: client_secret_jwt}", "s3cret", NULL));
    cr_expect_str_neq(made("{auth: client_secret_jwt}", "s3cret", NULL), first);
}

Test(jwt, is_signed_with_the_secret_of_this_client)
{
    fob_auto_buf again = FOB_BUF((size_t)4096);
    fob_auto_secret *secret = NULL;
    const char *jwt = made("{auth: client_secret_jwt}", "s3cret", KEY);
    fob_auto_buf header = jws_part(jwt, 0), claims = jws_part(jwt, 1);
    cr_assert_eq(fob_secret_new("s3cret", 6, &secret, NULL), FOB_OK);
    fob_jws_hs256(header.data, claims.data, secret, &again);
    cr_expect_str_eq(again.data, jwt);
    fob_secret_free(&secret);
    fob_buf_free(&again);
    again = FOB_BUF((size_t)4096);
    cr_assert_eq(fob_secret_new("s3cres", 6, &secret, NULL), FOB_OK);
    fob_jws_hs256(header.data, claims.data, secret, &again);
    cr_expect_str_neq(again.data, jwt);
}

/* --- what the descriptor says ------------------------------------------------------------------------------- */

Test(jwt, claims_are_replaced_added_and_left_out)
{
    const char *jwt =
        made("{jwt: {alg: HS256, lifetime: 1h, claims: {iss: \"{kept.team}\", aud: https://idp.example, "
             "jti: null, nbf: \"{now()}\", team: \"{kept.team}-{key_id}\", none: \"{kept.no}\"}}}",
             "s3cret", NULL);
    json_t *claims = jws_json(jwt, 1);
    cr_expect_str_eq(text_of(claims, "iss"), "T34M");
    cr_expect_str_eq(text_of(claims, "sub"), "my client");
    cr_expect_str_eq(text_of(claims, "aud"), "https://idp.example");
    cr_expect_str_eq(text_of(claims, "team"), "T34M-K3Y");
    cr_expect_null(json_object_get(claims, "jti"));
    cr_expect_null(json_object_get(claims, "none"));
    cr_expect_eq(json_integer_value(json_object_get(claims, "nbf")), NOW / 1000, "a number, not text");
    cr_expect_eq(json_integer_value(json_object_get(claims, "exp")), NOW / 1000 + 3600);
    json_decref(claims);
}

Test(jwt, header_has_the_kid_and_more)
{
    made("{jwt: {alg: ES256, kid: \"{key_id}\", header: {x5t: thumb, none: \"{kept.no}\"}}}", NULL, JWK);
    cr_expect_str_eq(signed_header, "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"K3Y\",\"x5t\":\"thumb\"}");
}

Test(jwt, a_jwk_that_has_a_kid_needs_none_in_the_descriptor)
{
    made("{jwt: {alg: ES256}}", NULL, JWK);
    cr_expect_str_eq(signed_header, "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"of the key\"}");
    made("{jwt: {alg: ES256}}", NULL, " \n" JWK);
    cr_expect_str_eq(signed_header, "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"of the key\"}");
    made("{jwt: {alg: ES256}}", NULL, KEY);
    cr_expect_str_eq(signed_header, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}");
    made("{jwt: {alg: ES256}}", NULL, "{\"kid\": damaged");
    cr_expect_str_eq(signed_header, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}");
    made("{jwt: {alg: ES256, kid: \"{kept.no}\"}}", NULL, JWK);
    cr_expect_str_eq(signed_header, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}");
}

static const char *const guarded[] = {"alg: none", "ALG: none", "kid: x", "crit: x", "b64: x"};

Test(jwt, what_says_how_it_is_read_cannot_be_a_note_in_its_header)
{
    for (size_t i = 0; i < sizeof guarded / sizeof guarded[0]; i++) {
        fob_provider *none = NULL;
        fob_auto_buf yaml = FOB_BUF((size_t)8192);
        fob_buf_fmt(&yaml, YAML "token: {jwt: {alg: ES256, header: {%s}}}\n", guarded[i]);
        cr_expect_eq(fob_provider_parse(yaml.data, yaml.len, "acme.yaml", &none, NULL), FOB_E_DESCRIPTOR,
                     "%s", guarded[i]);
    }
}

Test(jwt, lives_for_as_long_as_the_descriptor_says)
{
    static const char *const lifetimes[] = {"30s", "5m", "1h", "60d"};
    static const int seconds[] = {30, 300, 3600, 5184000};
    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        char token[64];
        snprintf(token, sizeof token, "{jwt: {alg: HS256, lifetime: %s}}", lifetimes[i]);
        json_t *claims = jws_json(made(token, "s3cret", NULL), 1);
        cr_expect_eq(json_integer_value(json_object_get(claims, "exp")), NOW / 1000 + seconds[i]);
        json_decref(claims);
    }
}

/* --- with a key --------------------------------------------------------------------------------------------- */

Test(jwt, the_module_gets_the_key_and_signs)
{
    static const char *const algs[] = {"RS256", "RS384", "RS512", "PS256", "ES256", "ES384"};
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        char token[64];
        snprintf(token, sizeof token, "{auth: private_key_jwt, jwt: {alg: %s}}", algs[i]);
        cr_expect_str_eq(made(token, "s3cret", KEY), gives);
        cr_expect_str_eq(signed_alg, algs[i]);
        cr_expect_str_eq(signed_key, KEY);
        cr_expect_not_null(strstr(signed_header, algs[i]));
        cr_expect_not_null(strstr(signed_payload, "\"aud\":\"https://acme.example/token\""));
    }
}

struct choice {
    const char *token, *secret, *key, *alg;
};

static const struct choice choices[] = {
    {"{auth: private_key_jwt}", "s3cret", KEY, "RS256"},
    {"{auth: client_secret_post}", "s3cret", KEY, "RS256"},
    {"{auth: client_secret_jwt}", "s3cret", KEY, NULL},
    {"{auth: client_secret_post}", "s3cret", NULL, NULL},
};

Test(jwt, without_an_alg_it_is_rs256_for_a_key_and_hs256_for_a_secret)
{
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        signed_alg[0] = '\0';
        const char *jwt = made(choices[i].token, choices[i].secret, choices[i].key);
        cr_expect_str_eq(signed_alg, choices[i].alg ? choices[i].alg : "", "%zu", i);
        cr_expect_eq(strcmp(jwt, gives) == 0, choices[i].alg != NULL, "%zu", i);
    }
}

/* --- what can go wrong -------------------------------------------------------------------------------------- */

Test(jwt, a_client_without_what_it_takes_is_told)
{
    expect_failure("{auth: client_secret_jwt}", NULL, KEY, FOB_E_CONFIG, "signed with the client secret");
    cr_expect_not_null(strstr(error.fix, "--client-secret-file"));
    expect_failure("{auth: private_key_jwt}", "s3cret", NULL, FOB_E_CONFIG, "signed with the client's key");
    cr_expect_not_null(strstr(error.fix, "--client-key-file"));
}

Test(jwt, a_provider_without_the_module_is_told_how_to_get_it)
{
    fob_auto_client *client = client_with(NULL, KEY);
    fob_secret *jwt = NULL;
    describe("{auth: private_key_jwt}");
    provider->jose = NULL;
    cr_expect_eq(make(client, &jwt), FOB_E_CONFIG);
    cr_expect_not_null(strstr(error.what, "jose module"));
    cr_expect_not_null(strstr(error.fix, "jose-cjose"));
    cr_expect_not_null(strstr(error.fix, "fob_find_provider"));
}

struct failure {
    fob_err given, told;
};

static const struct failure failures[] = {
    {FOB_E_CONFIG, FOB_E_CONFIG},   {FOB_E_LIMIT, FOB_E_LIMIT},        {FOB_E_MEMORY, FOB_E_MEMORY},
    {FOB_E_ARGUMENT, FOB_E_PLUGIN}, {FOB_E_NEEDS_LOGIN, FOB_E_PLUGIN}, {(fob_err)-99, FOB_E_PLUGIN},
};

Test(jwt, what_the_module_says_is_passed_on_and_made_printable)
{
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        fails = failures[i].given;
        expect_failure("{auth: private_key_jwt}", NULL, KEY, failures[i].told, "the key? is odd");
        cr_expect_str_eq(error.fix, "mend it");
    }
}

static const char *const nonsense[] = {"", "a.b", "a.b.c.d", "a.b.c\n", "a b.c.d", "a.b=.c", "{\"a\":1}"};

Test(jwt, what_a_module_gives_has_to_be_a_jwt)
{
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        gives = nonsense[i];
        expect_failure("{auth: private_key_jwt}", NULL, KEY, FOB_E_PLUGIN, "no JWT");
    }
}

Test(jwt, no_error_holds_the_key)
{
    fails = FOB_E_CONFIG;
    expect_failure("{auth: private_key_jwt}", NULL, KEY, FOB_E_CONFIG, "odd");
    cr_expect_null(strstr(error.what, "not looked at"));
    expect_failure("{auth: client_secret_jwt}", NULL, KEY, FOB_E_CONFIG, "secret");
    cr_expect_null(strstr(error.what, "not looked at"));
}

/* --- what needs a key --------------------------------------------------------------------------------------- */

struct need {
    const char *yaml;
    bool needs;
};

static const struct need needs[] = {
    {"", false},
    {"token: {auth: client_secret_jwt}\n", false},
    {"token: {jwt: {alg: HS256}}\n", false},
    {"token: {jwt: {lifetime: 1h}}\n", false},
    {"token: {auth: private_key_jwt}\n", true},
    {"token: {jwt: {alg: ES256}}\n", true},
    {"client_credentials: {auth: private_key_jwt}\n", true},
    {"refresh: {auth: private_key_jwt}\n", true},
    {"userinfo: {jwt: {alg: RS256}}\n", true},
    {"verify: {jwt: {alg: RS256}}\n", true},
    {"revoke: {auth: private_key_jwt}\n", true},
    {"steps: {more: {endpoint: https://acme.example/more, auth: private_key_jwt}}\n", true},
    {"token_endpoint_auth_methods_supported: [client_secret_basic, private_key_jwt]\n", true},
    {"token_endpoint_auth_methods_supported: [client_secret_basic]\n", false},
    {"environments: {test: {token_endpoint_auth_methods_supported: [private_key_jwt]}}\n", true},
};

Test(jwt, a_descriptor_shows_whether_a_key_may_be_needed)
{
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        fob_auto_provider *one = NULL;
        fob_auto_buf yaml = FOB_BUF((size_t)8192);
        fob_buf_fmt(&yaml, YAML "%s", needs[i].yaml);
        cr_assert_eq(fob_provider_parse(yaml.data, yaml.len, "acme.yaml", &one, &error), FOB_OK, "%s: %s",
                     needs[i].yaml, error.what);
        cr_expect_eq(fob_jwt_needs_key(&one->d), needs[i].needs, "%s", needs[i].yaml);
    }
}
