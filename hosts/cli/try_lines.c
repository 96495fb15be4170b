/* SPDX-License-Identifier: MIT */
/* What fob try found of one descriptor, for a person: a line each, or one for all of it. */
#include "try_lines.h"

#include "tree.h"

#include <stdio.h>
#include <stdlib.h>

static bool passed(json_t *one)
{
    return json_is_true(json_object_get(one, "passed"));
}

/* --- what failed ------------------------------------------------------------------------------------------------ */

/* All of them, or those of one test. */
static void print_mismatches(json_t *result, const char *test)
{
    json_t *one;
    size_t i;
    json_array_foreach (json_object_get(result, "mismatches"), i, one)
        if (!test || same_text(tree_text(one, "test"), test))
            printf("%s:%lld:%lld: %s: %s\n", tree_text(one, "file"),
                   (long long)json_integer_value(json_object_get(one, "line")),
                   (long long)json_integer_value(json_object_get(one, "column")), tree_text(one, "test"),
                   tree_text(one, "what"));
}

static void print_failure(json_t *result, json_t *grant)
{
    printf("%s: sandbox: %s: %s\n", tree_text(result, "file"), tree_text(grant, "grant"),
           tree_text(grant, "what"));
    if (tree_text(grant, "fix"))
        printf("  %s\n", tree_text(grant, "fix"));
}

static void print_no_sandbox(json_t *result)
{
    if (tree_text(result, "sandbox_why"))
        printf("%s: %s\n", tree_text(result, "file"), tree_text(result, "sandbox_why"));
}

/* --- a line each ------------------------------------------------------------------------------------------------ */

struct lines {
    json_t *result;
    int width; /* of the names */
    size_t passed, failed, skipped;
};

/* In characters, of which UTF-8 begins each with a byte that is no 10xxxxxx. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

/* A recorded exchange's, with its environment. */
static char *name_of(json_t *test)
{
    const char *environment = tree_text(test, "environment");
    return environment ? text_printf("%s (%s)", tree_text(test, "test"), environment)
                       : text_copy(tree_text(test, "test"));
}

static void widen(struct lines *lines, const char *name)
{
    int width = width_of(name);
    lines->width = width > lines->width ? width : lines->width;
}

static void measure(struct lines *lines)
{
    static const char *const lists[] = {"sandbox", "skipped"};
    json_t *one;
    size_t i;
    json_array_foreach (json_object_get(lines->result, "tests"), i, one) {
        char *name = name_of(one);
        widen(lines, name);
        free(name);
    }
    for (size_t k = 0; k < 2; k++)
        json_array_foreach (json_object_get(lines->result, lists[k]), i, one)
            widen(lines, tree_text(one, "grant"));
}

/* why: of one that was skipped. */
static void print_line(struct lines *lines, const char *kind, const char *name, bool is_good, const char *why)
{
    printf("%s  %-8s  %s%*s  ", tree_text(lines->result, "id"), kind, name, lines->width - width_of(name),
           "");
    lines->passed += !why && is_good;
    lines->failed += !why && !is_good;
    lines->skipped += why != NULL;
    if (why)
        printf("skipped: %s\n", why);
    else
        puts(is_good ? "ok" : "FAILED");
}

static void print_tests(struct lines *lines)
{
    json_t *test;
    size_t i;
    json_array_foreach (json_object_get(lines->result, "tests"), i, test) {
        char *name = name_of(test);
        print_line(lines, "recorded", name, passed(test), NULL);
        print_mismatches(passed(test) ? NULL : lines->result, tree_text(test, "test"));
        free(name);
    }
    if (i == 0)
        printf("%s  recorded  nothing\n", tree_text(lines->result, "id"));
}

static void print_grants(struct lines *lines)
{
    json_t *grant;
    size_t i;
    json_array_foreach (json_object_get(lines->result, "sandbox"), i, grant) {
        print_line(lines, "sandbox", tree_text(grant, "grant"), passed(grant), NULL);
        if (!passed(grant))
            print_failure(lines->result, grant);
    }
    json_array_foreach (json_object_get(lines->result, "skipped"), i, grant)
        print_line(lines, "sandbox", tree_text(grant, "grant"), true, tree_text(grant, "why"));
    if (tree_text(lines->result, "sandbox_why"))
        print_line(lines, "sandbox", "start", false, NULL);
    print_no_sandbox(lines->result);
}

static void print_sum(const struct lines *lines)
{
    printf("%s: ", tree_text(lines->result, "id"));
    if (lines->failed)
        printf("%zu failed, ", lines->failed);
    printf("%zu passed", lines->passed);
    if (lines->skipped)
        printf(", %zu skipped", lines->skipped);
    putchar('\n');
}

void print_try_lines(json_t *result)
{
    struct lines lines = {.result = result};
    measure(&lines);
    print_tests(&lines);
    print_grants(&lines);
    print_sum(&lines);
}

/* --- one for all of it ------------------------------------------------------------------------------------------ */

static void print_recorded(json_t *result)
{
    long long recorded = json_integer_value(json_object_get(result, "recorded"));
    long long failed = json_integer_value(json_object_get(result, "failed"));
    if (recorded == 0)
        fputs("nothing was recorded", stdout);
    else if (failed)
        printf("%lld of %lld recorded exchanges failed", failed, recorded);
    else
        printf("%lld recorded exchange%s passed", recorded, recorded == 1 ? "" : "s");
}

/* Those that passed behind each other. */
static void print_sandbox(json_t *result)
{
    json_t *grants = json_object_get(result, "sandbox"), *grant;
    const char *before = "; at its sandbox ";
    size_t i;
    json_array_foreach (grants, i, grant) {
        printf("%s%s%s", before, tree_text(grant, "grant"), passed(grant) ? "" : " FAILED");
        before = ", ";
    }
    fputs(tree_text(result, "sandbox_why") ? "; NO SANDBOX" : "", stdout);
    if (!grants && json_array_size(json_object_get(result, "skipped")))
        printf("; no sandbox: %s", tree_text(json_array_get(json_object_get(result, "skipped"), 0), "why"));
}

void print_try_line(json_t *result)
{
    json_t *grant;
    size_t i;
    print_mismatches(result, NULL);
    json_array_foreach (json_object_get(result, "sandbox"), i, grant)
        if (!passed(grant))
            print_failure(result, grant);
    print_no_sandbox(result);
    printf("%s: ", tree_text(result, "id"));
    print_recorded(result);
    print_sandbox(result);
    putchar('\n');
}
