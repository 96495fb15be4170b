/* SPDX-License-Identifier: MIT */
/* What the host offers to hooks: every value at its moment, every service in its place, and nothing out of it. */
#include "fake_plugin.h"

static struct fob_error error;
static fob_err err;

/* --- values ------------------------------------------------------------------------------------------------- */

/* What `value` said, by hook and time it ran. "-" for NULL. */
static char seen[4096];
static const char *wanted;

static int note_value(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    const char *value = host->value(call, wanted);
    size_t used = strlen(seen);
    snprintf(seen + used, sizeof seen - used, "%s%s", used ? " " : "", value ? value : "-");
    return 0;
}

static void expect_values(constructor *construct, const char *name, const char *expected)
{
    wanted = name;
    seen[0] = '\0';
    spy = note_value;
    fob_auto_flow *flow = run_flow(construct, NULL, 0, &err, &error);
    cr_assert_eq(err, FOB_OK, "%s: %s", name, error.what);
    cr_expect_str_eq(seen, expected, "%s: %s", name, seen);
}

struct moment {
    const char *name;
    const char *expected; /* by the hooks in their order */
};

#define EIGHT(v) v " " v " " v " " v " " v " " v " " v " " v
#define SIX(v) v " " v " " v " " v " " v " " v
#define FOUR(v) v " " v " " v " " v

/* endpoint authorize_params | endpoint client_auth request | response token identity */
Test(value, during_a_login)
{
    static const struct moment moments[] = {
        {"grant_type", EIGHT("authorization_code")},
        {"client_secret", EIGHT(SECRET)},
        {"client_key", EIGHT("-")},
        {"method", "GET GET POST POST POST - - -"},
        {"environment", EIGHT("sandbox")},
        {"redirect_uri", EIGHT(CALLBACK)},
        {"scope", EIGHT("mail")},
        {"provider", EIGHT("acme")},
        {"endpoint",
         "https://acme.example/authorize https://acme.example/authorize " SIX("https://acme.example/token")},
        {"refresh_token", EIGHT("-")},
        {"code", "- - " SIX(CODE)},
        {"access_token", SIX("-") " " AT " " AT},
        {"variables.tenant", EIGHT("contoso")},
        {"variables.pin", EIGHT(TENANT_SECRET)},
        {"variables.none", EIGHT("-")},
        {"variables.", EIGHT("-")},
        {"state", EIGHT("-")},
        {"nonce", EIGHT("-")},
        {"code_verifier", EIGHT("-")},
        {"nonsense", EIGHT("-")},
        {"", EIGHT("-")},
        {NULL, EIGHT("-")},
    };
    for (size_t i = 0; i < COUNT(moments); i++)
        expect_values(fob_flow_authorization_code, moments[i].name, moments[i].expected);
}

/* endpoint client_auth request | response token identity */
Test(value, while_refreshing, .init = hold_a_token, .fini = let_go)
{
    static const struct moment moments[] = {
        {"grant_type", SIX("refresh_token")},
        {"refresh_token", SIX(RT)},
        {"access_token", FOUR("-") " at-2 at-2"},
        {"code", SIX("-")},
        {"redirect_uri", SIX("-")},
        {"endpoint", SIX("https://acme.example/token")},
    };
    body = "{\"access_token\":\"at-2\"}";
    for (size_t i = 0; i < COUNT(moments); i++)
        expect_values(refresh_held, moments[i].name, moments[i].expected);
}

/* endpoint client_auth request | response, for each of the two tokens */
Test(value, while_revoking, .init = hold_a_token, .fini = let_go)
{
    static const struct moment moments[] = {
        {"grant_type", EIGHT("-")},
        {"refresh_token", FOUR(RT) " " FOUR("-")},
        {"access_token", FOUR("-") " " FOUR(AT)},
        {"endpoint", EIGHT("https://acme.example/revoke")},
    };
    for (size_t i = 0; i < COUNT(moments); i++)
        expect_values(revoke_held, moments[i].name, moments[i].expected);
}

