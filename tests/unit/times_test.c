/* SPDX-License-Identifier: MIT */
/* Times are read in every form that providers write them in, and what is none is not. */
#include "times.h"

#include <criterion/criterion.h>
#include <fob/limits.h>

#define DAY INT64_C(86400000)
#define N(array) (sizeof(array) / sizeof *(array))

Test(times, a_duration_is_a_number_of_the_unit_asked_for_unless_it_has_its_own)
{
    static const struct {
        const char *text;
        int64_t unit, ms;
    } cases[] = {
        {"3600", 1000, 3600000},      {"3600", 1, 3600},
        {"2", 3600000, 7200000},      {"0", 1000, 0},
        {"3599.5", 1000, 3599500},    {"1h", 1000, 3600000},
        {"1h", 1, 3600000},           {"1.5h", 1000, 5400000},
        {"15 minutes", 1000, 900000}, {"1 Hour", 1000, 3600000},
        {"90sec", 1000, 90000},       {"500ms", 1000, 500},
        {"60d", 1000, 60 * DAY},      {"2 weeks", 1000, 14 * DAY},
        {"1y", 1000, 365 * DAY},      {"99999999999999999999999999", 1000, FOB_MAX_LIFETIME},
    };
    for (size_t i = 0; i < N(cases); i++) {
        int64_t ms = -1;
        cr_expect(fob_time_duration(cases[i].text, cases[i].unit, &ms), "%s", cases[i].text);
        cr_expect_eq(ms, cases[i].ms, "%s: %lld", cases[i].text, (long long)ms);
    }
}

Test(times, what_is_no_duration_is_told_apart)
{
    static const char *const none[] = {"",        "soon", "-5",  "+5", " 5",     "1e3",          "5 ", "1hs",
                                       "5hours!", "0x10", "1,5", ".5", "1h 30m", "5 fortnights", "h"};
    for (size_t i = 0; i < N(none); i++) {
        int64_t ms = 7;
        cr_expect_not(fob_time_duration(none[i], 1000, &ms), "%s", none[i]);
        cr_expect_eq(ms, 7);
    }
}

Test(times, a_span_is_clamped_and_never_negative)
{
    int64_t ms = 7;
    cr_assert(fob_time_span(0.5, 1000, &ms));
    cr_assert_eq(ms, 500);
    cr_assert(fob_time_span(1e300, 1000, &ms));
    cr_assert_eq(ms, FOB_MAX_LIFETIME);
    cr_assert(fob_time_span(99999999999999999999.0, 1000, &ms), "more than 64 bits");
    cr_assert_eq(ms, FOB_MAX_LIFETIME);
    cr_assert_not(fob_time_span(-0.001, 1000, &ms));
    cr_assert_not(fob_time_span(0.0 / 0.0, 1000, &ms));
}

Test(times, an_epoch_is_told_by_its_size)
{
    static const struct {
        double number;
        int64_t ms;
    } cases[] = {{1700000000, INT64_C(1700000000000)},          {1700000000.25, INT64_C(1700000000250)},
                 {1700000000123, INT64_C(1700000000123)},       {1700000000123456, INT64_C(1700000000123)},
                 {1700000000123456768, INT64_C(1700000000123)}, {0, 0}};
    for (size_t i = 0; i < N(cases); i++) {
        int64_t ms = -1;
        cr_expect(fob_time_epoch(cases[i].number, &ms));
        cr_expect_eq(ms, cases[i].ms, "%f: %lld", cases[i].number, (long long)ms);
    }
    int64_t ms = 7;
    cr_assert_not(fob_time_epoch(-1, &ms));
    cr_assert_eq(ms, 7);
    cr_assert(fob_time_epoch(1e308, &ms));
    cr_assert_gt(ms, INT64_C(1700000000000));
}

