/* SPDX-License-Identifier: MIT */
/* Whose token it is, and what calls and refreshes for that account need beside it. */
#include "fake_flow.h"

#define USERINFO                                                                                             \
    "userinfo: {endpoint: \"https://acme.example/me\"}\nidentity: {from: userinfo, id: /id, label: /name}\n"
#define GRANT "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}"

/* A login that has come to the request after the token's. */
static fob_flow *logged_in(const char *yaml, const char *callback)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_flow *flow = make(fob_flow_authorization_code, yaml, SECRET, NULL);
    cr_assert_eq(redirect(flow, callback, &error), FOB_OK, "%s", error.what);
    next(flow, START);
    cr_assert_eq(answer(flow, 200, GRANT, &error), FOB_OK, "%s", error.what);
    return flow;
}

static void expect_identity(fob_flow *flow, const char *identity, const char *label)
{
    cr_assert_eq(next(flow, START).want, FOB_WANT_NOTHING);
    cr_expect_str_eq(fob_token_identity(fob_flow_token(flow)), identity);
    cr_expect_str_eq(fob_token_label(fob_flow_token(flow)), label);
}

/* --- userinfo ----------------------------------------------------------------------------------------------- */

Test(account, userinfo_tells_whose_token_it_is)
{
    fob_auto_flow *flow = logged_in(DESCRIPTOR USERINFO, "&code=" CODE);
    struct fob_action action = next(flow, START);
    cr_expect_str_eq(action.request->url, "https://acme.example/me");
    cr_expect_str_eq(field(action.request, "Authorization"), "Bearer at-1");
    cr_assert_eq(answer(flow, 200, "{\"id\":7,\"name\":\"Ada\"}", NULL), FOB_OK);
    expect_identity(flow, "7", "Ada");
}

Test(account, a_userinfo_that_fails_loses_no_login)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {
        {500, "busy"}, {401, "{\"error\":\"invalid_token\"}"}, {200, "<html>"}, {200, "{\"id\":null}"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fob_auto_flow *flow = logged_in(DESCRIPTOR USERINFO, "&code=" CODE);
        next(flow, START);
        logged[0] = '\0';
        cr_expect_eq(answer(flow, rows[i].status, rows[i].body, NULL), FOB_OK, "%s", rows[i].body);
        expect_identity(flow, "", "");
        cr_expect(fob_token_is_whole(fob_flow_token(flow)));
        cr_expect(rows[i].body[0] == '{' || strstr(logged, "whose token it is stays unknown"), "%s", logged);
    }
}

Test(account, a_userinfo_that_cannot_be_reached_loses_no_login)
{
    struct fob_error failure = {.code = FOB_E_NETWORK, .what = "the host is away"};
    fob_auto_flow *flow = logged_in(DESCRIPTOR USERINFO, "&code=" CODE);
    next(flow, START);
    cr_assert_eq(fob_flow_feed_failure(flow, START, &failure, NULL), FOB_OK);
    expect_identity(flow, "", "");
    cr_expect(strstr(logged, "the host is away"));
}

Test(account, a_token_endpoint_that_cannot_be_reached_ends_it)
{
    struct fob_error failure = {.code = FOB_E_NETWORK, .what = "the host is away"}, error = FOB_ERROR_INIT;
    fob_auto_flow *flow = make(fob_flow_authorization_code, DESCRIPTOR USERINFO, SECRET, NULL);
    cr_assert_eq(redirect(flow, "&code=" CODE, NULL), FOB_OK);
    next(flow, START);
    cr_expect_eq(fob_flow_feed_failure(flow, START, &failure, &error), FOB_E_NETWORK);
    cr_expect_str_eq(error.what, "the host is away");
}

/* --- what the callback told --------------------------------------------------------------------------------- */

#define COMPANY                                                                                              \
    "callback: {keep: {company: {from: realmId}}}\nidentity: {from: kept, id: /company}\n"                   \
    "use: {headers: {X-Company: \"{kept.company}\", X-Key: \"{client_id}\"}}\n"

Test(account, what_the_callback_told_is_whose_token_it_is)
{
    fob_auto_flow *flow = logged_in(DESCRIPTOR COMPANY, "&realmId=4711&code=" CODE);
    expect_identity(flow, "4711", "");
    cr_expect_str_eq(fob_token_kept(fob_flow_token(flow), "company"), "4711");
}

#define TWO_VALUES                                                                                           \
    "callback: {keep: {company: realmId, user: user}}\n"                                                     \
    "identity: {from: kept, id: \"{kept.company}/{kept.user}\", label: \"{upper(kept.user)} of "             \
    "{client_id}\"}\n"

