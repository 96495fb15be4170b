/* SPDX-License-Identifier: MIT */
/* Flows and connections while every allocation fails once: told as FOB_E_MEMORY, nothing half-way, nothing leaks. */
#include "cleanup.h"
#include "connection.h"
#include "faults.h"
#include "hooks.h"
#include "rich.h"
#include "seal.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define NOW 1700000000000
#define SECRET "s3cret-of-the-client"

/* --- flows -------------------------------------------------------------------------------------------------- */

static fob_provider *provider;
static fob_client *client;
static fob_token *before;
static bool answers_a_form;
static const char *chosen; /* beforehand */

typedef fob_err constructor(const struct fob_flow_params *, fob_flow **, struct fob_error *);

static fob_err refresh_before(const struct fob_flow_params *params, fob_flow **ret_flow,
                              struct fob_error *error)
{
    return fob_flow_refresh(params, before, ret_flow, error);
}

static fob_err revoke_before(const struct fob_flow_params *params, fob_flow **ret_flow,
                             struct fob_error *error)
{
    return fob_flow_revoke(params, before, ret_flow, error);
}

static fob_err verify_before(const struct fob_flow_params *params, fob_flow **ret_flow,
                             struct fob_error *error)
{
    return fob_flow_verify(params, before, ret_flow, error);
}

static struct fob_error error;

static fob_err make_flow(constructor *construct, fob_flow **ret_flow)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes that are random";
    static const char *const scopes[] = {"openid", "mail"};
    static const struct fob_pair variables[] = {{"pin", "tenant-secret-1"}}, more[] = {{"login_hint", "ada"}};
    const struct fob_pair choices[] = {{"site", chosen}};
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    params.provider = provider;
    params.client = client;
    params.environment = provider->d.n_environments ? "sandbox" : NULL;
    params.variables = variables;
    params.n_variables = provider->d.n_variables ? 1 : 0;
    params.scopes = scopes;
    params.n_scopes = 2;
    params.redirect_uri = "http://127.0.0.1:4711/callback";
    params.authorize_params = more;
    params.n_authorize_params = 1;
    params.seed = seed;
    params.choices = choices;
    params.n_choices = chosen ? 1 : 0;
    return construct(&params, ret_flow, &error);
}

/* One parameter of a URL, into out. */
static void take_param(const char *url, const char *start, char *out, size_t size)
{
    const char *at = strstr(url, start);
    at = at ? at + strlen(start) : "";
    snprintf(out, size, "%.*s", (int)strcspn(at, "&"), at);
}

#define JSON_ANSWER                                                                                          \
    "{\"access_token\":\"at-1-of-the-person\",\"refresh_token\":\"rt-1-of-the-person\",\"id_token\":\"e30.%" \
    "s.s\","                                                                                                 \
    "\"scope\":\"mail\",\"token_type\":\"Bearer\",\"expires_in\":60,\"more\":[1,{\"a\":null}]," ANSWER_MORE  \
    "}"
#define ANSWER_MORE                                                                                          \
    "\"api\":\"https://"                                                                                     \
    "api.acme.example\",\"sub\":\"u-1\",\"name\":\"Ada\",\"sites\":[{\"id\":\"s1\",\"url\":"                 \
    "\"https://one.example\",\"name\":\"One\"},{\"id\":2}],\"user\":{\"access_token\":\"at-of-the-user\"}"
#define FORM_ANSWER "access_token=at-1-of-the-person&refresh_token=rt-1&id_token=e30.%s.s&scope=mail"

static char nonce[64];

static fob_err come_back(fob_flow *flow, const char *url)
{
    char state[64], uri[512];
    take_param(url, "&state=", state, sizeof state);
    take_param(url, "&nonce=", nonce, sizeof nonce);
    snprintf(uri, sizeof uri,
             "/callback?state=%s&iss=https%%3A%%2F%%2Ftry.acme.example&code=the-code-1&shop=acme&realm=12&"
             "user=%%7B%%22first%%22:%%22Ada%%22,%%22shop%%22:%%22acme%%22%%7D",
             state);
    return fob_flow_feed_redirect(flow, NOW, uri, strlen(uri), &error);
}

