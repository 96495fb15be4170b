/* SPDX-License-Identifier: MIT */
/* Errors that need something else to fail: memory at every single allocation, file descriptors, turns. */
#include "cleanup.h"
#include "io/command.h"
#include "io/stores.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* --- memory: the linker sends the allocations of fob and of this file here ----------------------------------- */

static long until_failure = -1; /* negative: none fails */
static bool has_failed;

static bool fails(void)
{
    if (until_failure != 0) {
        until_failure--;
        return false;
    }
    until_failure = -1;
    has_failed = true;
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *pointer, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *pointer, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *pointer, size_t size)
{
    return fails() ? NULL : __real_realloc(pointer, size);
}

static const char yaml[] = "fob: 1\n"
                           "issuer: https://acme.example\n"
                           "authorization_endpoint: https://{tenant}.acme.example/authorize\n"
                           "token_endpoint: https://{tenant}.acme.example/token\n"
                           "revocation_endpoint: https://{tenant}.acme.example/revoke\n"
                           "variables: {tenant: {pattern: '[a-z]+'}}\n"
                           "token: {params: {audience: 'https://{tenant}.acme.example/'}}\n"
                           "scopes: {default: [mail], always: [openid]}\n";

static fob_err parse(fob_provider **ret_provider, struct fob_error *error)
{
    return fob_provider_parse(yaml, sizeof yaml - 1, "acme.yaml", ret_provider, error);
}

static fob_err answer(fob_flow *flow, const char *body, struct fob_error *error)
{
    struct fob_http_response response = {
        .size = sizeof response, .status = 200, .body = body, .body_len = strlen(body)};
    return fob_flow_feed_response(flow, 2000, &response, error);
}

static fob_err client_of(fob_client **ret_client, struct fob_error *error)
{
    fob_auto_secret *secret = NULL;
    fob_err err = fob_secret_new("secret", 6, &secret, error);
    return err == FOB_OK ? fob_client_new("id", secret, ret_client, error) : err;
}

static fob_err run(fob_flow *flow, fob_token **ret_token, struct fob_error *error)
{
    struct fob_action action = FOB_ACTION_INIT;
    fob_err err = fob_flow_next(flow, 1000, &action, error);
    if (err == FOB_OK)
        err = answer(flow, "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"scope\":\"mail\"}", error);
    if (err == FOB_OK)
        *ret_token = fob_token_ref(fob_flow_token(flow));
    return err;
}

/* A descriptor, a token by client credentials, and another by the refresh token that came with it. */
static fob_err whole_job(struct fob_error *error)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes that are random";
    static const struct fob_pair tenant = {"tenant", "blue"};
    fob_auto_provider *provider = NULL;
    fob_auto_client *client = NULL;
    fob_auto_flow *first = NULL, *second = NULL;
    fob_auto_token *token = NULL, *refreshed = NULL;
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    fob_err err = parse(&provider, error);
    if (err == FOB_OK)
        err = client_of(&client, error);
    params.provider = provider;
    params.client = client;
    params.variables = &tenant;
    params.n_variables = 1;
    params.seed = seed;
    if (err == FOB_OK)
        err = fob_flow_client_credentials(&params, &first, error);
    if (err == FOB_OK)
        err = run(first, &token, error);
    if (err == FOB_OK)
        err = fob_flow_refresh(&params, token, &second, error);
    return err == FOB_OK ? run(second, &refreshed, error) : err;
}

/* The job once more for every allocation in it, which fails, until none does. */
static void fail_each(bool is_told_as_memory)
{
    for (long n = 0; n == 0 || has_failed; n++) {
        struct fob_error error = FOB_ERROR_INIT;
        has_failed = false;
        until_failure = n;
        fob_err err = whole_job(&error);
        until_failure = -1;
        cr_assert_eq(err != FOB_OK, has_failed, "allocation %ld", n);
        cr_assert(!has_failed || !is_told_as_memory || err == FOB_E_MEMORY, "allocation %ld: %s", n,
                  error.what);
        cr_assert_eq(error.code, err, "allocation %ld", n);
    }
}

Test(memory, an_allocation_that_fails_is_told_as_such_wherever_it_is)
{
    fail_each(true);
}

/* Jansson does not always say why it gave up. */
Test(memory, one_that_fails_in_jansson_is_an_error_too)
{
    json_set_alloc_funcs(malloc, free);
    fail_each(false);
}

/* --- the rest ------------------------------------------------------------------------------------------------ */

Test(system, too_few_file_descriptors_are_told_with_the_reason)
{
    char word[] = "true", *words[] = {word};
    struct fob_strings command = {.v = words, .n = 1};
    fob_auto_buf out = FOB_BUF(100);
    struct fob_error error = FOB_ERROR_INIT;
    struct rlimit before, one;
    int lowest = dup(0);
    cr_assert_eq(close(lowest), 0);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    one = (struct rlimit){.rlim_cur = (rlim_t)lowest + 1, .rlim_max = before.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &one), 0);
    fob_err err = fob_command_output(&command, &out, &error);
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
    cr_assert_eq(err, FOB_E_SYSTEM);
    cr_assert_eq(error.sys_errno, EMFILE);
    cr_assert_not_null(strstr(error.what, "Too many open files"), "%s", error.what);
}

Test(turns, an_answer_that_was_not_asked_for_is_told)
{
    static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes that are random";
    static const struct fob_pair tenant = {"tenant", "blue"};
    fob_auto_provider *provider = NULL;
    fob_auto_client *client = NULL;
    fob_auto_flow *flow = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    cr_assert_eq(parse(&provider, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(client_of(&client, &error), FOB_OK);
    params.provider = provider;
    params.client = client;
    params.variables = &tenant;
    params.n_variables = 1;
    params.seed = seed;
    cr_assert_eq(fob_flow_client_credentials(&params, &flow, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(answer(flow, "{\"access_token\":\"at\"}", &error), FOB_E_STATE);
    cr_assert_eq(error.code, FOB_E_STATE);
    cr_assert_not_null(strstr(error.fix, "fob_flow_next"), "%s", error.fix);
}

Test(turns, a_refresh_by_somebody_else_is_told)
{
    const struct fob_store_ops *ops = &fob_store_memory;
    struct fob_record record = {.size = sizeof record};
    struct fob_error error = FOB_ERROR_INIT;
    void *self = NULL;
    cr_assert_eq(ops->open("turns", 0, &self, &error), FOB_OK);
    cr_assert_eq(ops->put(self, "work", "sealed", 6, &error), FOB_OK);
    cr_assert_eq(ops->lease(self, "work", 1000, 2000, &record, &error), FOB_OK);
    cr_assert_eq(ops->lease(self, "work", 1500, 2500, &record, &error), FOB_E_BUSY);
    cr_assert_eq(error.code, FOB_E_BUSY);
    cr_assert_not_null(strstr(error.what, "work"), "%s", error.what);
    ops->close(self);
}
