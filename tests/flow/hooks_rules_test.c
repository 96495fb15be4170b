/* SPDX-License-Identifier: MIT */
/* Every rule that a hook can break: the flow ends with FOB_E_PLUGIN, plugin and hook are named, nothing leaks. */
#include "fake_plugin.h"

static struct fob_error error;
static fob_err err;

/* What the flow knows and nobody may read in an error or log line. Both verifier and state come from the fixed seed. */
static char verifier[64];

static void learn_verifier(void)
{
    fob_auto_flow *flow = run_login(NULL, 0, &err, &error);
    cr_assert_eq(err, FOB_OK, "%s", error.what);
    const char *at = strstr(sent_body, "code_verifier=");
    cr_assert_not_null(at);
    snprintf(verifier, sizeof verifier, "%.43s", at + strlen("code_verifier="));
    logged[0] = '\0';
}

static void expect_no_leak(const char *where, const char *text)
{
    const char *const secrets[] = {SECRET,        CODE,     AT,       RT,
                                   TENANT_SECRET, verifier, "s3cret", "from-the-redirect"};
    for (size_t i = 0; i < COUNT(secrets); i++)
        cr_expect_null(strstr(text, secrets[i]), "%s is in the %s: %s", secrets[i], where, text);
}

static void expect_breach(fob_flow *flow, enum fob_hook hook, const char *what)
{
    char whole[256];
    struct fob_action action = FOB_ACTION_INIT;
    snprintf(whole, sizeof whole, "the plugin \"odd\" %s in %s", what, hook_names[hook]);
    cr_expect_eq(err, FOB_E_PLUGIN, "%s", whole);
    cr_expect_eq(error.code, FOB_E_PLUGIN);
    cr_expect_str_eq(error.what, whole);
    cr_expect_str_eq(error.fix, "report it to the plugin's author");
    cr_expect_eq(fob_flow_next(flow, START, &action, NULL), FOB_E_PLUGIN, "the flow has ended for good");
    cr_expect_null(fob_flow_token(flow));
    expect_no_leak("error", error.what);
    expect_no_leak("log", logged);
}

struct breach {
    struct deed deed;
    const char *what;
};

static void expect_breaches(constructor *construct, const struct breach *breaches, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fob_auto_flow *flow = run_flow(construct, &breaches[i].deed, 1, &err, &error);
        expect_breach(flow, breaches[i].deed.hook, breaches[i].what);
    }
}

TestSuite(rules, .init = learn_verifier);
#define EXPECT_BREACHES(breaches) expect_breaches(fob_flow_authorization_code, breaches, COUNT(breaches))

/* --- endpoint ----------------------------------------------------------------------------------------------- */

#define BAD_URL "set an endpoint that is not https or not on one of the hosts"
#define GUARDS "tried to set a parameter that guards the flow"
#define IN_URL "put a secret into a URL"

Test(rules, an_endpoint_is_https_on_a_host_of_the_descriptor)
{
    static char long_url[FOB_MAX_URL + 64] = "https://acme.example/";
    memset(long_url + strlen(long_url), 'a', FOB_MAX_URL);
    static const char *const urls[] = {"http://acme.example/token",
                                       "https://evil.example/token",
                                       "https://acme.example.evil.example/",
                                       "https://evil.example#acme.example",
                                       "http://127.0.0.1/token",
                                       "https://user:pass@acme.example/token",
                                       "https://acme.example@evil.example/token",
                                       "https://acme.example\\@evil.example/token",
                                       "https://acme.example/token#fragment",
                                       "https://acme.example/a b",
                                       "https://acme.example/\r\nX-Odd: 1",
                                       "https://acme.example/\xc3\xa4",
                                       "ftp://acme.example/token",
                                       "javascript:alert(1)",
                                       "//acme.example/token",
                                       "/token",
                                       "nonsense",
                                       "",
                                       NULL,
                                       long_url};
    for (size_t i = 0; i < COUNT(urls); i++) {
        const struct deed deed = {FOB_HOOK_ENDPOINT, SET_ENDPOINT, urls[i], .result = FOB_HOOK_DONE};
        fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
        expect_breach(flow, FOB_HOOK_ENDPOINT, BAD_URL);
        cr_expect_null(opened, "nobody is sent there");
        fob_auto_flow *machine = run_flow(fob_flow_client_credentials, &deed, 1, &err, &error);
        expect_breach(machine, FOB_HOOK_ENDPOINT, BAD_URL);
        cr_expect_null(sent_body, "nothing is sent there");
    }
}

