/* SPDX-License-Identifier: MIT */
/* core/binding.c in flows: variables and environments go where they belong, and nothing goes to a host that is not listed. */
#include "script.h"

#define MACHINE_BODY "grant_type=client_credentials&client_id=client-1"
#define GOES_TO(url) .play = MACHINE, .exchanges = {{"POST " url, NULL, MACHINE_BODY}}, .token = "at -"
#define IS_REFUSED(says) .play = MACHINE, .err = FOB_E_CONFIG, .what = says

/* --- variables ---------------------------------------------------------------------------------------------- */

#define SHOP "fob: 1\ntoken_endpoint: https://{shop}.acme.example/t\n"

Test(tenants, a_value_is_given_or_the_environments_or_the_default)
{
#define REGION                                                                                               \
    SHOP "variables: {shop: {default: common}}\nenvironments: {test: {variables: {shop: trial}}, live: "     \
         "{}}\n"
    static const struct script scripts[] = {
        {.name = "default", .whole = REGION, GOES_TO("https://common.acme.example/t")},
        {.name = "the environment's",
         .whole = REGION,
         .environment = "test",
         GOES_TO("https://trial.acme.example/t")},
        {.name = "an environment without one",
         .whole = REGION,
         .environment = "live",
         GOES_TO("https://common.acme.example/t")},
        {.name = "given",
         .whole = REGION,
         .environment = "test",
         .variables = {{"shop", "corner"}},
         GOES_TO("https://corner.acme.example/t")},
        {.name = "none",
         .whole = SHOP "variables: {shop: {doc: your shop, example: corner}}\n",
         IS_REFUSED("acme needs the variable \"shop\"")},
        {.name = "none, and none is needed",
         .whole = "fob: 1\ntoken_endpoint: https://acme.example/t\nvariables: {shop: {optional: true}}\n"
                  "token: {params: {shop: \"{shop}\"}}\n",
         GOES_TO("https://acme.example/t")},
        {.name = "none, where the endpoint hangs on it",
         .whole = SHOP "variables: {shop: {optional: true}}\n",
         IS_REFUSED("has no value")},
        {.name = "an unknown one",
         .whole = REGION,
         .variables = {{"sop", "corner"}},
         IS_REFUSED("acme has no variable \"sop\"")},
        {.name = "an unknown environment",
         .whole = REGION,
         .environment = "tset",
         IS_REFUSED("acme has no environment \"tset\"")},
    };
    PLAY_ALL(scripts);
}

Test(tenants, what_people_paste_along_is_taken_off)
{
#define PASTED                                                                                               \
    SHOP "variables: {shop: {pattern: \"[a-z0-9][a-z0-9-]*\", prefix: \"https://\", suffix: "                \
         ".acme.example}}\n"
#define CORNER GOES_TO("https://corner.acme.example/t")
    static const struct script scripts[] = {
        {.name = "nothing", .whole = PASTED, .variables = {{"shop", "corner"}}, CORNER},
        {.name = "the suffix", .whole = PASTED, .variables = {{"shop", "corner.acme.example"}}, CORNER},
        {.name = "the prefix", .whole = PASTED, .variables = {{"shop", "https://corner"}}, CORNER},
        {.name = "both", .whole = PASTED, .variables = {{"shop", "https://corner.acme.example"}}, CORNER},
        {.name = "and slashes",
         .whole = PASTED,
         .variables = {{"shop", "https://corner.acme.example//"}},
         CORNER},
        {.name = "once only",
         .whole = PASTED,
         .variables = {{"shop", "https://https://corner"}},
         IS_REFUSED("cannot be \"https://corner\"")},
        {.name = "a path",
         .whole = PASTED,
         .variables = {{"shop", "https://corner.acme.example/admin"}},
         IS_REFUSED("cannot be")},
        {.name = "another host",
         .whole = PASTED,
         .variables = {{"shop", "corner.evil.example"}},
         IS_REFUSED("cannot be")},
        {.name = "nothing but the suffix",
         .whole = PASTED,
         .variables = {{"shop", ".acme.example"}},
         IS_REFUSED("cannot be")},
        {.name = "nothing but the prefix",
         .whole = PASTED,
         .variables = {{"shop", "https://"}},
         IS_REFUSED("cannot be")},
    };
    PLAY_ALL(scripts);
}

