/* SPDX-License-Identifier: MIT */
/* What fob sends by itself arrives, once, under a name of its own: sent.c and rules_sent.c. */
#include "lint.h"

#include <criterion/criterion.h>

#define DOCS "docs: https://acme.example/docs\n"
#define PAGE "authorization_endpoint: https://acme.example/a\n"
#define TOKEN "token_endpoint: https://acme.example/t\n"
#define TWO_URLS "fob: 1\n" PAGE TOKEN DOCS

/* --- PKCE --------------------------------------------------------------------------------------------------- */

#define REASON "pkce_reason: the page calls it so"
#define LOST(param)                                                                                          \
    "error PKCE is lost where \"" param "\" is not known by another name, and there is no pkce_reason\n"
#define NOTHING "error PKCE is nothing without the \"code_verifier\", and there is no pkce_reason\n"

Test(rules_sent, pkce_is_not_lost_under_another_name_without_a_reason)
{
    is_told(TWO_URLS "authorize: {rename: {code_challenge: x}}\n", "5:38 " LOST("code_challenge"));
    is_told(TWO_URLS "authorize: {rename: {code_challenge_method: x}}\n",
            "5:45 " LOST("code_challenge_method"));
    is_told(TWO_URLS "rename: {code_challenge: x, code_verifier: y}\n",
            "5:26 " LOST("code_challenge") "5:44 " LOST("code_verifier"));
    is_told(TWO_URLS "token: {rename: {code_verifier: x}}\n", "5:33 " LOST("code_verifier"));
    is_fine(TWO_URLS "authorize: {rename: {code_challenge: x}, " REASON "}\n");
    is_fine(TWO_URLS "token: {rename: {code_verifier: x}}\nauthorize: {" REASON "}\n");
    is_fine(TWO_URLS "authorize: {rename: {code_challenge: code_challenge}}\n");
    is_told(TWO_URLS "authorize: {" REASON "}\n",
            "5:26 advice PKCE is as it should be, and needs no reason\n");
}

#define STEP(params)                                                                                         \
    "steps: {s: {endpoint: \"https://acme.example/s\", method: POST, params: {" params "}}}\n"

Test(rules_sent, pkce_is_nothing_without_its_verifier)
{
    is_told(TWO_URLS "token: {params: {code_verifier: null}}\n", "5:18 " NOTHING);
    is_fine(TWO_URLS "token: {params: {code_verifier: null}}\nauthorize: {" REASON "}\n");
    is_fine(TWO_URLS "token: {params: {code_verifier: null}}\nauthorize: {pkce: none, " REASON "}\n");
    is_fine(TWO_URLS "refresh: {params: {code_verifier: null}}\n");
    is_fine(TWO_URLS "token: {params: {code: null, code_verifier: null}}\n" STEP(
        "c: \"{code}\", v: \"{code_verifier}\""));
    is_told(TWO_URLS "token: {params: {code_verifier: null}}\n" STEP("c: \"{code}\", v: \"{code_verifier}\""),
            "5:18 " NOTHING);
    is_told(TWO_URLS "token: {params: {code: null, code_verifier: null}}\n" STEP(
                "c: \"{code}\", v: \"{{code_verifier}}\""),
            "5:30 " NOTHING
            "6:88 advice {{code_verifier}} looks like a name that is to be filled in, and is not sent so\n");
}

Test(rules_sent, what_guards_a_login_is_not_left_out_under_another_name)
{
    is_told(TWO_URLS "rename: {state: s}\nauthorize: {params: {s: null}}\n",
            "6:22 error \"s\" cannot be left out in \"params\": it is what \"state\" is called here\n");
    is_told(TWO_URLS "authorize: {rename: {nonce: n}, params: {n: null}}\n",
            "5:42 error \"n\" cannot be left out in \"params\": it is what \"nonce\" is called here\n");
    is_told(
        TWO_URLS "authorize: {rename: {code_challenge: c}, params: {c: null}, " REASON "}\n",
        "5:51 error \"c\" cannot be left out in \"params\": it is what \"code_challenge\" is called here\n");
    is_fine(TWO_URLS "authorize: {rename: {scope: s}, params: {s: null}}\n");
}

/* --- names -------------------------------------------------------------------------------------------------- */

#define BOTH(a, b, name, block)                                                                              \
    "error \"" a "\" and \"" b "\" would both be called \"" name "\" in the request of \"" block "\"\n"

