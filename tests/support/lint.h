/* SPDX-License-Identifier: MIT */
/* What fob lint says of a text: "LINE:COLUMN error WHAT" or "… advice WHAT", a line each. */
#ifndef SUPPORT_LINT_H
#define SUPPORT_LINT_H

#include <criterion/criterion.h>
#include <fob/fob.h>
#include <stdio.h>
#include <string.h>

static char told[8192];

static void write_down(void *user, const struct fob_problem *problem)
{
    bool is_error = problem->severity == FOB_PROBLEM_ERROR;
    (void)user;
    snprintf(told + strlen(told), sizeof told - strlen(told), "%u:%u %s %s\n", problem->line, problem->column,
             is_error ? "error" : "advice", problem->what);
    cr_expect(is_error || (problem->fix && *problem->fix), "advice without a fix: %s", problem->what);
}

/* Until the next call. */
static inline const char *lint(const char *text)
{
    told[0] = '\0';
    fob_err err = fob_provider_lint(text, strlen(text), "acme.yaml", write_down, NULL, NULL);
    cr_expect_eq(err == FOB_OK, strstr(told, " error ") == NULL, "%s", told);
    return told;
}

static inline void is_told(const char *text, const char *problems)
{
    lint(text);
    cr_expect_str_eq(told, problems, "%s\n%s", text, told);
}

static inline void is_fine(const char *text)
{
    is_told(text, "");
}

#endif
