/* SPDX-License-Identifier: MIT */
/* core/rules.c, core/rules_request.c: what no single key can tell is told where it can be mended; advice is no error. */
#include "cleanup.h"
#include "lint.h"

#include <criterion/criterion.h>
#include <string.h>

#define DOCS "docs: https://acme.example/docs\n"
#define TWO_URLS                                                                                             \
    "fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\n" DOCS

/* Every problem as "line:column word what" on a line of its own. */
Test(rules, a_token_endpoint_is_there_in_every_environment_or_left_to_a_plugin)
{
    cr_expect_str_eq(lint(TWO_URLS), "");
    cr_expect_str_eq(lint("fob: 1\n" DOCS "authorization_endpoint: https://a.example\n"),
                     "1:1 error the key \"token_endpoint\" is missing\n");
    cr_expect_str_eq(lint("fob: 1\n" DOCS "plugin: acme\n"), "");
    cr_expect_str_eq(lint("fob: 1\n" DOCS "environments:\n  a: {token_endpoint: \"https://a.example\"}\n"
                          "  b: {token_endpoint: \"https://b.example\"}\n"),
                     "");
    cr_expect_str_eq(
        lint("fob: 1\n" DOCS "environments:\n  a: {token_endpoint: \"https://a.example\"}\n  b: {}\n"),
        "1:1 error the key \"token_endpoint\" is missing\n");
    cr_expect_str_eq(lint("fob: 1\n" DOCS "environments: {}\n"),
                     "1:1 error the key \"token_endpoint\" is missing\n");
}

Test(rules, a_name_in_braces_is_declared)
{
    cr_expect_str_eq(lint(TWO_URLS "token: {params: {a: \"{b}\"}}\n"),
                     "5:21 error {b} is not a variable of this descriptor\n");
    cr_expect_str_eq(lint(TWO_URLS "hosts: [acme.example, \"{t}.acme.example\"]\n"),
                     "5:23 error {t} is not a variable of this descriptor\n");
    cr_expect_str_eq(lint(TWO_URLS "environments: {a: {token_endpoint: \"https://{t}.example\"}}\n"),
                     "5:36 error {t} is not a variable of this descriptor\n");
    cr_expect_str_eq(
        lint(TWO_URLS "token: {params: {a: \"{client_id}{scope}\"}, headers: {B: \"{redirect_uri}\"}}\n"), "",
        "what fob itself fills in may stand in parameters and fields");
    cr_expect_str_eq(lint("fob: 1\n" DOCS "token_endpoint: https://{scope}.example\n"),
                     "3:17 error {scope} has no value here\n");
    cr_expect_str_eq(lint(TWO_URLS "name: \"{b}\"\n"), "", "where braces mean nothing, they are text");
}

Test(rules, the_client_id_stands_in_no_host_and_is_always_encoded)
{
#define AT(url)                                                                                              \
    lint("fob: 1\n" DOCS "token_endpoint: \"{+base}/t\"\nuserinfo_endpoint: \"" url "\"\n"                   \
         "hosts: [a.acme.example]\nvariables: {base: {doc: x, choices: {\"https://a.acme.example\": x}}}\n")
    cr_expect_str_eq(AT("{+base}/{client_id}"), "");
    cr_expect_str_eq(AT("{+base}?client={client_id}&x=http://{client_id}"), "");
    cr_expect_str_eq(AT("{+base}/{lower(client_id)}"), "");
    static const char in_host[] = "4:20 error {client_id} cannot be a part of the host\n";
    cr_expect_str_eq(AT("{+concat(base, '/', client_id)}"), in_host);
    cr_expect_str_eq(AT("https://acme.example.{client_id}/"), in_host);
    cr_expect_str_eq(AT("https://{client_id}.acme.example/"), in_host);
    cr_expect_str_eq(AT("https://acme.example{client_id}"), in_host);
    cr_expect(strstr(AT("{+base}{client_id}"), in_host), "%s", told);
    cr_expect(strstr(AT("{+base}:{client_id}/"), in_host), "%s", told);
    cr_expect(strstr(AT("https://{client_id}@{base}/"), in_host), "%s", told);
    cr_expect_str_eq(AT("{+base}/{+client_id}"),
                     "4:20 error {client_id} has to be percent-encoded in a URL\n");
    cr_expect_str_eq(lint(TWO_URLS "revoke: {endpoint: \"https://{client_id}.acme.example/\"}\n"),
                     "5:20 error {client_id} cannot be a part of the host\n", "nor elsewhere");
    cr_expect_str_eq(lint(TWO_URLS "hosts: [\"{client_id}.acme.example\"]\n"),
                     "5:9 error {client_id} has no value here\n");
}

