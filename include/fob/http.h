/* SPDX-License-Identifier: MIT */
/* An HTTP request as a flow wants it sent, and the response as a host or transport hands it back. */
#ifndef FOB_HTTP_H
#define FOB_HTTP_H

#include <fob/export.h>
#include <stddef.h>
#include <stdint.h>

FOB_BEGIN_DECLS

/* A name and a value: a header field (RFC 9110 section 5), a parameter, or a variable. */
struct fob_pair {
    const char *name;
    const char *value;
};

/*
 * Read only, and valid until the flow that made it is fed or freed. Header values and the body hold
 * secrets: they must not be logged. Redirects must not be followed (RFC 9700 section 4.12). A field that
 * HTTP itself needs (Host, Content-Length) is left to the transport.
 */
struct fob_http_request {
    size_t size;        /* sizeof(struct fob_http_request) at the maker's build */
    const char *method; /* "GET", "POST" … */
    const char *url;    /* https, or http to a loopback address; without user info and fragment */
    const struct fob_pair *fields;
    size_t n_fields;
    const void *body; /* NULL when there is none */
    size_t body_len;
    int64_t connect_timeout_ms; /* name look-up, connecting and TLS together */
    int64_t total_timeout_ms;   /* the whole exchange */
    size_t max_response;        /* bytes of body after which to give up with FOB_E_LIMIT */
};

/*
 * Field names are compared without case. The body needs no NUL. Whoever filled it owns the memory and
 * keeps it until the call it is handed to returns.
 */
struct fob_http_response {
    size_t size; /* sizeof(struct fob_http_response) at the maker's build */
    int status;  /* 100 to 599 */
    const struct fob_pair *fields;
    size_t n_fields;
    const void *body;
    size_t body_len;
};

FOB_END_DECLS

#endif
