/* SPDX-License-Identifier: MIT */
/* Running a flow in fake time: nothing is sent, and somebody makes up the answers. */
#ifndef TRY_DRIVE_H
#define TRY_DRIVE_H

#include "tree.h"

#include <fob/fob.h>

#define MAX_REPLY_FIELDS 32

/* An answer that is made up; its strings are its own. */
struct reply {
    int status;
    struct fob_pair fields[MAX_REPLY_FIELDS];
    size_t n_fields;
    char *body;
};
void reply_add(struct reply *reply, const char *name, const char *value);
void reply_free(struct reply *reply);

struct script {
    int64_t now;
    void *user;
    /* The browser was sent to url: what comes back, as a whole URI, the caller's from then on. NULL stops. */
    char *(*redirect)(void *user, const struct fob_action *action);
    /* A request: fills ret, which is empty; false stops. token is the flow's, or NULL while there is none. */
    bool (*answer)(void *user, const struct fob_http_request *request, const fob_token *token,
                   struct reply *ret);
    /* One of several was taken; may be NULL. */
    void (*chosen)(void *user, const struct fob_action *action);
};

/*
 * Until the flow has ended, or the script stops it. *ret_ended: it has. The first of several options is chosen. Errors:
 * what the flow failed with.
 */
fob_err drive(fob_flow *flow, const struct script *script, bool *ret_ended, struct fob_error *error);

/* name=value&… of these, percent-encoded, behind uri and a question mark; the caller's. */
char *callback_uri(const char *uri, json_t *fields);

#endif
