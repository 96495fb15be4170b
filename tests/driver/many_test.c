/* SPDX-License-Identifier: MIT */
/* core/io/get_token.c, session.c, locks.c: however many threads and processes ask at once, one refresh is sent. */
#include "room.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 8

static struct fob_options options;
static int all; /* that ask */

/* Each thread looks at the clock when it has seen that the stored token will not do. */
static void be_present(struct mock *m)
{
    static _Thread_local bool counted;
    if (!counted)
        atomic_fetch_add(&m->present, 1);
    counted = true;
}

/* The one that sends does so when all the others want a token too. */
static void wait_for_all(struct mock *m)
{
    while (atomic_load(&m->present) < all)
        usleep(1000);
}

static void begin(void)
{
    room_begin();
    options = room_options();
    fob_session *session = room_open();
    room_put_connection(session, "work", 0);
    fob_close(&session);
    mock->rotation = MOCK_REUSE_REVOKES;
    mock->tick = be_present;
    mock->before = wait_for_all;
}

TestSuite(many, .init = begin, .fini = room_end);

struct asker {
    pthread_t thread;
    int64_t min_ttl_ms;
    bool renews;
    fob_err err;
    char access[32];
    struct fob_error error;
};

/* Its own session on the common store. */
static void *ask(void *user)
{
    struct asker *asker = user;
    fob_session *session = NULL;
    fob_token *token = NULL;
    asker->err = fob_open(&options, &session, &asker->error);
    if (asker->err == FOB_OK)
        asker->err = asker->renews ? fob_refresh_token(session, "work", &token, &asker->error)
                                   : fob_get_token(session, "work", asker->min_ttl_ms, &token, &asker->error);
    if (asker->err == FOB_OK)
        snprintf(asker->access, sizeof asker->access, "%s", fob_secret_peek(fob_token_access(token), NULL));
    fob_token_unref(&token);
    fob_close(&session);
    return NULL;
}

static bool got(const struct asker *asker, const char *access)
{
    return asker->err == FOB_OK && strcmp(asker->access, access) == 0;
}

/* n threads of this process, this one among them; each gets "access-1". */
static bool ask_in_threads(int n, struct asker pattern)
{
    struct asker askers[MOST];
    bool good = true;
    for (int i = 0; i < n; i++) {
        askers[i] = pattern;
        good = good && (i == 0 || pthread_create(&askers[i].thread, NULL, ask, &askers[i]) == 0);
    }
    ask(&askers[0]);
    for (int i = 1; i < n; i++)
        pthread_join(askers[i].thread, NULL);
    for (int i = 0; i < n && good; i++) {
        good = got(&askers[i], "access-1");
        if (!good)
            fprintf(stderr, "%s: %s\n", askers[i].access, askers[i].error.what);
    }
    return good;
}

Test(many, two_threads_with_a_session_each)
{
    all = 2;
    cr_expect(ask_in_threads(2, (struct asker){0}));
    cr_expect_eq(mock->requests, 1);
    expect_stored("work", "access-1", "refresh-1");
}

Test(many, threads_that_each_want_a_new_one_share_it)
{
    all = MOST;
    cr_expect(ask_in_threads(MOST, (struct asker){.renews = true}));
    cr_expect_eq(mock->requests, 1);
}

Test(many, threads_that_want_more_than_there_is_share_the_freshest)
{
    all = MOST;
    cr_expect(ask_in_threads(MOST, (struct asker){.min_ttl_ms = 7200 * 1000}));
    cr_expect_eq(mock->requests, 1);
}

/* Processes of so many threads each. */
static void ask_in_processes(int n, int threads, struct asker pattern)
{
#ifdef __SANITIZE_THREAD__ /* does not let a child have threads, for Criterion has one here */
    n *= threads;
    threads = 1;
#endif
    all = n * threads;
    for (int i = 0; i < n; i++) {
        pid_t pid = fork();
        cr_assert_geq(pid, 0);
        if (pid == 0)
            _exit(ask_in_threads(threads, pattern) ? 0 : 1);
    }
    for (int i = 0, status; i < n; i++) {
        cr_assert_gt(wait(&status), 0);
        cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    cr_expect_eq(mock->requests, 1);
    cr_expect_eq(mock->performed, 1);
}

Test(many, four_processes)
{
    ask_in_processes(4, 1, (struct asker){0});
    expect_stored("work", "access-1", "refresh-1");
}

Test(many, four_processes_of_two_threads_that_each_want_a_new_one)
{
    ask_in_processes(4, 2, (struct asker){.renews = true});
    expect_stored("work", "access-1", "refresh-1");
}

Test(many, four_processes_when_there_is_a_client_and_no_refresh_token)
{
    room_write("config/clients.yaml",
               "clients:\n  work: {provider: acme, client_id: robot, grant: client_credentials}\n", 0600);
    struct fob_kept kept;
    mock->tick = NULL;
    fob_session *session = room_open();
    cr_assert_eq(fob_keep_read(session, "work", &kept, NULL), FOB_OK);
    fob_secret_free(&kept.connection->token->refresh);
    free(kept.connection->grant);
    kept.connection->grant = fob_strdup("client_credentials");
    cr_assert_eq(fob_keep_put(session, kept.connection, NULL), FOB_OK);
    fob_connection_unref(&kept.connection);
    fob_close(&session);
    mock->tick = be_present;
    ask_in_processes(4, 1, (struct asker){0});
    expect_stored("work", "access-1", "");
}
