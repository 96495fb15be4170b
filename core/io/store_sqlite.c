/* SPDX-License-Identifier: MIT */
/* The embedded store: one SQLite file, private to its owner. */
#include "../buf.h"
#include "../cleanup.h"
#include "../error.h"
#include "fd.h"
#include "stores.h"
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <fob/limits.h>
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#define APPLICATION_ID 1718575616 /* "fob\0" */
#define BUSY_TIMEOUT_MS 5000

/* Fences come from one counter, so that a record that was removed and made again never gets an old one. */
static const char *const layout = "CREATE TABLE connections (name TEXT PRIMARY KEY, fence INTEGER NOT NULL,"
                                  " lease_until INTEGER NOT NULL, intent_at INTEGER NOT NULL,"
                                  " sealed BLOB NOT NULL);"
                                  "CREATE TABLE fences (last INTEGER NOT NULL);"
                                  "INSERT INTO fences VALUES (0);"
                                  "PRAGMA application_id = 1718575616;"
                                  "PRAGMA user_version = 1;";

struct store {
    sqlite3 *db;
    char *path;
    char *name; /* of the record given out last */
    void *sealed;
};

/* --- errors ------------------------------------------------------------------------------------------------- */

static fob_err failed(const struct store *self, const char *doing, struct fob_error *error)
{
    static const struct {
        int result;
        fob_err code;
        const char *why, *fix;
    } known[] = {
        {SQLITE_BUSY, FOB_E_BUSY, "another process keeps it locked", "try again in a moment"},
        {SQLITE_LOCKED, FOB_E_BUSY, "another process keeps it locked", "try again in a moment"},
        {SQLITE_FULL, FOB_E_STORE, "the disk is full", "make room; nothing was lost"},
        {SQLITE_READONLY, FOB_E_STORE, "it cannot be written",
         "check the permissions of the file and its folder"},
        {SQLITE_READONLY_ROLLBACK, FOB_E_STORE, "a change that was cut off must be undone first",
         "run fob once as somebody who may write the file and its folder"},
        {SQLITE_CORRUPT, FOB_E_STORE, "the file is damaged", "restore a copy, or remove it and log in again"},
        {SQLITE_NOTADB, FOB_E_STORE, "the file is not a store",
         "move it away, or set FOB_STORE to another path"},
        {SQLITE_CANTOPEN, FOB_E_STORE, "it cannot be opened",
         "check the permissions of the file and its folder"},
        {SQLITE_IOERR, FOB_E_STORE, "reading or writing failed", "check the disk; nothing was lost"},
        {SQLITE_ERROR, FOB_E_STORE, "making it was cut off", "log in: that makes it whole"}, /* no table */
        {SQLITE_NOMEM, FOB_E_MEMORY, "out of memory", NULL},
    };
    int result = self->db ? sqlite3_extended_errcode(self->db) : SQLITE_NOMEM;
    const char *why = self->db ? sqlite3_errmsg(self->db) : "out of memory", *fix = NULL;
    fob_err code = FOB_E_STORE;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].result == result || known[i].result == (result & 0xff)) {
            code = known[i].code;
            why = known[i].why;
            fix = known[i].fix;
        }
    }
    fob_fail(error, code, fix, "the store cannot %s: %s", doing, why);
    return fob_fail_at(error, code, self->path, 0, 0);
}

/* --- statements --------------------------------------------------------------------------------------------- */

static void finalize(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
}

#define auto_statement fob_cleanup(finalize) sqlite3_stmt

static fob_err prepare(struct store *self, const char *sql, const char *name, sqlite3_stmt **ret,
                       struct fob_error *error)
{
    if (sqlite3_prepare_v2(self->db, sql, -1, ret, NULL) != SQLITE_OK)
        return failed(self, "be read", error);
    if (name && sqlite3_bind_text(*ret, 1, name, -1, SQLITE_STATIC) != SQLITE_OK)
        return failed(self, "be read", error);
    return FOB_OK;
}

/* Runs a statement that gives no row. */
static fob_err run(struct store *self, sqlite3_stmt *statement, struct fob_error *error)
{
    return sqlite3_step(statement) == SQLITE_DONE ? FOB_OK : failed(self, "be written", error);
}

