/* SPDX-License-Identifier: MIT */
/* A secret holds its own bytes, any bytes, up to a limit, and lets go of them. */
#include "cleanup.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <string.h>

Test(secret, holds_a_copy_ended_by_a_nul)
{
    char bytes[] = "s3\0cret";
    fob_auto_secret *secret = NULL;
    size_t len = 0;
    cr_assert_eq(fob_secret_new(bytes, 7, &secret, NULL), FOB_OK);
    memset(bytes, 'x', sizeof bytes);
    cr_expect_arr_eq(fob_secret_peek(secret, &len), "s3\0cret", 8);
    cr_expect_eq(len, 7);
    cr_expect_eq(fob_secret_len(secret), 7);
}

Test(secret, may_be_empty)
{
    fob_auto_secret *secret = NULL;
    cr_assert_eq(fob_secret_new(NULL, 0, &secret, NULL), FOB_OK);
    cr_expect_str_eq(fob_secret_peek(secret, NULL), "");
    cr_expect_eq(fob_secret_len(secret), 0);
}

Test(secret, has_a_largest_size)
{
    fob_auto_free char *bytes = calloc(1, FOB_MAX_TOKEN + 1);
    fob_auto_secret *edge = NULL, *beyond = NULL;
    struct fob_error error;
    cr_expect_eq(fob_secret_new(bytes, FOB_MAX_TOKEN, &edge, NULL), FOB_OK);
    cr_expect_eq(fob_secret_len(edge), FOB_MAX_TOKEN);
    cr_expect_eq(fob_secret_new(bytes, FOB_MAX_TOKEN + 1, &beyond, &error), FOB_E_LIMIT);
    cr_expect_null(beyond);
}

Test(secret, needs_bytes_and_a_place)
{
    fob_secret *secret = NULL;
    cr_expect_eq(fob_secret_new(NULL, 1, &secret, NULL), FOB_E_ARGUMENT);
    cr_expect_eq(fob_secret_new("a", 1, NULL, NULL), FOB_E_ARGUMENT);
    cr_expect_eq(fob_secret_copy(NULL, NULL, NULL), FOB_E_ARGUMENT);
    cr_expect_null(secret);
}

Test(secret, a_copy_is_another_one_with_the_same_bytes)
{
    fob_auto_secret *secret = NULL, *copy = NULL;
    cr_assert_eq(fob_secret_new("s3cret", 6, &secret, NULL), FOB_OK);
    cr_assert_eq(fob_secret_copy(secret, &copy, NULL), FOB_OK);
    cr_expect_neq(copy, secret);
    cr_expect(fob_secret_equal(copy, secret));
    fob_secret_free(&copy);
    cr_assert_eq(fob_secret_copy(NULL, &copy, NULL), FOB_OK);
    cr_expect_null(copy, "none has none as its copy");
}

Test(secret, is_equal_only_to_the_same_bytes)
{
    fob_auto_secret *abc = NULL, *abd = NULL, *ab = NULL, *same = NULL;
    cr_assert_eq(fob_secret_new("abc", 3, &abc, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new("abd", 3, &abd, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new("ab", 2, &ab, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new("abc", 3, &same, NULL), FOB_OK);
    cr_expect(fob_secret_equal(abc, same));
    cr_expect_not(fob_secret_equal(abc, abd));
    cr_expect_not(fob_secret_equal(abc, ab));
    cr_expect_not(fob_secret_equal(abc, NULL));
    cr_expect_not(fob_secret_equal(NULL, NULL));
}

Test(secret, none_is_taken_everywhere)
{
    fob_secret *none = NULL;
    size_t len = 9;
    cr_expect_null(fob_secret_peek(NULL, &len));
    cr_expect_eq(len, 0);
    cr_expect_eq(fob_secret_len(NULL), 0);
    fob_secret_free(&none);
    fob_secret_free(NULL);
}

Test(secret, freeing_sets_it_to_null)
{
    fob_secret *secret = NULL;
    cr_assert_eq(fob_secret_new("a", 1, &secret, NULL), FOB_OK);
    fob_secret_free(&secret);
    cr_expect_null(secret);
}
