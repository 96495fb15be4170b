/* SPDX-License-Identifier: MIT */
/* core/flow_callback.c: what comes back by the browser is read, checked and kept as the descriptor says. */
#include "script.h"

#include <sodium.h>

/* The token request that a callback leads to. */
#define EXCHANGE(code)                                                                                       \
    .exchanges = {{"POST https://acme.example/t", NULL,                                                      \
                   "grant_type=authorization_code&code=" code "&redirect_uri=" CALLBACK_ENCODED              \
                   "&code_verifier=<verifier>&client_id=" CLIENT}}
#define GOOD(callback_, code) .callback = callback_, EXCHANGE(code), .token = "at -"

/* --- fields ------------------------------------------------------------------------------------------------- */

Test(callback, fields_have_the_names_that_the_provider_gives_them)
{
    static const struct script scripts[] = {
        {.name = "the code",
         .lines = "callback: {fields: {code: auth_code}}\n",
         GOOD("state=<state>&auth_code=c1", "c1")},
        {.name = "the state", .lines = "callback: {fields: {state: s}}\n", GOOD("s=<state>&code=c1", "c1")},
        {.name = "the code, renamed in every request",
         .lines = "rename: {code: authCode}\n",
         .callback = "state=<state>&authCode=c1",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&authCode=c1&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&client_id=client-1"}},
         .token = "at -"},
        {.name = "the code, renamed but there",
         .lines = "rename: {code: authCode}\ncallback: {fields: {code: theCode}}\n",
         .callback = "state=<state>&theCode=c1",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&authCode=c1&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&client_id=client-1"}},
         .token = "at -"},
        {.name = "the code, renamed for the token request alone",
         .lines = "token: {rename: {code: auth_code}}\n",
         .callback = "state=<state>&code=c1",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&auth_code=c1&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&client_id=client-1"}},
         .token = "at -"},
        {.name = "the issuer",
         .lines = "issuer: https://acme.example\ncallback: {fields: {iss: from}}\n",
         GOOD("state=<state>&code=c1&from=https://acme.example&iss=whoever", "c1")},
        {.name = "another issuer",
         .lines = "issuer: https://acme.example\ncallback: {fields: {iss: from}}\n",
         .callback = "state=<state>&code=c1&from=https://evil.example",
         .err = FOB_E_SECURITY,
         .what = "another issuer"},
        {.name = "the error",
         .lines = "callback: {fields: {error: err, error_description: why}}\n",
         .callback = "state=<state>&err=access_denied&why=No%20thanks",
         .err = FOB_E_DENIED,
         .what = "the login was refused: access_denied: No thanks"},
        {.name = "what is called error otherwise is none",
         .lines = "callback: {fields: {error: err}}\n",
         GOOD("state=<state>&error=0&code=c1", "c1")},
    };
    PLAY_ALL(scripts);
}

Test(callback, fields_by_another_name_are_not_looked_for_by_their_own)
{
    static const struct script scripts[] = {
        {.name = "code",
         .lines = "callback: {fields: {code: auth_code}}\n",
         .callback = "state=<state>&code=c1",
         .err = FOB_E_PROTOCOL,
         .what = "no code"},
        {.name = "state",
         .lines = "callback: {fields: {state: s}}\n",
         .callback = "state=<state>&code=c1",
         .err = FOB_E_SECURITY,
         .what = "does not belong to this login"},
        {.name = "renamed state",
         .lines = "rename: {state: customField}\n",
         .callback = "state=<state>&code=c1",
         .err = FOB_E_SECURITY,
         .what = "does not belong to this login"},
        {.name = "two codes",
         .lines = "callback: {fields: {code: auth_code}}\n",
         .callback = "state=<state>&auth_code=a&auth_code=b",
         .err = FOB_E_PROTOCOL,
         .what = "more than one answer"},
        {.name = "an error beside an empty code",
         .lines = "callback: {fields: {error: error_code}, errors: {\"42\": denied}}\n",
         .callback = "state=<state>&code=&error_code=42",
         .err = FOB_E_DENIED,
         .what = "refused: 42"},
        {.name = "an error beside a code",
         .callback = "state=<state>&code=c1&error=server_error",
         .err = FOB_E_PROTOCOL,
         .what = "more than one answer"},
        {.name = "an error beside two codes",
         .callback = "state=<state>&code=&code=&error=server_error",
         .err = FOB_E_PROTOCOL,
         .what = "more than one answer"},
    };
    PLAY_ALL(scripts);
}

