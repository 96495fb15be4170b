/* SPDX-License-Identifier: MIT */
/* core/inherit.c over folders: what is extended is found as any provider is, and mistakes are told in their own file. */
#include "cleanup.h"
#include "room.h"

#include <stdio.h>
#include <string.h>

static fob_session *session;
static fob_provider *provider;
static struct fob_error error;

/* Two folders: "mine" is looked into first. */
static void begin(void)
{
    char folders[300];
    room_begin();
    cr_assert_eq(mkdir(room_path("mine"), 0755), 0);
    struct fob_options options = room_options();
    snprintf(folders, sizeof folders, "%s:%s", room_path("mine"), room_path("providers"));
    options.provider_path = folders;
    error = (struct fob_error)FOB_ERROR_INIT;
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK);
}

static void end(void)
{
    fob_provider_unref(&provider);
    fob_close(&session);
    room_end();
}

TestSuite(extends, .init = begin, .fini = end);

static fob_err find(const char *id)
{
    fob_provider_unref(&provider);
    return fob_find_provider(session, id, &provider, &error);
}

static bool ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

static char told[4096];

static void write_down(void *user, const struct fob_problem *problem)
{
    (void)user;
    const char *file = strrchr(problem->file, '/');
    if (problem->severity == FOB_PROBLEM_ERROR)
        snprintf(told + strlen(told), sizeof told - strlen(told), "%s:%u:%u %s\n",
                 file ? file + 1 : problem->file, problem->line, problem->column, problem->what);
}

static fob_err lint(const char *text)
{
    told[0] = '\0';
    return fob_lint(session, text, strlen(text), "own.yaml", write_down, NULL, &error);
}