static fob_err execute(struct store *self, const char *sql, const char *doing, struct fob_error *error)
{
    return sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK ? FOB_OK : failed(self, doing, error);
}

/* IMMEDIATE, so that two writers wait for each other at the start and never after having read. */
static fob_err begin(struct store *self, struct fob_error *error)
{
    return execute(self, "BEGIN IMMEDIATE", "be written", error);
}

static fob_err end(struct store *self, fob_err err, struct fob_error *error)
{
    if (err == FOB_OK)
        err = execute(self, "COMMIT", "be written", error);
    if (err != FOB_OK && !sqlite3_get_autocommit(self->db))
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

/* --- opening ------------------------------------------------------------------------------------------------ */

/* Folders on the way are ours alone, as the XDG specification has it. */
static fob_err make_folders(const char *path, struct fob_error *error)
{
    fob_auto_free char *copy = strdup(path);
    if (!copy)
        return fob_no_memory(error);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0700) < 0 && errno != EEXIST)
            return fob_fail_errno(error, FOB_E_STORE, errno, "check the permissions above it",
                                  "the store's folder %s cannot be made", copy);
        *slash = '/';
    }
    return FOB_OK;
}

/* Made before SQLite sees it, so that it is never readable by others, whatever the umask. */
static fob_err make_file(const char *path, struct fob_error *error)
{
    fob_err err = make_folders(path, error);
    if (err != FOB_OK)
        return err;
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno != EEXIST)
        return fob_fail_errno(error, FOB_E_STORE, errno, "check the permissions of its folder",
                              "the store %s cannot be made", path);
    if (fd >= 0)
        close(fd);
    return FOB_OK;
}

/* O_PATH: closing any other descriptor of the file would drop the locks that SQLite holds on it. */
static fob_err check_file(const char *path, unsigned flags, struct fob_error *error)
{
    fob_auto_fd int folder = -1;
    fob_auto_fd int fd = open(path, O_PATH | O_CLOEXEC);
    const char *name;
    if (fd < 0 && errno == ENOENT && !(flags & FOB_STORE_READ_ONLY)) {
        fob_err err = make_file(path, error);
        if (err != FOB_OK)
            return err;
        fd = open(path, O_PATH | O_CLOEXEC);
    }
    if (fd < 0 && errno == ENOENT)
        return fob_fail(error, FOB_E_NOT_FOUND, "log in first", "there is no store at %s", path);
    if (fd < 0)
        return fob_fail_errno(error, FOB_E_STORE, errno, "check the permissions of its folder",
                              "the store %s cannot be opened", path);
    fob_err err = fob_trust_folder(path, &folder, &name, error);
    return err == FOB_OK ? fob_trust_check(fd, path, FOB_TRUST_PRIVATE, error) : err;
}

static fob_err read_number(struct store *self, const char *sql, int64_t *ret, struct fob_error *error)
{
    auto_statement *statement = NULL;
    fob_err err = prepare(self, sql, NULL, &statement, error);
    if (err != FOB_OK)
        return err;
    if (sqlite3_step(statement) != SQLITE_ROW)
        return failed(self, "be read", error);
    *ret = sqlite3_column_int64(statement, 0);
    return FOB_OK;
}

static fob_err not_ours(const struct store *self, struct fob_error *error)
{
    fob_fail(error, FOB_E_STORE, "move it away, or set FOB_STORE to another path",
             "the file is a database of another program");
    return fob_fail_at(error, FOB_E_STORE, self->path, 0, 0);
}

/* Makes the tables in an empty file; looks at the version in any other. */
static fob_err settle_layout(struct store *self, struct fob_error *error)
{
    int64_t version = 0, id = 0, tables = 0;
    fob_err err = read_number(self, "PRAGMA user_version", &version, error);
    if (err == FOB_OK)
        err = read_number(self, "PRAGMA application_id", &id, error);
    if (err != FOB_OK)
        return err;
    if (version > 1 && id == APPLICATION_ID) {
        fob_fail(error, FOB_E_STORE, "update fob on this machine", "the store was written by a later fob");
        return fob_fail_at(error, FOB_E_STORE, self->path, 0, 0);
    }
    if (version == 1 && id == APPLICATION_ID)
        return FOB_OK;
    err = begin(self, error);
    if (err != FOB_OK)
        return err;
    err = read_number(self, "SELECT count(*) FROM sqlite_master", &tables, error);
    if (err == FOB_OK)
        err = read_number(self, "PRAGMA application_id", &id, error);
    if (err == FOB_OK && tables && id != APPLICATION_ID)
        err = not_ours(self, error);
    else if (err == FOB_OK && !tables)
        err = execute(self, layout, "be made", error);
    return end(self, err, error);
}

