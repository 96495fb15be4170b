/* SPDX-License-Identifier: MIT */
/* What was handed out: consent forms, codes and tokens, in memory. */
#ifndef SANDBOX_STORE_H
#define SANDBOX_STORE_H

#include <jansson.h>
#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_RECORDS 4096 /* things handed out and remembered; the oldest goes first */
#define FOR_GOOD INT64_MAX

struct view;

/* What somebody was asked and allowed. A consent form, its code and all tokens made from it share one. */
struct grant {
    unsigned refs;
    bool revoked;
    const struct view *view;                        /* where it was asked for */
    char *subject, *scope;                          /* never NULL; scopes are separated by spaces */
    char *asked_scope;                              /* the scope parameter as it came */
    char *redirect_uri, *state, *nonce, *challenge; /* NULL where the request had none */
    json_t *variables;                              /* what the tenant's variables were seen to be */
    json_t *groups;                                 /* scopes of groups, by the group's name */
    json_t *callback;                               /* the fields that went back by the browser */
    json_t *kept;                                   /* what the client keeps, by name */
    json_t *choices;                    /* more of it, a map for each item that it may have chosen */
    char *access, *refresh, *id_token;  /* what the client holds now */
    int64_t access_since, access_until; /* of that access token, on the steady clock */
    unsigned answers;                   /* how often tokens were handed out */
};

enum record_kind { RECORD_CONSENT, RECORD_CODE, RECORD_ACCESS, RECORD_REFRESH };

struct record {
    unsigned char digest[crypto_generichash_BYTES];
    enum record_kind kind;
    bool used;       /* spent; remembered so that a second use is noticed */
    int64_t used_at; /* on the steady clock */
    int64_t since, expires;
    struct grant *grant;
    char *scope; /* an access token's own, where narrower than the grant's; else NULL */
};

struct store {
    struct record *records[MAX_RECORDS];
    size_t next;
};

/* A grant with one reference. */
struct grant *grant_new(const char *subject, const char *scope);
void grant_unref(struct grant *grant);

/*
 * A new random value of that kind for grant (one reference more) that lasts lifetime_ms or FOR_GOOD. The caller
 * drops it with text_drop.
 */
char *store_issue(struct store *store, enum record_kind kind, struct grant *grant, int64_t lifetime_ms);
/* The same for a value that was made already. */
struct record *store_add(struct store *store, enum record_kind kind, const char *value, struct grant *grant,
                         int64_t lifetime_ms);

/* The record of value, used, expired and revoked ones too; NULL when none has this value and kind. */
struct record *store_find(const struct store *store, enum record_kind kind, const char *value);

/* Neither used, expired nor revoked. */
bool record_is_live(const struct record *record);
void record_use(struct record *record);
/* What is left of its lifetime in whole seconds, never negative. */
int64_t record_seconds_left(const struct record *record);

void store_free(struct store *store);

#endif
