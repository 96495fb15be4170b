/* SPDX-License-Identifier: MIT */
/* The flows in fake time: what they send and what they take. */
#include "fake_flow.h"

static const char *const mail[] = {"mail"};
static const char *const openid[] = {"openid"};

/* --- authorization code ------------------------------------------------------------------------------------- */

Test(code, the_authorization_request_has_state_pkce_and_our_redirect_uri)
{
    fob_auto_flow *flow = make(fob_flow_authorization_code, DESCRIPTOR, SECRET, mail);
    struct fob_action action = next(flow, START);
    fob_auto_free char *state = query(action.url, "state"), *challenge = query(action.url, "code_challenge");
    cr_assert_eq(action.want, FOB_WANT_REDIRECT);
    cr_expect(
        fob_starts_with(action.url, "https://acme.example/authorize?response_type=code&client_id=my+client"));
    cr_expect_eq(strlen(state), 43);
    cr_expect_eq(strlen(challenge), 43);
    cr_expect_str_neq(state, challenge);
    cr_expect(strstr(action.url, "code_challenge_method=S256"));
    cr_expect(strstr(action.url, "redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback"));
    cr_expect(strstr(action.url, "scope=mail"));
    cr_expect_null(strstr(action.url, "nonce="), "no OpenID Connect was asked for");
    cr_expect_str_eq(action.redirect_uri, CALLBACK);
    cr_expect_eq(action.until, START + FOB_LOGIN_TIMEOUT_MS);
    cr_expect_eq(next(flow, START + 5).url, action.url, "asking again changes nothing");
}

Test(code, the_code_becomes_a_token)
{
    fob_auto_flow *flow = make(fob_flow_authorization_code, DESCRIPTOR, SECRET, mail);
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(redirect(flow, "&iss=https%3A%2F%2Facme.example&code=" CODE, &error), FOB_OK, "%s",
                 error.what);
    struct fob_action action = next(flow, START + 600);
    cr_assert_eq(action.want, FOB_WANT_HTTP);
    const char *body = action.request->body;
    cr_expect_str_eq(action.request->method, "POST");
    cr_expect_str_eq(action.request->url, "https://acme.example/token");
    cr_expect(strstr(body, "grant_type=authorization_code&code=" CODE "&redirect_uri="), "%s", body);
    cr_expect(strstr(body, "&code_verifier="));
    cr_expect_null(strstr(body, "client_secret"));
    cr_expect_str_eq(field(action.request, "Authorization"),
                     "Basic bXkrY2xpZW50OnMzY3JldC1vZi10aGUtY2xpZW50");
    cr_expect_null(fob_flow_token(flow));
    cr_assert_eq(
        answer(flow, 200, "{\"access_token\":\"at-1\",\"expires_in\":60,\"refresh_token\":\"rt-1\"}", &error),
        FOB_OK, "%s", error.what);
    cr_expect_eq(next(flow, START).want, FOB_WANT_NOTHING);
    fob_token *token = fob_flow_token(flow);
    cr_assert_not_null(token);
    cr_expect_str_eq(fob_secret_peek(fob_token_access(token), NULL), "at-1");
    cr_expect_eq(fob_token_expires_at(token), START + 61000);
    cr_expect_str_eq(fob_token_scope(token), "mail");
}

Test(code, a_public_client_sends_its_id_and_no_credential)
{
    fob_auto_flow *flow = make(fob_flow_authorization_code, DESCRIPTOR, NULL, mail);
    cr_assert_eq(redirect(flow, "&code=" CODE, NULL), FOB_OK);
    struct fob_action action = next(flow, START);
    cr_expect(strstr(action.request->body, "&client_id=my+client"));
    cr_expect_str_eq(field(action.request, "Authorization"), "");
}