#define KEY "variables: {key: {secret: true, doc: x}}\n"

Test(rules, a_secret_variable_stands_in_no_url)
{
    cr_expect_str_eq(
        lint("fob: 1\n" DOCS "token_endpoint: https://a.example/{key}\n" KEY),
        "3:17 error the secret {key} would stand in a URL that a person's browser or a log shows\n");
    cr_expect_str_eq(
        lint(TWO_URLS KEY "authorize: {params: {k: \"{key}\"}}\n"),
        "6:25 error the secret {key} would stand in a URL that a person's browser or a log shows\n");
    cr_expect_str_eq(lint(TWO_URLS KEY "token: {method: GET, params: {k: \"{key}\"}}\n"),
                     "6:8 error a secret would stand in the URL of \"token\", which logs may show\n");
    cr_expect_str_eq(
        lint(TWO_URLS KEY
             "token: {method: GET, secret_in_url: documented as such, headers: {K: \"{key}\"}}\n"),
        "");
    cr_expect_str_eq(lint(TWO_URLS KEY "token: {params: {k: \"{key}\"}}\n"), "");
}

Test(rules, what_goes_along_in_the_query_of_each_call_is_no_secret_and_not_the_token)
{
    cr_expect_str_eq(lint(TWO_URLS "use: {query: auth, params: {key: \"{client_id}\"}}\n"), "");
    cr_expect_str_eq(
        lint(TWO_URLS KEY "use: {params: {key: \"{key}\"}}\n"),
        "6:21 error the secret {key} would stand in a URL that a person's browser or a log shows\n");
    cr_expect_str_eq(
        lint(TWO_URLS "use: {params: {key: \"{access_token}\"}}\n"),
        "5:21 error the secret {access_token} would stand in a URL that a person's browser or a log shows\n");
    cr_expect_str_eq(lint(TWO_URLS "use: {query: auth, params: {auth: x}}\n"),
                     "5:35 error this query parameter carries the token\n");
    cr_expect_str_eq(lint(TWO_URLS "use: {params: {api_key: opensesame}}\n"),
                     "5:25 advice the value of \"api_key\" looks like a secret, which everybody who has this "
                     "file knows\n");
}

Test(rules, a_text_that_says_whose_token_it_is_is_made_of_what_was_kept)
{
#define TOLD TWO_URLS "callback: {keep: {a: a, s: {from: s, secret: true}}}\n"
    cr_expect_str_eq(
        lint(TOLD "identity: {from: kept, id: \"{kept.a}/{environment}\", label: \"{kept.a}\"}\n"), "");
    cr_expect_str_eq(lint(TOLD "identity: {from: kept, id: \"/{kept.s}\"}\n"), "", "that is a JSON Pointer");
    cr_expect_str_eq(lint(TOLD "identity: {id: \"{kept.a}\"}\n"),
                     "6:16 error a text is filled in from what was kept, and from says otherwise\n");
    cr_expect_str_eq(lint(TOLD "identity: {from: id_token, id: /sub, label: \"{kept.a}\"}\n"),
                     "6:45 error a text is filled in from what was kept, and from says otherwise\n");
    cr_expect_str_eq(lint(TOLD "identity: {from: kept, id: \"{kept.b}\"}\n"),
                     "6:28 error {kept.b} is not declared in this descriptor\n");
    cr_expect_str_eq(lint(TOLD "identity: {from: kept, id: \"{kept.s}\"}\n"),
                     "6:28 error the secret {kept.s} would stand in what everybody is shown\n");
    cr_expect_str_eq(lint(TOLD "identity: {from: kept, id: \"{hex(sha256(kept.s))}\"}\n"), "");
    cr_expect_str_eq(lint(TOLD "identity: {from: kept, id: \"{callback.code}\"}\n"),
                     "6:28 error the secret {callback.code} would stand in what everybody is shown\n");
    cr_expect_str_eq(lint(TOLD "rename: {code: auth}\nidentity: {from: kept, id: \"{callback.auth}\"}\n"),
                     "7:28 error the secret {callback.auth} would stand in what everybody is shown\n");
    cr_expect_str_eq(lint(TOLD "identity: {from: kept, id: \"{access_token}\"}\n"),
                     "6:28 error {access_token} has no value here\n");
}

