/* SPDX-License-Identifier: MIT */
/* Turning a request into libcurl's options, and refusing what must not be sent. */
#include "transport.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* --- where to ------------------------------------------------------------------------------------------- */

static bool is_loopback(const char *host)
{
    struct in_addr address;
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

/* Read by libcurl's own parser, so that what is checked is what is connected to. */
static bool read_url(struct transport *transport, const char *url, bool *ret_loopback)
{
    char *scheme = NULL, *host = NULL, *port = NULL;
    bool is_read = strlen(url) <= FOB_MAX_URL &&
                   !curl_url_set(transport->url, CURLUPART_URL, url, CURLU_DISALLOW_USER) &&
                   !curl_url_get(transport->url, CURLUPART_SCHEME, &scheme, 0) &&
                   !curl_url_get(transport->url, CURLUPART_HOST, &host, 0) &&
                   !curl_url_get(transport->url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) &&
                   strlen(host) <= FOB_MAX_HOST;
    if (is_read) {
        snprintf(transport->peer, sizeof transport->peer, "%s:%s", host, port);
        transport->is_https = strcmp(scheme, "https") == 0;
        *ret_loopback = is_loopback(host);
        is_read = transport->is_https || strcmp(scheme, "http") == 0;
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    return is_read;
}

static fob_err set_url(struct transport *transport, const char *url, struct fob_error *error)
{
    bool loopback = false;
    if (url && transport->checked_url.len && strcmp(url, transport->checked_url.data) == 0)
        return FOB_OK;
    bytes_clear(&transport->checked_url);
    if (!url || !read_url(transport, url, &loopback))
        return fail(error, FOB_E_ARGUMENT, NULL, "the request's URL is not an https or http URL");
    if (!transport->is_https && !loopback)
        return fail(error, FOB_E_ARGUMENT, "use https", "the request to %s would go without TLS",
                    transport->peer);
    /* A loopback address means this machine, never the proxy's. */
    const char *proxy = loopback ? "" : transport->proxy;
    if (curl_easy_setopt(transport->easy, CURLOPT_URL, url) ||
        curl_easy_setopt(transport->easy, CURLOPT_PROXY, proxy) ||
        !bytes_add_text(&transport->checked_url, url, strlen(url)))
        return fail(error, FOB_E_MEMORY, NULL, "out of memory");
    return FOB_OK;
}

/* --- what to send --------------------------------------------------------------------------------------- */

/* Those that there are consist of capital letters. */
static bool is_method(const char *text)
{
    const char *end = text;
    while (*end >= 'A' && *end <= 'Z')
        end++;
    return end > text && !*end;
}

static fob_err set_method(struct transport *transport, const struct fob_http_request *request,
                          struct fob_error *error)
{
    CURL *easy = transport->easy;
    const char *method = request->method;
    if (!method || !is_method(method))
        return fail(error, FOB_E_ARGUMENT, NULL, "the request's method is not one of HTTP");
    bool is_get = strcmp(method, "GET") == 0, is_head = strcmp(method, "HEAD") == 0;
    bool is_post = strcmp(method, "POST") == 0;
    bool has_body = request->body || is_post;
    transport->may_repeat = is_get || is_head;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    if (!code && has_body)
        code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (!code && has_body)
        code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body ? request->body : "");
    if (!code && has_body)
        code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                (curl_off_t)(request->body ? request->body_len : 0));
    if (!code && is_head)
        code = curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    bool by_itself = has_body ? is_post : is_get || is_head;
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, by_itself ? NULL : method);
    return code ? fail(error, FOB_E_MEMORY, NULL, "out of memory") : FOB_OK;
}

/* RFC 9110 section 5.6.2. */
static bool is_token(const char *text)
{
    bool good = *text != '\0';
    for (; *text && good; text++)
        good = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
               (*text >= '0' && *text <= '9') || strchr("!#$%&'*+-.^_`|~", *text);
    return good;
}