Test(tenants, a_value_is_one_of_the_choices)
{
#define CHOICES                                                                                              \
    "fob: 1\ntoken_endpoint: https://{dc}.acme.example/t\nvariables: {dc: {choices: {eu: Europe, us: "       \
    "America}"
    static const struct script scripts[] = {
        {.name = "one",
         .whole = CHOICES "}}\n",
         .variables = {{"dc", "eu"}},
         GOES_TO("https://eu.acme.example/t")},
        {.name = "another",
         .whole = CHOICES "}}\n",
         .variables = {{"dc", "ap"}},
         IS_REFUSED("the variable \"dc\" cannot be \"ap\"")},
        {.name = "in another case",
         .whole = CHOICES "}}\n",
         .variables = {{"dc", "EU"}},
         IS_REFUSED("cannot be \"EU\"")},
        {.name = "what it means",
         .whole = CHOICES "}}\n",
         .variables = {{"dc", "Europe"}},
         IS_REFUSED("cannot be")},
        {.name = "the default", .whole = CHOICES ", default: us}}\n", GOES_TO("https://us.acme.example/t")},
        {.name = "pasted",
         .whole = CHOICES ", prefix: \"https://\"}}\n",
         .variables = {{"dc", "https://us/"}},
         GOES_TO("https://us.acme.example/t")},
    };
    PLAY_ALL(scripts);
}

Test(tenants, a_secret_value_is_never_shown)
{
    static const char *const rules[] = {"pattern: \"[a-z]+\"", "choices: {one: x, two: y}"};
    for (size_t i = 0; i < COUNT(rules); i++) {
        char lines[256];
        snprintf(lines, sizeof lines,
                 "variables: {pin: {secret: true, %s}}\ntoken: {params: {p: \"{pin}\"}}\n", rules[i]);
        const struct script script = {.name = rules[i], .lines = lines, .variables = {{"pin", "S3CRET"}}};
        fob_auto_flow *flow = NULL;
        struct fob_error error = FOB_ERROR_INIT;
        cr_expect_eq(begin_script(&script, &flow, &error), FOB_E_CONFIG);
        cr_expect_null(strstr(error.what, "S3CRET"), "%s", error.what);
        cr_expect_null(strstr(error.fix, "S3CRET"), "%s", error.fix);
    }
}

Test(tenants, a_value_is_encoded_where_it_would_change_the_url)
{
    static const struct script scripts[] = {
        {.name = "in a path",
         .whole = "fob: 1\ntoken_endpoint: https://acme.example/{v}/t\nvariables: {v: {}}\n",
         .variables = {{"v", "a/b?c#d e"}},
         GOES_TO("https://acme.example/a%2Fb%3Fc%23d%20e/t")},
        {.name = "as it is",
         .whole =
             "fob: 1\ntoken_endpoint: \"{+base}/t\"\nvariables: {base: {pattern: \"https://[a-z.]+\"}}\n",
         .variables = {{"base", "https://own.example"}},
         GOES_TO("https://own.example/t")},
        {.name = "that is no URL then",
         .whole = "fob: 1\ntoken_endpoint: \"{+base}/t\"\nvariables: {base: {}}\n",
         .variables = {{"base", "own.example"}},
         IS_REFUSED("not an absolute URL")},
        {.name = "that is http then",
         .whole = "fob: 1\ntoken_endpoint: \"{+base}/t\"\nvariables: {base: {}}\n",
         .variables = {{"base", "http://own.example"}},
         IS_REFUSED("is not https")},
        {.name = "http on loopback",
         .whole = "fob: 1\ntoken_endpoint: \"{+base}/t\"\nvariables: {base: {}}\n",
         .variables = {{"base", "http://127.0.0.1:8080"}},
         GOES_TO("http://127.0.0.1:8080/t")},
        {.name = "a host that is none",
         .whole = SHOP "variables: {shop: {}}\n",
         .variables = {{"shop", "evil.example/"}},
         IS_REFUSED("not an absolute URL")},
        {.name = "a user",
         .whole = "fob: 1\ntoken_endpoint: \"{+base}/t\"\nvariables: {base: {}}\n",
         .variables = {{"base", "https://user@own.example"}},
         IS_REFUSED("user name")},
    };
    PLAY_ALL(scripts);
}

