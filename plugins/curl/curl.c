/* SPDX-License-Identifier: MIT */
/* The HTTP transport over libcurl: what is fixed for every request, and the plugin's tables. */
#include "transport.h"

#include <fcntl.h>
#include <fob/version.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

/* --- opening -------------------------------------------------------------------------------------------- */

struct long_option {
    CURLoption option;
    long value;
};

static const struct long_option fixed[] = {
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_PROXY_SSL_VERIFYPEER, 1},
    {CURLOPT_PROXY_SSL_VERIFYHOST, 2},
    {CURLOPT_FOLLOWLOCATION, 0},           /* RFC 9700 section 4.12 */
    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1}, /* a credential never comes from a URL */
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},   /* nor from a file that fob does not know */
    {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1}, /* a proxy's own answer is not the server's */
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_NOSIGNAL, 1}, /* threads; perform() sees to SIGPIPE */
};

static bool set_fixed(struct transport *transport)
{
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (curl_easy_setopt(transport->easy, fixed[i].option, fixed[i].value))
            return false;
    return !curl_easy_setopt(transport->easy, CURLOPT_PROTOCOLS_STR, "https,http") &&
           !curl_easy_setopt(transport->easy, CURLOPT_ERRORBUFFER, transport->reason) &&
           response_listen(transport) == FOB_OK;
}

/* Only this file is trusted then: the system's own CAs are out. */
static fob_err set_ca(CURL *easy, const char *file, struct fob_error *error)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(error, FOB_E_CONFIG, "give a readable PEM file", "the CA file %s cannot be opened", file);
    close(fd);
    if (curl_easy_setopt(easy, CURLOPT_CAINFO, file) || curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) ||
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, file) ||
        curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL))
        return fail(error, FOB_E_CONFIG, NULL, "the CA file %s cannot be used", file);
    return FOB_OK;
}

/* The address is not quoted: it may hold a password. */
static fob_err set_proxy(struct transport *transport, const struct fob_transport_config *config,
                         struct fob_error *error)
{
    const char *proxy = config->proxy ? config->proxy : config->ignore_environment ? "" : NULL;
    if (!proxy)
        return FOB_OK;
    if (*proxy &&
        curl_url_set(transport->url, CURLUPART_URL, proxy, CURLU_DEFAULT_SCHEME | CURLU_NON_SUPPORT_SCHEME))
        return fail(error, FOB_E_CONFIG, "write it as http://host:port", "the proxy is not a URL");
    transport->proxy = strdup(proxy);
    return transport->proxy ? FOB_OK : fail(error, FOB_E_MEMORY, NULL, "out of memory");
}

static fob_err configure(struct transport *transport, const struct fob_transport_config *config,
                         struct fob_error *error)
{
    transport->log = config->log;
    if (!(transport->url = curl_url()) || !(transport->easy = curl_easy_init()))
        return fail(error, FOB_E_MEMORY, NULL, "out of memory");
    if (!set_fixed(transport))
        return fail(error, FOB_E_SYSTEM, "install libcurl 7.85 or later, with TLS",
                    "this libcurl (%s) lacks what is needed", curl_version_info(CURLVERSION_NOW)->version);
    if (config->user_agent && curl_easy_setopt(transport->easy, CURLOPT_USERAGENT, config->user_agent))
        return fail(error, FOB_E_MEMORY, NULL, "out of memory");
    fob_err err = set_proxy(transport, config, error);
    if (err == FOB_OK && config->ca_file)
        err = set_ca(transport->easy, config->ca_file, error);
    return err;
}

static void transport_close(void *self)
{
    struct transport *transport = self;
    if (!transport)
        return;
    curl_easy_cleanup(transport->easy);
    curl_url_cleanup(transport->url);
    free(transport->proxy);
    bytes_free(&transport->checked_url);
    bytes_free(&transport->request_text);
    bytes_free(&transport->request_list);
    bytes_free(&transport->head);
    bytes_free(&transport->body);
    free(transport);
}

