/* SPDX-License-Identifier: MIT */
/* What every store promises, held against each; and what a file has to survive. */
#include "cleanup.h"
#include "io/stores.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <fcntl.h>
#include <fob/limits.h>
#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], location[96];

static void make_folder(void)
{
    strcpy(folder, "/tmp/fob-store-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(location, sizeof location, "%s/fob.db", folder);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_folder(void)
{
    chmod(folder, 0700);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void *open_store(const struct fob_store_ops *ops)
{
    struct fob_error error = FOB_ERROR_INIT;
    void *self = NULL;
    cr_assert_eq(ops->open(location, 0, &self, &error), FOB_OK, "%s", error.what);
    return self;
}

static const struct fob_store_ops *const all[] = {&fob_store_sqlite, &fob_store_memory};

/* --- conformance -------------------------------------------------------------------------------------------- */

#define EACH_STORE(name)                                                                                     \
    ParameterizedTestParameters(conformance, name)                                                           \
    {                                                                                                        \
        static int which[] = {0, 1};                                                                         \
        return cr_make_param_array(int, which, 2);                                                           \
    }                                                                                                        \
    ParameterizedTest(int *which, conformance, name, .init = make_folder, .fini = remove_folder)

EACH_STORE(what_is_put_is_there_until_it_is_removed)
{
    const struct fob_store_ops *ops = all[*which];
    void *self = open_store(ops), *other = open_store(ops);
    struct fob_record record;
    cr_expect_eq(ops->get(self, "a", &record, NULL), FOB_E_NOT_FOUND);
    cr_assert_eq(ops->put(self, "a", "one", 3, NULL), FOB_OK);
    cr_assert_eq(ops->get(other, "a", &record, NULL), FOB_OK, "others on the same place see it");
    cr_expect_arr_eq(record.sealed, "one", 3);
    cr_expect_str_eq(record.name, "a");
    uint64_t before = record.fence;
    cr_assert_eq(ops->put(self, "a", "two!", 4, NULL), FOB_OK);
    cr_assert_eq(ops->get(other, "a", &record, NULL), FOB_OK);
    cr_expect_eq(record.sealed_len, 4);
    cr_expect_gt(record.fence, before);
    cr_expect_eq(ops->remove(other, "a", NULL), FOB_OK);
    cr_expect_eq(ops->remove(other, "a", NULL), FOB_E_NOT_FOUND);
    cr_expect_eq(ops->get(self, "a", &record, NULL), FOB_E_NOT_FOUND);
    ops->close(self);
    ops->close(other);
}

EACH_STORE(a_lease_keeps_others_out_until_it_ends)
{
    const struct fob_store_ops *ops = all[*which];
    void *self = open_store(ops), *other = open_store(ops);
    struct fob_record mine, theirs;
    cr_expect_eq(ops->lease(self, "a", 1000, 2000, &mine, NULL), FOB_E_NOT_FOUND);
    ops->put(self, "a", "one", 3, NULL);
    cr_assert_eq(ops->lease(self, "a", 1000, 2000, &mine, NULL), FOB_OK);
    cr_expect_eq(mine.intent_at, 0);
    cr_expect_eq(ops->lease(other, "a", 1999, 3000, &theirs, NULL), FOB_E_BUSY);
    cr_expect_eq(ops->renew(self, "a", mine.fence, 2500, NULL), FOB_OK);
    cr_expect_eq(ops->lease(other, "a", 2499, 3000, &theirs, NULL), FOB_E_BUSY);
    cr_assert_eq(ops->lease(other, "a", 2500, 3500, &theirs, NULL), FOB_OK);
    cr_expect_eq(theirs.intent_at, 1000, "that a token was about to be sent is known");
    cr_expect_eq(ops->renew(self, "a", mine.fence, 9000, NULL), FOB_E_BUSY);
    cr_expect_eq(ops->commit(self, "a", mine.fence, "late", 4, NULL), FOB_E_BUSY);
    cr_expect_eq(ops->commit(other, "a", theirs.fence, "new", 3, NULL), FOB_OK);
    cr_assert_eq(ops->get(self, "a", &mine, NULL), FOB_OK);
    cr_expect_arr_eq(mine.sealed, "new", 3);
    cr_expect_eq(mine.lease_until, 0);
    cr_expect_eq(mine.intent_at, 0);
    ops->close(self);
    ops->close(other);
}

EACH_STORE(a_released_lease_is_free_and_remembers_what_it_is_told_to)
{
    const struct fob_store_ops *ops = all[*which];
    void *self = open_store(ops);
    struct fob_record record;
    ops->put(self, "a", "one", 3, NULL);
    ops->lease(self, "a", 1000, 2000, &record, NULL);
    cr_expect_eq(ops->release(self, "a", record.fence, 1, NULL), FOB_OK);
    cr_assert_eq(ops->lease(self, "a", 1001, 2000, &record, NULL), FOB_OK);
    cr_expect_eq(record.intent_at, 1000);
    cr_expect_eq(ops->release(self, "a", record.fence, 0, NULL), FOB_OK);
    cr_expect_eq(ops->release(self, "a", record.fence - 1, 0, NULL), FOB_OK, "one that is lost is no error");
    cr_assert_eq(ops->get(self, "a", &record, NULL), FOB_OK);
    cr_expect_eq(record.intent_at, 0);
    ops->close(self);
}

EACH_STORE(a_record_that_was_removed_and_made_again_has_a_newer_fence)
{
    const struct fob_store_ops *ops = all[*which];
    void *self = open_store(ops);
    struct fob_record record;
    ops->put(self, "a", "one", 3, NULL);
    ops->lease(self, "a", 1000, 2000, &record, NULL);
    uint64_t stale = record.fence;
    ops->remove(self, "a", NULL);
    cr_expect_eq(ops->commit(self, "a", stale, "late", 4, NULL), FOB_E_NOT_FOUND);
    ops->put(self, "a", "two", 3, NULL);
    ops->lease(self, "a", 1000, 2000, &record, NULL);
    cr_expect_eq(ops->commit(self, "a", stale, "late", 4, NULL), FOB_E_BUSY);
    ops->close(self);
}

static fob_err gather(void *user, const struct fob_record *record, struct fob_error *error)
{
    (void)error;
    strcat(user, record->name);
    return strcmp(record->name, "stop") == 0 ? FOB_E_CANCELLED : FOB_OK;
}

EACH_STORE(the_list_is_by_name_and_can_be_stopped)
{
    const struct fob_store_ops *ops = all[*which];
    void *self = open_store(ops);
    char names[32] = "";
    ops->put(self, "b", "x", 1, NULL);
    ops->put(self, "c", "x", 1, NULL);
    ops->put(self, "a", "x", 1, NULL);
    cr_expect_eq(ops->list(self, gather, names, NULL), FOB_OK);
    cr_expect_str_eq(names, "abc");
    ops->put(self, "stop", "x", 1, NULL);
    ops->put(self, "z", "x", 1, NULL);
    names[0] = '\0';
    cr_expect_eq(ops->list(self, gather, names, NULL), FOB_E_CANCELLED);
    cr_expect_str_eq(names, "abcstop");
    ops->close(self);
}

EACH_STORE(a_record_has_a_largest_size)
{
    const struct fob_store_ops *ops = all[*which];
    void *self = open_store(ops);
    fob_auto_free char *big = calloc(1, FOB_MAX_RECORD + 1);
    cr_expect_eq(ops->put(self, "a", big, FOB_MAX_RECORD + 1, NULL), FOB_E_LIMIT);
    cr_expect_eq(ops->put(self, "a", big, 0, NULL), FOB_E_LIMIT);
    cr_expect_eq(ops->put(self, "a", big, FOB_MAX_RECORD, NULL), FOB_OK);
    ops->close(self);
}

/* --- the file ----------------------------------------------------------------------------------------------- */

static const struct fob_store_ops *const ops = &fob_store_sqlite;

static fob_err try_open(unsigned flags, struct fob_error *error)
{
    void *self = NULL;
    fob_err err = ops->open(location, flags, &self, error);
    if (err == FOB_OK)
        ops->close(self);
    return err;
}

static void write_file(const char *text, size_t len, mode_t mode)
{
    int fd = open(location, O_WRONLY | O_CREAT | O_TRUNC, mode);
    cr_assert_eq(write(fd, text, len), (ssize_t)len);
    fchmod(fd, mode);
    close(fd);
}

Test(file, it_is_made_for_its_owner_alone_whatever_the_umask, .init = make_folder, .fini = remove_folder)
{
    struct stat st;
    umask(0);
    snprintf(location, sizeof location, "%s/new/fob.db", folder);
    ops->close(open_store(ops));
    cr_assert_eq(stat(location, &st), 0);
    cr_expect_eq(st.st_mode & 07777, 0600);
    snprintf(location, sizeof location, "%s/new", folder);
    cr_assert_eq(stat(location, &st), 0);
    cr_expect_eq(st.st_mode & 07777, 0700);
}

Test(file, one_that_others_can_read_is_refused, .init = make_folder, .fini = remove_folder)
{
    struct fob_error error = FOB_ERROR_INIT;
    ops->close(open_store(ops));
    chmod(location, 0640);
    cr_expect_eq(try_open(0, &error), FOB_E_UNTRUSTED);
    cr_expect(strstr(error.fix, "chmod go-rwx"), "%s", error.fix);
}

Test(file, reading_makes_nothing, .init = make_folder, .fini = remove_folder)
{
    cr_expect_eq(try_open(FOB_STORE_READ_ONLY, NULL), FOB_E_NOT_FOUND);
    cr_expect_eq(access(location, F_OK), -1);
}

Test(file, one_that_cannot_be_written_says_so_and_still_reads, .init = make_folder, .fini = remove_folder)
{
    void *self = open_store(ops);
    struct fob_record record;
    struct fob_error error = FOB_ERROR_INIT;
    ops->put(self, "a", "one", 3, NULL);
    ops->close(self);
    cr_assert_eq(ops->open(location, FOB_STORE_READ_ONLY, &self, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(ops->put(self, "a", "two", 3, &error), FOB_E_STORE);
    cr_expect(strstr(error.what, "cannot be written"), "%s", error.what);
    cr_assert_eq(ops->get(self, "a", &record, &error), FOB_OK);
    cr_expect_arr_eq(record.sealed, "one", 3);
    ops->close(self);
}

static void copy_file(const char *suffix)
{
    char from[128], to[128], command[300];
    snprintf(from, sizeof from, "%s%s", location, suffix);
    snprintf(to, sizeof to, "%s.cut%s", location, suffix);
    snprintf(command, sizeof command, "cp -p '%s' '%s'", from, to);
    cr_assert_eq(system(command), 0);
}

/* A copy taken in the middle of a change is what a killed writer leaves. */
Test(file, a_reader_undoes_what_a_killed_writer_left_half_done, .init = make_folder, .fini = remove_folder)
{
    void *self = open_store(ops);
    struct fob_record record;
    struct fob_error error = FOB_ERROR_INIT;
    sqlite3 *db;
    ops->put(self, "a", "one", 3, NULL);
    ops->close(self);
    cr_assert_eq(sqlite3_open(location, &db), SQLITE_OK);
    /* With so small a cache, half of it is on disk before the end. */
    const char *half = "PRAGMA cache_size = 2; BEGIN; UPDATE connections SET sealed = zeroblob(200000)";
    cr_assert_eq(sqlite3_exec(db, half, NULL, NULL, NULL), SQLITE_OK);
    copy_file("");
    copy_file("-journal");
    sqlite3_close(db);
    strcat(location, ".cut");
    cr_assert_eq(ops->open(location, FOB_STORE_READ_ONLY, &self, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(ops->get(self, "a", &record, &error), FOB_OK, "%s", error.what);
    cr_expect_arr_eq(record.sealed, "one", 3);
    ops->close(self);
}

Test(file, one_whose_making_was_cut_off_is_made_whole_by_a_login, .init = make_folder, .fini = remove_folder)
{
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_record record;
    void *self = NULL;
    write_file("", 0, 0600);
    cr_assert_eq(ops->open(location, FOB_STORE_READ_ONLY, &self, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(ops->get(self, "a", &record, &error), FOB_E_STORE);
    cr_expect(strstr(error.fix, "log in"), "%s", error.fix);
    ops->close(self);
    self = open_store(ops);
    cr_expect_eq(ops->put(self, "a", "one", 3, NULL), FOB_OK);
    ops->close(self);
}

Test(file, garbage_and_another_programs_database_are_left_alone, .init = make_folder, .fini = remove_folder)
{
    struct fob_error error = FOB_ERROR_INIT;
    char before[64] = "this is not a database, it is a letter to somebody, long enough";
    char after[64] = "";
    write_file(before, sizeof before, 0600);
    cr_expect_eq(try_open(0, &error), FOB_E_STORE);
    cr_expect_str_neq(error.fix, "");
    int fd = open(location, O_RDONLY);
    cr_assert_eq(read(fd, after, sizeof after), (ssize_t)sizeof after);
    close(fd);
    cr_expect_arr_eq(before, after, sizeof before);
}

Test(file, a_cut_off_file_is_one_clear_error, .init = make_folder, .fini = remove_folder)
{
    struct fob_error error = FOB_ERROR_INIT;
    void *self = open_store(ops);
    fob_auto_free char *big = calloc(1, 100000);
    struct fob_record record;
    ops->put(self, "a", big, 100000, NULL);
    ops->close(self);
    cr_assert_eq(truncate(location, 20000), 0);
    fob_err err = ops->open(location, 0, &self, &error);
    if (err == FOB_OK) {
        err = ops->get(self, "a", &record, &error);
        ops->close(self);
    }
    cr_expect_eq(err, FOB_E_STORE);
    cr_expect_str_neq(error.fix, "");
}

Test(file, a_full_disk_loses_nothing, .init = make_folder, .fini = remove_folder)
{
    void *self = open_store(ops);
    struct fob_record record;
    struct fob_error error = FOB_ERROR_INIT;
    struct rlimit before, tight = {32768, 32768};
    fob_auto_free char *big = calloc(1, 200000);
    cr_assert_eq(ops->put(self, "a", "one", 3, NULL), FOB_OK);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    tight.rlim_max = before.rlim_max;
    setrlimit(RLIMIT_FSIZE, &tight);
    fob_err err = ops->put(self, "b", big, 200000, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    cr_expect_eq(err, FOB_E_STORE, "%s", error.what);
    cr_expect_str_neq(error.fix, "");
    cr_assert_eq(ops->get(self, "a", &record, &error), FOB_OK, "%s", error.what);
    cr_expect_arr_eq(record.sealed, "one", 3);
    cr_expect_eq(ops->put(self, "b", big, 200000, &error), FOB_OK, "with room again, it goes on");
    ops->close(self);
}

/* A child that tries to get the lease, says so, and lives until the pipe `stay` is closed. */
static void try_lease(int told, int stay)
{
    struct fob_record record;
    void *mine = NULL;
    char byte;
    if (ops->open(location, 0, &mine, NULL) != FOB_OK)
        _exit(2);
    int won = ops->lease(mine, "a", 1000, 2000, &record, NULL) == FOB_OK;
    if (write(told, "x", 1) != 1 || read(stay, &byte, 1) != 0)
        _exit(3);
    _exit(won);
}

Test(file, of_two_processes_one_gets_the_lease, .init = make_folder, .fini = remove_folder)
{
    int won = 0, told[2], stay[2];
    char byte;
    void *self = open_store(ops);
    ops->put(self, "a", "one", 3, NULL);
    ops->close(self);
    cr_assert(pipe(told) == 0 && pipe(stay) == 0);
    for (int i = 0; i < 8; i++) {
        if (fork() == 0) {
            close(stay[1]);
            try_lease(told[1], stay[0]);
        }
    }
    for (int i = 0; i < 8; i++)
        cr_assert_eq(read(told[0], &byte, 1), 1);
    close(stay[1]);
    for (int i = 0, status; i < 8; i++) {
        cr_assert_gt(wait(&status), 0);
        cr_expect_lt(WEXITSTATUS(status), 2);
        won += WEXITSTATUS(status) == 1;
    }
    cr_expect_eq(won, 1);
}

Test(file, the_lease_of_a_process_that_died_is_free_at_once, .init = make_folder, .fini = remove_folder)
{
    struct fob_record record;
    struct fob_error error = FOB_ERROR_INIT;
    int told[2], stay[2], status;
    char byte;
    void *self = open_store(ops);
    ops->put(self, "a", "one", 3, NULL);
    cr_assert(pipe(told) == 0 && pipe(stay) == 0);
    pid_t pid = fork();
    if (pid == 0)
        try_lease(told[1], stay[0]);
    cr_assert_eq(read(told[0], &byte, 1), 1);
    cr_expect_eq(ops->lease(self, "a", 1001, 2001, &record, &error), FOB_E_BUSY, "it lives");
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    cr_assert_eq(ops->lease(self, "a", 1001, 2001, &record, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(record.intent_at, 1000, "what it was about to do is known");
    ops->close(self);
}

Test(file, without_a_lock_file_a_lease_ends_by_its_time, .init = make_folder, .fini = remove_folder)
{
    struct fob_record record;
    char locks[128];
    snprintf(locks, sizeof locks, "%s-lease", location);
    cr_assert_eq(mkdir(locks, 0700), 0); /* can be no file */
    void *self = open_store(ops);
    ops->put(self, "a", "one", 3, NULL);
    cr_assert_eq(ops->lease(self, "a", 1000, 2000, &record, NULL), FOB_OK);
    ops->close(self);
    self = open_store(ops);
    cr_expect_eq(ops->lease(self, "a", 1999, 3000, &record, NULL), FOB_E_BUSY);
    cr_expect_eq(ops->lease(self, "a", 2000, 3000, &record, NULL), FOB_OK);
    ops->close(self);
}

Test(file, what_was_removed_is_in_no_file, .init = make_folder, .fini = remove_folder)
{
    char command[256];
    struct fob_record record;
    void *self = open_store(ops);
    ops->put(self, "a", "one that is to be forgotten", 27, NULL);
    ops->lease(self, "a", 1000, 2000, &record, NULL);
    ops->commit(self, "a", record.fence, "two that is to be forgotten", 27, NULL);
    snprintf(command, sizeof command, "grep -rqa forgotten '%s'", folder);
    cr_assert_eq(system(command), 0, "the test can see it");
    cr_assert_eq(ops->remove(self, "a", NULL), FOB_OK);
    cr_expect_neq(system(command), 0);
    ops->close(self);
}

Test(file, one_of_the_first_layout_is_read_and_brought_up, .init = make_folder, .fini = remove_folder)
{
    sqlite3 *db;
    struct fob_record record;
    struct fob_error error = FOB_ERROR_INIT;
    void *self = NULL;
    write_file("", 0, 0600);
    cr_assert_eq(sqlite3_open(location, &db), SQLITE_OK);
    const char *old = "CREATE TABLE connections (name TEXT PRIMARY KEY, fence INTEGER NOT NULL, lease_until"
                      " INTEGER NOT NULL, intent_at INTEGER NOT NULL, sealed BLOB NOT NULL);"
                      "CREATE TABLE fences (last INTEGER NOT NULL); INSERT INTO fences VALUES (7);"
                      "INSERT INTO connections VALUES ('a', 7, 2000, 1000, 'one');"
                      "PRAGMA application_id = 1718575616; PRAGMA user_version = 1;";
    cr_assert_eq(sqlite3_exec(db, old, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    cr_assert_eq(ops->open(location, FOB_STORE_READ_ONLY, &self, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(ops->get(self, "a", &record, &error), FOB_OK, "%s", error.what);
    cr_expect_arr_eq(record.sealed, "one", 3);
    ops->close(self);
    self = open_store(ops);
    cr_expect_eq(ops->lease(self, "a", 1999, 3000, &record, NULL), FOB_E_BUSY,
                 "whether the holder lives cannot be told");
    cr_assert_eq(ops->lease(self, "a", 2000, 3000, &record, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(record.fence, 8);
    cr_expect_eq(ops->commit(self, "a", record.fence, "two", 3, &error), FOB_OK, "%s", error.what);
    ops->close(self);
    self = open_store(ops);
    cr_assert_eq(ops->get(self, "a", &record, &error), FOB_OK, "%s", error.what);
    cr_expect_arr_eq(record.sealed, "two", 3);
    ops->close(self);
}

Test(file, one_of_a_later_layout_is_left_alone, .init = make_folder, .fini = remove_folder)
{
    sqlite3 *db;
    struct fob_error error = FOB_ERROR_INIT;
    ops->close(open_store(ops));
    cr_assert_eq(sqlite3_open(location, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    cr_expect_eq(try_open(0, &error), FOB_E_STORE);
    cr_expect(strstr(error.what, "later fob"), "%s", error.what);
}

Test(file, a_killed_writer_leaves_a_whole_record, .init = make_folder, .fini = remove_folder)
{
    for (int round = 0; round < 10; round++) {
        int ready[2];
        char byte;
        cr_assert_eq(pipe(ready), 0);
        pid_t pid = fork();
        if (pid == 0) {
            void *self = NULL;
            char text[4096];
            if (ops->open(location, 0, &self, NULL) != FOB_OK)
                _exit(2);
            for (int i = 0;; i++) {
                memset(text, 'a' + i % 26, sizeof text);
                if (ops->put(self, "a", text, sizeof text, NULL) != FOB_OK || write(ready[1], "x", 1) != 1)
                    _exit(3);
            }
        }
        for (int i = 0; i < 3 + round; i++)
            cr_assert_eq(read(ready[0], &byte, 1), 1);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        close(ready[0]);
        close(ready[1]);
        void *self = open_store(ops);
        struct fob_record record;
        cr_assert_eq(ops->get(self, "a", &record, NULL), FOB_OK);
        cr_assert_eq(record.sealed_len, 4096);
        for (size_t i = 1; i < record.sealed_len; i++)
            cr_assert_eq(((const char *)record.sealed)[i], ((const char *)record.sealed)[0]);
        ops->close(self);
    }
}

/* --- key ---------------------------------------------------------------------------------------------------- */

Test(key, it_is_made_once_and_private, .init = make_folder, .fini = remove_folder)
{
    unsigned char first[FOB_SEAL_KEY], second[FOB_SEAL_KEY];
    struct fob_error error = FOB_ERROR_INIT;
    struct stat st;
    cr_expect_eq(fob_key_file(location, 0, first, &error), FOB_E_KEY);
    cr_assert_eq(fob_key_file(location, 1, first, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(fob_key_file(location, 1, second, &error), FOB_OK, "%s", error.what);
    cr_expect_arr_eq(first, second, sizeof first);
    cr_assert_eq(stat(location, &st), 0);
    cr_expect_eq(st.st_mode & 07777, 0600);
    chmod(location, 0640);
    cr_expect_eq(fob_key_file(location, 0, second, &error), FOB_E_UNTRUSTED);
    write_file("nonsense", 8, 0600);
    cr_expect_eq(fob_key_file(location, 1, second, &error), FOB_E_KEY, "never made anew over something else");
}

Test(key, two_processes_that_make_it_end_with_the_same, .init = make_folder, .fini = remove_folder)
{
    int results[2];
    unsigned char keys[4][FOB_SEAL_KEY];
    cr_assert_eq(pipe(results), 0);
    for (int i = 0; i < 4; i++) {
        if (fork() == 0) {
            unsigned char key[FOB_SEAL_KEY];
            bool good = fob_key_file(location, 1, key, NULL) == FOB_OK;
            _exit(good && write(results[1], key, sizeof key) == sizeof key ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++)
        cr_assert_eq(read(results[0], keys[i], FOB_SEAL_KEY), FOB_SEAL_KEY);
    for (int i = 1; i < 4; i++)
        cr_expect_arr_eq(keys[i], keys[0], FOB_SEAL_KEY);
    while (wait(NULL) > 0)
        ;
}
