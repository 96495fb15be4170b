/* SPDX-License-Identifier: MIT */
/* The client's secret and key from where the person keeps them; never from the command line. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <fob/limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where one is, and what it is called: "secret", as in --client-secret-file. */
struct place {
    const char *what, *file, *variable;
};

static int make_secret(const struct place *place, char *text, size_t len, fob_secret **ret_secret)
{
    struct fob_error error = FOB_ERROR_INIT;
    if (len && text[len - 1] == '\n')
        len--;
    if (len && text[len - 1] == '\r')
        len--;
    if (len == 0)
        return usage(NULL, "the client %s is empty", place->what);
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

static int read_file(const struct place *place, fob_secret **ret_secret)
{
    static char text[FOB_MAX_TOKEN + 3];
    const char *path = place->file;
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
        result = make_secret(place, text, len, ret_secret);
    explicit_bzero(text, sizeof text);
    return result;
}

static int read_variable(const struct place *place, fob_secret **ret_secret)
{
    char *value = getenv(place->variable);
    if (!value)
        return usage(NULL, "the environment variable %s is not set", place->variable);
    int result = make_secret(place, value, strlen(value), ret_secret);
    explicit_bzero(value, strlen(value));
    unsetenv(place->variable); /* what we start must not inherit it */
    return result;
}

static int read_place(const struct place *place, fob_secret **ret_secret)
{
    if (place->file && place->variable)
        return usage("keep one of them", "--client-%s-file and --client-%s-env were both given", place->what,
                     place->what);
    if (place->file)
        return read_file(place, ret_secret);
    return place->variable ? read_variable(place, ret_secret) : EXIT_OK;
}

int read_client_secrets(const struct args *args, fob_secret **ret_secret, fob_secret **ret_key)
{
    const struct place secret = {"secret", args->secret_file, args->secret_env};
    const struct place key = {"key", args->key_file, args->key_env};
    if (secret.file && key.file && strcmp(secret.file, "-") == 0 && strcmp(key.file, "-") == 0)
        return usage("keep one of them in a file", "secret and key cannot both come from standard input");
    int result = read_place(&secret, ret_secret);
    return result == EXIT_OK ? read_place(&key, ret_key) : result;
}
