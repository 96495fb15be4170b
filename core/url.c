/* SPDX-License-Identifier: MIT */
/* URLs, and the rules for where a secret may be sent. */
#include "url.h"
#include "error.h"
#include "text.h"

#include <arpa/inet.h>
#include <fob/limits.h>
#include <string.h>
#include <uriparser/Uri.h>

static struct fob_url_part part(const UriTextRangeA *range)
{
    struct fob_url_part slice = {range->first, 0};
    if (range->first)
        slice.len = (size_t)(range->afterLast - range->first);
    return slice;
}

/* uriparser gives the path in segments; ours runs from the end of the authority to the query. */
static struct fob_url_part whole_path(const char *text, const UriUriA *uri)
{
    const char *start = uri->portText.first ? uri->portText.afterLast : uri->hostText.afterLast;
    if (uri->hostData.ip6 && !uri->portText.first)
        start++; /* the closing bracket */
    if (start && *start == ':')
        start++; /* an empty port */
    const char *end = start ? start + strcspn(start, "?#") : text;
    return (struct fob_url_part){start, start ? (size_t)(end - start) : 0};
}

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text <= 0x20 || (unsigned char)*text >= 0x7f || *text == '\\')
            return false;
    return true;
}

/* No percent-encoding and no odd characters: what one program decodes, another looks up as it is. No empty label. */
static bool is_host(struct fob_url_part host, bool is_ipv6)
{
    if (host.len == 0 || host.len > FOB_MAX_HOST)
        return false;
    for (size_t i = 0; i < host.len && !is_ipv6; i++)
        if (!fob_is_alnum(host.at[i]) && !strchr("._-", host.at[i]))
            return false;
    return is_ipv6 || (host.at[0] != '.' && !memmem(host.at, host.len, "..", 2));
}

bool fob_url_parse(const char *text, struct fob_url *ret)
{
    UriUriA uri;
    if (strnlen(text, FOB_MAX_URL + 1) > FOB_MAX_URL || !is_plain(text))
        return false;
    if (uriParseSingleUriA(&uri, text, NULL) != URI_SUCCESS)
        return false;
    bool usable = uri.scheme.first && is_host(part(&uri.hostText), uri.hostData.ip6 != NULL);
    if (usable)
        *ret = (struct fob_url){.scheme = part(&uri.scheme),
                                .host = part(&uri.hostText),
                                .port = part(&uri.portText),
                                .path = whole_path(text, &uri),
                                .query = part(&uri.query),
                                .fragment = part(&uri.fragment),
                                .has_user_info = uri.userInfo.first != NULL,
                                .has_query = uri.query.first != NULL,
                                .has_fragment = uri.fragment.first != NULL,
                                .is_ipv6 = uri.hostData.ip6 != NULL};
    uriFreeUriMembersA(&uri);
    return usable;
}

static bool part_is(struct fob_url_part slice, const char *text)
{
    return strlen(text) == slice.len && strncasecmp(slice.at, text, slice.len) == 0;
}

bool fob_is_ipv4(const char *host, size_t len, uint32_t *ret)
{
    char text[INET_ADDRSTRLEN];
    struct in_addr address;
    if (len >= sizeof text)
        return false;
    memcpy(text, host, len);
    text[len] = '\0';
    if (inet_pton(AF_INET, text, &address) != 1)
        return false;
    *ret = ntohl(address.s_addr);
    return true;
}

static bool is_ipv4_loopback(const char *host, size_t len)
{
    uint32_t address;
    return fob_is_ipv4(host, len, &address) && address >> 24 == 127;
}

bool fob_is_loopback_host(const char *host, size_t len)
{
    if (len && *host == '[')
        return len == 5 && memcmp(host, "[::1]", len) == 0;
    return (len == 9 && strncasecmp(host, "localhost", len) == 0) || is_ipv4_loopback(host, len);
}

bool fob_url_is_loopback(const struct fob_url *url)
{
    return url->is_ipv6 ? part_is(url->host, "::1") : fob_is_loopback_host(url->host.at, url->host.len);
}

fob_err fob_url_read(const char *text, const char *what, bool allow_fragment, fob_err code,
                     struct fob_url *ret, struct fob_error *error)
{
    if (!fob_url_parse(text, ret))
        return fob_fail(error, code, "write it as https://host/path", "%s is not an absolute URL", what);
    if (ret->has_user_info)
        return fob_fail(error, code, "remove what stands before the @", "%s holds a user name or password",
                        what);
    if (ret->has_fragment && !allow_fragment)
        return fob_fail(error, code, "remove the # and what follows it", "%s has a fragment", what);
    if (part_is(ret->scheme, "https") || (part_is(ret->scheme, "http") && fob_url_is_loopback(ret)))
        return FOB_OK;
    return fob_fail(error, code, "use https (http is for loopback addresses only)",
                    "%s is not https, so a secret could be read on its way", what);
}

fob_err fob_url_check(const char *text, const char *what, bool allow_fragment, fob_err code,
                      struct fob_error *error)
{
    struct fob_url url;
    return fob_url_read(text, what, allow_fragment, code, &url, error);
}

/* "*.suffix" covers the names below it; else the host; and the port where one is written. */
static bool host_matches(const struct fob_url *url, const char *pattern)
{
    if (part_is(url->host, pattern)) /* also an IPv6 endpoint's own host, which has lost its brackets */
        return true;
    const char *close = strchr(pattern, ']'), *colon = strrchr(close ? close : pattern, ':');
    struct fob_url_part host = {pattern, colon ? (size_t)(colon - pattern) : strlen(pattern)};
    size_t below = 0;
    if (colon && !part_is(url->port, colon + 1))
        return false;
    if (close)
        host = (struct fob_url_part){pattern + 1, (size_t)(close - pattern - 1)};
    if (fob_starts_with(pattern, "*.")) {
        host = (struct fob_url_part){host.at + 1, host.len - 1};
        below = url->host.len > host.len ? url->host.len - host.len : 0;
        if (below == 0)
            return false;
    }
    return url->host.len - below == host.len && strncasecmp(url->host.at + below, host.at, host.len) == 0;
}

bool fob_url_host_in(const struct fob_url *url, const struct fob_strings *hosts)
{
    for (size_t i = 0; i < hosts->n; i++)
        if (host_matches(url, hosts->v[i]))
            return true;
    return false;
}

bool fob_url_host_allowed(const char *text, const struct fob_strings *hosts)
{
    struct fob_url url;
    return fob_url_parse(text, &url) && fob_url_host_in(&url, hosts);
}

const char *fob_url_next_param(const char **rest, size_t *ret_len)
{
    const char *at = *rest;
    while (*at && *at != '?' && *at != '&')
        at += *at == '{' ? strcspn(at, "}") : 1;
    *rest = *at ? at + 1 : at;
    *ret_len = strcspn(*rest, "=&#");
    return *at ? *rest : NULL;
}
