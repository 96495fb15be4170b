/* SPDX-License-Identifier: MIT */
/* What a text in a descriptor may look like: each form once as code and once as the pattern its JSON Schema shows. */
#ifndef CORE_FORMAT_H
#define CORE_FORMAT_H

#include <stdbool.h>

enum fob_format {
    FOB_FORMAT_VALUE,     /* one line, may be empty */
    FOB_FORMAT_TEXT,      /* one line, not empty */
    FOB_FORMAT_TEMPLATE,  /* one line with {names}; "{{" and "}}" are braces */
    FOB_FORMAT_ID,        /* of a provider, plugin or environment */
    FOB_FORMAT_NAME,      /* of a variable */
    FOB_FORMAT_ENDPOINT,  /* an https URL with {variables}; http to a loopback address only; no fragment */
    FOB_FORMAT_LINK,      /* an http or https URL for people */
    FOB_FORMAT_HOST,      /* a host, "*." and a domain, either with a port, with {variables} */
    FOB_FORMAT_SCOPE,     /* scope-token, RFC 6749 section 3.3 */
    FOB_FORMAT_FIELD,     /* the name of a header field: token, RFC 9110 section 5.6.2 */
    FOB_FORMAT_SCHEME,    /* an authentication scheme or nothing */
    FOB_FORMAT_SEPARATOR, /* one of the characters that stand between scopes */
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