Test(rules, a_secret_variable_has_no_value_in_the_descriptor)
{
#define USE "token: {params: {k: \"{key}\"}}\n"
    cr_expect_str_eq(lint(TWO_URLS USE "variables: {key: {secret: true, doc: x, default: y}}\n"),
                     "6:50 error a secret variable has a default\n");
    cr_expect_str_eq(lint(TWO_URLS USE KEY "environments: {a: {variables: {key: y}}}\n"),
                     "7:37 error a secret variable has a value in the descriptor\n");
}

Test(rules, a_variable_has_a_pattern_that_works_and_values_that_match_it)
{
#define USED TWO_URLS "token: {params: {a: \"{v}\"}}\n"
    cr_expect_str_eq(lint(USED "variables: {v: {doc: x, pattern: \"(\"}}\n"),
                     "6:34 error the pattern cannot be used: an alternative is empty\n");
    cr_expect_str_eq(lint(USED "variables: {v: {doc: x, pattern: \"[a-z]+\", default: A}}\n"),
                     "6:53 error the value of \"default\" does not match the variable's pattern\n");
    cr_expect_str_eq(lint(USED "variables: {v: {doc: x, pattern: \"[a-z]+\", example: A}}\n"),
                     "6:53 error the value of \"example\" does not match the variable's pattern\n");
    cr_expect_str_eq(
        lint(USED "variables: {v: {doc: x, pattern: \"[a-z]+\"}}\nenvironments: {e: {variables: {v: A}}}\n"),
        "7:35 error the value of \"v\" does not match the variable's pattern\n");
    cr_expect_str_eq(lint(USED "variables: {v: {doc: x, pattern: \"[a-z]+\", example: a, default: b}}\n"
                               "environments: {e: {variables: {v: c}}}\n"),
                     "");
}

Test(rules, a_variable_has_a_name_of_its_own_and_an_environment_gives_values_to_known_ones)
{
    cr_expect_str_eq(lint(TWO_URLS "token: {params: {a: \"{scope}\"}}\nvariables: {scope: {doc: x}}\n"),
                     "6:20 error a variable has a name that fob itself fills in\n");
    cr_expect_str_eq(lint(TWO_URLS "environments: {e: {variables: {v: c}}}\n"),
                     "5:32 error \"v\" is not a variable of this descriptor\n");
}

Test(rules, endpoints_are_on_the_hosts_that_are_given)
{
    cr_expect_str_eq(lint(TWO_URLS "hosts: [acme.example]\n"), "");
    cr_expect_str_eq(lint(TWO_URLS "hosts: [api.example]\n"),
                     "3:17 error the host of \"token_endpoint\" is not among \"hosts\"\n",
                     "the page is anywhere");
    cr_expect_str_eq(lint(TWO_URLS
                          "hosts: [acme.example]\nenvironments:\n"
                          "  e: {issuer: \"https://i.example\", userinfo_endpoint: \"https://u.example\"}\n"),
                     "7:55 error the host of \"userinfo_endpoint\" is not among \"hosts\"\n");
    cr_expect_str_eq(lint("fob: 1\n" DOCS "token_endpoint: http://[::1]:9/t\nhosts: [\"[::1]\"]\n"),
                     "3:17 advice the endpoint is plain http\n");
    cr_expect_str_eq(lint("fob: 1\n" DOCS "token_endpoint: https://{t}.a.example\nhosts: [b.example]\n"
                          "variables: {t: {doc: x, pattern: \"[a-z]+\"}}\n"),
                     "", "one with variables is held to them when they have values");
}

Test(rules, a_bad_url_is_told_once)
{
#define NO_URL                                                                                               \
    "error \"token_endpoint\" has to be an https URL without user, fragment and spaces (http is for "        \
    "loopback "                                                                                              \
    "only)\n"
    cr_expect_str_eq(lint("fob: 1\n" DOCS "token_endpoint: http://acme.example/t\nhosts: [b.example]\n"),
                     "3:17 " NO_URL);
    cr_expect_str_eq(lint("fob: 1\n" DOCS "token_endpoint: https://a:b@acme.example/t\n"), "3:17 " NO_URL);
    cr_expect_str_eq(lint("fob: 1\n" DOCS "token_endpoint: https://a..example/t\n"),
                     "3:17 error token_endpoint is not an absolute URL\n",
                     "what its form alone does not tell");
}

