/* SPDX-License-Identifier: MIT */
/* The room that the end of a lease needs, set aside at its start. */
#include "sqlite.h"

#include <fob/limits.h>

#define ROOM_MIN ((int64_t)16 * 1024) /* bytes that the next record may have, at least */
#define ROOM_PAGES 16                 /* pages beside the record that a change of it may touch, generously */
#define JOURNAL_EXTRA 8               /* bytes that a journal adds to each page: its number and checksum */

/* Bytes to set aside in the file: the next record may be twice as long as this one. */
static int64_t room_for(size_t sealed_len)
{
    int64_t room = 2 * (int64_t)sealed_len;
    return room < ROOM_MIN ? ROOM_MIN : room > FOB_MAX_RECORD ? FOB_MAX_RECORD : room;
}

/* Lets the journal grow now to what it will have to hold then. It keeps its room; see open_database. */
static fob_err stretch_journal(struct fob_sqlite *file, int64_t need, struct fob_error *error)
{
    static char zeros[32 * 1024]; /* never written; const, they would fill the library's file */
    sqlite3_file *journal = NULL;
    sqlite3_int64 size = 0;
    int result = sqlite3_file_control(file->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal);
    if (result == SQLITE_OK && (!journal || !journal->pMethods))
        return FOB_OK; /* in memory */
    if (result == SQLITE_OK)
        result = journal->pMethods->xFileSize(journal, &size);
    for (; result == SQLITE_OK && size < need; size += (int64_t)sizeof zeros)
        result = journal->pMethods->xWrite(journal, zeros, sizeof zeros, size);
    return result == SQLITE_OK ? FOB_OK : fob_sqlite_failed_with(file, result, "be written", error);
}

/*
 * A full disk has to fail here, while nothing was sent yet, and not when there is a new token to be kept. The row that
 * is written here is removed then, which leaves its pages to the record.
 */
fob_err fob_sqlite_add_lease(struct fob_sqlite *file, uint64_t fence, bool is_locked, size_t sealed_len,
                             struct fob_error *error)
{
    fob_auto_statement *statement = NULL;
    int64_t page = 0, room = room_for(sealed_len);
    fob_err err = fob_sqlite_number(file, "PRAGMA page_size", &page, error);
    if (err == FOB_OK)
        err = fob_sqlite_prepare(file, "INSERT INTO leases VALUES (?1, ?2, zeroblob(?3))", NULL, &statement,
                                 error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 1, (int64_t)fence);
    sqlite3_bind_int(statement, 2, is_locked);
    sqlite3_bind_int64(statement, 3, room + ROOM_PAGES / 2 * page);
    err = fob_sqlite_run(file, statement, error);
    if (err != FOB_OK)
        return err;
    int64_t pages = (room + (int64_t)sealed_len) / page + 2 * ROOM_PAGES;
    return stretch_journal(file, pages * (page + JOURNAL_EXTRA), error);
}

fob_err fob_sqlite_drop_lease(struct fob_sqlite *file, const char *name, uint64_t fence,
                              struct fob_error *error)
{
    fob_auto_statement *statement = NULL;
    fob_err err = fob_sqlite_prepare(file,
                                     "DELETE FROM leases WHERE fence = (SELECT fence FROM connections WHERE"
                                     " name = ?1 AND (?2 = 0 OR fence = ?2))",
                                     name, &statement, error);
    if (err != FOB_OK)
        return err;
    sqlite3_bind_int64(statement, 2, (int64_t)fence);
    return fob_sqlite_run(file, statement, error);
}
