/* SPDX-License-Identifier: MIT */
/* A request says what its own block says, then the block it starts as a copy of, then what the RFCs say. */
#include "cleanup.h"
#include "rule.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))
#define GRANT(name) (fob_rule_of_grant(&provider->d, name))

static fob_provider *provider;

static void describe(const char *lines)
{
    char text[2048];
    struct fob_error error = FOB_ERROR_INIT;
    int len = snprintf(text, sizeof text,
                       "fob: 1\nauthorization_endpoint: https://a.example/a\ntoken_endpoint: "
                       "https://a.example/t\n%s",
                       lines);
    fob_provider_unref(&provider);
    cr_assert_eq(fob_provider_parse(text, (size_t)len, "acme.yaml", &provider, &error), FOB_OK, "%s: %s",
                 lines, error.what);
}

static void end(void)
{
    fob_provider_unref(&provider);
}

TestSuite(rule, .fini = end);

static struct fob_rule api(const struct fob_request_rule *own)
{
    return (struct fob_rule){own, NULL, true};
}

/* --- which blocks ------------------------------------------------------------------------------------------- */

Test(rule, of_each_grant_is_its_block_over_token)
{
    describe("");
    const struct fob_descriptor *d = &provider->d;
    struct fob_rule code = GRANT("authorization_code"), machine = GRANT("client_credentials");
    struct fob_rule refresh = GRANT("refresh_token");
    cr_expect_eq(code.own, &d->token);
    cr_expect_null(code.base);
    cr_expect_eq(machine.own, &d->client_credentials);
    cr_expect_eq(machine.base, &d->token);
    cr_expect_eq(refresh.own, &d->refresh.request);
    cr_expect_eq(refresh.base, &d->token);
    cr_expect_not(code.is_api || machine.is_api || refresh.is_api);
}

/* --- what each of them says --------------------------------------------------------------------------------- */

/* Where only token says it, where the block says something else, and where nobody says anything. */
static const struct layering {
    const char *given, *from_token, *own, *otherwise;
} layers[] = {
    {"method: PUT", "PUT", "PATCH", "POST"},
    {"endpoint: \"https://a.example/own\"", "https://a.example/own", "https://a.example/patch", NULL},
    {"root: own", "own", "patch", "request"},
    {"secret_in_url: own", "own", "patch", NULL},
};

static const char *say(size_t n, const struct fob_rule *rule)
{
    switch (n) {
    case 0:
        return fob_rule_method(rule);
    case 1:
        return fob_rule_endpoint(rule);
    case 2:
        return fob_rule_root(rule);
    default:
        return fob_rule_secret_in_url(rule);
    }
}

static void expect_text(const char *got, const char *wanted, const char *which)
{
    cr_expect_eq(got == NULL, wanted == NULL, "%s", which);
    if (got && wanted)
        cr_expect_str_eq(got, wanted, "%s: %s", which, got);
}

static const char *const copies[] = {"client_credentials", "refresh"};
static const char *const grants[] = {"client_credentials", "refresh_token"};
static const char *const patches[] = {"method: PATCH", "endpoint: \"https://a.example/patch\"", "root: patch",
                                      "secret_in_url: patch"};

Test(rule, what_token_says_holds_for_its_copies_until_they_say_otherwise)
{
    char lines[256];
    for (size_t n = 0; n < N(layers); n++) {
        for (size_t i = 0; i < N(copies); i++) {
            snprintf(lines, sizeof lines, "token: {%s}\n", layers[n].given);
            describe(lines);
            struct fob_rule rule = GRANT(grants[i]), token = GRANT("authorization_code");
            expect_text(say(n, &rule), layers[n].from_token, lines);
            expect_text(say(n, &token), layers[n].from_token, lines);
            snprintf(lines, sizeof lines, "token: {%s}\n%s: {%s}\n", layers[n].given, copies[i], patches[n]);
            describe(lines);
            rule = GRANT(grants[i]), token = GRANT("authorization_code");
            expect_text(say(n, &rule), layers[n].own, lines);
            expect_text(say(n, &token), layers[n].from_token, lines);
            snprintf(lines, sizeof lines, "%s: {%s}\n", copies[i], patches[n]);
            describe(lines);
            rule = GRANT(grants[i]), token = GRANT("authorization_code");
            expect_text(say(n, &rule), layers[n].own, lines);
            expect_text(say(n, &token), layers[n].otherwise, lines);
        }
    }
    describe("");
    for (size_t n = 0; n < N(layers); n++)
        for (size_t i = 0; i < N(grants); i++) {
            struct fob_rule rule = GRANT(grants[i]);
            expect_text(say(n, &rule), layers[n].otherwise, layers[n].given);
        }
}

