/* SPDX-License-Identifier: MIT */
/* The server as its parts see it: how it was asked to behave, one request, one reply. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "expression.h"
#include "params.h"
#include "store.h"
#include "text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define DEFAULT_CODE_LIFETIME_MS 60000
#define NOT_GIVEN (-1)

enum rotation { ROTATION_NONE, ROTATION_ROTATES, ROTATION_REUSE_REVOKES, ROTATION_GRACE };
enum time_form { TIME_SECONDS, TIME_MS, TIME_ISO };

/* How often a fault comes: never, with a chance of per_mille, or at each nth. */
struct how_often {
    unsigned nth, per_mille;
    bool once;
};

/* What goes wrong on purpose. */
struct faults {
    unsigned latency_ms;
    struct how_often drop, cut, lose;
    unsigned rate_limit, rate_window_s; /* token requests; a window of 0: at all */
    unsigned revoke_after;              /* token answers of one grant; 0: never */
    const char *fail_with;
    unsigned fail_from; /* the token request that it begins with */
};

struct settings {
    const char *host;
    uint16_t port;
    const char *descriptor, *provider_path; /* descriptor: a file or id, or NULL */
    const char *client_id;                  /* NULL: make one */
    const char *secret_file, *key_file;     /* to read; NULL: make a secret, and a key where one is needed */
    const char *write_secret, *write_descriptor, *write_key;
    const char *auth;         /* the way of authentication that the client is registered for; NULL: any */
    const char *redirect_uri; /* registered; NULL: any that the provider takes */
    json_t *variables, *kept; /* name: value */
    int rotation;             /* NOT_GIVEN: the provider's */
    int64_t lifetime_ms, refresh_lifetime_ms, code_lifetime_ms, grace_ms; /* NOT_GIVEN: the provider's */
    unsigned choices;
    enum time_form expires_at;
    struct faults faults;
    bool auto_consent, until_eof, verbose, clock_control;
};

/* The provider in one of its environments; the first is without any. */
struct view {
    const char *name; /* "" for none */
    json_t *metadata, *variables;
};

enum rule_kind { RULE_CODE, RULE_REFRESH, RULE_CLIENT, RULE_STEP, RULE_USERINFO, RULE_VERIFY, RULE_REVOKE };

/* One kind of request that the provider answers. */
struct rule {
    enum rule_kind kind;
    const char *name; /* of the block or step */
    json_t *block;    /* the whole of it: what it is a copy of, and what was said on top */
    json_t *rename;   /* that of the whole file and its own */
};

#define MAX_VIEWS 33
#define MAX_RULES 16
#define MAX_GLOBAL_KEPT 32 /* answers of steps before the token that are remembered */

struct sandbox {
    struct settings settings;
    char *origin;       /* http://127.0.0.1:8080 */
    json_t *descriptor; /* with all hosts moved to origin: what the server is, and what it writes */
    json_t *hosts;      /* the provider's own */
    struct view views[MAX_VIEWS];
    size_t n_views;
    struct rule rules[MAX_RULES];
    size_t n_rules;
    char *client_id, *client_secret; /* secret NULL: a public client */
    void *client_key;                /* EVP_PKEY; NULL: none */
    char *token_key;                 /* signs what the client's secret does not */
    json_t *global_kept;             /* a map for each answer of a step before the token */
    json_t *seen_jti;                /* JWTs of the client that were used */
    struct store store;
    unsigned token_requests, requests, rotations;
    int64_t rate_window_began;
};

struct request {
    const char *method, *path;
    const char *query_text;
    struct params query;
    const char *query_problem; /* NULL when the query could be read */
    json_t *headers;           /* by name in small letters */
    const char *body;          /* ends with a NUL and holds no other */
};

/* A request at an endpoint: in which environment, and what the URL said of the tenant's variables. */
struct visit {
    const struct request *request;
    const struct view *view;
    json_t *captured;
    bool other_client; /* the URL names a client that there is not */
};

#define CONSENT_PATH "/consent"
#define JWKS_PATH "/jwks"
#define API_PATH "/api"
#define CLOCK_PATH "/sandbox/clock"
#define MAX_REPLY_FIELDS 32

enum loss { LOSS_NONE, LOSS_ALL, LOSS_HALF };

struct reply {
    unsigned status;
    struct text body;
    struct reply_field {
        char *name, *value;
    } fields[MAX_REPLY_FIELDS];
    size_t n_fields;
    enum loss loss; /* how much of it the client does not get */
};

const char *request_header(const struct request *request, const char *name);

/* authorize.c, consent.c. authorize_fits: whether the parameters are those of this environment. */
bool authorize_fits(struct sandbox *sandbox, const struct visit *visit);
void authorize_handle(struct sandbox *sandbox, const struct visit *visit, struct reply *reply);
void consent_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply);
/* api.c, metadata.c */
void api_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply);
void metadata_handle(struct sandbox *sandbox, const struct visit *visit, struct reply *reply);
/* setup.c: drops all that the server holds, wiped. */
void sandbox_free(struct sandbox *sandbox);

#endif