Test(account, several_values_together_say_whose_token_it_is)
{
    fob_auto_flow *flow = logged_in(DESCRIPTOR TWO_VALUES, "&realmId=4711&user=mia&code=" CODE);
    expect_identity(flow, "4711/mia", "MIA of my client");
}

Test(account, no_two_of_several_values_are_taken_for_others)
{
    fob_auto_flow *flow = logged_in(DESCRIPTOR TWO_VALUES, "&realmId=47%2F11&user=mia&code=" CODE);
    expect_identity(flow, "47%2F11/mia", "MIA of my client");
    fob_auto_flow *other = logged_in(DESCRIPTOR TWO_VALUES, "&realmId=47&user=11%2Fmia&code=" CODE);
    expect_identity(other, "47/11%2Fmia", "11/MIA of my client");
}

Test(account, some_of_them_alone_say_nothing)
{
    fob_auto_flow *flow = logged_in(DESCRIPTOR TWO_VALUES, "&user=mia&code=" CODE);
    expect_identity(flow, "", "MIA of my client");
    fob_auto_flow *other = logged_in(DESCRIPTOR TWO_VALUES, "&realmId=4711&code=" CODE);
    expect_identity(other, "", "");
}

Test(account, api_calls_know_the_fields_they_need)
{
    fob_auto_flow *flow = logged_in(DESCRIPTOR COMPANY, "&realmId=4711&code=" CODE);
    fob_auto_flow *plain = logged_in(DESCRIPTOR, "&code=" CODE);
    const fob_token *token = fob_flow_token(flow);
    const struct fob_pair *company = fob_token_api_field(token, 0), *key = fob_token_api_field(token, 1);
    cr_assert(company && key);
    cr_expect_str_eq(company->name, "X-Company");
    cr_expect_str_eq(company->value, "4711");
    cr_expect_str_eq(key->value, "my client");
    cr_expect_null(fob_token_api_field(token, 2));
    cr_expect_null(fob_token_api_field(fob_flow_token(plain), 0));
}

Test(account, what_fob_asks_as_the_holder_has_those_fields_too)
{
    fob_auto_flow *flow =
        logged_in(DESCRIPTOR USERINFO "use: {headers: {X-Key: \"{client_id}\"}}\n", "&code=" CODE);
    cr_expect_str_eq(field(next(flow, START).request, "X-Key"), "my client");
}

/* --- refreshing --------------------------------------------------------------------------------------------- */

Test(account, a_refresh_can_tell_where_the_login_came_back, .init = hold_a_token, .fini = let_go)
{
    fob_auto_flow *flow = make(
        refresh_held, DESCRIPTOR "refresh: {params: {redirect_uri: \"{redirect_uri}\"}}\n", SECRET, NULL);
    fob_auto_flow *plain = make(refresh_held, DESCRIPTOR, SECRET, NULL);
    const char *body = next(flow, START).request->body;
    cr_expect(strstr(body, "redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback"), "%s", body);
    cr_expect_null(strstr(next(plain, START).request->body, "redirect_uri"));
}

/* --- PKCE, by the client ------------------------------------------------------------------------------------ */

Test(account, pkce_for_public_clients_is_left_out_beside_a_secret)
{
    static const char yaml[] =
        DESCRIPTOR "authorize: {pkce: public, pkce_reason: \"it is refused beside a secret\"}\n";
    fob_auto_flow *public = make(fob_flow_authorization_code, yaml, NULL, NULL);
    fob_auto_flow *confidential = make(fob_flow_authorization_code, yaml, SECRET, NULL);
    cr_expect(strstr(next(public, START).url, "code_challenge_method=S256"));
    cr_expect_null(strstr(next(confidential, START).url, "code_challenge"));
    cr_assert_eq(redirect(public, "&code=" CODE, NULL), FOB_OK);
    cr_assert_eq(redirect(confidential, "&code=" CODE, NULL), FOB_OK);
    cr_expect(strstr(next(public, START).request->body, "code_verifier="));
    cr_expect_null(strstr(next(confidential, START).request->body, "code_verifier="));
}

/* --- steps for people only ---------------------------------------------------------------------------------- */

Test(account, a_step_for_people_is_not_taken_where_a_machine_logs_in)
{
    static const char yaml[] =
        DESCRIPTOR "steps: {me: {endpoint: \"https://acme.example/me\", when: person}}\n";
    fob_auto_flow *person = logged_in(yaml, "&code=" CODE);
    fob_auto_flow *machine = make(fob_flow_client_credentials, yaml, SECRET, NULL);
    cr_expect_str_eq(next(person, START).request->url, "https://acme.example/me");
    next(machine, START);
    cr_assert_eq(answer(machine, 200, GRANT, NULL), FOB_OK);
    cr_expect_eq(next(machine, START).want, FOB_WANT_NOTHING);
}
