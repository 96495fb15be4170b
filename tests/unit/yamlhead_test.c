/* SPDX-License-Identifier: MIT */
/* Notes at the end of a text are not read, and whatever else stands there is. */
#include "yamltree.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *const keys[] = {"sources", "tests", "x-", NULL};

/* cut: what the tail begins with, or NULL when there is none. */
static void expect_head(const char *text, const char *cut)
{
    const char *tail = cut ? strstr(text, cut) : text + strlen(text);
    cr_assert_not_null(tail);
    cr_expect_eq(fob_yaml_head(text, strlen(text), keys), (size_t)(tail - text), "%s", text);
}

Test(yamlhead, notes_at_the_end_are_the_tail)
{
    expect_head("fob: 1\ntests:\n  one: {}\n", "tests");
    expect_head("fob: 1\nsources: { a: b }\nx-gap: a note\nx-unconfirmed: [a]\ntests:\n  one: {}\n",
                "sources");
    expect_head("fob: 1\ntests: {}", "tests");
    expect_head("tests: {}\nx-a: b\n", "tests");
    expect_head("fob: 1\r\ntests:\r\n  one: {}\r\n\r\n# the end\r\n", "tests");
}

Test(yamlhead, what_belongs_to_a_note_goes_with_it)
{
    expect_head("fob: 1\nx-list:\n- one\n-\n- three\n\n# a comment\n\ntests: {}\n", "x-list");
    expect_head("fob: 1\nx-text: |\n  token_endpoint: no key\n", "x-text");
}

Test(yamlhead, a_key_behind_the_notes_keeps_them_all)
{
    expect_head("fob: 1\ntests: {}\ndocs: https://acme.example\n", NULL);
    expect_head("fob: 1\ntests: {}\n\"docs\": https://acme.example\n", NULL);
    expect_head("fob: 1\nx-a: b\ndocs: d\nx-b: c\n", "x-b");
}

Test(yamlhead, only_whole_keys_in_the_first_column_count)
{
    expect_head("fob: 1\ntests_of_ours: {}\n", NULL);
    expect_head("fob: 1\ntest: {}\n", NULL);
    expect_head("fob: 1\ntests", NULL);
    expect_head("fob: 1\nuse:\n  tests: {}\n", NULL);
    expect_head("", NULL);
}

Test(yamlhead, a_second_document_or_an_odd_line_is_never_in_the_tail)
{
    expect_head("fob: 1\ntests: {}\n---\nfob: 1\n", NULL);
    expect_head("fob: 1\ntests: {}\n...\n", NULL);
    expect_head("fob: 1\nx-note: a\rhosts: [a.example]\n", NULL);
    expect_head("fob: 1\r\nx-note: a\r", NULL);
    expect_head("fob: 1\ntests:a: b\n", NULL);
    expect_head("fob: 1\ntests: {}\n? docs\n: d\n", NULL);
    expect_head("fob: 1\ntests: {}\n\tdocs: d\n", NULL);
    expect_head("fob: 1\ntests: {}\n-docs: d\n", NULL);
}
