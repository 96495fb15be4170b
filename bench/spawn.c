/* SPDX-License-Identifier: MIT */
/* bench_spawn N A… -- B…: runs two commands N times in turn and prints the ratio of their median wall times. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static double run(char **argv, posix_spawn_file_actions_t *actions)
{
    pid_t pid;
    int status;
    double start = now();
    if (posix_spawn(&pid, argv[0], actions, NULL, argv, environ) != 0 || waitpid(pid, &status, 0) != pid) {
        perror(argv[0]);
        exit(1);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s failed\n", argv[0]);
        exit(1);
    }
    return now() - start;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    posix_spawn_file_actions_t actions;
    size_t n = argc > 4 ? strtoul(argv[1], NULL, 10) : 0;
    char **second = argv + 2;
    while (n && *second && strcmp(*second, "--") != 0)
        second++;
    if (!n || !*second) {
        fprintf(stderr, "usage: %s N A… -- B…\n", argv[0]);
        return 2;
    }
    *second++ = NULL;
    double *times[2] = {calloc(n, sizeof(double)), calloc(n, sizeof(double))};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    for (size_t i = 0; times[0] && times[1] && i < n; i++) {
        times[0][i] = run(argv + 2, &actions);
        times[1][i] = run(second, &actions);
    }
    for (int i = 0; i < 2; i++)
        qsort(times[i], n, sizeof(double), by_size);
    printf("%.0f us against %.0f us: %.2f\n", times[0][n / 2], times[1][n / 2],
           times[0][n / 2] / times[1][n / 2]);
    free(times[0]);
    free(times[1]);
    return 0;
}
