/* SPDX-License-Identifier: MIT */
/* A value that is read off a pattern is one that the pattern lets through, and a short one. */
#include "sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>

Test(sample, matches_its_pattern_and_is_short)
{
    static const struct {
        const char *pattern, *sample;
    } rows[] = {
        {"[a-z0-9][a-z0-9-]*", "a"},
        {"[A-Z0-9]{10}", "AAAAAAAAAA"},
        {"https://accounts\\.zoho\\.[a-z.]+", "https://accounts.zoho.a"},
        {"(login|test)\\.acme\\.example", "login.acme.example"},
        {"x(y(z)?|w)+", "xy"},
        {"[0-9]{2,4}:[0-9]+", "00:0"},
        {"a|b", "a"},
        {"v[0-9]+\\.[0-9]+", "v0.0"},
        {"[A-Za-z0-9.-]+", "a"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *sample = sample_of_pattern(rows[i].pattern);
        cr_expect_str_eq(sample, rows[i].sample, "%s", rows[i].pattern);
        cr_expect(sample_matches(rows[i].pattern, sample), "%s: %s", rows[i].pattern, sample);
        free(sample);
    }
}

Test(sample, the_whole_value_has_to_match)
{
    cr_expect(sample_matches("[a-z]+", "abc"));
    cr_expect_not(sample_matches("[a-z]+", "abc1"));
    cr_expect_not(sample_matches("a|b", "ab"));
    cr_expect_not(sample_matches("[", "["), "what is no pattern lets nothing through");
}
