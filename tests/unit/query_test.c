/* SPDX-License-Identifier: MIT */
/* The order of parameters in a query, as providers that check it want it. */
#include "query.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void expect_sorted(const char *url, const char *wanted)
{
    char *own = strdup(url);
    cr_assert_not_null(own);
    cr_expect_eq(fob_query_sort(own, NULL), FOB_OK);
    cr_expect_str_eq(own, wanted, "%s", url);
    free(own);
}

Test(query, is_in_the_order_of_its_names_byte_by_byte)
{
    expect_sorted("https://a.example/?b=1&a=2&B=3&ab=4", "https://a.example/?B=3&a=2&ab=4&b=1");
    expect_sorted("https://a.example/?a_b=1&a=2&a%21=3", "https://a.example/?a=2&a%21=3&a_b=1");
    expect_sorted("https://a.example/?c&b=&a", "https://a.example/?a&b=&c");
    expect_sorted("https://a.example/?%62=1&a%2=2&a%zz=3&a+b=4",
                  "https://a.example/?a+b=4&a%2=2&a%zz=3&%62=1");
}

Test(query, keeps_those_of_one_name_as_they_stand)
{
    expect_sorted("https://a.example/?b=2&a=9&b=1&a=1&b=3", "https://a.example/?a=9&a=1&b=2&b=1&b=3");
}

Test(query, is_that_before_a_fragment_and_behind_a_route)
{
    expect_sorted("https://a.example/p?b=1&a=2#end", "https://a.example/p?a=2&b=1#end");
    expect_sorted("https://a.example/p?b=1&a=2#x?d=1&c=2", "https://a.example/p?a=2&b=1#x?d=1&c=2");
    expect_sorted("https://a.example/p?z=1&y=2#/r?b=1&a=2", "https://a.example/p?z=1&y=2#/r?a=2&b=1");
    expect_sorted("https://a.example/p?z=1&y=2#/r", "https://a.example/p?z=1&y=2#/r");
}

Test(query, that_is_not_there_changes_nothing)
{
    expect_sorted("https://a.example/p", "https://a.example/p");
    expect_sorted("https://a.example/p?", "https://a.example/p?");
    expect_sorted("https://a.example/p#x?b&a", "https://a.example/p#x?b&a");
    expect_sorted("https://a.example/p?&&b&&a&", "https://a.example/p?a&b");
}
