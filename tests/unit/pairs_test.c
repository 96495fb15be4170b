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

/* --- new names ---------------------------------------------------------------------------------------------- */

static const char *new_name(const void *user, const char *name)
{
    const struct fob_pair *names = user;
    for (; names->name; names++)
        if (strcmp(names->name, name) == 0)
            return names->value;
    return name;
}

/* a=1, b=2, c=3 and d=4 by new names, as one text. */
static const char *renamed(const struct fob_pair *names)
{
    static char out[128];
    struct fob_pairs pairs = {0};
    static const struct fob_pair all[] = {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}};
    for (size_t i = 0; i < 4; i++)
        fob_pairs_set(&pairs, all[i].name, all[i].value);
    fob_pairs_rename(&pairs, new_name, names);
    cr_expect_eq(pairs.failed, FOB_OK);
    out[0] = '\0';
    for (size_t i = 0; i < pairs.n; i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s=%s ", pairs.v[i].name, pairs.v[i].value);
    fob_pairs_free(&pairs);
    return out;
}

Test(pairs, get_new_names_all_at_once)
{
    cr_expect_str_eq(renamed((struct fob_pair[]){{NULL, NULL}}), "a=1 b=2 c=3 d=4 ");
    cr_expect_str_eq(renamed((struct fob_pair[]){{"b", "x"}, {NULL, NULL}}), "a=1 x=2 c=3 d=4 ");
    cr_expect_str_eq(renamed((struct fob_pair[]){{"b", "b"}, {"none", "x"}, {NULL, NULL}}),
                     "a=1 b=2 c=3 d=4 ");
    cr_expect_str_eq(renamed((struct fob_pair[]){{"a", "d"}, {"d", "a"}, {NULL, NULL}}), "d=1 b=2 c=3 a=4 ",
                     "two change places");
    cr_expect_str_eq(renamed((struct fob_pair[]){{"a", "b"}, {"b", "c"}, {"c", "x"}, {NULL, NULL}}),
                     "b=1 c=2 x=3 d=4 ", "none is found twice");
    cr_expect_str_eq(renamed((struct fob_pair[]){{"c", "b"}, {"b", "a"}, {"a", "x"}, {NULL, NULL}}),
                     "x=1 a=2 b=3 d=4 ");
}

Test(pairs, what_keeps_a_name_that_another_gets_goes)
{
    cr_expect_str_eq(renamed((struct fob_pair[]){{"c", "a"}, {NULL, NULL}}), "b=2 a=3 d=4 ");
    cr_expect_str_eq(renamed((struct fob_pair[]){{"a", "d"}, {NULL, NULL}}), "d=1 b=2 c=3 ");
    cr_expect_str_eq(renamed((struct fob_pair[]){{"a", "b"}, {"c", "d"}, {NULL, NULL}}), "b=1 d=3 ");
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
