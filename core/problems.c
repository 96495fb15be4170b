/* SPDX-License-Identifier: MIT */
/* What is wrong with one file: reported one by one, the first error kept. */
#include "problems.h"
#include "error.h"

#include <fob/limits.h>
#include <stdarg.h>
#include <stdio.h>

static void report(struct fob_problems *problems, enum fob_severity severity, const struct fob_error *error)
{
    if (problems->n++ >= FOB_MAX_PROBLEMS || !problems->report)
        return;
    struct fob_problem problem = {.size = sizeof problem,
                                  .severity = severity,
                                  .file = error->file,
                                  .line = error->line,
                                  .column = error->column,
                                  .what = error->what,
                                  .fix = error->fix};
    problems->report(problems->user, &problem);
}

static bool is_told(const struct fob_problems *problems, struct fob_mark at)
{
    bool found = at.file != NULL;
    for (unsigned i = 0; i < problems->n_errors && !found; i++)
        found = problems->errors[i].line == at.line && problems->errors[i].column == at.column &&
                !problems->errors[i].file;
    return found;
}

void fob_problem(struct fob_problems *problems, enum fob_severity severity, struct fob_mark at,
                 const char *fix, const char *what_fmt, ...)
{
    struct fob_error error;
    char what[2 * sizeof error.what]; /* so long that the cut is fob_error_set's, at a character */
    va_list args;
    if (severity == FOB_PROBLEM_WARNING && is_told(problems, at))
        return;
    if (severity == FOB_PROBLEM_ERROR && problems->n_errors < FOB_MAX_PROBLEMS)
        problems->errors[problems->n_errors++] = at;
    va_start(args, what_fmt);
    vsnprintf(what, sizeof what, what_fmt, args);
    va_end(args);
    fob_fail(&error, problems->code, fix, "%s", what);
    fob_fail_at(&error, problems->code, at.file ? at.file : problems->file, at.line, at.column);
    report(problems, severity, &error);
    if (severity == FOB_PROBLEM_ERROR && problems->first.code == FOB_OK)
        problems->first = error;
}

void fob_problems_end(struct fob_problems *problems, const struct fob_error *error)
{
    if (!problems->ended)
        report(problems, FOB_PROBLEM_ERROR, error);
    if (problems->first.code == FOB_OK || error->code == FOB_E_MEMORY)
        problems->first = *error;
    problems->ended = true;
}

void fob_problems_no_memory(struct fob_problems *problems)
{
    struct fob_error error;
    fob_no_memory(&error);
    fob_problems_end(problems, &error);
}
