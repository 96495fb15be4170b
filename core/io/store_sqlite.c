/* SPDX-License-Identifier: MIT */
/* The embedded store: records and leases in one SQLite file. */
#include "../buf.h"
#include "../cleanup.h"
#include "../error.h"
#include "fd.h"
#include "locks.h"
#include "sqlite.h"
#include "stores.h"

#include <fob/limits.h>
#include <string.h>

struct store {
    struct fob_sqlite file;
    int locks;  /* opened with the first lease, -1 before */
    char *name; /* of the record given out last */
    void *sealed;
};

/* --- opening ------------------------------------------------------------------------------------------------ */

static void store_close(void *pointer)
{
    struct store *self = pointer;
    if (!self)
        return;
    fob_sqlite_close(&self->file);
    fob_close_fd(&self->locks);
    free(self->name);
    free(self->sealed);
    free(self);
}

static fob_err store_open(const char *location, unsigned flags, void **ret_self, struct fob_error *error)
{
    struct store *self = calloc(1, sizeof *self);
    if (!self)
        return fob_no_memory(error);
    self->locks = -1;
    fob_err err = fob_sqlite_open(location, flags, &self->file, error);
    if (err == FOB_OK)
        *ret_self = self;
    else
        store_close(self);
    return err;
}

/* --- records ------------------------------------------------------------------------------------------------ */

static fob_err not_found(const char *name, struct fob_error *error)
{
    return fob_fail(error, FOB_E_NOT_FOUND, "see `fob list` for those there are",
                    "there is no connection \"%.128s\"", name);
}

/* Copied, so that no read lock outlives the call. */
static fob_err take_row(struct store *self, sqlite3_stmt *row, const char *name, struct fob_record *ret,
                        struct fob_error *error)
{
    size_t len = (size_t)sqlite3_column_bytes(row, 3);
    const void *bytes = sqlite3_column_blob(row, 3);
    if (!bytes || len == 0 || len > FOB_MAX_RECORD) {
        fob_fail(error, FOB_E_STORE, "log in again", "the record of \"%.128s\" is damaged", name);
        return fob_fail_at(error, FOB_E_STORE, self->file.path, 0, 0);
    }
    char *own_name = strdup(name);
    void *own_bytes = malloc(len);
    if (!own_name || !own_bytes) {
        free(own_name);
        free(own_bytes);
        return fob_no_memory(error);
    }
    memcpy(own_bytes, bytes, len);
    free(self->name);
    free(self->sealed);
    self->name = own_name;
    self->sealed = own_bytes;
    *ret = (struct fob_record){.size = sizeof *ret,
                               .name = own_name,
                               .fence = (uint64_t)sqlite3_column_int64(row, 0),
                               .lease_until = sqlite3_column_int64(row, 1),
                               .intent_at = sqlite3_column_int64(row, 2),
                               .sealed = own_bytes,
                               .sealed_len = len};
    return FOB_OK;
}

static fob_err store_get(void *pointer, const char *name, struct fob_record *ret, struct fob_error *error)
{
    struct store *self = pointer;
    fob_auto_statement *row = NULL;
    fob_err err = fob_sqlite_prepare(
        &self->file, "SELECT fence, lease_until, intent_at, sealed FROM connections WHERE name = ?1", name,
        &row, error);
    if (err != FOB_OK)
        return err;
    int result = sqlite3_step(row);
    if (result == SQLITE_DONE)
        return not_found(name, error);
    return result == SQLITE_ROW ? take_row(self, row, name, ret, error)
                                : fob_sqlite_failed(&self->file, "be read", error);
}

/* The names first: what `each` does must not meet our own lock. */
static fob_err gather_names(struct store *self, struct fob_buf *names, struct fob_error *error)
{
    fob_auto_statement *row = NULL;
    int result;
    fob_err err =
        fob_sqlite_prepare(&self->file, "SELECT name FROM connections ORDER BY name", NULL, &row, error);
    if (err != FOB_OK)
        return err;
    while ((result = sqlite3_step(row)) == SQLITE_ROW) {
        const unsigned char *name = sqlite3_column_text(row, 0);
        fob_buf_add(names, name, (size_t)sqlite3_column_bytes(row, 0) + 1);
    }
    if (result != SQLITE_DONE)
        return fob_sqlite_failed(&self->file, "be read", error);
    return fob_buf_finish(names, "the list of connections", error);
}

static fob_err store_list(void *pointer, fob_record_fn *each, void *user, struct fob_error *error)
{
    struct store *self = pointer;
    fob_auto_buf names = FOB_BUF((size_t)64 * 1024 * 1024);
    fob_err err = gather_names(self, &names, error);
    for (size_t at = 0; err == FOB_OK && at < names.len; at += strlen(names.data + at) + 1) {
        struct fob_record record;
        err = store_get(self, names.data + at, &record, error);
        if (err == FOB_OK)
            err = each(user, &record, error);
        else if (err == FOB_E_NOT_FOUND) /* removed meanwhile */
            err = FOB_OK;
    }
    return err;
}

