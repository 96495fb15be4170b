/* SPDX-License-Identifier: MIT */
/* What was handed out: consent forms, codes and tokens, in memory. */
#include "store.h"

#include "clock.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

struct grant *grant_new(const char *subject, const char *scope)
{
    struct grant *grant = text_must(calloc(1, sizeof *grant));
    *grant = (struct grant){.refs = 1, .subject = text_copy(subject), .scope = text_copy(scope)};
    json_t **const maps[] = {&grant->variables, &grant->groups, &grant->callback, &grant->kept};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        *maps[i] = text_must(json_object());
    grant->choices = text_must(json_array());
    return grant;
}

void grant_unref(struct grant *grant)
{
    if (!grant || --grant->refs > 0)
        return;
    char **const texts[] = {&grant->subject, &grant->scope,   &grant->asked_scope, &grant->redirect_uri,
                            &grant->state,   &grant->nonce,   &grant->challenge,   &grant->access,
                            &grant->refresh, &grant->id_token};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_drop(texts[i]);
    json_decref(grant->variables);
    json_decref(grant->groups);
    json_decref(grant->callback);
    json_decref(grant->kept);
    json_decref(grant->choices);
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

struct record *store_add(struct store *store, enum record_kind kind, const char *value, struct grant *grant,
                         int64_t lifetime_ms)
{
    struct record *record = text_must(calloc(1, sizeof *record));
    digest_of(value, record->digest);
    record->kind = kind;
    record->since = clock_steady();
    record->expires = lifetime_ms == FOR_GOOD ? FOR_GOOD : record->since + lifetime_ms;
    record->grant = grant;
    grant->refs++;

    record_free(store->records[store->next]);
    store->records[store->next] = record;
    store->next = (store->next + 1) % MAX_RECORDS;
    return record;
}

char *store_issue(struct store *store, enum record_kind kind, struct grant *grant, int64_t lifetime_ms)
{
    char *value = text_random(32);
    store_add(store, kind, value, grant, lifetime_ms);
    return value;
}

struct record *store_find(const struct store *store, enum record_kind kind, const char *value)
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
    return !record->used && !record->grant->revoked && clock_steady() < record->expires;
}

void record_use(struct record *record)
{
    if (!record->used)
        record->used_at = clock_steady();
    record->used = true;
}

int64_t record_seconds_left(const struct record *record)
{
    int64_t left = record->expires - clock_steady();
    return left > 0 ? left / 1000 : 0;
}

void store_free(struct store *store)
{
    for (size_t i = 0; i < MAX_RECORDS; i++) {
        record_free(store->records[i]);
        store->records[i] = NULL;
    }
}
