/* SPDX-License-Identifier: MIT */
/* Asking whether a token is good: what says that it is not, and what says nothing about it. */
#include "fake_flow.h"

#define VERIFY DESCRIPTOR "verify: {endpoint: \"https://acme.example/check\"}\n"

static fob_err verify_held(const struct fob_flow_params *params, fob_flow **ret_flow, struct fob_error *error)
{
    return fob_flow_verify(params, held, ret_flow, error);
}

static fob_err verdict(int status, const char *body, struct fob_error *error)
{
    fob_auto_flow *flow = make(verify_held, VERIFY, SECRET, NULL);
    struct fob_action action = next(flow, START);
    cr_assert_str_eq(action.request->url, "https://acme.example/check");
    cr_assert_str_eq(field(action.request, "Authorization"), "Bearer " AT);
    return answer(flow, status, body, error);
}

Test(verify, a_success_says_that_it_is_good, .init = hold_a_token, .fini = let_go)
{
    cr_expect_eq(verdict(200, "{\"id\":1}", NULL), FOB_OK);
    cr_expect_eq(verdict(204, "", NULL), FOB_OK);
}

Test(verify, a_401_says_that_it_is_not_whatever_its_word, .init = hold_a_token, .fini = let_go)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(verdict(401, "{\"error\":\"invalid_token\"}", &error), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(error.code, FOB_E_NEEDS_LOGIN);
    cr_expect_str_eq(error.fix, "log in again");
    cr_expect_eq(verdict(401, "{\"error\":\"Unauthorized\"}", NULL), FOB_E_NEEDS_LOGIN);
    cr_expect_eq(verdict(401, "{}", NULL), FOB_E_CLIENT);
}

Test(verify, trouble_of_the_providers_says_nothing_about_it, .init = hold_a_token, .fini = let_go)
{
    cr_expect_eq(verdict(503, "{\"error\":\"invalid_token\"}", NULL), FOB_E_SERVER);
    cr_expect_eq(verdict(429, "{}", NULL), FOB_E_RATE_LIMITED);
    cr_expect_eq(verdict(403, "{\"error\":\"insufficient_scope\"}", NULL), FOB_E_PROVIDER);
}