static fob_err next_fence(struct store *self, int64_t *ret, struct fob_error *error)
{
    fob_err err = fob_sqlite_execute(&self->file, "UPDATE fences SET last = last + 1", "be written", error);
    return err == FOB_OK ? fob_sqlite_number(&self->file, "SELECT last FROM fences", ret, error) : err;
}

static fob_err put_row(struct store *self, const char *name, const void *sealed, size_t len,
                       struct fob_error *error)
{
    fob_auto_statement *statement = NULL;
    int64_t fence = 0;
    fob_err err = fob_sqlite_drop_lease(&self->file, name, 0, error);
    if (err == FOB_OK)
        err = next_fence(self, &fence, error);
    if (err == FOB_OK)
        err = fob_sqlite_prepare(&self->file, "INSERT OR REPLACE INTO connections VALUES (?1, ?2, 0, 0, ?3)",
                                 name, &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, fence);
    sqlite3_bind_blob(statement, 3, sealed, (int)len, SQLITE_STATIC);
    return fob_sqlite_run(&self->file, statement, error);
}

static fob_err check_size(size_t len, struct fob_error *error)
{
    if (len >= 1 && len <= FOB_MAX_RECORD)
        return FOB_OK;
    return fob_fail(error, FOB_E_LIMIT, NULL, "a record is 1 to %d bytes long", FOB_MAX_RECORD);
}

static fob_err store_put(void *pointer, const char *name, const void *sealed, size_t sealed_len,
                         struct fob_error *error)
{
    struct store *self = pointer;
    fob_err err = check_size(sealed_len, error);
    if (err == FOB_OK)
        err = fob_sqlite_begin(&self->file, error);
    if (err != FOB_OK)
        return err;
    return fob_sqlite_end(&self->file, put_row(self, name, sealed, sealed_len, error), error);
}

static fob_err remove_row(struct store *self, const char *name, struct fob_error *error)
{
    fob_auto_statement *statement = NULL;
    fob_err err = fob_sqlite_drop_lease(&self->file, name, 0, error);
    if (err == FOB_OK)
        err = fob_sqlite_prepare(&self->file, "DELETE FROM connections WHERE name = ?1", name, &statement,
                                 error);
    if (err == FOB_OK)
        err = fob_sqlite_run(&self->file, statement, error);
    if (err == FOB_OK && sqlite3_changes(self->file.db) == 0)
        err = not_found(name, error);
    return err;
}

static fob_err store_remove(void *pointer, const char *name, struct fob_error *error)
{
    struct store *self = pointer;
    fob_err err = fob_sqlite_begin(&self->file, error);
    if (err == FOB_OK)
        err = fob_sqlite_end(&self->file, remove_row(self, name, error), error);
    /* The journal still holds the record that is to be forgotten. */
    if (err == FOB_OK)
        sqlite3_exec(self->file.db, "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = PERSIST", NULL, NULL,
                     NULL);
    return err;
}

/* --- leases ------------------------------------------------------------------------------------------------- */

static fob_err busy(const char *name, struct fob_error *error)
{
    return fob_fail(error, FOB_E_BUSY, "try again in a moment", "another process is refreshing \"%.128s\"",
                    name);
}

/* The lock file, beside the store. Without one a lease ends by its time only. */
static void open_locks(struct store *self)
{
    fob_auto_buf path = FOB_BUF(4096);
    if (self->locks >= 0)
        return;
    fob_buf_fmt(&path, "%s-lease", self->file.path);
    if (path.failed == FOB_OK)
        self->locks = fob_locks_open(path.data);
}

/* The one that holds it has died. */
static bool is_orphan(struct store *self, uint64_t fence)
{
    fob_auto_statement *row = NULL;
    if (fob_sqlite_prepare(&self->file, "SELECT is_locked FROM leases WHERE fence = ?1", NULL, &row, NULL) !=
        FOB_OK)
        return false;
    sqlite3_bind_int64(row, 1, (int64_t)fence);
    bool was_locked = sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int(row, 0);
    return was_locked && !fob_locks_held(self->locks, fence);
}

/* Takes the place of the lease before, whose row goes. */
static fob_err write_lease(struct store *self, const char *name, int64_t now, const struct fob_record *record,
                           struct fob_error *error)
{
    fob_auto_statement *statement = NULL;
    fob_err err = fob_sqlite_drop_lease(&self->file, name, 0, error);
    if (err == FOB_OK)
        err = fob_sqlite_prepare(
            &self->file,
            "UPDATE connections SET fence = ?2, lease_until = ?3, intent_at = ?4 WHERE name = ?1", name,
            &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, (int64_t)record->fence);
    sqlite3_bind_int64(statement, 3, record->lease_until);
    sqlite3_bind_int64(statement, 4, now);
    err = fob_sqlite_run(&self->file, statement, error);
    /* Before anybody can see the lease. */
    bool is_locked = err == FOB_OK && fob_locks_take(self->locks, record->fence);
    return err == FOB_OK
               ? fob_sqlite_add_lease(&self->file, record->fence, is_locked, record->sealed_len, error)
               : err;
}

