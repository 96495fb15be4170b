/* SPDX-License-Identifier: MIT */
/* An explanation: real flows in fake time, with a client that nobody has and answers that are made up. */
#include "story.h"
#include "client.h"
#include "drive.h"
#include "jwt.h"
#include "kept.h"
#include "request.h"
#include "shape.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#define CLIENT "CLIENT_ID"
#define CLIENT_SECRET "CLIENT_SECRET"
#define REDIRECT "http://127.0.0.1:4711/callback"
#define START 1767225600000 /* 2026-01-01T00:00:00Z */
#define MAX_LABELS 32

/* One telling: the same is told three times, to see what changes with chance and with time. */
struct telling {
    fob_session *session;
    const struct subject *subject; /* as it is written */
    struct subject own;            /* as it is run: a signature that has to come back cannot be made here */
    const struct story_options *options;
    const char *grant;
    struct values values;
    struct fob_flow_params params;
    struct shape shape;
    unsigned char seed[FOB_FLOW_SEED];
    char *nonce;
    json_t *steps;
    fob_token *token; /* what the login gave */

    /* the requests that are to come, by their blocks */
    const char *labels[MAX_LABELS];
    char *step_labels[MAX_LABELS];
    size_t n_labels, n_step_labels, at;
};

/* --- which requests there will be ----------------------------------------------------------------------------- */

static void expect(struct telling *telling, const char *label)
{
    if (telling->n_labels < MAX_LABELS)
        telling->labels[telling->n_labels++] = label;
}

/* As flows take them: a machine logs in, but is no person. */
static bool is_due(const char *when, const char *block)
{
    bool by_person = strcmp(block, "token") == 0, is_login = strcmp(block, "refresh") != 0;
    if (!when || strcmp(when, "login") == 0)
        return is_login;
    return strcmp(when, "token") == 0 || (strcmp(when, "person") == 0 && by_person);
}

static void expect_steps(struct telling *telling, const char *block, bool before)
{
    const char *name;
    json_t *step;
    json_object_foreach (json_object_get(telling->subject->descriptor, "steps"), name, step) {
        const char *when = tree_text(step, "when");
        bool due = before ? same_text(when, "before") : is_due(when, block);
        if (!due || telling->n_step_labels == MAX_LABELS)
            continue;
        char *label = text_printf("steps/%s", name);
        telling->step_labels[telling->n_step_labels++] = label;
        expect(telling, label);
    }
}

static void expect_grant(struct telling *telling, const char *block)
{
    const char *from = tree_text(telling->subject->descriptor, "identity/from");
    expect_steps(telling, block, true);
    expect(telling, block);
    expect_steps(telling, block, false);
    if (strcmp(block, "token") == 0 && same_text(from, "userinfo"))
        expect(telling, "userinfo");
}

/* --- what is told of a request --------------------------------------------------------------------------------- */

static json_t *told(const char *name, const char *value, const char *in)
{
    json_t *one = must(json_object()), *jwt = jwt_read(value);
    tree_set_text(one, "name", name);
    tree_set_text(one, "value", value);
    tree_set_text(one, "in", in);
    if (jwt)
        tree_set(one, "jwt", jwt);
    return one;
}

static void add_all(json_t *list, json_t *params, const char *in)
{
    const char *name;
    json_t *value;
    json_object_foreach (params, name, value) {
        char *shown = tree_show(value);
        tree_append(list, told(name, shown, in));
        free(shown);
    }
    json_decref(params);
}

/* The same of what is written as a form, from wire.c. */
static void add_wire(json_t *list, json_t *params, const char *in)
{
    json_t *param;
    size_t i;
    json_array_foreach (params, i, param) {
        json_t *one = told(tree_text(param, "name"), tree_text(param, "value"), in);
        tree_set_text(one, "wire", tree_text(param, "wire"));
        tree_append(list, one);
    }
    json_decref(params);
}

static json_t *tell_request(const char *what, const struct fob_http_request *request)
{
    json_t *params = must(json_array()), *headers = must(json_array());
    const char *encoding = request_encoding(request);
    char *url = wire_url(request->url);
    add_wire(params, wire_query(request->url), "query");
    add_wire(params, wire_route_query(request->url), "fragment");
    if (strcmp(encoding, "form") == 0)
        add_wire(params, wire_params(request->body, request->body_len), encoding);
    else
        add_all(params, request_body(request), encoding);
    for (size_t i = 0; i < request->n_fields; i++)
        tree_append(headers, told(request->fields[i].name, request->fields[i].value, "header"));
    json_t *step = must(json_pack("{s:s, s:s, s:s, s:o, s:o}", "what", what, "method", request->method, "url",
                                  url, "headers", headers, "params", params));
    free(url);
    return step;
}

