/* SPDX-License-Identifier: MIT */
/* What each hook of a provider plugin can do, and how the flow takes what it returns. */
#include "fake_plugin.h"

static struct fob_error error;
static fob_err err;

#define RUN(construct, ...)                                                                                  \
    fob_auto_flow *flow = run_flow(construct, (const struct deed[]){__VA_ARGS__},                            \
                                   COUNT(((const struct deed[]){__VA_ARGS__})), &err, &error)
#define LOG_IN(...) RUN(fob_flow_authorization_code, __VA_ARGS__)

static void expect_success(void)
{
    cr_assert_eq(err, FOB_OK, "%s", error.what);
}

/* --- what each can do --------------------------------------------------------------------------------------- */

Test(hooks, run_in_their_order)
{
    LOG_IN({0});
    expect_success();
    cr_expect_str_eq(trace, "endpoint authorize_params endpoint client_auth request response token identity");
}

Test(hooks, that_are_absent_change_nothing)
{
    fob_auto_flow *with = run_login(NULL, 0, &err, &error);
    expect_success();
    fob_auto_free char *url = fob_strdup(opened), *sent = fob_strdup(sent_body);
    plugin.hooks = (struct fob_provider_hooks){.size = sizeof plugin.hooks};
    fob_auto_flow *without = run_login(NULL, 0, &err, &error);
    expect_success();
    cr_expect_str_eq(opened, url);
    cr_expect_str_eq(sent_body, sent);
    cr_expect_str_eq(trace, "");
    cr_expect_str_eq(fob_token_identity(fob_flow_token(with)), fob_token_identity(fob_flow_token(without)));
}

