/* SPDX-License-Identifier: MIT */
/* Taking in a response: its header fields and its body, both within their limits. */
#include "transport.h"

#include <string.h>

void response_clear(struct transport *transport)
{
    bytes_clear(&transport->head);
    bytes_clear(&transport->body);
    transport->n_fields = 0;
    transport->head_seen = 0;
    transport->in_head = false;
    transport->stop = STOP_NOT;
    transport->sent = false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Appends a NUL-terminated copy without the white space around it. */
static bool keep(struct bytes *head, const char *text, const char *end, size_t *ret_at)
{
    while (text < end && is_blank(*text))
        text++;
    while (end > text && is_blank(end[-1]))
        end--;
    size_t at = head->len;
    if (!bytes_add_text(head, text, (size_t)(end - text)))
        return false;
    *ret_at = at;
    return true;
}

static bool keep_field(struct transport *transport, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    if (!colon || is_blank(*line) || transport->n_fields == FOB_MAX_RESPONSE_FIELDS)
        return true;
    struct field *field = &transport->at[transport->n_fields];
    if (!keep(&transport->head, line, colon, &field->name) ||
        !keep(&transport->head, colon + 1, line + len, &field->value))
        return false;
    transport->n_fields++;
    return true;
}

/* Once a line, of every response: an interim one (RFC 9110 section 15.2) is forgotten when the next begins. */
static size_t on_head(char *line, size_t size, size_t n, void *user)
{
    struct transport *transport = user;
    size_t len = size * n;
    transport->head_seen += len;
    if (transport->head_seen > FOB_MAX_RESPONSE_HEAD) {
        transport->stop = STOP_HEAD_LIMIT;
        return 0;
    }
    if (len > 5 && memcmp(line, "HTTP/", 5) == 0) {
        bytes_clear(&transport->head);
        transport->n_fields = 0;
        transport->in_head = true;
    } else if (is_blank(*line) && len <= 2) {
        transport->in_head = false; /* what comes after the body are trailers: not taken */
    } else if (transport->in_head && !keep_field(transport, line, len)) {
        transport->stop = STOP_MEMORY;
        return 0;
    }
    return len;
}

static size_t on_body(char *data, size_t size, size_t n, void *user)
{
    struct transport *transport = user;
    size_t len = size * n;
    if (len > transport->max_body - transport->body.len)
        transport->stop = STOP_BODY_LIMIT;
    else if (!bytes_add(&transport->body, data, len))
        transport->stop = STOP_MEMORY;
    return transport->stop == STOP_NOT ? len : 0;
}

/*
 * Called when the connection stands and the request is about to be sent. libcurl sends again over a fresh connection
 * when a kept one dies without an answer; the server may have done what the first one asked, so only a request
 * that may be repeated is let through twice (RFC 9110 section 9.2.2).
 */
static int on_send(void *user, char *remote, char *local, int remote_port, int local_port)
{
    struct transport *transport = user;
    (void)remote, (void)local, (void)remote_port, (void)local_port;
    if (transport->sent && !transport->may_repeat) {
        transport->stop = STOP_RESEND;
        return CURL_PREREQFUNC_ABORT;
    }
    transport->sent = true;
    return CURL_PREREQFUNC_OK;
}

fob_err response_listen(struct transport *transport)
{
    CURL *easy = transport->easy;
    bool is_set = !curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head) &&
                  !curl_easy_setopt(easy, CURLOPT_HEADERDATA, transport) &&
                  !curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) &&
                  !curl_easy_setopt(easy, CURLOPT_WRITEDATA, transport) &&
                  !curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_send) &&
                  !curl_easy_setopt(easy, CURLOPT_PREREQDATA, transport);
    return is_set ? FOB_OK : FOB_E_SYSTEM;
}

fob_err response_give(struct transport *transport, struct fob_http_response *ret, struct fob_error *error)
{
    long status = 0;
    curl_easy_getinfo(transport->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status < 100 || status > 599) {
        fail(error, FOB_E_NETWORK, NULL, "the answer of %s is not proper HTTP: its status is %ld",
             transport->peer, status);
        if (error)
            error->maybe_sent = 1;
        return FOB_E_NETWORK;
    }
    for (size_t i = 0; i < transport->n_fields; i++)
        transport->fields[i] = (struct fob_pair){.name = transport->head.data + transport->at[i].name,
                                                 .value = transport->head.data + transport->at[i].value};
    ret->status = (int)status;
    ret->fields = transport->fields;
    ret->n_fields = transport->n_fields;
    ret->body = transport->body.len ? transport->body.data : "";
    ret->body_len = transport->body.len;
    return FOB_OK;
}