static json_t *names_kept(const struct subject *subject, const char *block)
{
    json_t *response = shape_response(subject, block), *names = must(json_array()), *rule;
    const char *name;
    json_object_foreach (json_object_get(response, "keep"), name, rule)
        tree_append(names, json_string(name));
    json_decref(response);
    return names;
}

static bool answer(void *user, const struct fob_http_request *request, const fob_token *token,
                   struct reply *ret)
{
    struct telling *telling = user;
    const char *label = telling->at < telling->n_labels ? telling->labels[telling->at++] : "token";
    json_t *step = tell_request(label, request), *shown = NULL;
    (void)token;
    shape_answer(&telling->shape, label, ret, &shown);
    json_object_update(step, shown);
    json_decref(shown);
    tree_set(step, "keeps", names_kept(telling->subject, label));
    tree_set(step, "status", json_integer(ret->status));
    tree_append(telling->steps, step);
    return true;
}

/* --- the browser ----------------------------------------------------------------------------------------------- */

static json_t *tell_callback(const struct fob_action *action, json_t *fields)
{
    static const char *const modes[] = {"query", "form_post", "fragment"};
    json_t *params = must(json_array());
    add_all(params, json_incref(fields), modes[action->redirect_mode]);
    json_t *step = must(json_pack("{s:s, s:s, s:s, s:o}", "what", "callback", "url", action->redirect_uri,
                                  "mode", modes[action->redirect_mode], "params", params));
    if (action->warning)
        tree_set_text(step, "warning", action->warning);
    return step;
}

static char *redirect(void *user, const struct fob_action *action)
{
    struct telling *telling = user;
    struct fob_http_request request = {.size = sizeof request, .method = "GET", .url = action->url};
    json_t *params = request_query(action->url), *fields = shape_callback(&telling->shape);
    const char *state = tree_text(params, subject_sent_as(telling->subject, "state"));
    const char *nonce = tree_text(params, "nonce");
    char *scope = tree_show(json_object_get(params, subject_sent_as(telling->subject, "scope")));
    if (state && !same_text(tree_text(telling->subject->descriptor, "callback/state"), "none"))
        tree_set_text(fields, subject_comes_as(telling->subject, "state"), state);
    telling->nonce = nonce ? text_copy(nonce) : NULL;
    telling->shape.nonce = telling->nonce;
    telling->shape.has_openid = strstr(scope, "openid") != NULL;
    tree_append(telling->steps, tell_request("authorize", &request));
    tree_append(telling->steps, tell_callback(action, fields));
    char *uri = callback_uri(REDIRECT, fields);
    json_decref(params);
    json_decref(fields);
    free(scope);
    return uri;
}

/* --- running --------------------------------------------------------------------------------------------------- */

static void tell_failure(struct telling *telling, const struct fob_error *error)
{
    const char *label = telling->at ? telling->labels[telling->at - 1] : NULL;
    json_t *step = must(json_object());
    tree_set_text(step, "what", "failed");
    tree_set_text(step, "after", label);
    tree_set_text(step, "error", error->what);
    tree_append(telling->steps, step);
}

/* Takes the flow over. What cannot be told ends this part, not the others. */
static void run(struct telling *telling, fob_flow *flow, fob_err err, struct fob_error *error)
{
    struct script script = {
        .now = telling->shape.now, .user = telling, .redirect = redirect, .answer = answer};
    bool ended = false;
    if (err == FOB_OK)
        err = drive(flow, &script, &ended, error);
    if (err != FOB_OK)
        tell_failure(telling, error);
    if (err == FOB_OK && !telling->token && fob_flow_token(flow))
        telling->token = fob_token_ref(fob_flow_token(flow));
    fob_flow_free(&flow);
    telling->n_labels = telling->at = 0;
}