/* The authorization endpoint's own host is for people only. */
Test(rules, the_host_where_people_log_in_is_not_one_for_secrets)
{
    static const struct deed deed = {FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://login.example/x",
                                     .result = FOB_HOOK_DONE};
    descriptor = "fob: 1\nplugin: odd\nauthorization_endpoint: https://login.example/a\n"
                 "token_endpoint: https://acme.example/t\n";
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    expect_breach(flow, FOB_HOOK_ENDPOINT, BAD_URL);
    cr_expect(fob_starts_with(opened, "https://login.example/x?response_type="), "%s", opened);
    cr_expect_null(sent_body);
}

Test(rules, an_endpoints_query_holds_no_parameter_that_guards_the_flow)
{
    static const char *const queries[] = {"state=x",
                                          "nonce=x",
                                          "code_challenge=x",
                                          "code_challenge_method=plain",
                                          "redirect_uri=https://evil.example",
                                          "response_type=token",
                                          "code=x",
                                          "code_verifier=x",
                                          "a=b&STATE=x",
                                          "redirect%5furi=x",
                                          "state",
                                          "a=b&&st%61te=x&c=d"};
    for (size_t i = 0; i < COUNT(queries); i++) {
        char url[256];
        snprintf(url, sizeof url, "https://acme.example/x?%s", queries[i]);
        const struct deed deed = {FOB_HOOK_ENDPOINT, SET_ENDPOINT, url, .result = FOB_HOOK_DONE};
        fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
        expect_breach(flow, FOB_HOOK_ENDPOINT, GUARDS);
    }
}

