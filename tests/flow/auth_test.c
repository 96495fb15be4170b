/* SPDX-License-Identifier: MIT */
/* core/flow_auth.c: each way to authenticate puts the credential where it says, and a client without one is told. */
#include "pointer.h"
#include "script.h"

#include <sodium.h>

#define GRANTED .token = "at -"
#define SENDS(fields_, body_)                                                                                \
    .play = MACHINE, .exchanges = {{"POST https://acme.example/t", fields_, body_}}, GRANTED
#define BASIC "Authorization: Basic Y2xpZW50LTE6czNjcmV0" /* client-1:s3cret */
#define PLAIN_BODY "grant_type=client_credentials"
#define PUBLIC_BODY PLAIN_BODY "&client_id=client-1"
#define POST_BODY PLAIN_BODY "&client_id=client-1&client_secret=s3cret"

Test(auth, without_a_word_it_is_basic_or_the_id_alone)
{
    static const struct script scripts[] = {
        {.name = "a secret", .secret = "s3cret", SENDS(BASIC, PLAIN_BODY)},
        {.name = "none", SENDS(NULL, PUBLIC_BODY)},
    };
    PLAY_ALL(scripts);
}

Test(auth, each_method_has_its_place)
{
    static const struct script scripts[] = {
        {.name = "basic",
         .secret = "s3cret",
         .lines = "token: {auth: client_secret_basic}\n",
         SENDS(BASIC, PLAIN_BODY)},
        {.name = "basic is form-encoded before it is joined",
         .secret = "a b:c%\xc3\xa4",
         .lines = "token: {auth: client_secret_basic}\n", /* client-1:a+b%3Ac%25%C3%A4 */
         SENDS("Authorization: Basic Y2xpZW50LTE6YStiJTNBYyUyNSVDMyVBNA==", PLAIN_BODY)},
        {.name = "raw basic is not",
         .secret = "a b:c%\xc3\xa4",
         .lines = "token: {auth: client_secret_basic_raw}\n", /* client-1:a b:c%ä */
         SENDS("Authorization: Basic Y2xpZW50LTE6YSBiOmMlw6Q=", PLAIN_BODY)},
        {.name = "post",
         .secret = "s3cret",
         .lines = "token: {auth: client_secret_post}\n",
         SENDS(NULL, POST_BODY)},
        {.name = "post under other names",
         .secret = "s3cret",
         .lines =
             "rename: {client_id: app}\ntoken: {auth: client_secret_post, rename: {client_secret: secret}}\n",
         SENDS(NULL, PLAIN_BODY "&app=client-1&secret=s3cret")},
        {.name = "none, though there is a secret",
         .secret = "s3cret",
         .lines = "token: {auth: none}\n",
         SENDS(NULL, PUBLIC_BODY)},
        {.name = "a public client has nothing to show",
         .lines = "token: {auth: client_secret_post}\n",
         SENDS(NULL, PUBLIC_BODY)},
        {.name = "the grant's own",
         .secret = "s3cret",
         .lines = "token: {auth: client_secret_post}\nclient_credentials: {auth: client_secret_basic}\n",
         SENDS(BASIC, PLAIN_BODY)},
        {.name = "a field of the descriptor's own wins",
         .secret = "s3cret",
         .lines = "token: {headers: {Authorization: \"Key {base64(concat(client_secret, ':'))}\"}}\n",
         SENDS("Authorization: Key czNjcmV0Og==", PLAIN_BODY)},
        {.name = "a field left out",
         .secret = "s3cret",
         .lines = "token: {headers: {Authorization: null}}\n",
         SENDS(NULL, PLAIN_BODY)},
    };
    PLAY_ALL(scripts);
}

