/* SPDX-License-Identifier: MIT */
/* The server as its parts see it: how it was asked to behave, one request, one reply. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "params.h"
#include "store.h"
#include "text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum rotation { ROTATION_NONE, ROTATION_ROTATES, ROTATION_REUSE_REVOKES };

/* Ways of client authentication, as bits (RFC 6749 section 2.3.1, RFC 7591 section 2). */
enum auth_method { AUTH_BASIC = 1, AUTH_POST = 2, AUTH_NONE = 4 };

struct settings {
    const char *host;
    uint16_t port;
    const char *descriptor;  /* file, or NULL */
    const char *client_id;   /* NULL: make one */
    const char *secret_file; /* to read; NULL: make a secret */
    const char *write_secret, *write_descriptor;
    unsigned auth_methods; /* what the client is registered for; 0: what the server supports */
    enum rotation rotation;
    int64_t lifetime_ms, code_lifetime_ms;
    bool auto_consent, until_eof, verbose;
};

/* Where things are on this server. */
struct paths {
    char *issuer; /* "" or a path */
    char *authorize, *token, *revoke, *userinfo;
};

struct sandbox {
    struct settings settings;
    char *origin; /* http://127.0.0.1:8080 */
    char *issuer; /* origin and, where there is one, the path */
    struct paths paths;
    char *scopes; /* those it knows, separated by spaces; "": any */
    bool sends_iss;
    char *client_id, *client_secret; /* secret NULL: a public client */
    unsigned auth_methods;
    struct store store;
};

struct request {
    const char *path;
    struct params query;
    const char *query_problem; /* NULL when the query could be read */
    const char *authorization; /* header fields, or NULL */
    const char *content_type;
    const char *body; /* ends with a NUL and holds no other */
};

#define CONSENT_PATH "/consent"
#define JWKS_PATH "/jwks"
#define API_PATH "/api/me"
#define MAX_REPLY_FIELDS 12

struct reply {
    unsigned status;
    struct text body;
    struct reply_field {
        const char *name;
        char *value;
    } fields[MAX_REPLY_FIELDS];
    size_t n_fields;
};

typedef void handler(struct sandbox *sandbox, const struct request *request, struct reply *reply);

handler authorize_handle, consent_handle;      /* authorize.c */
handler token_handle;                          /* token.c */
handler revoke_handle;                         /* revoke.c */
handler api_me_handle, api_userinfo_handle;    /* api.c */
handler metadata_handle, metadata_jwks_handle; /* metadata.c */

/* Drops all that the server holds, wiped. */
void sandbox_free(struct sandbox *sandbox);

#endif
