/* SPDX-License-Identifier: MIT */
/* Which URLs a template gives, and what the variables in it were. */
#include "provider.h"

#include <criterion/criterion.h>

#define VARIABLES                                                                                            \
    "{\"account\": {\"pattern\": \"[a-z.]+\"}, \"domain\": {\"choices\": {\"id.com\": \"here\", \"com\": "   \
    "\"\"}}}"

static void expect_match(const char *template, const char *url, bool wanted, const char *captured)
{
    json_t *variables = json_loads(VARIABLES, 0, NULL), *values = json_object(),
           *expected = json_loads(captured, 0, NULL);
    cr_expect_eq(provider_matches(template, url, variables, values), wanted, "%s %s", template, url);
    cr_expect(json_equal(values, expected), "%s %s", template, url);
    json_decref(variables);
    json_decref(values);
    json_decref(expected);
}

Test(match, finds_the_variables_of_a_url)
{
    expect_match("http://h/{shop}.a.example/t?x=1", "http://h/acme.a.example/t", true, "{\"shop\":\"acme\"}");
    expect_match("http://h/{a}/{b}/t", "http://h/x/y%20z/t", true, "{\"a\":\"x\",\"b\":\"y z\"}");
    expect_match("{api}/v3/{kept.id}", "http://h/a.example/v3/7", true, "{\"api\":\"http://h/a.example\"}");
    expect_match("http://h/{a}-{a}", "http://h/x-x", true, "{\"a\":\"x\"}");
    expect_match("http://h/{lower(a)}", "http://h/x", true, "{}");
    expect_match("http://h/{{x}}", "http://h/{x}", true, "{}");
}

Test(match, variables_have_values_that_they_can_have)
{
    expect_match("http://h/{account}.{domain}/t", "http://h/acme.id.com/t", true,
                 "{\"account\":\"acme.id\",\"domain\":\"com\"}");
    expect_match("http://h/{account}.{domain}/t", "http://h/acme.id.org/t", false, "{}");
    expect_match("http://h/{account}-{domain}/t", "http://h/acme-id.com/t", true,
                 "{\"account\":\"acme\",\"domain\":\"id.com\"}");
    expect_match("http://h/{account}/t", "http://h/4711/t", false, "{}");
}

Test(match, refuses_other_urls)
{
    expect_match("http://h/{shop}.a.example/t", "http://h/acme.b.example/t", false, "{}");
    expect_match("http://h/{shop}.a.example/t", "http://h/.a.example/t", false, "{}");
    expect_match("http://h/{shop}/t", "http://h/a/b/t", false, "{}");
    expect_match("http://h/{a}-{a}", "http://h/x-y", false, "{}");
    expect_match("http://h/t", "http://h/t/", false, "{}");
    expect_match("http://h/{a}", "http://h/%zz", false, "{}");
}
