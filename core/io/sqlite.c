/* SPDX-License-Identifier: MIT */
/* The file below the embedded store: private to its owner, its layout, statements and transactions. */
#include "sqlite.h"
#include "../cleanup.h"
#include "../error.h"
#include "fd.h"
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <fob/store.h>
#include <string.h>
#include <sys/stat.h>

#define APPLICATION_ID 1718575616 /* "fob\0" */
#define BUSY_TIMEOUT_MS 5000

/*
 * Fences come from one counter, so that a record that was removed and made again never gets an old one.
 * leases, since layout 2: one row for each lease that runs, by its fence. is_locked: its holder keeps a lock (locks.h).
 * room: as many bytes as its end may need.
 */
#define LAYOUT_1                                                                                             \
    "CREATE TABLE connections (name TEXT PRIMARY KEY, fence INTEGER NOT NULL, lease_until INTEGER NOT NULL," \
    " intent_at INTEGER NOT NULL, sealed BLOB NOT NULL);"                                                    \
    "CREATE TABLE fences (last INTEGER NOT NULL);"                                                           \
    "INSERT INTO fences VALUES (0);"                                                                         \
    "PRAGMA application_id = 1718575616;"
#define LAYOUT_2                                                                                             \
    "CREATE TABLE leases (fence INTEGER PRIMARY KEY, is_locked INTEGER NOT NULL, room BLOB NOT NULL);"       \
    "PRAGMA user_version = 2;"
#define LAYOUT 2

/* --- errors ------------------------------------------------------------------------------------------------- */

fob_err fob_sqlite_failed_with(const struct fob_sqlite *file, int result, const char *doing,
                               struct fob_error *error)
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
    const char *why = sqlite3_errstr(result), *fix = NULL;
    fob_err code = FOB_E_STORE;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].result == result || known[i].result == (result & 0xff)) {
            code = known[i].code;
            why = known[i].why;
            fix = known[i].fix;
        }
    }
    fob_fail(error, code, fix, "the store cannot %s: %s", doing, why);
    return fob_fail_at(error, code, file->path, 0, 0);
}

fob_err fob_sqlite_failed(const struct fob_sqlite *file, const char *doing, struct fob_error *error)
{
    int result = file->db ? sqlite3_extended_errcode(file->db) : SQLITE_NOMEM;
    return fob_sqlite_failed_with(file, result, doing, error);
}

/* --- statements --------------------------------------------------------------------------------------------- */

fob_err fob_sqlite_prepare(struct fob_sqlite *file, const char *sql, const char *name, sqlite3_stmt **ret,
                           struct fob_error *error)
{
    if (sqlite3_prepare_v2(file->db, sql, -1, ret, NULL) != SQLITE_OK)
        return fob_sqlite_failed(file, "be read", error);
    if (name && sqlite3_bind_text(*ret, 1, name, -1, SQLITE_STATIC) != SQLITE_OK)
        return fob_sqlite_failed(file, "be read", error);
    return FOB_OK;
}

fob_err fob_sqlite_run(struct fob_sqlite *file, sqlite3_stmt *statement, struct fob_error *error)
{
    return sqlite3_step(statement) == SQLITE_DONE ? FOB_OK : fob_sqlite_failed(file, "be written", error);
}

fob_err fob_sqlite_execute(struct fob_sqlite *file, const char *sql, const char *doing,
                           struct fob_error *error)
{
    return sqlite3_exec(file->db, sql, NULL, NULL, NULL) == SQLITE_OK ? FOB_OK
                                                                      : fob_sqlite_failed(file, doing, error);
}

fob_err fob_sqlite_number(struct fob_sqlite *file, const char *sql, int64_t *ret, struct fob_error *error)
{
    fob_auto_statement *statement = NULL;
    fob_err err = fob_sqlite_prepare(file, sql, NULL, &statement, error);
    if (err != FOB_OK)
        return err;
    if (sqlite3_step(statement) != SQLITE_ROW)
        return fob_sqlite_failed(file, "be read", error);
    *ret = sqlite3_column_int64(statement, 0);
    return FOB_OK;
}

fob_err fob_sqlite_begin(struct fob_sqlite *file, struct fob_error *error)
{
    return fob_sqlite_execute(file, "BEGIN IMMEDIATE", "be written", error);
}

