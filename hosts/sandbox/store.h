/* SPDX-License-Identifier: MIT */
/* What was handed out: consent forms, codes and tokens, in memory, known by their digest only. */
#ifndef SANDBOX_STORE_H
#define SANDBOX_STORE_H

#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_RECORDS 4096 /* things handed out and remembered; the oldest goes first */

/* What somebody was asked and allowed. A consent form, its code and all tokens made from it share one. */
struct grant {
    unsigned refs;
    bool revoked;
    char *subject, *scope;                          /* never NULL */
    char *redirect_uri, *state, *nonce, *challenge; /* NULL where the request had none */
};

enum record_kind { RECORD_CONSENT, RECORD_CODE, RECORD_ACCESS, RECORD_REFRESH };

struct record {
    unsigned char digest[crypto_generichash_BYTES];
    enum record_kind kind;
    bool used;       /* spent; remembered so that a second use is noticed */
    int64_t expires; /* ms of the monotonic clock */
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
 * Makes a new random value of that kind for grant (one reference more) that lasts lifetime_ms (INT64_MAX: for good) and returns it: the
 * only copy there is. The caller drops it with text_drop.
 */
char *store_issue(struct store *store, enum record_kind kind, struct grant *grant, int64_t lifetime_ms);

/* The record of value, used, expired and revoked ones too; NULL when none has this value and kind. */
struct record *store_find(struct store *store, enum record_kind kind, const char *value);

/* Neither used, expired nor revoked. */
bool record_is_live(const struct record *record);
/* What is left of its lifetime in whole seconds, never negative. */
int64_t record_seconds_left(const struct record *record);

void store_free(struct store *store);

#endif
