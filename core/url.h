/* SPDX-License-Identifier: MIT */
/* URLs (RFC 3986, parsed by uriparser) and the rules for where a secret may be sent. */
#ifndef CORE_URL_H
#define CORE_URL_H

#include "descriptor.h"

/* Slices into the text that was parsed. */
struct fob_url_part {
    const char *at;
    size_t len;
};

struct fob_url {
    struct fob_url_part scheme, host, port, path, query, fragment;
    bool has_user_info, has_query, has_fragment, is_ipv6;
};

/* false when text is not an absolute URI with a host, or longer than FOB_MAX_URL. IPv6 hosts come without brackets. */
bool fob_url_parse(const char *text, struct fob_url *ret);

/* An address spelled so that every resolver takes it for one, and none for a name to look up: a.b.c.d. */
bool fob_is_ipv4(const char *host, size_t len, uint32_t *ret);

/* "localhost", an address in 127.0.0.0/8, or "[::1]". */
bool fob_is_loopback_host(const char *host, size_t len);

/* localhost, 127.0.0.0/8 or ::1 (RFC 8252 section 7.3). */
bool fob_url_is_loopback(const struct fob_url *url);

/*
 * The rule for every endpoint: absolute, https (http to a loopback address only), no user info, and no fragment unless
 * allow_fragment. `what` names it in the error. Errors: `code`.
 */
fob_err fob_url_check(const char *text, const char *what, bool allow_fragment, fob_err code,
                      struct fob_error *error);
/* The same, and gives the URL as it was parsed. */
fob_err fob_url_read(const char *text, const char *what, bool allow_fragment, fob_err code,
                     struct fob_url *ret, struct fob_error *error);

/* Whether the URL's host is in hosts: exactly, without case, or below "*.suffix". "host:port" fixes the port too. */
bool fob_url_host_in(const struct fob_url *url, const struct fob_strings *hosts);
bool fob_url_host_allowed(const char *text, const struct fob_strings *hosts);

/* The next parameter's name in the query of a URL, or of the route in its fragment; NULL at the end. {…} may stand in it. */
const char *fob_url_next_param(const char **rest, size_t *ret_len);

#endif
