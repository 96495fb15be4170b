/* SPDX-License-Identifier: MIT */
/* The line that says for what a command waits, and for how long: a thread writes it, for the command itself is waiting. */
#include "cli.h"

#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stopped = PTHREAD_COND_INITIALIZER;
static pthread_t thread;
static bool runs, stops;
static char awaited[FOB_MAX_HOST + 1];
static int64_t ends;

/* Waits for a second, or until it is stopped: what is quicker needs no line. */
static bool goes_on(void)
{
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    next.tv_sec++;
    while (!stops && pthread_cond_clockwait(&stopped, &mutex, CLOCK_MONOTONIC, &next) == 0)
        ;
    return !stops;
}

static void *write_line(void *user)
{
    bool shown = false;
    pthread_mutex_lock(&mutex);
    for (; goes_on(); shown = true) {
        int64_t left = (ends - fob_now()) / 1000;
        fprintf(stderr, "\r\033[KWaiting for %s … %lld s left", awaited, (long long)(left > 0 ? left : 0));
    }
    pthread_mutex_unlock(&mutex);
    if (shown)
        fputs("\r\033[K", stderr);
    return user;
}

static void stop(void)
{
    pthread_mutex_lock(&mutex);
    stops = true;
    pthread_cond_signal(&stopped);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    runs = false;
}

void show_waiting(void *user, const char *what, int64_t until)
{
    (void)user;
    if (!what) {
        if (runs)
            stop();
        return;
    }
    pthread_mutex_lock(&mutex);
    snprintf(awaited, sizeof awaited, "%s", what);
    ends = until;
    stops = false;
    if (!runs && isatty(STDERR_FILENO))
        runs = pthread_create(&thread, NULL, write_line, NULL) == 0;
    pthread_mutex_unlock(&mutex);
}