Test(code, a_redirect_that_is_not_ours_changes_nothing)
{
    static const char *const foreign[] = {
        "/callback?code=x",    "/callback?state=AAAA&code=x",
        "/callback",           "junk",
        "/callback?state=%zz", "/callback?state=a&state=b&error=access_denied"};
    fob_auto_flow *flow = make(fob_flow_authorization_code, DESCRIPTOR, SECRET, mail);
    next(flow, START);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        struct fob_error error = FOB_ERROR_INIT;
        cr_expect_eq(fob_flow_feed_redirect(flow, START, foreign[i], strlen(foreign[i]), &error),
                     FOB_E_SECURITY, "%s: %s", foreign[i], error.what);
        cr_expect_eq(next(flow, START).want, FOB_WANT_REDIRECT);
    }
    cr_expect_eq(redirect(flow, "&code=" CODE, NULL), FOB_OK, "the real one still works");
}

Test(code, a_redirect_that_is_ours_but_wrong_ends_the_login)
{
    static const struct {
        const char *more;
        fob_err code;
    } wrong[] = {
        {"&error=access_denied&error_description=No%20thanks", FOB_E_DENIED},
        {"&error=server_error", FOB_E_SERVER},
        {"&error=nonsense", FOB_E_PROVIDER},
        {"&code=a&code=b", FOB_E_PROTOCOL},
        {"&code=a&error=access_denied", FOB_E_PROTOCOL},
        {"", FOB_E_PROTOCOL},
        {"&code=", FOB_E_PROTOCOL},
        {"&iss=https%3A%2F%2Fevil.example&code=a", FOB_E_SECURITY},
        {"&iss=https%3A%2F%2Facme.example&iss=x&code=a", FOB_E_SECURITY},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fob_auto_flow *flow = make(fob_flow_authorization_code, DESCRIPTOR, SECRET, mail);
        struct fob_error error = FOB_ERROR_INIT;
        struct fob_action action = FOB_ACTION_INIT;
        cr_expect_eq(redirect(flow, wrong[i].more, &error), wrong[i].code, "%s: %s", wrong[i].more,
                     error.what);
        cr_expect_eq(fob_flow_next(flow, START, &action, &error), wrong[i].code);
        cr_expect_null(fob_flow_token(flow));
    }
}

Test(code, a_provider_that_always_names_itself_is_held_to_it)
{
    fob_auto_flow *flow =
        make(fob_flow_authorization_code, DESCRIPTOR "authorization_response_iss_parameter_supported: true\n",
             SECRET, mail);
    cr_expect_eq(redirect(flow, "&code=" CODE, NULL), FOB_E_SECURITY);
}

Test(code, a_person_who_takes_too_long_has_to_begin_again)
{
    fob_auto_flow *flow = make(fob_flow_authorization_code, DESCRIPTOR, SECRET, mail);
    struct fob_action action = next(flow, START);
    int64_t until = action.until;
    cr_expect_eq(fob_flow_next(flow, until - 1, &action, NULL), FOB_OK);
    cr_expect_eq(fob_flow_next(flow, until, &action, NULL), FOB_E_EXPIRED);
    cr_expect_eq(fob_flow_next(flow, START, &action, NULL), FOB_E_EXPIRED,
                 "a clock that goes back does not help");
}

Test(code, pkce_can_be_left_out_only_by_the_descriptor)
{
    fob_auto_flow *flow = make(fob_flow_authorization_code,
                               DESCRIPTOR "authorize: {pkce: none, pkce_reason: it fails}\n", SECRET, mail);
    cr_expect_null(strstr(next(flow, START).url, "code_challenge"));
    cr_assert_eq(redirect(flow, "&code=" CODE, NULL), FOB_OK);
    cr_expect_null(strstr(next(flow, START).request->body, "code_verifier"));
}

Test(code, the_descriptor_adds_parameters_and_fields)
{
    fob_auto_flow *flow = make(fob_flow_authorization_code,
                               DESCRIPTOR "authorize: {params: {access_type: offline}}\n"
                                          "scopes: {separator: \",\", always: [offline]}\n"
                                          "token: {auth: client_secret_post, encoding: json, "
                                          "headers: {X-Version: \"{client_id}\"}}\n",
                               SECRET, mail);
    cr_expect(strstr(next(flow, START).url, "access_type=offline"));
    cr_expect(strstr(next(flow, START).url, "scope=mail%2Coffline"));
    cr_assert_eq(redirect(flow, "&code=" CODE, NULL), FOB_OK);
    struct fob_action action = next(flow, START);
    cr_expect_str_eq(field(action.request, "X-Version"), "my client");
    cr_expect_str_eq(field(action.request, "Content-Type"), "application/json");
    cr_expect(strstr(action.request->body, "\"client_secret\":\"" SECRET "\""));
}

