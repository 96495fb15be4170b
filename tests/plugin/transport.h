/* SPDX-License-Identifier: MIT */
/* A transport under test: opened from its shared object, and asked for a path of a server. */
#ifndef TEST_TRANSPORT_H
#define TEST_TRANSPORT_H

#include "server.h"

#include <fob/plugin.h>

struct subject {
    const struct fob_transport_ops *ops;
    void *self;
    struct fob_http_response response;
    struct fob_error error;
};

/* config NULL: the system's CAs, no look at the environment. */
struct subject subject_open(const struct fob_transport_config *config);
void subject_close(struct subject *subject);

/* One request with generous limits. */
struct fob_http_request request_to(const char *method, const char *url);
fob_err subject_perform(struct subject *subject, const struct fob_http_request *request);

/* GET of scheme://host:port/path. */
fob_err subject_get(struct subject *subject, const char *origin, unsigned port, const char *path);

/* The same as text, which the response has to be. */
void expect_body(const struct subject *subject, const char *text);
/* NULL when there is none. */
const char *field_of(const struct subject *subject, const char *name);
void expect_what(const struct subject *subject, const char *part);

#endif
