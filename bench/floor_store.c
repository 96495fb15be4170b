/* SPDX-License-Identifier: MIT */
/* The floor for `fob token`: open the same SQLite file and read one row. */
#include <sqlite3.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    sqlite3 *db;
    sqlite3_stmt *row;
    if (argc != 3 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        return 1;
    if (sqlite3_prepare_v2(db, "SELECT sealed FROM connections WHERE name = ?1", -1, &row, NULL) != SQLITE_OK)
        return 1;
    sqlite3_bind_text(row, 1, argv[2], -1, SQLITE_STATIC);
    if (sqlite3_step(row) != SQLITE_ROW)
        return 1;
    printf("%d\n", sqlite3_column_bytes(row, 0));
    sqlite3_finalize(row);
    sqlite3_close(db);
    return 0;
}
