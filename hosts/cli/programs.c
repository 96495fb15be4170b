/* SPDX-License-Identifier: MIT */
/* fob curl and fob sandbox: other programs, run with what they need. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- curl --------------------------------------------------------------------------------------------------- */

static bool may_have_a_token(const char *url)
{
    static const char *const good[] = {"https://",          "http://127.0.0.1:", "http://127.0.0.1/",
                                       "http://localhost:", "http://localhost/", "http://[::1]:",
                                       "http://[::1]/"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (strncmp(url, good[i], strlen(good[i])) == 0)
            return true;
    return false;
}

static void write_quoted(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}

/* RFC 3986 section 2.3: all but the unreserved. */
static void write_encoded(FILE *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++)
        fprintf(out, strchr(plain, *text) ? "%c" : "%%%02X", (unsigned char)*text);
}

static void write_field(FILE *out, const char *name, const char *value)
{
    fprintf(out, "header = \"%s: ", name);
    write_quoted(out, value);
    fputs("\"\n", out);
}

/* The + says that it is encoded already: curl would encode the value only. */
static void write_param(FILE *out, const char *name, const char *value)
{
    fputs("url-query = \"+", out);
    write_encoded(out, name);
    fputc('=', out);
    write_encoded(out, value);
    fputs("\"\n", out);
}

static void write_config(FILE *out, const fob_token *token, const char *name, const char *value)
{
    const struct fob_pair *beside;
    if (fob_token_in_query(token))
        write_param(out, name, value);
    else
        write_field(out, name, value);
    for (size_t i = 0; (beside = fob_token_api_field(token, i)); i++)
        write_field(out, beside->name, beside->value);
    for (size_t i = 0; (beside = fob_token_api_param(token, i)); i++)
        write_param(out, beside->name, beside->value);
}

/* What presents the token stands in a file that has no name, so that no argument, environment or folder shows it. */
static int config_file(fob_token *token, int *ret_fd)
{
    const char *name;
    fob_secret *value = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    bool in_query = fob_token_in_query(token);
    fob_err err = in_query ? fob_token_query(token, &name, &value, &error)
                           : fob_token_header(token, &name, &value, &error);
    if (err != FOB_OK)
        return fail(&error);
    int fd = memfd_create("fob-curl", 0);
    FILE *out = fd >= 0 ? fdopen(dup(fd), "we") : NULL;
    if (out)
        write_config(out, token, name, fob_secret_peek(value, NULL));
    fob_secret_free(&value);
    if (!out || fclose(out) != 0 || lseek(fd, 0, SEEK_SET) < 0) {
        fprintf(stderr, "fob: no room for the token: %s\n", strerror(errno));
        return EXIT_OTHER;
    }
    *ret_fd = fd;
    return EXIT_OK;
}

static int run_program(const char *program, const char *const *words)
{
    union {
        const char *const *as_words;
        char *const *as_argv;
    } argv = {.as_words = words};
    execvp(program, argv.as_argv);
    fprintf(stderr, "fob: %s cannot be run: %s\n", program, strerror(errno));
    return EXIT_OTHER;
}

int run_curl(const struct args *args)
{
    fob_session *session = NULL;
    fob_token *token = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    char config[32];
    const char *words[MAX_WORDS + 8] = {"curl", "--config", config, "--url", args->rest.v[1]};
    int fd = -1;
    if (!may_have_a_token(args->rest.v[1]))
        return usage("use https", "a token is sent by https, or to this machine, only");
    int result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    if (fob_get_token(session, args->rest.v[0], 60 * 1000, &token, &error) == FOB_OK)
        result = config_file(token, &fd);
    else
        result = fail(&error);
    fob_token_unref(&token);
    fob_close(&session);
    if (result != EXIT_OK)
        return result;
    snprintf(config, sizeof config, "/dev/fd/%d", fd);
    for (size_t i = 2; i < args->rest.n; i++)
        words[3 + i] = args->rest.v[i];
    return run_program("curl", words);
}

/* --- sandbox ------------------------------------------------------------------------------------------------ */

void sandbox_path(char *path, size_t size)
{
    static const char below[] = "/libexec/fob/fob-sandbox";
    ssize_t len = readlink("/proc/self/exe", path, size - sizeof below);
    path[len > 0 ? len : 0] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(path, '/');
        if (slash)
            *slash = '\0';
    }
    strncat(path, below, size - strlen(path) - 1);
}

int run_sandbox(const struct args *args)
{
    char path[4096];
    const char *words[MAX_WORDS + 5] = {"fob-sandbox"};
    size_t n = 1;
    sandbox_path(path, sizeof path);
    bool has_descriptor = args->rest.n && args->rest.v[0][0] != '-';
    if (has_descriptor)
        words[n++] = "--descriptor";
    for (size_t i = 0; i < args->rest.n; i++)
        words[n++] = args->rest.v[i];
    if (args->help)
        words[n++] = "--help";
    return run_program(path, words);
}
