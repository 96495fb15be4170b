/* SPDX-License-Identifier: MIT */
/* A store in this process's memory, for tests: objects with the same location share it while one is open. */
#include "../cleanup.h"
#include "../error.h"
#include "stores.h"

#include <fob/limits.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

struct row {
    struct row *next; /* by name */
    char *name;
    uint64_t fence;
    int64_t lease_until, intent_at;
    void *sealed;
    size_t sealed_len;
};

struct place {
    struct place *next;
    char *location;
    unsigned users;
    uint64_t last_fence;
    struct row *rows;
};

struct store {
    struct place *place;
    char *name; /* of the record given out last */
    void *sealed;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct place *places;

static void unlock(pthread_mutex_t **held)
{
    pthread_mutex_unlock(*held);
}

#define LOCKED                                                                                               \
    fob_cleanup(unlock) pthread_mutex_t *held_ = &mutex;                                                     \
    pthread_mutex_lock(held_)

static void free_row(struct row *row)
{
    sodium_memzero(row->sealed, row->sealed_len);
    free(row->sealed);
    free(row->name);
    free(row);
}

static struct place *find_place(const char *location)
{
    struct place *place = places;
    while (place && strcmp(place->location, location) != 0)
        place = place->next;
    if (place)
        return place;
    place = calloc(1, sizeof *place);
    if (!place || !(place->location = strdup(location))) {
        free(place);
        return NULL;
    }
    place->next = places;
    places = place;
    return place;
}

static fob_err store_open(const char *location, unsigned flags, void **ret_self, struct fob_error *error)
{
    LOCKED;
    (void)flags;
    struct store *self = calloc(1, sizeof *self);
    if (!self || !(self->place = find_place(location))) {
        free(self);
        return fob_no_memory(error);
    }
    self->place->users++;
    *ret_self = self;
    return FOB_OK;
}

static void drop_place(struct place *place)
{
    struct place **link = &places;
    if (--place->users > 0)
        return;
    while (*link != place)
        link = &(*link)->next;
    *link = place->next;
    while (place->rows) {
        struct row *row = place->rows;
        place->rows = row->next;
        free_row(row);
    }
    free(place->location);
    free(place);
}

static void store_close(void *pointer)
{
    LOCKED;
    struct store *self = pointer;
    if (!self)
        return;
    drop_place(self->place);
    free(self->name);
    free(self->sealed);
    free(self);
}

/* Where the row is, or where it would have to be put in. */
static struct row **find(struct store *self, const char *name)
{
    struct row **link = &self->place->rows;
    while (*link && strcmp((*link)->name, name) < 0)
        link = &(*link)->next;
    return link;
}

static struct row *row_of(struct store *self, const char *name)
{
    struct row *row = *find(self, name);
    return row && strcmp(row->name, name) == 0 ? row : NULL;
}

static fob_err not_found(const char *name, struct fob_error *error)
{
    return fob_fail(error, FOB_E_NOT_FOUND, NULL, "there is no connection \"%.128s\"", name);
}

static fob_err busy(const char *name, struct fob_error *error)
{
    return fob_fail(error, FOB_E_BUSY, "try again in a moment", "somebody else is refreshing \"%.128s\"",
                    name);
}

static fob_err show(struct store *self, const struct row *row, struct fob_record *ret,
                    struct fob_error *error)
{
    char *name = strdup(row->name);
    void *sealed = malloc(row->sealed_len);
    if (!name || !sealed) {
        free(name);
        free(sealed);
        return fob_no_memory(error);
    }
    memcpy(sealed, row->sealed, row->sealed_len);
    free(self->name);
    free(self->sealed);
    self->name = name;
    self->sealed = sealed;
    *ret = (struct fob_record){.size = sizeof *ret,
                               .name = name,
                               .fence = row->fence,
                               .lease_until = row->lease_until,
                               .intent_at = row->intent_at,
                               .sealed = sealed,
                               .sealed_len = row->sealed_len};
    return FOB_OK;
}

static fob_err store_get(void *pointer, const char *name, struct fob_record *ret, struct fob_error *error)
{
    LOCKED;
    struct row *row = row_of(pointer, name);
    return row ? show(pointer, row, ret, error) : not_found(name, error);
}

/* One row after the other by name, so that `each` may change the store. */
static fob_err show_after(struct store *self, const char *name, struct fob_record *ret,
                          struct fob_error *error)
{
    LOCKED;
    struct row *row = self->place->rows;
    while (row && name && strcmp(row->name, name) <= 0)
        row = row->next;
    return row ? show(self, row, ret, error) : FOB_E_NOT_FOUND;
}

static fob_err store_list(void *pointer, fob_record_fn *each, void *user, struct fob_error *error)
{
    fob_auto_free char *last = NULL;
    struct fob_record record;
    fob_err err = FOB_OK;
    while (err == FOB_OK && (err = show_after(pointer, last, &record, error)) == FOB_OK) {
        free(last);
        last = strdup(record.name);
        err = last ? each(user, &record, error) : fob_no_memory(error);
    }
    return err == FOB_E_NOT_FOUND ? FOB_OK : err;
}

static fob_err replace(struct row *row, const void *sealed, size_t len, struct fob_error *error)
{
    if (len < 1 || len > FOB_MAX_RECORD)
        return fob_fail(error, FOB_E_LIMIT, NULL, "a record is 1 to %d bytes long", FOB_MAX_RECORD);
    void *copy = malloc(len);
    if (!copy)
        return fob_no_memory(error);
    memcpy(copy, sealed, len);
    free(row->sealed);
    row->sealed = copy;
    row->sealed_len = len;
    row->lease_until = row->intent_at = 0;
    return FOB_OK;
}

static fob_err store_put(void *pointer, const char *name, const void *sealed, size_t sealed_len,
                         struct fob_error *error)
{
    LOCKED;
    struct store *self = pointer;
    struct row **link = find(self, name), *row = row_of(self, name), *fresh = NULL;
    if (!row) {
        row = fresh = calloc(1, sizeof *row);
        if (!fresh || !(fresh->name = strdup(name))) {
            free(fresh);
            return fob_no_memory(error);
        }
    }
    fob_err err = replace(row, sealed, sealed_len, error);
    if (err != FOB_OK && fresh)
        free_row(fresh);
    if (err != FOB_OK)
        return err;
    row->fence = ++self->place->last_fence;
    if (fresh) {
        fresh->next = *link;
        *link = fresh;
    }
    return FOB_OK;
}

static fob_err store_lease(void *pointer, const char *name, int64_t now, int64_t until,
                           struct fob_record *ret, struct fob_error *error)
{
    LOCKED;
    struct store *self = pointer;
    struct row *row = row_of(self, name);
    struct fob_record record;
    if (!row)
        return not_found(name, error);
    if (row->lease_until > now)
        return busy(name, error);
    fob_err err = show(self, row, &record, error);
    if (err != FOB_OK)
        return err;
    record.fence = row->fence = ++self->place->last_fence;
    record.lease_until = row->lease_until = until;
    row->intent_at = now;
    *ret = record;
    return FOB_OK;
}

static fob_err store_renew(void *pointer, const char *name, uint64_t fence, int64_t until,
                           struct fob_error *error)
{
    LOCKED;
    struct row *row = row_of(pointer, name);
    if (!row)
        return not_found(name, error);
    if (row->fence != fence)
        return busy(name, error);
    row->lease_until = until;
    return FOB_OK;
}

static fob_err store_commit(void *pointer, const char *name, uint64_t fence, const void *sealed,
                            size_t sealed_len, struct fob_error *error)
{
    LOCKED;
    struct row *row = row_of(pointer, name);
    if (!row)
        return not_found(name, error);
    return row->fence == fence ? replace(row, sealed, sealed_len, error) : busy(name, error);
}

static fob_err store_release(void *pointer, const char *name, uint64_t fence, int keep_intent,
                             struct fob_error *error)
{
    LOCKED;
    struct row *row = row_of(pointer, name);
    (void)error;
    if (!row || row->fence != fence)
        return FOB_OK;
    row->lease_until = 0;
    row->intent_at = keep_intent ? row->intent_at : 0;
    return FOB_OK;
}

static fob_err store_remove(void *pointer, const char *name, struct fob_error *error)
{
    LOCKED;
    struct row **link = find(pointer, name), *row = row_of(pointer, name);
    if (!row)
        return not_found(name, error);
    *link = row->next;
    free_row(row);
    return FOB_OK;
}

const struct fob_store_ops fob_store_memory = {
    .size = sizeof(struct fob_store_ops),
    .open = store_open,
    .close = store_close,
    .get = store_get,
    .list = store_list,
    .put = store_put,
    .lease = store_lease,
    .renew = store_renew,
    .commit = store_commit,
    .release = store_release,
    .remove = store_remove,
};
