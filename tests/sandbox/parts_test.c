/* SPDX-License-Identifier: MIT */
/* Patterns, pointers and durations. */
#include "pattern.h"
#include "pointer.h"
#include "text.h"
#include "tree.h"

#include <criterion/criterion.h>
#include <string.h>

/* --- patterns ------------------------------------------------------------------------------------------------ */

Test(pattern, matches_the_whole_value)
{
    cr_expect(pattern_matches("[0-9]+", "123"));
    cr_expect_not(pattern_matches("[0-9]+", "123a"));
    cr_expect(pattern_matches("a|bc", "bc"));
    cr_expect_not(pattern_matches("a|bc", "abc"));
    cr_expect_not(pattern_matches("(", "("));
}

Test(pattern, has_examples_that_match)
{
    const char *const all[] = {"[A-Z0-9]{10}",
                               "[a-z0-9][a-z0-9-]*",
                               "https://accounts\\.a\\.[a-z.]+",
                               "[^a-z]{2,3}",
                               "(eu|us)-[0-9]+",
                               "a?b*c+",
                               "amzn1[a-z0-9.-]+",
                               "x(y(z|w){2})?",
                               ".{4}",
                               "[]a]b"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (unsigned n = 0; n < 3; n++) {
            char *example = pattern_example(all[i], n);
            cr_expect_not_null(example, "%s", all[i]);
            cr_expect(example && pattern_matches(all[i], example), "%s: %s", all[i], example);
            text_drop(&example);
        }
}

Test(pattern, has_the_same_example_each_time_and_others_for_others)
{
    char *a = pattern_example("[0-9]+", 0), *again = pattern_example("[0-9]+", 0),
         *b = pattern_example("[0-9]+", 1);
    cr_expect_str_eq(a, again);
    cr_expect_str_neq(a, b);
    text_drop(&a);
    text_drop(&again);
    text_drop(&b);
}

Test(pattern, that_is_broken_or_endless_has_none)
{
    char nested[201];
    memset(nested, '(', 100);
    memset(nested + 100, ')', 100);
    nested[200] = '\0';
    cr_expect_null(pattern_example("(", 0));
    cr_expect_null(pattern_example(nested, 0));
}

/* --- pointers ------------------------------------------------------------------------------------------------- */

Test(pointer, makes_what_is_missing_on_the_way)
{
    json_t *tree = NULL, *wanted = json_loads("{\"a\":[null,{\"b/c\":1}],\"d\":{\"x\":2}}", 0, NULL);
    cr_expect(pointer_put(&tree, "/a/1/b~1c", json_integer(1)));
    cr_expect(pointer_put(&tree, "/d/x", json_integer(2)));
    cr_expect(json_equal(tree, wanted));
    cr_expect_eq(json_integer_value(pointer_get(tree, "/a/1/b~1c")), 1);
    cr_expect_null(pointer_get(tree, "/a/01/b~1c"));
    cr_expect_null(pointer_get(tree, "/d/x/y"));
    cr_expect_eq(pointer_get(tree, ""), tree);
    json_decref(tree);
    json_decref(wanted);
}

Test(pointer, does_not_go_through_what_is_no_container)
{
    json_t *tree = NULL;
    cr_assert(pointer_put(&tree, "/a", json_integer(1)));
    cr_expect_not(pointer_put(&tree, "/a/b", json_integer(2)));
    cr_assert(pointer_put(&tree, "/l/0", json_integer(1)));
    cr_expect_not(pointer_put(&tree, "/l/x", json_integer(2)));
    cr_expect_not(pointer_put(&tree, "/l/999", json_integer(2)));
    json_decref(tree);
}

/* --- durations --------------------------------------------------------------------------------------------------- */

Test(tree, knows_durations)
{
    cr_expect_eq(tree_seconds("30s"), 30);
    cr_expect_eq(tree_seconds("5m"), 300);
    cr_expect_eq(tree_seconds("24h"), 86400);
    cr_expect_eq(tree_seconds("60d"), 60LL * 86400);
    cr_expect_eq(tree_seconds("1y"), 31536000);
    cr_expect_eq(tree_seconds("1w"), -1);
    cr_expect_eq(tree_seconds("30"), -1);
    cr_expect_eq(tree_seconds(NULL), -1);
}