Test(callback, a_code_that_is_encoded_twice_is_decoded_twice)
{
    static const struct script scripts[] = {
        {.name = "twice",
         .lines = "callback: {code_is_encoded: true}\n",
         GOOD("state=<state>&code=a%252Fb%2Bc%253D", "a%2Fb+c%3D")},
        {.name = "once", GOOD("state=<state>&code=a%252Fb", "a%252Fb")},
        {.name = "not at all",
         .lines = "callback: {code_is_encoded: true}\n",
         GOOD("state=<state>&code=abc", "abc")},
        {.name = "broken",
         .lines = "callback: {code_is_encoded: true}\n",
         .callback = "state=<state>&code=a%25zz",
         .err = FOB_E_PROTOCOL,
         .what = "the code cannot be decoded"},
    };
    PLAY_ALL(scripts);
}

/* --- errors ------------------------------------------------------------------------------------------------- */

Test(callback, the_providers_words_mean_what_the_descriptor_says)
{
#define ERRORS                                                                                               \
    "callback: {errors: {user_cancelled: denied, busy: retry, too_much: rate_limited, bad_app: config, "     \
    "gone: dead, access_denied: config}}\n"
    static const struct {
        const char *word, *shown;
        fob_err err;
    } cases[] = {
        {"user_cancelled", "user_cancelled", FOB_E_DENIED},
        {"busy", "busy", FOB_E_SERVER},
        {"too_much", "too_much", FOB_E_SERVER},
        {"bad_app", "bad_app", FOB_E_CLIENT},
        {"gone", "gone", FOB_E_DENIED},
        {"access_denied", "access_denied", FOB_E_CLIENT},
        {"server_error", "server_error", FOB_E_SERVER},
        {"temporarily_unavailable", "temporarily_unavailable", FOB_E_SERVER},
        {"unauthorized_client", "unauthorized_client", FOB_E_CLIENT},
        {"invalid_scope", "invalid_scope", FOB_E_PROVIDER},
        {"never_heard", "never_heard", FOB_E_PROVIDER},
        {"", "the login was refused: ", FOB_E_PROVIDER},
        {"odd%0aword%1b", "odd", FOB_E_PROVIDER},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char callback[128];
        snprintf(callback, sizeof callback, "state=<state>&error=%s", cases[i].word);
        play(&(struct script){.name = cases[i].word,
                              .lines = ERRORS,
                              .callback = callback,
                              .err = cases[i].err,
                              .what = cases[i].shown});
    }
}

Test(callback, an_error_is_printable_and_keeps_the_providers_word)
{
    const struct script script = {.name = "error"};
    fob_auto_flow *flow = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, &error), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, &error), FOB_OK);
    cr_expect_eq(come_back(flow, "state=<state>&error=odd%0aword&error_description=a%1bb", &error),
                 FOB_E_PROVIDER);
    cr_expect_null(strpbrk(error.what, "\n\x1b"), "%s", error.what);
    cr_expect_null(strpbrk(error.oauth_error, "\n\x1b"));
    cr_expect(fob_starts_with(error.oauth_error, "odd"), "%s", error.oauth_error);
}

Test(callback, an_error_shows_no_secret_that_came_along)
{
    static const struct script scripts[] = {
        {.name = "in its word",
         .secret = "s3cret-of-the-client",
         .callback = "state=<state>&error=no-s3cret-of-the-client&error_description=why",
         .err = FOB_E_PROVIDER,
         .what = "the login was refused: : why"},
        {.name = "in its explanation",
         .secret = "s3cret-of-the-client",
         .callback = "state=<state>&error=access_denied&error_description=no%20s3cret-of-the-client",
         .err = FOB_E_DENIED},
    };
    PLAY_ALL(scripts);
    fob_auto_flow *flow = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    size_t n = 0;
    cr_assert_eq(begin_script(&scripts[1], &flow, &error), FOB_OK);
    cr_assert_eq(follow(&scripts[1], flow, &n, &error), FOB_E_DENIED);
    cr_expect_str_eq(error.what, "the login was refused: access_denied");
}

/* --- keep --------------------------------------------------------------------------------------------------- */

#define KEPT(lines_, callback_, kept)                                                                        \
    .lines = "callback: {keep: {" lines_ "}}\n", .callback = "state=<state>&code=c1&" callback_,             \
    EXCHANGE("c1"), .token = kept