/* RFC 9110 sections 5.1 and 5.5: what would end the line or begin another is no field. */
static bool is_field(const struct fob_pair *field)
{
    return field->name && field->value && is_token(field->name) && !strchr(field->value, '\r') &&
           !strchr(field->value, '\n');
}

/* libcurl's notation: "name: value", or "name;" for a field without a value. */
static bool add_line(struct bytes *text, const struct fob_pair *field)
{
    size_t len = strlen(field->value);
    return bytes_add(text, field->name, strlen(field->name)) &&
           bytes_add(text, len ? ": " : ";", len ? 2 : 1) && bytes_add_text(text, field->value, len);
}

/* libcurl would name a type of its own for a body that has none. */
static const char no_type[] = "Content-Type:";

/* Chains n lines that stand behind each other in the text. */
static struct curl_slist *chain(struct transport *transport, size_t n)
{
    struct bytes *list = &transport->request_list;
    char *line = transport->request_text.data;
    for (size_t i = 0; i < n; i++, line += strlen(line) + 1)
        if (!bytes_add(list, &(struct curl_slist){.data = line}, sizeof(struct curl_slist)))
            return NULL;
    struct curl_slist *nodes = (struct curl_slist *)(void *)list->data;
    for (size_t i = 0; i + 1 < n; i++)
        nodes[i].next = &nodes[i + 1];
    return nodes;
}

static fob_err set_fields(struct transport *transport, const struct fob_http_request *request,
                          struct fob_error *error)
{
    struct bytes *text = &transport->request_text;
    bool is_typed = false, is_kept = true;
    bytes_clear(text);
    bytes_clear(&transport->request_list);
    for (size_t i = 0; i < request->n_fields && is_kept; i++) {
        const struct fob_pair *field = &request->fields[i];
        if (!is_field(field))
            return fail(error, FOB_E_ARGUMENT, NULL, "a header field of the request is not one of HTTP");
        is_typed = is_typed || strcasecmp(field->name, "Content-Type") == 0;
        is_kept = add_line(text, field);
    }
    if (is_kept && !is_typed)
        is_kept = bytes_add(text, no_type, sizeof no_type);
    struct curl_slist *list = is_kept ? chain(transport, request->n_fields + !is_typed) : NULL;
    if (!list || curl_easy_setopt(transport->easy, CURLOPT_HTTPHEADER, list))
        return fail(error, FOB_E_MEMORY, NULL, "out of memory");
    return FOB_OK;
}

/* 0 would mean no timeout, or libcurl's own. */
static long timeout(int64_t ms, int64_t otherwise)
{
    int64_t wanted = ms > 0 ? ms : otherwise;
    return wanted > INT_MAX ? (long)INT_MAX : (long)wanted;
}

static fob_err set_limits(struct transport *transport, const struct fob_http_request *request,
                          struct fob_error *error)
{
    transport->max_body = request->max_response ? request->max_response : FOB_MAX_RESPONSE;
    if (curl_easy_setopt(transport->easy, CURLOPT_CONNECTTIMEOUT_MS,
                         timeout(request->connect_timeout_ms, FOB_CONNECT_TIMEOUT_MS)) ||
        curl_easy_setopt(transport->easy, CURLOPT_TIMEOUT_MS,
                         timeout(request->total_timeout_ms, FOB_TOTAL_TIMEOUT_MS)))
        return fail(error, FOB_E_ARGUMENT, NULL, "the request's timeouts are out of range");
    return FOB_OK;
}

fob_err request_prepare(struct transport *transport, const struct fob_http_request *request,
                        struct fob_error *error)
{
    fob_err err = set_url(transport, request->url, error);
    if (err == FOB_OK)
        err = set_method(transport, request, error);
    if (err == FOB_OK)
        err = set_fields(transport, request, error);
    if (err == FOB_OK)
        err = set_limits(transport, request, error);
    return err;
}