Test(endpoint, gives_each_request_another_url_on_a_host_that_the_descriptor_allows)
{
    descriptor = PLUGIN_DESCRIPTOR "hosts: [acme.example, \"*.eu.acme.example\", 127.0.0.1]\n";
    LOG_IN(
        {FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://login.eu.acme.example/in?a=b", .result = FOB_HOOK_DONE});
    expect_success();
    cr_expect(fob_starts_with(opened, "https://login.eu.acme.example/in?a=b&response_type=code&"), "%s",
              opened);
    cr_expect_str_eq(sent_url, "https://login.eu.acme.example/in?a=b");
}

Test(endpoint, may_be_plain_http_on_this_machine)
{
    descriptor = PLUGIN_DESCRIPTOR "hosts: [acme.example, 127.0.0.1]\n";
    LOG_IN({FOB_HOOK_ENDPOINT, SET_ENDPOINT, "http://127.0.0.1:8080/x", .result = FOB_HOOK_DONE});
    expect_success();
    cr_expect_str_eq(sent_url, "http://127.0.0.1:8080/x");
}

Test(endpoint, stands_in_for_one_that_the_descriptor_lacks, .init = hold_a_token, .fini = let_go)
{
    descriptor = "fob: 1\nplugin: odd\ntoken_endpoint: https://acme.example/t\n";
    RUN(revoke_held, {FOB_HOOK_ENDPOINT, SET_ENDPOINT, "https://acme.example/r", .result = FOB_HOOK_DONE});
    expect_success();
    cr_expect_str_eq(sent_url, "https://acme.example/r");
}

Test(endpoint, that_neither_descriptor_nor_plugin_gives_is_missing, .init = hold_a_token, .fini = let_go)
{
    descriptor = "fob: 1\nplugin: odd\ntoken_endpoint: https://acme.example/t\n";
    RUN(revoke_held, {FOB_HOOK_ENDPOINT, NOTHING, .result = FOB_HOOK_DONE});
    cr_expect_eq(err, FOB_E_CONFIG);
    cr_expect(strstr(error.what, "no revocation_endpoint"), "%s", error.what);
}

Test(authorize_params, sets_replaces_and_removes)
{
    descriptor = PLUGIN_DESCRIPTOR "authorize: {params: {prompt: login, display: page}}\n";
    LOG_IN({FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "access_type", "off line"},
           {FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "prompt", "consent"},
           {FOB_HOOK_AUTHORIZE_PARAMS, SET_PARAM, "display", NULL, .result = FOB_HOOK_DONE});
    expect_success();
    cr_expect(strstr(opened, "&access_type=off+line"), "%s", opened);
    cr_expect(strstr(opened, "&prompt=consent"));
    cr_expect_null(strstr(opened, "display"));
    cr_expect_null(strstr(sent_body, "access_type"), "it is of the authorization request alone");
}

Test(client_auth, done_leaves_the_credential_to_the_plugin)
{
    LOG_IN({FOB_HOOK_CLIENT_AUTH, SET_PARAM, "assertion", "signed"},
           {FOB_HOOK_CLIENT_AUTH, SET_HEADER, "X-Client", "$client_id$", .result = FOB_HOOK_DONE});
    expect_success();
    cr_expect(strstr(sent_body, "&assertion=signed"), "%s", sent_body);
    cr_expect(strstr(sent_fields, "X-Client: my client\n"));
    cr_expect_null(strstr(sent_fields, "Authorization:"));
}

Test(client_auth, next_leaves_it_to_the_core)
{
    LOG_IN({FOB_HOOK_CLIENT_AUTH, SET_PARAM, "more", "1", .result = FOB_HOOK_NEXT});
    expect_success();
    cr_expect(strstr(sent_body, "&more=1"));
    cr_expect(strstr(sent_fields, "Authorization: Basic "));
}

Test(request, has_the_last_word_on_parameters_and_fields)
{
    LOG_IN({FOB_HOOK_REQUEST, SET_PARAM, "audience", "api"},
           {FOB_HOOK_REQUEST, SET_PARAM, "grant_type", "odd"},
           {FOB_HOOK_REQUEST, SET_HEADER, "authorization", "Odd $client_secret$"},
           {FOB_HOOK_REQUEST, SET_HEADER, "ACCEPT", NULL},
           {FOB_HOOK_REQUEST, SET_HEADER, "X-Tab", "a\tb", .result = FOB_HOOK_DONE});
    expect_success();
    cr_expect(strstr(sent_body, "grant_type=odd&") && strstr(sent_body, "&audience=api"), "%s", sent_body);
    cr_expect(strstr(sent_fields, "Authorization: Odd " SECRET "\n"), "%s", sent_fields);
    cr_expect_null(strstr(sent_fields, "Accept"));
    cr_expect(strstr(sent_fields, "X-Tab: a\tb\n"));
}

Test(request, may_bring_a_body_of_its_own)
{
    LOG_IN({FOB_HOOK_REQUEST, SET_BODY, "text/xml; charset=utf-8", "<code>$code$</code>",
            .result = FOB_HOOK_DONE});
    expect_success();
    cr_expect_str_eq(sent_body, "<code>" CODE "</code>");
    cr_expect(strstr(sent_fields, "Content-Type: text/xml; charset=utf-8\n"), "%s", sent_fields);
}

Test(request, a_second_body_replaces_the_first)
{
    LOG_IN({FOB_HOOK_REQUEST, SET_BODY, "text/plain", "first and longer"},
           {FOB_HOOK_REQUEST, SET_BODY, "text/xml", "second", .result = FOB_HOOK_DONE});
    expect_success();
    cr_expect_str_eq(sent_body, "second");
    cr_expect(strstr(sent_fields, "Content-Type: text/xml\n"));
}

#define STANDARD "{\"access_token\":\"at-from-xml\",\"scope\":\"other\",\"token_type\":\"Odd\"}"

Test(response, turns_an_odd_answer_into_a_standard_one)
{
    body = "<token>at-from-xml</token>";
    LOG_IN({FOB_HOOK_RESPONSE, SET_RESPONSE, " \n" STANDARD, .result = FOB_HOOK_DONE});
    expect_success();
    fob_token *token = fob_flow_token(flow);
    cr_expect_str_eq(fob_secret_peek(fob_token_access(token), NULL), "at-from-xml");
    cr_expect_str_eq(fob_token_scope(token), "other");
    cr_expect_str_eq(fob_token_type(token), "Odd");
}

Test(response, can_tell_an_error_that_came_as_a_success)
{
    LOG_IN({FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"error\":\"invalid_grant\",\"error_description\":\"used\"}",
            .result = FOB_HOOK_DONE});
    cr_expect_eq(err, FOB_E_NEEDS_LOGIN);
    cr_expect_str_eq(error.oauth_error, "invalid_grant");
    cr_expect(strstr(error.what, "used"));
}

Test(response, cannot_turn_an_error_status_into_a_token)
{
    status = 500;
    LOG_IN({FOB_HOOK_RESPONSE, SET_RESPONSE, STANDARD, .result = FOB_HOOK_DONE});
    cr_expect_eq(err, FOB_E_SERVER);
    cr_expect_null(fob_flow_token(flow));
}

Test(response, runs_on_the_answer_of_a_revocation_too, .init = hold_a_token, .fini = let_go)
{
    RUN(revoke_held,
        {FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"error\":\"invalid_client\"}", .result = FOB_HOOK_DONE});
    cr_expect_eq(err, FOB_E_CLIENT, "the provider answers 200 to everything");
    cr_expect_str_eq(trace, "endpoint client_auth request response classify_error");
}

/* Headers stay the server's: what it says of waiting is not lost. */
Test(response, leaves_the_header_fields_as_they_were)
{
    static const struct fob_pair fields[] = {{"Retry-After", "7"}};
    struct fob_http_response response = {
        .size = sizeof response, .status = 429, .fields = fields, .n_fields = 1, .body = "x", .body_len = 1};
    static const struct deed set[] = {
        {FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"error\":\"slow_down\"}", .result = FOB_HOOK_DONE}};
    deeds = set;
    n_deeds = 1;
    fob_auto_flow *flow = make_plugged(fob_flow_client_credentials, &error);
    next(flow, START);
    cr_expect_eq(fob_flow_feed_response(flow, START, &response, &error), FOB_E_RATE_LIMITED);
    cr_expect_eq(error.retry_after_ms, 7000);
}

Test(token, adds_when_it_ends_and_what_it_is_for)
{
    body = "{\"access_token\":\"" AT "\"}";
    LOG_IN({FOB_HOOK_TOKEN, SET_EXPIRES, .number = START + 5000}, {FOB_HOOK_TOKEN, SET_SCOPE, "read write"});
    expect_success();
    cr_expect_eq(fob_token_expires_at(fob_flow_token(flow)), START + 5000);
    cr_expect_str_eq(fob_token_scope(fob_flow_token(flow)), "read write");
}

Test(identity, says_whose_token_it_is)
{
    LOG_IN({FOB_HOOK_IDENTITY, SET_IDENTITY, "Ada \xc3\x85. <ada@acme.example>"});
    expect_success();
    cr_expect_str_eq(fob_token_identity(fob_flow_token(flow)), "Ada \xc3\x85. <ada@acme.example>");
}

/* --- errors that it names better ---------------------------------------------------------------------------- */

Test(classify_error, gives_an_error_a_better_name_and_keeps_the_facts)
{
    status = 400;
    body = "{\"error\":\"odd_error\"}";
    LOG_IN({FOB_HOOK_CLASSIFY_ERROR, NOTHING, .result = FOB_E_NEEDS_LOGIN});
    cr_expect_eq(err, FOB_E_NEEDS_LOGIN);
    cr_expect_eq(error.code, FOB_E_NEEDS_LOGIN);
    cr_expect_str_eq(error.oauth_error, "odd_error");
    cr_expect_eq(error.http_status, 400);
    cr_expect_str_eq(error.what, "the provider refused: odd_error");
    cr_expect_str_eq(error.fix, "", "the fix was for another error");
}

Test(classify_error, says_in_its_own_words_what_is_wrong)
{
    status = 400;
    body = "{\"error\":\"odd_error\"}";
    LOG_IN(
        {FOB_HOOK_CLASSIFY_ERROR, FAIL, "the seat is\ntaken", .number = FOB_E_BUSY, .result = FOB_HOOK_DONE});
    cr_expect_eq(err, FOB_E_BUSY);
    cr_expect_str_eq(error.what, "odd: the seat is?taken");
    cr_expect_str_eq(error.oauth_error, "odd_error");
    cr_expect_eq(error.http_status, 400);
}

Test(classify_error, cannot_turn_an_error_into_a_success)
{
    static const int results[] = {FOB_HOOK_NEXT, FOB_HOOK_DONE};
    status = 400;
    body = "{\"error\":\"invalid_grant\",\"access_token\":\"at\"}";
    for (size_t i = 0; i < COUNT(results); i++) {
        LOG_IN({FOB_HOOK_CLASSIFY_ERROR, NOTHING, .result = results[i]});
        cr_expect_eq(err, FOB_E_NEEDS_LOGIN);
        cr_expect_null(fob_flow_token(flow));
    }
    LOG_IN({FOB_HOOK_CLASSIFY_ERROR, FAIL, "fine", .number = FOB_OK});
    cr_expect_eq(err, FOB_E_PLUGIN, "FOB_OK is no error");
    cr_expect_null(fob_flow_token(flow));
}

Test(classify_error, sees_errors_only)
{
    LOG_IN({FOB_HOOK_CLASSIFY_ERROR, NOTHING, .result = FOB_E_NEEDS_LOGIN});
    expect_success();
    cr_expect_null(strstr(trace, "classify_error"));
}

/* --- how hooks end ------------------------------------------------------------------------------------------ */

static void set_the_stage(enum fob_hook hook)
{
    status = hook == FOB_HOOK_CLASSIFY_ERROR ? 400 : 200;
    body = hook == FOB_HOOK_CLASSIFY_ERROR ? "{\"error\":\"invalid_request\"}" : "{\"access_token\":\"at\"}";
}

static void expect_end(fob_flow *flow, fob_err code)
{
    struct fob_action action = FOB_ACTION_INIT;
    struct fob_error again = FOB_ERROR_INIT;
    cr_expect_eq(err, code, "%s", error.what);
    cr_expect_eq(error.code, code);
    cr_expect_eq(fob_flow_next(flow, START, &action, &again), code, "the flow has ended for good");
    cr_expect_str_eq(again.what, error.what);
    cr_expect_null(fob_flow_token(flow));
}

Test(hooks, a_result_that_means_nothing_ends_the_flow)
{
    static const int nonsense[] = {2, 7, INT32_MAX, -9999, -4, INT32_MIN};
    for (unsigned hook = 0; hook < N_HOOKS; hook++) {
        set_the_stage(hook);
        for (size_t i = 0; i < COUNT(nonsense); i++) {
            char what[128];
            LOG_IN({hook, NOTHING, .result = nonsense[i]});
            expect_end(flow, FOB_E_PLUGIN);
            snprintf(what, sizeof what, "the plugin \"odd\" returned a number that means nothing in %s",
                     hook_names[hook]);
            cr_expect_str_eq(error.what, what);
        }
    }
}

Test(hooks, a_failure_ends_the_flow_with_the_plugins_code)
{
    for (unsigned hook = 0; hook < N_HOOKS; hook++) {
        if (hook == FOB_HOOK_CLASSIFY_ERROR)
            continue;
        char what[128];
        set_the_stage(hook);
        LOG_IN({hook, NOTHING, .result = FOB_E_DENIED});
        expect_end(flow, FOB_E_DENIED);
        snprintf(what, sizeof what, "the plugin \"odd\" failed in %s", hook_names[hook]);
        cr_expect_str_eq(error.what, what);
    }
}

Test(hooks, a_failure_is_told_in_the_plugins_words_without_control_characters)
{
    for (unsigned hook = 0; hook < N_HOOKS; hook++) {
        set_the_stage(hook);
        LOG_IN({hook, FAIL, "no\r\n\x1b[31mseat \xff left", .number = FOB_E_DENIED, .result = FOB_HOOK_DONE});
        expect_end(flow, FOB_E_DENIED);
        cr_expect_str_eq(error.what, "odd: no???[31mseat ? left");
    }
}

Test(hooks, only_the_first_failure_counts)
{
    LOG_IN({FOB_HOOK_REQUEST, FAIL, "first", .number = FOB_E_DENIED},
           {FOB_HOOK_REQUEST, FAIL, "second", .number = FOB_E_SERVER},
           {FOB_HOOK_REQUEST, SET_PARAM, "state", "x", .result = FOB_E_BUSY});
    expect_end(flow, FOB_E_DENIED);
    cr_expect_str_eq(error.what, "odd: first");
}

Test(hooks, a_failure_without_a_text_still_says_who_failed)
{
    LOG_IN({FOB_HOOK_REQUEST, FAIL, NULL, .number = FOB_E_DENIED});
    expect_end(flow, FOB_E_DENIED);
    cr_expect_str_eq(error.what, "the plugin \"odd\" failed in request");
}

/* FOB_E_STATE and FOB_E_ARGUMENT say to a host that its own call was wrong, and that the flow is as before. */
Test(hooks, cannot_blame_the_host)
{
    static const fob_err blame[] = {FOB_E_STATE, FOB_E_ARGUMENT};
    for (unsigned hook = 0; hook < N_HOOKS; hook++) {
        set_the_stage(hook);
        for (size_t i = 0; i < COUNT(blame); i++) {
            LOG_IN({hook, NOTHING, .result = blame[i]});
            expect_end(flow, FOB_E_PLUGIN);
            cr_expect(strstr(error.what, "the plugin \"odd\" failed in "), "%s", error.what);
            cr_expect(strstr(error.what, hook_names[hook]));
            fob_auto_flow *told =
                run_login((const struct deed[]){{hook, FAIL, "you", .number = blame[i]}}, 1, &err, &error);
            expect_end(told, FOB_E_PLUGIN);
            cr_expect_str_eq(error.what, "odd: you");
        }
    }
}

Test(hooks, a_failure_with_a_code_that_there_is_not_is_a_breach)
{
    static const int codes[] = {FOB_OK, 5, -9999};
    for (size_t i = 0; i < COUNT(codes); i++) {
        LOG_IN({FOB_HOOK_TOKEN, FAIL, "text", .number = codes[i]});
        expect_end(flow, FOB_E_PLUGIN);
        cr_expect_str_eq(error.what, "the plugin \"odd\" failed with a code that there is not in token");
    }
}

Test(hooks, classify_error_returning_the_plugins_own_code_says_so)
{
    set_the_stage(FOB_HOOK_CLASSIFY_ERROR);
    LOG_IN({FOB_HOOK_CLASSIFY_ERROR, NOTHING, .result = FOB_E_PLUGIN});
    expect_end(flow, FOB_E_PLUGIN);
    cr_expect_str_eq(error.what, "the plugin \"odd\" failed in classify_error");
}

/* --- OpenID Connect ----------------------------------------------------------------------------------------- */

static char id_answer[2048];

static void answer_with_subject(const char *subject)
{
    char claims[512];
    fob_auto_buf payload = FOB_BUF(1024);
    snprintf(claims, sizeof claims,
             "{\"iss\":\"https://acme.example\",\"aud\":\"my client\",\"exp\":1700000600,\"sub\":\"%s\"}",
             subject);
    fob_base64url(&payload, claims, strlen(claims));
    snprintf(id_answer, sizeof id_answer,
             "{\"access_token\":\"" AT "\",\"refresh_token\":\"" RT "\",\"id_token\":\"e30.%s.sig\"}",
             payload.data);
    body = id_answer;
}

static void hold_a_token_with_an_identity(void)
{
    answer_with_subject("subject-1");
    LOG_IN({FOB_HOOK_IDENTITY, SET_IDENTITY, "ada@acme.example"});
    cr_assert_eq(err, FOB_OK, "%s", error.what);
    held = fob_token_ref(fob_flow_token(flow));
    cr_assert_str_eq(fob_token_identity(held), "ada@acme.example");
}

Test(identity, that_a_plugin_gave_is_not_taken_for_the_subject_of_the_id_token,
     .init = hold_a_token_with_an_identity, .fini = let_go)
{
    answer_with_subject("subject-1");
    RUN(refresh_held, {FOB_HOOK_IDENTITY, SET_IDENTITY, "ada@acme.example"});
    expect_success();
    cr_expect_str_eq(fob_token_identity(fob_flow_token(flow)), "ada@acme.example");
}

Test(identity, of_somebody_else_in_the_id_token_is_refused_whatever_the_plugin_says,
     .init = hold_a_token_with_an_identity, .fini = let_go)
{
    answer_with_subject("subject-2");
    RUN(refresh_held, {FOB_HOOK_IDENTITY, SET_IDENTITY, "ada@acme.example"});
    cr_expect_eq(err, FOB_E_SECURITY);
    cr_expect_null(fob_flow_token(flow));
}

Test(identity, is_kept_by_a_refresh_that_says_nothing, .init = hold_a_token_with_an_identity, .fini = let_go)
{
    body = "{\"access_token\":\"at-2\"}";
    RUN(refresh_held, {0});
    expect_success();
    cr_expect_str_eq(fob_token_identity(fob_flow_token(flow)), "ada@acme.example");
}
