/* SPDX-License-Identifier: MIT */
/* fob lint. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void report(void *user, const struct fob_problem *problem)
{
    const struct args *args = user;
    const char *severity = problem->severity == FOB_PROBLEM_ERROR ? "error" : "warning";
    if (args->json) {
        json_t *json = json_pack("{s:s, s:i, s:i, s:s, s:s, s:s}", "file", problem->file, "line",
                                 (int)problem->line, "column", (int)problem->column, "severity", severity,
                                 "what", problem->what, "fix", problem->fix ? problem->fix : "");
        json_dumpf(json, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(json);
        return;
    }
    printf("%s:%u:%u: %s: %s\n", problem->file, problem->line, problem->column, severity, problem->what);
    if (problem->fix && *problem->fix)
        printf("  %s\n", problem->fix);
}

static int lint_text(const struct args *args, fob_session *session, const char *path, const char *text,
                     size_t len)
{
    struct fob_error error = FOB_ERROR_INIT;
    union {
        const struct args *as_given;
        void *as_user;
    } user = {.as_given = args};
    fob_err err = fob_lint(session, text, len, path, report, user.as_user, &error);
    return err == FOB_OK ? EXIT_OK : EXIT_CONFIG;
}

static int lint_one(const struct args *args, fob_session *session, const char *word)
{
    char *path = NULL, *text = NULL;
    size_t len = 0;
    int result = file_of_word(session, word, &path);
    if (result == EXIT_OK)
        result = read_descriptor(path, &text, &len);
    if (result == EXIT_OK)
        result = lint_text(args, session, path, text, len);
    free(path);
    free(text);
    return result;
}

int run_lint(const struct args *args)
{
    struct files files = {0};
    fob_session *session = NULL;
    if (args->all == (args->rest.n > 0))
        return usage(NULL, "write it as: fob lint FILE…, fob lint ID…, or fob lint --all");
    int worst = open_session(args, &session);
    if (worst == EXIT_OK)
        worst = args->all ? files_of_all(session, &files) : files_of_words(&args->rest, &files);
    for (size_t i = 0; i < files.n; i++) {
        int result = lint_one(args, session, files.v[i]);
        worst = result > worst ? result : worst;
    }
    files_free(&files);
    fob_close(&session);
    return worst;
}