#define REFUSED(lines_, callback_, says)                                                                     \
    .lines = "callback: {keep: {" lines_ "}}\n", .callback = "state=<state>&code=c1&" callback_,             \
    .err = FOB_E_SECURITY, .what = says

Test(callback, what_later_requests_need_is_kept)
{
    static const struct script scripts[] = {
        {.name = "a field", KEPT("realm: realmId", "realmId=42", "at - kept.realm=42")},
        {.name = "two", KEPT("a: b, c: {from: d}", "d=2&b=1", "at - kept.a=1 kept.c=2")},
        {.name = "decoded", KEPT("a: b", "b=x%20%26+%C3%A4", "at - kept.a=x & \xc3\xa4")},
        {.name = "one that is not there", KEPT("a: b", "x=1", "at -")},
        {.name = "one that is there twice", KEPT("a: b", "b=1&b=2", "at -")},
        {.name = "an empty one", KEPT("a: b", "b=", "at - kept.a=")},
        {.name = "a pattern", KEPT("a: {from: b, pattern: \"[0-9]+\"}", "b=42", "at - kept.a=42")},
        {.name = "not the pattern",
         REFUSED("a: {from: b, pattern: \"[0-9]+\"}", "b=42x", "\"b\" is not what it can be")},
        {.name = "a pattern holds for the whole",
         REFUSED("a: {from: b, pattern: \"[0-9]+\"}", "b=x42", "\"b\" is not")},
        {.name = "a pattern and an empty value",
         REFUSED("a: {from: b, pattern: \"[0-9]+\"}", "b=", "\"b\" is not")},
        {.name = "a pattern and nothing", KEPT("a: {from: b, pattern: \"[0-9]+\"}", "c=1", "at -")},
        {.name = "a pointer",
         KEPT("first: {from: user, pointer: /name/first}, mail: {from: user, pointer: /email}",
              "user=%7B%22name%22%3A%7B%22first%22%3A%22Ada%22%7D%2C%22email%22%3A%22a%40b%22%7D",
              "at - kept.first=Ada kept.mail=a@b")},
        {.name = "a pointer to a number",
         KEPT("n: {from: user, pointer: /n}", "user={\"n\":7}", "at - kept.n=7")},
        {.name = "a pointer to nothing", KEPT("n: {from: user, pointer: /m}", "user={\"n\":7}", "at -")},
        {.name = "a pointer to an object", KEPT("n: {from: user, pointer: /n}", "user={\"n\":{}}", "at -")},
        {.name = "a pointer into no JSON", KEPT("n: {from: user, pointer: /n}", "user=n", "at -")},
        {.name = "a pointer and a pattern",
         REFUSED("n: {from: user, pointer: /n, pattern: \"[a-z]+\"}", "user={\"n\":7}", "\"user\" is not")},
        {.name = "a line break", REFUSED("a: b", "b=x%0d%0aEvil:%20yes", "\"b\" is not what it can be")},
        {.name = "a line break in JSON",
         REFUSED("a: {from: b, pointer: /n}", "b={\"n\":\"x%5cny\"}", "\"b\" is not")},
        {.name = "an escape", REFUSED("a: b", "b=%1b[31m", "\"b\" is not")},
        {.name = "no UTF-8", REFUSED("a: b", "b=%ff", "cannot be read")},
    };
    PLAY_ALL(scripts);
}

