/* SPDX-License-Identifier: MIT */
/* A pattern means the same to fob and to an editor, has to match the whole value, and costs no more than it may. */
#include "pattern.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool matches(const char *pattern, const char *text)
{
    bool result = false;
    cr_assert_null(fob_pattern_problem(pattern), "%s: %s", pattern, fob_pattern_problem(pattern));
    cr_assert_eq(fob_pattern_match(pattern, text, &result, NULL), FOB_OK, "%s", pattern);
    return result;
}

static void refused(const char *pattern, const char *says)
{
    const char *problem = fob_pattern_problem(pattern);
    cr_assert_not_null(problem, "%s", pattern);
    cr_expect(strstr(problem, says), "%s: %s", pattern, problem);
}

Test(pattern, the_whole_value_has_to_match)
{
    cr_expect(matches("[a-z]+", "contoso"));
    cr_expect_not(matches("[a-z]+", "contoso1"));
    cr_expect_not(matches("[a-z]+", "1contoso"));
    cr_expect_not(matches("[a-z]+", ""));
    cr_expect_not(matches("[a-z]+", "contoso\n"));
    cr_expect_not(matches("[a-z]+", "a\nb"));
    cr_expect_not(matches("a|bc", "abc"), "also of alternatives");
    cr_expect(matches("a|bc", "bc"));
}

