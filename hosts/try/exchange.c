/* SPDX-License-Identifier: MIT */
/* Recorded exchanges, run through a real flow in fake time. */
#include "exchange.h"
#include "client.h"
#include "drive.h"
#include "idtoken.h"
#include "trial.h"

#include <stdlib.h>
#include <string.h>

/* --- the browser -------------------------------------------------------------------------------------------- */

static char *redirect(void *user, const struct fob_action *action)
{
    struct trial *trial = user;
    const struct subject *subject = trial->subject;
    json_t *params = request_query(action->url), *wanted = json_object_get(trial->test, "authorize");
    json_t *fields = json_deep_copy(json_object_get(trial->test, "callback"));
    char *pointer = tree_child(trial->pointer, "authorize"),
         *scope = tree_show(json_object_get(params, "scope"));
    const char *state = tree_text(params, subject_sent_as(subject, "state")),
               *nonce = tree_text(params, "nonce");
    trial_compare(trial, pointer, wanted, params, "parameter", "in the authorization request");
    trial->nonce = nonce ? text_copy(nonce) : NULL;
    trial->has_openid = strstr(scope, "openid") != NULL;
    fields = fields ? fields : must(json_object());
    if (state && !same_text(tree_text(subject->descriptor, "callback/state"), "none") &&
        !json_object_get(fields, subject_comes_as(subject, "state")))
        tree_set_text(fields, subject_comes_as(subject, "state"), state);
    char *uri = callback_uri(TRIAL_REDIRECT, fields);
    json_decref(params);
    json_decref(fields);
    free(pointer);
    free(scope);
    return uri;
}

/* --- answers ------------------------------------------------------------------------------------------------ */

/* Recorded claims become an ID token, and one that nobody recorded is made up. */
static json_t *with_id_token(const struct trial *trial, json_t *answer, bool is_first)
{
    const char *source = tree_text(trial->subject->descriptor, "token/response/fields/id_token");
    const char *pointer = source && *source == '/' ? source : "/id_token";
    json_t *own = must(json_deep_copy(answer)), *given = tree_point(own, pointer);
    bool is_missing = !given && is_first && json_is_object(own) && trial->has_openid &&
                      gives_id_tokens(trial->subject, trial->environment);
    if (!json_is_object(given) && !is_missing)
        return own;
    struct id_token rule = {trial->subject, trial->environment, &trial->values, TRIAL_CLIENT,
                            trial->nonce,   TRIAL_NOW,          given};
    char *jwt = id_token_make(&rule);
    tree_place(&own, pointer, json_string(jwt));
    free(jwt);
    return own;
}

static void fill_reply(const struct trial *trial, json_t *exchange, bool is_first, struct reply *ret)
{
    json_t *status = json_object_get(exchange, "status"), *answer = json_object_get(exchange, "answer"),
           *value;
    const char *text = tree_text(exchange, "text"), *name;
    char *number = tree_show(status);
    ret->status = status ? (int)strtol(number, NULL, 10) : 200;
    json_object_foreach (json_object_get(exchange, "answer_headers"), name, value) {
        char *shown = tree_show(value);
        reply_add(ret, name, shown);
        free(shown);
    }
    if (answer) {
        json_t *whole = with_id_token(trial, answer, is_first);
        ret->body = must(json_dumps(whole, JSON_COMPACT | JSON_ENCODE_ANY));
        reply_add(ret, "Content-Type", "application/json");
        json_decref(whole);
    } else {
        ret->body = text_copy(text ? text : "");
    }
    free(number);
}

static bool answer(void *user, const struct fob_http_request *request, const fob_token *token,
                   struct reply *ret)
{
    struct trial *trial = user;
    json_t *exchanges = json_object_get(trial->test, "exchanges");
    json_t *exchange = json_array_get(exchanges, trial->n_answered);
    char *all = tree_child(trial->pointer, "exchanges"),
         *pointer = text_printf("%s/%zu", all, trial->n_answered);
    if (exchange) {
        trial_compare_request(trial, pointer, exchange, request);
        fill_reply(trial, exchange, !token, ret);
        trial->n_answered++;
    } else {
        char *url = request_url(request->url);
        trial->stopped = true;
        trial_mismatch(trial, json_array_size(exchanges) ? all : trial->pointer,
                       "%zu requests were recorded, and one more is sent: %s %s", json_array_size(exchanges),
                       request->method, url);
        free(url);
    }
    free(pointer);
    free(all);
    return exchange != NULL;
}

/* --- running one -------------------------------------------------------------------------------------------- */

