/* SPDX-License-Identifier: MIT */
/* What a reviewer would say: advice.c, advice_hosts.c, advice_dead.c and advice_request.c. Each is told at its place, once. */
#include "cleanup.h"
#include "lint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define DOCS "docs: https://acme.example/docs\n"
#define TWO_URLS                                                                                             \
    "fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\n" DOCS
#define TENANT(rest)                                                                                         \
    "fob: 1\n" DOCS "token_endpoint: https://{t}/t\nvariables: {t: {doc: the host, " rest "}}\n"

/* --- hosts -------------------------------------------------------------------------------------------------- */

Test(advice, a_host_that_a_tenant_names_is_on_a_list)
{
    is_told(TENANT("pattern: \"[a-z.]+\""),
            "3:17 advice {t} can be any host, and no list says where a token or secret may be sent\n");
    is_fine(TENANT("pattern: \"[a-z.]+\"") "hosts: [\"{t}\"]\n");
    is_fine(TENANT("choices: {a.example: there, b.example: here}"));
    is_fine(TENANT("pattern: \"[a-z]+\\\\.acme\\\\.example\""));
    is_told("fob: 1\n" DOCS "token_endpoint: \"{+t}/t\"\nvariables: {t: {doc: the URL, pattern: "
            "\"https://[a-z.]+\"}}\n",
            "3:17 advice {t} can be any host, and no list says where a token or secret may be sent\n");
}

Test(advice, a_name_below_a_domain_that_is_written_down_is_fine)
{
    is_fine("fob: 1\n" DOCS "token_endpoint: https://{t}.acme.example/t\nrevocation_endpoint: "
            "https://x.{t}.acme.example:8443?a=b\nvariables: {t: {doc: the tenant, pattern: \"[a-z-]+\"}}\n");
    is_told("fob: 1\n" DOCS "token_endpoint: https://{t}:8443/t\nrevocation_endpoint: https://{t}/r\n"
            "variables: {t: {doc: the tenant, pattern: \"[a-z.-]+\"}}\n",
            "3:17 advice {t} can be any host, and no list says where a token or secret may be sent\n");
    is_fine("fob: 1\n" DOCS "token_endpoint: https://acme.example/{t}\n"
            "variables: {t: {doc: the tenant, pattern: \"[a-z.-]+\"}}\n");
}

