/* SPDX-License-Identifier: MIT */
/* A table says what a file may hold: what fits fills the struct, what does not is told at its place. */
#include "fields.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* --- a language of our own ---------------------------------------------------------------------------------- */

enum colour { RED, GREEN = 5 };

struct item {
    char *name, *note;
    struct fob_mark mark;
};

struct inner {
    char *unit;
};

struct whole {
    int64_t version;
    char *title, *host, *place;
    bool on;
    enum colour colour;
    struct fob_strings list;
    struct fob_map map;
    struct inner inner, included;
    struct item *items;
    size_t n_items;
};

#define TABLE(rows) .fields = (rows), .n_fields = sizeof(rows) / sizeof((rows)[0])

static const struct fob_choice colours[] = {{"red", RED, ""}, {"green", GREEN, ""}, {NULL, 0, NULL}};
static const char *const guarded[] = {"state", NULL};

static const struct fob_field item_fields[] = {
    {.key = "note", FOB_TEXT(struct item, note), .format = FOB_FORMAT_TEXT, .fallback = "none"}};
static const struct fob_table item_table = {TABLE(item_fields), .size = sizeof(struct item),
                                            .name_offset = FOB_OFFSET(struct item, name, char *),
                                            .mark_offset = FOB_OFFSET(struct item, mark, struct fob_mark)};
static const struct fob_field inner_fields[] = {
    {.key = "unit", FOB_TEXT(struct inner, unit), .format = FOB_FORMAT_TEXT, .fallback = "ms"}};
static const struct fob_table inner_table = {TABLE(inner_fields)};

static const struct fob_field fields[] = {
    {.key = "version", FOB_VERSION_NUMBER(struct whole, version), .required = true, .example = "version: 1"},
    {.key = "title", FOB_TEXT(struct whole, title), .format = FOB_FORMAT_TEXT, .fallback = "untitled"},
    {.key = "host", FOB_TEXT(struct whole, host), .format = FOB_FORMAT_HOST},
    {.key = "place", FOB_TEXT(struct whole, place), .format = FOB_FORMAT_SOURCE, .several = true},
    {.key = "on", FOB_BOOL(struct whole, on)},
    {.key = "colour", FOB_CHOICE(struct whole, colour, enum colour), .choices = colours},
    {.key = "list", FOB_LIST(struct whole, list), .format = FOB_FORMAT_SCOPE, .max = 2},
    {.key = "map",
     FOB_MAP(struct whole, map),
     .format = FOB_FORMAT_VALUE,
     .key_format = FOB_FORMAT_NAME,
     .max = 2,
     .guarded = guarded,
     .nullable = true},
    {.key = "inner", FOB_BLOCK(struct whole, inner, struct inner), .table = &inner_table},
    {.key = "included", FOB_INCLUDE(struct whole, included, struct inner), .table = &inner_table},
    {.key = "items",
     FOB_BLOCKS(struct whole, items, n_items, struct item),
     .key_format = FOB_FORMAT_ID,
     .max = 2,
     .table = &item_table}};
static const struct fob_table table = {TABLE(fields)};

static struct whole whole;
static struct fob_problems problems;

static void read(const char *text)
{
    struct fob_yaml *root = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    fob_fields_free(&table, &whole);
    whole = (struct whole){0};
    problems = (struct fob_problems){.file = "f", .code = FOB_E_CONFIG};
    cr_assert_eq(fob_yaml_read(text, strlen(text), "f", &root, &error), FOB_OK, "%s: %s", text, error.what);
    fob_fields_read(&table, root, &whole, &problems);
    fob_yaml_free(&root);
}

static void end(void)
{
    fob_fields_free(&table, &whole);
}

TestSuite(fields, .fini = end);

/* What is told of the line behind "version: 1". */
static void refused(const char *line, unsigned column, const char *says)
{
    char text[512];
    snprintf(text, sizeof text, "version: 1\n%s\n", line);
    read(text);
    cr_expect_eq(problems.n, 1, "%s", line);
    cr_expect_eq(problems.first.code, FOB_E_CONFIG, "%s", line);
    cr_expect_eq(problems.first.line, 2, "%s: line %u", line, problems.first.line);
    cr_expect_eq(problems.first.column, column, "%s: column %u", line, problems.first.column);
    cr_expect(strstr(problems.first.what, says), "%s: %s", line, problems.first.what);
}

/* --- what fits ---------------------------------------------------------------------------------------------- */