Test(value, for_a_program_of_its_own)
{
    expect_values(fob_flow_client_credentials, "grant_type", SIX("client_credentials"));
    expect_values(fob_flow_client_credentials, "redirect_uri", SIX("-"));
    expect_values(fob_flow_client_credentials, "client_id", SIX("my client"));
}

Test(value, of_what_there_is_not)
{
    descriptor = DESCRIPTOR "plugin: odd\n";
    expect_values(fob_flow_client_credentials, "environment", SIX("-"));
    expect_values(fob_flow_client_credentials, "variables.pin", SIX("-"));
    expect_values(fob_flow_client_credentials, "scope", SIX("mail"));
}

static int note_key(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    if (call->running == FOB_HOOK_REQUEST)
        snprintf(seen, sizeof seen, "%s", host->value(call, "client_key"));
    return 0;
}

static const struct deed *key_deed;

static fob_flow *run_with_key(const char *key)
{
    fob_auto_secret *secret = NULL;
    fob_auto_client *client = NULL;
    fob_auto_provider *provider = NULL;
    fob_flow *flow = NULL;
    cr_assert_eq(fob_secret_new(key, strlen(key), &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new_with_key("my client", NULL, secret, &client, NULL), FOB_OK);
    descriptor = DESCRIPTOR "plugin: odd\ntoken: {auth: none}\n";
    cr_assert_eq(fob_provider_read(descriptor, strlen(descriptor), "acme.yaml", NULL, &provider, &error),
                 FOB_OK, "%s", error.what);
    provider->plugin = &plugin;
    struct fob_flow_params params = params_for(provider, client, NULL);
    deeds = key_deed;
    n_deeds = key_deed ? 1 : 0;
    cr_assert_eq(fob_flow_client_credentials(&params, &flow, &error), FOB_OK, "%s", error.what);
    err = drive(flow, &error);
    return flow;
}

Test(value, of_the_key_that_the_client_signs_with)
{
    spy = note_key;
    fob_auto_flow *flow = run_with_key("-----BEGIN PRIVATE KEY-----\nMIGH\n");
    cr_assert_eq(err, FOB_OK, "%s", error.what);
    cr_expect_str_eq(seen, "-----BEGIN PRIVATE KEY-----\nMIGH\n");
}

Test(value, of_the_key_is_a_secret)
{
    static const struct deed deed = {FOB_HOOK_REQUEST, FAIL, "it is $client_key$", .number = FOB_E_CONFIG};
    key_deed = &deed;
    fob_auto_flow *flow = run_with_key("-----BEGIN PRIVATE KEY-----MIGH");
    cr_expect_eq(err, FOB_E_PLUGIN);
    cr_expect(strstr(error.what, "put a secret into an error"), "%s", error.what);
}

/* --- all parameters ----------------------------------------------------------------------------------------- */

static enum fob_hook looking;

static int list_params(void *self, struct fob_call *call, const struct fob_host *host)
{
    const char *name, *value = "untouched";
    (void)self;
    if (call->running != looking)
        return 0;
    for (size_t i = 0; (name = host->param_at(call, i, &value)); i++)
        snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s=%s ", name, value);
    const char *last = value;
    cr_expect_null(host->param_at(call, SIZE_MAX, &value));
    cr_expect_null(host->param_at(call, 0, NULL));
    cr_expect_eq(value, last, "what is behind the last leaves the value alone");
    return 0;
}

static void expect_params(enum fob_hook hook, const char *expected)
{
    looking = hook;
    seen[0] = '\0';
    spy = list_params;
    fob_auto_flow *flow = run_flow(fob_flow_client_credentials, NULL, 0, &err, &error);
    cr_assert_eq(err, FOB_OK, "%s", error.what);
    cr_expect_str_eq(seen, expected, "%s", seen);
}

Test(param_at, gives_what_is_sent_with_what_stands_in_the_query)
{
    descriptor = PLUGIN_DESCRIPTOR
        "token: {auth: client_secret_post, params: {a: b c, d: ''}, place: {a: query, scope: query}}\n";
    expect_params(FOB_HOOK_REQUEST, "grant_type=client_credentials client_id=my client client_secret=" SECRET
                                    " d= scope=mail a=b c ");
    cr_expect_str_eq(sent_body,
                     "grant_type=client_credentials&client_id=my+client&client_secret=" SECRET "&d=");
}

Test(param_at, is_out_of_place_where_there_are_no_parameters)
{
    expect_params(FOB_HOOK_ENDPOINT, "");
    expect_params(FOB_HOOK_RESPONSE, "");
    expect_params(FOB_HOOK_TOKEN, "");
}

/* --- services out of place ---------------------------------------------------------------------------------- */

enum {
    PARAMS = 1,
    HEADERS = 2,
    BODY = 4,
    ENDPOINT = 8,
    ANSWER = 16,
    RESPONSE = 32,
    TOKEN = 64,
    IDENTITY = 128
};
static const int places[N_HOOKS] = {ENDPOINT,          PARAMS, PARAMS | HEADERS, PARAMS | HEADERS | BODY,
                                    ANSWER | RESPONSE, ANSWER, ANSWER | TOKEN,   ANSWER | IDENTITY};
static enum fob_hook trespasser;

static void expect_state(int place, fob_err got, const char *service)
{
    if (!(places[trespasser] & place))
        cr_expect_eq(got, FOB_E_STATE, "%s in %s", service, hook_names[trespasser]);
}

static int trespass(struct fob_call *call, const struct fob_host *host)
{
    size_t len = 77;
    int here = places[trespasser];
    if (!(here & ENDPOINT))
        expect_state(ENDPOINT, host->set_endpoint(call, "https://acme.example/other"), "set_endpoint");
    if (!(here & PARAMS)) {
        expect_state(PARAMS, host->set_param(call, "odd", "odd"), "set_param");
        expect_state(PARAMS, host->set_param(call, "state", "a breach if it were in place"), "set_param");
        cr_expect_null(host->param(call, "grant_type"), "param in %s", hook_names[trespasser]);
    }
    if (!(here & HEADERS))
        expect_state(HEADERS, host->set_header(call, "X-Odd", "odd"), "set_header");
    if (!(here & BODY))
        expect_state(BODY, host->set_body(call, "text/xml", "odd", 3), "set_body");
    if (!(here & ANSWER)) {
        cr_expect_eq(host->status(call), 0);
        cr_expect_null(host->header(call, "Content-Type"));
        cr_expect_null(host->body(call, &len));
        cr_expect_eq(len, 0);
        cr_expect_null(host->body(call, NULL));
    }
    if (!(here & RESPONSE))
        expect_state(RESPONSE, host->set_response(call, "{\"access_token\":\"odd\"}", 22), "set_response");
    if (!(here & TOKEN)) {
        expect_state(TOKEN, host->set_expires_at(call, 5), "set_expires_at");
        expect_state(TOKEN, host->set_scope(call, "odd"), "set_scope");
    }
    if (!(here & IDENTITY))
        expect_state(IDENTITY, host->set_identity(call, "odd"), "set_identity");
    return FOB_HOOK_NEXT;
}

static int trespass_in_its_hook(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    return call->running == trespasser ? trespass(call, host) : FOB_HOOK_NEXT;
}

static char *outcome(fob_flow *flow)
{
    fob_auto_buf text = FOB_BUF((size_t)65536);
    fob_token *token = fob_flow_token(flow);
    fob_buf_fmt(&text, "%s|%s|%s|%s|%d|%s|", opened, sent_url, sent_body, sent_fields, (int)err, error.what);
    if (token)
        fob_buf_fmt(&text, "%s|%s|%s|%ld", fob_secret_peek(fob_token_access(token), NULL),
                    fob_token_scope(token), fob_token_identity(token), (long)fob_token_expires_at(token));
    return fob_buf_steal(&text);
}

Test(services, out_of_place_do_nothing_and_say_so)
{
    for (unsigned hook = 0; hook < N_HOOKS; hook++) {
        trespasser = hook;
        status = hook == FOB_HOOK_CLASSIFY_ERROR ? 400 : 200;
        spy = NULL;
        fob_auto_flow *innocent = run_login(NULL, 0, &err, &error);
        fob_auto_free char *expected = outcome(innocent);
        spy = trespass_in_its_hook;
        fob_auto_flow *flow = run_login(NULL, 0, &err, &error);
        fob_auto_free char *got = outcome(flow);
        cr_expect(strstr(trace, hook_names[hook]));
        cr_expect_str_eq(got, expected, "%s", hook_names[hook]);
    }
}

/* --- the answer --------------------------------------------------------------------------------------------- */

static int look_at_answer(void *self, struct fob_call *call, const struct fob_host *host)
{
    size_t len = 0, used = strlen(seen);
    (void)self;
    if (call->running < FOB_HOOK_RESPONSE)
        return 0;
    const char *bytes = host->body(call, &len), *odd = host->header(call, "x-ODD");
    cr_expect_eq(host->body(call, NULL), bytes);
    cr_expect_null(host->header(call, "X-None"));
    cr_expect_null(host->header(call, NULL));
    snprintf(seen + used, sizeof seen - used, "%s: %d %s %.*s\n", hook_names[call->running],
             host->status(call), odd ? odd : "-", (int)len, bytes);
    return 0;
}

Test(services, the_answer_is_there_for_every_hook_that_follows)
{
    body = "{\"access_token\":\"at\"}";
    spy = look_at_answer;
    fob_auto_flow *flow = run_login(NULL, 0, &err, &error);
    cr_assert_eq(err, FOB_OK);
    cr_expect_str_eq(seen, "response: 200 odd {\"access_token\":\"at\"}\n"
                           "token: 200 odd {\"access_token\":\"at\"}\n"
                           "identity: 200 odd {\"access_token\":\"at\"}\n");
}

Test(services, later_hooks_see_the_answer_as_the_plugin_made_it)
{
    static const struct deed deed = {FOB_HOOK_RESPONSE, SET_RESPONSE, "{\"access_token\":\"at\",\"odd\":1}"};
    body = "<odd/>";
    spy = look_at_answer;
    fob_auto_flow *flow = run_login(&deed, 1, &err, &error);
    cr_assert_eq(err, FOB_OK, "%s", error.what);
    cr_expect_str_eq(seen, "response: 200 odd <odd/>\n"
                           "token: 200 odd {\"access_token\":\"at\",\"odd\":1}\n"
                           "identity: 200 odd {\"access_token\":\"at\",\"odd\":1}\n");
}

Test(services, an_error_is_there_to_be_classified)
{
    status = 400;
    body = "{\"error\":\"odd\"}";
    spy = look_at_answer;
    fob_auto_flow *flow = run_login(NULL, 0, &err, &error);
    cr_expect_str_eq(seen,
                     "response: 400 odd {\"error\":\"odd\"}\nclassify_error: 400 odd {\"error\":\"odd\"}\n");
}

/* --- what is lent lives until the hook returns --------------------------------------------------------------- */

static int keep_and_replace(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    if (call->running == FOB_HOOK_ENDPOINT) {
        const char *before = host->value(call, "endpoint");
        fob_auto_free char *copy = fob_strdup(before);
        cr_expect_eq(host->set_endpoint(call, "https://acme.example/a"), FOB_OK);
        cr_expect_eq(host->set_endpoint(call, "https://acme.example/b"), FOB_OK);
        cr_expect_str_eq(before, copy);
        cr_expect_str_eq(host->value(call, "endpoint"), "https://acme.example/b");
    }
    if (call->running == FOB_HOOK_REQUEST) {
        const char *before = host->param(call, "grant_type");
        cr_expect_eq(host->set_param(call, "grant_type", "odd"), FOB_OK);
        cr_expect_eq(host->set_param(call, "again", before), FOB_OK);
        cr_expect_eq(host->set_param(call, "grant_type", NULL), FOB_OK);
        cr_expect_str_eq(before, "authorization_code");
        cr_expect_null(host->param(call, "grant_type"));
        cr_expect_null(host->param(call, NULL));
    }
    return 0;
}

Test(services, a_string_lives_until_the_hook_returns_though_it_was_replaced)
{
    spy = keep_and_replace;
    fob_auto_flow *flow = run_login(NULL, 0, &err, &error);
    cr_assert_eq(err, FOB_OK, "%s", error.what);
    cr_expect_str_eq(sent_url, "https://acme.example/b");
    cr_expect(strstr(sent_body, "&again=authorization_code"), "%s", sent_body);
}

/* --- time, chance, hashes ------------------------------------------------------------------------------------ */

static unsigned char drawn[2][64];
static int64_t times[N_HOOKS];

static int draw(void *self, struct fob_call *call, const struct fob_host *host)
{
    static const unsigned char zero[64];
    unsigned char bytes[65] = {0};
    (void)self;
    times[call->running] = host->now(call);
    cr_expect_eq(host->random(call, bytes, 65), FOB_E_LIMIT);
    cr_expect_eq(host->random(call, NULL, 64), FOB_E_ARGUMENT);
    cr_expect_eq(memcmp(bytes, zero, 64), 0);
    cr_expect_eq(host->random(call, drawn[0], 64), FOB_OK);
    cr_expect_eq(host->random(call, drawn[1], 64), FOB_OK);
    cr_expect_neq(memcmp(drawn[0], drawn[1], 64), 0);
    cr_expect_neq(memcmp(drawn[0], zero, 64), 0);
    return 0;
}

Test(services, give_fresh_bytes_and_the_flows_own_time)
{
    fob_auto_flow *plain = run_login(NULL, 0, &err, &error);
    fob_auto_free char *verifier = fob_strdup(strstr(sent_body, "code_verifier="));
    spy = draw;
    fob_auto_flow *flow = run_login(NULL, 0, &err, &error);
    cr_assert_eq(err, FOB_OK);
    cr_expect_str_eq(strstr(sent_body, "code_verifier="), verifier, "state and PKCE are drawn before");
    cr_expect_eq(times[FOB_HOOK_AUTHORIZE_PARAMS], START);
    cr_expect_eq(times[FOB_HOOK_REQUEST], START + 500);
    cr_expect_eq(times[FOB_HOOK_IDENTITY], START + 1000);
}

/* FIPS 180-2 appendix B.1, RFC 4231 section 4.3, RFC 4648 section 10. */
Test(services, hash_as_the_standards_say)
{
    unsigned char out[32];
    char text[16], hex[65];
    fob_host_services.sha256("abc", 3, out);
    for (size_t i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", out[i]);
    cr_expect_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    fob_host_services.hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, out);
    for (size_t i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", out[i]);
    cr_expect_str_eq(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    fob_host_services.base64url("foob", 4, text);
    cr_expect_str_eq(text, "Zm9vYg");
    fob_host_services.base64url("", 0, text);
    cr_expect_str_eq(text, "");
    fob_host_services.base64url("\xfb\xff", 2, text);
    cr_expect_str_eq(text, "-_8");
}

static int log_at_all_levels(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->log(call, FOB_LOG_ERROR, "an error");
    host->log(call, FOB_LOG_DEBUG, "a detail");
    host->log(call, (enum fob_log_level)99, "of no level");
    host->log(call, FOB_LOG_ERROR, NULL);
    return 0;
}

Test(services, log_under_the_plugins_name)
{
    spy = log_at_all_levels;
    fob_auto_flow *flow = run_login(NULL, 0, &err, &error);
    cr_assert_eq(err, FOB_OK);
    cr_expect(strstr(logged, "plugin odd: an error\n"));
    cr_expect(strstr(logged, "plugin odd: a detail\n"));
    cr_expect_null(strstr(logged, "of no level"));
}

/* Each side reads no further than both know. */
Test(services, tell_their_own_age_and_size)
{
    cr_expect_eq(fob_host_services.abi_major, FOB_PLUGIN_ABI_MAJOR);
    cr_expect_eq(fob_host_services.abi_minor, FOB_PLUGIN_ABI_MINOR);
    cr_expect_eq(fob_host_services.size, sizeof(struct fob_host));
}
