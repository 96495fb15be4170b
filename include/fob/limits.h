/* SPDX-License-Identifier: MIT */
/* Every limit on what comes from outside, in one place. Going over one is FOB_E_LIMIT unless said. */
#ifndef FOB_LIMITS_H
#define FOB_LIMITS_H

/* Descriptors and clients.yaml */
#define FOB_MAX_DESCRIPTOR (64 * 1024) /* bytes in one YAML file */
#define FOB_MAX_YAML_DEPTH 16          /* nested collections */
#define FOB_MAX_YAML_NODES 4096        /* scalars and collections in one file */
#define FOB_MAX_SCALAR 8192            /* bytes in one scalar */
#define FOB_MAX_ID 64                  /* bytes in a provider or plugin id */
#define FOB_MAX_PATTERN 256            /* bytes in a variable's pattern */
#define FOB_MAX_PATTERN_STEPS 512      /* characters it stands for, repetitions {m,n} written out */
#define FOB_MAX_VARIABLES 32           /* variables of one provider */
#define FOB_MAX_PROBLEMS 64            /* problems reported for one file */

/* Connections and tokens */
#define FOB_MAX_NAME 128              /* bytes in a connection's name */
#define FOB_MAX_TOKEN (64 * 1024)     /* bytes in one token or client secret */
#define FOB_MAX_RECORD (512 * 1024)   /* bytes of one sealed connection */
#define FOB_MAX_LIFETIME 315360000000 /* ms: ten years; a longer lifetime is taken as this */
#define FOB_MAX_SCOPES 256            /* scopes in one request */

/* HTTP */
#define FOB_MAX_URL 8192                  /* bytes in one URL, the authorization URL included */
#define FOB_MAX_HOST 253                  /* bytes in a host name, RFC 1035 section 2.3.4 */
#define FOB_MAX_REDIRECT 16384            /* bytes in the redirect that comes back */
#define FOB_MAX_RESPONSE (1024 * 1024)    /* bytes in one response body */
#define FOB_MAX_RESPONSE_HEAD (64 * 1024) /* bytes in the header of one response */
#define FOB_MAX_RESPONSE_FIELDS 128       /* header fields kept of one response */
#define FOB_MAX_REQUEST_BODY (128 * 1024) /* bytes in one request body */
#define FOB_MAX_JSON_DEPTH 32             /* nesting in one response */
#define FOB_MAX_XML_NODES 16384           /* elements and attributes in one response */

/* Time, in milliseconds */
#define FOB_CONNECT_TIMEOUT_MS 10000 /* to reach the server, TLS included */
#define FOB_TOTAL_TIMEOUT_MS 30000   /* for one whole request */
#define FOB_LOGIN_TIMEOUT_MS 600000  /* for the person to come back from the browser */
#define FOB_LEASE_MS 60000           /* a refresh lease; longer than any one request may take */
#define FOB_EXPIRY_LEEWAY_MS 10000   /* a token this close to its end counts as expired */
#define FOB_COMMAND_TIMEOUT_MS 60000 /* for a program that prints a client secret */
#define FOB_CLOCK_SKEW_MS 300000     /* by which a signed time may differ from ours */

/* Plugins */
#define FOB_MAX_PLUGINS 256    /* loaded in one process */
#define FOB_MAX_HOOK_PARAMS 64 /* parameters that hooks may add to one request */

#endif
