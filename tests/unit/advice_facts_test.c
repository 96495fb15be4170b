/* SPDX-License-Identifier: MIT */
/* What a reviewer would say of facts, of what is written down, and of what holds anyway: advice_facts.c, advice_literal.c, advice_default.c. */
#include "lint.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define DOCS "docs: https://acme.example/docs\n"
#define PAGE "authorization_endpoint: https://acme.example/a\n"
#define TOKEN "token_endpoint: https://acme.example/t\n"
#define TWO_URLS "fob: 1\n" PAGE TOKEN DOCS

/* The advice on one line behind the two URLs; NULL: there is none. */
static void line_is_told(const char *line, unsigned column, const char *what)
{
    char text[1024], wanted[512] = "";
    snprintf(text, sizeof text, TWO_URLS "%s\n", line);
    if (what)
        snprintf(wanted, sizeof wanted, "5:%u advice %s\n", column, what);
    is_told(text, wanted);
}

/* --- facts -------------------------------------------------------------------------------------------------- */

Test(advice_facts, a_grant_has_the_name_that_the_standard_gives_it)
{
    line_is_told("grant_types_supported: [authorization_code, refresh]", 45,
                 "\"refresh\" is no grant type: \"refresh_token\" is");
    line_is_told("grant_types_supported: [authorization_code, fb_exchange_token]", 0, NULL);
}

Test(advice_facts, a_token_that_is_kept_is_kept_as_a_secret)
{
    line_is_told("token: {response: {keep: {t: /access_token}}}", 30,
                 "\"t\" keeps a token, and is shown to everybody");
    line_is_told("token: {response: {fields: {access_token: /at}, keep: {t: {from: /at}}}}", 59,
                 "\"t\" keeps a token, and is shown to everybody");
    line_is_told("token: {response: {keep: {t: {from: /access_token, secret: true}, u: /user}}}", 0, NULL);
}

Test(advice_facts, a_reason_says_something)
{
#define SAYS(key) "\"" key "\" says nothing that could be checked"
    line_is_told("authorize: {pkce: plain, pkce_reason: x}", 39, SAYS("pkce_reason"));
    line_is_told("authorize: {pkce: plain, pkce_reason: \" \"}", 39, SAYS("pkce_reason"));
    line_is_told("authorize: {pkce: plain, pkce_reason: \"- - - -\"}", 39, SAYS("pkce_reason"));
    line_is_told("authorize: {pkce: plain, pkce_reason: TODO say why this is}", 39, SAYS("pkce_reason"));
    line_is_told("callback: {state: none, state_reason: \"-\"}", 39, SAYS("state_reason"));
    line_is_told("revoke: {endpoint: \"https://acme.example/r\", method: GET, secret_in_url: old}", 74,
                 SAYS("secret_in_url"));
    line_is_told("authorize: {pkce: plain, pkce_reason: S256 is refused}", 0, NULL);
    line_is_told("authorize: {pkce: plain, pkce_reason: \xd0\xb0 \xd0\xb1 \xd0\xb2}", 0, NULL);
    line_is_told("callback: {state: none, state_reason: links begin there}", 0, NULL);
}

Test(advice_facts, what_is_sent_is_among_what_is_supported)
{
    static const char what[] = "S256 is sent, and is not among these";
    line_is_told("code_challenge_methods_supported: [plain]", 35, what);
    line_is_told("code_challenge_methods_supported: [plain, S256]", 0, NULL);
    line_is_told("code_challenge_methods_supported: []", 0, NULL);
    is_fine(TWO_URLS "code_challenge_methods_supported: [plain]\n"
                     "authorize: {pkce: plain, pkce_reason: S256 is refused}\n");
    is_told(TWO_URLS "environments: {e: {code_challenge_methods_supported: [plain]}}\n",
            "5:54 advice S256 is sent, and is not among these\n");
}

Test(advice_facts, a_provider_that_wants_pushed_requests_is_told_of)
{
    line_is_told("require_pushed_authorization_requests: true", 40,
                 "fob cannot push an authorization request yet: it cannot log in there");
    line_is_told("require_pushed_authorization_requests: false", 0, NULL);
    is_fine("fob: 1\n" TOKEN DOCS "require_pushed_authorization_requests: true\n");
}

