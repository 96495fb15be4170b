/* SPDX-License-Identifier: MIT */
/* YAML is read as every reader would, and what readers disagree about is refused at its line and column. */
#include "cleanup.h"
#include "yamltree.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define auto_yaml fob_cleanup(fob_yaml_free) struct fob_yaml

static fob_err read(const char *text, size_t len, struct fob_yaml **ret, struct fob_error *error)
{
    return fob_yaml_read(text, len, "acme.yaml", ret, error);
}

static struct fob_yaml *tree(const char *text)
{
    struct fob_yaml *root = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(read(text, strlen(text), &root, &error), FOB_OK, "%s: %s", text, error.what);
    return root;
}

static void expect_failure(fob_err code, const char *text, size_t len, unsigned line, unsigned column,
                           const char *says)
{
    struct fob_yaml *root = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(read(text, len, &root, &error), code, "%.200s", text);
    cr_expect_eq(error.line, line, "%.200s: line %u, %s", text, error.line, error.what);
    cr_expect_eq(error.column, column, "%.200s: column %u, %s", text, error.column, error.what);
    cr_expect(strstr(error.what, says), "%.200s: %s", text, error.what);
    cr_expect_str_eq(error.file, "acme.yaml");
    cr_expect_str_neq(error.fix, "");
    cr_expect_null(root);
}

#define REFUSED(text, line, column, says)                                                                    \
    expect_failure(FOB_E_DESCRIPTOR, text, sizeof(text) - 1, line, column, says)

/* --- what is read ------------------------------------------------------------------------------------------- */

static void expect_node(const struct fob_yaml *node, enum fob_yaml_kind kind, unsigned line, unsigned column)
{
    cr_assert_not_null(node);
    cr_expect_eq(node->kind, kind, "%s, not %s", fob_yaml_kind_word(node->kind), fob_yaml_kind_word(kind));
    cr_expect_eq(node->mark.line, line);
    cr_expect_eq(node->mark.column, column);
}

Test(yamlread, every_node_knows_its_kind_and_its_place)
{
    auto_yaml *root = tree("# a note\ntext: caf\xc3\xa9\nlist: [1, \"2\"]\nmap:\n  a: null\n  b: true\n");
    const struct fob_yaml *list = fob_yaml_get(root, "list"), *map = fob_yaml_get(root, "map");
    expect_node(root, FOB_YAML_MAP, 2, 1);
    expect_node(fob_yaml_get(root, "text"), FOB_YAML_TEXT, 2, 7);
    cr_expect_str_eq(fob_yaml_get(root, "text")->text, "caf\xc3\xa9");
    expect_node(list, FOB_YAML_LIST, 3, 7);
    expect_node(list->children, FOB_YAML_INT, 3, 8);
    expect_node(list->children->next, FOB_YAML_TEXT, 3, 11);
    expect_node(map, FOB_YAML_MAP, 5, 3);
    expect_node(fob_yaml_get(map, "a"), FOB_YAML_NULL, 5, 6);
    expect_node(fob_yaml_get(map, "b"), FOB_YAML_BOOL, 6, 6);
    cr_expect_eq(fob_yaml_get(map, "b")->key_mark.line, 6);
    cr_expect_eq(fob_yaml_get(map, "b")->key_mark.column, 3);
    cr_expect_null(fob_yaml_get(map, "c"));
    cr_expect_null(fob_yaml_get(NULL, "a"));
}

