/* SPDX-License-Identifier: MIT */
/* What a text in a descriptor may look like: each form once as code and once as the pattern its JSON Schema shows. */
#ifndef CORE_FORMAT_H
#define CORE_FORMAT_H

#include <stdbool.h>

enum fob_format {
    FOB_FORMAT_VALUE,      /* one line, may be empty */
    FOB_FORMAT_TEXT,       /* one line, not empty */
    FOB_FORMAT_TEMPLATE,   /* one line with {expressions}; "{{" and "}}" are braces */
    FOB_FORMAT_ID,         /* of a provider, plugin or environment */
    FOB_FORMAT_NAME,       /* of a variable */
    FOB_FORMAT_ENDPOINT,   /* an https URL with {expressions}; http to a loopback address only; no fragment */
    FOB_FORMAT_PAGE,       /* the same, and it may have a fragment */
    FOB_FORMAT_LINK,       /* an http or https URL for people */
    FOB_FORMAT_HOST,       /* a host, "*." and a domain, either with a port, with {expressions} */
    FOB_FORMAT_SCOPE,      /* scope-token, RFC 6749 section 3.3 */
    FOB_FORMAT_FIELD,      /* the name of a header field: token, RFC 9110 section 5.6.2 */
    FOB_FORMAT_SCHEME,     /* an authentication scheme or nothing */
    FOB_FORMAT_SEPARATOR,  /* one of the characters that stand between scopes */
    FOB_FORMAT_POINTER,    /* a JSON Pointer, RFC 6901 */
    FOB_FORMAT_SOURCE,     /* where a value is in an answer: see source.h */
    FOB_FORMAT_FACT,       /* a source, or a template with an expression in it */
    FOB_FORMAT_STATUS,     /* an HTTP status code */
    FOB_FORMAT_ERROR,      /* a provider's word for an error, or status:401 */
    FOB_FORMAT_DURATION,   /* 30s, 5m, 1h, 60d, 1y */
    FOB_FORMAT_ELEMENT,    /* the name of an XML element */
    FOB_FORMAT_TOKEN_KIND, /* access_token or refresh_token */
    FOB_FORMAT_KEY,        /* a private key: PEM or a JWK, of several lines; in clients.yaml only */
    FOB_FORMAT_COUNT
};

struct fob_format_rule {
    const char *pattern; /* ECMA-262, for the schema; accepts exactly what check does */
    bool (*check)(const char *text);
    const char *is;  /* "an https URL": what it has to be */
    const char *fix; /* what to do when it is not */
};

extern const struct fob_format_rule fob_formats[FOB_FORMAT_COUNT];

#endif