typedef fob_err token_flow_fn(const struct fob_flow_params *params, const fob_token *token,
                              fob_flow **ret_flow, struct fob_error *error);

static fob_err start(fob_session *session, const struct trial *trial, const struct fob_flow_params *params,
                     fob_flow **ret_flow, struct fob_error *error)
{
    static const struct {
        const char *grant;
        token_flow_fn *start;
    } others[] = {
        {"refresh_token", fob_flow_refresh}, {"revoke", fob_flow_revoke}, {"verify", fob_flow_verify}};
    const char *grant = tree_text(trial->test, "grant");
    struct before before = {"access-token", "refresh-token", json_object_get(trial->test, "kept")};
    fob_token *token = NULL;
    if (!grant || strcmp(grant, "authorization_code") == 0)
        return fob_flow_authorization_code(params, ret_flow, error);
    if (strcmp(grant, "client_credentials") == 0)
        return fob_flow_client_credentials(params, ret_flow, error);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(others[i].grant, grant) != 0)
            continue;
        fob_err err = before_make(session, trial->subject, params, &before, &token, error);
        if (err == FOB_OK)
            err = others[i].start(params, token, ret_flow, error);
        fob_token_unref(&token);
        return err;
    }
    return fob_error_set(error, FOB_E_ARGUMENT, "there is no such grant",
                         "authorization_code, client_credentials, refresh_token, revoke or verify");
}

/* What came of it: an error's word, or a token. */
static void judge(struct trial *trial, fob_err err, const struct fob_error *error, const fob_flow *flow)
{
    const char *wanted = tree_text(trial->test, "error"), *came = fob_err_word(err);
    json_t *exchanges = json_object_get(trial->test, "exchanges"),
           *token = json_object_get(trial->test, "token");
    char *at_error = tree_child(trial->pointer, "error"),
         *at_exchanges = tree_child(trial->pointer, "exchanges");
    if (trial->stopped)
        goto done;
    if (wanted && err == FOB_OK)
        trial_mismatch(trial, at_error, "it has to fail with %s, and does not", wanted);
    else if (wanted && strcmp(wanted, came) != 0)
        trial_mismatch(trial, at_error, "it has to fail with %s, and fails with %s: %s", wanted, came,
                       error->what);
    else if (!wanted && err != FOB_OK)
        trial_mismatch(trial, trial->pointer, "it must not fail, and fails with %s: %s", came, error->what);
    if (trial->n_answered < json_array_size(exchanges) && !(err != FOB_OK && !wanted))
        trial_mismatch(trial, at_exchanges, "%zu requests were recorded, and %zu are sent",
                       json_array_size(exchanges), trial->n_answered);
    if (err == FOB_OK && token)
        trial_compare_token(trial, token, flow);
done:
    free(at_error);
    free(at_exchanges);
}

static void run(fob_session *session, struct trial *trial)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "a seed that is always the same.";
    struct script script = {.now = TRIAL_NOW, .user = trial, .redirect = redirect, .answer = answer};
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    struct fob_error error = FOB_ERROR_INIT;
    fob_client *client = NULL;
    fob_flow *flow = NULL;
    bool ended = false;
    values_make(trial->subject, trial->environment, NULL, &trial->values);
    trial->values.client_id = TRIAL_CLIENT;
    fob_err err = client_make(trial->subject, TRIAL_CLIENT, "client-secret", &client, &error);
    params.provider = trial->subject->provider;
    params.client = client;
    params.environment = trial->environment;
    params.variables = trial->values.v;
    params.n_variables = trial->values.n;
    params.redirect_uri = TRIAL_REDIRECT;
    params.seed = seed;
    if (err == FOB_OK)
        err = start(session, trial, &params, &flow, &error);
    if (err == FOB_OK)
        err = drive(flow, &script, &ended, &error);
    judge(trial, err, &error, flow);
    fob_flow_free(&flow);
    fob_client_free(&client);
}

unsigned exchange_run(fob_session *session, const struct subject *subject, const char *name,
                      mismatch_fn *report, void *user)
{
    json_t *test = json_object_get(json_object_get(subject->descriptor, "tests"), name);
    struct trial trial = {.subject = subject,
                          .name = name,
                          .pointer = tree_child("/tests", name),
                          .test = test,
                          .environment = tree_text(test, "environment"),
                          .report = report,
                          .user = user};
    run(session, &trial);
    values_free(&trial.values);
    free(trial.pointer);
    free(trial.nonce);
    return trial.n;
}
