/* SPDX-License-Identifier: MIT */
/* A flow driven from its first step to its last against a server that always answers the same; what went out is kept. */
#ifndef SUPPORT_DRIVE_H
#define SUPPORT_DRIVE_H

#include "fake_flow.h"

static int status = 200;
static const char *body = "{\"access_token\":\"" AT "\",\"refresh_token\":\"" RT "\",\"expires_in\":60}";

/* What went out: the authorization URL and the last request. */
static char *opened, *sent_url, *sent_body, *sent_fields;

static inline void forget_sent(void)
{
    free(opened);
    free(sent_url);
    free(sent_body);
    free(sent_fields);
    opened = sent_url = sent_body = sent_fields = NULL;
}

static inline void remember(const struct fob_http_request *request)
{
    fob_auto_buf fields = FOB_BUF((size_t)1024 * 1024);
    for (size_t i = 0; i < request->n_fields; i++)
        fob_buf_fmt(&fields, "%s: %s\n", request->fields[i].name, request->fields[i].value);
    free(sent_url);
    free(sent_body);
    free(sent_fields);
    sent_url = fob_strdup(request->url);
    sent_body = fob_strndup(request->body ? request->body : "", request->body_len);
    sent_fields = fob_strdup(fields.data ? fields.data : "");
}

/* Does what the flow wants until it is done or fails. */
static inline fob_err drive(fob_flow *flow, struct fob_error *error)
{
    for (;;) {
        struct fob_action action = FOB_ACTION_INIT;
        fob_err err = fob_flow_next(flow, START, &action, error);
        if (err == FOB_OK && action.want == FOB_WANT_REDIRECT) {
            opened = fob_strdup(action.url);
            err = redirect(flow, "&code=" CODE, error);
        } else if (err == FOB_OK && action.want == FOB_WANT_HTTP) {
            remember(action.request);
            err = answer(flow, status, body, error);
        } else {
            return err;
        }
        if (err != FOB_OK)
            return err;
    }
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