Test(rules, weaker_pkce_needs_a_reason)
{
    cr_expect_str_eq(lint(TWO_URLS "authorize: {pkce: none}\n"),
                     "5:19 error PKCE is weakened without a reason\n");
    cr_expect_str_eq(lint(TWO_URLS "authorize: {pkce: plain, pkce_reason: documented as such}\n"), "");
    cr_expect_str_eq(lint(TWO_URLS "authorize: {pkce: S256}\n"), "5:19 advice \"pkce\" is \"S256\" anyway\n");
}

Test(rules, what_guards_a_login_is_not_set_under_another_name)
{
    cr_expect_str_eq(lint(TWO_URLS "rename: {state: s}\nauthorize: {params: {s: x}}\n"),
                     "6:22 error \"s\" cannot be set in \"params\": it is what \"state\" is called here\n");
    cr_expect_str_eq(
        lint(TWO_URLS
             "authorize: {rename: {code_challenge: c}, params: {c: x}, pkce_reason: documented as such}\n"),
        "5:51 error \"c\" cannot be set in \"params\": it is what \"code_challenge\" is called here\n");
    cr_expect_str_eq(lint(TWO_URLS "token: {rename: {code: c}}\nrefresh: {params: {c: x}}\n"),
                     "6:20 error \"c\" cannot be set in \"params\": it is what \"code\" is called here\n");
    cr_expect_str_eq(lint(TWO_URLS
                          "rename: {state: s, redirect_uri: r}\nauthorize: {rename: {state: t}, params: "
                          "{s: x}}\ntoken: {params: {r: null}}\n"),
                     "");
    cr_expect_str_eq(lint(TWO_URLS
                          "rename: {code: c}\nsteps: {s: {endpoint: \"https://acme.example\", params: {c: "
                          "x}}}\n"),
                     "", "a step has no code of its own");
}

#define WITH_CODE                                                                                            \
    "steps: {s: {endpoint: \"https://acme.example\", method: POST, params: {code: \"{code}\"}}}\n"

Test(rules, the_code_is_left_out_of_the_token_request_only_where_a_step_sends_it)
{
    static const char lost[] = "5:18 error \"code\" cannot be left out in \"params\"\n";
    cr_expect_str_eq(lint(TWO_URLS "token: {params: {code: null}}\n" WITH_CODE), "");
    cr_expect_str_eq(lint(TWO_URLS "rename: {code: c}\ntoken: {params: {c: null}}\n" WITH_CODE), "");
    cr_expect_str_eq(lint(TWO_URLS
                          "token: {params: {code: null}}\nsteps: {s: {endpoint: \"https://acme.example\", "
                          "headers: {X-Code: \"{code}\"}}}\n"),
                     "");
    cr_expect_str_eq(lint(TWO_URLS
                          "token: {params: {code: null}}\nsteps: {s: {endpoint: \"https://acme.example\", "
                          "headers: {X-Proof: \"{hex(sha256(code))}\"}}}\n"),
                     lost, "a hash redeems nothing");
    cr_expect_str_eq(lint(TWO_URLS
                          "token: {params: {code: null}}\nsteps: {s: {endpoint: \"https://acme.example\", "
                          "method: POST, params: {c: \"{first('a', code)}\"}}}\n"),
                     lost, "nor does what is never sent");
    cr_expect_str_eq(lint(TWO_URLS "token: {params: {code: null}}\n"), lost);
    cr_expect_str_eq(lint(TWO_URLS
                          "token: {params: {code: null}}\nsteps: {s: {endpoint: \"https://acme.example\", "
                          "params: {a: \"{code_verifier}\"}, method: POST}}\n"),
                     lost);
    cr_expect_str_eq(lint(TWO_URLS
                          "token: {params: {code: null}}\nsteps: {s: {endpoint: \"https://acme.example\", "
                          "params: {code: \"{client_id}\"}}}\n"),
                     lost);
    cr_expect_str_eq(lint(TWO_URLS "rename: {code: c}\ntoken: {params: {c: null}}\n"),
                     "6:18 error \"c\" cannot be left out in \"params\"\n");
    cr_expect_str_eq(lint(TWO_URLS "refresh: {params: {code: null}}\n" WITH_CODE),
                     "5:20 error \"code\" cannot be left out in \"params\"\n");
    cr_expect_str_eq(lint(TWO_URLS "token: {params: {code: x}}\n" WITH_CODE),
                     "5:18 error \"code\" cannot be set in \"params\"\n");
    cr_expect_str_eq(
        lint(TWO_URLS "steps: {s: {endpoint: \"https://acme.example\", params: {code: \"{code}\"}}}\n"),
        "5:9 error a secret would stand in the URL of \"s\", which logs may show\n");
}