static fob_err transport_open(const struct fob_transport_config *config, void **ret_self,
                              struct fob_error *error)
{
    struct fob_transport_config known = {0};
    struct transport *transport = calloc(1, sizeof *transport);
    if (!transport)
        return fail(error, FOB_E_MEMORY, NULL, "out of memory");
    if (config)
        memcpy(&known, config, config->size < sizeof known ? config->size : sizeof known);
    fob_err err = configure(transport, &known, error);
    if (err == FOB_OK)
        *ret_self = transport;
    else
        transport_close(transport);
    return err;
}

/* --- sending -------------------------------------------------------------------------------------------- */

/*
 * A TLS write to a connection that the server has closed raises SIGPIPE, which would end the host: it is held back
 * in this thread, and taken off again if it came. The process's own handling of it is not touched.
 */
static CURLcode perform_quietly(CURL *easy)
{
    sigset_t pipe, before, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    CURLcode code = curl_easy_perform(easy);
    sigpending(&pending);
    if (!was_pending && sigismember(&pending, SIGPIPE) == 1)
        sigtimedwait(&pipe, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

static void log_answer(struct transport *transport, const struct fob_http_response *response)
{
    char line[FOB_MAX_HOST + 128];
    long connects = 0;
    if (!transport->log.write || transport->log.level < FOB_LOG_DEBUG)
        return;
    curl_easy_getinfo(transport->easy, CURLINFO_NUM_CONNECTS, &connects);
    snprintf(line, sizeof line, "transport-curl: %s answered %d with %zu bytes over a %s connection",
             transport->peer, response->status, response->body_len, connects ? "new" : "kept");
    transport->log.write(transport->log.user, FOB_LOG_DEBUG, line);
}

static fob_err transport_perform(void *self, const struct fob_http_request *request,
                                 struct fob_http_response *ret, struct fob_error *error)
{
    struct transport *transport = self;
    if (request->size < sizeof *request || ret->size < sizeof *ret)
        return fail(error, FOB_E_ARGUMENT, NULL, "the request or the response lacks members");
    response_clear(transport);
    transport->reason[0] = '\0';
    fob_err err = request_prepare(transport, request, error);
    if (err == FOB_OK) {
        /* Without TLS, libcurl sends with MSG_NOSIGNAL: nothing to hold back, and four system calls less. */
        bool is_tls = strncmp(request->url, "https:", 6) == 0;
        CURLcode code = is_tls ? perform_quietly(transport->easy) : curl_easy_perform(transport->easy);
        err = code ? fail_transfer(transport, code, error) : response_give(transport, ret, error);
    }
    bytes_clear(&transport->request_text);
    if (err == FOB_OK)
        log_answer(transport, ret);
    else
        response_clear(transport);
    return err;
}

/* --- the plugin ----------------------------------------------------------------------------------------- */

static fob_err plugin_open(const struct fob_host *host, void **ret_self, struct fob_error *error)
{
    (void)host;
    *ret_self = NULL;
    /* libcurl appends the keys of each TLS session to that file, in a set-uid program too: a stranger would choose it. */
    if (getauxval(AT_SECURE) && getenv("SSLKEYLOGFILE"))
        return fail(error, FOB_E_CONFIG, "unset SSLKEYLOGFILE",
                    "SSLKEYLOGFILE is set for a program with raised rights");
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return fail(error, FOB_E_SYSTEM, NULL, "libcurl cannot be set up");
    return FOB_OK;
}

static void plugin_close(void *self)
{
    (void)self;
    curl_global_cleanup();
}

static const struct fob_transport_ops transport = {
    .size = sizeof transport, .open = transport_open, .close = transport_close, .perform = transport_perform};

static const struct fob_plugin plugin = {.abi_major = FOB_PLUGIN_ABI_MAJOR,
                                         .abi_minor = FOB_PLUGIN_ABI_MINOR,
                                         .size = sizeof plugin,
                                         .id = "transport-curl",
                                         .role = FOB_ROLE_TRANSPORT,
                                         .version = FOB_VERSION,
                                         .summary = "HTTP and HTTPS over libcurl",
                                         .open = plugin_open,
                                         .close = plugin_close,
                                         .transport = &transport};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn fob_plugin_v1;

const struct fob_plugin *fob_plugin_v1(void)
{
    return &plugin;
}