Test(yamlread, plain_scalars_are_what_yaml_1_2_section_10_3_says)
{
    static const struct {
        const char *text;
        enum fob_yaml_kind kind;
        int64_t number;
    } rows[] = {{"0", FOB_YAML_INT, 0},      {"-0", FOB_YAML_INT, 0},
                {"-12", FOB_YAML_INT, -12},  {"999999999999999999", FOB_YAML_INT, 999999999999999999},
                {"1.5", FOB_YAML_REAL, 0},   {".5", FOB_YAML_REAL, 0},
                {"1e3", FOB_YAML_REAL, 0},   {"-.inf", FOB_YAML_REAL, 0},
                {".NaN", FOB_YAML_REAL, 0},  {"true", FOB_YAML_BOOL, 1},
                {"false", FOB_YAML_BOOL, 0}, {"null", FOB_YAML_NULL, 0},
                {"yes", FOB_YAML_TEXT, 0}, /* a boolean in YAML 1.1 only, as are the next two */
                {"off", FOB_YAML_TEXT, 0},   {"n", FOB_YAML_TEXT, 0},
                {"1_000", FOB_YAML_TEXT, 0}, {"0b1", FOB_YAML_TEXT, 0},
                {"12:30", FOB_YAML_TEXT, 0}, /* base 60 in YAML 1.1 */
                {"1.2.3", FOB_YAML_TEXT, 0}, {"1e", FOB_YAML_TEXT, 0},
                {"tRUE", FOB_YAML_TEXT, 0},  {"\"true\"", FOB_YAML_TEXT, 0},
                {"'1'", FOB_YAML_TEXT, 0},   {"\"\"", FOB_YAML_TEXT, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "a: %s\n", rows[i].text);
        auto_yaml *root = tree(text);
        const struct fob_yaml *node = fob_yaml_get(root, "a");
        cr_expect_eq(node->kind, rows[i].kind, "%s", rows[i].text);
        cr_expect_eq(node->number, rows[i].number, "%s", rows[i].text);
    }
}

Test(yamlread, a_text_without_any_node_has_no_root)
{
    cr_expect_null(tree(""));
    cr_expect_null(tree("# only a note\n\n"));
    cr_expect_null(tree("\xef\xbb\xbf"));
}

Test(yamlread, one_document_may_have_its_marks)
{
    auto_yaml *root = tree("---\na: 1\n...\n");
    expect_node(fob_yaml_get(root, "a"), FOB_YAML_INT, 2, 4);
}

/* --- what is refused ---------------------------------------------------------------------------------------- */

Test(yamlread, anchors_aliases_tags_and_merge_keys_are_refused)
{
    REFUSED("a: &x 1\n", 1, 4, "anchors");
    REFUSED("a: 1\nb: &x [1]\n", 2, 4, "anchors");
    REFUSED("a: 1\nb: &x\n  c: 1\n", 2, 4, "anchors");
    REFUSED("&x a: 1\n", 1, 1, "anchors");
    REFUSED("a: 1\nb: *x\n", 2, 4, "aliases");
    REFUSED("a: !!str 1\n", 1, 4, "tags");
    REFUSED("a: [1, !x 2]\n", 1, 8, "tags");
    REFUSED("a: ! 1\n", 1, 4, "tags");
    REFUSED("a: !!map {b: 1}\n", 1, 4, "tags");
    REFUSED("a:\n  <<: {b: 1}\n", 2, 3, "merge keys");
    REFUSED("a:\n  \"<<\": {b: 1}\n", 2, 3, "merge keys");
}

Test(yamlread, directives_and_second_documents_are_refused)
{
    REFUSED("%YAML 1.2\n---\na: 1\n", 1, 1, "directives");
    REFUSED("# note\n%TAG ! tag:x,2000:\n---\na: 1\n", 2, 1, "directives");
    REFUSED("a: 1\n---\nb: 2\n", 2, 1, "second document");
    REFUSED("---\na: 1\n--- {b: 2}\n", 3, 1, "second document");
    REFUSED("a: 1\n...\n---\nb: 2\n", 3, 1, "second document");
    REFUSED("a: 1\n...\nb: 2\n", 3, 1, "not valid YAML");
}

Test(yamlread, keys_are_texts_and_come_once)
{
    REFUSED("a: 1\nb: 2\na: 3\n", 3, 1, "the key \"a\" is there twice");
    REFUSED("x: {\"a\": 1, a: 2}\n", 1, 13, "twice");
    REFUSED("1: a\n", 1, 1, "a key has to be text");
    REFUSED("a: {true: 1}\n", 1, 5, "a key has to be text");
    REFUSED("null: 1\n", 1, 1, "a key has to be text");
    REFUSED("? [a]\n: b\n", 1, 3, "a key has to be text");
    REFUSED("? {a: b}\n: b\n", 1, 3, "a key has to be text");
    auto_yaml *root = tree("a: {x: 1}\nb: {x: 1}\n"); /* in two maps it is no duplicate */
    cr_expect_not_null(root);
}

