/* SPDX-License-Identifier: MIT */
/* HTTP: from libmicrohttpd to the handlers and back. */
#include "server.h"

#include "reply.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fob/limits.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MAX_ROUTES 16
#define CONNECTION_MEMORY ((size_t)64 * 1024) /* the request line and header fields fit in it */
#define CONNECTION_LIMIT 256u
#define IDLE_SECONDS 30u

struct route {
    char *path;
    handler *get, *post; /* NULL: this method is not taken */
};

struct server {
    struct sandbox *sandbox;
    struct MHD_Daemon *daemon;
    struct route routes[MAX_ROUTES];
    size_t n_routes;
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

static void add_route(struct server *server, char *path, handler *get, handler *post)
{
    if (path && server->n_routes < MAX_ROUTES)
        server->routes[server->n_routes++] = (struct route){path, get, post};
}

static void add_routes(struct server *server)
{
    const struct paths *paths = &server->sandbox->paths;
    add_route(server, text_copy(paths->authorize), authorize_handle, NULL);
    add_route(server, text_copy(CONSENT_PATH), NULL, consent_handle);
    add_route(server, text_copy(paths->token), NULL, token_handle);
    add_route(server, text_copy(paths->revoke), NULL, revoke_handle);
    add_route(server, text_copy(paths->userinfo), api_userinfo_handle, api_userinfo_handle);
    add_route(server, text_copy(API_PATH), api_me_handle, NULL);
    add_route(server, text_copy(JWKS_PATH), metadata_jwks_handle, NULL);
    /* RFC 8414 section 3 puts the issuer's path behind, OpenID Connect Discovery section 4 before. */
    add_route(server, text_printf("/.well-known/oauth-authorization-server%s", paths->issuer),
              metadata_handle, NULL);
    add_route(server, text_printf("%s/.well-known/openid-configuration", paths->issuer), metadata_handle,
              NULL);
}

static void dispatch(struct server *server, const struct request *request, const char *method,
                     struct reply *reply)
{
    bool get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0, post = strcmp(method, "POST") == 0;
    for (size_t i = 0; i < server->n_routes; i++) {
        const struct route *route = &server->routes[i];
        if (strcmp(route->path, request->path) != 0)
            continue;
        handler *handle = get ? route->get : post ? route->post : NULL;
        if (handle) {
            handle(server->sandbox, request, reply);
        } else {
            reply_plain(reply, 405, "This method is not taken here.");
            reply_field(reply, "Allow",
                        text_copy(!route->post ? "GET, HEAD"
                                  : route->get ? "GET, HEAD, POST"
                                               : "POST"));
        }
        return;
    }
    reply_plain(reply, 404, "There is nothing here.");
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

static void free_wiped(void *body)
{
    char *text = body;
    text_drop(&text);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *reply)
{
    /* The body goes on to libmicrohttpd, which has it wiped once it is sent. */
    size_t len = reply->body.len;
    char *body = len ? reply->body.s : text_copy("");
    if (len)
        reply->body = (struct text){0};
    struct MHD_Response *response =
        text_must(MHD_create_response_from_buffer_with_free_callback(len, body, free_wiped));
    for (size_t i = 0; i < reply->n_fields; i++)
        MHD_add_response_header(response, reply->fields[i].name, reply->fields[i].value);
    MHD_add_response_header(response, "Cache-Control", "no-store"); /* RFC 6749 section 5.1 */
    MHD_add_response_header(response, "Pragma", "no-cache");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    enum MHD_Result result = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return result;
}

/* Never the query or a field: both can hold secrets. */
static void log_line(const struct server *server, const char *method, const char *path, unsigned status)
{
    if (!server->sandbox->settings.verbose)
        return;
    struct text line = {0};
    text_fmt(&line, "%.16s %.200s %u\n", method, path, status);
    for (size_t i = 0; i + 1 < line.len; i++)
        if (line.s[i] < 0x20 || line.s[i] > 0x7e)
            line.s[i] = '?';
    fputs(line.s, stderr);
    text_free(&line);
}

static enum MHD_Result respond(struct server *server, struct MHD_Connection *connection, const char *method,
                               struct exchange *exchange)
{
    struct reply reply = {0};
    struct request *request = &exchange->request;
    request->authorization = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    request->content_type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");
    request->body = exchange->body.s ? exchange->body.s : "";
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");

    if (exchange->too_large)
        reply_plain(&reply, 413, "The body is too large.");
    else if (!is_our_host(server->sandbox, host))
        reply_plain(&reply, 421, "This server answers to its loopback address only.");
    else if (strlen(request->body) != exchange->body.len)
        reply_oauth_error(&reply, 400, "invalid_request", "the body holds a NUL");
    else
        dispatch(server, request, method, &reply);

    log_line(server, method, request->path, reply.status);
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
    add_routes(server);
    server->daemon = MHD_start_daemon(
        MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, receive, server,
        MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL,
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
    for (size_t i = 0; i < server->n_routes; i++)
        text_drop(&server->routes[i].path);
    free(server);
}
