/* SPDX-License-Identifier: MIT */
/* A descriptor whose hosts were moved to one origin differs in nothing else. */
#include "document.h"
#include "pattern.h"
#include "rewrite.h"
#include "text.h"
#include "tree.h"

#include <criterion/criterion.h>
#include <string.h>

#define ORIGIN "http://127.0.0.1:8080"

static json_t *read(const char *text)
{
    const char *problem = NULL;
    json_t *tree = document_read(text, strlen(text), &problem);
    cr_assert_not_null(tree, "%s", problem);
    return tree;
}

static json_t *rewritten(const char *text)
{
    json_t *tree = read(text), *moved = rewrite_descriptor(tree, ORIGIN);
    json_decref(tree);
    return moved;
}

static void expect_same(json_t *moved, const char *text)
{
    json_t *wanted = read(text);
    char *shown = document_write(moved);
    cr_expect(json_equal(moved, wanted), "%s", shown);
    text_drop(&shown);
    json_decref(moved);
    json_decref(wanted);
}

static void expect_url(const char *url, const char *wanted)
{
    char *moved = rewrite_url(url, ORIGIN);
    cr_expect_str_eq(moved, wanted);
    text_drop(&moved);
}

Test(rewrite, makes_a_folder_of_each_host)
{
    expect_url("https://a.example/b?c=d", ORIGIN "/a.example/b?c=d");
    expect_url("https://a.example", ORIGIN "/a.example");
    expect_url("https://a.example:8443/b", ORIGIN "/a.example:8443/b");
    expect_url("http://[::1]:80/b[", ORIGIN "/::1:80/b[");
    expect_url("https://{shop}.a.example/b", ORIGIN "/{shop}.a.example/b");
    expect_url("https://a.example/#/route", ORIGIN "/a.example/#/route");
}

Test(rewrite, leaves_alone_what_is_no_url)
{
    expect_url("{api}/v3", "{api}/v3");
    expect_url("a.example", "a.example");
    expect_url("", "");
}

Test(rewrite, changes_endpoints_wherever_they_stand)
{
    expect_same(
        rewritten("issuer: https://a.example\n"
                  "token_endpoint: https://a.example/t\n"
                  "environments: {x: {doc: d, token_endpoint: \"https://x.example/t\"}}\n"
                  "refresh: {endpoint: \"https://r.example/r\"}\n"
                  "steps: {s: {endpoint: \"https://s.example/s\", params: {a: \"https://p.example/\"}}}\n"),
        "issuer: " ORIGIN "/a.example\n"
        "token_endpoint: " ORIGIN "/a.example/t\n"
        "environments: {x: {doc: d, token_endpoint: \"" ORIGIN "/x.example/t\"}}\n"
        "refresh: {endpoint: \"" ORIGIN "/r.example/r\"}\n"
        "steps: {s: {endpoint: \"" ORIGIN "/s.example/s\", params: {a: \"https://p.example/\"}}}\n");
}

Test(rewrite, leaves_links_parameters_and_claims_alone)
{
    const char *const same =
        "docs: https://a.example/docs\n"
        "sources: {token: \"https://a.example/docs\"}\n"
        "registration: {console: \"https://a.example/apps\"}\n"
        "authorize: {params: {resource: \"https://api.a.example\"}}\n"
        "token: {jwt: {claims: {aud: \"https://a.example\"}}}\n"
        "variables: {resource: {default: \"https://api.a.example\", pattern: \"https://.+\"}}\n";
    expect_same(rewritten(same), same);
}

Test(rewrite, changes_variables_that_endpoints_begin_with)
{
    expect_same(
        rewritten(
            "token_endpoint: \"{api}/t\"\n"
            "variables: {api: {default: \"https://a.example\", example: \"https://b.example\", pattern: "
            "\"https://[a-z.]+\", choices: {\"https://a.example\": A}}}\n"
            "environments: {x: {variables: {api: \"https://x.example\"}}}\n"),
        "token_endpoint: \"{api}/t\"\n"
        "variables: {api: {default: \"" ORIGIN "/a.example\", example: \"" ORIGIN "/b.example\", pattern: "
        "\"http://127\\\\.0\\\\.0\\\\.1:8080/[a-z.]+\", choices: {\"" ORIGIN "/a.example\": A}}}\n"
        "environments: {x: {variables: {api: \"" ORIGIN "/x.example\"}}}\n");
}

