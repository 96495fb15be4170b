/* SPDX-License-Identifier: MIT */
/* Running a program for what it prints. */
#include "command.h"
#include "../cleanup.h"
#include "../error.h"
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <fob/limits.h>
#include <fob/session.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

extern char **environ;

static int spawn(char **argv, int write_end, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawn_file_actions_adddup2(&actions, write_end, STDOUT_FILENO);
    if (!failed)
        failed = posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* false when it took too long. */
static bool read_until_end(int fd, struct fob_buf *out, int64_t until)
{
    char part[4096];
    for (;;) {
        int64_t left = until - fob_now();
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        ssize_t got = ready > 0 ? read(fd, part, sizeof part) : -1;
        if (got > 0)
            fob_buf_add(out, part, (size_t)got);
        sodium_memzero(part, sizeof part);
        if (got <= 0 || out->failed != FOB_OK)
            return got == 0 || out->failed != FOB_OK;
    }
}

/* It may close its output and stay. false when it took too long. */
static bool wait_until_end(pid_t pid, int64_t until)
{
    fob_auto_fd int fd = pidfd_open(pid, 0);
    if (fd < 0)
        return true;
    for (;;) {
        int64_t left = until - fob_now();
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
        if (ready >= 0 || errno != EINTR)
            return ready != 0;
    }
}

static int reap(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static fob_err run(char **argv, struct fob_buf *out, struct fob_error *error)
{
    int ends[2];
    pid_t pid;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return fob_fail_errno(error, FOB_E_SYSTEM, errno, NULL, "no pipe for \"%.64s\"", argv[0]);
    fob_auto_fd int read_end = ends[0];
    int failed = spawn(argv, ends[1], &pid);
    close(ends[1]);
    if (failed)
        return fob_fail_errno(error, FOB_E_CONFIG, failed, "check the command in clients.yaml",
                              "the program \"%.64s\" cannot be run", argv[0]);
    int64_t until = fob_now() + FOB_COMMAND_TIMEOUT_MS;
    bool whole =
        read_until_end(read_end, out, until) && (out->failed != FOB_OK || wait_until_end(pid, until));
    if (!whole || out->failed != FOB_OK)
        kill(pid, SIGKILL);
    int status = reap(pid);
    if (!whole)
        return fob_fail(error, FOB_E_CONFIG, "run it by hand to see what it waits for",
                        "the program \"%.64s\" took too long", argv[0]);
    fob_err err = fob_buf_finish(out, "what the program printed", error);
    if (err == FOB_OK && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
        err = fob_fail(error, FOB_E_CONFIG, "run it by hand to see why", "the program \"%.64s\" failed",
                       argv[0]);
    return err;
}

fob_err fob_command_output(const struct fob_strings *command, struct fob_buf *out, struct fob_error *error)
{
    fob_auto_free char **argv = calloc(command->n + 1, sizeof *argv);
    if (!argv)
        return fob_no_memory(error);
    memcpy(argv, command->v, command->n * sizeof *argv);
    return run(argv, out, error);
}
