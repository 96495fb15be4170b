/* SPDX-License-Identifier: MIT */
/* The grants of a descriptor, against a sandbox that behaves as it describes. */
#include "live.h"
#include "drive.h"
#include "server.h"
#include "visit.h"
#include "ways.h"

#include <stdlib.h>
#include <string.h>

#define REDIRECT "http://127.0.0.1:4711/callback"

struct live {
    fob_session *session;
    struct server server;
    struct subject subject; /* the sandbox's own descriptor */
    struct values values;
    fob_client *client;
    unsigned char seed[FOB_FLOW_SEED];
    struct fob_flow_params params;
    struct fob_error failure; /* of a request that was not answered */
    int64_t ahead;            /* of the machine's clock, in ms */
    json_t *results, *skipped;
};

/* --- driving ------------------------------------------------------------------------------------------------------ */

static char *redirect(void *user, const struct fob_action *action)
{
    struct live *live = user;
    return visit(live->session, action->url, REDIRECT, &live->failure);
}

static bool answer(void *user, const struct fob_http_request *request, const fob_token *token,
                   struct reply *ret)
{
    struct live *live = user;
    struct fob_http_response response;
    (void)token;
    if (fob_send(live->session, request, &response, &live->failure) != FOB_OK)
        return false;
    ret->status = response.status;
    for (size_t i = 0; i < response.n_fields; i++)
        reply_add(ret, response.fields[i].name, response.fields[i].value);
    ret->body = text_slice(response.body ? response.body : "", response.body_len);
    return true;
}

/* why NULL: it passed. */
static void note(struct live *live, const char *grant, const struct fob_error *why)
{
    json_t *one = must(json_object());
    tree_set_text(one, "grant", grant);
    tree_set(one, "passed", json_boolean(why == NULL));
    tree_set_text(one, "what", why ? why->what : NULL);
    if (why && *why->fix)
        tree_set_text(one, "fix", why->fix);
    tree_append(live->results, one);
}

/* Takes the flow over; its token, a reference of its own, or NULL. */
static fob_token *run(struct live *live, const char *grant, fob_flow *flow, fob_err err,
                      struct fob_error *error)
{
    struct script script = {
        .now = fob_now() + live->ahead, .user = live, .redirect = redirect, .answer = answer};
    bool ended = false;
    live->failure = (struct fob_error)FOB_ERROR_INIT;
    if (err == FOB_OK)
        err = drive(flow, &script, &ended, error);
    if (err == FOB_OK && !ended)
        note(live, grant, &live->failure);
    else
        note(live, grant, err == FOB_OK ? NULL : error);
    fob_token *token = err == FOB_OK && ended ? fob_token_ref(fob_flow_token(flow)) : NULL;
    fob_flow_free(&flow);
    return token;
}

typedef fob_err token_flow_fn(const struct fob_flow_params *params, const fob_token *token,
                              fob_flow **ret_flow, struct fob_error *error);

static fob_token *run_with(struct live *live, const char *grant, token_flow_fn *start, const fob_token *token)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_flow *flow = NULL;
    fob_err err = fob_random(live->seed, sizeof live->seed, &error);
    if (err == FOB_OK)
        err = start(&live->params, token, &flow, &error);
    return run(live, grant, flow, err, &error);
}

/* --- the clock ------------------------------------------------------------------------------------------------ */

/* The sandbox's, and ours with it. */
static bool move_clock(struct live *live, int64_t seconds)
{
    char *url = text_printf("%s/sandbox/clock", tree_text(live->server.ready, "origin"));
    char *body = text_printf("advance=%lld", (long long)seconds);
    struct fob_pair field = {"Content-Type", "application/x-www-form-urlencoded"};
    struct fob_http_request request = {.size = sizeof request,
                                       .method = "POST",
                                       .url = url,
                                       .fields = &field,
                                       .n_fields = 1,
                                       .body = body,
                                       .body_len = strlen(body)};
    struct fob_http_response response;
    struct fob_error error = FOB_ERROR_INIT;
    bool moved = fob_send(live->session, &request, &response, &error) == FOB_OK && response.status == 200;
    live->ahead += moved ? seconds * 1000 : 0;
    free(url);
    free(body);
    return moved;
}

/* A refresh that is refused while the token is young, or good for long: until it is old enough, and good for half as long. */
static bool wait_to_refresh(struct live *live, const fob_token *token)
{
    json_t *refresh = json_object_get(live->subject.descriptor, "refresh");
    int64_t now = fob_now() + live->ahead, end = fob_token_expires_at(token);
    int64_t min_age = way_duration(tree_text(refresh, "min_age")),
            max_ttl = way_duration(tree_text(refresh, "max_ttl"));
    int64_t wait = min_age;
    if (max_ttl && end && end - max_ttl / 2 - now > wait)
        wait = end - max_ttl / 2 - now;
    return wait == 0 || move_clock(live, (wait + 999) / 1000);
}

/* --- which grants ------------------------------------------------------------------------------------------------- */

/* NULL: it can. */
static const char *why_no_refresh(struct live *live, const fob_token *token)
{
    const char *with = tree_text(live->subject.descriptor, "refresh/with");
    bool by_token = !with || strcmp(with, "refresh_token") == 0;
    if (by_token && !fob_token_refresh(token))
        return "no refresh token came with the token";
    return wait_to_refresh(live, token) ? NULL
                                        : "it is refused at once, and the sandbox's clock cannot be moved";
}