Test(advice, each_endpoint_is_looked_at)
{
    static const char what[] =
        "advice {t} can be any host, and no list says where a token or secret may be sent\n";
    static const struct {
        const char *block, *at;
    } rows[] = {
        {"environments: {e: {token_endpoint: \"https://{t}/\"}}\n", "5:36 "},
        {"refresh: {endpoint: \"https://{t}/\"}\n", "5:21 "},
        {"client_credentials: {endpoint: \"https://{t}/\"}\n", "5:32 "},
        {"verify: {endpoint: \"https://{t}/\"}\n", "5:20 "},
        {"revoke: {endpoint: \"https://{t}/\"}\n", "5:20 "},
        {"steps: {s: {endpoint: \"https://{t}/\"}}\n", "5:23 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024], wanted[256];
        snprintf(text, sizeof text, TWO_URLS "%svariables: {t: {doc: the host, pattern: \"[a-z.]+\"}}\n",
                 rows[i].block);
        snprintf(wanted, sizeof wanted, "%s%s", rows[i].at, what);
        is_told(text, wanted);
    }
}

Test(advice, a_host_that_is_learnt_is_on_a_list_and_has_a_pattern)
{
#define KEPT(rule, hosts)                                                                                    \
    TWO_URLS "callback: {keep: {api: " rule "}}\n" hosts "verify: {endpoint: \"{+kept.api}/me\"}\n"
    is_told(KEPT("{from: api, pattern: \"https://[a-z.]+\"}", ""),
            "6:20 advice {kept.api} decides on the host, and no list says which it may be: it will not be "
            "sent\n");
    is_told(KEPT("api", "hosts: [\"*.acme.example\", acme.example]\n"),
            "7:20 advice {kept.api} decides on the host, and may be anything when it is kept\n");
    is_fine(KEPT("{from: api, pattern: \"https://[a-z.]+\"}", "hosts: [\"*.acme.example\", acme.example]\n"));
    is_fine(TWO_URLS
            "callback: {keep: {id: realm}}\nverify: {endpoint: \"https://acme.example/{kept.id}\"}\n");
    is_told(TWO_URLS "steps: {s: {endpoint: \"https://{callback.host}/\"}}\n",
            "5:23 advice {callback.host} decides on the host, and no list says which it may be: it will not "
            "be sent\n");
}

/* --- scopes, secrets ------------------------------------------------------------------------------- */

Test(advice, scopes_that_are_asked_for_are_known)
{
    is_told(TWO_URLS
            "scopes: {default: [raed], always: [off], known: {read: read it}, groups: {u: {default: [x]}}}\n",
            "5:20 advice the scope \"raed\" is asked for, and is not among those that are known\n"
            "5:36 advice the scope \"off\" is asked for, and is not among those that are known\n"
            "5:89 advice the scope \"x\" is asked for, and is not among those that are known\n");
    is_fine(TWO_URLS "scopes: {default: [raed], always: [off]}\n");
    is_fine(TWO_URLS
            "scopes_supported: [off]\nscopes: {default: [read], always: [off], known: {read: read it}}\n");
    is_fine(TWO_URLS "scopes: {default: [openid, email], known: {openid: an ID token}}\n");
    is_told(TWO_URLS "scopes: {default: [email], known: {read: read it}}\n",
            "5:20 advice the scope \"email\" is asked for, and is not among those that are known\n");
}

Test(advice, no_secret_is_written_down)
{
    static const char what[] = " looks like a secret, which everybody who has this file knows\n";
    static const struct {
        const char *yaml, *at;
    } rows[] = {
        {"token: {params: {client_secret: hunter2hunter2}}\n", "5:33 advice the value of \"client_secret\""},
        {"token: {headers: {X-Api-Key: a123456789}}\n", "5:30 advice the value of \"X-Api-Key\""},
        {"token: {headers: {Authorization: Basic QWxhZGRpbjpvcGVu}}\n",
         "5:34 advice the value of \"Authorization\""},
        {"authorize: {params: {app: Zx81Qw29Lk3mNb7vC0xZ4aS5dF6g}}\n", "5:27 advice the value of \"app\""},
        {"use: {headers: {X-Secret: abcdefgh}}\n", "5:27 advice the value of \"X-Secret\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512], wanted[256];
        snprintf(text, sizeof text, TWO_URLS "%s", rows[i].yaml);
        snprintf(wanted, sizeof wanted, "%s%s", rows[i].at, what);
        is_told(text, wanted);
    }
    is_fine(TWO_URLS
            "token: {params: {client_secret: null, api_key: \"{client_id}\", audience: "
            "urn:acme:a-long-name:1234, "
            "grant_type: urn:ietf:params:oauth:grant-type:jwt-bearer}, headers: {Accept: text/plain}}\n");
}

/* --- keys that change nothing ------------------------------------------------------------------------------- */

Test(advice, a_key_that_changes_nothing_is_told)
{
    static const struct {
        const char *yaml, *wanted;
    } rows[] = {
        {"grant_types_supported: [client_credentials]\nauthorize: {sorted: true}\n",
         "6:12 advice grant_types_supported leaves authorization_code out: \"authorize\" is not used\n"},
        {"grant_types_supported: [authorization_code]\nclient_credentials: {method: PUT}\n",
         "6:21 advice grant_types_supported leaves client_credentials out: the block is not used\n"},
        {"grant_types_supported: [authorization_code]\nrefresh: {max_ttl: 30s}\n",
         "6:10 advice grant_types_supported leaves refresh_token out, and here is how to refresh\n"},
        {"userinfo: {endpoint: \"https://acme.example/me\"}\n",
         "5:11 advice userinfo is asked only when identity.from says so: the block is not used\n"},
        {"verify: {method: POST}\n", "5:9 advice verify has nowhere to go\n"},
        {"revoke: {tokens: [access_token]}\n", "5:9 advice revoke has nowhere to go\n"},
        {"authorize: {pkce_reason: it was refused once}\n",
         "5:26 advice PKCE is as it should be, and needs no reason\n"},
        {"callback: {state_reason: it was lost once}\n",
         "5:26 advice the state is as it should be, and needs no reason\n"},
        {"token: {secret_in_url: it was wanted once}\n",
         "5:24 advice no secret stands in this URL, and none needs a reason\n"},
        {"identity: {from: metdata, id: /id}\nsteps: {metadata: {endpoint: \"https://acme.example/\"}}\n",
         "5:18 error nothing tells whose token it is under that name\n"},
        {"identity: {from: userinfo, id: /id}\n",
         "5:18 error there is no userinfo_endpoint that could tell it\n"},
        {"use: {query: token, scheme: \"\"}\n",
         "5:29 advice the token goes into the query: \"scheme\" is not used\n"},
        {"rename: {client: client_key}\n",
         "5:18 advice fob sends no parameter \"client\" that could be renamed\n"},
        {"token: {rename: {audience: aud}}\n",
         "5:28 advice fob sends no parameter \"audience\" that could be renamed\n"},
        {"token: {rename: {redirect_uri: back}, params: {back: null}}\n",
         "5:32 advice \"redirect_uri\" is renamed, and then left out\n"},
        {"token: {root: request}\n", "5:15 advice only an XML body has a root\n"},
        {"token: {jwt: {arrays: [aud, team], claims: {jti: null}}}\n",
         "5:29 advice the JWT has no claim \"team\" that could be a list\n"},
        {"token: {jwt: {arrays: [jti], claims: {jti: null}}}\n",
         "5:24 advice the JWT has no claim \"jti\" that could be a list\n"},
        {"verify: {endpoint: \"https://acme.example/\", encoding: json}\n",
         "5:55 advice a GET has no body: all goes into the query\n"},
        {"token: {auth: none, jwt: {alg: HS256}}\n",
         "5:26 advice the client does not authenticate here: no JWT is made\n"},
        {"steps: {s: {endpoint: \"https://acme.example/\", response: {also: {b: {access_token: /b}}}}}\n",
         "5:65 advice only the answers of the token endpoint bring more tokens\n"},
        {"token: {place: {aud: query}}\n",
         "5:22 advice no parameter \"aud\" is sent here that could have a place\n"},
        {"token: {place: {redirect_uri: query}, params: {redirect_uri: null}}\n",
         "5:31 advice no parameter \"redirect_uri\" is sent here that could have a place\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        snprintf(text, sizeof text, TWO_URLS "%s", rows[i].yaml);
        is_told(text, rows[i].wanted);
    }
    is_told(
        "fob: 1\n" DOCS "token_endpoint: https://acme.example/t\ncallback: {code_is_encoded: true}\n",
        "4:11 advice nobody is sent anywhere without an authorization_endpoint: \"callback\" is not used\n");
}

Test(advice, a_key_that_is_of_use_is_not)
{
    static const char *const rows[] = {
        "grant_types_supported: [authorization_code]\nrefresh: {with: access_token}\n",
        "userinfo_endpoint: https://acme.example/me\nuserinfo: {method: POST}\nidentity: {from: userinfo, "
        "id: /id}\n",
        "userinfo_endpoint: https://acme.example/me\nverify: {method: POST}\n",
        "identity: {from: kept, id: /a}\ncallback: {keep: {a: b}}\n",
        "identity: {from: s, id: /id}\nsteps: {s: {endpoint: \"https://acme.example/\"}}\n",
        "token: {root: request}\nrefresh: {encoding: xml}\n",
        "token: {secret_in_url: the refresh is a GET}\nrefresh: {method: GET}\n",
        "use: {query: token}\nverify: {endpoint: \"https://acme.example/\", secret_in_url: the API wants it "
        "so}\n",
        "token: {place: {key: query}, rename: {client_id: key}}\n",
        "token: {place: {refresh_token: query}, secret_in_url: it is read there}\n",
        "token: {place: {aud: query}, params: {aud: acme}}\n",
        "refresh: {place: {aud: query}}\ntoken: {params: {aud: acme}}\n",
        "token: {encoding: json}\nrefresh: {method: GET, secret_in_url: the refresh is a GET}\n",
        "callback: {keep: {nobody: needs}}\n",
        "environments: {e: {revocation_endpoint: \"https://acme.example/r\"}}\nrevoke: {tokens: "
        "[access_token]}\n",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        snprintf(text, sizeof text, TWO_URLS "%s", rows[i]);
        is_fine(text);
    }
}

/* --- and errors --------------------------------------------------------------------------------------------- */

Test(advice, a_warning_never_repeats_an_error)
{
    is_told(TWO_URLS "token: {params: {client_secret: \"\\u0001abcdefgh\"}}\n",
            "5:33 error \"client_secret\" has to be one line of text, with {names} in braces\n");
    is_told(TWO_URLS "verify: {endpoint: \"https://{kept.x}/\"}\n",
            "5:20 error {kept.x} is not declared in this descriptor\n");
    is_told(
        "fob: 1\n" DOCS "token_endpoint: http://{t}/\nvariables: {t: {}}\n",
        "3:17 error \"token_endpoint\" has to be an https URL without user, fragment and spaces (http is for "
        "loopback only)\n4:13 advice this variable is not explained\n");
}

Test(advice, a_file_that_is_read_gets_none)
{
    static const char text[] = TWO_URLS "token: {root: request}\n";
    fob_auto_provider *provider = NULL;
    cr_expect_eq(fob_provider_parse(text, strlen(text), "acme.yaml", &provider, NULL), FOB_OK);
}

Test(advice, what_belongs_to_a_refresh_token_is_not_said_where_none_is_used)
{
    is_told(TWO_URLS "refresh: {with: client_credentials, missing_refresh_token: drop}\n"
                     "lifetimes: {refresh_token_idle: 1d}\n",
            "5:60 advice no refresh token is used: \"missing_refresh_token\" changes nothing\n"
            "6:33 advice no refresh token is used: \"refresh_token_idle\" changes nothing\n");
    is_fine(TWO_URLS "refresh: {with: access_token, missing_refresh_token: drop}\n"
                     "lifetimes: {refresh_token_idle: 1d}\n");
}

Test(advice, a_secret_that_is_no_parameter_has_no_other_name)
{
    static const char what[] = "advice no client_secret is among the parameters here that could be renamed\n";
    char wanted[128];
    snprintf(wanted, sizeof wanted, "5:45 %s", what);
    is_told(TWO_URLS "token: {auth: none, rename: {client_secret: x}}\n", wanted);
    is_fine(TWO_URLS "token: {auth: client_secret_post, rename: {client_secret: x}}\n");
    is_fine(TWO_URLS "token: {rename: {client_secret: x}}\n");
    is_fine(TWO_URLS
            "token: {auth: none, rename: {client_secret: x}}\nrefresh: {auth: client_secret_post}\n");
    snprintf(wanted, sizeof wanted, "6:47 %s", what);
    is_told(TWO_URLS "token: {auth: client_secret_post}\nrefresh: {auth: none, rename: {client_secret: x}}\n",
            wanted);
}

Test(advice, an_environment_has_something_of_its_own)
{
    is_told(TWO_URLS "environments: {e: {doc: for tests}, f: {token_endpoint: \"https://f.example/t\"}}\n",
            "5:19 advice nothing is otherwise in the environment \"e\"\n");
    is_fine(TWO_URLS "environments: {e: {doc: for tests}}\nverify: {endpoint: "
                     "\"https://acme.example/{environment}\"}\n");
}

Test(advice, every_host_is_gone_to)
{
    is_told(TWO_URLS "hosts: [acme.example, \"*.acme.example\", api.example]\n",
            "5:23 advice nothing here goes to \"*.acme.example\"\n"
            "5:41 advice nothing here goes to \"api.example\"\n");
    is_fine(TWO_URLS "hosts: [acme.example, api.example]\nverify: {endpoint: \"https://api.example/me\"}\n");
    is_fine(TWO_URLS "hosts: [acme.example, api.example]\nplugin: acme\n");
    is_fine(TWO_URLS "hosts: [acme.example, api.example]\nverify: {endpoint: \"https://{h}/me\"}\n"
                     "variables: {h: {doc: where, choices: {api.example: there}}}\n");
}

Test(advice, scopes_are_those_that_the_provider_supports)
{
    is_told(TWO_URLS "scopes_supported: [read]\nscopes: {default: [raed], always: [read, off]}\n",
            "6:20 advice the scope \"raed\" is asked for, and is not among those that are known\n"
            "6:42 advice the scope \"off\" is asked for, and is not among those that are known\n");
    is_fine(TWO_URLS "scopes_supported: [read]\nscopes: {default: [read], groups: {u: {default: [x]}}}\n");
}

Test(advice, a_list_that_is_told_of_is_not_looked_into)
{
    lint(TWO_URLS "token: {auth: private_key_jwt, jwt: {arrays: [[a], {b: c}]}}\n");
    cr_expect(strstr(told, "5:47 error \"arrays\""), "%s", told);
}
