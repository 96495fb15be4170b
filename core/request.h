/* SPDX-License-Identifier: MIT */
/* A request being put together: parameters and header fields first, then sealed into what goes out. */
#ifndef CORE_REQUEST_H
#define CORE_REQUEST_H

#include "buf.h"
#include "descriptor.h"
#include "logger.h"
#include "pairs.h"

struct fob_request {
    const char *method; /* static or the descriptor's */
    char *url;
    enum fob_encoding encoding;
    struct fob_pairs params, fields;
    struct fob_buf body; /* a plugin's own, or made of params by fob_request_seal */
    bool has_own_body;
    unsigned hook_params, hook_fields; /* how many of them hooks added */
    struct fob_http_request view;      /* valid once sealed */
};

/* Encodes params into the body, or for GET into the query; sets Content-Type; fills view. Errors: FOB_E_LIMIT, FOB_E_CONFIG (what
 * is no UTF-8 cannot be JSON), FOB_E_MEMORY. */
fob_err fob_request_seal(struct fob_request *request, struct fob_error *error);

/* "POST https://host/path" without query: all that may be logged of it. */
void fob_log_request(const struct fob_logger *logger, const struct fob_http_request *request);

void fob_request_free(struct fob_request *request);

#endif