static void try_token(struct live *live, fob_token *token)
{
    const char *why = why_no_refresh(live, token);
    fob_token *newer = why ? NULL : run_with(live, "refresh_token", fob_flow_refresh, token);
    fob_token *last = newer ? newer : token;
    if (why && has_refresh(&live->subject))
        way_skip(live->skipped, "refresh_token", why);
    bool is_open = is_verify_open(&live->subject) || strstr(fob_token_scope(last), "openid");
    if (has_way(&live->subject, "verify/endpoint", "userinfo_endpoint") && is_open)
        run_with(live, "verify", fob_flow_verify, last);
    else if (has_way(&live->subject, "verify/endpoint", "userinfo_endpoint"))
        way_skip(live->skipped, "verify", "userinfo is for a token with the scope openid");
    if (has_way(&live->subject, "revoke/endpoint", "revocation_endpoint"))
        run_with(live, "revoke", fob_flow_revoke, last);
    fob_token_unref(&newer);
}

typedef fob_err login_fn(const struct fob_flow_params *params, fob_flow **ret_flow, struct fob_error *error);

static void try_grant(struct live *live, const char *grant, login_fn *start, bool with_rest)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_flow *flow = NULL;
    if (!fob_provider_supports(live->subject.provider, grant))
        return;
    fob_err err = fob_random(live->seed, sizeof live->seed, &error);
    if (err == FOB_OK)
        err = start(&live->params, &flow, &error);
    fob_token *token = run(live, grant, flow, err, &error);
    if (token && with_rest)
        try_token(live, token);
    else if (with_rest)
        way_skip_token(&live->subject, "there is no token to do it with", live->skipped);
    fob_token_unref(&token);
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */

static fob_err make_client(struct live *live, struct fob_error *error)
{
    const char *id = tree_text(live->server.ready, "client_id"), *text = live->server.secret,
               *pem = live->server.key;
    fob_secret *secret = NULL, *key = NULL;
    fob_err err = text ? fob_secret_new(text, strcspn(text, "\r\n"), &secret, error) : FOB_OK;
    if (err == FOB_OK && pem)
        err = fob_secret_new(pem, strlen(pem), &key, error);
    if (err == FOB_OK)
        err = fob_client_new_with_key(id ? id : "sandbox", secret, key, &live->client, error);
    fob_secret_free(&secret);
    fob_secret_free(&key);
    return err;
}

/* What the sandbox tells, and what it was told; those that it leaves out are left out here as well. */
static json_t *shared_variables(struct live *live)
{
    json_t *all = json_object_get(live->subject.descriptor, "variables"), *shared = must(json_object()),
           *rule, *told;
    struct values own;
    const char *name;
    void *next;
    values_make(&live->subject, NULL, NULL, &own);
    for (size_t i = 0; i < own.n; i++)
        if (json_is_true(json_object_get(json_object_get(all, own.v[i].name), "secret")))
            tree_set_text(shared, own.v[i].name, own.v[i].value);
    values_free(&own);
    json_object_update(shared, json_object_get(live->server.ready, "variables"));
    json_object_foreach_safe(all, next, name, rule)
    {
        told = json_object_get(shared, name);
        if (!json_is_string(told))
            json_object_del(all, name);
    }
    return shared;
}

static fob_err set_up(struct live *live, const char *id, struct fob_error *error)
{
    char *file = text_printf("%s.yaml", id);
    fob_err err = subject_read(live->session, live->server.descriptor, strlen(live->server.descriptor), file,
                               &live->subject, error);
    free(file);
    if (err == FOB_OK)
        err = make_client(live, error);
    if (err != FOB_OK)
        return err;
    json_t *variables = shared_variables(live);
    values_make(&live->subject, NULL, variables, &live->values);
    json_decref(variables);
    live->params = (struct fob_flow_params){.size = sizeof live->params,
                                            .provider = live->subject.provider,
                                            .client = live->client,
                                            .variables = live->values.v,
                                            .n_variables = live->values.n,
                                            .redirect_uri = REDIRECT,
                                            .seed = live->seed};
    return FOB_OK;
}

json_t *live_try(fob_session *session, const struct subject *subject, const char *program, json_t *skipped,
                 char **ret_why)
{
    struct live live = {.session = session, .results = must(json_array()), .skipped = skipped};
    struct fob_error error = FOB_ERROR_INIT;
    *ret_why = server_start(program, subject, REDIRECT, &live.server);
    if (*ret_why)
        return live.results;
    if (set_up(&live, fob_provider_id(subject->provider), &error) == FOB_OK) {
        bool has_page = fob_provider_supports(live.subject.provider, "authorization_code");
        try_grant(&live, "authorization_code", fob_flow_authorization_code, true);
        if (has_machine_login(&live.subject))
            try_grant(&live, "client_credentials", fob_flow_client_credentials, !has_page);
        way_skip_foreign(&live.subject, skipped);
    } else {
        *ret_why = text_printf("the sandbox's own descriptor cannot be read: %s", error.what);
    }
    fob_client_free(&live.client);
    values_free(&live.values);
    subject_free(&live.subject);
    server_stop(&live.server);
    return live.results;
}

void live_skip(const struct subject *subject, const char *why, json_t *skipped)
{
    if (fob_provider_supports(subject->provider, "authorization_code"))
        way_skip(skipped, "authorization_code", why);
    way_skip_token(subject, why, skipped);
    if (has_machine_login(subject))
        way_skip(skipped, "client_credentials", why);
    way_skip_foreign(subject, skipped);
}
