/* SPDX-License-Identifier: MIT */
/* What is kept comes back as it was kept, and a secret is never among what is shown. */
#include "cleanup.h"
#include "json.h"
#include "kept.h"

#include <criterion/criterion.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))

static struct fob_kept_values kept;

static void begin(void)
{
    fob_kept_set(&kept, "realm", "42", false);
    fob_kept_set(&kept, "session", "s3cret", true);
    fob_kept_set(&kept, "nothing", "", false);
    fob_kept_set(&kept, "no_secret", "", true);
}

static void end(void)
{
    fob_kept_free(&kept);
}

TestSuite(kept, .init = begin, .fini = end);

static void expect_all(const struct fob_kept_values *values)
{
    cr_assert_eq(values->values.n, 4);
    cr_assert_eq(values->shown.n, 4);
    cr_expect_str_eq(fob_kept_get(values, "realm"), "42");
    cr_expect_str_eq(fob_kept_get(values, "session"), "s3cret");
    cr_expect_str_eq(fob_kept_get(values, "nothing"), "");
    cr_expect_str_eq(fob_pairs_get(&values->shown, "realm"), "42");
    cr_expect_str_eq(fob_pairs_get(&values->shown, "session"), "", "a secret is not shown");
    for (size_t i = 0; i < 4; i++)
        cr_expect_str_eq(values->shown.v[i].name, values->values.v[i].name, "in the same order");
}

Test(kept, is_there_by_its_name)
{
    expect_all(&kept);
    cr_expect_null(fob_kept_get(&kept, "other"));
    cr_expect_null(fob_kept_get(&kept, "Realm"));
}

Test(kept, a_later_value_takes_the_place_of_an_earlier_one)
{
    fob_kept_set(&kept, "realm", "43", true);
    cr_expect_str_eq(fob_kept_get(&kept, "realm"), "43");
    cr_expect_str_eq(fob_pairs_get(&kept.shown, "realm"), "", "and is a secret now");
    fob_kept_set(&kept, "session", "open", false);
    cr_expect_str_eq(fob_pairs_get(&kept.shown, "session"), "open");
    cr_expect_eq(kept.values.n, 4);
    fob_kept_set(&kept, "realm", NULL, false);
    cr_expect_null(fob_kept_get(&kept, "realm"));
    cr_expect_null(fob_pairs_get(&kept.shown, "realm"));
}

Test(kept, a_copy_goes_over_what_is_there)
{
    struct fob_kept_values copy = {0};
    fob_kept_set(&copy, "realm", "old", true);
    cr_assert_eq(fob_kept_copy(&copy, &kept), FOB_OK);
    expect_all(&copy);
    fob_kept_set(&copy, "more", "1", false);
    cr_assert_eq(fob_kept_copy(&copy, &kept), FOB_OK);
    cr_expect_str_eq(fob_kept_get(&copy, "more"), "1", "what the other does not have stays");
    fob_kept_free(&copy);
    cr_expect_null(fob_kept_get(&copy, "realm"));
    fob_kept_free(&copy);
    expect_all(&kept);
}

Test(kept, is_the_same_after_a_rest)
{
    struct fob_kept_values again = {0};
    fob_auto_json *json = fob_kept_to_json(&kept);
    cr_assert_not_null(json);
    cr_assert_eq(fob_kept_from_json(json, &again), FOB_OK);
    expect_all(&again);
    fob_kept_free(&again);
}

Test(kept, nothing_at_rest_is_nothing)
{
    struct fob_kept_values none = {0}, again = {0};
    fob_auto_json *json = fob_kept_to_json(&none);
    cr_expect_eq(json_array_size(json), 0);
    cr_expect_eq(fob_kept_from_json(json, &again), FOB_OK);
    cr_expect_eq(fob_kept_from_json(NULL, &again), FOB_OK, "a record from before there was any");
    cr_expect_eq(again.values.n, 0);
}

Test(kept, what_was_not_written_so_is_refused)
{
    static const char *const bad[] = {
        "{}",
        "\"text\"",
        "null",
        "[1]",
        "[[]]",
        "[{}]",
        "[{\"name\":\"a\"}]",
        "[{\"name\":\"a\",\"value\":\"b\"}]",
        "[{\"name\":\"a\",\"value\":\"b\",\"secret\":1}]",
        "[{\"name\":\"a\",\"value\":1,\"secret\":true}]",
        "[{\"name\":1,\"value\":\"b\",\"secret\":true}]",
        "[{\"value\":\"b\",\"secret\":true}]",
        "[{\"name\":\"a\",\"value\":\"b\",\"secret\":true},2]",
    };
    for (size_t i = 0; i < N(bad); i++) {
        struct fob_kept_values again = {0};
        fob_auto_json *json = json_loads(bad[i], JSON_DECODE_ANY, NULL);
        cr_expect_eq(fob_kept_from_json(json, &again), FOB_E_STORE, "%s", bad[i]);
        fob_kept_free(&again);
    }
}
