/* SPDX-License-Identifier: MIT */
/* core/io/clock.c, core/io/random.c, core/io/harden.c: time, randomness and a process that is closed off. */
#include <criterion/criterion.h>
#include <fob/session.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

int64_t __real_fob_now(void); /* the tests of the driver have another one */

static int64_t in_ms(const struct timespec *at)
{
    return (int64_t)at->tv_sec * 1000 + at->tv_nsec / 1000000;
}

Test(machine, time_is_milliseconds_since_1970)
{
    struct timespec before, after;
    clock_gettime(CLOCK_REALTIME, &before);
    int64_t now = __real_fob_now();
    clock_gettime(CLOCK_REALTIME, &after);
    cr_expect(in_ms(&before) <= now && now <= in_ms(&after));
}

Test(machine, random_bytes_differ_and_fill_what_they_are_asked_for)
{
    unsigned char first[300] = {0}, second[300] = {0}, seen[256] = {0};
    int kinds = 0;
    cr_assert_eq(fob_random(first, sizeof first - 1, NULL), FOB_OK);
    cr_assert_eq(fob_random(second, sizeof second - 1, NULL), FOB_OK);
    cr_expect_neq(memcmp(first, second, sizeof first), 0);
    cr_expect_eq(first[299], 0, "and no more");
    for (size_t i = 0; i < sizeof first - 1; i++)
        kinds += !seen[first[i]]++;
    cr_expect_gt(kinds, 100);
}

Test(machine, a_place_for_them_is_needed)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(fob_random(NULL, 1, &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_random(NULL, 0, &error), FOB_OK);
}

Test(machine, a_hardened_process_leaves_no_core_and_cannot_be_looked_into)
{
    struct fob_error error = FOB_ERROR_INIT;
    struct rlimit core;
    cr_assert_eq(prctl(PR_GET_DUMPABLE), 1, "the test starts from an open process");
    cr_assert_eq(fob_harden_process(&error), FOB_OK, "%s", error.what);
    cr_assert_eq(getrlimit(RLIMIT_CORE, &core), 0);
    cr_expect_eq(core.rlim_cur, 0);
    cr_expect_eq(core.rlim_max, 0, "it cannot be undone");
    cr_expect_eq(prctl(PR_GET_DUMPABLE), 0);
}
