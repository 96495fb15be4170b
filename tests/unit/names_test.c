/* SPDX-License-Identifier: MIT */
/* Each name in braces is known by itself, has a value where the language says, and is a secret or is not. */
#include "cleanup.h"
#include "names.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))

static const struct fob_known_name *find(const char *name)
{
    return fob_name_find(name, strlen(name));
}

Test(names, are_known_with_their_group_and_whether_they_are_secrets)
{
    static const struct {
        const char *name;
        unsigned groups;
        bool is_secret;
    } all[] = {{"client_id", FOB_NAMES_PUBLIC | FOB_NAMES_CLIENT, false},
               {"redirect_uri", FOB_NAMES_PUBLIC, false},
               {"scope", FOB_NAMES_PUBLIC, false},
               {"scopes.user", FOB_NAMES_PUBLIC, false},
               {"grant_type", FOB_NAMES_PUBLIC, false},
               {"environment", FOB_NAMES_METADATA, false},
               {"issuer", FOB_NAMES_METADATA, false},
               {"authorization_endpoint", FOB_NAMES_METADATA, false},
               {"token_endpoint", FOB_NAMES_METADATA, false},
               {"revocation_endpoint", FOB_NAMES_METADATA, false},
               {"userinfo_endpoint", FOB_NAMES_METADATA, false},
               {"kept.realm_id", FOB_NAMES_KEPT, false},
               {"callback.Any-Field", FOB_NAMES_KEPT, false},
               {"client_secret", FOB_NAMES_SECRET, true},
               {"code", FOB_NAMES_SECRET, true},
               {"code_verifier", FOB_NAMES_SECRET, true},
               {"access_token", FOB_NAMES_SECRET, true},
               {"refresh_token", FOB_NAMES_SECRET, true},
               {"id_token", FOB_NAMES_SECRET, true},
               {"token", FOB_NAMES_SECRET, true},
               {"token_type_hint", FOB_NAMES_SECRET, false},
               {"body", FOB_NAMES_BODY, true}};
    for (size_t i = 0; i < N(all); i++) {
        const struct fob_known_name *known = find(all[i].name);
        cr_assert_not_null(known, "%s", all[i].name);
        cr_expect_eq(known->groups, all[i].groups, "%s", all[i].name);
        cr_expect_eq(known->is_secret, all[i].is_secret, "%s", all[i].name);
    }
}

Test(names, are_known_whole_and_as_they_are_written)
{
    static const char *const unknown[] = {
        "",       "client",  "client_i", "client_idx", "Client_id",   "kept",
        "kept.",  "scopes.", "scopes",   "callback.",  "keptx.realm", "tenant",
        "code.x", "codes",   "state",    "nonce",      "body.x"};
    for (size_t i = 0; i < N(unknown); i++)
        cr_expect_null(find(unknown[i]), "%s", unknown[i]);
    cr_expect_not_null(fob_name_find("client_idx", 9), "its length says where it ends");
    cr_expect_null(fob_name_find("kept.realm", 5));
    cr_expect_not_null(fob_name_find("kept.realm", 6));
}

static bool is_secret(const struct fob_descriptor *d, const char *name)
{
    return fob_name_is_secret(d, name, strlen(name));
}

Test(names, are_secrets_where_the_descriptor_says_so)
{
    static const char text[] =
        "fob: 1\nauthorization_endpoint: https://a.example/a\ntoken_endpoint: https://a.example/t\n"
        "variables: {v: {secret: true}, w: {}}\n"
        "callback: {keep: {open: f, hidden: {from: g, secret: true}}}\n"
        "steps: {s: {endpoint: \"https://a.example/s\", response: {keep: {session: {from: /s, secret: true}, "
        "open: /o}}}}\n";
    fob_auto_provider *provider = NULL;
    cr_assert_eq(fob_provider_parse(text, strlen(text), "acme.yaml", &provider, NULL), FOB_OK);
    static const char *const secrets[] = {
        "v", "kept.hidden", "kept.session", "client_secret", "access_token", "body"};
    static const char *const open[] = {"w",        "kept.open", "kept.none", "client_id",
                                       "kept.hid", "nothing",   "callback.x"};
    for (size_t i = 0; i < N(secrets); i++)
        cr_expect(is_secret(&provider->d, secrets[i]), "%s", secrets[i]);
    for (size_t i = 0; i < N(open); i++)
        cr_expect_not(is_secret(&provider->d, open[i]), "%s", open[i]);
}

/* --- where they may stand ----------------------------------------------------------------------------------- */

#define HEAD                                                                                                 \
    "fob: 1\ndocs: https://acme.example/docs\nauthorization_endpoint: https://acme.example/a\n"              \
    "token_endpoint: https://acme.example/t\n"

static char told[1024];

static void write_down(void *user, const struct fob_problem *problem)
{
    (void)user;
    snprintf(told + strlen(told), sizeof told - strlen(told), "%s\n", problem->what);
}

/* What is told about the name in the place of @. */
static const char *lint(const char *place, const char *name)
{
    char text[1024];
    const char *at = strchr(place, '@');
    int len = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - place), place, name, at + 1);
    told[0] = '\0';
    fob_provider_lint(text, (size_t)len, "acme.yaml", write_down, NULL, NULL);
    return told;
}