/* --- OpenID Connect ----------------------------------------------------------------------------------------- */

static fob_err log_in_with_claims(const char *iss, const char *aud, const char *before_nonce, const char *exp)
{
    char claims[1024], body[4096];
    fob_auto_buf payload = FOB_BUF(2048);
    fob_auto_flow *flow = make(fob_flow_authorization_code, DESCRIPTOR, SECRET, openid);
    fob_auto_free char *nonce = query(next(flow, START).url, "nonce");
    snprintf(claims, sizeof claims,
             "{\"iss\":\"%s\",\"aud\":%s,\"nonce\":\"%s%s\",\"exp\":%s,\"sub\":\"ada\"}", iss, aud,
             before_nonce, nonce, exp);
    fob_base64url(&payload, claims, strlen(claims));
    snprintf(body, sizeof body, "{\"access_token\":\"at\",\"id_token\":\"e30.%s.sig\"}", payload.data);
    cr_assert_eq(redirect(flow, "&code=" CODE, NULL), FOB_OK);
    fob_err err = answer(flow, 200, body, NULL);
    if (err == FOB_OK)
        cr_expect_str_eq(fob_token_identity(fob_flow_token(flow)), "ada");
    return err;
}

Test(openid, an_id_token_has_to_fit_this_login)
{
    const char *us = "https://acme.example", *me = "\"my client\"", *later = "1700000600";
    cr_expect_eq(log_in_with_claims(us, me, "", later), FOB_OK);
    cr_expect_eq(log_in_with_claims(us, "[\"a\",\"my client\"]", "", later), FOB_OK);
    cr_expect_eq(log_in_with_claims("https://evil.example", me, "", later), FOB_E_SECURITY);
    cr_expect_eq(log_in_with_claims(us, "\"other\"", "", later), FOB_E_SECURITY);
    cr_expect_eq(log_in_with_claims(us, me, "x", later), FOB_E_SECURITY);
    cr_expect_eq(log_in_with_claims(us, me, "", "1600000000"), FOB_E_SECURITY);
    cr_expect_eq(log_in_with_claims(us, me, "", "nonsense"), FOB_E_PROTOCOL);
}

/* --- client credentials, refresh, revoke -------------------------------------------------------------------- */

Test(client_credentials, one_request_gives_a_token)
{
    fob_auto_flow *flow = make(fob_flow_client_credentials, DESCRIPTOR, SECRET, mail);
    struct fob_action action = next(flow, START);
    cr_assert_eq(action.want, FOB_WANT_HTTP);
    cr_expect_str_eq(action.request->body, "grant_type=client_credentials&scope=mail");
    cr_expect_eq(answer(flow, 200, "{\"access_token\":\"at\"}", NULL), FOB_OK);
    cr_expect_eq(fob_token_expires_at(fob_flow_token(flow)), 0, "the provider did not say");
}

Test(client_credentials, a_wrong_secret_is_the_clients_fault)
{
    fob_auto_flow *flow = make(fob_flow_client_credentials, DESCRIPTOR, SECRET, mail);
    struct fob_error error = FOB_ERROR_INIT;
    next(flow, START);
    cr_expect_eq(answer(flow, 401, "{\"error\":\"invalid_client\"}", &error), FOB_E_CLIENT);
    cr_expect_str_eq(error.oauth_error, "invalid_client");
    cr_expect_eq(error.http_status, 401);
}