Test(yamlread, odd_spellings_of_null_booleans_and_numbers_are_refused)
{
    static const struct {
        const char *text, *says;
    } rows[] = {{"True", "booleans"},
                {"TRUE", "booleans"},
                {"False", "booleans"},
                {"FALSE", "booleans"},
                {"Null", "null is"},
                {"NULL", "null is"},
                {"~", "null is"},
                {"01", "decimal"},
                {"+1", "decimal"},
                {"0x1F", "decimal"},
                {"0o17", "decimal"},
                {"-01", "decimal"},
                {"1000000000000000000", "decimal"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "x: 1\na: %s\n", rows[i].text);
        expect_failure(FOB_E_DESCRIPTOR, text, strlen(text), 2, 4, rows[i].says);
    }
}

Test(yamlread, missing_values_are_refused)
{
    REFUSED("a:\nb: 1\n", 1, 3, "a value is missing");
    REFUSED("a: [1, , 2]\n", 1, 8, "not valid YAML");
    REFUSED("- 1\n-\n", 2, 2, "a value is missing");
    REFUSED("{a}\n", 1, 3, "a value is missing");
    REFUSED("---\n", 2, 1, "a value is missing");
}

Test(yamlread, bytes_that_are_no_utf_8_are_refused)
{
    REFUSED("a: \xff\n", 1, 4, "not UTF-8");
    REFUSED("a: 1\r\nb: \x80\n", 2, 4, "not UTF-8");
    REFUSED("caf\xc3\xa9: \xc0\xaf\n", 1, 7, "not UTF-8");
    REFUSED("a: \xed\xa0\x80\n", 1, 4, "not UTF-8");
    REFUSED("a: 1\nb: \xe2\x82", 2, 4, "not UTF-8");
    REFUSED("\xff\xfe"
            "a\0:\0",
            1, 1, "not UTF-8");
    REFUSED("# \x80\na: 1\n", 1, 3, "not UTF-8");
}

Test(yamlread, nuls_and_control_characters_are_refused)
{
    REFUSED("a: 1\nb: x\0y\n", 2, 5, "not UTF-8");
    REFUSED("a: 1\nb: \"x\\0y\"\n", 2, 4, "NUL");
    REFUSED("a: 1\nb: {\"\\0\": 1}\n", 2, 5, "NUL");
    REFUSED("a: 1\nb: x\x01y\n", 2, 5, "control characters");
    REFUSED("a: 1\rb: \x1b\n", 2, 4, "control characters");
    REFUSED("a: caf\xc3\xa9\x7f\n", 1, 8, "control characters");
    REFUSED("a: \xc2\x80\n", 1, 4, "control characters");
    REFUSED("a: \xc2\x85\n", 1, 4, "control characters");
    REFUSED("a: \xc2\x9f\n", 1, 4, "control characters");
    auto_yaml *root = tree("a: \"\tx\"\r\nb: \xc2\xa0\n");
    cr_expect_not_null(root, "tab, line ends and U+00A0 are none");
}

Test(yamlread, characters_that_readers_disagree_about_are_refused)
{
    REFUSED("a: x\xe2\x80\xa8y\n", 1, 5, "disagree");
    REFUSED("a: 1\n# \xe2\x80\xa9\n", 2, 3, "disagree");
    REFUSED("\xef\xbb\xbf\xef\xbb\xbf"
            "a: 1\n",
            1, 1, "disagree");
    REFUSED("a: x\xef\xbb\xbf\n", 1, 5, "disagree");
    auto_yaml *root = tree("a: \"\\u2028\\u2029\\uFEFF\\x85\"\n");
    cr_expect_str_eq(fob_yaml_get(root, "a")->text, "\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf\xc2\x85",
                     "as escapes they are plain");
}

