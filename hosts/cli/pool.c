/* SPDX-License-Identifier: MIT */
/* Many independent jobs, each in a process of its own that writes its result into a pipe. */
#include "pool.h"
#include "text.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
    pid_t pid;
    int fd;
    struct text result;
    bool runs, is_done, died;
};

static void work_in_child(size_t i, pool_work_fn *work, void *user, int fd)
{
    char *result = work(user, i);
    size_t len = strlen(result), written = 0;
    ssize_t n;
    while (written < len && (n = write(fd, result + written, len - written)) > 0)
        written += (size_t)n;
    _exit(written == len ? 0 : 1);
}

static void start(struct job *job, size_t i, pool_work_fn *work, void *user)
{
    int fds[2];
    fflush(NULL);
    *job = (struct job){.is_done = true, .died = true, .fd = -1};
    if (pipe(fds) != 0)
        return;
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        work_in_child(i, work, user, fds[1]);
    }
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        return;
    }
    *job = (struct job){.pid = pid, .fd = fds[0], .runs = true};
}

static void finish(struct job *job)
{
    int status = 0;
    close(job->fd);
    job->died = waitpid(job->pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    job->runs = false;
    job->is_done = true;
}

/* Waits until one of those that run has something to say, and hears it. */
static void hear(struct job *jobs, size_t n)
{
    struct pollfd *waits = must(calloc(n, sizeof *waits));
    char buffer[65536];
    for (size_t i = 0; i < n; i++)
        waits[i] = (struct pollfd){.fd = jobs[i].runs ? jobs[i].fd : -1, .events = POLLIN};
    (void)poll(waits, n, -1);
    for (size_t i = 0; i < n; i++) {
        if (!waits[i].revents)
            continue;
        ssize_t got = read(jobs[i].fd, buffer, sizeof buffer);
        if (got > 0)
            text_add(&jobs[i].result, buffer, (size_t)got);
        else
            finish(&jobs[i]);
    }
    free(waits);
}

static size_t running(const struct job *jobs, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += jobs[i].runs;
    return count;
}

void pool_run(size_t n, pool_work_fn *work, pool_done_fn *done, void *user)
{
    struct job *jobs = must(calloc(n + 1, sizeof *jobs));
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = processors > 1 ? (size_t)processors : 1, started = 0, told = 0;
    while (told < n) {
        while (started < n && running(jobs, started) < most) {
            start(&jobs[started], started, work, user);
            started++;
        }
        if (!jobs[told].is_done) {
            hear(jobs, started);
            continue;
        }
        done(user, told, jobs[told].died ? NULL : jobs[told].result.s);
        free(jobs[told].result.s);
        told++;
    }
    free(jobs);
}
