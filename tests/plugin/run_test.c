/* SPDX-License-Identifier: MIT */
/* Shared objects found by a session and run in flows: old and new ones work, and one that breaks a rule gets nowhere. */
#include "drive.h"

#include <fob/session.h>

static struct fob_error error;
static fob_err err;

static fob_provider *find(const char *id)
{
    struct fob_options options = FOB_OPTIONS_INIT;
    fob_session *session = NULL;
    fob_provider *provider = NULL;
    options.plugin_path = FOB_BUILD_DIR "/tests/plugin/mocks";
    options.provider_path = "/nonexistent";
    options.store_in_memory = 1;
    options.ignore_environment = 1;
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(fob_find_provider(session, id, &provider, &error), FOB_OK, "%s: %s", id, error.what);
    fob_close(&session);
    return provider;
}

static fob_flow *run(const char *id)
{
    static const char *const mail[] = {"mail"};
    fob_auto_provider *provider = find(id);
    fob_auto_client *client = client_with(SECRET);
    struct fob_flow_params params = params_for(provider, client, mail);
    fob_flow *flow = NULL;
    forget_sent();
    cr_assert_eq(fob_flow_authorization_code(&params, &flow, &error), FOB_OK, "%s", error.what);
    err = drive(flow, &error);
    return flow;
}

static void expect_token(fob_flow *flow, const char *identity)
{
    cr_assert_eq(err, FOB_OK, "%s", error.what);
    cr_expect(fob_starts_with(opened, "https://mock.example/a?response_type=code"), "%s", opened);
    cr_expect_str_eq(sent_url, "https://mock.example/t");
    cr_expect(strstr(sent_fields, "X-Mock: 1\n"), "%s", sent_fields);
    cr_expect_str_eq(fob_token_identity(fob_flow_token(flow)), identity);
}

Test(run, a_plugin_does_its_part_in_a_flow)
{
    fob_auto_flow *flow = run("mock-good");
    expect_token(flow, "mock@mock.example");
}

Test(run, an_old_plugin_does_what_its_minor_knew)
{
    fob_auto_flow *flow = run("mock-old");
    expect_token(flow, "");
}

Test(run, a_newer_plugin_does_what_this_host_knows)
{
    fob_auto_flow *flow = run("mock-new");
    expect_token(flow, "mock@mock.example");
}

static const struct {
    const char *id, *what;
} breaches[] = {
    {"mock-nonsense", "returned a number that means nothing in token"},
    {"mock-secret-in-url", "put a secret into a URL in authorize_params"},
    {"mock-http-endpoint", "set an endpoint that is not https or not on one of the hosts in endpoint"},
    {"mock-own-state", "tried to set a parameter that guards the flow in authorize_params"},
    {"mock-split-header", "set a header field that HTTP does not allow in request"},
    {"mock-junk-answer", "gave an answer that is not one JSON object in response"},
    {"mock-tells-secret", "put a secret into an error in request"},
    {"mock-out-of-place", "failed in response"},
};

Test(run, one_that_breaks_a_rule_ends_the_flow_and_is_named)
{
    for (size_t i = 0; i < COUNT(breaches); i++) {
        char what[256];
        struct fob_action action = FOB_ACTION_INIT;
        fob_auto_flow *flow = run(breaches[i].id);
        snprintf(what, sizeof what, "the plugin \"%s\" %s", breaches[i].id, breaches[i].what);
        cr_expect_eq(err, FOB_E_PLUGIN, "%s", breaches[i].id);
        cr_expect_str_eq(error.what, what);
        cr_expect_null(strstr(error.what, SECRET));
        cr_expect_null(fob_flow_token(flow));
        cr_expect_eq(fob_flow_next(flow, START, &action, NULL), FOB_E_PLUGIN);
        cr_expect(!opened || !strstr(opened, SECRET));
    }
    fob_auto_flow *good = run("mock-good");
    expect_token(good, "mock@mock.example");
}

Test(run, an_error_stays_one_whatever_the_plugin_calls_it)
{
    status = 400;
    body = "{\"error\":\"invalid_grant\",\"access_token\":\"at\"}";
    fob_auto_flow *flow = run("mock-calls-it-success");
    cr_expect_eq(err, FOB_E_NEEDS_LOGIN);
    cr_expect_null(fob_flow_token(flow));
}