Test(fields, every_kind_fills_its_member)
{
    read("version: 1\ntitle: T\nhost: a.example\non: true\ncolour: green\nlist: [a, b]\n"
         "map: {x: \"1\", y: null}\ninner: {unit: s}\nitems:\n  one: {note: n}\n  two: {}\n");
    cr_assert_eq(problems.n, 0, "%s", problems.first.what);
    cr_expect_eq(whole.version, 1);
    cr_expect_str_eq(whole.title, "T");
    cr_expect_str_eq(whole.host, "a.example");
    cr_expect(whole.on);
    cr_expect_eq(whole.colour, GREEN);
    cr_assert_eq(whole.list.n, 2);
    cr_expect_str_eq(whole.list.v[1], "b");
    cr_assert_eq(whole.map.n, 2);
    cr_expect_str_eq(whole.map.v[0].value, "1");
    cr_expect_str_eq(whole.map.v[1].name, "y");
    cr_expect_null(whole.map.v[1].value);
    cr_expect_str_eq(whole.inner.unit, "s");
    cr_assert_eq(whole.n_items, 2);
    cr_expect_str_eq(whole.items[0].name, "one");
    cr_expect_str_eq(whole.items[0].note, "n");
    cr_expect_eq(whole.items[1].mark.line, 11);
    cr_expect_eq(whole.items[1].mark.column, 3);
}

Test(fields, what_is_left_out_has_its_default)
{
    read("version: 1\nitems: {one: {}}\n");
    cr_assert_eq(problems.n, 0, "%s", problems.first.what);
    cr_expect_str_eq(whole.title, "untitled");
    cr_expect_str_eq(whole.inner.unit, "ms", "also in a block that is left out");
    cr_expect_str_eq(whole.included.unit, "ms");
    cr_expect_str_eq(whole.items[0].note, "none");
    cr_expect_null(whole.host);
    cr_expect_not(whole.on);
    cr_expect_eq(whole.colour, RED);
}

Test(fields, an_included_table_has_its_keys_at_this_level)
{
    read("version: 1\nunit: h\n");
    cr_assert_eq(problems.n, 0, "%s", problems.first.what);
    cr_expect_str_eq(whole.included.unit, "h");
    cr_expect_eq(fob_fields_find(&table, "unit"), &inner_fields[0]);
    cr_expect_eq(fob_fields_find(&table, "version"), &fields[0]);
    cr_expect_null(fob_fields_find(&table, "included"), "its own name is no key");
    cr_expect_null(fob_fields_find(&table, "nothing"));
}

Test(fields, keys_that_begin_with_x_are_notes)
{
    read("version: 1\nx-note: {any: [thing]}\ninner: {x-y: 1}\n");
    cr_expect_eq(problems.n, 0, "%s", problems.first.what);
}

/* --- what does not ------------------------------------------------------------------------------------------ */

Test(fields, a_key_that_has_to_be_there_is_missed)
{
    read("title: T\n");
    cr_expect_eq(problems.n, 1);
    cr_expect_str_eq(problems.first.what, "the key \"version\" is missing");
    cr_expect_str_eq(problems.first.fix, "begin with the line \"version: 1\"");
    read("");
    cr_expect_eq(problems.n, 1, "an empty file is an empty block");
    cr_expect_eq(problems.first.line, 1);
    cr_expect_eq(problems.first.column, 1);
}

Test(fields, a_key_of_an_included_table_is_missed_too)
{
    static const struct fob_field has_fields[] = {{.key = "all", .kind = FOB_FIELD_INCLUDE, .table = &table}};
    static const struct fob_table has = {TABLE(has_fields)};
    problems = (struct fob_problems){.file = "f", .code = FOB_E_CONFIG};
    fob_fields_read(&has, NULL, &whole, &problems);
    cr_expect_str_eq(problems.first.what, "the key \"version\" is missing");
}

Test(fields, a_key_that_is_not_in_the_table_is_told_with_the_one_that_was_meant)
{
    refused("titel: T", 1, "there is no key \"titel\" here");
    cr_expect(strstr(problems.first.fix, "did you mean \"title\"?"), "%s", problems.first.fix);
    refused("unti: T", 1, "\"unti\"");
    cr_expect(strstr(problems.first.fix, "did you mean \"unit\"?"), "%s", problems.first.fix);
    refused("inner: {titles: T}", 9, "\"titles\"");
    cr_expect_null(strstr(problems.first.fix, "did you mean"), "%s", problems.first.fix);
    refused("entirely_else: T", 1, "\"entirely_else\"");
    cr_expect_null(strstr(problems.first.fix, "did you mean"), "%s", problems.first.fix);
    refused("Title: T", 1, "\"Title\"");
}