Test(rules, the_issuer_in_the_callback_is_looked_for_under_its_own_name)
{
    cr_expect_str_eq(lint(TWO_URLS "issuer: https://acme.example\ncallback: {fields: {iss: nowhere}}\n"),
                     "6:26 advice the issuer in the callback goes unchecked\n");
}

Test(rules, a_refresh_without_a_token_has_a_sign_of_success)
{
    cr_expect_str_eq(lint(TWO_URLS "refresh: {missing_access_token: keep}\n"),
                     "5:33 error nothing tells a success from any other answer\n");
    cr_expect_str_eq(
        lint(TWO_URLS "refresh: {missing_access_token: keep, response: {success: {/ok: true}}}\n"), "");
    cr_expect_str_eq(lint(TWO_URLS "token: {response: {success: {/ok: true}}}\n"
                                   "refresh: {missing_access_token: keep}\n"),
                     "");
}

Test(rules, tokens_of_a_list_have_a_name_each)
{
#define ALSO(rest) TWO_URLS "token: {response: {also: {s: {access_token: /a" rest "}}}}\n"
    cr_expect_str_eq(lint(ALSO(", each: /l, name: /n")), "");
    cr_expect_str_eq(lint(ALSO(", each: /l")), "5:55 error tokens of a list need a name each\n");
    cr_expect_str_eq(lint(ALSO(", name: /n")),
                     "5:55 error one token alone is called what its block is called\n");
    cr_expect_str_eq(
        lint(TWO_URLS
             "steps: {t: {endpoint: \"https://acme.example\", response: {also: {s: {each: /l}}}}}\n"),
        "5:75 error tokens of a list need a name each\n"
        "5:64 advice only the answers of the token endpoint bring more tokens\n");
}

Test(rules, a_url_is_not_encoded_once_more)
{
    cr_expect_str_eq(lint(TWO_URLS "verify: {endpoint: \"{token_endpoint}/me\"}\n"),
                     "5:20 error what the URL begins with would be percent-encoded\n");
    cr_expect_str_eq(lint(TWO_URLS "verify: {endpoint: \"{+token_endpoint}/{client_id}\"}\n"), "");
}

#define REVOCABLE TWO_URLS "revocation_endpoint: https://acme.example/r\n"

Test(rules, a_revocation_has_its_token_in_the_body)
{
#define IN_URL "6:9 error a secret would stand in the URL of \"revoke\", which logs may show\n"
    cr_expect_str_eq(lint(REVOCABLE "revoke: {method: GET}\n"), IN_URL);
    cr_expect_str_eq(lint(REVOCABLE "revoke: {encoding: query}\n"), IN_URL);
    cr_expect_str_eq(lint(REVOCABLE "revoke: {place: {token: query}}\n"), IN_URL);
    cr_expect_str_eq(lint(REVOCABLE "revoke: {rename: {token: t}, params: {token: null}, method: GET}\n"),
                     IN_URL "6:39 error \"token\" is called \"t\" here\n");
    cr_expect_str_eq(lint(REVOCABLE "revoke: {params: {token: null, t: \"{token}\"}, method: GET}\n"),
                     IN_URL);
    cr_expect_str_eq(lint(REVOCABLE "revoke: {params: {t: \"{token}\"}}\n"), "", "a POST has a body");
    cr_expect_str_eq(lint(REVOCABLE "revoke: {params: {token: null}, method: DELETE}\n"), "");
    cr_expect_str_eq(lint(REVOCABLE "revoke: {rename: {token: t}, params: {t: null}, method: GET}\n"),
                     "6:26 advice \"token\" is renamed, and then left out\n");
    cr_expect_str_eq(lint(REVOCABLE "revoke: {method: GET, secret_in_url: documented as such}\n"), "");
}

#define STEP(inside) TWO_URLS "steps: {s: {endpoint: \"https://acme.example/s\"" inside "}}\n"