Test(rule, has_the_methods_of_http_and_get_for_an_api)
{
    static const char *const methods[] = {"POST", "GET", "PUT", "PATCH", "DELETE"};
    char lines[128];
    for (size_t i = 0; i < N(methods); i++) {
        snprintf(lines, sizeof lines, "userinfo: {method: %s}\n", methods[i]);
        describe(lines);
        struct fob_rule rule = api(&provider->d.userinfo);
        cr_expect_str_eq(fob_rule_method(&rule), methods[i]);
    }
    describe("");
    struct fob_rule rule = api(&provider->d.verify);
    cr_expect_str_eq(fob_rule_method(&rule), "GET");
}

Test(rule, encodes_a_body_where_the_method_has_one)
{
    static const struct {
        const char *lines, *grant;
        enum fob_encoding encoding;
    } cases[] = {
        {"", "authorization_code", FOB_ENCODE_FORM},
        {"", "refresh_token", FOB_ENCODE_FORM},
        {"token: {encoding: json}\n", "authorization_code", FOB_ENCODE_JSON},
        {"token: {encoding: json}\n", "refresh_token", FOB_ENCODE_JSON},
        {"token: {encoding: json}\nrefresh: {encoding: form}\n", "refresh_token", FOB_ENCODE_FORM},
        {"token: {encoding: xml}\nrefresh: {encoding: query, secret_in_url: x}\n", "refresh_token",
         FOB_ENCODE_QUERY},
        {"token: {encoding: json}\nrefresh: {method: GET, secret_in_url: x}\n", "refresh_token",
         FOB_ENCODE_QUERY},
        {"token: {method: GET, secret_in_url: x}\n", "refresh_token", FOB_ENCODE_QUERY},
        {"token: {method: GET, secret_in_url: x}\nrefresh: {method: POST}\n", "refresh_token",
         FOB_ENCODE_FORM},
        {"token: {method: DELETE, secret_in_url: x}\n", "authorization_code", FOB_ENCODE_QUERY},
        {"token: {method: DELETE, encoding: json}\n", "authorization_code", FOB_ENCODE_JSON},
        {"token: {method: PUT}\n", "authorization_code", FOB_ENCODE_FORM},
        {"token: {method: PATCH}\n", "authorization_code", FOB_ENCODE_FORM},
    };
    for (size_t i = 0; i < N(cases); i++) {
        describe(cases[i].lines);
        struct fob_rule rule = GRANT(cases[i].grant);
        cr_expect_eq(fob_rule_encoding(&rule), cases[i].encoding, "%s", cases[i].lines);
    }
    describe("verify: {encoding: json}\n");
    struct fob_rule rule = api(&provider->d.verify);
    cr_expect_eq(fob_rule_encoding(&rule), FOB_ENCODE_QUERY, "a GET has no body");
}

Test(rule, authenticates_as_told_or_as_the_provider_lists_or_with_the_token)
{
    describe("token: {auth: client_secret_post}\nrefresh: {auth: none}\n");
    struct fob_rule code = GRANT("authorization_code"), machine = GRANT("client_credentials");
    struct fob_rule refresh = GRANT("refresh_token"), verify = api(&provider->d.verify);
    cr_expect_eq(fob_rule_auth(&code), FOB_AUTH_POST);
    cr_expect_eq(fob_rule_auth(&machine), FOB_AUTH_POST);
    cr_expect_eq(fob_rule_auth(&refresh), FOB_AUTH_NONE);
    cr_expect_eq(fob_rule_auth(&verify), FOB_AUTH_TOKEN);
    describe("verify: {auth: client_secret_basic}\n");
    code = GRANT("authorization_code"), verify = api(&provider->d.verify);
    cr_expect_eq(fob_rule_auth(&code), FOB_AUTH_UNSET);
    cr_expect_eq(fob_rule_auth(&verify), FOB_AUTH_BASIC);
}