Test(yamlread, a_byte_order_mark_in_front_counts_for_nothing)
{
    auto_yaml *root = tree("\xef\xbb\xbf"
                           "a: 1\n");
    expect_node(fob_yaml_get(root, "a"), FOB_YAML_INT, 1, 4);
    REFUSED("\xef\xbb\xbf"
            "a: &x 1\n",
            1, 4, "anchors");
    REFUSED("\xef\xbb\xbf"
            "a: \xff\n",
            1, 4, "not UTF-8");
}

Test(yamlread, what_is_cut_off_or_wrongly_nested_is_refused)
{
    REFUSED("a: \"x", 1, 6, "end of stream");
    REFUSED("a: 'x\n", 2, 1, "end of stream");
    REFUSED("a: [1, 2", 2, 1, "flow sequence");
    REFUSED("a: {b: 1\n", 2, 1, "flow mapping");
    REFUSED("a: [1}\n", 1, 6, "flow sequence");
    REFUSED("a: {b: 1]\n", 1, 9, "flow mapping");
    REFUSED("a: 1]\n: ", 2, 1, "not valid YAML");
    REFUSED("a:\n  b: 1\n c: 2\n", 3, 2, "expected key");
    REFUSED("a: b: c\n", 1, 5, "not allowed");
    REFUSED("a: - b\n", 1, 4, "not allowed");
    REFUSED("a: 1\n  b: 2\n", 2, 4, "not allowed");
    REFUSED("a:\n\t- b\n", 2, 1, "cannot start");
    REFUSED("a: @b\n", 1, 4, "cannot start");
    REFUSED("a: \"\\q\"\n", 1, 5, "unknown escape");
    REFUSED("a: \"\\ud800\"\n", 1, 7, "invalid Unicode");
}

/* --- limits ------------------------------------------------------------------------------------------------- */

#define TOO_MUCH(text, line, column, says) expect_failure(FOB_E_LIMIT, text, strlen(text), line, column, says)

Test(yamlread, nesting_has_a_largest_depth)
{
    auto_yaml *root = tree("a: [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]\n");
    _Static_assert(FOB_MAX_YAML_DEPTH == 16, "a map and fifteen lists");
    cr_expect_not_null(root);
    TOO_MUCH("a: [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]\n", 1, 19, "nested deeper");
    TOO_MUCH("a: [[[[[[[[[[[[[[[{b: 1}]]]]]]]]]]]]]]]\n", 1, 19, "nested deeper");
    auto_yaml *wide = tree("a: [[[[[[[[[[[[[[[]]]]]]]]]]]]]]]\nb: [[[[[[[[[[[[[[[]]]]]]]]]]]]]]]\n");
    cr_expect_not_null(wide, "what was closed no longer counts");
}

Test(yamlread, a_file_has_a_largest_number_of_nodes)
{
    static char text[FOB_MAX_YAML_NODES * 2 + 8] = "[";
    for (int i = 0; i < FOB_MAX_YAML_NODES - 1; i++)
        strcpy(text + 1 + i * 2, "a,");
    strcpy(text + strlen(text) - 1, "]");
    auto_yaml *root = tree(text); /* the list is one of them */
    cr_expect_not_null(root);
    strcpy(text + strlen(text) - 1, ",a]");
    TOO_MUCH(text, 1, FOB_MAX_YAML_NODES * 2, "more values");
}

Test(yamlread, a_scalar_has_a_largest_length)
{
    static char text[FOB_MAX_SCALAR + 16] = "a:\n  ";
    memset(text + 5, 'x', FOB_MAX_SCALAR);
    auto_yaml *root = tree(text);
    cr_expect_eq(fob_yaml_get(root, "a")->len, FOB_MAX_SCALAR);
    text[5 + FOB_MAX_SCALAR] = 'x';
    TOO_MUCH(text, 2, 3, "longer than");
}

Test(yamlread, a_file_has_a_largest_size)
{
    static char text[FOB_MAX_DESCRIPTOR + 2] = "a: 1\n#";
    memset(text + 6, 'x', FOB_MAX_DESCRIPTOR - 6);
    auto_yaml *root = tree(text);
    cr_expect_not_null(root);
    text[FOB_MAX_DESCRIPTOR] = 'x';
    TOO_MUCH(text, 0, 0, "larger than");
}