static void store_close(void *pointer)
{
    struct store *self = pointer;
    if (!self)
        return;
    sqlite3_close_v2(self->db);
    free(self->path);
    free(self->name);
    free(self->sealed);
    free(self);
}

static void close_store(struct store **self)
{
    store_close(*self);
}

static fob_err store_open(const char *location, unsigned flags, void **ret_self, struct fob_error *error)
{
    fob_cleanup(close_store) struct store *self = NULL;
    fob_err err = check_file(location, flags, error);
    if (err != FOB_OK)
        return err;
    self = calloc(1, sizeof *self);
    if (!self || !(self->path = strdup(location)))
        return fob_no_memory(error);
    /* Readers too: one that comes after a killed writer has to undo the half-written change first. SQLite itself
     * opens a file that we may not write for reading. */
    int mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(location, &self->db, mode, NULL) != SQLITE_OK)
        return failed(self, "be opened", error);
    sqlite3_busy_timeout(self->db, BUSY_TIMEOUT_MS);
    if (flags & FOB_STORE_READ_ONLY)
        err = execute(self, "PRAGMA query_only = 1", "be opened", error);
    else
        err = execute(self, "PRAGMA synchronous = EXTRA", "be opened", error);
    if (err == FOB_OK && !(flags & FOB_STORE_READ_ONLY))
        err = settle_layout(self, error);
    if (err == FOB_OK)
        *ret_self = fob_steal(&self);
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
        return fob_fail_at(error, FOB_E_STORE, self->path, 0, 0);
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
    auto_statement *row = NULL;
    fob_err err =
        prepare(self, "SELECT fence, lease_until, intent_at, sealed FROM connections WHERE name = ?1", name,
                &row, error);
    if (err != FOB_OK)
        return err;
    int result = sqlite3_step(row);
    if (result == SQLITE_DONE)
        return not_found(name, error);
    return result == SQLITE_ROW ? take_row(self, row, name, ret, error) : failed(self, "be read", error);
}

/* The names first: what `each` does must not meet our own lock. */
static fob_err gather_names(struct store *self, struct fob_buf *names, struct fob_error *error)
{
    auto_statement *row = NULL;
    int result;
    fob_err err = prepare(self, "SELECT name FROM connections ORDER BY name", NULL, &row, error);
    if (err != FOB_OK)
        return err;
    while ((result = sqlite3_step(row)) == SQLITE_ROW) {
        const unsigned char *name = sqlite3_column_text(row, 0);
        fob_buf_add(names, name, (size_t)sqlite3_column_bytes(row, 0) + 1);
    }
    if (result != SQLITE_DONE)
        return failed(self, "be read", error);
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
    fob_err err = execute(self, "UPDATE fences SET last = last + 1", "be written", error);
    return err == FOB_OK ? read_number(self, "SELECT last FROM fences", ret, error) : err;
}

static fob_err put_row(struct store *self, const char *name, const void *sealed, size_t len,
                       struct fob_error *error)
{
    auto_statement *statement = NULL;
    int64_t fence = 0;
    fob_err err = next_fence(self, &fence, error);
    if (err == FOB_OK)
        err = prepare(self, "INSERT OR REPLACE INTO connections VALUES (?1, ?2, 0, 0, ?3)", name, &statement,
                      error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, fence);
    sqlite3_bind_blob(statement, 3, sealed, (int)len, SQLITE_STATIC);
    return run(self, statement, error);
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
        err = begin(self, error);
    return err == FOB_OK ? end(self, put_row(self, name, sealed, sealed_len, error), error) : err;
}