Test(fields, a_value_of_another_kind_or_form_is_told_at_its_place)
{
    refused("title: 1", 8, "not a number");
    refused("title: \"\"", 8, "has to be one line of text, not empty");
    refused("title: [T]", 8, "not a list");
    refused("title: null", 8, "not null");
    refused("host: https://a.example", 7, "\"host\" has to be a host name");
    refused("on: yes", 5, "true or false, not text");
    refused("on: 1", 5, "true or false, not a number");
    refused("colour: blue", 9, "\"colour\" has to be one of: red, green");
    refused("colour: [red]", 9, "one of: red, green");
    refused("list: a", 7, "a list, not text");
    refused("list: [a, \"b c\"]", 11, "one scope");
    refused("map: [a]", 6, "a block of keys, not a list");
    refused("map: {x: 1}", 10, "\"x\" has to be one line of text, not a number");
    refused("map: {X: \"1\"}", 7, "a key in \"map\" has to be a name");
    refused("inner: ms", 8, "a block of keys, not text");
    refused("items: [one]", 8, "a block of keys, not a list");
    refused("items: {One: {}}", 9, "a key in \"items\" has to be an id");
    refused("items: {one: note}", 14, "a block of keys, not text");
    refused("items: {one: {note: 2}}", 21, "not a number");
}

Test(fields, a_version_is_1)
{
    static const char *const bad[] = {"version: 2", "version: 0", "version: \"1\"", "version: 1.0",
                                      "version: true"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        read(bad[i]);
        cr_expect_eq(problems.n, 1, "%s", bad[i]);
        cr_expect(strstr(problems.first.what, "\"version\" has to be 1"), "%s", problems.first.what);
        cr_expect_eq(problems.first.column, 10);
    }
}

Test(fields, lists_maps_and_blocks_end_at_their_limit)
{
    read("version: 1\nlist: [a, b]\nmap: {x: a, y: b}\nitems: {a: {}, b: {}}\n");
    cr_expect_eq(problems.n, 0, "%s", problems.first.what);
    refused("list: [a, b, c]", 14, "more than 2 items");
    refused("map: {x: a, y: b, z: c}", 19, "more than 2 keys");
    refused("items: {a: {}, b: {}, c: {}}", 23, "more than 2 entries");
}

Test(fields, alternatives_are_a_text_or_a_list_of_a_few)
{
    static const char *const good[][2] = {
        {"/a", "/a"}, {"\"\"", ""}, {"[/a]", "/a"}, {"[/a, header:X, /b]", "/a\nheader:X\n/b"}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "version: 1\nplace: %s\n", good[i][0]);
        read(text);
        cr_expect_eq(problems.n, 0, "%s: %s", text, problems.first.what);
        cr_expect_str_eq(whole.place, good[i][1]);
    }
    refused("place: []", 8, "\"place\" has to have 1 to 4 items");
    refused("place: [/a, /b, /c, /d, /e]", 8, "\"place\" has to have 1 to 4 items");
    refused("place: [/a, \"\"]", 13, "the whole answer is no alternative in \"place\"");
    refused("place: [/a, b]", 13, "\"place\" has to be where a value is");
    refused("place: [/a, [/b]]", 13, "\"place\" has to be where a value is");
    refused("place: {a: /b}", 8, "\"place\" has to be where a value is");
    refused("title: [a]", 8, "\"title\" has to be one line of text");
}

Test(fields, a_guarded_key_cannot_be_set_in_any_case_of_its_letters)
{
    refused("map: {state: x}", 7, "\"state\" cannot be set in \"map\"");
    read("version: 1\nmap: {states: x}\n");
    cr_expect_eq(problems.n, 0, "%s", problems.first.what);
}

Test(fields, all_problems_of_a_file_are_found)
{
    read("title: 1\non: 2\nitems: {A: {}, b: {note: 3, x: 4}}\nnothing: 5\n");
    cr_expect_eq(problems.n, 7, "%u", problems.n);
}

Test(fields, freeing_leaves_nothing)
{
    static const struct whole nothing;
    read("version: 1\ntitle: T\nlist: [a]\nmap: {x: a}\ninner: {unit: s}\nunit: h\nitems: {a: {note: n}}\n");
    fob_fields_free(&table, &whole);
    cr_expect_null(whole.title);
    cr_expect_null(whole.inner.unit);
    cr_expect_null(whole.included.unit);
    cr_expect_null(whole.items);
    cr_expect_eq(whole.n_items, 0);
    cr_expect_eq(memcmp(&whole.list, &nothing.list, sizeof whole.list), 0);
    cr_expect_eq(memcmp(&whole.map, &nothing.map, sizeof whole.map), 0);
}