/* --- environments ------------------------------------------------------------------------------------------- */

Test(tenants, an_environment_replaces_what_it_gives)
{
#define BOTH                                                                                                 \
    "fob: 1\ntoken_endpoint: https://acme.example/t\nrevocation_endpoint: https://acme.example/r\n"          \
    "environments:\n  test: {doc: for trying out, token_endpoint: \"https://test.example/t\"}\n"             \
    "verify: {endpoint: \"https://acme.example/{environment}/me\"}\n"
    static const struct script scripts[] = {
        {.name = "none", .whole = BOTH, GOES_TO("https://acme.example/t")},
        {.name = "test", .whole = BOTH, .environment = "test", GOES_TO("https://test.example/t")},
        {.name = "what it does not give",
         .whole = BOTH "revoke: {tokens: [access_token]}\n",
         .environment = "test",
         .play = REVOKE,
         .exchanges = {{"POST https://acme.example/r", NULL,
                        "token=old-at&token_type_hint=access_token&client_id=client-1"}}},
        {.name = "its name",
         .whole = BOTH,
         .environment = "test",
         .play = VERIFY,
         .exchanges = {{"GET https://acme.example/test/me", "Authorization: Bearer old-at", NULL}}},
        {.name = "no name",
         .whole = BOTH,
         .play = VERIFY,
         .err = FOB_E_CONFIG,
         .what = "something in \"https://acme.example/{environment}/me\" has no value"},
    };
    PLAY_ALL(scripts);
}

/* --- hosts -------------------------------------------------------------------------------------------------- */

#define TOKEN_BODY                                                                                           \
    "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED                                 \
    "&code_verifier=<verifier>&client_id=client-1"
#define LEARNT "callback: {keep: {server: server}}\ntoken: {endpoint: \"{+kept.server}/t\"}\n"
#define LEARNS(server) .callback = "state=<state>&code=c0de&server=" server
#define IS_NOT_SENT(says) .err = FOB_E_CONFIG, .what = says

