/* SPDX-License-Identifier: MIT */
/* What the files of this transport share. */
#ifndef CURL_TRANSPORT_H
#define CURL_TRANSPORT_H

#include "bytes.h"

#include <curl/curl.h>
#include <fob/limits.h>
#include <fob/plugin.h>

/* Where a header field stands in the text of the head, which moves while it grows. */
struct field {
    size_t name, value;
};

/* Why a callback stopped the transfer. */
enum stop { STOP_NOT, STOP_MEMORY, STOP_BODY_LIMIT, STOP_HEAD_LIMIT, STOP_RESEND };

struct transport {
    CURL *easy; /* one for all requests: it keeps the connections */
    CURLU *url;
    char *proxy; /* as configured; "" for none at all; NULL: libcurl looks at the environment */
    struct fob_logger log;
    char reason[CURL_ERROR_SIZE]; /* libcurl's own words on what failed */

    /* the request that is under way */
    char peer[FOB_MAX_HOST + 16]; /* host:port, for errors */
    struct bytes
        checked_url; /* what libcurl has as its URL, with NUL: the same once more needs no second look */
    bool is_https;
    bool may_repeat; /* GET and HEAD only, RFC 9110 section 9.2.2 */
    bool sent;       /* the connection stood, and sending began */
    enum stop stop;
    size_t max_body;
    struct bytes request_text; /* header lines */
    struct bytes request_list; /* struct curl_slist over them */

    /* its response; kept until the next request */
    bool in_head;
    size_t head_seen; /* bytes of header fields, kept or not */
    struct bytes head, body;
    size_t n_fields;
    struct field at[FOB_MAX_RESPONSE_FIELDS];
    struct fob_pair fields[FOB_MAX_RESPONSE_FIELDS];
};

/* request.c: FOB_E_ARGUMENT for what must not be sent, FOB_E_MEMORY. */
fob_err request_prepare(struct transport *transport, const struct fob_http_request *request,
                        struct fob_error *error);

/* response.c */
fob_err response_listen(struct transport *transport);
void response_clear(struct transport *transport);
/* The response as it was received; FOB_E_NETWORK when its status is none. */
fob_err response_give(struct transport *transport, struct fob_http_response *ret, struct fob_error *error);

/* failure.c: fills *error and returns code. fix may be NULL. */
fob_err fail(struct fob_error *error, fob_err code, const char *fix, const char *what_fmt, ...)
    FOB_PRINTF(4, 5);
/* What libcurl's code means for the request that was under way. */
fob_err fail_transfer(struct transport *transport, CURLcode code, struct fob_error *error);

#endif