/* The answer, with an ID token that is made without an allocation. */
static fob_err answer(fob_flow *flow)
{
    static char text[2048];
    static const struct fob_pair fields[] = {{"Content-Type", "application/x-www-form-urlencoded"}};
    char claims[512], encoded[1024];
    snprintf(claims, sizeof claims,
             "{\"iss\":\"https://try.acme.example\",\"aud\":[\"my client\"],\"exp\":%lld,\"sub\":\"ada\","
             "\"nonce\":\"%s\"}",
             (long long)NOW / 1000 + 60, nonce);
    fob_host_services.base64url(claims, strlen(claims), encoded);
    if (answers_a_form)
        snprintf(text, sizeof text, FORM_ANSWER, encoded);
    else
        snprintf(text, sizeof text, JSON_ANSWER, encoded);
    struct fob_http_response response = {.size = sizeof response,
                                         .status = 200,
                                         .fields = fields,
                                         .n_fields = 1,
                                         .body = text,
                                         .body_len = strlen(text)};
    return fob_flow_feed_response(flow, NOW, &response, &error);
}

static fob_err step(fob_flow *flow, bool *ret_done)
{
    struct fob_action action = FOB_ACTION_INIT;
    fob_err err = fob_flow_next(flow, NOW, &action, &error);
    *ret_done = action.want == FOB_WANT_NOTHING;
    if (err != FOB_OK || *ret_done)
        return err;
    if (action.want == FOB_WANT_KEEP)
        return fob_flow_feed_kept(flow, NOW, &error);
    if (action.want == FOB_WANT_CHOICE)
        return fob_flow_feed_choice(flow, NOW, action.options[1].id, &error);
    return action.want == FOB_WANT_REDIRECT ? come_back(flow, action.url) : answer(flow);
}

/* What ended stays ended, and its error says the same, now that there is memory again. */
static fob_err check_end(fob_flow *flow, fob_err err, bool gives_token)
{
    struct fob_action action = FOB_ACTION_INIT;
    bool stays = fob_flow_next(flow, NOW, &action, NULL) == err && (err == FOB_OK || error.code == err);
    fob_token *token = fob_flow_token(flow);
    bool has_whole = token && fob_token_is_whole(token);
    return stays && has_whole == (err == FOB_OK && gives_token) ? err : FOB_E_STATE;
}

static fob_err drive(constructor *construct)
{
    fob_auto_flow *flow = NULL;
    bool done = false;
    fob_err err = make_flow(construct, &flow);
    if (err != FOB_OK)
        return err;
    while (err == FOB_OK && !done)
        err = step(flow, &done);
    return check_end(flow, err, construct != revoke_before && construct != verify_before);
}

static fob_err log_in(void)
{
    return drive(fob_flow_authorization_code);
}

static fob_err use_credentials(void)
{
    return drive(fob_flow_client_credentials);
}

static fob_err refresh(void)
{
    return drive(refresh_before);
}

static fob_err revoke(void)
{
    return drive(revoke_before);
}

static fob_err verify(void)
{
    return drive(verify_before);
}

static void set_stage(const char *yaml)
{
    fob_auto_secret *secret = NULL;
    cr_assert_eq(fob_secret_new(SECRET, strlen(SECRET), &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new("my client", secret, &client, NULL), FOB_OK);
    cr_assert_eq(fob_provider_read(yaml, strlen(yaml), "acme.yaml", NULL, &provider, NULL), FOB_OK);
    answers_a_form = false;
    fob_auto_flow *flow = NULL;
    cr_assert_eq(make_flow(fob_flow_authorization_code, &flow), FOB_OK);
    bool done = false;
    while (!done)
        cr_assert_eq(step(flow, &done), FOB_OK, "%s", error.what);
    before = fob_token_ref(fob_flow_token(flow));
}

static void clear_stage(void)
{
    fob_token_unref(&before);
    fob_client_free(&client);
    fob_provider_unref(&provider);
}

static void run_all(const char *how)
{
    char name[64];
    static const struct {
        const char *name;
        fault_run *run;
    } flows[] = {{"log in", log_in},
                 {"client credentials", use_credentials},
                 {"refresh", refresh},
                 {"revoke", revoke},
                 {"verify", verify}};
    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++) {
        snprintf(name, sizeof name, "%s, %s", flows[i].name, how);
        fail_each_allocation(name, flows[i].run, 40);
    }
}

Test(allocation, fails_in_flows)
{
    set_stage(rich);
    run_all("JSON answer");
    answers_a_form = true;
    run_all("form answer");
    clear_stage();
}

Test(allocation, fails_in_flows_of_a_provider_that_wants_json_or_a_query)
{
    static const char head[] = "fob: 1\nissuer: https://try.acme.example\n"
                               "authorization_endpoint: https://acme.example/a\n"
                               "token_endpoint: https://acme.example/t\n"
                               "revocation_endpoint: https://acme.example/r\n"
                               "userinfo_endpoint: https://acme.example/me\n";
    char yaml[512];
    static const char *const kinds[] = {"token: {encoding: json, auth: client_secret_post}\n",
                                        "token: {method: GET, secret_in_url: old}\n",
                                        "authorize: {pkce: plain, pkce_reason: it is old}\n"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(yaml, sizeof yaml, "%s%s", head, kinds[i]);
        set_stage(yaml);
        run_all(kinds[i]);
        clear_stage();
    }
}