Test(rule, has_one_jwt_the_nearest_that_is_given)
{
    static const char *const given[] = {"alg: ES256",          "kid: k1",
                                        "lifetime: 1m",        "claims: {aud: x}",
                                        "claims: {jti: null}", "header: {x5t: y}"};
    char lines[256];
    describe("");
    struct fob_rule code = GRANT("authorization_code"), refresh = GRANT("refresh_token");
    cr_expect_null(fob_rule_jwt(&code));
    cr_expect_null(fob_rule_jwt(&refresh));
    for (size_t i = 0; i < N(given); i++) {
        snprintf(lines, sizeof lines, "token: {jwt: {%s}}\n", given[i]);
        describe(lines);
        code = GRANT("authorization_code"), refresh = GRANT("refresh_token");
        cr_expect_eq(fob_rule_jwt(&code), &provider->d.token.jwt, "%s", lines);
        cr_expect_eq(fob_rule_jwt(&refresh), &provider->d.token.jwt, "%s", lines);
        snprintf(lines, sizeof lines, "token: {jwt: {alg: RS256, kid: k0}}\nrefresh: {jwt: {%s}}\n",
                 given[i]);
        describe(lines);
        code = GRANT("authorization_code"), refresh = GRANT("refresh_token");
        cr_expect_eq(fob_rule_jwt(&code), &provider->d.token.jwt, "%s", lines);
        cr_expect_eq(fob_rule_jwt(&refresh), &provider->d.refresh.request.jwt, "%s", lines);
    }
}

Test(rule, places_and_renames_one_parameter_at_a_time)
{
    describe("rename: {client_id: app, state: s}\n"
             "token: {place: {a: query, b: query}, rename: {client_id: id, code: c}}\n"
             "refresh: {place: {b: body}, rename: {client_id: rid}}\n");
    struct fob_rule code = GRANT("authorization_code"), refresh = GRANT("refresh_token");
    const struct fob_map *all = &provider->d.rename;
    cr_expect_str_eq(fob_rule_place(&code, "a"), "query");
    cr_expect_str_eq(fob_rule_place(&code, "b"), "query");
    cr_expect_null(fob_rule_place(&code, "c"));
    cr_expect_str_eq(fob_rule_place(&refresh, "a"), "query");
    cr_expect_str_eq(fob_rule_place(&refresh, "b"), "body");
    cr_expect_str_eq(fob_rule_rename(&code, all, "client_id"), "id");
    cr_expect_str_eq(fob_rule_rename(&code, all, "code"), "c");
    cr_expect_str_eq(fob_rule_rename(&code, all, "state"), "s");
    cr_expect_str_eq(fob_rule_rename(&code, all, "scope"), "scope");
    cr_expect_str_eq(fob_rule_rename(&refresh, all, "client_id"), "rid");
    cr_expect_str_eq(fob_rule_rename(&refresh, all, "code"), "c");
    struct fob_rule verify = api(&provider->d.verify);
    cr_expect_str_eq(fob_rule_rename(&verify, all, "client_id"), "app");
}

Test(rule, reads_an_answer_in_the_format_that_is_given)
{
    describe("token: {response: {format: xml}}\nrefresh: {response: {format: form}}\n");
    struct fob_rule code = GRANT("authorization_code"), machine = GRANT("client_credentials");
    struct fob_rule refresh = GRANT("refresh_token"), verify = api(&provider->d.verify);
    cr_expect_eq(fob_rule_format(&code), FOB_ANSWER_XML);
    cr_expect_eq(fob_rule_format(&machine), FOB_ANSWER_XML);
    cr_expect_eq(fob_rule_format(&refresh), FOB_ANSWER_FORM);
    cr_expect_eq(fob_rule_format(&verify), FOB_ANSWER_UNSET);
}

Test(rule, a_map_gives_the_value_of_a_name_or_nothing)
{
    describe("rename: {client_id: app, state: s}\nauthorize: {params: {scope: null, x: \"\"}}\n");
    cr_expect_str_eq(fob_map_get(&provider->d.rename, "state"), "s");
    cr_expect_null(fob_map_get(&provider->d.rename, "stat"));
    cr_expect_null(fob_map_get(&provider->d.authorize.params, "scope"), "null is nothing");
    cr_expect_null(fob_map_get(&(struct fob_map){0}, "state"));
}

/* --- durations ---------------------------------------------------------------------------------------------- */

Test(rule, a_duration_is_its_number_of_units)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {{NULL, 0},
                 {"1s", 1000},
                 {"30s", 30000},
                 {"5m", 300000},
                 {"1h", 3600000},
                 {"60d", INT64_C(5184000000)},
                 {"1y", INT64_C(31536000000)},
                 {"0s", 0},
                 {"9y", INT64_C(283824000000)},
                 {"10y", FOB_MAX_LIFETIME},
                 {"11y", FOB_MAX_LIFETIME},
                 {"3650d", FOB_MAX_LIFETIME},
                 {"3651d", FOB_MAX_LIFETIME},
                 {"315360000s", FOB_MAX_LIFETIME},
                 {"999999999999999999999999y", FOB_MAX_LIFETIME}};
    for (size_t i = 0; i < N(cases); i++)
        cr_expect_eq(fob_duration(cases[i].text), cases[i].ms, "%s: %lld",
                     cases[i].text ? cases[i].text : "none", (long long)fob_duration(cases[i].text));
}
