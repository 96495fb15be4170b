/* SPDX-License-Identifier: MIT */
/* What a login asks for when nobody says, and what its answer has to hold. */
#include "fake_flow.h"

#define PLAIN                                                                                                \
    "fob: 1\nauthorization_endpoint: https://acme.example/authorize\ntoken_endpoint: "                       \
    "https://acme.example/token\n"
#define GRANT "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}"

static void expect_query(fob_flow *flow, const char *name, const char *wanted)
{
    fob_auto_free char *value = query(next(flow, START).url, name);
    cr_expect_str_eq(value ? value : "", wanted);
}

/* --- scopes ------------------------------------------------------------------------------------------------- */

Test(login, every_default_scope_is_asked_for)
{
    static const char yaml[] =
        PLAIN "scopes: {default: [a, b, c], always: [z], groups: {user: {default: [d, e]}}}\n"
              "authorize: {params: {user_scope: \"{scopes.user}\"}}\n";
    static const char *const asked[] = {"mail"};
    fob_auto_flow *flow = make(fob_flow_authorization_code, yaml, NULL, NULL);
    fob_auto_flow *own = make(fob_flow_authorization_code, yaml, NULL, asked);
    expect_query(flow, "scope", "a+b+c+z");
    expect_query(flow, "user_scope", "d+e");
    expect_query(own, "scope", "mail+z");
}

Test(login, a_machine_does_not_ask_for_what_is_about_a_person_unless_told_to)
{
    static const char yaml[] =
        PLAIN "scopes: {default: [openid, profile, api], always: [offline_access, z]}\n";
    static const char *const asked[] = {"openid"};
    fob_auto_flow *flow = make(fob_flow_client_credentials, yaml, SECRET, NULL);
    fob_auto_flow *own = make(fob_flow_client_credentials, yaml, SECRET, asked);
    const char *body = next(flow, START).request->body, *told = next(own, START).request->body;
    cr_expect(strstr(body, "scope=api+z") && !strstr(body, "openid"), "%s", body);
    cr_expect(strstr(told, "scope=openid+z"), "%s", told);
}

/* --- ID tokens ---------------------------------------------------------------------------------------------- */

static fob_err logged_in(const char *yaml, struct fob_error *error)
{
    static const char *const openid[] = {"openid"};
    fob_auto_flow *flow = make(fob_flow_authorization_code, yaml, SECRET, openid);
    cr_assert_eq(redirect(flow, "&code=" CODE, error), FOB_OK, "%s", error->what);
    next(flow, START);
    return answer(flow, 200, GRANT, error);
}

Test(login, an_id_token_is_missed_only_of_a_provider_that_is_known_to_give_them)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(logged_in(PLAIN, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(logged_in(PLAIN "issuer: https://acme.example\n", &error), FOB_E_PROTOCOL);
    cr_expect_eq(logged_in(PLAIN "jwks_uri: https://acme.example/keys\n", &error), FOB_E_PROTOCOL);
}

/* --- who it is ---------------------------------------------------------------------------------------------- */

#define USERINFO                                                                                             \
    "userinfo_endpoint: https://acme.example/me\nidentity: {from: userinfo, id: /id, label: /name}\n"

Test(login, userinfo_is_asked_of_a_person_and_not_of_a_machine)
{
    fob_auto_flow *person = make(fob_flow_authorization_code, PLAIN USERINFO, SECRET, NULL);
    fob_auto_flow *machine = make(fob_flow_client_credentials, PLAIN USERINFO, SECRET, NULL);
    cr_assert_eq(redirect(person, "&code=" CODE, NULL), FOB_OK);
    next(person, START);
    cr_assert_eq(answer(person, 200, GRANT, NULL), FOB_OK);
    cr_expect_str_eq(next(person, START).request->url, "https://acme.example/me");
    next(machine, START);
    cr_assert_eq(answer(machine, 200, GRANT, NULL), FOB_OK);
    cr_expect_eq(next(machine, START).want, FOB_WANT_NOTHING);
}

/* --- clients ------------------------------------------------------------------------------------------------ */

Test(login, a_secret_that_the_provider_does_not_want_is_not_sent)
{
    fob_auto_flow *flow =
        make(fob_flow_client_credentials,
             PLAIN "token_endpoint_auth_methods_supported: [tls_client_auth, none]\n", SECRET, NULL);
    const struct fob_http_request *request = next(flow, START).request;
    const char *body = request->body;
    cr_expect(strstr(body, "client_id=my+client") || strstr(body, "client_id=my%20client"), "%s", body);
    cr_expect_null(strstr(body, SECRET));
    cr_expect_str_eq(field(request, "Authorization"), "");
}

Test(login, a_provider_that_lists_nothing_usable_is_told_of)
{
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_action action = FOB_ACTION_INIT;
    fob_auto_flow *flow =
        make(fob_flow_client_credentials, PLAIN "token_endpoint_auth_methods_supported: [private_key_jwt]\n",
             SECRET, NULL);
    cr_expect_eq(fob_flow_next(flow, START, &action, &error), FOB_E_CONFIG);
}