Test(extends, a_base_is_found_in_another_folder_than_what_extends_it)
{
    room_write("providers/base.yaml", "fob: 1\ntoken_endpoint: https://base.example/t\nuse: {scheme: B}\n",
               0644);
    room_write("mine/own.yaml", "fob: 1\nextends: base\nname: Own\nuse: {header: X-Own}\n", 0644);
    cr_assert_eq(find("own"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_provider_name(provider), "Own");
    cr_expect_str_eq(fob_provider_metadata(provider, "token_endpoint"), "https://base.example/t");
    cr_expect(ends_with(fob_provider_file(provider), "/mine/own.yaml"), "%s", fob_provider_file(provider));
    cr_expect_str_eq(provider->d.use.scheme, "B");
    cr_expect_str_eq(provider->d.use.header, "X-Own");
}

Test(extends, the_first_folder_that_has_the_base_decides)
{
    room_write("providers/base.yaml", "fob: 1\ntoken_endpoint: https://far.example/t\n", 0644);
    room_write("mine/base.yaml", "fob: 1\ntoken_endpoint: https://near.example/t\n", 0644);
    room_write("providers/own.yaml", "fob: 1\nextends: base\n", 0644);
    cr_assert_eq(find("own"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_provider_metadata(provider, "token_endpoint"), "https://near.example/t");
}

Test(extends, a_base_that_is_hidden_or_not_there_is_told_where_it_was_asked_for)
{
    room_write("providers/base.yaml", "fob: 1\ntoken_endpoint: https://far.example/t\n", 0644);
    room_write("mine/base.yaml", "", 0644);
    room_write("mine/own.yaml", "fob: 1\nextends: base\n", 0644);
    cr_expect_eq(find("own"), FOB_E_DESCRIPTOR);
    cr_expect(strstr(error.what, "there is no provider \"base\""), "%s", error.what);
    cr_expect(ends_with(error.file, "/mine/own.yaml"), "%s", error.file);
    cr_expect_eq(error.line, 2);
    cr_expect_eq(error.column, 10);
    room_write("mine/own.yaml", "fob: 1\nname: x\nextends: nobody\n", 0644);
    cr_expect_eq(find("own"), FOB_E_DESCRIPTOR);
    cr_expect_eq(error.line, 3);
    cr_expect(strstr(error.fix, "nobody.yaml"), "%s", error.fix);
}

Test(extends, a_mistake_in_the_base_is_told_in_the_base)
{
    room_write("providers/base.yaml", "fob: 1\ntoken_endpoint: https://base.example/t\nuse:\n  schema: B\n",
               0644);
    room_write("mine/own.yaml", "fob: 1\nextends: base\nname: Own\n", 0644);
    cr_expect_eq(find("own"), FOB_E_DESCRIPTOR);
    cr_expect(ends_with(error.file, "/providers/base.yaml"), "%s", error.file);
    cr_expect_eq(error.line, 4);
    cr_expect_eq(error.column, 3);
    cr_expect_eq(lint("fob: 1\nextends: base\nname: Own\n"), FOB_E_DESCRIPTOR);
    cr_expect(strncmp(told, "base.yaml:4:3 ", 14) == 0, "%s", told);
}

Test(extends, a_base_that_cannot_be_parsed_is_told_at_its_line)
{
    room_write("providers/base.yaml", "fob: 1\ntoken: {a: [\n", 0644);
    room_write("mine/own.yaml", "fob: 1\nextends: base\n", 0644);
    cr_expect_eq(find("own"), FOB_E_DESCRIPTOR);
    cr_expect(ends_with(error.file, "/providers/base.yaml"), "%s", error.file);
    cr_expect_gt(error.line, 1);
}

Test(extends, a_base_that_others_can_write_to_is_not_read)
{
    room_write("providers/base.yaml", "fob: 1\ntoken_endpoint: https://base.example/t\n", 0666);
    room_write("mine/own.yaml", "fob: 1\nextends: base\n", 0644);
    cr_expect_eq(find("own"), FOB_E_DESCRIPTOR);
    cr_expect(strstr(error.what, "what it extends cannot be read"), "%s", error.what);
    cr_expect(ends_with(error.file, "/mine/own.yaml"), "%s", error.file);
}

Test(extends, a_ring_and_a_long_chain_are_told)
{
    room_write("providers/a.yaml", "fob: 1\nextends: b\n", 0644);
    room_write("mine/b.yaml", "fob: 1\n\nextends: a\n", 0644);
    cr_expect_eq(find("a"), FOB_E_DESCRIPTOR);
    cr_expect(strstr(error.what, "extends itself"), "%s", error.what);
    room_write("mine/own.yaml", "fob: 1\nextends: own\n", 0644);
    cr_expect_eq(find("own"), FOB_E_DESCRIPTOR);
    cr_expect(strstr(error.what, "\"own\" extends itself"), "%s", error.what);
    static const char *const chain[] = {"c1", "c2", "c3", "c4", "c5"};
    for (size_t i = 0; i < 5; i++) {
        char name[64], text[128];
        snprintf(name, sizeof name, "%s/%s.yaml", i % 2 ? "mine" : "providers", chain[i]);
        if (i < 4)
            snprintf(text, sizeof text, "fob: 1\nextends: %s\n", chain[i + 1]);
        else
            snprintf(text, sizeof text, "fob: 1\ntoken_endpoint: https://last.example/t\n");
        room_write(name, text, 0644);
    }
    cr_expect_eq(find("c1"), FOB_OK, "four behind it: %s", error.what);
    cr_expect_str_eq(fob_provider_metadata(provider, "token_endpoint"), "https://last.example/t");
    cr_expect_eq(lint("fob: 1\nextends: c1\n"), FOB_E_DESCRIPTOR, "five");
    cr_expect_str_eq(told, "c4.yaml:2:10 more than 4 descriptors are extended, one behind the other\n");
}

Test(extends, fob_lint_looks_at_the_whole)
{
    room_write("providers/base.yaml",
               "fob: 1\ntoken_endpoint: https://base.example/t\nvariables: {v: {doc: it}}\n", 0644);
    cr_expect_eq(lint("fob: 1\nextends: base\ntoken: {params: {p: \"{v}\"}}\n"), FOB_OK, "%s", told);
    cr_expect_str_eq(told, "");
    cr_expect_eq(lint("fob: 1\nextends: base\ntoken: {params: {p: \"{w}\"}}\n"), FOB_E_DESCRIPTOR);
    cr_expect_str_eq(told, "own.yaml:3:21 {w} is not a variable of this descriptor\n");
    cr_expect_eq(lint("fob: 1\nextends: base\nhosts: [own.example]\n"), FOB_E_DESCRIPTOR);
    cr_expect_str_eq(told, "base.yaml:2:17 the host of \"token_endpoint\" is not among \"hosts\"\n");
}