Test(rules, a_step_can_do_what_it_says_when_it_says)
{
    cr_expect_str_eq(lint(STEP("")), "");
    cr_expect_str_eq(lint(TWO_URLS "steps: {s: {}}\n"), "5:9 error the step \"s\" has no endpoint\n");
    cr_expect_str_eq(lint(STEP(", choose: {id: /id}")), "");
    cr_expect_str_eq(lint(STEP(", choose: {id: /id}, when: token")),
                     "5:9 error the step \"s\" lets a person choose, who is there at the login only\n");
    cr_expect_str_eq(lint(STEP(", choose: {id: /id}, replaces: token")),
                     "5:9 error the step \"s\" cannot replace the token with what a person chooses\n");
    cr_expect_str_eq(lint(STEP(", replaces: token")), "");
    cr_expect_str_eq(lint(STEP(", when: before, auth: none")), "");
    cr_expect_str_eq(lint(STEP(", when: before, auth: none, replaces: token")),
                     "5:9 error the step \"s\" replaces a token before there is one\n");
    cr_expect_str_eq(lint(STEP(", when: before")),
                     "5:9 error the step \"s\" presents a token before there is one\n");
}

Test(rules, what_is_kept_as_a_secret_stands_in_no_url)
{
#define KEPT TWO_URLS "callback: {keep: {k: {from: f, secret: true}, p: q}}\n"
    cr_expect_str_eq(
        lint(KEPT "verify: {endpoint: \"https://acme.example/{kept.k}\"}\n"),
        "6:20 error the secret {kept.k} would stand in a URL that a person's browser or a log shows\n");
    cr_expect_str_eq(lint(KEPT "verify: {endpoint: \"https://acme.example\", params: {k: \"{kept.k}\"}}\n"),
                     "6:9 error a secret would stand in the URL of \"verify\", which logs may show\n");
    cr_expect_str_eq(lint(KEPT "verify: {endpoint: \"https://acme.example/{kept.p}\", headers: {K: "
                               "\"{kept.k}\"}}\n"),
                     "");
}

Test(rules, whose_token_it_is_is_told_by_something_that_there_is)
{
    cr_expect_str_eq(lint(TWO_URLS "identity: {from: me, id: /id}\n"),
                     "5:18 error nothing tells whose token it is under that name\n");
    cr_expect_str_eq(
        lint(TWO_URLS "identity: {from: me, id: /id}\nsteps: {me: {endpoint: \"https://acme.example\"}}\n"),
        "");
    cr_expect_str_eq(lint(TWO_URLS "identity: {from: userinfo, id: /id}\n"),
                     "5:18 error there is no userinfo_endpoint that could tell it\n");
    cr_expect_str_eq(
        lint(TWO_URLS "identity: {from: userinfo, id: /id}\nuserinfo_endpoint: https://acme.example/u\n"),
        "");
    cr_expect_str_eq(
        lint(TWO_URLS
             "identity: {from: userinfo, id: /id}\nuserinfo: {endpoint: \"https://acme.example/u\"}\n"),
        "");
    cr_expect_str_eq(lint(TWO_URLS "identity: {from: kept, id: /id}\n"), "");
    cr_expect_str_eq(lint(TWO_URLS "identity: {from: id_token, id: /sub}\n"), "");
    cr_expect_str_eq(lint(TWO_URLS "identity: {id: /id}\n"), "");
}

/* --- advice ------------------------------------------------------------------------------------------------- */

Test(rules, a_reviewer_asks_for_docs_explanations_patterns_and_https)
{
    cr_expect_str_eq(lint("fob: 1\ntoken_endpoint: https://a.example\n"),
                     "1:1 advice no docs link: nobody can check this file\n");
    cr_expect_str_eq(lint("fob: 1\n" DOCS "token_endpoint: http://127.0.0.1/t\n"),
                     "3:17 advice the endpoint is plain http\n");
    cr_expect_str_eq(lint(TWO_URLS "variables: {v: {}}\n"),
                     "5:13 advice nothing uses this variable\n5:13 advice this variable is not explained\n");
    cr_expect_str_eq(
        lint("fob: 1\n" DOCS "token_endpoint: https://{v}.a.example/{v}\nvariables: {v: {doc: x}}\n"),
        "3:17 advice a variable without a pattern is part of a host name\n");
    cr_expect_str_eq(
        lint("fob: 1\n" DOCS "token_endpoint: https://a.example/{v}\nvariables: {v: {doc: x}}\n"), "");
    cr_expect_str_eq(lint("fob: 1\n" DOCS "plugin: acme\nvariables: {v: {doc: x}}\n"), "",
                     "a plugin may use it");
}

Test(rules, advice_stops_nobody)
{
    const char *text = "fob: 1\ntoken_endpoint: http://127.0.0.1/t\nvariables: {v: {}}\n";
    fob_auto_provider *provider = NULL;
    cr_expect_eq(fob_provider_parse(text, strlen(text), "acme.yaml", &provider, NULL), FOB_OK);
}
