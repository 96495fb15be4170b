/* SPDX-License-Identifier: MIT */
/* Putting a request together: parameters become a body or a query. */
#include "request.h"
#include "error.h"
#include "format.h"
#include "json.h"
#include "text.h"

#include <fob/limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FORM_TYPE "application/x-www-form-urlencoded"
#define JSON_TYPE "application/json"
#define XML_TYPE "application/xml"

static void encode_form(struct fob_buf *out, const struct fob_pairs *params)
{
    for (size_t i = 0; i < params->n; i++) {
        if (i)
            fob_buf_char(out, '&');
        fob_form_encode(out, params->v[i].name, strlen(params->v[i].name));
        fob_buf_char(out, '=');
        fob_form_encode(out, params->v[i].value, strlen(params->v[i].value));
    }
}

static fob_err encode_json(struct fob_buf *out, const struct fob_pairs *params, struct fob_error *error)
{
    fob_auto_json *object = json_object();
    for (size_t i = 0; object && i < params->n; i++) {
        const char *name = params->v[i].name, *value = params->v[i].value;
        if (!fob_utf8_valid(value, strlen(value)))
            return fob_fail(error, FOB_E_CONFIG, "check it, or the encoding in the descriptor",
                            "%s is not UTF-8, and cannot be sent as JSON", name);
        if (json_object_set_new(object, name, json_string(value)) != 0)
            return fob_no_memory(error);
    }
    return object ? fob_json_write(object, JSON_COMPACT, out, error) : fob_no_memory(error);
}

static void add_escaped(struct fob_buf *out, const char *text)
{
    static const struct {
        char plain;
        const char *escaped;
    } table[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
    for (; *text; text++) {
        const char *escaped = NULL;
        for (size_t i = 0; i < sizeof table / sizeof *table; i++)
            if (*text == table[i].plain)
                escaped = table[i].escaped;
        if (escaped)
            fob_buf_str(out, escaped);
        else
            fob_buf_char(out, *text);
    }
}

static fob_err encode_xml(struct fob_buf *out, const struct fob_pairs *params, const char *root,
                          struct fob_error *error)
{
    fob_buf_fmt(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><%s>", root);
    for (size_t i = 0; i < params->n; i++) {
        const char *name = params->v[i].name;
        if (!fob_formats[FOB_FORMAT_ELEMENT].check(name))
            return fob_fail(error, FOB_E_CONFIG, "rename it in the descriptor",
                            "the parameter \"%.64s\" cannot be an XML element", name);
        fob_buf_fmt(out, "<%s>", name);
        add_escaped(out, params->v[i].value);
        fob_buf_fmt(out, "</%s>", name);
    }
    fob_buf_fmt(out, "</%s>", root);
    return FOB_OK;
}

/* A fragment that is a page's own route holds the query; any other is left where it is, at the end. */
static void add_query(struct fob_buf *url, const char *base, const struct fob_pairs *const *parts, size_t n)
{
    const char *fragment = strchr(base, '#');
    bool is_route = fragment && fragment[1] == '/';
    size_t len = fragment && !is_route ? (size_t)(fragment - base) : strlen(base);
    const char *start = is_route ? fragment : base;
    bool has_query = memchr(start, '?', len - (size_t)(start - base)) != NULL;
    fob_buf_add(url, base, len);
    for (size_t i = 0; i < n; i++) {
        if (!parts[i]->n)
            continue;
        fob_buf_char(url, has_query ? '&' : '?');
        encode_form(url, parts[i]);
        has_query = true;
    }
    fob_buf_str(url, fragment && !is_route ? fragment : "");
}

static fob_err make_url(struct fob_request *request, struct fob_error *error)
{
    struct fob_buf url = FOB_BUF(FOB_MAX_URL);
    const struct fob_pairs *parts[] = {&request->params, &request->query};
    bool all = request->encoding == FOB_ENCODE_QUERY;
    if (!request->query.n && !(all && request->params.n))
        return FOB_OK;
    add_query(&url, request->url, all ? parts : parts + 1, all ? 2 : 1);
    fob_err err = fob_buf_finish(&url, "the request's URL", error);
    if (err != FOB_OK) {
        fob_buf_free(&url);
        return err;
    }
    sodium_memzero(request->url, strlen(request->url));
    free(request->url);
    request->url = fob_buf_steal(&url);
    return FOB_OK;
}

fob_err fob_request_body(const struct fob_request *request, struct fob_buf *out, struct fob_error *error)
{
    fob_err err = FOB_OK;
    if (request->encoding == FOB_ENCODE_JSON)
        err = encode_json(out, &request->params, error);
    else if (request->encoding == FOB_ENCODE_XML)
        err = encode_xml(out, &request->params, request->root ? request->root : "request", error);
    else if (request->encoding != FOB_ENCODE_QUERY)
        encode_form(out, &request->params);
    return err == FOB_OK ? fob_buf_finish(out, "the request's body", error) : err;
}

static fob_err make_body(struct fob_request *request, struct fob_error *error)
{
    static const char *const types[] = {[FOB_ENCODE_UNSET] = FORM_TYPE,
                                        [FOB_ENCODE_FORM] = FORM_TYPE,
                                        [FOB_ENCODE_JSON] = JSON_TYPE,
                                        [FOB_ENCODE_QUERY] = NULL,
                                        [FOB_ENCODE_XML] = XML_TYPE};
    fob_buf_free(&request->body);
    if (!types[request->encoding])
        return FOB_OK;
    request->body = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    if (!fob_pairs_get_field(request->fields.v, request->fields.n, "Content-Type"))
        fob_pairs_set_field(&request->fields, "Content-Type", types[request->encoding]);
    return fob_request_body(request, &request->body, error);
}

fob_err fob_request_seal(struct fob_request *request, struct fob_error *error)
{
    fob_err err = FOB_OK;
    if (strcmp(request->method, "GET") == 0)
        request->encoding = FOB_ENCODE_QUERY;
    if (request->params.failed != FOB_OK || request->query.failed != FOB_OK)
        return fob_no_memory(error);
    if (!request->has_own_body)
        err = make_body(request, error);
    if (err == FOB_OK && !(request->has_own_body && request->encoding == FOB_ENCODE_QUERY))
        err = make_url(request, error);
    if (err == FOB_OK && request->fields.failed != FOB_OK)
        err = fob_no_memory(error);
    if (err != FOB_OK)
        return err;
    request->view = (struct fob_http_request){.size = sizeof request->view,
                                              .method = request->method,
                                              .url = request->url,
                                              .fields = request->fields.v,
                                              .n_fields = request->fields.n,
                                              .body = request->body.data,
                                              .body_len = request->body.len,
                                              .connect_timeout_ms = FOB_CONNECT_TIMEOUT_MS,
                                              .total_timeout_ms = FOB_TOTAL_TIMEOUT_MS,
                                              .max_response = FOB_MAX_RESPONSE};
    return FOB_OK;
}

void fob_log_request(const struct fob_logger *logger, const struct fob_http_request *request)
{
    int len = (int)strcspn(request->url, "?#");
    fob_log(logger, FOB_LOG_DEBUG, "%s %.*s", request->method, len, request->url);
}

void fob_request_free(struct fob_request *request)
{
    fob_pairs_free(&request->params);
    fob_pairs_free(&request->query);
    fob_pairs_free(&request->fields);
    fob_buf_free(&request->body);
    if (request->url)
        sodium_memzero(request->url, strlen(request->url));
    free(request->url);
    *request = (struct fob_request){0};
}