Test(advice_facts, no_endpoint_is_at_a_private_address)
{
    static const char *const bad[] = {"10.1.2.3", "172.16.0.1", "172.31.255.1", "192.168.1.1", "169.254.1.1"};
    static const char *const good[] = {"11.1.2.3", "172.15.0.1", "172.32.0.1", "192.169.1.1",
                                       "10.1.2.3.example"};
    char line[128], what[128];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(line, sizeof line, "verify: {endpoint: \"https://%s:8443/me\"}", bad[i]);
        snprintf(what, sizeof what, "%s is a private address, and another machine in every network", bad[i]);
        line_is_told(line, 20, what);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(line, sizeof line, "jwks_uri: https://%s/keys", good[i]);
        line_is_told(line, 0, NULL);
    }
    line_is_told("environments: {e: {token_endpoint: \"https://10.0.0.1\"}}", 36,
                 "10.0.0.1 is a private address, and another machine in every network");
}

Test(advice_facts, nobody_else_has_hosts_below_a_domain)
{
#define HOSTS                                                                                                \
    "fob: 1\ntoken_endpoint: https://{t}.co.uk/t\n" DOCS "variables: {t: {doc: it, pattern: \"[a-z]+\"}}\n"
    is_told(HOSTS "hosts: [\"*.com\"]\n", "5:9 advice anybody can have a host below \"com\"\n");
    is_told(HOSTS "hosts: [\"*.co.uk\"]\n", "5:9 advice anybody can have a host below \"co.uk\"\n");
    is_told(HOSTS "hosts: [a.example, \"*.com.au\"]\n",
            "5:20 advice anybody can have a host below \"com.au\"\n");
    is_fine(HOSTS "hosts: [\"*.acme.example\", \"*.co.uk.example\", \"*.acme.uk\", co.uk]\n");
}

Test(advice_facts, links_are_the_providers_own_and_encrypted)
{
    is_told("fob: 1\ntoken_endpoint: https://real.test/t\n" DOCS,
            "3:7 advice \"docs\" is still an example\n");
    is_told("fob: 1\ntoken_endpoint: https://real.test/t\ndocs: https://real.test/\n"
            "registration: {console: \"https://www.example.com/x\"}\n",
            "4:25 advice \"console\" is still an example\n");
    is_told("fob: 1\n" TOKEN "docs: http://acme.example/\n",
            "3:7 advice \"docs\" is plain http: anybody on the way can change the page\n");
    is_fine("fob: 1\ntoken_endpoint: https://real.test/t\ndocs: https://notexample.com/\n");
    is_fine("fob: 1\ntoken_endpoint: https://{t}/t\n" DOCS
            "variables: {t: {doc: it, choices: {a.test: there}}}\n");
}

Test(advice_facts, a_signature_that_comes_back_is_keyed_with_a_secret)
{
    static const char what[] = "nothing secret is in it: anybody can make that signature";
    line_is_told("callback: {require: {hmac: \"{hex(hmac_sha256(client_id, sorted_query('hmac')))}\"}}", 28,
                 what);
    line_is_told("callback: {require: {sig: \"{hex(sha256(client_id))}\"}}", 27, what);
    line_is_told("callback: {require: {hmac: \"{hex(hmac_sha256(client_secret, sorted_query('hmac')))}\"}}",
                 0, NULL);
    line_is_told("callback: {require: {app: \"{client_id}\"}}", 0, NULL);
}

Test(advice_facts, what_is_unconfirmed_is_a_key)
{
    line_is_told("x-unconfirmed: [rotation, nosuch.key]", 27,
                 "there is no key \"nosuch.key\" that could be confirmed");
    line_is_told("x-unconfirmed: [scopes.nosuch]", 17,
                 "there is no key \"scopes.nosuch\" that could be confirmed");
    line_is_told(
        "x-unconfirmed: [rotation, scopes.known, scopes.known.read, steps.s.endpoint, revoke, token.auth]", 0,
        NULL);
    line_is_told("x-unconfirmed: all of it", 0, NULL);
}

/* --- what is written down ----------------------------------------------------------------------------------- */

Test(advice_facts, no_secret_is_written_into_a_url)
{
#define LOOKS(name) "\"" name "\" in the URL looks like a secret, which everybody who has this file knows"
    line_is_told("userinfo_endpoint: https://acme.example/me?client_secret=abc", 20, LOOKS("client_secret"));
    line_is_told("userinfo_endpoint: https://acme.example/me?x=1&API_KEY=zzz", 20, LOOKS("API_KEY"));
    line_is_told("verify: {endpoint: \"https://acme.example/me?key=0123abcdef\"}", 20, LOOKS("key"));
    line_is_told("userinfo_endpoint: https://acme.example/me?key=1", 0, NULL);
    line_is_told("userinfo_endpoint: https://acme.example/me?client_secret=&monkey=business", 0, NULL);
    is_told("fob: 1\n" PAGE "token_endpoint: https://acme.example/t?client_secret=abc&api_key=zzz\n" DOCS,
            "3:17 advice " LOOKS("client_secret") "\n3:17 advice " LOOKS("api_key") "\n");
    is_fine("fob: 1\n" TOKEN DOCS "userinfo_endpoint: https://acme.example/me?api_key={k}\n"
            "variables: {k: {doc: the name of the application}}\n");
}