Test(rules, an_endpoints_query_can_be_read)
{
    static const struct deed deed = {FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://acme.example/x?a=%00"};
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    expect_breach(flow, FOB_HOOK_ENDPOINT, "set an endpoint whose query cannot be read");
}

Test(rules, a_url_that_a_plugin_makes_holds_no_secret, .init = hold_a_token, .fini = let_go)
{
    static const struct breach anywhere[] = {
        {{FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://acme.example/$client_secret$"}, IN_URL},
        {{FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://acme.example/x?pin=$variables.pin$"}, IN_URL},
        {{FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://acme.example/?s=s3cret%2Dof%2dthe-client"}, IN_URL},
    };
    static const struct breach while_exchanging[] = {
        {{FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://acme.example/x?c=" CODE}, IN_URL}};
    static const struct breach with_a_token[] = {
        {{FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://acme.example/x?r=$refresh_token$"}, IN_URL},
        {{FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://acme.example/x?a=" AT}, IN_URL}};
    learn_verifier();
    expect_breaches(fob_flow_authorization_code, anywhere, COUNT(anywhere));
    expect_breaches(fob_flow_client_credentials, anywhere, COUNT(anywhere));
    expect_breaches(refresh_held, with_a_token, COUNT(with_a_token));
    expect_breaches(revoke_held, with_a_token, COUNT(with_a_token));
    expect_breaches(fob_flow_authorization_code, while_exchanging, COUNT(while_exchanging));
}

Test(rules, a_secret_with_odd_characters_is_seen_however_it_is_written)
{
    static const char *const forms[] = {"a%20b%2Fc%2fd%2Be", "a+b/c/d%2be", "a%20b%2fc%2fd%2be",
                                        "a+b%2Fc/d+e"};
    static const char yaml[] = "fob: 1\nplugin: odd\ntoken_endpoint: https://acme.example/t\n";
    fob_auto_provider *provider = NULL;
    fob_auto_client *client = client_with("a b/c/d+e");
    cr_assert_eq(fob_provider_read(yaml, strlen(yaml), "acme.yaml", NULL, &provider, &error), FOB_OK);
    provider->plugin = &plugin;
    struct fob_flow_params params = params_for(provider, client, NULL);
    for (size_t i = 0; i < COUNT(forms); i++) {
        char url[128];
        snprintf(url, sizeof url, "https://acme.example/x?s=%s", forms[i]);
        const struct deed deed = {FOB_HOOK_ENDPOINT, SET_ENDPOINT, url};
        deeds = &deed;
        n_deeds = 1;
        fob_auto_flow *flow = NULL;
        cr_assert_eq(fob_flow_client_credentials(&params, &flow, &error), FOB_OK);
        err = drive(flow, &error);
        expect_breach(flow, FOB_HOOK_ENDPOINT, IN_URL);
    }
}

/* --- parameters --------------------------------------------------------------------------------------------- */

static const char *const guarded[] = {
    "state",         "nonce", "code_challenge", "code_challenge_method", "code_verifier", "redirect_uri",
    "response_type", "code",  "State",          "REDIRECT_URI",          "Code_Verifier"};
static const enum fob_hook fill_params[] = {FOB_HOOK_AUTHORIZE_PARAMS, FOB_HOOK_CLIENT_AUTH,
                                            FOB_HOOK_REQUEST};

Test(rules, what_guards_the_flow_is_neither_set_nor_removed)
{
    static const char *const values[] = {"x", "", NULL};
    for (size_t h = 0; h < COUNT(fill_params); h++) {
        for (size_t i = 0; i < COUNT(guarded); i++) {
            for (size_t v = 0; v < COUNT(values); v++) {
                const struct deed deed = {fill_params[h], SET_PARAM, guarded[i], values[v],
                                          .result = FOB_HOOK_DONE};
                fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
                expect_breach(flow, fill_params[h], GUARDS);
            }
        }
    }
}

Test(rules, nor_under_the_name_that_the_provider_gives_it)
{
    static const struct breach breaches[] = {
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "cc", "x"}, GUARDS},
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "CC", NULL}, GUARDS},
        {{FOB_HOOK_CLIENT_AUTH, SET_PARAM, "auth_code", "x"}, GUARDS},
        {{FOB_HOOK_REQUEST, SET_PARAM, "auth_code", "x"}, GUARDS},
        {{FOB_HOOK_REQUEST, SET_PARAM, "auth_code", NULL}, GUARDS},
        {{FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://acme.example/x?back=y", .result = FOB_HOOK_DONE}, GUARDS},
    };
    descriptor = PLUGIN_DESCRIPTOR "rename: {redirect_uri: back}\n"
                                   "authorize: {rename: {code_challenge: cc}, pkce_reason: so}\n"
                                   "token: {rename: {code: auth_code}}\n";
    EXPECT_BREACHES(breaches);
    static const struct deed good[] = {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "auth_code", "a"},
                                       {FOB_HOOK_REQUEST, SET_PARAM, "cc", "b"}};
    fob_auto_flow *flow = run_login(good, 2, &err, &error);
    cr_expect_eq(err, FOB_OK, "what is called so elsewhere is free: %s", error.what);
    cr_expect(strstr(sent_body, "&auth_code=" CODE), "%s", sent_body);
}

#define BAD_PARAM "set a parameter that is too long or not UTF-8"

Test(rules, a_parameter_is_utf8_and_has_a_name)
{
    static const struct breach breaches[] = {
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, NULL, "x"}, BAD_PARAM},
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "", "x"}, BAD_PARAM},
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "a\xff", "x"}, BAD_PARAM},
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "a", "\xc3"}, BAD_PARAM},
        {{FOB_HOOK_CLIENT_AUTH, SET_PARAM, "a", "\xed\xa0\x80"}, BAD_PARAM},
        {{FOB_HOOK_REQUEST, SET_PARAM, "a", "\xc0\x80"}, BAD_PARAM},
    };
    EXPECT_BREACHES(breaches);
}

static char *too_long;

static int set_a_long_param(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_param(call, "a", too_long);
    return FOB_HOOK_DONE;
}

Test(rules, a_parameter_fits_into_its_request)
{
    too_long = calloc(1, FOB_MAX_REQUEST_BODY + 2);
    memset(too_long, 'a', FOB_MAX_REQUEST_BODY + 1);
    plugin.hooks.request = set_a_long_param;
    fob_auto_flow *body_flow = run_login(NULL, 0, &err, &error);
    expect_breach(body_flow, FOB_HOOK_REQUEST, BAD_PARAM);
    too_long[FOB_MAX_URL + 1] = '\0';
    plugin.hooks.request = on_request;
    plugin.hooks.authorize_params = set_a_long_param;
    fob_auto_flow *url_flow = run_login(NULL, 0, &err, &error);
    expect_breach(url_flow, FOB_HOOK_AUTHORIZE_PARAMS, BAD_PARAM);
    free(too_long);
}

Test(rules, hooks_add_sixty_four_parameters_to_a_request_and_no_more)
{
    struct deed deed = {FOB_HOOK_REQUEST, SET_PARAM, "p", "v", .number = FOB_MAX_HOOK_PARAMS};
    fob_auto_flow *enough = run_login(&deed, 1, &err, &error);
    cr_expect_eq(err, FOB_OK, "%s: the core's own do not count", error.what);
    cr_expect(strstr(sent_body, "&p63=v"));
    deed.number++;
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    expect_breach(flow, FOB_HOOK_REQUEST, "set too many parameters");
    deed.hook = FOB_HOOK_AUTHORIZE_PARAMS;
    fob_auto_flow *login = run_login(&deed, 1, &err, &error);
    expect_breach(login, FOB_HOOK_AUTHORIZE_PARAMS, "set too many parameters");
}

Test(rules, the_parameters_of_all_hooks_of_a_request_are_counted_together_and_replacing_is_free)
{
    static const struct deed fits[] = {{FOB_HOOK_CLIENT_AUTH, SET_PARAM, "c", "1", .number = 32},
                                       {FOB_HOOK_REQUEST, SET_PARAM, "r", "1", .number = 32},
                                       {FOB_HOOK_REQUEST, SET_PARAM, "r", "2", .number = 32},
                                       {FOB_HOOK_REQUEST, SET_PARAM, "scope", NULL}};
    static const struct deed one_more[] = {{FOB_HOOK_CLIENT_AUTH, SET_PARAM, "c", "1", .number = 32},
                                           {FOB_HOOK_REQUEST, SET_PARAM, "r", "1", .number = 33}};
    fob_auto_flow *flow = run_login(fits, COUNT(fits), &err, &error);
    cr_expect_eq(err, FOB_OK, "%s", error.what);
    fob_auto_flow *over = run_login(one_more, COUNT(one_more), &err, &error);
    expect_breach(over, FOB_HOOK_REQUEST, "set too many parameters");
}

Test(rules, the_authorization_request_holds_no_secret)
{
    static const struct breach breaches[] = {
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "a", "$client_secret$"}, IN_URL},
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "a", "x-$client_secret$-x"}, IN_URL},
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "$client_secret$", "a"}, IN_URL},
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "a", "$variables.pin$"}, IN_URL},
        {{FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "a", "tenant%2Dsecret%2D1"}, IN_URL},
    };
    EXPECT_BREACHES(breaches);
}

