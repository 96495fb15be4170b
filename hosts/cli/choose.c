/* SPDX-License-Identifier: MIT */
/* One of several (a site, an account …): a numbered list at a terminal, else the ids there are. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void list(const char *step, const struct fob_option *options, size_t n_options)
{
    fprintf(stderr, "Which %s?\n", step);
    for (size_t i = 0; i < n_options; i++)
        fprintf(stderr, "  %2zu  %s  (%s)\n", i + 1, options[i].label, options[i].id);
}

/* A line of the terminal, without its end; NULL when there is none. Not by stdio: the browser's part reads there too. */
static const char *read_line(char *line, size_t size)
{
    ssize_t got = read(STDIN_FILENO, line, size - 1);
    if (got <= 0)
        return NULL;
    line[got] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

/* A number of the list, or an id; NULL for anything else. */
static const char *meant(const char *line, const struct fob_option *options, size_t n_options)
{
    char *end;
    unsigned long number = strtoul(line, &end, 10);
    for (size_t i = 0; i < n_options; i++)
        if (strcmp(options[i].id, line) == 0)
            return options[i].id;
    return !*end && number >= 1 && number <= n_options ? options[number - 1].id : NULL;
}

static fob_err nobody_to_ask(const char *step, const struct fob_option *options, size_t n_options,
                             struct fob_error *error)
{
    char what[200], fix[200];
    for (size_t i = 0; i < n_options; i++)
        fprintf(stderr, "  %s=%s  %s\n", step, options[i].id, options[i].label);
    snprintf(what, sizeof what, "there are %zu to choose from for \"%s\", and no terminal to ask at",
             n_options, step);
    snprintf(fix, sizeof fix, "say which one with --choose %s=ID; those there are stand above", step);
    return fob_error_set(error, FOB_E_ARGUMENT, what, fix);
}

fob_err choose_option(void *user, const char *step, const struct fob_option *options, size_t n_options,
                      const char **ret_id, struct fob_error *error)
{
    char line[FOB_MAX_SCALAR];
    browser_done(user);
    if (!isatty(STDIN_FILENO))
        return nobody_to_ask(step, options, n_options, error);
    list(step, options, n_options);
    for (const char *id = NULL; !id;) {
        fprintf(stderr, "Number, 1 to %zu: ", n_options);
        if (!read_line(line, sizeof line))
            return FOB_OK;
        id = meant(line, options, n_options);
        *ret_id = id;
    }
    return FOB_OK;
}