Test(rules_sent, no_two_parameters_have_one_name)
{
    is_told(TWO_URLS "authorize: {rename: {state: response_type}}\n",
            "5:29 " BOTH("response_type", "state", "response_type", "authorize"));
    is_told(TWO_URLS "rename: {client_id: redirect_uri}\n",
            "5:21 " BOTH("client_id", "redirect_uri", "redirect_uri", "authorize"));
    is_told(TWO_URLS "rename: {state: code_challenge}\n",
            "5:17 " BOTH("state", "code_challenge", "code_challenge", "authorize"));
    is_told(TWO_URLS "token: {rename: {code: x, redirect_uri: x}}\n",
            "5:41 " BOTH("code", "redirect_uri", "x", "token"));
    is_told(TWO_URLS "revocation_endpoint: https://acme.example/r\nrevoke: {rename: {token: client_id}}\n",
            "6:26 " BOTH("token", "client_id", "client_id", "revoke"));
    is_told(TWO_URLS "token: {auth: client_secret_post, rename: {client_secret: client_id}}\n",
            "5:59 " BOTH("client_id", "client_secret", "client_id", "token"));
}

Test(rules_sent, names_may_change_places_and_take_the_name_of_one_that_is_not_sent)
{
    is_fine(TWO_URLS "authorize: {rename: {client_id: redirect_uri, redirect_uri: client_id}}\n");
    is_fine(TWO_URLS "token: {rename: {grant_type: code, code: assertion}}\n");
    is_fine(TWO_URLS "token: {auth: client_secret_post, rename: {client_secret: client_assertion}}\n");
    is_fine(TWO_URLS "rename: {code: assertion, refresh_token: assertion}\n");
    is_told(TWO_URLS "token: {auth: client_secret_basic, rename: {client_secret: client_id}}\n",
            "5:60 advice no client_secret is among the parameters here that could be renamed\n");
    is_fine(TWO_URLS "authorize: {rename: {state: response_mode}}\n");
}

/* --- URLs --------------------------------------------------------------------------------------------------- */

#define TWICE(param) "error \"" param "\" stands in the URL already, and fob would send it a second time\n"

Test(rules_sent, what_fob_sends_stands_in_no_url_already)
{
    is_told("fob: 1\nauthorization_endpoint: https://acme.example/a?client_id=abc&x=y&state\n" TOKEN DOCS,
            "2:25 " TWICE("client_id") "2:25 " TWICE("state"));
    is_told("fob: 1\nauthorization_endpoint: https://acme.example/#/a?response_type=token\n" TOKEN DOCS,
            "2:25 " TWICE("response_type"));
    is_told("fob: 1\n" PAGE "token_endpoint: https://acme.example/t?v=2&grant_type=code\n" DOCS,
            "3:17 " TWICE("grant_type"));
    is_told("fob: 1\nauthorization_endpoint: https://acme.example/a?key=abc\n" TOKEN DOCS
            "rename: {client_id: key}\n",
            "2:25 " TWICE("key"));
    is_told(TWO_URLS "refresh: {endpoint: \"https://acme.example/r?refresh_token=x\"}\n",
            "5:21 " TWICE("refresh_token"));
    is_told(TWO_URLS "revocation_endpoint: https://acme.example/r?token_type_hint=x\n",
            "5:22 " TWICE("token_type_hint"));
    is_told(TWO_URLS "environments: {e: {token_endpoint: \"https://acme.example/t?client_id=x\"}}\n",
            "5:36 " TWICE("client_id"));
}

Test(rules_sent, a_query_of_the_providers_own_is_fine)
{
    is_fine(
        "fob: 1\nauthorization_endpoint: https://acme.example/a?client=abc&x={v}&response_mode=query\n" TOKEN
            DOCS "variables: {v: {doc: the name of the tenant}}\n");
    is_fine("fob: 1\nauthorization_endpoint: https://acme.example/a?response_type=code\n" TOKEN DOCS
            "authorize: {params: {response_type: null}}\n");
    is_fine("fob: 1\n" PAGE "token_endpoint: https://acme.example/t?grant_type=x\n" DOCS
            "token: {params: {grant_type: null}}\n");
    is_fine("fob: 1\nauthorization_endpoint: https://acme.example/a?client_id=abc\n" TOKEN DOCS
            "rename: {client_id: key}\n");
    is_fine(TWO_URLS "userinfo_endpoint: https://acme.example/me?token=1&state=2\n");
}

/* --- how the client authenticates --------------------------------------------------------------------------- */

#define LISTS "token_endpoint_auth_methods_supported: "
#define NONE_OF_THEM "error fob can do none of these, and no client could authenticate\n"

Test(rules_sent, a_provider_lists_a_way_to_authenticate_that_fob_can_do)
{
    is_told(TWO_URLS LISTS "[tls_client_auth]\n", "5:40 " NONE_OF_THEM);
    is_told(TWO_URLS "environments: {e: {" LISTS "[basic, self_signed_tls_client_auth]}}\n",
            "5:59 " NONE_OF_THEM);
    is_fine(TWO_URLS LISTS "[tls_client_auth, private_key_jwt]\n");
    is_fine(TWO_URLS LISTS "[none]\n");
    is_fine(TWO_URLS LISTS "[]\n");
    is_fine(TWO_URLS LISTS "[tls_client_auth]\ntoken: {auth: client_secret_post}\n");
    is_fine(TWO_URLS LISTS "[tls_client_auth]\nplugin: acme\n");
}