Test(callback, a_secret_that_is_kept_is_never_shown)
{
    const struct script script = {.name = "secret",
                                  .lines = "callback: {keep: {a: {from: b, secret: true}}}\n"};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(come_back(flow, "state=<state>&code=c1&b=hidden-value", NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(give_answer(flow, &(struct exchange){0}, NULL), FOB_OK);
    fob_token *token = fob_flow_token(flow);
    cr_expect_str_eq(fob_token_kept(token, "a"), "hidden-value");
    cr_expect_str_eq(fob_token_kept_nth(token, 0)->name, "a");
    cr_expect_str_eq(fob_token_kept_nth(token, 0)->value, "");
    cr_expect_null(strstr(logged, "hidden-value"));
}

/* --- require ------------------------------------------------------------------------------------------------ */

#define SHOP "variables: {shop: {}}\n"

Test(callback, a_field_equals_what_the_descriptor_says_or_the_login_ends)
{
#define REQUIRE SHOP "callback: {require: {shop: \"{shop}.acme.example\"}}\n"
#define CORNER .variables = { {"shop", "corner"} }
    static const struct script scripts[] = {
        {.name = "equal",
         .lines = REQUIRE,
         CORNER,
         GOOD("state=<state>&code=c1&shop=corner.acme.example", "c1")},
        {.name = "another",
         .lines = REQUIRE,
         CORNER,
         .callback = "state=<state>&code=c1&shop=other.acme.example",
         .err = FOB_E_SECURITY,
         .what = "\"shop\" is not what it has to be"},
        {.name = "longer",
         .lines = REQUIRE,
         CORNER,
         .callback = "state=<state>&code=c1&shop=corner.acme.example.evil.example",
         .err = FOB_E_SECURITY},
        {.name = "not there",
         .lines = REQUIRE,
         CORNER,
         .callback = "state=<state>&code=c1",
         .err = FOB_E_SECURITY},
        {.name = "twice",
         .lines = REQUIRE,
         CORNER,
         .callback = "state=<state>&code=c1&shop=corner.acme.example&shop=corner.acme.example",
         .err = FOB_E_SECURITY},
        {.name = "in another case",
         .lines = REQUIRE,
         CORNER,
         .callback = "state=<state>&code=c1&shop=Corner.acme.example",
         .err = FOB_E_SECURITY},
        {.name = "what has no value is never equal",
         .lines = "callback: {require: {shop: \"{callback.other}\"}}\n",
         .callback = "state=<state>&code=c1&shop=",
         .err = FOB_E_SECURITY},
        {.name = "fields among each other",
         .lines = "callback: {require: {a: \"{lower(callback.b)}\"}}\n",
         GOOD("state=<state>&code=c1&a=x&b=X", "c1")},
        {.name = "all of them",
         .lines = "callback: {require: {a: \"1\", b: \"2\"}}\n",
         .callback = "state=<state>&code=c1&a=1&b=3",
         .err = FOB_E_SECURITY,
         .what = "\"b\" is not"},
        {.name = "of an error too",
         .lines = "callback: {require: {a: \"1\"}}\n",
         .callback = "state=<state>&error=access_denied",
         .err = FOB_E_SECURITY,
         .what = "\"a\" is not"},
    };
    PLAY_ALL(scripts);
}

#define SIGNED                                                                                               \
    "callback: {require: {hmac: \"{hex(hmac_sha256(client_secret, sorted_query('hmac', "                     \
    "'signature')))}\"}}\n"

/* As Shopify signs: HMAC-SHA-256 over the sorted fields, in hex. */
static const char *sign(const fob_flow *flow, const char *key, const char *before_state, const char *after)
{
    static char hex[2 * crypto_auth_hmacsha256_BYTES + 1];
    char message[512];
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    snprintf(message, sizeof message, "%s%s%s", before_state, flow->csrf.data, after);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)message, strlen(message));
    crypto_auth_hmacsha256_final(&state, mac);
    return sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
}

static fob_err come_back_signed(const char *key, const char *shop, struct fob_error *error)
{
    const struct script script = {.name = "signed", .lines = SIGNED, .secret = "hush"};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    char callback[512];
    cr_assert_eq(begin_script(&script, &flow, error), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, error), FOB_OK);
    const char *hmac = sign(flow, key, "code=c1&shop=corner.acme.example&state=", "&timestamp=1337178173");
    snprintf(callback, sizeof callback,
             "code=c1&hmac=%s&timestamp=1337178173&state=<state>&signature=old&shop=%s", hmac, shop);
    return come_back(flow, callback, error);
}

Test(callback, a_signature_over_all_fields_is_checked)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(come_back_signed("hush", "corner.acme.example", &error), FOB_OK, "%s", error.what);
    cr_expect_eq(come_back_signed("hash", "corner.acme.example", &error), FOB_E_SECURITY, "another key");
    cr_expect(strstr(error.what, "\"hmac\" is not what it has to be"), "%s", error.what);
    cr_expect_null(strstr(error.what, "hush"));
    cr_expect_eq(come_back_signed("hush", "evil.example", &error), FOB_E_SECURITY, "another shop");
}

/* --- without a state ---------------------------------------------------------------------------------------- */

#define NO_STATE "state: none, state_reason: the install link starts there"

