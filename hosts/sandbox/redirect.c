/* SPDX-License-Identifier: MIT */
/* Redirect URIs: which are taken, and the way back through one. */
#include "redirect.h"

#include "tree.h"

#include <string.h>

static const char *const loopback[] = {"http://127.0.0.1", "http://[::1]", "http://localhost", NULL};
static const char *const addresses[] = {"http://127.0.0.1", "http://[::1]", NULL};
static const char *const localhost[] = {"http://localhost", NULL};

/* The length of scheme, host and port, or 0 when the URI does not begin with one of the hosts. */
static size_t origin_length(const char *uri, const char *const *hosts)
{
    for (; *hosts; hosts++) {
        size_t len = strlen(*hosts);
        if (strnlen(uri, len) < len || memcmp(uri, *hosts, len) != 0)
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

static bool is_https(const char *uri)
{
    return strncmp(uri, "https://", 8) == 0 && uri[8] && !strchr("/?@", uri[8]);
}

static bool is_custom(const char *uri)
{
    size_t len = strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789+.-");
    return len && uri[len] == ':' && uri[len + 1] && strncmp(uri, "http", 4) != 0 &&
           strncmp(uri, "javascript", 10) != 0 && strncmp(uri, "data", 4) != 0;
}

static bool is_taken(const char *rule, const char *uri)
{
    if (!rule)
        return origin_length(uri, loopback);
    if (strncmp(rule, "loopback", 8) == 0)
        return origin_length(uri, addresses);
    if (strcmp(rule, "custom_scheme") == 0)
        return is_custom(uri);
    return (strcmp(rule, "https") != 0 && origin_length(uri, localhost)) ||
           (strcmp(rule, "localhost") != 0 && is_https(uri));
}

const char *redirect_problem(const struct sandbox *sandbox, const char *uri)
{
    const char *registered = sandbox->settings.redirect_uri;
    /* No fragment (RFC 6749 section 3.1.2), no user, and nothing that a page could break on. */
    for (const char *c = uri; *c; c++)
        if (*c <= 0x20 || *c > 0x7e || strchr("#\"<>\\^`{|}", *c))
            return "redirect_uri is not a URI without a fragment";
    if (registered && strcmp(registered, uri) != 0)
        return "redirect_uri is not the one that was registered (--redirect-uri)";
    if (!registered && !is_taken(tree_text(sandbox->descriptor, "registration/redirect_uri"), uri))
        return "redirect_uri is not one that the provider takes (registration.redirect_uri; else http to a "
               "loopback "
               "address)";
    return NULL;
}

char *redirect_csp_source(const char *uri)
{
    size_t len = origin_length(uri, loopback);
    /* A CSP source cannot name an IPv6 address (CSP3 section 2.3.1), so the scheme has to do. */
    if (!len || uri[strlen("http://")] == '[')
        return text_printf("%.*s", (int)(strcspn(uri, ":") + 1), uri);
    return text_printf("%.*s", (int)len, uri);
}

char *redirect_with(const char *uri, char begin, json_t *fields)
{
    const char *name;
    json_t *value;
    struct text url = {0};
    bool first = begin == '#' || !strchr(uri, '?');
    text_str(&url, uri);
    json_object_foreach (fields, name, value) {
        text_add(&url, first ? &begin : "&", 1);
        text_percent(&url, name);
        text_str(&url, "=");
        text_percent(&url, json_string_value(value));
        first = false;
    }
    return url.s;
}
