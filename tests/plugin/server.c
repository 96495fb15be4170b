/* SPDX-License-Identifier: MIT */
/* Starting a test server on a free port, and stopping it. */
#include "server.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void become_server(int in, int out, const char *argument, const char *other)
{
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execlp("python3", "python3", FOB_SOURCE_DIR "/tests/plugin/server.py", argument, other, (char *)NULL);
    _exit(127);
}

struct server server_start(const char *argument, const char *other)
{
    int in[2], out[2];
    char line[16] = "";
    cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
    cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0)
        become_server(in[0], out[1], argument, other);
    close(in[0]);
    close(out[1]);
    cr_assert_gt(read(out[0], line, sizeof line - 1), 0, "the server did not start");
    close(out[0]);
    return (struct server){.pid = pid, .hold = in[1], .port = (unsigned)strtoul(line, NULL, 10)};
}

void server_stop(struct server *server)
{
    close(server->hold);
    waitpid(server->pid, NULL, 0);
}

const char *certificate(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, FOB_BUILD_DIR "/tests/plugin/certificates/%s.pem", name);
    return path;
}