Test(names, have_a_value_where_the_language_says_and_nowhere_else)
{
    static const struct {
        const char *place;
        unsigned names;
        bool is_seen; /* by the person's browser, or in a log */
    } places[] = {
        {HEAD "authorize: {params: {p: \"{@}\"}}\n", FOB_NAMES_METADATA | FOB_NAMES_PUBLIC, true},
        {HEAD "callback: {require: {p: \"{@}\"}}\n", FOB_NAMES_REQUEST, false},
        {HEAD "token: {params: {p: \"{@}\"}}\n", FOB_NAMES_REQUEST, false},
        {HEAD "refresh: {params: {p: \"{@}\"}}\n", FOB_NAMES_REQUEST, false},
        {HEAD "token: {headers: {P: \"{@}\"}}\n", FOB_NAMES_REQUEST | FOB_NAMES_BODY, false},
        {HEAD "token: {jwt: {kid: \"{@}\"}}\n", FOB_NAMES_REQUEST, false},
        {HEAD "token: {jwt: {claims: {p: \"{@}\"}}}\n", FOB_NAMES_REQUEST, false},
        {HEAD "token: {endpoint: \"https://acme.example/{@}\"}\n", FOB_NAMES_URL, true},
        {HEAD "steps: {s: {endpoint: \"https://acme.example/{@}\"}}\n", FOB_NAMES_URL, true},
        {HEAD "revoke: {endpoint: \"https://acme.example/{@}\"}\n", FOB_NAMES_URL, true},
        {HEAD "userinfo_endpoint: \"https://acme.example/{@}\"\n", FOB_NAMES_CLIENT, true},
        {HEAD "issuer: \"https://acme.example/{@}\"\n", FOB_NAMES_CLIENT, true},
        {HEAD "environments: {e: {jwks_uri: \"https://acme.example/?c={@}\"}}\n", FOB_NAMES_CLIENT, true},
        {HEAD "hosts: [acme.example, \"{@}.example\"]\n", 0, true},
    };
    static const char *const all[] = {"client_id",  "scope",          "environment",  "token_endpoint",
                                      "callback.x", "code",           "access_token", "client_secret",
                                      "body",       "token_type_hint"};
    for (size_t i = 0; i < N(places); i++) {
        for (size_t k = 0; k < N(all); k++) {
            bool allowed = (find(all[k])->groups & places[i].names) != 0;
            const char *what = lint(places[i].place, all[k]);
            cr_expect_eq(*what == '\0', allowed, "%s: %s: %s", places[i].place, all[k], what);
            if (!allowed)
                cr_expect(strstr(what, "has no value here"), "%s: %s: %s", places[i].place, all[k], what);
        }
    }
}

Test(names, that_were_never_declared_are_told_with_where_to_declare_them)
{
    cr_expect_str_eq(lint(HEAD "token: {params: {p: \"{@}\"}}\n", "kept.realm"),
                     "{kept.realm} is not declared in this descriptor\n");
    cr_expect_str_eq(lint(HEAD "token: {params: {p: \"{@}\"}}\n", "scopes.user"),
                     "{scopes.user} is not declared in this descriptor\n");
    cr_expect_str_eq(lint(HEAD "token: {params: {p: \"{@}\"}}\n", "tenant"),
                     "{tenant} is not a variable of this descriptor\n");
    cr_expect_str_eq(lint(HEAD "token: {params: {p: \"{@}\"}}\n", "other.thing"),
                     "{other.thing} has no value here\n");
    cr_expect_str_eq(
        lint(HEAD "scopes: {groups: {user: {}}}\ntoken: {params: {p: \"{@}\"}}\n", "scopes.user"), "");
    cr_expect_str_eq(lint(HEAD "scopes: {groups: {user: {}}}\ntoken: {params: {p: \"{@}\"}}\n", "scopes.use"),
                     "{scopes.use} is not declared in this descriptor\n");
}

Test(names, what_is_kept_anywhere_can_be_used_anywhere)
{
    static const char *const keepers[] = {
        "callback: {keep: {realm: realmId}}\n",
        "token: {response: {keep: {realm: /r}}}\n",
        "client_credentials: {response: {keep: {realm: /r}}}\n",
        "refresh: {response: {keep: {realm: /r}}}\n",
        ("identity: {from: userinfo, id: /id}\n"
         "userinfo: {endpoint: \"https://acme.example/u\", response: {keep: {realm: /r}}}\n"),
        "steps: {s: {endpoint: \"https://acme.example\", response: {keep: {realm: /r}}}}\n",
        "plugin: acme\n",
    };
    for (size_t i = 0; i < N(keepers); i++) {
        char text[1024];
        snprintf(text, sizeof text, "%s%sverify: {endpoint: \"https://acme.example/{@}\"}\n", HEAD,
                 keepers[i]);
        cr_expect_str_eq(lint(text, "kept.realm"), "", "%s", keepers[i]);
        bool any = strncmp(keepers[i], "plugin", 6) == 0;
        cr_expect_eq(*lint(text, "kept.real") == '\0', any, "%s: %s", keepers[i], told);
    }
}

Test(names, secrets_are_shown_to_no_browser_unless_they_are_hashed)
{
    static const char place[] = HEAD "callback: {keep: {k: {from: f, secret: true}}}\n"
                                     "variables: {v: {doc: x, secret: true}}\n"
                                     "authorize: {params: {p: \"{@}\"}}\n";
    cr_expect(strstr(lint(place, "v"), "the secret {v} would stand in a URL"), "%s", told);
    cr_expect_str_eq(lint(place, "hex(sha256(v))"), "");
    cr_expect(strstr(lint(place, "concat(v, hex(sha256(v)))"), "the secret {v}"), "%s", told);
}