/* --- flows of a provider that needs the whole language -------------------------------------------------------- */

static const char whole[] =
    "fob: 1\n"
    "issuer: https://try.acme.example\n"
    "authorization_endpoint: https://acme.example/admin/#/oauth\n"
    "token_endpoint: https://acme.example/t\n"
    "revocation_endpoint: https://acme.example/r\n"
    "userinfo_endpoint: https://acme.example/me\n"
    "rename: {client_id: app}\n"
    "scopes: {separator: \",\", groups: {user: {default: [read, write]}}}\n"
    "authorize:\n"
    "  params: {user_scope: \"{scopes.user}\", aud: \"{token_endpoint}\"}\n"
    "  rename: {scope: scopes}\n"
    "  sorted: true\n"
    "  pkce: S256-hex\n"
    "  pkce_reason: it is odd\n"
    "callback:\n"
    "  code_is_encoded: true\n"
    "  require: {shop: \"{first(pointer(callback.user, '/shop'), 'none')}\"}\n"
    "  keep: {realm: {from: realm, pattern: \"[0-9]+\"}, first: {from: user, pointer: /first, secret: "
    "true}}\n"
    "token:\n"
    "  encoding: json\n"
    "  auth: client_secret_post\n"
    "  jwt: {alg: HS256, kid: \"{kept.realm}\", claims: {aud: \"{token_endpoint}\"}}\n"
    "  params: {id: \"{uuid()}\", who: \"{claim(id_token, '/sub')}\", all: \"{sorted_query('state')}\"}\n"
    "  place: {id: query}\n"
    "  headers: {X-Sign: \"{hex(hmac_sha256(client_secret, concat(body, now_ms())))}\"}\n"
    "  response:\n"
    "    keep: {api: /api}\n"
    "    also: {user: {access_token: /user/access_token}}\n"
    "steps:\n"
    "  app: {when: before, endpoint: \"{+token_endpoint}\", auth: none, response: {keep: {app: "
    "/access_token}}}\n"
    "  site:\n"
    "    endpoint: https://acme.example/sites\n"
    "    choose: {from: /sites, id: /id, label: /name}\n"
    "    response: {keep: {site: /id, url: /url}}\n"
    "  session: {when: token, endpoint: \"https://acme.example/{kept.app}\", replaces: token}\n"
    "identity: {from: userinfo, id: /sub, label: /name}\n"
    "verify: {endpoint: \"https://acme.example/{kept.realm}\"}\n"
    "revoke: {params: {kind: \"{upper(token_type_hint)}\"}}\n"
    "use: {query: access_token, headers: {X-Api: \"{kept.api}\"}}\n";

Test(allocation, fails_in_flows_of_a_provider_that_needs_the_whole_language)
{
    set_stage(whole);
    run_all("whole language");
    chosen = "s1";
    run_all("chosen beforehand");
    chosen = NULL;
    clear_stage();
}

Test(allocation, fails_in_flows_that_find_the_person_in_the_id_token)
{
    static const char head[] = "fob: 1\nissuer: https://try.acme.example\n"
                               "authorization_endpoint: https://acme.example/a\n"
                               "token_endpoint: https://acme.example/t\n"
                               "revocation_endpoint: https://acme.example/r\n"
                               "userinfo_endpoint: https://acme.example/me\n";
    char yaml[512];
    static const char *const kinds[] = {
        "identity: {from: id_token, id: /sub, label: /nonce}\n", "identity: {id: /sub, label: /name}\n",
        "callback: {keep: {realm: realm}}\nidentity: {from: kept, id: /realm}\n"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(yaml, sizeof yaml, "%s%s", head, kinds[i]);
        set_stage(yaml);
        run_all(kinds[i]);
        clear_stage();
    }
}

/* --- flows with a plugin that looks at no result ------------------------------------------------------------- */

static int on_endpoint(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_endpoint(call, host->value(call, "endpoint"));
    return FOB_HOOK_DONE;
}

static int on_params(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_param(call, "more", host->param(call, "client_id"));
    host->set_param(call, "still", "more");
    return FOB_HOOK_NEXT;
}

static int on_request(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_header(call, "X-Grant", "odd");
    if (host->param(call, "grant_type") || host->param(call, "token")) /* one with a body */
        host->set_body(call, "text/xml", "<a/>", 4);
    return FOB_HOOK_DONE;
}

