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
    const char *root;        /* of an XML body; NULL: "request" */
    struct fob_pairs params; /* in the body, or with FOB_ENCODE_QUERY in the query */
    struct fob_pairs query;  /* in the query, whatever the encoding */
    struct fob_pairs fields;
    struct fob_buf body; /* a plugin's own, or made of params by fob_request_seal */
    bool has_own_body;
    unsigned hook_params, hook_fields; /* how many of them hooks added */
    struct fob_http_request view;      /* valid once sealed */
};

/* What the body would be if the request were sealed now: "" where the parameters go into the query. Errors: as seal. */
fob_err fob_request_body(const struct fob_request *request, struct fob_buf *out, struct fob_error *error);

/*
 * Encodes params into the body or the query, for GET always into the query; sets Content-Type; fills view. The query of a
 * URL whose fragment is a route ("#/…") goes behind the fragment, else before it. Errors: FOB_E_LIMIT, FOB_E_MEMORY,
 * FOB_E_CONFIG (a parameter whose name is no XML element, or that is no UTF-8 for JSON).
 */
fob_err fob_request_seal(struct fob_request *request, struct fob_error *error);

/* "POST https://host/path" without query: all that may be logged of it. */
void fob_log_request(const struct fob_logger *logger, const struct fob_http_request *request);

void fob_request_free(struct fob_request *request);

#endif