Test(rules, nor_does_the_query_of_any_other_request)
{
    static const struct breach breaches[] = {
        {{FOB_HOOK_CLIENT_AUTH, SET_PARAM, "client_secret", "$client_secret$"}, IN_URL},
        {{FOB_HOOK_REQUEST, SET_PARAM, "a", "$code$"}, IN_URL},
        {{FOB_HOOK_REQUEST, SET_PARAM, "a", "@code_verifier@"}, IN_URL},
        {{FOB_HOOK_REQUEST, SET_PARAM, "@code_verifier@", "a"}, IN_URL},
    };
    descriptor = PLUGIN_DESCRIPTOR "token: {method: GET, secret_in_url: why}\n";
    EXPECT_BREACHES(breaches);
}

Test(rules, a_body_may_hold_secrets)
{
    static const struct deed deed = {FOB_HOOK_CLIENT_AUTH, SET_PARAM, "client_secret", "$client_secret$",
                                     .result = FOB_HOOK_DONE};
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    cr_expect_eq(err, FOB_OK, "%s", error.what);
    cr_expect(strstr(sent_body, "&client_secret=" SECRET));
}

/* --- header fields ------------------------------------------------------------------------------------------ */

static const enum fob_hook fill_headers[] = {FOB_HOOK_CLIENT_AUTH, FOB_HOOK_REQUEST};