/* A token from before, where the login could not be told to its end or is not to be told. */
static fob_err need_token(struct telling *telling, struct fob_error *error)
{
    json_t *kept = must(json_object());
    struct before before = {"ACCESS_TOKEN", "REFRESH_TOKEN", kept};
    static const char *const blocks[] = {"token", "client_credentials", "userinfo"};
    const char *name, *step_name;
    json_t *rule, *step;
    json_object_foreach (tree_at(telling->subject->descriptor, "callback/keep"), name, rule)
        tree_set(kept, name, rule ? json_incref(rule) : NULL);
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        json_object_update(kept, tree_at(tree_at(telling->subject->descriptor, blocks[i]), "response/keep"));
    json_object_foreach (json_object_get(telling->subject->descriptor, "steps"), step_name, step)
        json_object_update(kept, tree_at(step, "response/keep"));
    json_object_foreach (kept, name, rule) {
        char *value =
            kept_sample(telling->subject, telling->options->environment, &telling->values, name, rule);
        json_object_set_new(kept, name, must(json_string(value)));
        free(value);
    }
    fob_err err =
        before_make(telling->session, &telling->own, &telling->params, &before, &telling->token, error);
    json_decref(kept);
    return err;
}

typedef fob_err token_flow_fn(const struct fob_flow_params *params, const fob_token *token,
                              fob_flow **ret_flow, struct fob_error *error);

static void tell_token_flow(struct telling *telling, token_flow_fn *start)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_flow *flow = NULL;
    fob_err err = telling->token ? FOB_OK : need_token(telling, &error);
    if (err == FOB_OK)
        err = start(&telling->params, telling->token, &flow, &error);
    run(telling, flow, err, &error);
}

static bool is_wanted(const struct telling *telling, const char *part)
{
    const char *asked = telling->options->grant;
    bool is_login =
        !asked || strcmp(asked, "authorization_code") == 0 || strcmp(asked, "client_credentials") == 0;
    return is_login || strcmp(asked, part) == 0;
}

static void tell_refresh(struct telling *telling)
{
    json_t *d = telling->subject->descriptor;
    const char *with = tree_text(d, "refresh/with");
    bool by_token = !with || strcmp(with, "refresh_token") == 0;
    bool has_token = telling->token ? fob_token_refresh(telling->token) != NULL : telling->shape.has_refresh;
    if (!is_wanted(telling, "refresh_token") || (by_token && !has_token))
        return;
    expect_grant(telling, "refresh");
    tell_token_flow(telling, fob_flow_refresh);
}

static void tell_rest(struct telling *telling)
{
    json_t *d = telling->subject->descriptor;
    const char *environment = telling->options->environment;
    bool can_verify = tree_text(d, "verify/endpoint") ||
                      subject_metadata(telling->subject, environment, "userinfo_endpoint");
    bool can_revoke = tree_text(d, "revoke/endpoint") ||
                      subject_metadata(telling->subject, environment, "revocation_endpoint");
    tell_refresh(telling);
    if (can_verify && is_wanted(telling, "verify")) {
        expect(telling, "verify");
        tell_token_flow(telling, fob_flow_verify);
    }
    if (can_revoke && is_wanted(telling, "revoke")) {
        expect(telling, "revoke");
        expect(telling, "revoke");
        tell_token_flow(telling, fob_flow_revoke);
    }
}

static fob_err tell_login(struct telling *telling, struct fob_error *error)
{
    bool is_code = strcmp(telling->grant, "authorization_code") == 0;
    fob_flow *flow = NULL;
    fob_err err = is_code ? fob_flow_authorization_code(&telling->params, &flow, error)
                          : fob_flow_client_credentials(&telling->params, &flow, error);
    if (err != FOB_OK)
        return err;
    expect_grant(telling, is_code ? "token" : "client_credentials");
    run(telling, flow, FOB_OK, error);
    return FOB_OK;
}

/* --- one telling ----------------------------------------------------------------------------------------------- */

/* Without what only the provider can make: a signature of its own. */
static fob_err read_own(struct telling *telling, struct fob_error *error)
{
    json_t *descriptor = must(json_deep_copy(telling->subject->descriptor));
    json_object_del(json_object_get(descriptor, "callback"), "require");
    json_object_del(descriptor, "extends");
    json_object_del(descriptor, "tests");
    tree_set_text(descriptor, "id", fob_provider_id(telling->subject->provider));
    fob_err err =
        subject_read_tree(telling->session, descriptor, telling->subject->file, &telling->own, error);
    json_decref(descriptor);
    return err;
}

