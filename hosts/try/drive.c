/* SPDX-License-Identifier: MIT */
/* Running a flow in fake time. */
#include "drive.h"

#include <stdlib.h>
#include <string.h>

void reply_add(struct reply *reply, const char *name, const char *value)
{
    if (reply->n_fields < MAX_REPLY_FIELDS)
        reply->fields[reply->n_fields++] = (struct fob_pair){text_copy(name), text_copy(value)};
}

void reply_free(struct reply *reply)
{
    for (size_t i = 0; i < reply->n_fields; i++) {
        text_free_const(reply->fields[i].name);
        text_free_const(reply->fields[i].value);
    }
    free(reply->body);
    *reply = (struct reply){0};
}

char *callback_uri(const char *uri, json_t *fields)
{
    struct text out = {0};
    const char *name;
    json_t *value;
    const char *before = "?";
    text_str(&out, uri);
    json_object_foreach (fields, name, value) {
        char *text = tree_show(value), *encoded_name = form_encode(name), *encoded = form_encode(text);
        text_fmt(&out, "%s%s=%s", before, encoded_name, encoded);
        before = "&";
        free(text);
        free(encoded_name);
        free(encoded);
    }
    return text_take(&out);
}

static fob_err feed_answer(fob_flow *flow, const struct script *script,
                           const struct fob_http_request *request, bool *ret_stopped, struct fob_error *error)
{
    struct reply reply = {.status = 200};
    fob_err err = FOB_OK;
    *ret_stopped = !script->answer(script->user, request, fob_flow_token(flow), &reply);
    if (!*ret_stopped) {
        struct fob_http_response response = {.size = sizeof response,
                                             .status = reply.status,
                                             .fields = reply.fields,
                                             .n_fields = reply.n_fields,
                                             .body = reply.body ? reply.body : "",
                                             .body_len = reply.body ? strlen(reply.body) : 0};
        err = fob_flow_feed_response(flow, script->now, &response, error);
    }
    reply_free(&reply);
    return err;
}

static fob_err feed_redirect(fob_flow *flow, const struct script *script, const struct fob_action *action,
                             bool *ret_stopped, struct fob_error *error)
{
    char *uri = script->redirect(script->user, action);
    *ret_stopped = !uri;
    fob_err err = uri ? fob_flow_feed_redirect(flow, script->now, uri, strlen(uri), error) : FOB_OK;
    free(uri);
    return err;
}

static fob_err feed_choice(fob_flow *flow, const struct script *script, const struct fob_action *action,
                           struct fob_error *error)
{
    char *id = text_copy(action->options[0].id);
    if (script->chosen)
        script->chosen(script->user, action);
    fob_err err = fob_flow_feed_choice(flow, script->now, id, error);
    free(id);
    return err;
}

fob_err drive(fob_flow *flow, const struct script *script, bool *ret_ended, struct fob_error *error)
{
    bool stopped = false;
    *ret_ended = false;
    for (;;) {
        struct fob_action action = FOB_ACTION_INIT;
        fob_err err = fob_flow_next(flow, script->now, &action, error);
        if (err != FOB_OK)
            return err;
        if (action.want == FOB_WANT_NOTHING) {
            *ret_ended = true;
            return FOB_OK;
        }
        if (action.want == FOB_WANT_HTTP)
            err = feed_answer(flow, script, action.request, &stopped, error);
        else if (action.want == FOB_WANT_REDIRECT)
            err = feed_redirect(flow, script, &action, &stopped, error);
        else if (action.want == FOB_WANT_CHOICE)
            err = feed_choice(flow, script, &action, error);
        else if (action.want == FOB_WANT_KEEP)
            err = fob_flow_feed_kept(flow, script->now, error);
        else
            stopped = true; /* a wait: no grant has one */
        if (err != FOB_OK || stopped)
            return err;
    }
}
