/* SPDX-License-Identifier: MIT */
/* Redirect URIs: which are taken, and the way back through one. */
#include "redirect.h"

#include "reply.h"

#include <string.h>

static const char *const hosts[] = {"http://127.0.0.1", "http://[::1]", "http://localhost"};

/* The length of scheme, host and port, or 0 when the URI does not begin with a loopback one. */
static size_t origin_length(const char *uri)
{
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t len = strlen(hosts[i]);
        if (strnlen(uri, len) < len || memcmp(uri, hosts[i], len) != 0)
            continue;
        if (uri[len] == ':') {
            size_t digits = strspn(uri + len + 1, "0123456789");
            if (digits == 0 || digits > 5)
                return 0;
            len += 1 + digits;
        }
        return strchr("/?", uri[len]) ? len : 0; /* the end of the string is found too */
    }
    return 0;
}

bool redirect_is_loopback(const char *uri)
{
    for (const char *c = uri; *c; c++)
        if (*c <= 0x20 || *c > 0x7e || strchr("#\"<>\\^`{|}", *c))
            return false;
    return origin_length(uri) > 0;
}

char *redirect_csp_source(const char *uri)
{
    /* A CSP source cannot name an IPv6 address (CSP3 section 2.3.1), so the scheme has to do. */
    if (uri[strlen("http://")] == '[')
        return text_copy("http:");
    return text_printf("%.*s", (int)origin_length(uri), uri);
}

static void add_param(struct text *url, const char *name, const char *value)
{
    text_str(url, strchr(url->s, '?') ? "&" : "?");
    text_fmt(url, "%s=", name);
    text_percent(url, value);
}

void redirect_back(const struct sandbox *sandbox, const struct grant *grant, struct reply *reply,
                   const char *name, const char *value, const char *description)
{
    struct text url = {0};
    text_str(&url, grant->redirect_uri);
    add_param(&url, name, value);
    if (description)
        add_param(&url, "error_description", description);
    if (grant->state)
        add_param(&url, "state", grant->state);
    if (sandbox->sends_iss)
        add_param(&url, "iss", sandbox->issuer);
    reply->status = 303; /* RFC 9700 section 4.12: the browser must not send the form on */
    reply_field(reply, "Location", url.s);
}
