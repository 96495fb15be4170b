/* SPDX-License-Identifier: MIT */
/* core/io/sqlite_room.c: a disk that is full is told before a refresh token is sent, and never after. */
#include "room.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAGE 4096
#define MOST_PAGES 96 /* free pages with which it is sure to work */

static struct fob_error error;
static char ballast[128];
static int first_longer; /* so many bytes longer is the token that is there already */

static void begin(void)
{
    room_begin();
    snprintf(ballast, sizeof ballast, "%s", room_path("disk/ballast"));
    cr_assert_eq(mkdir(room_path("disk"), 0700), 0);
    error = (struct fob_error)FOB_ERROR_INIT;
}

TestSuite(full_disk, .init = begin, .fini = room_end);

/* A small disk of our own; false when we may not have one. */
static bool mount_disk(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", room_path("disk"), "tmpfs", 0, "size=1m,mode=0700") == 0;
}

/* Takes what is free. */
static void fill(struct mock *unused)
{
    static const char page[PAGE];
    (void)unused;
    int fd = open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    while (write(fd, page, sizeof page) == (ssize_t)sizeof page)
        ;
    close(fd);
}

static void leave_pages(int n)
{
    struct stat st;
    fill(NULL);
    cr_assert_eq(stat(ballast, &st), 0);
    cr_assert_eq(truncate(ballast, st.st_size - (off_t)n * PAGE), 0);
}

static fob_session *open_on_disk(void)
{
    fob_session *session = NULL;
    struct fob_options options = room_options();
    options.store_path = room_path("disk/fob.db");
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK, "%s", error.what);
    return session;
}

/* By a refresh with room enough; the new token ends at once. */
static void lengthen(fob_session *session)
{
    fob_token *token = NULL;
    int longer = mock->longer;
    mock->sent = NULL;
    mock->longer = first_longer;
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    fob_token_unref(&token);
    move_clock(mock->lifetime * 1000);
    mock->sent = fill;
    mock->longer = longer;
}

/* A new store with one connection. */
static void start_anew(void)
{
    static const char *const files[] = {"disk/fob.db", "disk/fob.db-journal", "disk/fob.db-lease",
                                        "disk/fob.key", "disk/ballast"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(room_path(files[i]));
    fob_session *session = open_on_disk();
    room_put_connection(session, "work", 0);
    atomic_store(&mock->current, 0);
    if (first_longer)
        lengthen(session);
    fob_close(&session);
    atomic_store(&mock->performed, 0);
}

/* With so much room left, and none at all once the refresh token is sent: whether it worked. */
static bool refresh_with(int pages)
{
    fob_token *token = NULL;
    start_anew();
    leave_pages(pages);
    fob_session *session = open_on_disk();
    fob_err err = fob_get_token(session, "work", 0, &token, &error);
    fob_close(&session);
    if (err != FOB_OK) {
        cr_assert_eq(err, FOB_E_STORE, "%d pages: %s", pages, error.what);
        cr_assert_eq(mock->performed, 0, "%d pages: a token was sent for and then lost: %s", pages,
                     error.what);
        cr_assert_str_neq(error.fix, "");
        return false;
    }
    fob_token_unref(&token);
    session = open_on_disk();
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(mock->performed, 1, "%d pages: it was kept", pages);
    cr_assert_str_eq(fob_secret_peek(fob_token_refresh(token), NULL),
                     first_longer ? "refresh-2" : "refresh-1");
    fob_token_unref(&token);
    fob_close(&session);
    return true;
}

static void refresh_with_any_room(void)
{
    int failed = 0;
    mock->rotation = MOCK_ROTATES;
    mock->sent = fill;
    if (!mount_disk())
        cr_skip_test("only root may mount a small disk");
    for (int pages = 0; pages <= MOST_PAGES; pages++)
        failed += !refresh_with(pages);
    cr_expect_gt(failed, 0, "with no room at all it cannot work");
    cr_expect_lt(failed, MOST_PAGES);
    cr_expect(refresh_with(MOST_PAGES));
}

Test(full_disk, however_little_room_there_is_no_refreshed_token_is_lost)
{
    refresh_with_any_room();
}

Test(full_disk, nor_is_one_that_is_far_longer_than_the_last)
{
    mock->longer = 11000;
    refresh_with_any_room();
}

Test(full_disk, nor_is_one_that_is_twice_as_long_as_a_long_one)
{
    first_longer = 30000;
    mock->longer = 60000;
    refresh_with_any_room();
}

Test(full_disk, the_room_of_one_refresh_serves_the_next)
{
    fob_token *token = NULL;
    mock->rotation = MOCK_ROTATES;
    if (!mount_disk())
        cr_skip_test("only root may mount a small disk");
    cr_assert(refresh_with(MOST_PAGES));
    fill(NULL);
    for (int i = 0; i < 5; i++) {
        fob_session *session = open_on_disk();
        cr_assert_eq(fob_refresh_token(session, "work", &token, &error), FOB_OK, "%s", error.what);
        fob_token_unref(&token);
        fob_close(&session);
    }
}

Test(full_disk, a_refusal_can_be_noted_too)
{
    fob_token *token = NULL;
    mock->rotation = MOCK_ROTATES;
    mock->sent = fill;
    if (!mount_disk())
        cr_skip_test("only root may mount a small disk");
    start_anew();
    atomic_store(&mock->current, 7);
    fob_session *session = open_on_disk();
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_E_NEEDS_LOGIN, "%s", error.what);
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_E_NEEDS_LOGIN, "%s", error.what);
    cr_expect_eq(mock->performed, 1, "it is known to be dead");
    fob_close(&session);
}

static void write_nothing_more(struct mock *m)
{
    struct rlimit none;
    m->sent = NULL;
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &none), 0);
    none.rlim_cur = 0;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
}

static void write_again(void)
{
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

Test(full_disk, a_disk_that_breaks_meanwhile_costs_the_new_token_and_neither_the_old_one_nor_time)
{
    fob_token *token = NULL;
    start_anew();
    signal(SIGXFSZ, SIG_IGN);
    mock->sent = write_nothing_more;
    fob_session *session = open_on_disk(), *other = open_on_disk();
    fob_err err = fob_get_token(session, "work", 0, &token, &error);
    write_again();
    cr_assert_eq(err, FOB_E_STORE, "%s", error.what);
    cr_assert_null(token, "what is not on disk is seen by nobody");
    cr_expect_eq(mock->requests, 1);
    cr_assert_eq(fob_get_token(other, "work", 0, &token, &error), FOB_OK, "%s", error.what);
    expect_token(token, "access-2", "refresh-0");
    fob_token_unref(&token);
    fob_close(&session);
    fob_close(&other);
}

/* What anybody may try: a limit on the size of files stands for the disk. */
Test(full_disk, a_file_that_may_not_grow_is_told_before_anything_is_sent)
{
    struct rlimit before, tight;
    struct stat st;
    fob_token *token = NULL;
    start_anew();
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(stat(room_path("disk/fob.db"), &st), 0);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = (rlim_t)st.st_size;
    fob_session *session = open_on_disk();
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &tight), 0);
    fob_err err = fob_get_token(session, "work", 0, &token, &error);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    cr_assert_eq(err, FOB_E_STORE, "%s", error.what);
    cr_expect_eq(mock->performed, 0);
    cr_assert_eq(fob_get_token(session, "work", 0, &token, &error), FOB_OK, "with room again: %s",
                 error.what);
    fob_token_unref(&token);
    fob_close(&session);
}
