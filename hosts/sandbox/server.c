/* SPDX-License-Identifier: MIT */
/* HTTP: from libmicrohttpd to the handlers and back. */
#include "server.h"

#include "clock.h"
#include "dispatch.h"
#include "log.h"
#include "reply.h"
#include "tree.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fob/limits.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define CONNECTION_MEMORY ((size_t)64 * 1024) /* the request line and header fields fit in it */
#define CONNECTION_LIMIT 256u
#define IDLE_SECONDS 30u

struct server {
    struct sandbox *sandbox;
    struct MHD_Daemon *daemon;
};

/* One request on its way in. */
struct exchange {
    char *target; /* path, NUL, query */
    struct request request;
    struct text body;
    bool began, too_large;
};

int server_listen(const char *host, uint16_t *port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(*port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(*port)};
    bool is_v6 = strchr(host, ':') != NULL;
    if (inet_pton(is_v6 ? AF_INET6 : AF_INET, host, is_v6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr) !=
        1) {
        errno = EINVAL;
        return -1;
    }
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {0};
    socklen_t size = is_v6 ? sizeof v6 : sizeof v4;
    memcpy(&address, is_v6 ? (void *)&v6 : (void *)&v4, size);

    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, &address.any, size) || listen(fd, SOMAXCONN) || getsockname(fd, &address.any, &size)) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    *port = ntohs(is_v6 ? address.v6.sin6_port : address.v4.sin_port);
    return fd;
}

/* A page of another site must not reach us by a name that leads here (DNS rebinding). */
static bool is_our_host(const struct sandbox *sandbox, const char *host)
{
    const char *authority = sandbox->origin + strlen("http://");
    const char *port = strrchr(authority, ':');
    size_t name = strlen("localhost");
    return host && (strcasecmp(host, authority) == 0 ||
                    (strncasecmp(host, "localhost", name) == 0 && strcmp(host + name, port) == 0));
}

/* --- the way out ------------------------------------------------------------------------------------------------------ */

/* A body on its way; half of it may be all that is sent. */
struct sending {
    char *body;
    size_t len;
    bool cut;
};

static ssize_t send_part(void *user, uint64_t at, char *out, size_t max)
{
    const struct sending *sending = user;
    size_t end = sending->cut ? sending->len / 2 : sending->len;
    if (at >= end)
        return sending->cut ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
    size_t len = end - (size_t)at < max ? end - (size_t)at : max;
    memcpy(out, sending->body + at, len);
    return (ssize_t)len;
}

static void free_wiped(void *user)
{
    struct sending *sending = user;
    text_drop(&sending->body);
    free(sending);
}

/* RFC 9110 section 5.6.7; by the sandbox's clock, which need not be right. */
static void add_date(struct MHD_Response *response)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = (time_t)(clock_now() / 1000);
    struct tm t;
    if (!gmtime_r(&now, &t))
        return;
    char *date = text_printf("%s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday,
                             months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
    MHD_add_response_header(response, "Date", date);
    text_drop(&date);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *reply)
{
    if (reply->loss == LOSS_ALL)
        return MHD_NO; /* closes the connection */
    struct sending *sending = text_must(calloc(1, sizeof *sending));
    *sending = (struct sending){reply->body.s ? reply->body.s : text_copy(""), reply->body.len,
                                reply->loss == LOSS_HALF};
    reply->body = (struct text){0};
    struct MHD_Response *response =
        text_must(MHD_create_response_from_callback(sending->len, 4096, send_part, sending, free_wiped));
    for (size_t i = 0; i < reply->n_fields; i++)
        MHD_add_response_header(response, reply->fields[i].name, reply->fields[i].value);
    add_date(response);
    MHD_add_response_header(response, "Cache-Control", "no-store"); /* RFC 6749 section 5.1 */
    MHD_add_response_header(response, "Pragma", "no-cache");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    enum MHD_Result result = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return result;
}

/* --- the way in ------------------------------------------------------------------------------------------------------- */

static enum MHD_Result add_header(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    char *small = text_copy(name);
    for (char *at = small; *at; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    json_t *text = json_string(value ? value : ""); /* NULL when it is no UTF-8 */
    if (text)
        json_object_set_new(user, small, text);
    text_drop(&small);
    return MHD_YES;
}

const char *request_header(const struct request *request, const char *name)
{
    char *small = text_copy(name);
    for (char *at = small; *at; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    const char *value = tree_text(request->headers, small);
    text_drop(&small);
    return value;
}

static enum MHD_Result respond(struct server *server, struct MHD_Connection *connection, const char *method,
                               struct exchange *exchange)
{
    struct reply reply = {0};
    struct request *request = &exchange->request;
    request->headers = text_must(json_object());
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, request->headers);
    request->method = method;
    request->body = exchange->body.s ? exchange->body.s : "";

    if (exchange->too_large)
        reply_plain(&reply, 413, "The body is too large.");
    else if (!is_our_host(server->sandbox, request_header(request, "host")))
        reply_plain(&reply, 421, "This server answers to its loopback address only.");
    else if (strlen(request->body) != exchange->body.len)
        reply_oauth_error(&reply, 400, "invalid_request", "the body holds a NUL");
    else
        dispatch(server->sandbox, request, &reply);

    log_reply(server->sandbox, request, &reply);
    enum MHD_Result result = send_reply(connection, &reply);
    reply_free(&reply);
    return result;
}

/* Called first, with the request target as it came in. */
static void *begin(void *user, const char *target, struct MHD_Connection *connection)
{
    (void)user;
    (void)connection;
    struct exchange *exchange = text_must(calloc(1, sizeof *exchange));
    exchange->target = text_copy(target);
    char *query = strchr(exchange->target, '?');
    if (query)
        *query++ = 0;
    exchange->request.path = exchange->target;
    exchange->request.query_text = query ? query : "";
    params_read(&exchange->request.query, query ? query : "", &exchange->request.query_problem);
    return exchange;
}

static void finish(void *user, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode why)
{
    (void)user;
    (void)connection;
    (void)why;
    struct exchange *exchange = *state;
    if (!exchange)
        return;
    params_free(&exchange->request.query);
    json_decref(exchange->request.headers);
    text_free(&exchange->body);
    text_drop(&exchange->target);
    free(exchange);
    *state = NULL;
}

static enum MHD_Result receive(void *user, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *data, size_t *data_len,
                               void **state)
{
    (void)url;
    (void)version;
    struct exchange *exchange = *state;
    if (!exchange->began) {
        exchange->began = true;
        return MHD_YES;
    }
    if (*data_len == 0)
        return respond(user, connection, method, exchange);
    exchange->too_large |= *data_len > FOB_MAX_REQUEST_BODY - exchange->body.len;
    if (!exchange->too_large)
        text_add(&exchange->body, data, *data_len);
    *data_len = 0;
    return MHD_YES;
}

struct server *server_start(struct sandbox *sandbox, int socket)
{
    struct server *server = text_must(calloc(1, sizeof *server));
    server->sandbox = sandbox;
    server->daemon = MHD_start_daemon(
        MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_SUPPRESS_DATE_NO_CLOCK, 0, NULL, NULL,
        receive, server, MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, finish, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_LIMIT, CONNECTION_LIMIT, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!server->daemon) {
        close(socket);
        server_stop(server);
        return NULL;
    }
    return server;
}

void server_stop(struct server *server)
{
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    free(server);
}
