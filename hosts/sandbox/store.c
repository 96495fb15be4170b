/* SPDX-License-Identifier: MIT */
/* What was handed out: consent forms, codes and tokens, in memory, known by their digest only. */
#include "store.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct grant *grant_new(const char *subject, const char *scope)
{
    struct grant *grant = text_must(calloc(1, sizeof *grant));
    *grant = (struct grant){.refs = 1, .subject = text_copy(subject), .scope = text_copy(scope)};
    return grant;
}

void grant_unref(struct grant *grant)
{
    if (!grant || --grant->refs > 0)
        return;
    text_drop(&grant->subject);
    text_drop(&grant->scope);
    text_drop(&grant->redirect_uri);
    text_drop(&grant->state);
    text_drop(&grant->nonce);
    text_drop(&grant->challenge);
    free(grant);
}

static void record_free(struct record *record)
{
    if (!record)
        return;
    grant_unref(record->grant);
    text_drop(&record->scope);
    sodium_memzero(record, sizeof *record);
    free(record);
}

static void digest_of(const char *value, unsigned char digest[crypto_generichash_BYTES])
{
    crypto_generichash(digest, crypto_generichash_BYTES, (const unsigned char *)value, strlen(value), NULL,
                       0);
}

char *store_issue(struct store *store, enum record_kind kind, struct grant *grant, int64_t lifetime_ms)
{
    char *value = text_random(32);
    struct record *record = text_must(calloc(1, sizeof *record));
    digest_of(value, record->digest);
    record->kind = kind;
    record->expires = lifetime_ms == INT64_MAX ? INT64_MAX : now_ms() + lifetime_ms;
    record->grant = grant;
    grant->refs++;

    record_free(store->records[store->next]);
    store->records[store->next] = record;
    store->next = (store->next + 1) % MAX_RECORDS;
    return value;
}

struct record *store_find(struct store *store, enum record_kind kind, const char *value)
{
    unsigned char digest[crypto_generichash_BYTES];
    digest_of(value, digest);
    for (size_t i = 0; i < MAX_RECORDS; i++) {
        struct record *record = store->records[i];
        if (record && record->kind == kind && sodium_memcmp(record->digest, digest, sizeof digest) == 0)
            return record;
    }
    return NULL;
}

bool record_is_live(const struct record *record)
{
    return !record->used && !record->grant->revoked && now_ms() < record->expires;
}

int64_t record_seconds_left(const struct record *record)
{
    int64_t left = record->expires - now_ms();
    return left > 0 ? left / 1000 : 0;
}

void store_free(struct store *store)
{
    for (size_t i = 0; i < MAX_RECORDS; i++) {
        record_free(store->records[i]);
        store->records[i] = NULL;
    }
}
