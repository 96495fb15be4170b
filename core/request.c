/* SPDX-License-Identifier: MIT */
/* Putting a request together: parameters become a body or a query. */
#include "request.h"
#include "error.h"
#include "json.h"
#include "text.h"

#include <fob/limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FORM_TYPE "application/x-www-form-urlencoded"
#define JSON_TYPE "application/json"

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

static fob_err params_to_query(struct fob_request *request, struct fob_error *error)
{
    struct fob_buf url = FOB_BUF(FOB_MAX_URL);
    if (!request->params.n)
        return FOB_OK;
    fob_buf_str(&url, request->url);
    fob_buf_char(&url, strchr(request->url, '?') ? '&' : '?');
    encode_form(&url, &request->params);
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

static fob_err params_to_body(struct fob_request *request, struct fob_error *error)
{
    bool as_json = request->encoding == FOB_ENCODE_JSON;
    request->body = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    fob_pairs_set_field(&request->fields, "Content-Type", as_json ? JSON_TYPE : FORM_TYPE);
    if (as_json)
        return encode_json(&request->body, &request->params, error);
    encode_form(&request->body, &request->params);
    return fob_buf_finish(&request->body, "the request's body", error);
}

fob_err fob_request_seal(struct fob_request *request, struct fob_error *error)
{
    bool is_get = strcmp(request->method, "GET") == 0;
    fob_err err = FOB_OK;
    if (request->params.failed != FOB_OK)
        return fob_no_memory(error);
    if (!request->has_own_body)
        err = is_get ? params_to_query(request, error) : params_to_body(request, error);
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
    fob_pairs_free(&request->fields);
    fob_buf_free(&request->body);
    if (request->url)
        sodium_memzero(request->url, strlen(request->url));
    free(request->url);
    *request = (struct fob_request){0};
}
