/* SPDX-License-Identifier: MIT */
/*
 * Where connections live. A store keeps sealed records by name; it never sees a token. Leases and fences
 * live in it, so that one refresh runs at a time across threads, processes and, with a shared store,
 * machines.
 */
#ifndef FOB_STORE_H
#define FOB_STORE_H

#include <fob/error.h>
#include <stddef.h>

FOB_BEGIN_DECLS

/*
 * One connection as a store keeps it. A record's fence grows by one whenever it is put or leased;
 * a write that names an older fence is refused, so a process that slept through its lease cannot
 * overwrite a newer token.
 */
struct fob_record {
    size_t size;
    const char *name; /* 1 to FOB_MAX_NAME bytes of UTF-8 without control characters */
    uint64_t fence;
    int64_t lease_until; /* ms since 1970; 0: not leased */
    int64_t intent_at;  /* a refresh token was about to be sent then, and no answer was kept since; 0: none */
    const void *sealed; /* valid until the next call on the same store object */
    size_t sealed_len;  /* 1 to FOB_MAX_RECORD */
};

/* Called for each record; a result other than FOB_OK stops the listing and becomes its result. */
typedef fob_err fob_record_fn(void *user, const struct fob_record *record, struct fob_error *error);

#define FOB_STORE_READ_ONLY 1u /* create nothing, write no record; what a killed writer left is undone */

/*
 * One thread uses one store object at a time; any number of objects, in any number of processes, may
 * be open on the same location. Every write is durable (on disk, whole, or not at all) before it returns. Each call
 * may also return FOB_E_STORE (cannot read or write; damaged; full), FOB_E_BUSY (another process keeps it locked for
 * longer than five seconds) and FOB_E_MEMORY. error may be NULL. Times are milliseconds since 1970.
 */
struct fob_store_ops {
    size_t size;

    /* Opens or, unless FOB_STORE_READ_ONLY, creates the store at location. FOB_E_UNTRUSTED: others could change it;
       FOB_E_NOT_FOUND: read-only and not there. */
    fob_err (*open)(const char *location, unsigned flags, void **ret_self, struct fob_error *error);
    void (*close)(void *self);

    /* The record of that name. FOB_E_NOT_FOUND. */
    fob_err (*get)(void *self, const char *name, struct fob_record *ret, struct fob_error *error);

    /* Every record, ordered by name. */
    fob_err (*list)(void *self, fob_record_fn *each, void *user, struct fob_error *error);

    /* Writes name with sealed bytes, new or over the old one whoever leases it; clears lease and intent. */
    fob_err (*put)(void *self, const char *name, const void *sealed, size_t sealed_len,
                   struct fob_error *error);

    /* Takes the refresh lease until `until`, unless somebody else's runs past now (FOB_E_BUSY), and notes the
       intent, in one durable step. One whose holder is seen to have died does not count. Makes sure of the room that
       commit will need for a record twice as long, or FOB_E_STORE. Gives the record as it is with its new fence and
       the *previous* intent_at. FOB_E_NOT_FOUND. */
    fob_err (*lease)(void *self, const char *name, int64_t now, int64_t until, struct fob_record *ret,
                     struct fob_error *error);

    /* Extends the lease taken with that fence. FOB_E_BUSY: the fence has moved on, the lease is lost. */
    fob_err (*renew)(void *self, const char *name, uint64_t fence, int64_t until, struct fob_error *error);

    /* Writes sealed bytes, ends lease and intent, in one durable step. FOB_E_BUSY: the fence has moved on; nothing
       was written. FOB_E_NOT_FOUND: the record was removed meanwhile. */
    fob_err (*commit)(void *self, const char *name, uint64_t fence, const void *sealed, size_t sealed_len,
                      struct fob_error *error);

    /* Ends the lease without writing the record. keep_intent: an answer may have been lost, remember that. A lease
       that is no longer ours is no error. */
    fob_err (*release)(void *self, const char *name, uint64_t fence, int keep_intent,
                       struct fob_error *error);

    /* Removes the record. FOB_E_NOT_FOUND. */
    fob_err (*remove)(void *self, const char *name, struct fob_error *error);
};

FOB_END_DECLS

#endif