Test(callback, without_a_state_any_answer_is_taken_and_the_person_is_warned)
{
    const struct script script = {.name = "none", .lines = "callback: {" NO_STATE "}\n"};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    logged[0] = '\0';
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_expect_str_eq(action.warning, "the install link starts there");
    cr_expect(strstr(logged, "without a state, the install link starts there"), "%s", logged);
    static const struct script scripts[] = {
        {.name = "no state", .lines = "callback: {" NO_STATE "}\n", GOOD("code=c1", "c1")},
        {.name = "another state", .lines = "callback: {" NO_STATE "}\n", GOOD("state=x&code=c1", "c1")},
        {.name = "the state is sent all the same",
         .lines = "callback: {" NO_STATE "}\n",
         .url =
             "https://acme.example/a?response_type=code&client_id=" CLIENT "&redirect_uri=" CALLBACK_ENCODED
             "&state=<state>&code_challenge=<challenge>&code_challenge_method=S256",
         GOOD("state=<state>&code=c1", "c1")},
        {.name = "a refusal ends it",
         .lines = "callback: {" NO_STATE "}\n",
         .callback = "error=access_denied",
         .err = FOB_E_DENIED},
        {.name = "required is as usual",
         .lines = "callback: {state: required}\n",
         .callback = "code=c1",
         .err = FOB_E_SECURITY},
    };
    PLAY_ALL(scripts);
}

Test(callback, without_a_state_what_is_not_signed_is_ignored)
{
    const struct script script = {.name = "none",
                                  .lines = "callback: {" NO_STATE ", require: {key: \"right\"}}\n"};
    static const char *const forged[] = {"code=evil",
                                         "code=evil&key=wrong",
                                         "error=access_denied",
                                         "error=access_denied&key=",
                                         "key=right&key=right&code=evil",
                                         ""};
    fob_auto_flow *flow = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, &error), FOB_OK);
    for (size_t i = 0; i < COUNT(forged); i++) {
        cr_assert_eq(fob_flow_next(flow, START, &action, &error), FOB_OK);
        cr_expect_eq(action.want, FOB_WANT_REDIRECT);
        cr_expect_eq(come_back(flow, forged[i], &error), FOB_E_SECURITY, "%s", forged[i]);
    }
    cr_expect_eq(come_back(flow, "key=right&code=c1", &error), FOB_OK, "%s", error.what);
    cr_assert_eq(fob_flow_next(flow, START, &action, &error), FOB_OK);
    cr_expect_eq(action.want, FOB_WANT_HTTP);
    cr_expect(strstr(action.request->body, "code=c1&"), "%s", (const char *)action.request->body);
}

Test(callback, with_a_state_what_is_not_signed_ends_the_login)
{
    const struct script script = {.name = "required", .lines = "callback: {require: {key: \"right\"}}\n"};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_expect_null(action.warning);
    cr_expect_eq(come_back(flow, "state=forged&key=right&code=c1", NULL), FOB_E_SECURITY);
    cr_expect_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK, "that was not ours");
    cr_expect_eq(come_back(flow, "state=<state>&key=wrong&code=c1", NULL), FOB_E_SECURITY);
    cr_expect_eq(fob_flow_next(flow, START, &action, NULL), FOB_E_SECURITY, "that was");
}

Test(callback, what_came_back_can_be_sent_on)
{
    static const struct script scripts[] = {
        {.name = "in the exchange",
         .lines = "token: {params: {location: \"{callback.location}\", none: \"{callback.none}\", all: "
                  "\"{sorted_query('state', 'code')}\"}, headers: {X-Shop: \"{callback.Shop-Id}\"}}\n",
         .callback = "state=<state>&code=c1&location=eu&Shop-Id=7",
         .exchanges =
             {{"POST https://acme.example/t", "X-Shop: 7",
               "grant_type=authorization_code&code=c1&redirect_uri=" CALLBACK_ENCODED
               "&code_verifier=<verifier>&client_id=client-1&location=eu&all=Shop-Id%3D7%26location%3Deu"}},
         .token = "at -"},
        {.name = "but no line break in a header field",
         .lines = "token: {headers: {X-Shop: \"{callback.shop}\"}}\n",
         .callback = "state=<state>&code=c1&shop=a%0d%0aEvil:%20yes",
         .err = FOB_E_SECURITY,
         .what = "the header field \"X-Shop\" would hold a line break"},
    };
    PLAY_ALL(scripts);
}
