/* SPDX-License-Identifier: MIT */
/* core/flow_code.c: the authorization request is the descriptor's, parameter by parameter, and what guards it is ours. */
#include "script.h"

/* What most descriptors lead to. */
#define URL(scope_and_more)                                                                                  \
    "https://acme.example/a?response_type=code&client_id=" CLIENT                                            \
    "&redirect_uri=" CALLBACK_ENCODED scope_and_more
#define GUARDS "&state=<state>&code_challenge=<challenge>&code_challenge_method=S256"
/* The code is exchanged as RFC 6749 says, and that is the end. */
#define AS_USUAL                                                                                             \
    .exchanges = {{"POST https://acme.example/t", NULL,                                                      \
                   "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED                  \
                   "&code_verifier=<verifier>&client_id=" CLIENT}}

Test(authorize, two_urls_are_enough)
{
    static const struct script scripts[] = {
        {.name = "no scope", .url = URL(GUARDS), AS_USUAL, .token = "at -"},
        {.name = "a scope",
         .scopes = {"mail"},
         .url = URL("&scope=mail" GUARDS),
         AS_USUAL,
         .token = "at - scope=mail"},
    };
    PLAY_ALL(scripts);
}

/* --- params and rename -------------------------------------------------------------------------------------- */

Test(authorize, parameters_are_added_replaced_and_left_out)
{
    static const struct script scripts[] = {
        {.name = "added",
         .lines = "authorize: {params: {access_type: offline, prompt: \"select account\"}}\n",
         .url = URL(GUARDS "&access_type=offline&prompt=select+account"),
         AS_USUAL,
         .token = "at -"},
        {.name = "filled in",
         .lines = "variables: {team: {}}\nenvironments: {test: {}}\n"
                  "authorize: {params: {id: \"{client_id}@{team}\", env: \"{environment}\", to: "
                  "\"{redirect_uri}\", "
                  "at: \"{token_endpoint}\", g: \"{grant_type}\"}}\n",
         .variables = {{"team", "A&B"}},
         .environment = "test",
         .url = URL(GUARDS "&id=client-1%40A%26B&env=test&to=" CALLBACK_ENCODED
                           "&at=https%3A%2F%2Facme.example%2Ft&g=authorization_code"),
         AS_USUAL,
         .token = "at -"},
        {.name = "without a value",
         .lines =
             "authorize: {params: {env: \"{environment}\", s: \"{scope}\", i: \"{issuer}\", x: \"y\"}}\n",
         .url = URL(GUARDS "&x=y"),
         AS_USUAL,
         .token = "at -"},
        {.name = "null",
         .lines =
             "authorize: {params: {response_type: null, client_id: null, redirect_uri: null, scope: null, "
             "application_id: \"{client_id}\"}}\n",
         .scopes = {"mail"},
         .url = "https://acme.example/a?state=<state>&code_challenge=<challenge>&code_challenge_method=S256&"
                "application_id=client-1",
         AS_USUAL,
         .token = "at - scope=mail"},
        {.name = "another response_type",
         .lines = "authorize: {params: {response_type: \"code id_token\"}}\n",
         .url = "https://acme.example/a?response_type=code+id_token&client_id=" CLIENT
                "&redirect_uri=" CALLBACK_ENCODED GUARDS,
         AS_USUAL,
         .token = "at -"},
    };
    PLAY_ALL(scripts);
}

Test(authorize, names_are_the_providers)
{
    static const struct script scripts[] = {
        {.name = "everywhere",
         .lines = "rename: {client_id: app, redirect_uri: back}\n",
         .url = "https://acme.example/a?response_type=code&app=" CLIENT "&back=" CALLBACK_ENCODED GUARDS,
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&code=c0de&back=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&app=" CLIENT}},
         .token = "at -"},
        {.name = "there alone",
         .lines = "authorize: {rename: {client_id: app, scope: scopes}}\n",
         .scopes = {"mail"},
         .url = "https://acme.example/a?response_type=code&app=" CLIENT "&redirect_uri=" CALLBACK_ENCODED
                "&scopes=mail" GUARDS,
         AS_USUAL,
         .token = "at - scope=mail"},
        {.name = "there otherwise than elsewhere",
         .lines = "rename: {client_id: app}\nauthorize: {rename: {client_id: application}}\n",
         .url = "https://acme.example/a?response_type=code&application=" CLIENT
                "&redirect_uri=" CALLBACK_ENCODED GUARDS,
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&app=" CLIENT}},
         .token = "at -"},
        {.name = "null is by the provider's name",
         .lines = "rename: {client_id: app}\nauthorize: {params: {app: null}}\n",
         .url = "https://acme.example/a?response_type=code&redirect_uri=" CALLBACK_ENCODED GUARDS,
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&app=" CLIENT}},
         .token = "at -"},
        {.name = "the state under another name, and so it comes back",
         .lines = "rename: {state: customField}\n",
         .url = URL("&customField=<state>&code_challenge=<challenge>&code_challenge_method=S256"),
         .callback = "customField=<state>&code=c0de",
         AS_USUAL,
         .token = "at -"},
        {.name = "two that change places",
         .lines = "authorize: {rename: {state: scope, scope: state}}\n",
         .scopes = {"mail"},
         .url = URL("&state=mail&scope=<state>&code_challenge=<challenge>&code_challenge_method=S256"),
         .callback = "scope=<state>&code=c0de",
         AS_USUAL,
         .token = "at - scope=mail"},
    };
    PLAY_ALL(scripts);
}

/* --- where to ----------------------------------------------------------------------------------------------- */

Test(authorize, the_query_goes_where_the_endpoint_says)
{
#define AT(endpoint)                                                                                         \
    "fob: 1\nauthorization_endpoint: \"" endpoint "\"\ntoken_endpoint: https://acme.example/t\n"
#define QUERY "response_type=code&client_id=" CLIENT "&redirect_uri=" CALLBACK_ENCODED GUARDS
    static const struct script scripts[] = {
        {.name = "a query that is there",
         .whole = AT("https://acme.example/a?tenant=1&x"),
         .url = "https://acme.example/a?tenant=1&x&" QUERY,
         AS_USUAL,
         .token = "at -"},
        {.name = "a fragment stays at the end",
         .whole = AT("https://acme.example/a#wechat_redirect"),
         .url = "https://acme.example/a?" QUERY "#wechat_redirect",
         AS_USUAL,
         .token = "at -"},
        {.name = "a query and a fragment",
         .whole = AT("https://acme.example/a?b=c#d?e"),
         .url = "https://acme.example/a?b=c&" QUERY "#d?e",
         AS_USUAL,
         .token = "at -"},
        {.name = "a route in the fragment",
         .whole = AT("https://acme.example/admin/#/oauth/authorize"),
         .url = "https://acme.example/admin/#/oauth/authorize?" QUERY,
         AS_USUAL,
         .token = "at -"},
        {.name = "a route with a query of its own",
         .whole = AT("https://acme.example/?not=here#/oauth?b=c"),
         .url = "https://acme.example/?not=here#/oauth?b=c&" QUERY,
         AS_USUAL,
         .token = "at -"},
        {.name = "a variable",
         .whole = AT("https://{shop}.acme.example/{path}"),
         .lines = "variables: {shop: {pattern: \"[a-z]+\"}, path: {default: \"a b\"}}\n",
         .variables = {{"shop", "corner"}},
         .url = "https://corner.acme.example/a%20b?" QUERY,
         AS_USUAL,
         .token = "at -"},
    };
    PLAY_ALL(scripts);
}

Test(authorize, parameters_are_in_the_order_of_their_names_where_that_is_wanted)
{
    static const struct script scripts[] = {
        {.name = "sorted",
         .lines = "rename: {client_id: appid}\nauthorize: {sorted: true, params: {Zeta: \"1\", b: \"2\"}}\n",
         .scopes = {"mail"},
         .url = "https://acme.example/a?Zeta=1&appid=" CLIENT
                "&b=2&code_challenge=<challenge>&code_challenge_method=S256&redirect_uri=" CALLBACK_ENCODED
                "&response_type=code&scope=mail&state=<state>",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&appid=" CLIENT}},
         .token = "at - scope=mail"},
        {.name = "with what the URL brought itself, before a fragment",
         .whole = AT("https://acme.example/a?z=1&b=2#end") "authorize: {sorted: true}\n",
         .url = "https://acme.example/a?b=2&client_id=" CLIENT
                "&code_challenge=<challenge>&code_challenge_method=S256&redirect_uri=" CALLBACK_ENCODED
                "&response_type=code&state=<state>&z=1#end",
         AS_USUAL,
         .token = "at -"},
        {.name = "behind a route, and not what stands before it",
         .whole = AT("https://acme.example/a?z=1&b=2#/r?y=1") "authorize: {sorted: true}\n",
         .url = "https://acme.example/a?z=1&b=2#/r?client_id=" CLIENT
                "&code_challenge=<challenge>&code_challenge_method=S256&redirect_uri=" CALLBACK_ENCODED
                "&response_type=code&state=<state>&y=1",
         AS_USUAL,
         .token = "at -"},
        {.name = "not sorted",
         .lines = "authorize: {sorted: false}\n",
         .url = URL(GUARDS),
         AS_USUAL,
         .token = "at -"},
    };
    PLAY_ALL(scripts);
}

/* --- what guards it ----------------------------------------------------------------------------------------- */

#define WITHOUT_VERIFIER                                                                                     \
    .exchanges = {{"POST https://acme.example/t", NULL,                                                      \
                   "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED                  \
                   "&client_id=" CLIENT}}

Test(authorize, pkce_is_as_strong_as_the_descriptor_lets_it)
{
    static const struct script scripts[] = {
        {.name = "S256", .lines = "authorize: {pkce: S256}\n", .url = URL(GUARDS), AS_USUAL, .token = "at -"},
        {.name = "S256-hex",
         .lines = "authorize: {pkce: S256-hex, pkce_reason: old}\n",
         .url = URL("&state=<state>&code_challenge=<hex-challenge>&code_challenge_method=S256"),
         AS_USUAL,
         .token = "at -"},
        {.name = "plain",
         .lines = "authorize: {pkce: plain, pkce_reason: old}\n",
         .url = URL("&state=<state>&code_challenge=<verifier>&code_challenge_method=plain"),
         AS_USUAL,
         .token = "at -"},
        {.name = "none",
         .lines = "authorize: {pkce: none, pkce_reason: old}\n",
         .url = URL("&state=<state>"),
         WITHOUT_VERIFIER,
         .token = "at -"},
        {.name = "of a public client",
         .lines = "authorize: {pkce: public, pkce_reason: refused beside a secret}\n",
         .url = URL(GUARDS),
         AS_USUAL,
         .token = "at -"},
        {.name = "of a client with a secret",
         .secret = "s3cret",
         .lines = "authorize: {pkce: public, pkce_reason: refused beside a secret}\ntoken: {auth: none}\n",
         .url = URL("&state=<state>"),
         WITHOUT_VERIFIER,
         .token = "at -"},
        {.name = "the verifier left out",
         .lines = "token: {params: {code_verifier: null}}\nauthorize: {pkce_reason: it is refused there}\n",
         .url = URL(GUARDS),
         WITHOUT_VERIFIER,
         .token = "at -"},
        {.name = "renamed",
         .lines = "rename: {code_challenge: cc, code_verifier: cv}\n"
                  "authorize: {pkce_reason: it is documented so}\n",
         .url = URL("&state=<state>&cc=<challenge>&code_challenge_method=S256"),
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED
                        "&cv=<verifier>&client_id=" CLIENT}},
         .token = "at -"},
    };
    PLAY_ALL(scripts);
}

Test(authorize, a_nonce_is_sent_with_openid_and_where_it_is_wanted)
{
    static const struct script scripts[] = {
        {.name = "plain OAuth with a nonce",
         .lines = "authorize: {nonce: true}\n",
         .scopes = {"mail"},
         .url = URL("&scope=mail" GUARDS "&nonce=<nonce>"),
         AS_USUAL,
         .token = "at - scope=mail"},
        {.name = "no nonce",
         .scopes = {"mail"},
         .url = URL("&scope=mail" GUARDS),
         AS_USUAL,
         .token = "at - scope=mail"},
        {.name = "openid",
         .lines = "jwks_uri: https://acme.example/keys\n",
         .scopes = {"openid"},
         .url = URL("&scope=openid" GUARDS "&nonce=<nonce>"),
         AS_USUAL,
         .err = FOB_E_PROTOCOL,
         .what = "no id_token"},
    };
    PLAY_ALL(scripts);
}

Test(authorize, the_response_mode_is_asked_for_where_it_is_given)
{
    static const struct {
        const char *lines, *param;
        enum fob_redirect_mode mode;
    } cases[] = {
        {"", "", FOB_REDIRECT_QUERY},
        {"authorize: {response_mode: query}\n", "&response_mode=query", FOB_REDIRECT_QUERY},
        {"authorize: {response_mode: form_post}\n", "&response_mode=form_post", FOB_REDIRECT_FORM_POST},
        {"authorize: {response_mode: fragment}\n", "&response_mode=fragment", FOB_REDIRECT_FRAGMENT},
        {"callback: {response_mode: form_post}\n", "", FOB_REDIRECT_FORM_POST},
        {"callback: {response_mode: fragment}\n", "", FOB_REDIRECT_FRAGMENT},
        {"authorize: {response_mode: fragment}\ncallback: {response_mode: query}\n",
         "&response_mode=fragment", FOB_REDIRECT_QUERY},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct script script = {.name = cases[i].lines, .lines = cases[i].lines};
        fob_auto_flow *flow = NULL;
        struct fob_action action = FOB_ACTION_INIT;
        char url[1024];
        cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
        cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
        snprintf(url, sizeof url, "%s%s", URL(GUARDS), cases[i].param);
        cr_expect_str_eq(plain(flow, action.url), url, "%s", plain(flow, action.url));
        cr_expect_eq(action.redirect_mode, cases[i].mode, "%s", cases[i].lines);
        cr_expect_null(action.warning);
    }
}

/* --- the host's parameters ---------------------------------------------------------------------------------- */

static fob_err with_host_param(const char *lines, const char *name, char *url, size_t size,
                               struct fob_error *error)
{
    static const unsigned char seed[FOB_FLOW_SEED] = {1};
    const struct script script = {.name = lines, .lines = lines};
    fob_auto_provider *provider = provider_of(&script);
    fob_auto_client *client = NULL;
    fob_auto_flow *flow = NULL;
    const struct fob_pair params[] = {{name, "the host's"}};
    struct fob_action action = FOB_ACTION_INIT;
    struct fob_flow_params all = FOB_FLOW_PARAMS_INIT;
    cr_assert_eq(fob_client_new(CLIENT, NULL, &client, NULL), FOB_OK);
    all.provider = provider;
    all.client = client;
    all.redirect_uri = CALLBACK;
    all.seed = seed;
    all.authorize_params = params;
    all.n_authorize_params = 1;
    fob_err err = fob_flow_authorization_code(&all, &flow, error);
    if (err == FOB_OK)
        err = fob_flow_next(flow, START, &action, error);
    snprintf(url, size, "%s", err == FOB_OK ? plain(flow, action.url) : "");
    return err;
}

Test(authorize, the_host_adds_parameters_and_none_that_the_flow_sets_whatever_it_is_called)
{
    static const struct {
        const char *lines, *name;
        bool is_good;
    } cases[] = {
        {"", "login_hint", true},
        {"authorize: {params: {prompt: none}}\n", "prompt", true},
        {"", "state", false},
        {"", "nonce", false},
        {"", "code_challenge", false},
        {"", "code_challenge_method", false},
        {"", "redirect_uri", false},
        {"", "response_type", false},
        {"", "client_id", false},
        {"", "scope", false},
        {"rename: {state: customField}\n", "customField", false},
        {"authorize: {rename: {client_id: app}}\n", "app", false},
        {"rename: {client_id: app}\nauthorize: {rename: {client_id: application}}\n", "application", false},
        {"rename: {client_id: app}\nauthorize: {rename: {client_id: application}}\n", "app", true},
        {"authorize: {rename: {code_challenge: cc}, pkce_reason: so}\n", "cc", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fob_error error = FOB_ERROR_INIT;
        char url[2048], wanted[64];
        fob_err err = with_host_param(cases[i].lines, cases[i].name, url, sizeof url, &error);
        snprintf(wanted, sizeof wanted, "&%s=the+host%%27s", cases[i].name);
        cr_expect_eq(err, cases[i].is_good ? FOB_OK : FOB_E_ARGUMENT, "%s%s: %s", cases[i].lines,
                     cases[i].name, error.what);
        cr_expect_eq(strstr(url, wanted) != NULL, cases[i].is_good, "%s: %s", cases[i].name, url);
    }
}
