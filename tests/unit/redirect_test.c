/* SPDX-License-Identifier: MIT */
/* The redirect is read as RFC 6749 section 4.1.2 says, whoever sent it. */
#include "redirect.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdlib.h>
#include <string.h>

static fob_err parse(const char *uri, struct fob_redirect *ret)
{
    return fob_redirect_parse(uri, strlen(uri), ret, NULL);
}

Test(redirect, gives_its_parameters_decoded)
{
    struct fob_redirect redirect = {0};
    const char *value;
    cr_assert_eq(parse("http://127.0.0.1:9/cb?code=a%2Fb+c&state=xyz&empty=&flag#ignored=1", &redirect),
                 FOB_OK);
    cr_expect_eq(fob_redirect_find(&redirect, "code", &value), 1);
    cr_expect_str_eq(value, "a/b c");
    cr_expect_eq(fob_redirect_find(&redirect, "empty", &value), 1);
    cr_expect_str_eq(value, "");
    cr_expect_eq(fob_redirect_find(&redirect, "flag", &value), 1);
    cr_expect_eq(fob_redirect_find(&redirect, "ignored", &value), 0);
    cr_expect_null(value);
    fob_redirect_free(&redirect);
}

Test(redirect, may_be_a_path_and_query_alone)
{
    struct fob_redirect redirect = {0};
    const char *value;
    cr_assert_eq(parse("/cb?&&state=1&", &redirect), FOB_OK);
    cr_expect_eq(redirect.n, 1);
    cr_expect_eq(fob_redirect_find(&redirect, "state", &value), 1);
    fob_redirect_free(&redirect);
    cr_assert_eq(parse("/cb", &redirect), FOB_OK);
    cr_expect_eq(redirect.n, 0);
}

Test(redirect, tells_when_a_parameter_came_twice)
{
    struct fob_redirect redirect = {0};
    const char *value;
    cr_assert_eq(parse("/cb?code=1&code=2", &redirect), FOB_OK);
    cr_expect_eq(fob_redirect_find(&redirect, "code", &value), 2);
    fob_redirect_free(&redirect);
}

Test(redirect, that_cannot_be_decoded_is_refused)
{
    const char *const bad[] = {"/cb?code=%",   "/cb?code=%4",  "/cb?code=%zz",
                               "/cb?code=%00", "/cb?code=%ff", "/cb?%c0%80=1"};
    struct fob_redirect redirect = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(parse(bad[i], &redirect), FOB_E_PROTOCOL, "%s", bad[i]);
    cr_expect_null(redirect.v);
}

Test(redirect, that_is_too_long_or_has_too_many_parameters_is_refused)
{
    struct fob_redirect redirect = {0};
    char *uri = malloc(FOB_MAX_REDIRECT + 2);
    memset(uri, 'a', FOB_MAX_REDIRECT + 1);
    cr_expect_eq(fob_redirect_parse(uri, FOB_MAX_REDIRECT + 1, &redirect, NULL), FOB_E_LIMIT);
    memcpy(uri, "/?", 2);
    for (size_t i = 2; i + 2 <= 202; i += 2)
        memcpy(uri + i, "a&", 2);
    cr_expect_eq(fob_redirect_parse(uri, 202, &redirect, NULL), FOB_E_LIMIT);
    free(uri);
}
