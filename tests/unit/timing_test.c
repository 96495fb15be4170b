/* SPDX-License-Identifier: MIT */
/* A token is refreshed when the provider lets it be, to the millisecond, and renewed before it is too late. */
#include "text.h"
#include "timing.h"

#include <criterion/criterion.h>
#include <fob/limits.h>

#define T INT64_C(1700000000000)
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

static char day[] = "24h", half_minute[] = "30s", two_weeks[] = "14d", year[] = "1y", forever[] = "99y";

static struct fob_token token(int64_t obtained_at, int64_t expires_at)
{
    return (struct fob_token){.obtained_at = obtained_at, .expires_at = expires_at};
}

static enum fob_timing at(const struct fob_refresh_rule *rule, const struct fob_token *token, int64_t now,
                          int64_t *ret_at)
{
    *ret_at = -1;
    return fob_refresh_timing(rule, token, now, ret_at);
}

#define EXPECT(rule, token, now, timing, when)                                                               \
    do {                                                                                                     \
        int64_t when_;                                                                                       \
        cr_expect_eq(at(&(rule), &(token), now, &when_), timing);                                            \
        cr_expect_eq(when_, when, "%lld", (long long)when_);                                                 \
    } while (0)

Test(timing, without_a_rule_any_time_is_good)
{
    struct fob_refresh_rule none = {0};
    struct fob_token ended = token(T, T + 1), endless = token(T, 0);
    EXPECT(none, ended, 0, FOB_TIMING_GOOD, -1);
    EXPECT(none, ended, T + 1, FOB_TIMING_GOOD, -1);
    EXPECT(none, ended, INT64_MAX, FOB_TIMING_GOOD, -1);
    EXPECT(none, endless, T, FOB_TIMING_GOOD, -1);
}

Test(timing, a_token_younger_than_min_age_has_to_wait)
{
    struct fob_refresh_rule rule = {.min_age = day};
    struct fob_token fresh = token(T, T + 60 * DAY), endless = token(T, 0);
    EXPECT(rule, fresh, T, FOB_TIMING_TOO_EARLY, T + DAY);
    EXPECT(rule, fresh, T + DAY - 1, FOB_TIMING_TOO_EARLY, T + DAY);
    EXPECT(rule, fresh, T + DAY, FOB_TIMING_GOOD, -1);
    EXPECT(rule, fresh, T - DAY, FOB_TIMING_TOO_EARLY, T + DAY);
    EXPECT(rule, endless, T + DAY - 1, FOB_TIMING_TOO_EARLY, T + DAY);
    EXPECT(rule, fresh, T + 61 * DAY, FOB_TIMING_GOOD, -1);
}

Test(timing, a_token_that_is_good_for_longer_than_max_ttl_has_to_wait)
{
    struct fob_refresh_rule rule = {.max_ttl = half_minute};
    struct fob_token ten_minutes = token(T, T + 600000), endless = token(T, 0);
    EXPECT(rule, ten_minutes, T, FOB_TIMING_TOO_EARLY, T + 570000);
    EXPECT(rule, ten_minutes, T + 569999, FOB_TIMING_TOO_EARLY, T + 570000);
    EXPECT(rule, ten_minutes, T + 570000, FOB_TIMING_GOOD, -1);
    EXPECT(rule, ten_minutes, T + 700000, FOB_TIMING_GOOD, -1);
    EXPECT(rule, endless, T, FOB_TIMING_GOOD, -1);
}

Test(timing, a_token_that_has_ended_is_too_late_where_it_has_to_be_valid)
{
    struct fob_refresh_rule rule = {.needs_valid = true};
    struct fob_token sixty_days = token(T, T + 60 * DAY), endless = token(T, 0);
    EXPECT(rule, sixty_days, T, FOB_TIMING_GOOD, -1);
    EXPECT(rule, sixty_days, T + 60 * DAY - 1, FOB_TIMING_GOOD, -1);
    EXPECT(rule, sixty_days, T + 60 * DAY, FOB_TIMING_TOO_LATE, -1);
    EXPECT(rule, endless, INT64_MAX, FOB_TIMING_GOOD, -1);
}

