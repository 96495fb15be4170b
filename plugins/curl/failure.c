/* SPDX-License-Identifier: MIT */
/* Saying which step of a request failed, and whether the server may have seen it. */
#include "transport.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* libcurl's words may quote what the server sent: printable ASCII only. */
static void put_text(char *out, size_t size, const char *text)
{
    size_t used = 0;
    for (; text && *text && used + 1 < size; text++)
        out[used++] = *text >= 0x20 && *text < 0x7f ? *text : '?';
    out[used] = '\0';
}

fob_err fail(struct fob_error *error, fob_err code, const char *fix, const char *what_fmt, ...)
{
    if (!error)
        return code;
    char what[sizeof error->what];
    va_list args;
    va_start(args, what_fmt);
    vsnprintf(what, sizeof what, what_fmt, args);
    va_end(args);
    *error = (struct fob_error)FOB_ERROR_INIT;
    error->code = code;
    put_text(error->what, sizeof error->what, what);
    put_text(error->fix, sizeof error->fix, fix);
    return code;
}

#define FIX_NAME "check the network, and the host name in the provider's descriptor"
#define FIX_PROXY "check the proxy that is configured (https_proxy)"
#define FIX_CONNECT "check the network, and that the server is up; then try again"
#define FIX_AGAIN "try again later"
#define FIX_TRUST                                                                                            \
    "check this machine's date, and that it has the server's CA (SSL_CERT_FILE names another one)"
#define FIX_TLS "the server has to offer TLS 1.2 or later; check for a proxy in between"
#define FIX_CA "give a PEM file with the CA certificates to trust"

/* A step that failed: text before and behind the peer, then libcurl's reason where it adds something. */
struct step {
    CURLcode code;
    fob_err err;
    bool with_reason;
    const char *before, *behind, *fix;
};

#define UNTRUSTED(code)                                                                                      \
    {                                                                                                        \
        code, FOB_E_TLS, true, "the certificate of ", " is not trusted", FIX_TRUST                           \
    }
#define NO_TLS(code)                                                                                         \
    {                                                                                                        \
        code, FOB_E_TLS, true, "no TLS with ", "", FIX_TLS                                                   \
    }
#define NOT_HTTP(code)                                                                                       \
    {                                                                                                        \
        code, FOB_E_NETWORK, true, "the answer of ", " is not proper HTTP", NULL                             \
    }

static const struct step steps[] = {
    {CURLE_COULDNT_RESOLVE_HOST, FOB_E_NETWORK, false, "the name of ", " cannot be looked up", FIX_NAME},
    {CURLE_COULDNT_RESOLVE_PROXY, FOB_E_NETWORK, false, "the name of the proxy for ", " cannot be looked up",
     FIX_PROXY},
    {CURLE_COULDNT_CONNECT, FOB_E_NETWORK, true, "no connection to ", "", FIX_CONNECT},
    {CURLE_PROXY, FOB_E_NETWORK, true, "the proxy gives no connection to ", "", FIX_PROXY},
    UNTRUSTED(CURLE_PEER_FAILED_VERIFICATION),
    UNTRUSTED(CURLE_SSL_ISSUER_ERROR),
    UNTRUSTED(CURLE_SSL_INVALIDCERTSTATUS),
    NO_TLS(CURLE_SSL_CONNECT_ERROR),
    NO_TLS(CURLE_SSL_CIPHER),
    NO_TLS(CURLE_SSL_CERTPROBLEM),
    {CURLE_SSL_CACERT_BADFILE, FOB_E_CONFIG, true, "the CA certificates to check ", " with cannot be read",
     FIX_CA},
    {CURLE_GOT_NOTHING, FOB_E_NETWORK, false, "", " closed the connection without an answer", FIX_AGAIN},
    {CURLE_PARTIAL_FILE, FOB_E_NETWORK, false, "the answer of ", " was cut off", FIX_AGAIN},
    {CURLE_SEND_ERROR, FOB_E_NETWORK, true, "the connection to ", " broke while sending", FIX_AGAIN},
    {CURLE_RECV_ERROR, FOB_E_NETWORK, true, "the connection to ", " broke before the answer was complete",
     FIX_AGAIN},
    NOT_HTTP(CURLE_WEIRD_SERVER_REPLY),
    NOT_HTTP(CURLE_UNSUPPORTED_PROTOCOL),
    {CURLE_OUT_OF_MEMORY, FOB_E_MEMORY, false, "out of memory while asking ", "", NULL},
};

