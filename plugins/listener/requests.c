/* SPDX-License-Identifier: MIT */
/* Requests: the path's are queued until the host answers them, all others are answered here. */
#include "listener.h"

#include <stdlib.h>
#include <string.h>

/*
 * Requests that may wait at once. Whoever gets in first, a stray page or a pre-fetching browser, must not cost the
 * person the real redirect: it waits behind them.
 */
#define MAX_QUEUED 8

struct field {
    const char *name, *value;
};

static const struct field page_fields[] = {
    {"Content-Type", "text/html; charset=utf-8"},
    {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                                "form-action 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"}, /* the page's own URL holds the code */
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Connection", "close"},
};

static struct MHD_Response *make_page(const char *html)
{
    struct MHD_Response *page =
        MHD_create_response_from_buffer_with_free_callback(strlen(html), strdup(html), &free);
    for (size_t i = 0; page && i < sizeof page_fields / sizeof page_fields[0]; i++) {
        if (MHD_add_response_header(page, page_fields[i].name, page_fields[i].value) != MHD_YES) {
            MHD_destroy_response(page);
            return NULL;
        }
    }
    return page;
}

static enum MHD_Result send_page(struct MHD_Connection *connection, unsigned status, const char *html)
{
    struct MHD_Response *page = make_page(html);
    if (!page)
        return MHD_NO;
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(page, "Allow", "GET");
    enum MHD_Result result = MHD_queue_response(connection, status, page);
    MHD_destroy_response(page);
    return result;
}

void *request_begin(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        return NULL;
    request->listener = cls;
    request->connection = connection;
    request->target = strdup(target);
    return request;
}

/* The target as received: not decoded, so that only one spelling of the path is the path. */
static bool is_for_path(const struct listener *listener, const char *target)
{
    size_t len = strlen(listener->path);
    return strncmp(target, listener->path, len) == 0 && (target[len] == '\0' || target[len] == '?');
}

static void queue(struct request *request)
{
    struct request **end = &request->listener->queue;
    while (*end)
        end = &(*end)->next;
    *end = request;
    request->is_queued = true;
    request->listener->n_queued++;
    MHD_suspend_connection(request->connection);
}

static void unqueue(struct request *request)
{
    struct listener *listener = request->listener;
    for (struct request **at = &listener->queue; *at; at = &(*at)->next) {
        if (*at != request)
            continue;
        if (at == &listener->queue)
            listener->is_given = false;
        *at = request->next;
        listener->n_queued--;
        break;
    }
    request->is_queued = false;
}

static enum MHD_Result refuse(struct request *request, const char *method)
{
    struct listener *listener = request->listener;
    if (strlen(request->target) > FOB_MAX_REDIRECT)
        return send_page(request->connection, MHD_HTTP_URI_TOO_LONG, "This address is too long.");
    if (!is_for_path(listener, request->target))
        return send_page(request->connection, MHD_HTTP_NOT_FOUND, "There is nothing here.");
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
        return send_page(request->connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET is answered here.");
    if (listener->is_closing)
        return send_page(request->connection, MHD_HTTP_GONE,
                         "This login has ended. You can close this window.");
    return send_page(request->connection, MHD_HTTP_SERVICE_UNAVAILABLE, "Too many requests at once.");
}

static bool is_wanted(const struct request *request, const char *method)
{
    const struct listener *listener = request->listener;
    return strlen(request->target) <= FOB_MAX_REDIRECT && is_for_path(listener, request->target) &&
           strcmp(method, MHD_HTTP_METHOD_GET) == 0 && !listener->is_closing &&
           listener->n_queued < MAX_QUEUED;
}

enum MHD_Result request_handle(void *cls, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_len, void **context)
{
    struct request *request = *context;
    (void)cls, (void)url, (void)version, (void)upload, (void)upload_len;
    if (!request || !request->target)
        return MHD_NO;
    if (request->page)
        return MHD_queue_response(connection, request->status, request->page);
    if (!is_wanted(request, method))
        return refuse(request, method);
    queue(request);
    return MHD_YES;
}

bool request_answer(struct listener *listener, unsigned status, const char *html)
{
    struct request *request = listener->queue;
    request->page = make_page(html);
    request->status = status;
    unqueue(request);
    request->is_answering = true;
    listener->n_answering++;
    MHD_resume_connection(request->connection);
    return request->page;
}

void request_end(void *cls, struct MHD_Connection *connection, void **context,
                 enum MHD_RequestTerminationCode code)
{
    struct request *request = *context;
    (void)cls, (void)connection, (void)code;
    if (!request)
        return;
    if (request->is_queued)
        unqueue(request);
    if (request->is_answering)
        request->listener->n_answering--;
    if (request->page)
        MHD_destroy_response(request->page);
    if (request->target)
        explicit_bzero(request->target, strlen(request->target));
    free(request->target);
    free(request);
    *context = NULL;
}