Test(times, a_point_in_time_is_read_in_every_usual_form)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2023-11-14T22:13:20Z", INT64_C(1700000000000)},
        {"2023-11-14T22:13:20", INT64_C(1700000000000)},
        {"2023-11-14 22:13:20", INT64_C(1700000000000)},
        {"2023-11-14T22:13:20+00:00", INT64_C(1700000000000)},
        {"2023-11-15T00:13:20+02:00", INT64_C(1700000000000)},
        {"2023-11-15T00:13:20+0200", INT64_C(1700000000000)},
        {"2023-11-14T14:13:20-08", INT64_C(1700000000000)},
        {"2023-11-15T03:43:20+05:30", INT64_C(1700000000000)},
        {"2023-11-14 22:13:20 +0000", INT64_C(1700000000000)},
        {"2023-11-14 22:13:20 UTC", INT64_C(1700000000000)},
        {"2023-11-14T22:13:20.5Z", INT64_C(1700000000500)},
        {"2023-11-14T22:13:20,123456789Z", INT64_C(1700000000123)},
        {"2023-11-14t22:13:20z", INT64_C(1700000000000)},
        {"2023-11-14T22:13Z", INT64_C(1699999980000)},
        {"2023-11-14", INT64_C(1699920000000)},
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000)},
        {"2024-03-01T00:00:00Z", INT64_C(1709251200000)},
        {"2100-03-01T00:00:00Z", INT64_C(4107542400000)},
        {"9999-12-31T23:59:59Z", INT64_C(253402300799000)},
        {"2016-12-31T23:59:60Z", INT64_C(1483228800000)},
        {"Tue, 14 Nov 2023 22:13:20 GMT", INT64_C(1700000000000)},
        {"Sun, 06 Nov 1994 08:49:37 GMT", INT64_C(784111777000)},
        {"1700000000", INT64_C(1700000000000)},
        {"1700000000123", INT64_C(1700000000123)},
        {"1700000000.5", INT64_C(1700000000500)},
        {"0", 0},
    };
    for (size_t i = 0; i < N(cases); i++) {
        int64_t ms = -1;
        cr_expect(fob_time_point(cases[i].text, &ms), "%s", cases[i].text);
        cr_expect_eq(ms, cases[i].ms, "%s: %lld", cases[i].text, (long long)ms);
    }
}

Test(times, what_is_no_point_in_time_is_told_apart)
{
    static const char *const none[] = {"",
                                       "never",
                                       "-1",
                                       "2023-13-01T00:00:00Z",
                                       "2023-00-01T00:00:00Z",
                                       "2023-02-29T00:00:00Z",
                                       "2100-02-29T00:00:00Z",
                                       "2023-04-31T00:00:00Z",
                                       "2023-11-00T00:00:00Z",
                                       "2023-11-14T24:00:00Z",
                                       "2023-11-14T22:60:00Z",
                                       "2023-11-14T22:13:61Z",
                                       "2023-11-14T22",
                                       "2023-11-14T22:13:20X",
                                       "2023-11-14T22:13:20+2",
                                       "2023-11-14T22:13:20+24:00",
                                       "2023-11-14T22:13:20+02:60",
                                       "2023-11-14T22:13:20+02:00!",
                                       "2023-11-14T22:13:20Z ",
                                       "0001-01-01T00:00:00Z",
                                       "1970-01-01T00:00:00+01:00",
                                       "11/14/2023 10:13:20 PM",
                                       "Tue, 14 Nov 2023 22:13:20",
                                       "Tue, 14 Nov 2023 22:13:20 PST",
                                       "Tue, 14 Smarch 2023 22:13:20 GMT",
                                       "Tuesday, 14-Nov-23 22:13:20 GMT",
                                       "Tue, 1",
                                       "Tue, 14 No"};
    for (size_t i = 0; i < N(none); i++) {
        int64_t ms = 7;
        cr_expect_not(fob_time_point(none[i], &ms), "%s: %lld", none[i], (long long)ms);
        cr_expect_eq(ms, 7);
    }
}
