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

/* --- the queue -------------------------------------------------------------------------------------------- */

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

bool request_answer(struct listener *listener, unsigned status, const char *html)
{
    struct request *request = listener->queue;
    request->page = page_make(html);
    request->status = status;
    unqueue(request);
    request->is_answering = true;
    listener->n_answering++;
    MHD_resume_connection(request->connection);
    return request->page;
}

/* --- what becomes of a request ---------------------------------------------------------------------------- */

/* The target as received: not decoded, so that only one spelling of the path is the path. */
static bool is_for_path(const struct listener *listener, const char *target)
{
    size_t len = strlen(listener->path);
    return strncmp(target, listener->path, len) == 0 && (target[len] == '\0' || target[len] == '?');
}

static bool has_query(const struct request *request)
{
    return strchr(request->target, '?');
}

static enum MHD_Result refuse(const struct request *request, unsigned status, const char *html)
{
    return page_send(request->connection, status, NULL, html);
}

/* Queues it, unless there is no place for it any more. */
static enum MHD_Result take(struct request *request)
{
    const struct listener *listener = request->listener;
    if (strlen(request->target) > FOB_MAX_REDIRECT)
        return refuse(request, MHD_HTTP_URI_TOO_LONG, "This address is too long.");
    if (listener->is_closing)
        return refuse(request, MHD_HTTP_GONE, "This login has ended. You can close this window.");
    if (listener->n_queued >= MAX_QUEUED)
        return refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE, "Too many requests at once.");
    queue(request);
    return MHD_YES;
}

static enum MHD_Result take_get(struct request *request)
{
    bool asks = request->listener->modes & FOB_LISTEN_FRAGMENT && !has_query(request);
    return asks && !request->listener->is_closing ? page_send_fragment(request->connection) : take(request);
}

static enum MHD_Result take_form(struct request *request)
{
    switch (form_finish(request)) {
    case FORM_TAKEN:
        return take(request);
    case FORM_TOO_LONG:
        return refuse(request, MHD_HTTP_CONTENT_TOO_LARGE, "This form is too long.");
    case FORM_OF_OTHER_TYPE:
        return refuse(request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "Only a form is taken here.");
    case FORM_DAMAGED:
        return refuse(request, MHD_HTTP_BAD_REQUEST, "This form is damaged.");
    case FORM_NO_MEMORY:
        break;
    }
    return MHD_NO;
}

static enum MHD_Result decide(struct request *request, const char *method)
{
    const struct listener *listener = request->listener;
    bool takes_forms = listener->modes & FOB_LISTEN_FORM_POST;
    if (strlen(request->target) > FOB_MAX_REDIRECT)
        return refuse(request, MHD_HTTP_URI_TOO_LONG, "This address is too long.");
    if (!is_for_path(listener, request->target))
        return refuse(request, MHD_HTTP_NOT_FOUND, "There is nothing here.");
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0)
        return take_get(request);
    if (!takes_forms || strcmp(method, MHD_HTTP_METHOD_POST) != 0)
        return page_send(request->connection, MHD_HTTP_METHOD_NOT_ALLOWED, takes_forms ? "GET, POST" : "GET",
                         takes_forms ? "Only GET and POST are answered here." : "Only GET is answered here.");
    if (has_query(request))
        return refuse(request, MHD_HTTP_NOT_FOUND, "There is nothing here.");
    request->is_form = true; /* libmicrohttpd goes on with the body */
    return MHD_YES;
}

/* Called with the header, with each piece of the body, at its end, and when a suspended request goes on. */
enum MHD_Result request_handle(void *cls, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_len, void **context)
{
    struct request *request = *context;
    (void)cls, (void)url, (void)version;
    if (!request || !request->target)
        return MHD_NO;
    if (request->page)
        return MHD_queue_response(connection, request->status, request->page);
    if (!request->is_form)
        return decide(request, method);
    if (*upload_len == 0)
        return take_form(request);
    enum MHD_Result result = form_add(request, upload, *upload_len) ? MHD_YES : MHD_NO;
    *upload_len = 0;
    return result;
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
    form_free(request);
    free(request);
    *context = NULL;
}