static bool has_refresh(const struct telling *telling)
{
    json_t *grants = json_object_get(telling->subject->descriptor, "grant_types_supported"), *grant;
    bool listed = json_array_size(grants) == 0;
    size_t i;
    json_array_foreach (grants, i, grant)
        listed = listed || same_text(json_string_value(grant), "refresh_token");
    return listed && strcmp(telling->grant, "client_credentials") != 0;
}

static fob_err tell_all(struct telling *telling, struct fob_error *error)
{
    const char *asked = telling->options->grant;
    bool is_login = !asked || strcmp(asked, telling->grant) == 0;
    fob_err err = is_login ? tell_login(telling, error) : FOB_OK;
    if (err == FOB_OK)
        tell_rest(telling);
    return err;
}

static fob_err tell(fob_session *session, const struct subject *subject, const struct story_options *options,
                    const char *grant, int64_t now, unsigned char chance, json_t **ret_steps,
                    struct fob_error *error)
{
    struct telling telling = {.session = session, .subject = subject, .options = options, .grant = grant};
    fob_client *client = NULL;
    telling.steps = must(json_array());
    memset(telling.seed, chance, sizeof telling.seed);
    values_make(subject, options->environment, options->variables, &telling.values);
    telling.values.client_id = CLIENT;
    fob_err err = read_own(&telling, error);
    if (err == FOB_OK)
        err = client_make(subject, CLIENT, CLIENT_SECRET, &client, error);
    telling.params = (struct fob_flow_params){.size = sizeof telling.params,
                                              .provider = telling.own.provider,
                                              .client = client,
                                              .environment = options->environment,
                                              .variables = telling.values.v,
                                              .n_variables = telling.values.n,
                                              .scopes = options->scopes,
                                              .n_scopes = options->n_scopes,
                                              .redirect_uri = REDIRECT,
                                              .seed = telling.seed};
    telling.shape = (struct shape){.subject = subject,
                                   .environment = options->environment,
                                   .values = &telling.values,
                                   .client_id = CLIENT,
                                   .has_refresh = has_refresh(&telling),
                                   .now = now};
    if (err == FOB_OK)
        err = tell_all(&telling, error);
    if (err == FOB_OK)
        *ret_steps = json_incref(telling.steps);
    for (size_t i = 0; i < telling.n_step_labels; i++)
        free(telling.step_labels[i]);
    fob_token_unref(&telling.token);
    fob_client_free(&client);
    subject_free(&telling.own);
    values_free(&telling.values);
    free(telling.nonce);
    json_decref(telling.steps);
    return err;
}

/* --- the whole -------------------------------------------------------------------------------------------------- */

static json_t *used_variables(const struct subject *subject, const struct story_options *options)
{
    struct values values;
    json_t *used = must(json_object());
    values_make(subject, options->environment, options->variables, &values);
    for (size_t i = 0; i < values.n; i++)
        tree_set_text(used, values.v[i].name, values.v[i].value);
    values_free(&values);
    return used;
}

fob_err story_tell(fob_session *session, const struct subject *subject, const struct story_options *options,
                   json_t **ret_story, struct fob_error *error)
{
    bool has_page = fob_provider_supports(subject->provider, "authorization_code");
    bool by_machine = same_text(options->grant, "client_credentials") || (!has_page && !options->grant);
    const char *grant = by_machine ? "client_credentials" : "authorization_code";
    json_t *tellings[3] = {NULL, NULL, NULL}, *step;
    size_t i;
    fob_err err = tell(session, subject, options, grant, START, 1, &tellings[0], error);
    if (err == FOB_OK)
        err = tell(session, subject, options, grant, START, 2, &tellings[1], error);
    if (err == FOB_OK)
        err = tell(session, subject, options, grant, START + 1234567, 1, &tellings[2], error);
    if (err == FOB_OK) {
        varies_note(tellings[0], tellings[1], tellings[2]);
        json_array_foreach (tellings[0], i, step)
            origin_note(subject, options->environment, step);
        *ret_story =
            must(json_pack("{s:s, s:s, s:s, s:s, s:s?, s:b, s:o, s:O}", "provider",
                           fob_provider_id(subject->provider), "name", fob_provider_name(subject->provider),
                           "file", subject->file, "grant", options->grant ? options->grant : grant,
                           "environment", options->environment, "has_key", client_key_alg(subject) != NULL,
                           "variables", used_variables(subject, options), "steps", tellings[0]));
    }
    for (i = 0; i < 3; i++)
        json_decref(tellings[i]);
    return err;
}
