/* SPDX-License-Identifier: MIT */
/* Pointers lead where RFC 6901 says, and what is placed is found there. */
#include "tree.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void expect_json(json_t *json, const char *wanted)
{
    char *shown = tree_show(json);
    cr_expect_str_eq(shown, wanted);
    free(shown);
}

Test(tree, what_is_placed_is_found_there)
{
    static const char *const pointers[] = {"/a", "/b/c", "/b/d/0/e", "/b/d/2", "/x~1y/z~0"};
    json_t *root = NULL;
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        tree_place(&root, pointers[i], json_integer((json_int_t)i));
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        cr_expect_eq(json_integer_value(tree_point(root, pointers[i])), (json_int_t)i, "%s", pointers[i]);
    expect_json(root, "{\"a\":0,\"b\":{\"c\":1,\"d\":[{\"e\":2},null,3]},\"x/y\":{\"z~\":4}}");
    json_decref(root);
}

Test(tree, a_later_place_wins_over_what_is_in_its_way)
{
    json_t *root = NULL;
    tree_place(&root, "/a", json_string("text"));
    tree_place(&root, "/a/b", json_true());
    expect_json(root, "{\"a\":{\"b\":true}}");
    tree_place(&root, "", json_string("all"));
    expect_json(root, "all");
    tree_place(&root, "/0", json_string("first"));
    expect_json(root, "[\"first\"]");
    json_decref(root);
}

Test(tree, what_is_not_there_is_not_found)
{
    json_t *root = json_pack("{s:[i, i], s:{}}", "list", 1, 2, "map");
    cr_expect_null(tree_point(root, "/list/2"));
    cr_expect_null(tree_point(root, "/list/x"));
    cr_expect_null(tree_point(root, "/map/a/b"));
    cr_expect_eq(tree_point(root, ""), root);
    cr_expect_null(tree_at(root, "map/a"));
    cr_expect_null(tree_text(root, "list"));
    json_decref(root);
}

Test(tree, what_is_on_top_is_merged_key_by_key)
{
    json_t *below = json_loads("{\"a\":{\"b\":1,\"c\":[1,2]},\"d\":1}", 0, NULL);
    json_t *over = json_loads("{\"a\":{\"c\":[3]},\"e\":2}", 0, NULL), *merged = tree_merge(below, over);
    expect_json(merged, "{\"a\":{\"b\":1,\"c\":[3]},\"d\":1,\"e\":2}");
    json_t *same = tree_merge(below, NULL);
    cr_expect(json_equal(same, below));
    json_decref(below);
    json_decref(over);
    json_decref(merged);
    json_decref(same);
}

Test(tree, a_text_that_is_no_utf8_is_shown_by_its_bytes)
{
    json_t *object = json_object();
    tree_set_text(object, "a", "x\xff");
    tree_set_text(object, "b", NULL);
    expect_json(object, "{\"a\":\"x\\\\xff\",\"b\":null}");
    json_decref(object);
}