fob_err fob_sqlite_end(struct fob_sqlite *file, fob_err err, struct fob_error *error)
{
    if (err == FOB_OK)
        err = fob_sqlite_execute(file, "COMMIT", "be written", error);
    if (err != FOB_OK && !sqlite3_get_autocommit(file->db))
        sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
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

static fob_err not_ours(const struct fob_sqlite *file, struct fob_error *error)
{
    fob_fail(error, FOB_E_STORE, "move it away, or set FOB_STORE to another path",
             "the file is a database of another program");
    return fob_fail_at(error, FOB_E_STORE, file->path, 0, 0);
}

/* With the write lock in hand: another process may have done it meanwhile. */
static fob_err bring_up(struct fob_sqlite *file, struct fob_error *error)
{
    int64_t version = 0, id = 0, tables = 0;
    fob_err err = fob_sqlite_number(file, "SELECT count(*) FROM sqlite_master", &tables, error);
    if (err == FOB_OK)
        err = fob_sqlite_number(file, "PRAGMA application_id", &id, error);
    if (err == FOB_OK)
        err = fob_sqlite_number(file, "PRAGMA user_version", &version, error);
    if (err != FOB_OK)
        return err;
    if (!tables)
        return fob_sqlite_execute(file, LAYOUT_1 LAYOUT_2, "be made", error);
    if (id != APPLICATION_ID)
        return not_ours(file, error);
    return version < LAYOUT ? fob_sqlite_execute(file, LAYOUT_2, "be written", error) : FOB_OK;
}

/* Makes the tables in an empty file, or those that an older one lacks. */
static fob_err settle_layout(struct fob_sqlite *file, struct fob_error *error)
{
    int64_t version = 0, id = 0;
    fob_err err = fob_sqlite_number(file, "PRAGMA user_version", &version, error);
    if (err == FOB_OK)
        err = fob_sqlite_number(file, "PRAGMA application_id", &id, error);
    if (err != FOB_OK)
        return err;
    if (version > LAYOUT && id == APPLICATION_ID) {
        fob_fail(error, FOB_E_STORE, "update fob on this machine", "the store was written by a later fob");
        return fob_fail_at(error, FOB_E_STORE, file->path, 0, 0);
    }
    if (version == LAYOUT && id == APPLICATION_ID)
        return FOB_OK;
    err = fob_sqlite_begin(file, error);
    return err == FOB_OK ? fob_sqlite_end(file, bring_up(file, error), error) : err;
}

/* PERSIST: the journal keeps the room it has, which a lease sees to (store_sqlite.c). */
static fob_err open_database(struct fob_sqlite *file, unsigned flags, struct fob_error *error)
{
    bool reads = flags & FOB_STORE_READ_ONLY;
    const char *settings =
        reads ? "PRAGMA query_only = 1" : "PRAGMA synchronous = EXTRA; PRAGMA journal_mode = PERSIST";
    /* Readers too: one that comes after a killed writer has to undo the half-written change first. SQLite itself
     * opens a file that we may not write for reading. */
    int mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(file->path, &file->db, mode, NULL) != SQLITE_OK)
        return fob_sqlite_failed(file, "be opened", error);
    /* Told now, before something is granted that could not be kept. */
    if (!reads && sqlite3_db_readonly(file->db, "main") == 1)
        return fob_sqlite_failed_with(file, SQLITE_READONLY, "be opened", error);
    sqlite3_busy_timeout(file->db, BUSY_TIMEOUT_MS);
    fob_err err = fob_sqlite_execute(file, settings, "be opened", error);
    return err == FOB_OK && !reads ? settle_layout(file, error) : err;
}

fob_err fob_sqlite_open(const char *path, unsigned flags, struct fob_sqlite *ret, struct fob_error *error)
{
    struct fob_sqlite file = {0};
    fob_err err = check_file(path, flags, error);
    if (err != FOB_OK)
        return err;
    if (!(file.path = strdup(path)))
        return fob_no_memory(error);
    err = open_database(&file, flags, error);
    if (err == FOB_OK)
        *ret = file;
    else
        fob_sqlite_close(&file);
    return err;
}

void fob_sqlite_close(struct fob_sqlite *file)
{
    sqlite3_close_v2(file->db);
    free(file->path);
    *file = (struct fob_sqlite){0};
}