Test(auth, of_what_the_provider_lists_the_first_that_the_client_can_do_is_taken)
{
#define LISTS(list) "token_endpoint_auth_methods_supported: [" list "]\n"
    static const struct script scripts[] = {
        {.name = "post first",
         .secret = "s3cret",
         .lines = LISTS("client_secret_post, client_secret_basic"),
         SENDS(NULL, POST_BODY)},
        {.name = "basic first",
         .secret = "s3cret",
         .lines = LISTS("private_key_jwt, tls_client_auth, client_secret_basic, client_secret_post"),
         SENDS(BASIC, PLAIN_BODY)},
        {.name = "none, which takes no secret",
         .secret = "s3cret",
         .lines = LISTS("private_key_jwt, none"),
         SENDS(NULL, PUBLIC_BODY)},
        {.name = "none that it can do",
         .play = MACHINE,
         .secret = "s3cret",
         .lines = LISTS("private_key_jwt, tls_client_auth"),
         .err = FOB_E_CONFIG,
         .what = "lists no way to authenticate"},
        {.name = "no secret where none is taken",
         .secret = "s3cret",
         .lines = LISTS("private_key_jwt, none"),
         SENDS(NULL, PUBLIC_BODY)},
        {.name = "what is said counts more",
         .secret = "s3cret",
         .lines = LISTS("client_secret_post") "token: {auth: client_secret_basic}\n",
         SENDS(BASIC, PLAIN_BODY)},
        {.name = "a public client", .lines = LISTS("client_secret_post"), SENDS(NULL, PUBLIC_BODY)},
        {.name = "the environment's",
         .secret = "s3cret",
         .environment = "test",
         .lines =
             LISTS("client_secret_basic") "environments:\n  test:\n    "
                                          "token_endpoint_auth_methods_supported: [client_secret_post]\n",
         SENDS(NULL, POST_BODY)},
    };
    PLAY_ALL(scripts);
}

/* --- JWTs --------------------------------------------------------------------------------------------------- */

/* The JWT in the body behind `name=`, whose HS256 signature by the secret is checked; its claims. */
static json_t *claims_of(const char *body, const char *name, const char *secret)
{
    const char *at = strstr(body, name);
    cr_assert_not_null(at, "%s", body);
    at += strlen(name);
    size_t len = strcspn(at, "&");
    const char *last = memrchr(at, '.', len);
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    fob_auto_buf encoded = FOB_BUF(64);
    json_t *claims = NULL;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)at, (size_t)(last - at));
    crypto_auth_hmacsha256_final(&state, mac);
    fob_base64url(&encoded, mac, sizeof mac);
    cr_expect_eq(len - (size_t)(last + 1 - at), encoded.len);
    cr_expect_eq(memcmp(last + 1, encoded.data, encoded.len), 0, "signed with the client secret");
    cr_assert_eq(fob_jwt_read(at, len, &claims), FOB_OK);
    return claims;
}

/* The body of a client credentials request; freed by the caller. */
static char *body_of(const char *lines, enum play play, struct fob_error *error)
{
    const struct script script = {.name = lines, .lines = lines, .play = play, .secret = "s3cret"};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    fob_err err = begin_script(&script, &flow, error);
    if (err == FOB_OK)
        err = fob_flow_next(flow, START, &action, error);
    return err == FOB_OK ? fob_strndup(action.request->body, action.request->body_len) : NULL;
}

static void expect_claim(const json_t *claims, const char *name, const char *value)
{
    cr_expect_str_eq(fob_json_str(claims, name), value, "%s", name);
}

Test(auth, client_secret_jwt_is_an_assertion_signed_with_the_secret)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_free char *body =
        body_of("token: {auth: client_secret_jwt, jwt: {lifetime: 1m}}\n", MACHINE, &error);
    cr_assert_not_null(body, "%s", error.what);
    static const char start[] =
        PUBLIC_BODY "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%"
                    "3Ajwt-bearer&client_assertion=";
    cr_expect(fob_starts_with(body, start), "%s", body);
    fob_auto_json *claims = claims_of(body, "client_assertion=", "s3cret");
    expect_claim(claims, "iss", CLIENT);
    expect_claim(claims, "sub", CLIENT);
    expect_claim(claims, "aud", "https://acme.example/t");
    cr_expect_eq(json_integer_value(json_object_get(claims, "iat")), START / 1000);
    cr_expect_eq(json_integer_value(json_object_get(claims, "exp")), START / 1000 + 60, "one minute");
    cr_expect_null(strstr(body, "s3cret"));
}

Test(auth, a_jwt_can_stand_in_the_place_of_the_secret)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_free char *body = body_of("token: {auth: client_secret_post, jwt: {alg: HS256, claims: {aud: "
                                       "\"{host_of(token_endpoint)}\", team: "
                                       "t-1, jti: null}}}\n",
                                       MACHINE, &error);
    cr_assert_not_null(body, "%s", error.what);
    cr_expect(fob_starts_with(body, PUBLIC_BODY "&client_secret="), "%s", body);
    fob_auto_json *claims = claims_of(body, "client_secret=", "s3cret");
    expect_claim(claims, "aud", "acme.example");
    expect_claim(claims, "team", "t-1");
    cr_expect_null(json_object_get(claims, "jti"));
    cr_expect_eq(json_integer_value(json_object_get(claims, "exp")), START / 1000 + 300, "five minutes");
    fob_auto_free char *refresh =
        body_of("token: {auth: client_secret_post, jwt: {alg: HS256}}\n", REFRESH, &error);
    fob_auto_json *again = claims_of(refresh, "client_secret=", "s3cret");
    expect_claim(again, "sub", CLIENT);
    fob_auto_free char *revoke = body_of(
        "revocation_endpoint: https://acme.example/r\ntoken: {auth: client_secret_post, jwt: {alg: HS256}}\n",
        REVOKE, &error);
    fob_auto_json *last = claims_of(revoke, "client_secret=", "s3cret");
    expect_claim(last, "aud", "https://acme.example/r");
}

