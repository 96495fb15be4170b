/* SPDX-License-Identifier: MIT */
/* The file below the embedded store: private to its owner, its layout, statements and transactions. */
#ifndef CORE_IO_SQLITE_H
#define CORE_IO_SQLITE_H

#include "../cleanup.h"

#include <fob/error.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

struct fob_sqlite {
    sqlite3 *db;
    char *path;
};

/*
 * Opens the file after checking it and its folder; unless flags say FOB_STORE_READ_ONLY, makes what is missing and brings
 * an older layout up. Zeroed or open, it can be closed. Errors: as struct fob_store_ops.
 */
fob_err fob_sqlite_open(const char *path, unsigned flags, struct fob_sqlite *ret, struct fob_error *error);
void fob_sqlite_close(struct fob_sqlite *file);

/* Why the last call on the database failed. doing: "be read", "be written". */
fob_err fob_sqlite_failed(const struct fob_sqlite *file, const char *doing, struct fob_error *error);
/* The same for a result code that the database does not know of. */
fob_err fob_sqlite_failed_with(const struct fob_sqlite *file, int result, const char *doing,
                               struct fob_error *error);

static inline void fob_sqlite_finalize(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
}

#define fob_auto_statement fob_cleanup(fob_sqlite_finalize) sqlite3_stmt

/* name, unless NULL, is bound to ?1 and has to outlive the statement. */
fob_err fob_sqlite_prepare(struct fob_sqlite *file, const char *sql, const char *name, sqlite3_stmt **ret,
                           struct fob_error *error);
/* Runs a statement that gives no row. */
fob_err fob_sqlite_run(struct fob_sqlite *file, sqlite3_stmt *statement, struct fob_error *error);
/* Runs a text of statements. */
fob_err fob_sqlite_execute(struct fob_sqlite *file, const char *sql, const char *doing,
                           struct fob_error *error);
/* The one number that sql gives. */
fob_err fob_sqlite_number(struct fob_sqlite *file, const char *sql, int64_t *ret, struct fob_error *error);

/* IMMEDIATE, so that two writers wait for each other at the start and never after having read. */
fob_err fob_sqlite_begin(struct fob_sqlite *file, struct fob_error *error);
/* Commits when err is FOB_OK, else rolls back. Returns err, or why it could not be committed. */
fob_err fob_sqlite_end(struct fob_sqlite *file, fob_err err, struct fob_error *error);

/*
 * Notes a lease in its table and sets aside what its end will need, for a record of up to twice this length: in the file
 * and in the journal. The row's pages are the record's when the row is dropped. is_locked: its holder keeps a lock.
 */
fob_err fob_sqlite_add_lease(struct fob_sqlite *file, uint64_t fence, bool is_locked, size_t sealed_len,
                             struct fob_error *error);
/* Drops that of the record, if it has this fence; 0: whichever it has. */
fob_err fob_sqlite_drop_lease(struct fob_sqlite *file, const char *name, uint64_t fence,
                              struct fob_error *error);

#endif