Test(advice_facts, nor_into_a_note)
{
#define NOTE(name) "the note \"" name "\" looks like a secret, which everybody who has this file knows"
    line_is_told("x-client_secret: 0123456789abcdef", 18, NOTE("x-client_secret"));
    line_is_told("x-notes: {of: [aB3dEfGh1jKlMn0pQrStUv2xYz]}", 16, NOTE("of"));
    line_is_told("token: {x-password: correcthorse}", 21, NOTE("x-password"));
    line_is_told("x-client_secret: it is given out by mail", 0, NULL);
    line_is_told("x-note: short", 0, NULL);
    line_is_told("token: {headers: {x-api-key: \"{client_id}\"}}", 0, NULL);
}

Test(advice_facts, a_name_is_written_as_it_is_filled_in)
{
#define FOREIGN(name) name " looks like a name that is to be filled in, and is not sent so"
    line_is_told("token: {params: {a: \"${client_id}\"}}", 21, FOREIGN("${client_id}"));
    line_is_told("token: {params: {a: \"x{{client_id}}\"}}", 21, FOREIGN("{{client_id}}"));
    line_is_told("token: {headers: {a: <client_id>}}", 22, FOREIGN("<client_id>"));
    line_is_told("authorize: {params: {a: $client_id}}", 25, FOREIGN("$client_id"));
    line_is_told("verify: {endpoint: \"https://acme.example/$client_id\"}", 20, FOREIGN("$client_id"));
    line_is_told(
        "token: {params: {a: \"{client_id}\", b: $price, c: <x>, d: \"{{e}}\", f: \"$\", g: $client_ids}}", 0,
        NULL);
    is_fine("fob: 1\n" TOKEN DOCS "userinfo_endpoint: https://acme.example/me?$select=name\n");
}

/* --- what holds anyway -------------------------------------------------------------------------------------- */

Test(advice_facts, what_holds_anyway_is_not_said)
{
    line_is_told("token: {method: POST}", 17, "\"method\" is \"POST\" anyway");
    line_is_told("token: {encoding: form}", 19, "\"encoding\" is \"form\" anyway");
    line_is_told("token: {response: {format: auto}}", 28, "\"format\" is \"auto\" anyway");
    line_is_told("authorize: {pkce: S256}", 19, "\"pkce\" is \"S256\" anyway");
    line_is_told("scopes: {separator: \" \"}", 21, "\"separator\" is \" \" anyway");
    line_is_told("use: {header: Authorization}", 15, "\"header\" is \"Authorization\" anyway");
    line_is_told("use: {scheme: Bearer}", 15, "\"scheme\" is \"Bearer\" anyway");
    line_is_told("verify: {endpoint: \"https://acme.example/me\", method: GET}", 55,
                 "\"method\" is \"GET\" anyway");
    line_is_told("steps: {s: {endpoint: \"https://acme.example/me\", method: GET}}", 58,
                 "\"method\" is \"GET\" anyway");
    line_is_told("revoke: {endpoint: \"https://acme.example/r\", encoding: form}", 56,
                 "\"encoding\" is \"form\" anyway");
}

Test(advice_facts, what_brings_a_copy_back_to_what_is_usual_means_something)
{
    is_fine(TWO_URLS "token: {method: PUT, encoding: json}\nrefresh: {method: POST, encoding: form}\n");
    is_told(TWO_URLS "token: {encoding: json}\nrefresh: {method: POST}\n",
            "6:19 advice \"method\" is \"POST\" anyway\n");
    is_fine(TWO_URLS "token: {response: {format: json}}\nrefresh: {response: {format: auto}}\n");
    line_is_told("verify: {endpoint: \"https://acme.example/me\", method: POST}", 0, NULL);
    line_is_told("revoke: {endpoint: \"https://acme.example/r\", method: DELETE, encoding: form}", 0, NULL);
    line_is_told("use: {scheme: Token, header: X-Token}", 0, NULL);
}