Test(rules, a_header_field_cannot_be_split_and_none_is_https_own)
{
    static const struct {
        const char *name, *value, *what;
    } fields[] = {
        {"X-Odd", "a\r\nX-Evil: 1", "set a header field that HTTP does not allow"},
        {"X-Odd", "a\n", "set a header field that HTTP does not allow"},
        {"X-Odd", "a\rb", "set a header field that HTTP does not allow"},
        {"X-Odd", "\x01", "set a header field that HTTP does not allow"},
        {"X-Odd", "\x7f", "set a header field that HTTP does not allow"},
        {"X-Odd", "\xff\xfe", "set a header field that HTTP does not allow"},
        {"X-Odd\r\nX-Evil", "1", "set a header field that HTTP does not allow"},
        {"X-Odd:", "1", "set a header field that HTTP does not allow"},
        {"X Odd", "1", "set a header field that HTTP does not allow"},
        {"X-\xc3\xa4", "1", "set a header field that HTTP does not allow"},
        {"", "1", "set a header field that HTTP does not allow"},
        {NULL, "1", "set a header field that HTTP does not allow"},
        {"Host", "evil.example", "tried to set a header field that is HTTP's own"},
        {"hOST", "evil.example", "tried to set a header field that is HTTP's own"},
        {"Host", NULL, "tried to set a header field that is HTTP's own"},
        {"Content-Length", "0", "tried to set a header field that is HTTP's own"},
        {"transfer-encoding", "chunked", "tried to set a header field that is HTTP's own"},
        {"Connection", "close", "tried to set a header field that is HTTP's own"},
    };
    for (size_t h = 0; h < COUNT(fill_headers); h++) {
        for (size_t i = 0; i < COUNT(fields); i++) {
            const struct deed deed = {fill_headers[h], SET_HEADER, fields[i].name, fields[i].value,
                                      .result = FOB_HOOK_DONE};
            fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
            expect_breach(flow, fill_headers[h], fields[i].what);
        }
    }
}

Test(rules, hooks_add_sixty_four_header_fields_and_no_more)
{
    struct deed deed = {FOB_HOOK_REQUEST, SET_HEADER, "X-P", "v", .number = FOB_MAX_HOOK_PARAMS};
    fob_auto_flow *enough = run_login(&deed, 1, &err, &error);
    cr_expect_eq(err, FOB_OK, "%s", error.what);
    cr_expect(strstr(sent_fields, "X-P63: v\n"));
    deed.number++;
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    expect_breach(flow, FOB_HOOK_REQUEST, "set too many header fields");
}

/* --- a body of its own -------------------------------------------------------------------------------------- */

Test(rules, a_body_has_a_media_type)
{
    static const char *const types[] = {NULL,
                                        "",
                                        "xml",
                                        "/xml",
                                        "text/",
                                        "text//xml",
                                        "text/xml\r\nX-Evil: 1",
                                        "te xt/xml",
                                        "text/x ml\x01",
                                        "text/xml, text/html",
                                        "text/\xff"};
    for (size_t i = 0; i < COUNT(types); i++) {
        const struct deed deed = {FOB_HOOK_REQUEST, SET_BODY, types[i], "<a/>", .result = FOB_HOOK_DONE};
        fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
        expect_breach(flow, FOB_HOOK_REQUEST, "set a body without a type");
    }
}

Test(rules, a_body_has_bytes_and_a_limit)
{
    struct deed deed = {FOB_HOOK_REQUEST, SET_BODY, "text/xml", "", .number = FOB_MAX_REQUEST_BODY};
    fob_auto_flow *enough = run_login(&deed, 1, &err, &error);
    cr_expect_eq(err, FOB_OK, "%s", error.what);
    cr_expect_eq(strlen(sent_body), FOB_MAX_REQUEST_BODY);
    deed.number++;
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    expect_breach(flow, FOB_HOOK_REQUEST, "set a body that is too long");
}

static int set_no_bytes(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    return host->set_body(call, "text/xml", NULL, 5) == FOB_OK ? FOB_HOOK_DONE : FOB_HOOK_NEXT;
}

Test(rules, five_bytes_of_nothing_are_no_body)
{
    plugin.hooks.request = set_no_bytes;
    fob_auto_flow *flow = run_login(NULL, 0, &err, &error);
    expect_breach(flow, FOB_HOOK_REQUEST, "set a body without a type");
}

Test(rules, a_request_without_a_body_gets_none)
{
    static const struct breach breaches[] = {
        {{FOB_HOOK_REQUEST, SET_BODY, "text/xml", "<a/>"}, "set a body for a request that has none"}};
    descriptor = PLUGIN_DESCRIPTOR "token: {method: GET, secret_in_url: why}\n";
    EXPECT_BREACHES(breaches);
}

/* --- answers ------------------------------------------------------------------------------------------------ */

#define NO_JSON "gave an answer that is not one JSON object"
#define ODD_TOKEN "gave a token with characters that none may have"