Test(timing, rules_hold_together)
{
    struct fob_refresh_rule rule = {.needs_valid = true, .min_age = day, .max_ttl = half_minute};
    struct fob_token two_days = token(T, T + 2 * DAY), short_one = token(T, T + HOUR);
    EXPECT(rule, two_days, T + DAY - 1, FOB_TIMING_TOO_EARLY, T + DAY);
    EXPECT(rule, two_days, T + DAY, FOB_TIMING_TOO_EARLY, T + 2 * DAY - 30000);
    EXPECT(rule, two_days, T + 2 * DAY - 30000, FOB_TIMING_GOOD, -1);
    EXPECT(rule, two_days, T + 2 * DAY, FOB_TIMING_TOO_LATE, -1);
    EXPECT(rule, short_one, T + HOUR, FOB_TIMING_TOO_LATE, -1);
}

Test(timing, the_end_of_time_is_no_overflow)
{
    struct fob_refresh_rule rule = {.min_age = forever, .max_ttl = forever};
    struct fob_token last = token(INT64_MAX - 1, INT64_MAX);
    EXPECT(rule, last, INT64_MAX - 1, FOB_TIMING_TOO_EARLY, INT64_MAX);
    EXPECT(rule, last, INT64_MAX, FOB_TIMING_GOOD, -1);
}

/* --- when it should be -------------------------------------------------------------------------------------- */

Test(timing, no_renewal_is_due_where_nothing_dies_of_waiting)
{
    struct fob_descriptor d = {0};
    struct fob_token any = token(T, T + HOUR);
    cr_expect_eq(fob_renewal_due(&d, &any), 0);
    d.lifetimes.refresh_token_idle = two_weeks;
    cr_expect_eq(fob_renewal_due(&d, &any), 0, "there is no refresh token");
    d.lifetimes.refresh_token = two_weeks;
    cr_expect_eq(fob_renewal_due(&d, &any), 0, "one that dies anyway is not renewed for it");
}

Test(timing, what_renews_itself_is_due_at_three_quarters_of_its_life)
{
    struct fob_descriptor d = {.refresh.needs_valid = true};
    struct fob_token sixty_days = token(T, T + 60 * DAY), endless = token(T, 0), ended = token(T, T),
                     odd = token(T, T - 1);
    cr_expect_eq(fob_renewal_due(&d, &sixty_days), T + 45 * DAY);
    cr_expect_eq(fob_renewal_due(&d, &endless), 0);
    cr_expect_eq(fob_renewal_due(&d, &ended), 0);
    cr_expect_eq(fob_renewal_due(&d, &odd), 0);
}

Test(timing, a_refresh_token_that_dies_unused_is_used_before)
{
    struct fob_descriptor d = {.lifetimes.refresh_token_idle = two_weeks};
    struct fob_token held = token(T, T + HOUR);
    struct fob_secret *refresh = NULL;
    cr_assert_eq(fob_secret_new("rt", 2, &refresh, NULL), FOB_OK);
    held.refresh = refresh;
    cr_expect_eq(fob_renewal_due(&d, &held), T + 14 * DAY / 4 * 3);
    d.refresh.needs_valid = true;
    cr_expect_eq(fob_renewal_due(&d, &held), T + HOUR / 4 * 3, "the earlier one counts");
    held.expires_at = T + 365 * DAY;
    cr_expect_eq(fob_renewal_due(&d, &held), T + 14 * DAY / 4 * 3);
    d.lifetimes.refresh_token_idle = year;
    held.obtained_at = INT64_MAX - 5;
    held.expires_at = INT64_MAX;
    cr_expect_gt(fob_renewal_due(&d, &held), INT64_MAX - 6, "and no time is past the end of time");
    fob_secret_free(&refresh);
}
