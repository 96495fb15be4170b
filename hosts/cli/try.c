/* SPDX-License-Identifier: MIT */
/* fob try: what a descriptor says about the provider, held against what was recorded of it. */
#include "cli.h"
#include "pool.h"
#include "subjects.h"
#include "try_lines.h"
#include "trying.h"

#include <stdlib.h>

/* --- one ------------------------------------------------------------------------------------------------------ */

/* What cannot even be read has told so. */
static json_t *try_word(fob_session *session, const char *word, const char *program, int *ret_result)
{
    struct subject subject = {0};
    json_t *result = NULL;
    *ret_result = open_subject(session, word, &subject);
    if (*ret_result == EXIT_OK)
        result = try_subject(session, &subject, program);
    if (result && !json_is_true(json_object_get(result, "passed")))
        *ret_result = EXIT_OTHER;
    subject_free(&subject);
    return result;
}

/* --- all of them ---------------------------------------------------------------------------------------------- */

struct trial_run {
    fob_session *session;
    const struct files *files;
    const char *program; /* the sandbox's, or NULL */
    json_t *json;        /* or NULL: for a person */
    bool in_short;       /* a line a descriptor */
    int worst;
};

static void note(struct trial_run *run, int result)
{
    run->worst = result > run->worst ? result : run->worst;
}

/* The exit code, and the result behind it. */
static char *work(void *user, size_t i)
{
    struct trial_run *run = user;
    int result;
    json_t *tried = try_word(run->session, run->files->v[i], run->program, &result);
    json_t *both = must(json_pack("{s:i, s:o?}", "exit", result, "tried", tried));
    char *text = must(json_dumps(both, JSON_COMPACT));
    json_decref(both);
    return text;
}

static void done(void *user, size_t i, const char *text)
{
    struct trial_run *run = user;
    json_t *both = text ? json_loads(text, 0, NULL) : NULL, *tried = json_object_get(both, "tried");
    note(run, both ? (int)json_integer_value(json_object_get(both, "exit")) : EXIT_OTHER);
    if (!both)
        fprintf(stderr, "fob: trying %s ended before its time\n", run->files->v[i]);
    else if (run->json && json_is_object(tried))
        json_array_append(run->json, tried);
    else if (json_is_object(tried) && run->in_short)
        print_try_line(tried);
    else if (json_is_object(tried))
        print_try_lines(tried);
    json_decref(both);
}

static int try_files(const struct args *args, fob_session *session, const struct files *files)
{
    char path[4096];
    struct trial_run run = {.session = session,
                            .files = files,
                            .program = args->recorded ? NULL : path,
                            .json = args->json ? json_array() : NULL,
                            .in_short = !args->verbose && (args->all || files->n > 1)};
    sandbox_path(path, sizeof path);
    if (files->n == 1) {
        char *text = work(&run, 0);
        done(&run, 0, text);
        free(text);
    } else {
        pool_run(files->n, work, done, &run);
    }
    int printed = run.json ? print_json(run.json) : EXIT_OK;
    return run.worst == EXIT_OK ? printed : run.worst;
}

int run_try(const struct args *args)
{
    struct files files = {0};
    fob_session *session = NULL;
    if (args->all == (args->rest.n > 0))
        return usage(NULL, "write it as: fob try FILE…, fob try ID…, or fob try --all");
    int result = open_session(args, &session);
    if (result == EXIT_OK)
        result = args->all ? files_of_all(session, &files) : files_of_words(&args->rest, &files);
    if (result == EXIT_OK)
        result = try_files(args, session, &files);
    files_free(&files);
    fob_close(&session);
    return result;
}