Test(pattern, repetitions_classes_groups_and_escapes_mean_what_they_do_elsewhere)
{
    static const struct {
        const char *pattern, *yes, *no;
    } rows[] = {{"ab?c*", "a", "abb"},
                {"a{2}", "aa", "aaa"},
                {"a{2,}", "aaaa", "a"},
                {"a{2,3}", "aaa", "aaaa"},
                {"a{0,1}b", "b", "aab"},
                {"(ab)+", "abab", "aba"},
                {"(a|b)*c", "abbac", "abd"},
                {"[a-c-]+", "a-b", "d"},
                {"[-a]+", "-a", "b"},
                {"[.+*?(){}|$]+", "$.|", "a"},
                {"a\\.b\\\\", "a.b\\", "axb\\"},
                {"\\(\\)\\[\\]\\{\\}\\|\\^\\$\\*\\+\\?", "()[]{}|^$*+?", ""},
                {"a-b_c/d:e", "a-b_c/d:e", "a"},
                {"[0-9a-f]{8}(-[0-9a-f]{4})?", "0123abcd-00ff", "0123ABCD"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect(matches(rows[i].pattern, rows[i].yes), "%s", rows[i].pattern);
        cr_expect_not(matches(rows[i].pattern, rows[i].no), "%s", rows[i].pattern);
    }
}

Test(pattern, only_ascii_matches)
{
    cr_expect_not(matches("[!-~]+", "caf\xc3\xa9"));
    cr_expect_not(matches("[!-~]*", "\x80"));
}

Test(pattern, what_posix_and_ecma_262_read_differently_is_refused)
{
    static const char *const rows[][2] = {{"", "empty"},
                                          {"a|", "empty"},
                                          {"|a", "empty"},
                                          {"()", "empty"},
                                          {"a||b", "empty"},
                                          {".", ". is not"},
                                          {"^a", "^ and $"},
                                          {"a$", "^ and $"},
                                          {"*a", "nothing"},
                                          {"a)", "without its"},
                                          {"(a", "not closed"},
                                          {"]", "nothing"},
                                          {"}", "nothing"},
                                          {"{1}", "nothing"},
                                          {"(?:a)", "( alone"},
                                          {"(?=a)", "( alone"},
                                          {"a**", "two"},
                                          {"a+?", "two"},
                                          {"a{2}{3}", "two"},
                                          {"a?+", "two"},
                                          {"\\d", "\\ stands"},
                                          {"\\", "\\ stands"},
                                          {"\\1", "\\ stands"},
                                          {"\\n", "\\ stands"},
                                          {"[^a]", "may not"},
                                          {"[]", "empty class"},
                                          {"[a", "not closed"},
                                          {"[\\d]", "in a class"},
                                          {"[[:alpha:]]", "in a class"},
                                          {"[z-a]", "backwards"},
                                          {"[a-\\]", "backwards"},
                                          {"[--a]", "backwards"},
                                          {"caf\xc3\xa9", "ASCII"},
                                          {"a\tb", "ASCII"},
                                          {"(a){2}", "group cannot"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        refused(rows[i][0], rows[i][1]);
}

/* --- limits ------------------------------------------------------------------------------------------------- */

Test(pattern, has_a_length_a_depth_and_a_count_that_it_may_not_pass)
{
    char text[FOB_MAX_PATTERN + 2];
    memset(text, 'a', sizeof text);
    text[FOB_MAX_PATTERN] = '\0';
    cr_expect(matches(text, text));
    text[FOB_MAX_PATTERN] = 'a';
    text[FOB_MAX_PATTERN + 1] = '\0';
    refused(text, "256");
    cr_expect(matches("((((a))))", "a"));
    refused("(((((a)))))", "nested");
    cr_expect_null(fob_pattern_problem("a{255}"));
    cr_expect_null(fob_pattern_problem("a{1}"));
    refused("a{256}", "255");
    refused("a{1,256}", "255");
    refused("a{99999999999999999999}", "255");
    refused("a{0}", "255");
    refused("a{0,0}", "255");
    refused("a{3,2}", "255");
    refused("a{,2}", "255");
    refused("a{}", "255");
    refused("a{2", "255");
}

/* What it stands for when repetitions are written out is what matching costs for each character of the value. */
Test(pattern, stands_for_so_many_characters_and_no_more)
{
    _Static_assert(FOB_MAX_PATTERN_STEPS == 512, "the patterns below");
    static const char *const edges[] = {"a{255}[ab]{255}cc", "(a{255})+cc", "((a{127})+)+cccc",
                                        "a{250,}b{1,255}cccccc", "(a{128}|b{128})+"};
    char more[64];
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        cr_expect_null(fob_pattern_problem(edges[i]), "%s", edges[i]);
        snprintf(more, sizeof more, "%sc", edges[i]);
        refused(more, "512");
    }
    refused("((((a{0,255}a{0,255}a{0,255}b)+)+)+)+", "512");
}

/* A matcher that tries one way after the other does not come back from these. */
Test(pattern, one_with_many_ways_to_match_still_has_an_answer)
{
    static const char *const evil[] = {"(a*)*b",   "(((a+)+)+)+b", "(a|a|a)*b",
                                       "(a|aa)+b", "(a?a?a?)*b",   "(a*a*a*a*)*b"};
    char text[FOB_MAX_SCALAR + 1];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < sizeof evil / sizeof evil[0]; i++) {
        text[sizeof text - 2] = 'a';
        cr_expect_not(matches(evil[i], text), "%s", evil[i]);
        text[sizeof text - 2] = 'b';
        cr_expect(matches(evil[i], text), "%s", evil[i]);
    }
}

/* --- locale ------------------------------------------------------------------------------------------------- */

/* A locale in which z comes before a, and nothing is between them. */
static void use_odd_locale(const char *folder)
{
    char path[96], command[256];
    snprintf(path, sizeof path, "%s/odd.src", folder);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs("LC_COLLATE\norder_start forward\n<U007A>\n<U0061>\norder_end\nEND LC_COLLATE\n", file);
    fclose(file);
    snprintf(command, sizeof command, "localedef -c -i %s -f ANSI_X3.4-1968 %s/odd >/dev/null 2>&1", path,
             folder);
    if (system(command) < 0)
        cr_assert_fail("no shell");
    setenv("LOCPATH", folder, 1);
    cr_assert_not_null(setlocale(LC_COLLATE, "odd"), "localedef needs the package locales");
    cr_assert_lt(strcoll("z", "a"), 0);
}

Test(pattern, means_the_same_in_every_locale)
{
    char folder[] = "/tmp/fob-pattern-XXXXXX", command[64];
    cr_assert_not_null(mkdtemp(folder));
    use_odd_locale(folder);
    cr_expect(matches("[a-z]+", "contoso"));
    cr_expect_not(matches("[a-z]+", "Contoso"));
    cr_expect(matches("[!-~]+", "A_9"));
    cr_expect_lt(strcoll("z", "a"), 0, "and the host's locale is as it was");
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_expect_eq(system(command), 0);
}
