/* SPDX-License-Identifier: MIT */
/* Every problem of a file is reported at its place, and the first error is what the file failed with. */
#include "error.h"
#include "problems.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <string.h>

struct seen {
    int n, warnings;
    unsigned line, column;
    char what[400], fix[300], file[64];
};

static void look(void *user, const struct fob_problem *problem)
{
    struct seen *seen = user;
    seen->n++;
    seen->warnings += problem->severity == FOB_PROBLEM_WARNING;
    seen->line = problem->line;
    seen->column = problem->column;
    strcpy(seen->what, problem->what);
    strcpy(seen->fix, problem->fix);
    strcpy(seen->file, problem->file);
}

static struct fob_problems watched(struct seen *seen)
{
    return (struct fob_problems){.file = "acme.yaml", .code = FOB_E_DESCRIPTOR, .report = look, .user = seen};
}

Test(problems, each_is_reported_with_its_place)
{
    struct seen seen = {0};
    struct fob_problems problems = watched(&seen);
    fob_problem(&problems, FOB_PROBLEM_ERROR, (struct fob_mark){3, 14, NULL}, "mend it", "\"%s\" is bad",
                "x");
    cr_expect_eq(seen.n, 1);
    cr_expect_str_eq(seen.file, "acme.yaml");
    cr_expect_str_eq(seen.what, "\"x\" is bad");
    cr_expect_str_eq(seen.fix, "mend it");
    cr_expect_eq(seen.line, 3);
    cr_expect_eq(seen.column, 14);
}

Test(problems, the_first_error_is_kept_and_a_warning_is_none)
{
    struct seen seen = {0};
    struct fob_problems problems = watched(&seen);
    fob_problem(&problems, FOB_PROBLEM_WARNING, (struct fob_mark){1, 1, NULL}, NULL, "advice");
    cr_expect_eq(problems.first.code, FOB_OK);
    fob_problem(&problems, FOB_PROBLEM_ERROR, (struct fob_mark){2, 5, NULL}, NULL, "first");
    fob_problem(&problems, FOB_PROBLEM_ERROR, (struct fob_mark){1, 1, NULL}, NULL, "second");
    cr_expect_eq(problems.first.code, FOB_E_DESCRIPTOR);
    cr_expect_str_eq(problems.first.what, "first");
    cr_expect_str_eq(problems.first.file, "acme.yaml");
    cr_expect_eq(problems.first.line, 2);
    cr_expect_eq(seen.n, 3);
    cr_expect_eq(seen.warnings, 1);
}

Test(problems, what_ended_the_reading_keeps_its_own_code)
{
    struct seen seen = {0};
    struct fob_problems problems = watched(&seen);
    struct fob_error error;
    fob_fail(&error, FOB_E_LIMIT, NULL, "too much");
    fob_problems_end(&problems, &error);
    cr_expect_eq(problems.first.code, FOB_E_LIMIT);
    cr_expect_str_eq(seen.what, "too much");
}

Test(problems, so_many_are_reported_and_no_more)
{
    struct seen seen = {0};
    struct fob_problems problems = watched(&seen);
    for (int i = 0; i < FOB_MAX_PROBLEMS + 1; i++)
        fob_problem(&problems, FOB_PROBLEM_WARNING, (struct fob_mark){1, 1, NULL}, NULL, "advice");
    cr_expect_eq(seen.n, FOB_MAX_PROBLEMS);
    fob_problem(&problems, FOB_PROBLEM_ERROR, (struct fob_mark){1, 1, NULL}, NULL, "late");
    cr_expect_eq(seen.n, FOB_MAX_PROBLEMS);
    cr_expect_str_eq(problems.first.what, "late", "an error counts whether it was reported or not");
}

Test(problems, nobody_has_to_listen)
{
    struct fob_problems problems = {.file = "clients.yaml", .code = FOB_E_CONFIG};
    fob_problem(&problems, FOB_PROBLEM_ERROR, (struct fob_mark){1, 1, NULL}, NULL, "bad");
    cr_expect_eq(problems.first.code, FOB_E_CONFIG);
}

Test(problems, a_long_text_is_cut_at_a_character)
{
    struct seen seen = {0};
    struct fob_problems problems = watched(&seen);
    char key[1000];
    for (size_t i = 0; i + 3 < sizeof key; i += 3)
        memcpy(key + i, "\xe2\x82\xac", 4);
    fob_problem(&problems, FOB_PROBLEM_ERROR, (struct fob_mark){1, 1, NULL}, NULL, "a%s", key);
    cr_expect_eq(strlen(seen.what), 382, "382 is 1 and 127 euro signs");
    cr_expect_null(strchr(seen.what, '?'), "%s", seen.what);
}

Test(problems, a_warning_where_an_error_stands_is_not_told)
{
    struct seen seen = {0};
    struct fob_problems problems = watched(&seen);
    fob_problem(&problems, FOB_PROBLEM_ERROR, (struct fob_mark){2, 5, NULL}, NULL, "wrong");
    fob_problem(&problems, FOB_PROBLEM_WARNING, (struct fob_mark){2, 5, NULL}, NULL, "odd");
    cr_expect_eq(seen.n, 1);
    fob_problem(&problems, FOB_PROBLEM_WARNING, (struct fob_mark){2, 6, NULL}, NULL, "odd");
    cr_expect_eq(seen.n, 2);
    fob_problem(&problems, FOB_PROBLEM_ERROR, (struct fob_mark){2, 5, NULL}, NULL, "wrong again");
    cr_expect_eq(seen.n, 3, "an error is told whatever stands there");
}

Test(problems, what_is_odd_in_a_file_that_is_extended_is_told_of_that_file_alone)
{
    struct seen seen = {0};
    struct fob_problems problems = watched(&seen);
    fob_problem(&problems, FOB_PROBLEM_WARNING, (struct fob_mark){2, 5, "base.yaml"}, NULL, "odd");
    cr_expect_eq(seen.n, 0);
    fob_problem(&problems, FOB_PROBLEM_ERROR, (struct fob_mark){2, 5, "base.yaml"}, NULL, "wrong");
    cr_expect_str_eq(seen.file, "base.yaml");
    fob_problem(&problems, FOB_PROBLEM_WARNING, (struct fob_mark){2, 5, NULL}, NULL, "odd");
    cr_expect_eq(seen.n, 2, "the same place in another file is another place");
}
