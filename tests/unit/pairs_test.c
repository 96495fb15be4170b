/* SPDX-License-Identifier: MIT */
/* Pairs keep their order, hold one value a name, and own what they hold. */
#include "pairs.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(pairs, a_name_that_is_set_again_keeps_its_place)
{
    struct fob_pairs pairs = {0};
    fob_pairs_set(&pairs, "a", "1");
    fob_pairs_set(&pairs, "b", "2");
    fob_pairs_set(&pairs, "a", "3");
    cr_assert_eq(pairs.n, 2);
    cr_expect_str_eq(pairs.v[0].name, "a");
    cr_expect_str_eq(pairs.v[0].value, "3");
    cr_expect_str_eq(fob_pairs_get(&pairs, "b"), "2");
    cr_expect_null(fob_pairs_get(&pairs, "c"));
    fob_pairs_free(&pairs);
    cr_expect_eq(pairs.n, 0, "ready for use again");
}

Test(pairs, no_value_takes_the_name_out)
{
    struct fob_pairs pairs = {0};
    fob_pairs_set(&pairs, "a", "1");
    fob_pairs_set(&pairs, "b", "");
    fob_pairs_set(&pairs, "a", NULL);
    fob_pairs_set(&pairs, "never there", NULL);
    cr_assert_eq(pairs.n, 1);
    cr_expect_str_eq(pairs.v[0].name, "b");
    cr_expect_str_eq(fob_pairs_get(&pairs, "b"), "", "an empty value is one");
    fob_pairs_free(&pairs);
}

Test(pairs, fields_have_names_without_case_and_parameters_with)
{
    struct fob_pairs pairs = {0};
    fob_pairs_set_field(&pairs, "Content-Type", "a");
    fob_pairs_set_field(&pairs, "content-type", "b");
    cr_expect_eq(pairs.n, 1);
    cr_expect_str_eq(fob_pairs_get_field(pairs.v, pairs.n, "CONTENT-TYPE"), "b");
    cr_expect_null(fob_pairs_get_field(pairs.v, pairs.n, "Content"));
    fob_pairs_set(&pairs, "CONTENT-TYPE", "c");
    cr_expect_eq(pairs.n, 2);
    cr_expect_null(fob_pairs_get(&pairs, "content-type"));
    fob_pairs_free(&pairs);
}

Test(pairs, copies_are_their_own_even_of_themselves)
{
    struct fob_pairs pairs = {0};
    char name[] = "name", value[] = "value";
    fob_pairs_set(&pairs, name, value);
    name[0] = value[0] = 'X';
    cr_expect_str_eq(fob_pairs_get(&pairs, "name"), "value");
    fob_pairs_set(&pairs, pairs.v[0].name, pairs.v[0].value);
    cr_expect_str_eq(fob_pairs_get(&pairs, "name"), "value");
    fob_pairs_free(&pairs);
}

Test(pairs, there_may_be_many)
{
    struct fob_pairs pairs = {0};
    char name[16];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "n%d", i);
        fob_pairs_set(&pairs, name, name);
    }
    cr_expect_eq(pairs.n, 100);
    cr_expect_str_eq(fob_pairs_get(&pairs, "n99"), "n99");
    cr_expect_str_eq(pairs.v[8].value, "n8");
    fob_pairs_free(&pairs);
}

Test(pairs, once_failed_nothing_more_is_taken)
{
    struct fob_pairs pairs = {.failed = FOB_E_MEMORY};
    fob_pairs_set(&pairs, "a", "1");
    cr_expect_eq(pairs.n, 0);
    cr_expect_eq(pairs.failed, FOB_E_MEMORY);
}