Test(rules, an_answer_is_one_json_object_as_strict_as_the_servers)
{
    static char deep[400];
    memset(deep, '[', 2 * FOB_MAX_JSON_DEPTH);
    static const struct breach breaches[] = {
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, NULL}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, ""}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "access_token=at"}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "[\"access_token\"]"}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "\"at\""}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"at\""}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"at\"} {}"}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"at\",\"access_token\":\"b\"}"}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"\xff\"}"}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"a\\u0000t\"}"}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, deep}, NO_JSON},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"a\\nt\"}"}, ODD_TOKEN},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"a\\r\\nX-Evil: 1\"}"}, ODD_TOKEN},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"at\",\"refresh_token\":\"\xc3\xa4\"}"},
         ODD_TOKEN},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"at\",\"id_token\":\"\\u007f\"}"}, ODD_TOKEN},
        {{FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"at\"}", .number = FOB_MAX_RESPONSE + 1},
         "gave an answer that is too long"},
    };
    EXPECT_BREACHES(breaches);
}

Test(rules, an_answer_of_the_greatest_length_is_taken)
{
    static const struct deed deed = {FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"at\"}",
                                     .number = FOB_MAX_RESPONSE};
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    cr_expect_eq(err, FOB_OK, "%s", error.what);
}

Test(rules, an_answer_without_a_token_is_none)
{
    static const struct deed deed = {FOB_HOOK_RESPONSE, SET_RESPONSE, "{}", .result = FOB_HOOK_DONE};
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    cr_expect_eq(err, FOB_E_PROTOCOL, "as if the server had sent it");
    cr_expect_null(fob_flow_token(flow));
}

/* --- facts about a token ------------------------------------------------------------------------------------ */

#define BAD_EXPIRY "set an expiry that makes no sense"
#define BAD_SCOPE "set a scope that is not one line of text"
#define BAD_IDENTITY "set an identity that is not one line of text, at most 255 bytes"
#define SHOWN "put a secret where it would be shown"
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN

Test(rules, what_is_said_of_a_token_makes_sense)
{
    static const struct breach breaches[] = {
        {{FOB_HOOK_TOKEN, SET_EXPIRES, .number = -1}, BAD_EXPIRY},
        {{FOB_HOOK_TOKEN, SET_EXPIRES, .number = INT64_MIN}, BAD_EXPIRY},
        {{FOB_HOOK_TOKEN, SET_EXPIRES, .number = INT64_MAX}, BAD_EXPIRY},
        {{FOB_HOOK_TOKEN, SET_EXPIRES, .number = START + 1001 + FOB_MAX_LIFETIME}, BAD_EXPIRY},
        {{FOB_HOOK_TOKEN, SET_SCOPE, NULL}, BAD_SCOPE},
        {{FOB_HOOK_TOKEN, SET_SCOPE, "a\nb"}, BAD_SCOPE},
        {{FOB_HOOK_TOKEN, SET_SCOPE, "\xff"}, BAD_SCOPE},
        {{FOB_HOOK_TOKEN, SET_SCOPE, "a $client_secret$"}, SHOWN},
        {{FOB_HOOK_TOKEN, SET_SCOPE, "$access_token$"}, SHOWN},
        {{FOB_HOOK_IDENTITY, SET_IDENTITY, NULL}, BAD_IDENTITY},
        {{FOB_HOOK_IDENTITY, SET_IDENTITY, FIFTY FIFTY FIFTY FIFTY FIFTY "123456"}, BAD_IDENTITY},
        {{FOB_HOOK_IDENTITY, SET_IDENTITY, "ada\n"}, BAD_IDENTITY},
        {{FOB_HOOK_IDENTITY, SET_IDENTITY, "\x1b[31mada"}, BAD_IDENTITY},
        {{FOB_HOOK_IDENTITY, SET_IDENTITY, "ada\xc2\x9b"}, BAD_IDENTITY},
        {{FOB_HOOK_IDENTITY, SET_IDENTITY, "ada\xc3"}, BAD_IDENTITY},
        {{FOB_HOOK_IDENTITY, SET_IDENTITY, "$access_token$"}, SHOWN},
        {{FOB_HOOK_IDENTITY, SET_IDENTITY, RT}, SHOWN}, /* as it stands in the body that the hook sees */
        {{FOB_HOOK_IDENTITY, SET_IDENTITY, "$code$"}, SHOWN},
    };
    EXPECT_BREACHES(breaches);
}