Test(tenants, a_host_that_is_learnt_on_the_way_has_to_be_listed)
{
    static const struct script scripts[] = {
        {.name = "listed",
         .lines = LEARNT "hosts: [acme.example, acme.eu]\n",
         LEARNS("https://acme.eu"),
         .exchanges = {{"POST https://acme.eu/t", NULL, TOKEN_BODY}},
         .token = "at - kept.server=https://acme.eu"},
        {.name = "below one that is",
         .lines = LEARNT "hosts: [acme.example, \"*.acme.eu\"]\n",
         LEARNS("https://a.acme.eu"),
         .exchanges = {{"POST https://a.acme.eu/t", NULL, TOKEN_BODY}},
         .token = "at - kept.server=https://a.acme.eu"},
        {.name = "not listed",
         .lines = LEARNT "hosts: [acme.example, acme.eu]\n",
         LEARNS("https://evil.example"),
         IS_NOT_SENT("on a host that no token or secret may be sent to")},
        {.name = "one that looks like it",
         .lines = LEARNT "hosts: [acme.example, acme.eu]\n",
         LEARNS("https://acme.eu.evil.example"),
         IS_NOT_SENT("on a host that no token")},
        {.name = "a user that looks like it",
         .lines = LEARNT "hosts: [acme.example, acme.eu]\n",
         LEARNS("https://acme.eu@evil.example"),
         IS_NOT_SENT("user name")},
        {.name = "without TLS",
         .lines = LEARNT "hosts: [acme.example, acme.eu]\n",
         LEARNS("http://acme.eu"),
         IS_NOT_SENT("is not https")},
        {.name = "loopback, which is not listed",
         .lines = LEARNT "hosts: [acme.example, acme.eu]\n",
         LEARNS("http://127.0.0.1"),
         IS_NOT_SENT("on a host that no token")},
        {.name = "no URL",
         .lines = LEARNT "hosts: [acme.example]\n",
         LEARNS("acme.example"),
         IS_NOT_SENT("not an absolute URL")},
        {.name = "nothing", .lines = LEARNT "hosts: [acme.example]\n", IS_NOT_SENT("has no value")},
        {.name = "no list, and a host of the file's",
         .lines = LEARNT,
         LEARNS("https://acme.example"),
         .exchanges = {{"POST https://acme.example/t", NULL, TOKEN_BODY}},
         .token = "at - kept.server=https://acme.example"},
        {.name = "no list, and another",
         .lines = LEARNT,
         LEARNS("https://acme.eu"),
         IS_NOT_SENT("on a host that no token")},
        {.name = "a part of the host",
         .lines = "callback: {keep: {dc: dc}}\ntoken: {endpoint: \"https://{kept.dc}.acme.example/t\"}\n",
         .callback = "state=<state>&code=c0de&dc=eu",
         IS_NOT_SENT("on a host that no token")},
        {.name = "a part of the host that would leave it",
         .lines =
             "callback: {keep: {dc: dc}}\ntoken: {endpoint: \"https://{kept.dc}.acme.example/t\"}\nhosts: "
             "[\"*.acme.example\", acme.example]\n",
         .callback = "state=<state>&code=c0de&dc=evil.example/",
         IS_NOT_SENT("not an absolute URL")},
        {.name = "a callback's field that was not kept",
         .lines = "token: {endpoint: \"{+callback.server}/t\"}\n",
         LEARNS("https://evil.example"),
         IS_NOT_SENT("on a host that no token")},
    };
    PLAY_ALL(scripts);
}

Test(tenants, steps_go_to_the_hosts_that_are_written_in_the_file)
{
    static const struct script scripts[] = {
        {.name = "written",
         .play = MACHINE,
         .lines = "steps: {me: {endpoint: \"https://api.example/me\"}}\n",
         .exchanges = {{"POST https://acme.example/t", NULL, MACHINE_BODY},
                       {"GET https://api.example/me", "Authorization: Bearer at", NULL}},
         .token = "at -"},
        {.name = "written, but not listed",
         .play = MACHINE,
         .lines = "steps: {me: {endpoint: \"https://api.example/me\"}}\nhosts: [acme.example]\n",
         .exchanges = {{"POST https://acme.example/t", NULL, MACHINE_BODY}},
         .err = FOB_E_CONFIG,
         .what = "me of acme is on a host",
         .token = "at - (partial)"},
        {.name = "learnt from the answer",
         .play = MACHINE,
         .lines = "token: {response: {keep: {api: /api}}}\nsteps: {me: {endpoint: "
                  "\"{+kept.api}/me\"}}\nhosts: [acme.example, "
                  "\"*.api.example\"]\n",
         .exchanges = {{"POST https://acme.example/t", NULL, MACHINE_BODY,
                        .answer = "{\"access_token\":\"at\",\"api\":\"https://eu.api.example/v1\"}"},
                       {"GET https://eu.api.example/v1/me", "Authorization: Bearer at", NULL}},
         .token = "at - kept.api=https://eu.api.example/v1"},
        {.name = "learnt and elsewhere",
         .play = MACHINE,
         .lines = "token: {response: {keep: {api: /api}}}\nsteps: {me: {endpoint: "
                  "\"{+kept.api}/me\"}}\nhosts: [acme.example, "
                  "\"*.api.example\"]\n",
         .exchanges = {{"POST https://acme.example/t", NULL, MACHINE_BODY,
                        .answer = "{\"access_token\":\"at\",\"api\":\"https://evil.example\"}"}},
         .err = FOB_E_CONFIG,
         .token = "at - kept.api=https://evil.example (partial)"},
        {.name = "the environment's own host",
         .play = MACHINE,
         .environment = "test",
         .lines =
             "environments: {test: {token_endpoint: \"https://test.example/t\"}}\nsteps: {me: {endpoint: "
             "\"{+token_endpoint}/me\"}}\n",
         .exchanges = {{"POST https://test.example/t", NULL, MACHINE_BODY},
                       {"GET https://test.example/t/me", "Authorization: Bearer at", NULL}},
         .token = "at -"},
    };
    PLAY_ALL(scripts);
}