/* --- leases ------------------------------------------------------------------------------------------------- */

static fob_err busy(const char *name, struct fob_error *error)
{
    return fob_fail(error, FOB_E_BUSY, "try again in a moment", "another process is refreshing \"%.128s\"",
                    name);
}

static fob_err lease_row(struct store *self, const char *name, int64_t now, int64_t until,
                         struct fob_record *ret, struct fob_error *error)
{
    auto_statement *statement = NULL;
    int64_t fence = 0;
    fob_err err = store_get(self, name, ret, error);
    if (err == FOB_OK && ret->lease_until > now)
        err = busy(name, error);
    if (err == FOB_OK)
        err = next_fence(self, &fence, error);
    if (err == FOB_OK)
        err = prepare(self,
                      "UPDATE connections SET fence = ?2, lease_until = ?3, intent_at = ?4 WHERE name = ?1",
                      name, &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, fence);
    sqlite3_bind_int64(statement, 3, until);
    sqlite3_bind_int64(statement, 4, now);
    ret->fence = (uint64_t)fence;
    ret->lease_until = until;
    return run(self, statement, error);
}

static fob_err store_lease(void *pointer, const char *name, int64_t now, int64_t until,
                           struct fob_record *ret, struct fob_error *error)
{
    struct store *self = pointer;
    struct fob_record record;
    fob_err err = begin(self, error);
    if (err == FOB_OK)
        err = end(self, lease_row(self, name, now, until, &record, error), error);
    if (err == FOB_OK)
        *ret = record;
    return err;
}

/* Runs an update that names the fence; when it changes nothing, says why. */
static fob_err update_fenced(struct store *self, sqlite3_stmt *statement, const char *name,
                             struct fob_error *error)
{
    struct fob_record record;
    fob_err err = run(self, statement, error);
    if (err != FOB_OK || sqlite3_changes(self->db) > 0)
        return err;
    err = store_get(self, name, &record, error);
    return err == FOB_OK ? busy(name, error) : err;
}

static fob_err store_renew(void *pointer, const char *name, uint64_t fence, int64_t until,
                           struct fob_error *error)
{
    struct store *self = pointer;
    auto_statement *statement = NULL;
    fob_err err = prepare(self, "UPDATE connections SET lease_until = ?3 WHERE name = ?1 AND fence = ?2",
                          name, &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, (int64_t)fence);
    sqlite3_bind_int64(statement, 3, until);
    return update_fenced(self, statement, name, error);
}

static fob_err store_commit(void *pointer, const char *name, uint64_t fence, const void *sealed,
                            size_t sealed_len, struct fob_error *error)
{
    struct store *self = pointer;
    auto_statement *statement = NULL;
    fob_err err = check_size(sealed_len, error);
    if (err == FOB_OK)
        err = prepare(self,
                      "UPDATE connections SET sealed = ?3, lease_until = 0, intent_at = 0"
                      " WHERE name = ?1 AND fence = ?2",
                      name, &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, (int64_t)fence);
    sqlite3_bind_blob(statement, 3, sealed, (int)sealed_len, SQLITE_STATIC);
    return update_fenced(self, statement, name, error);
}

static fob_err store_release(void *pointer, const char *name, uint64_t fence, int keep_intent,
                             struct fob_error *error)
{
    struct store *self = pointer;
    auto_statement *statement = NULL;
    fob_err err = prepare(self,
                          "UPDATE connections SET lease_until = 0, intent_at = CASE ?3 WHEN 0 THEN 0 ELSE"
                          " intent_at END WHERE name = ?1 AND fence = ?2",
                          name, &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, (int64_t)fence);
    sqlite3_bind_int(statement, 3, keep_intent != 0);
    return run(self, statement, error);
}

static fob_err store_remove(void *pointer, const char *name, struct fob_error *error)
{
    struct store *self = pointer;
    auto_statement *statement = NULL;
    fob_err err = prepare(self, "DELETE FROM connections WHERE name = ?1", name, &statement, error);
    if (err == FOB_OK)
        err = run(self, statement, error);
    if (err == FOB_OK && sqlite3_changes(self->db) == 0)
        err = not_found(name, error);
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