static const struct step unknown_step = {CURLE_OK, FOB_E_NETWORK, true, "the request to ", " failed", NULL};

static const struct step *find_step(CURLcode code)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].code == code)
            return &steps[i];
    return &unknown_step;
}

static fob_err fail_timeout(struct transport *transport, struct fob_error *error)
{
    const char *fix = FIX_CONNECT;
    const char *during = "waiting for the answer";
    curl_off_t looked_up = 0;
    long port = 0;
    curl_easy_getinfo(transport->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    curl_easy_getinfo(transport->easy, CURLINFO_PRIMARY_PORT, &port);
    if (transport->sent)
        fix = FIX_AGAIN;
    else if (!looked_up)
        during = "looking up its name";
    else if (!port)
        during = "connecting";
    else
        during = "agreeing on TLS";
    return fail(error, FOB_E_NETWORK, fix, "%s took too long: timeout while %s", transport->peer, during);
}

static fob_err fail_stopped(struct transport *transport, struct fob_error *error)
{
    const char *peer = transport->peer;
    switch (transport->stop) {
    case STOP_BODY_LIMIT:
        return fail(error, FOB_E_LIMIT, NULL, "the answer of %s is longer than %zu bytes", peer,
                    transport->max_body);
    case STOP_HEAD_LIMIT:
        return fail(error, FOB_E_LIMIT, NULL, "the header of %s is longer than %d bytes", peer,
                    FOB_MAX_RESPONSE_HEAD);
    case STOP_RESEND:
        return fail(error, FOB_E_NETWORK, FIX_AGAIN, "%s closed the connection without an answer", peer);
    default:
        return fail(error, FOB_E_MEMORY, NULL, "out of memory while asking %s", peer);
    }
}

static fob_err fail_connect_method(struct transport *transport, long status, struct fob_error *error)
{
    return fail(error, FOB_E_NETWORK, FIX_PROXY, "the proxy gives no connection to %s: it answered %ld",
                transport->peer, status);
}

static fob_err fail_step(struct transport *transport, CURLcode code, struct fob_error *error)
{
    const struct step *step = find_step(code);
    const char *reason = transport->reason[0] ? transport->reason : curl_easy_strerror(code);
    long sys_errno = 0, tunnel = 0;
    curl_easy_getinfo(transport->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
    if (!transport->sent && tunnel >= 300)
        return fail_connect_method(transport, tunnel, error);
    if (code == CURLE_COULDNT_CONNECT &&
        curl_easy_getinfo(transport->easy, CURLINFO_OS_ERRNO, &sys_errno) == CURLE_OK && sys_errno)
        reason = strerrordesc_np((int)sys_errno);
    if (!step->with_reason || !reason)
        reason = "";
    fail(error, step->err, step->fix, "%s%s%s%s%s", step->before, transport->peer, step->behind,
         *reason ? ": " : "", reason);
    if (error)
        error->sys_errno = (int)sys_errno;
    return step->err;
}

fob_err fail_transfer(struct transport *transport, CURLcode code, struct fob_error *error)
{
    fob_err err;
    if (transport->stop != STOP_NOT)
        err = fail_stopped(transport, error);
    else if (code == CURLE_OPERATION_TIMEDOUT)
        err = fail_timeout(transport, error);
    else
        err = fail_step(transport, code, error);
    if (error)
        error->maybe_sent = transport->sent;
    return err;
}