/* --- the client's id ---------------------------------------------------------------------------------------- */

Test(tenants, the_client_id_fills_in_the_urls_of_the_metadata)
{
#define OF_CLIENT "fob: 1\nauthorization_endpoint: https://acme.example/apps/{client_id}/a\n"
    static const struct script scripts[] = {
        {.name = "the page, and an issuer that comes back",
         .whole = OF_CLIENT "token_endpoint: https://acme.example/t?c={client_id}\n"
                            "issuer: https://acme.example/{client_id}\n",
         .callback = "state=<state>&code=c0de&iss=https://acme.example/client-1",
         .url = "https://acme.example/apps/client-1/"
                "a?response_type=code&client_id=client-1&redirect_uri=" CALLBACK_ENCODED
                "&state=<state>&code_challenge=<challenge>&code_challenge_method=S256",
         .exchanges = {{"POST https://acme.example/t?c=client-1", NULL,
                        "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&client_id=client-1"}},
         .token = "at -"},
        {.name = "the issuer of another client",
         .whole =
             OF_CLIENT "token_endpoint: https://acme.example/t\nissuer: https://acme.example/{client_id}\n",
         .callback = "state=<state>&code=c0de&iss=https://acme.example/client-2",
         .err = FOB_E_SECURITY,
         .what = "another issuer"},
        {.name = "a host that is listed",
         .play = VERIFY,
         .whole = "fob: 1\ntoken_endpoint: https://acme.example/t\nhosts: [acme.example, api.example]\n"
                  "userinfo_endpoint: https://api.example/{client_id}/me\n",
         .exchanges = {{"GET https://api.example/client-1/me", "Authorization: Bearer old-at", NULL}},
         .token = NULL},
        {.name = "the host of an endpoint, where none are listed",
         .play = MACHINE,
         .whole =
             "fob: 1\ntoken_endpoint: https://acme.example/t\njwks_uri: https://api.example/{client_id}\n"
             "steps: {s: {endpoint: \"https://api.example/{client_id}/s\"}}\n",
         .exchanges = {{"POST https://acme.example/t", NULL, MACHINE_BODY},
                       {"GET https://api.example/client-1/s", "Authorization: Bearer at", NULL}},
         .token = "at -"},
        {.name = "in the name of another endpoint",
         .play = MACHINE,
         .whole = "fob: 1\ntoken_endpoint: https://acme.example/{client_id}/t\n"
                  "steps: {s: {endpoint: \"{+token_endpoint}/s\"}}\n",
         .exchanges = {{"POST https://acme.example/client-1/t", NULL, MACHINE_BODY},
                       {"GET https://acme.example/client-1/t/s", "Authorization: Bearer at", NULL}},
         .token = "at -"},
    };
    PLAY_ALL(scripts);
}