Test(refresh, what_the_answer_leaves_out_is_kept, .init = hold_a_token, .fini = let_go)
{
    fob_auto_flow *flow = make(refresh_held, DESCRIPTOR, SECRET, NULL);
    cr_expect_str_eq(next(flow, START).request->body, "grant_type=refresh_token&refresh_token=" RT);
    cr_assert_eq(answer(flow, 200, "{\"access_token\":\"at-2\"}", NULL), FOB_OK);
    fob_token *token = fob_flow_token(flow);
    cr_expect_str_eq(fob_secret_peek(fob_token_access(token), NULL), "at-2");
    cr_expect_str_eq(fob_secret_peek(fob_token_refresh(token), NULL), RT);
    cr_expect_str_eq(fob_token_scope(token), "mail");
    cr_expect_eq(fob_token_expires_at(token), 0, "the old end is not the new one's");
}

Test(refresh, a_new_refresh_token_replaces_the_old_one, .init = hold_a_token, .fini = let_go)
{
    fob_auto_flow *flow = make(refresh_held, DESCRIPTOR, SECRET, NULL);
    next(flow, START);
    cr_assert_eq(answer(flow, 200, "{\"access_token\":\"at-2\",\"refresh_token\":\"rt-2\"}", NULL), FOB_OK);
    cr_expect_str_eq(fob_secret_peek(fob_token_refresh(fob_flow_token(flow)), NULL), "rt-2");
}

Test(refresh, a_dead_grant_needs_a_login_and_a_broken_server_does_not, .init = hold_a_token, .fini = let_go)
{
    fob_auto_flow *dead = make(refresh_held, DESCRIPTOR, SECRET, NULL);
    fob_auto_flow *later = make(refresh_held, DESCRIPTOR, SECRET, NULL);
    next(dead, START);
    next(later, START);
    cr_expect_eq(answer(dead, 400, "{\"error\":\"invalid_grant\"}", NULL), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(answer(later, 503, "busy", NULL), FOB_E_SERVER);
    cr_expect(fob_err_is_transient(FOB_E_SERVER));
}

Test(revoke, both_tokens_are_revoked_refresh_token_first, .init = hold_a_token, .fini = let_go)
{
    fob_auto_flow *flow = make(revoke_held, DESCRIPTOR, SECRET, NULL);
    cr_expect_str_eq(next(flow, START).request->url, "https://acme.example/revoke");
    cr_expect_str_eq(next(flow, START).request->body, "token=" RT "&token_type_hint=refresh_token");
    cr_assert_eq(answer(flow, 200, "", NULL), FOB_OK);
    cr_expect_str_eq(next(flow, START).request->body, "token=" AT "&token_type_hint=access_token");
    cr_assert_eq(answer(flow, 400, "{\"error\":\"unsupported_token_type\"}", NULL), FOB_OK);
    cr_expect_eq(next(flow, START).want, FOB_WANT_NOTHING);
    cr_expect_null(fob_flow_token(flow));
}

/* --- secrets ------------------------------------------------------------------------------------------------ */

Test(secrets, none_is_logged_at_the_highest_level, .init = hold_a_token, .fini = let_go)
{
    fob_auto_flow *flow = make(fob_flow_authorization_code, DESCRIPTOR, SECRET, mail);
    fob_auto_free char *state = query(next(flow, START).url, "state");
    cr_assert_eq(redirect(flow, "&code=" CODE, NULL), FOB_OK);
    const char *verifier = strstr(next(flow, START).request->body, "code_verifier=");
    fob_auto_free char *own_verifier = fob_strndup(verifier + 14, strcspn(verifier + 14, "&"));
    cr_assert_eq(answer(flow, 200, "{\"access_token\":\"at-logged\",\"refresh_token\":\"rt-logged\"}", NULL),
                 FOB_OK);
    fob_auto_flow *again = make(refresh_held, DESCRIPTOR, SECRET, NULL);
    next(again, START);
    answer(again, 400, "{\"error\":\"invalid_grant\",\"access_token\":\"at-logged\"}", NULL);
    cr_expect(strstr(logged, "https://acme.example/token"), "something was logged: %s", logged);
    const char *const secrets[] = {state,       own_verifier, CODE, SECRET,
                                   "at-logged", "rt-logged",  RT,   "bXkrY2xpZW50"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        cr_expect_null(strstr(logged, secrets[i]), "%s is in the log", secrets[i]);
}