Test(rewrite, changes_urls_that_expressions_spell_out)
{
    expect_same(
        rewritten(
            "verify: {endpoint: \"{+first(kept.url, 'https://a.example', api)}/v\"}\n"
            "variables: {api: {default: \"https://b.example\"}, other: {default: \"https://c.example\"}}\n"),
        "verify: {endpoint: \"{+first(kept.url, '" ORIGIN "/a.example', api)}/v\"}\n"
        "variables: {api: {default: \"" ORIGIN "/b.example\"}, other: {default: \"https://c.example\"}}\n");
}

Test(rewrite, makes_patterns_match_what_it_makes_of_urls)
{
    const char *const pattern = "https://accounts\\.a\\.(example|test)", *const url =
                                                                             "https://accounts.a.example";
    char *moved_pattern = rewrite_pattern(pattern, ORIGIN), *moved = rewrite_url(url, ORIGIN);
    cr_expect(pattern_matches(moved_pattern, moved));
    cr_expect_not(pattern_matches(moved_pattern, url));
    cr_expect_not(pattern_matches(moved_pattern, "http://127x0.0.1:8080/accounts.a.example"));
    text_drop(&moved_pattern);
    text_drop(&moved);
    moved_pattern = rewrite_pattern("[a-z]+", "http://[::1]:80");
    cr_expect_str_eq(moved_pattern, "[a-z]+");
    text_drop(&moved_pattern);
    moved_pattern = rewrite_pattern("https?://a", "http://[::1]:80");
    cr_expect_str_eq(moved_pattern, "http://\\[::1\\]:80/a");
    text_drop(&moved_pattern);
}

Test(rewrite, replaces_the_list_of_hosts)
{
    expect_same(rewritten("hosts: [a.example, \"*.b.example\"]\n"
                          "callback: {keep: {h: {from: h, pattern: \"https://x\"}, i: i}}\n"),
                "hosts: [\"127.0.0.1:8080\"]\n"
                "callback: {keep: {h: {from: h, pattern: \"http://127\\\\.0\\\\.0\\\\.1:8080/x\"}, i: i}}\n");
}

Test(rewrite, leaves_out_the_id_and_what_speaks_of_the_real_hosts)
{
    expect_same(rewritten("id: acme\nname: Acme\ntests: {one: {exchanges: []}}\n"), "name: Acme\n");
}

Test(rewrite, does_not_touch_the_original)
{
    json_t *tree = read("token_endpoint: https://a.example/t\n");
    json_t *moved = rewrite_descriptor(tree, ORIGIN);
    cr_expect_str_eq(tree_text(tree, "token_endpoint"), "https://a.example/t");
    json_decref(moved);
    json_decref(tree);
}

/* --- writing it down --------------------------------------------------------------------------------------- */

Test(document, that_was_written_is_read_as_the_same)
{
    json_t *tree = read("fob: 1\n"
                        "text: [\"true\", \"null\", \"1\", \"1.5\", yes, \"\", \"a: b\", \"- a\", \"#\", "
                        "\"a\\\\b\\\"\", \"é\"]\n"
                        "values: [true, false, null, 7, -7, 1.5]\n"
                        "deep: {a: {b: {c: {}}}, \"\": [], \"/a b\": {\"{x}\": \"{y}\"}}\n"
                        "mixed: [{a: b}, c]\n");
    char *text = document_write(tree);
    json_t *again = read(text);
    cr_expect(json_equal(tree, again), "%s", text);
    text_drop(&text);
    json_decref(tree);
    json_decref(again);
}

Test(document, with_what_descriptors_may_not_have_is_refused)
{
    const char *const bad[] = {"a: &x b\nc: *x\n",
                               "a: 1\na: 2\n",
                               "[a]: b\n",
                               "- a\n",
                               "a: [\n",
                               "",
                               "a: [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *problem = NULL;
        cr_expect_null(document_read(bad[i], strlen(bad[i]), &problem), "%s", bad[i]);
        cr_expect_not_null(problem);
    }
}