static int on_response(void *self, struct fob_call *call, const struct fob_host *host)
{
    size_t len;
    const char *bytes = host->body(call, &len);
    (void)self;
    host->set_response(call, bytes, len);
    return FOB_HOOK_DONE;
}

static int on_token(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_scope(call, "mail");
    host->set_expires_at(call, host->now(call));
    host->log(call, FOB_LOG_INFO, "a token came");
    return FOB_HOOK_DONE;
}

static int on_identity(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self;
    host->set_identity(call, "ada@acme.example");
    return FOB_HOOK_DONE;
}

static const struct fob_plugin_object plugin = {.plugin = {.id = "odd", .role = FOB_ROLE_PROVIDER},
                                                .hooks = {.size = sizeof(struct fob_provider_hooks),
                                                          .endpoint = on_endpoint,
                                                          .authorize_params = on_params,
                                                          .client_auth = on_params,
                                                          .request = on_request,
                                                          .response = on_response,
                                                          .token = on_token,
                                                          .identity = on_identity}};

Test(allocation, fails_in_flows_with_a_plugin)
{
    set_stage(rich);
    provider->plugin = &plugin;
    run_all("plugin");
    clear_stage();
}

/* --- connections -------------------------------------------------------------------------------------------- */

static fob_connection *connection;
static struct fob_buf sealed = {.max = FOB_MAX_RECORD};
static const unsigned char key[32] = "a key of thirty-two bytes, fixed";

static fob_err write_and_seal(void)
{
    static const unsigned char fixed_nonce[FOB_SEAL_NONCE] = "a nonce, of one use only";
    fob_auto_buf plain = FOB_BUF((size_t)FOB_MAX_RECORD), out = FOB_BUF((size_t)FOB_MAX_RECORD);
    fob_err err = fob_connection_write(connection, &plain, NULL);
    if (err == FOB_OK)
        err = fob_seal(key, fixed_nonce, "work", plain.data, plain.len, &out, NULL);
    bool same = err != FOB_OK || !sealed.len ||
                (out.len == sealed.len && memcmp(out.data, sealed.data, out.len) == 0);
    return same ? err : FOB_E_STORE; /* success means that all of it is there */
}

static fob_err unseal_and_read(void)
{
    fob_auto_buf plain = FOB_BUF((size_t)FOB_MAX_RECORD);
    fob_connection *read = NULL;
    fob_err err = fob_unseal(key, "work", sealed.data, sealed.len, &plain, NULL);
    if (err == FOB_OK)
        err = fob_connection_read("work", plain.data, plain.len, &read, NULL);
    fob_connection_unref(&read);
    return err;
}

static fob_err copy_with_another_token(void)
{
    fob_connection *copy = NULL;
    fob_err err = fob_connection_with(connection, before, "revoked", &copy, NULL);
    fob_connection_unref(&copy);
    return err;
}

static fob_err present_a_token(void)
{
    fob_auto_secret *value = NULL;
    const char *name;
    return fob_token_header(before, &name, &value, NULL);
}

static void make_connection(void)
{
    connection = fob_connection_new();
    connection->name = fob_strdup("work");
    connection->provider = fob_strdup("acme");
    connection->environment = fob_strdup("sandbox");
    connection->grant = fob_strdup("authorization_code");
    connection->scope = fob_strdup("mail");
    connection->token = fob_token_ref(before);
    fob_pairs_set(&connection->variables, "tenant", "contoso");
    fob_pairs_set(&connection->shown, "tenant", "contoso");
    fob_pairs_set(&connection->variables, "pin", "1234");
    fob_pairs_set(&connection->shown, "pin", "");
    cr_assert_eq(fob_client_new("my client", fob_client_secret(client), &connection->client, NULL), FOB_OK);
}

static void seal_once(void)
{
    static const unsigned char fixed_nonce[FOB_SEAL_NONCE] = "a nonce, of one use only";
    fob_auto_buf plain = FOB_BUF((size_t)FOB_MAX_RECORD);
    cr_assert_eq(fob_connection_write(connection, &plain, NULL), FOB_OK);
    cr_assert_eq(fob_seal(key, fixed_nonce, "work", plain.data, plain.len, &sealed, NULL), FOB_OK);
}

Test(allocation, fails_in_keeping_a_connection)
{
    set_stage(rich);
    make_connection();
    seal_once();
    fail_each_allocation("write and seal", write_and_seal, 40);
    fail_each_allocation("unseal and read", unseal_and_read, 60);
    fail_each_allocation("copy", copy_with_another_token, 15);
    fail_each_allocation("header", present_a_token, 2);
    fob_buf_free(&sealed);
    fob_connection_unref(&connection);
    clear_stage();
}
