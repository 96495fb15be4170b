/* SPDX-License-Identifier: MIT */
/* A descriptor that extends another begins as that one; what is wrong is told in the file that it stands in. */
#include "cleanup.h"
#include "error.h"
#include "inherit.h"
#include "text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))

/* --- a catalogue in memory ---------------------------------------------------------------------------------- */

static struct {
    const char *id, *text;
} files[8];

static void put(const char *id, const char *text)
{
    size_t i = 0;
    while (files[i].id && strcmp(files[i].id, id) != 0)
        i++;
    files[i].id = id;
    files[i].text = text;
}

static fob_err find(void *user, const char *id, struct fob_buf *out, char **ret_file, struct fob_error *error)
{
    int *asked = user;
    ++*asked;
    for (size_t i = 0; i < N(files) && files[i].id; i++) {
        if (strcmp(files[i].id, id) != 0)
            continue;
        fob_buf_str(out, files[i].text);
        char name[64];
        snprintf(name, sizeof name, "%s.yaml", id);
        *ret_file = fob_strdup(name);
        return *ret_file ? fob_buf_finish(out, "it", error) : fob_no_memory(error);
    }
    return fob_fail(error, FOB_E_NOT_FOUND, "put it there", "there is no provider \"%s\"", id);
}

static int asked;

static fob_provider *provider;
static struct fob_error error;

static void end(void)
{
    fob_provider_unref(&provider);
}

TestSuite(inherit, .fini = end);

static fob_err read_it(const char *text)
{
    struct fob_bases bases = {.find = find, .user = &asked};
    error = (struct fob_error)FOB_ERROR_INIT;
    asked = 0;
    fob_provider_unref(&provider);
    fob_err err = fob_provider_read(text, strlen(text), "acme.yaml", &bases, &provider, &error);
    fob_bases_free(&bases);
    return err;
}

/* Every problem as "file:line:column what" on a line of its own. */
static char told[2048];

static void write_down(void *user, const struct fob_problem *problem)
{
    (void)user;
    if (problem->severity == FOB_PROBLEM_ERROR)
        snprintf(told + strlen(told), sizeof told - strlen(told), "%s:%u:%u %s\n", problem->file,
                 problem->line, problem->column, problem->what);
}

static const char *lint(const char *text)
{
    struct fob_bases bases = {.find = find, .user = &asked};
    told[0] = '\0';
    fob_provider_check(text, strlen(text), "acme.yaml", &bases, write_down, NULL, NULL);
    fob_bases_free(&bases);
    return told;
}

#define BASE                                                                                                 \
    "fob: 1\nid: base\nname: Base\ndocs: https://base.example/docs\n"                                        \
    "authorization_endpoint: https://base.example/a\ntoken_endpoint: https://base.example/t\n"               \
    "scopes: {separator: \",\", default: [a, b]}\n"                                                          \
    "token: {encoding: json, params: {one: \"1\", two: \"2\"}}\n"                                            \
    "sources: {endpoints: \"https://base.example\"}\n"                                                       \
    "tests: {of the base: {token: {access_token: at}}}\n"

/* --- merging ------------------------------------------------------------------------------------------------ */

Test(inherit, what_is_not_said_is_the_bases)
{
    put("base", BASE);
    cr_assert_eq(read_it("fob: 1\nextends: base\n"), FOB_OK, "%s", error.what);
    const struct fob_descriptor *d = &provider->d;
    cr_expect_str_eq(d->metadata.token_endpoint, "https://base.example/t");
    cr_expect_str_eq(d->docs, "https://base.example/docs");
    cr_expect_eq(d->token.encoding, FOB_ENCODE_JSON);
    cr_expect_str_eq(d->scopes.separator, ",");
    cr_expect_str_eq(d->extends, "base");
    cr_expect_eq(asked, 1);
}

