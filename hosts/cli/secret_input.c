/* SPDX-License-Identifier: MIT */
/* The client secret from where the person keeps it; never from the command line. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <fob/limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_secret(char *text, size_t len, fob_secret **ret_secret)
{
    struct fob_error error = FOB_ERROR_INIT;
    if (len && text[len - 1] == '\n')
        len--;
    if (len && text[len - 1] == '\r')
        len--;
    if (len == 0)
        return usage(NULL, "the client secret is empty");
    return fob_secret_new(text, len, ret_secret, &error) == FOB_OK ? EXIT_OK : fail(&error);
}

static int check_file(int fd, const char *path)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        (st.st_mode & (S_IRGRP | S_IROTH | S_IWGRP | S_IWOTH))) {
        fprintf(stderr, "fob: %s can be read or changed by others\n  run: chmod go-rwx '%s'\n", path, path);
        return EXIT_CONFIG;
    }
    return EXIT_OK;
}

static int read_file(const char *path, fob_secret **ret_secret)
{
    static char text[FOB_MAX_TOKEN + 3];
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t got;
    if (fd < 0)
        return usage(NULL, "the file %s cannot be opened: %s", path, strerror(errno));
    int result = is_stdin ? EXIT_OK : check_file(fd, path);
    while (result == EXIT_OK && len < sizeof text && (got = read(fd, text + len, sizeof text - len)) > 0)
        len += (size_t)got;
    if (!is_stdin)
        close(fd);
    if (result == EXIT_OK)
        result = make_secret(text, len, ret_secret);
    explicit_bzero(text, sizeof text);
    return result;
}

static int read_variable(const char *name, fob_secret **ret_secret)
{
    char *value = getenv(name);
    if (!value)
        return usage(NULL, "the environment variable %s is not set", name);
    int result = make_secret(value, strlen(value), ret_secret);
    explicit_bzero(value, strlen(value));
    unsetenv(name); /* what we start must not inherit it */
    return result;
}

int read_client_secret(const struct args *args, fob_secret **ret_secret)
{
    if (args->secret_file && args->secret_env)
        return usage("keep one of them", "--client-secret-file and --client-secret-env were both given");
    if (args->secret_file)
        return read_file(args->secret_file, ret_secret);
    return args->secret_env ? read_variable(args->secret_env, ret_secret) : EXIT_OK;
}