Test(rules, the_farthest_expiry_and_the_longest_identity_are_taken)
{
    static const struct deed most[] = {
        {FOB_HOOK_TOKEN, SET_EXPIRES, .number = START + 1000 + FOB_MAX_LIFETIME},
        {FOB_HOOK_IDENTITY, SET_IDENTITY, FIFTY FIFTY FIFTY FIFTY FIFTY "12345"}};
    fob_auto_flow *flow = run_login(most, COUNT(most), &err, &error);
    cr_expect_eq(err, FOB_OK, "%s", error.what);
    cr_expect_eq(strlen(fob_token_identity(fob_flow_token(flow))), 255);
}

/* --- what people read --------------------------------------------------------------------------------------- */

/* In every hook, with the secrets that it can know. */
static const struct {
    enum fob_hook hook;
    const char *text;
} told[] = {{FOB_HOOK_ENDPOINT, "it is $client_secret$"}, {FOB_HOOK_AUTHORIZE_PARAMS, "$variables.pin$"},
            {FOB_HOOK_CLIENT_AUTH, "code $code$"},        {FOB_HOOK_REQUEST, "verifier @code_verifier@"},
            {FOB_HOOK_RESPONSE, "$client_secret$"},       {FOB_HOOK_CLASSIFY_ERROR, "$code$ was used"},
            {FOB_HOOK_TOKEN, "$access_token$"},           {FOB_HOOK_IDENTITY, "new " RT}};

static void fail_the_answer(enum fob_hook hook)
{
    status = hook == FOB_HOOK_CLASSIFY_ERROR ? 400 : 200;
}

Test(rules, an_error_holds_no_secret)
{
    for (size_t i = 0; i < COUNT(told); i++) {
        fail_the_answer(told[i].hook);
        const struct deed deed = {told[i].hook, FAIL, told[i].text, .number = FOB_E_DENIED};
        fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
        expect_breach(flow, told[i].hook, "put a secret into an error");
    }
}

Test(rules, a_secret_that_an_error_would_cut_short_is_seen_whole)
{
    static const struct deed deed = {FOB_HOOK_REQUEST, FAIL, FIFTY FIFTY FIFTY FIFTY FIFTY "$client_secret$",
                                     .number = FOB_E_DENIED};
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    expect_breach(flow, FOB_HOOK_REQUEST, "put a secret into an error");
    cr_expect_null(strstr(error.what, "s3c"));
}

Test(rules, a_log_line_holds_no_secret)
{
    for (size_t i = 0; i < COUNT(told); i++) {
        fail_the_answer(told[i].hook);
        const struct deed deed = {told[i].hook, LOG, told[i].text};
        fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
        expect_breach(flow, told[i].hook, "put a secret into a log line");
    }
}

Test(rules, a_log_line_is_one_line)
{
    static const struct deed deed = {FOB_HOOK_REQUEST, LOG, "one\ntwo \x1b[31m"};
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    cr_expect_eq(err, FOB_OK);
    cr_expect(strstr(logged, "plugin odd: one?two ?[31m\n"), "%s", logged);
}

/* --- providers that repeat what they were sent ---------------------------------------------------------------- */

Test(rules, a_secret_in_the_providers_own_error_is_not_shown)
{
    static const struct {
        const char *body, *what;
    } answers[] = {
        {"{\"error\":\"invalid_grant\",\"error_description\":\"no such code: " CODE "\"}",
         "the provider refused: invalid_grant, and repeated a secret, which is not shown"},
        {"{\"error\":\"invalid_grant\",\"error_description\":\"" FIFTY FIFTY FIFTY FIFTY SECRET "\"}",
         "the provider refused: invalid_grant, and repeated a secret, which is not shown"},
        {"{\"error\":\"bad code " CODE "\"}",
         "the provider refused, and repeated a secret, which is not shown"},
        {"{\"error\":\"invalid_grant\",\"error_description\":\"too late\"}",
         "the provider refused: invalid_grant: too late"},
    };
    status = 400;
    for (size_t i = 0; i < COUNT(answers); i++) {
        body = answers[i].body;
        fob_auto_flow *flow = run_login(NULL, 0, &err, &error);
        cr_expect_str_eq(error.what, answers[i].what);
        expect_no_leak("error", error.what);
        expect_no_leak("OAuth error", error.oauth_error);
        cr_expect_null(fob_flow_token(flow));
    }
}