Test(inherit, id_and_name_are_a_files_own)
{
    put("base", BASE);
    cr_assert_eq(read_it("fob: 1\nextends: base\n"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_provider_id(provider), "acme");
    cr_expect_str_eq(fob_provider_name(provider), "acme");
    cr_assert_eq(read_it("fob: 1\nextends: base\nname: Acme\n"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_provider_name(provider), "Acme");
}

Test(inherit, what_people_read_is_left_out_where_a_token_is_wanted)
{
    put("base", BASE);
    cr_assert_eq(read_it("fob: 1\nextends: base\nsources: {token: here}\nx-note: {a: [b]}\n"), FOB_OK, "%s",
                 error.what);
    cr_expect_eq(provider->d.sources.n, 0);
    cr_expect_eq(provider->d.n_tests, 0);
    cr_expect_eq(read_it("fob: 1\nextends: base\nsources: {token: &a here}\n"), FOB_OK,
                 "not even its form is seen");
    cr_expect_eq(read_it("fob: 1\nsources: {token: &a here}\nextends: base\n"), FOB_E_DESCRIPTOR);
    cr_expect_eq(read_it("{fob: 1, extends: base,\nsources: {token: here}}\n"), FOB_OK, "%s", error.what);
    cr_expect_eq(read_it("{fob: 1, extends: base,\nsources: {token: here}\n"), FOB_E_DESCRIPTOR);
    cr_expect_eq(error.line, 3, "the end of the whole file: %u", error.line);
}

Test(inherit, maps_are_merged_key_by_key_and_all_else_is_replaced)
{
    put("base", BASE);
    cr_assert_eq(read_it("fob: 1\nextends: base\ntoken_endpoint: https://own.example/t\n"
                         "scopes: {default: [c]}\n"
                         "token: {params: {two: null, three: \"3\"}, auth: client_secret_post}\n"),
                 FOB_OK, "%s", error.what);
    const struct fob_descriptor *d = &provider->d;
    cr_expect_str_eq(d->metadata.token_endpoint, "https://own.example/t");
    cr_expect_str_eq(d->metadata.authorization_endpoint, "https://base.example/a");
    cr_expect_eq(d->scopes.default_scopes.n, 1, "a list is replaced");
    cr_expect_str_eq(d->scopes.default_scopes.v[0], "c");
    cr_expect_str_eq(d->scopes.separator, ",");
    cr_expect_eq(d->token.encoding, FOB_ENCODE_JSON);
    cr_expect_eq(d->token.auth, FOB_AUTH_POST);
    cr_assert_eq(d->token.params.n, 3);
    static const char *const names[] = {"one", "two", "three"}, *const values[] = {"1", NULL, "3"};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_str_eq(d->token.params.v[i].name, names[i], "the base's first, in their places");
        cr_expect_eq(d->token.params.v[i].value == NULL, values[i] == NULL);
    }
}

Test(inherit, blocks_by_name_are_merged_and_keep_their_order)
{
    put("base",
        "fob: 1\ntoken_endpoint: https://b.example\nsteps:\n  one: {endpoint: \"https://b.example/1\"}\n"
        "  two: {endpoint: \"https://b.example/2\", auth: none}\n");
    cr_assert_eq(read_it("fob: 1\nextends: base\nsteps:\n  zero: {endpoint: \"https://b.example/0\"}\n"
                         "  two: {endpoint: \"https://b.example/two\"}\n"),
                 FOB_OK, "%s", error.what);
    cr_assert_eq(provider->d.n_steps, 3);
    cr_expect_str_eq(provider->d.steps[0].name, "one");
    cr_expect_str_eq(provider->d.steps[1].name, "two");
    cr_expect_str_eq(provider->d.steps[1].request.endpoint, "https://b.example/two");
    cr_expect_eq(provider->d.steps[1].request.auth, FOB_AUTH_NONE);
    cr_expect_str_eq(provider->d.steps[2].name, "zero");
}

Test(inherit, a_map_takes_the_place_of_what_is_none_and_the_other_way_round)
{
    put("base", "fob: 1\ntoken_endpoint: https://b.example\ncallback: {keep: {a: from_a, b: {from: b, "
                "secret: true}}}\n");
    cr_assert_eq(
        read_it("fob: 1\nextends: base\ncallback: {keep: {a: {from: own, secret: true}, b: short}}\n"),
        FOB_OK, "%s", error.what);
    const struct fob_callback_rule *callback = &provider->d.callback;
    cr_assert_eq(callback->n_keep, 2);
    cr_expect_str_eq(callback->keep[0].from, "own");
    cr_expect(callback->keep[0].is_secret);
    cr_expect_str_eq(callback->keep[1].from, "short");
    cr_expect_not(callback->keep[1].is_secret);
}

Test(inherit, the_nearest_says_it_along_a_chain_of_four)
{
    put("a", "fob: 1\nextends: b\nuse: {scheme: A}\n");
    put("b", "fob: 1\nextends: c\nuse: {scheme: B, header: B}\n");
    put("c", "fob: 1\nextends: d\nuse: {scheme: C, header: C, query: c}\n");
    put("d", "fob: 1\ntoken_endpoint: https://d.example/t\nuse: {query: d}\n");
    cr_assert_eq(read_it("fob: 1\nextends: a\n"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(provider->d.use.scheme, "A");
    cr_expect_str_eq(provider->d.use.header, "B");
    cr_expect_str_eq(provider->d.use.query, "c");
    cr_expect_str_eq(provider->d.metadata.token_endpoint, "https://d.example/t");
    cr_expect_str_eq(provider->d.extends, "a");
    cr_expect_eq(asked, 4);
}

/* --- what is wrong ------------------------------------------------------------------------------------------ */

Test(inherit, a_fifth_is_one_too_many)
{
    put("a", "fob: 1\nextends: b\n");
    put("b", "fob: 1\nextends: c\n");
    put("c", "fob: 1\nextends: d\n");
    put("d", "fob: 1\nid: d\nextends: e\n");
    put("e", "fob: 1\ntoken_endpoint: https://e.example/t\n");
    cr_expect_eq(read_it("fob: 1\nextends: a\n"), FOB_E_DESCRIPTOR);
    cr_expect_str_eq(error.file, "d.yaml");
    cr_expect_eq(error.line, 3);
    cr_expect_eq(error.column, 10);
    cr_expect(strstr(error.what, "more than 4"), "%s", error.what);
    cr_expect_eq(asked, 4);
}

Test(inherit, one_that_extends_itself_is_told_whatever_the_way)
{
    put("acme", "fob: 1\nextends: acme\n");
    cr_expect_eq(read_it("fob: 1\nextends: acme\n"), FOB_E_DESCRIPTOR);
    cr_expect(strstr(error.what, "extends itself"), "%s", error.what);
    put("a", "fob: 1\n\nextends: b\n");
    put("b", "fob: 1\nextends: a\n");
    cr_expect_eq(read_it("fob: 1\nextends: a\n"), FOB_E_DESCRIPTOR);
    cr_expect(strstr(error.what, "\"a\" extends itself"), "%s", error.what);
    cr_expect_str_eq(error.file, "b.yaml");
    cr_expect_eq(error.line, 2);
    put("b", "fob: 1\nextends: acme\n");
    put("acme", "fob: 1\nextends: a\n");
    cr_expect_eq(read_it("fob: 1\nextends: a\n"), FOB_E_DESCRIPTOR);
    cr_expect(strstr(error.what, "extends itself"), "%s", error.what);
}

Test(inherit, a_mistake_is_told_in_the_file_and_place_where_it_stands)
{
    put("base", "fob: 1\ntoken_endpoint: https://b.example/t\ntoken:\n  encoding: yaml\n");
    lint("fob: 1\nextends: base\n");
    cr_expect(strncmp(told, "base.yaml:4:13 ", 15) == 0, "%s", told);
    cr_expect_eq(read_it("fob: 1\nextends: base\n"), FOB_E_DESCRIPTOR);
    cr_expect_str_eq(error.file, "base.yaml");
    cr_expect_eq(error.line, 4);
    cr_expect_eq(error.column, 13);
    lint("fob: 1\nextends: base\ntoken:\n  method: FETCH\n  encoding: form\n");
    cr_expect(strncmp(told, "acme.yaml:4:11 ", 15) == 0, "%s", told);
    cr_expect_null(strstr(told, "base.yaml"), "what is replaced is not looked at: %s", told);
}

Test(inherit, a_rule_between_the_two_is_told_where_it_is_broken)
{
    put("base", "fob: 1\ntoken_endpoint: https://b.example/t\nauthorize: {pkce_reason: old}\n"
                "verify: {endpoint: \"https://b.example/{kept.realm}\"}\n");
    lint("fob: 1\nextends: base\nauthorize: {params: {p: \"{nobody}\"}}\n");
    cr_expect_str_eq(told, "acme.yaml:3:25 {nobody} is not a variable of this descriptor\n");
    put("base", "fob: 1\ntoken_endpoint: https://b.example/t\ntoken: {params: {p: \"{v}\"}}\n");
    lint("fob: 1\nextends: base\n");
    cr_expect_str_eq(told, "base.yaml:3:21 {v} is not a variable of this descriptor\n");
    lint("fob: 1\nextends: base\nvariables: {v: {doc: it}}\n");
    cr_expect_str_eq(told, "");
}

Test(inherit, a_code_that_is_left_out_is_sent_by_a_step_of_either)
{
#define NO_CODE "fob: 1\nextends: base\ntoken: {params: {code: null}}\n"
#define STEP "steps: {s: {endpoint: \"https://b.example/s\", method: POST, params: {code: \"{code}\"}}}\n"
    put("base", "fob: 1\ntoken_endpoint: https://b.example/t\n");
    lint(NO_CODE);
    cr_expect_str_eq(told, "acme.yaml:3:18 \"code\" cannot be left out in \"params\"\n");
    lint(NO_CODE STEP);
    cr_expect_str_eq(told, "");
    put("base", "fob: 1\ntoken_endpoint: https://b.example/t\n" STEP);
    lint(NO_CODE);
    cr_expect_str_eq(told, "");
}

Test(inherit, what_cannot_be_read_is_told_with_its_place)
{
    put("base", "fob: 1\ntoken: {a: b\n");
    cr_expect_eq(read_it("fob: 1\nextends: base\n"), FOB_E_DESCRIPTOR);
    cr_expect_str_eq(error.file, "base.yaml", "%s", error.what);
    cr_expect_geq(error.line, 2);
    put("base", "- a\n- b\n");
    cr_expect_eq(read_it("fob: 1\nextends: base\n"), FOB_E_DESCRIPTOR);
    cr_expect_str_eq(error.file, "acme.yaml");
    cr_expect_eq(error.line, 2);
    cr_expect(strstr(error.what, "no block of keys"), "%s", error.what);
    put("base", "");
    cr_expect_eq(read_it("fob: 1\nextends: base\n"), FOB_E_DESCRIPTOR);
    cr_expect(strstr(error.what, "no block of keys"), "%s", error.what);
}

Test(inherit, one_that_is_not_there_is_told_at_extends)
{
    cr_expect_eq(read_it("fob: 1\nname: x\nextends: nobody\n"), FOB_E_DESCRIPTOR);
    cr_expect_str_eq(error.file, "acme.yaml");
    cr_expect_eq(error.line, 3);
    cr_expect_eq(error.column, 10);
    cr_expect(strstr(error.what, "there is no provider \"nobody\""), "%s", error.what);
    cr_expect_str_eq(error.fix, "put it there");
    put("a", "fob: 1\nextends: nobody\n");
    cr_expect_eq(read_it("fob: 1\nextends: a\n"), FOB_E_DESCRIPTOR);
    cr_expect_str_eq(error.file, "a.yaml");
    cr_expect_eq(error.line, 2);
}

Test(inherit, what_is_no_id_is_not_looked_for)
{
    static const char *const bad[] = {"../a", "[base]", "{a: b}", "1", "Base", "\"\"", "null"};
    put("base", BASE);
    for (size_t i = 0; i < N(bad); i++) {
        char text[64];
        snprintf(text, sizeof text, "fob: 1\nextends: %s\n", bad[i]);
        cr_expect_eq(read_it(text), FOB_E_DESCRIPTOR, "%s", bad[i]);
        cr_expect_str_eq(error.file, "acme.yaml", "%s", error.what);
        cr_expect_eq(asked, 0, "%s", bad[i]);
    }
}

Test(inherit, without_a_catalogue_it_is_left_as_it_is)
{
    static const char text[] = "fob: 1\nextends: base\n";
    cr_assert_eq(fob_provider_read(text, strlen(text), "acme.yaml", NULL, &provider, &error), FOB_OK, "%s",
                 error.what);
    cr_expect_str_eq(provider->d.extends, "base");
    cr_expect_null(provider->d.metadata.token_endpoint);
    fob_provider_unref(&provider);
    cr_expect_eq(fob_provider_parse(text, strlen(text), "acme.yaml", &provider, &error), FOB_E_DESCRIPTOR);
    cr_expect(strstr(error.fix, "look the provider up by its id"), "%s", error.fix);
    cr_expect_eq(fob_provider_lint(text, strlen(text), "acme.yaml", NULL, NULL, NULL), FOB_OK);
}
