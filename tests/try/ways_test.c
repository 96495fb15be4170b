/* SPDX-License-Identifier: MIT */
/* What a descriptor has to be tried, as far as it needs none: durations, and what is skipped. */
#include "ways.h"

#include <criterion/criterion.h>

Test(ways, a_duration_is_in_milliseconds)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {{"30s", 30000},
                 {"5m", 300000},
                 {"24h", 86400000},
                 {"60d", 5184000000},
                 {"1y", 31536000000},
                 {NULL, 0},
                 {"", 0},
                 {"7", 0},
                 {"7w", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(way_duration(cases[i].text) == cases[i].ms, "%s", cases[i].text ? cases[i].text : "NULL");
}

Test(ways, what_is_skipped_has_its_reason)
{
    json_t *skipped = must(json_array());
    way_skip(skipped, "revoke", "nobody \"asked\"");
    json_t *wanted = must(json_pack("[{s:s, s:s}]", "grant", "revoke", "why", "nobody \"asked\""));
    cr_expect(json_equal(skipped, wanted));
    json_decref(wanted);
    json_decref(skipped);
}