Test(auth, what_the_client_does_not_have_is_told_before_anything_is_sent)
{
    static const struct script scripts[] = {
        {.name = "a key",
         .play = MACHINE,
         .secret = "s3cret",
         .lines = "token: {auth: private_key_jwt}\n",
         .err = FOB_E_CONFIG,
         .what = "signed with the client's key, and there is none"},
        {.name = "a key for the JWT in the place of the secret",
         .play = MACHINE,
         .secret = "s3cret",
         .lines = "token: {auth: client_secret_post, jwt: {alg: ES256}}\n",
         .err = FOB_E_CONFIG,
         .what = "signed with the client's key"},
        {.name = "a token",
         .play = MACHINE,
         .lines = "token: {auth: token}\n",
         .err = FOB_E_CONFIG,
         .what = "needs a token before there is one"},
    };
    PLAY_ALL(scripts);
}

/* --- the token ---------------------------------------------------------------------------------------------- */

Test(auth, the_token_is_presented_as_the_descriptor_says)
{
    static const struct script scripts[] = {
        {.name = "as RFC 6750 has it",
         .play = VERIFY,
         .lines = "verify: {endpoint: \"https://acme.example/me\"}\n",
         .exchanges = {{"GET https://acme.example/me", "Authorization: Bearer old-at", NULL}}},
        {.name = "with the client's credential in its place",
         .play = VERIFY,
         .secret = "s3cret",
         .lines = "verify: {endpoint: \"https://acme.example/me\", auth: client_secret_basic}\n",
         .exchanges = {{"GET https://acme.example/me", BASIC, NULL}}},
        {.name = "with nothing",
         .play = VERIFY,
         .secret = "s3cret",
         .lines = "verify: {endpoint: \"https://acme.example/me\", auth: none}\n",
         .exchanges = {{"GET https://acme.example/me", NULL, NULL}}},
        {.name = "a public client's nothing is no client_id",
         .play = VERIFY,
         .lines = "verify: {endpoint: \"https://acme.example/me\", auth: client_secret_post}\n",
         .exchanges = {{"GET https://acme.example/me", NULL, NULL}}},
        {.name = "a refresh with the token",
         .play = REFRESH,
         .secret = "s3cret",
         .lines = "refresh: {auth: token}\n",
         .exchanges = {{"POST https://acme.example/t", "Authorization: Bearer old-at",
                        "grant_type=refresh_token&refresh_token=old-rt"}},
         .token = "at old-rt scope=mail files id=u-0 label=Ada kept.realm=42"},
    };
    PLAY_ALL(scripts);
}

Test(auth, use_says_how_in_the_requests_that_follow)
{
    static const struct script scripts[] = {
        {.name = "another field",
         .lines = "use: {header: X-Acme-Token, scheme: \"\"}\nsteps: {me: {endpoint: "
                  "\"https://acme.example/me\"}}\n",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&client_id=client-1"},
                       {"GET https://acme.example/me", "X-Acme-Token: at", NULL}},
         .token = "at - use=X-Acme-Token:"},
        {.name = "another scheme",
         .lines = "use: {scheme: Zoho-oauthtoken}\nsteps: {me: {endpoint: \"https://acme.example/me\", "
                  "method: POST}}\n",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&client_id=client-1"},
                       {"POST https://acme.example/me", "Authorization: Zoho-oauthtoken at", ""}},
         .token = "at - use=Authorization:Zoho-oauthtoken"},
        {.name = "the query",
         .lines = "use: {query: access_token}\nsteps: {me: {endpoint: \"https://acme.example/me?v=1\", "
                  "method: POST, params: "
                  "{a: b}}}\n",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&client_id=client-1"},
                       {"POST https://acme.example/me?v=1&access_token=at", NULL, "a=b"}},
         .token = "at - use=?access_token"},
    };
    PLAY_ALL(scripts);
}