static fob_err lease_row(struct store *self, const char *name, int64_t now, int64_t until,
                         struct fob_record *ret, struct fob_error *error)
{
    int64_t fence = 0;
    fob_err err = store_get(self, name, ret, error);
    if (err == FOB_OK && ret->lease_until > now && !is_orphan(self, ret->fence))
        err = busy(name, error);
    if (err == FOB_OK)
        err = next_fence(self, &fence, error);
    if (err != FOB_OK)
        return err;
    ret->fence = (uint64_t)fence;
    ret->lease_until = until;
    return write_lease(self, name, now, ret, error);
}

static fob_err store_lease(void *pointer, const char *name, int64_t now, int64_t until,
                           struct fob_record *ret, struct fob_error *error)
{
    struct store *self = pointer;
    struct fob_record record = {0};
    open_locks(self);
    fob_err err = fob_sqlite_begin(&self->file, error);
    if (err == FOB_OK)
        err = fob_sqlite_end(&self->file, lease_row(self, name, now, until, &record, error), error);
    if (err == FOB_OK)
        *ret = record;
    else
        fob_locks_drop(self->locks, record.fence);
    return err;
}

/* Runs an update that names the fence; when it changes nothing, says why. */
static fob_err update_fenced(struct store *self, sqlite3_stmt *statement, const char *name,
                             struct fob_error *error)
{
    struct fob_record record;
    fob_err err = fob_sqlite_run(&self->file, statement, error);
    if (err != FOB_OK || sqlite3_changes(self->file.db) > 0)
        return err;
    err = store_get(self, name, &record, error);
    return err == FOB_OK ? busy(name, error) : err;
}

static fob_err store_renew(void *pointer, const char *name, uint64_t fence, int64_t until,
                           struct fob_error *error)
{
    struct store *self = pointer;
    fob_auto_statement *statement = NULL;
    fob_err err = fob_sqlite_prepare(&self->file,
                                     "UPDATE connections SET lease_until = ?3 WHERE name = ?1 AND fence = ?2",
                                     name, &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, (int64_t)fence);
    sqlite3_bind_int64(statement, 3, until);
    return update_fenced(self, statement, name, error);
}

/* Its room first, for the record to be written into. */
static fob_err commit_row(struct store *self, const char *name, uint64_t fence, const void *sealed,
                          size_t sealed_len, struct fob_error *error)
{
    fob_auto_statement *statement = NULL;
    fob_err err = fob_sqlite_drop_lease(&self->file, name, fence, error);
    if (err == FOB_OK)
        err = fob_sqlite_prepare(&self->file,
                                 "UPDATE connections SET sealed = ?3, lease_until = 0, intent_at = 0"
                                 " WHERE name = ?1 AND fence = ?2",
                                 name, &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, (int64_t)fence);
    sqlite3_bind_blob(statement, 3, sealed, (int)sealed_len, SQLITE_STATIC);
    return update_fenced(self, statement, name, error);
}

static fob_err store_commit(void *pointer, const char *name, uint64_t fence, const void *sealed,
                            size_t sealed_len, struct fob_error *error)
{
    struct store *self = pointer;
    fob_err err = check_size(sealed_len, error);
    if (err == FOB_OK)
        err = fob_sqlite_begin(&self->file, error);
    if (err != FOB_OK)
        return err;
    err = fob_sqlite_end(&self->file, commit_row(self, name, fence, sealed, sealed_len, error), error);
    if (err == FOB_OK)
        fob_locks_drop(self->locks, fence);
    return err;
}

static fob_err release_row(struct store *self, const char *name, uint64_t fence, int keep_intent,
                           struct fob_error *error)
{
    fob_auto_statement *statement = NULL;
    fob_err err = fob_sqlite_drop_lease(&self->file, name, fence, error);
    if (err == FOB_OK)
        err = fob_sqlite_prepare(&self->file,
                                 "UPDATE connections SET lease_until = 0, intent_at = CASE ?3 WHEN 0 THEN 0"
                                 " ELSE intent_at END WHERE name = ?1 AND fence = ?2",
                                 name, &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, (int64_t)fence);
    sqlite3_bind_int(statement, 3, keep_intent != 0);
    return fob_sqlite_run(&self->file, statement, error);
}

/* Even when it cannot be written, the lock is dropped: the lease is an orphan then. */
static fob_err store_release(void *pointer, const char *name, uint64_t fence, int keep_intent,
                             struct fob_error *error)
{
    struct store *self = pointer;
    fob_err err = fob_sqlite_begin(&self->file, error);
    if (err == FOB_OK)
        err = fob_sqlite_end(&self->file, release_row(self, name, fence, keep_intent, error), error);
    fob_locks_drop(self->locks, fence);
    return err;
}

const struct fob_store_ops fob_store_sqlite = {
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
