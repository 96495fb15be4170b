/* SPDX-License-Identifier: MIT */
/* A token knows whether it is fresh, how it is presented, and survives being stored. */
#include "cleanup.h"
#include "text.h"
#include "tokens.h"

#include <criterion/criterion.h>
#include <fob/limits.h>

static fob_token *sample(void)
{
    fob_token *token = fob_token_new();
    cr_assert_eq(fob_secret_new("at-1", 4, &token->access, NULL), FOB_OK);
    cr_assert_eq(fob_secret_new("rt-1", 4, &token->refresh, NULL), FOB_OK);
    token->obtained_at = 1000;
    token->expires_at = 3601000;
    return token;
}

Test(token, is_fresh_while_more_than_the_asked_lifetime_is_left)
{
    fob_auto_token *token = sample();
    cr_assert(fob_token_is_fresh(token, 3601000 - 60000, 60000));
    cr_assert_not(fob_token_is_fresh(token, 3601000 - 59999, 60000));
}

Test(token, counts_as_expired_a_little_before_its_end)
{
    fob_auto_token *token = sample();
    cr_assert(fob_token_is_fresh(token, 3601000 - FOB_EXPIRY_LEEWAY_MS, 0));
    cr_assert_not(fob_token_is_fresh(token, 3601000 - FOB_EXPIRY_LEEWAY_MS + 1, 0));
}

Test(token, without_a_known_end_is_taken_as_fresh)
{
    fob_auto_token *token = sample();
    token->expires_at = 0;
    cr_assert(fob_token_is_fresh(token, INT64_MAX, 60000));
}

Test(token, is_presented_as_bearer_unless_the_descriptor_says_otherwise)
{
    fob_auto_token *token = sample();
    fob_auto_secret *value = NULL;
    const char *name;
    cr_assert_eq(fob_token_header(token, &name, &value, NULL), FOB_OK);
    cr_assert_str_eq(name, "Authorization");
    cr_assert_str_eq(fob_secret_peek(value, NULL), "Bearer at-1");
}

Test(token, is_presented_alone_under_a_header_of_the_providers_own)
{
    fob_auto_token *token = sample();
    fob_auto_secret *value = NULL;
    const char *name;
    fob_token_set(&token->use_header, "X-Token", 7, NULL);
    fob_token_set(&token->use_scheme, "", 0, NULL);
    cr_assert_eq(fob_token_header(token, &name, &value, NULL), FOB_OK);
    cr_assert_str_eq(name, "X-Token");
    cr_assert_str_eq(fob_secret_peek(value, NULL), "at-1");
}

Test(token, comes_back_from_json_as_it_was)
{
    fob_auto_token *token = sample(), *back = NULL;
    fob_token_set(&token->scope, "read write", 10, NULL);
    fob_auto_json *json = fob_token_to_json(token);
    cr_assert_eq(fob_token_from_json(json, &back, NULL), FOB_OK);
    cr_assert(fob_secret_equal(fob_token_access(back), fob_token_access(token)));
    cr_assert(fob_secret_equal(fob_token_refresh(back), fob_token_refresh(token)));
    cr_assert_null(fob_token_id(back));
    cr_assert_str_eq(fob_token_scope(back), "read write");
    cr_assert_eq(fob_token_expires_at(back), 3601000);
    cr_assert_eq(fob_token_obtained_at(back), 1000);
}

Test(token, keeps_what_the_api_needs_and_shows_all_of_it_but_the_secrets)
{
    fob_auto_token *token = sample();
    fob_kept_set(&token->kept, "cloud_id", "c-1", false);
    fob_kept_set(&token->kept, "rest_token", "hush", true);
    cr_assert_str_eq(fob_token_kept(token, "cloud_id"), "c-1");
    cr_assert_str_eq(fob_token_kept(token, "rest_token"), "hush");
    cr_assert_null(fob_token_kept(token, "site"));
    cr_assert_null(fob_token_kept(token, NULL));
    cr_assert_str_eq(fob_token_kept_nth(token, 0)->name, "cloud_id");
    cr_assert_str_eq(fob_token_kept_nth(token, 0)->value, "c-1");
    cr_assert_str_eq(fob_token_kept_nth(token, 1)->name, "rest_token");
    cr_assert_str_eq(fob_token_kept_nth(token, 1)->value, "");
    cr_assert_null(fob_token_kept_nth(token, 2));
}

Test(token, takes_its_label_and_what_it_keeps_along_into_a_copy_and_a_store)
{
    fob_auto_token *token = sample(), *copy = NULL;
    cr_assert_str_eq(fob_token_label(token), "");
    fob_token_set(&token->label, "Ann", 3, NULL);
    fob_kept_set(&token->kept, "cloud_id", "c-1", false);
    fob_kept_set(&token->kept, "rest_token", "hush", true);
    fob_kept_set(&token->use_params, "key", "k-1", false);
    cr_assert_eq(fob_token_copy(token, &copy, NULL), FOB_OK);
    cr_assert_str_eq(fob_token_label(copy), "Ann");
    cr_assert_str_eq(fob_token_kept(copy, "cloud_id"), "c-1");
    cr_assert_str_eq(fob_token_kept(copy, "rest_token"), "hush");
    cr_assert_str_eq(fob_token_kept_nth(copy, 1)->value, "");
    cr_assert_str_eq(fob_token_api_param(copy, 0)->name, "key");
    cr_assert_str_eq(fob_token_api_param(copy, 0)->value, "k-1");
    cr_assert_null(fob_token_api_param(copy, 1));
}

Test(token, of_an_older_store_has_no_label_and_keeps_nothing)
{
    fob_auto_token *token = sample(), *back = NULL;
    fob_token_set(&token->label, "Ann", 3, NULL);
    fob_kept_set(&token->kept, "cloud_id", "c-1", false);
    fob_auto_json *json = fob_token_to_json(token);
    cr_assert_eq(json_object_del(json, "label"), 0);
    cr_assert_eq(json_object_del(json, "kept"), 0);
    cr_assert_eq(json_object_del(json, "use_params"), 0);
    cr_assert_eq(fob_token_from_json(json, &back, NULL), FOB_OK);
    cr_assert_str_eq(fob_token_label(back), "");
    cr_assert_null(fob_token_kept_nth(back, 0));
    cr_assert_null(fob_token_api_param(back, 0));
}

Test(token, whose_kept_values_were_damaged_is_refused)
{
    static const char *const damaged[] = {"{}", "[1]", "[{\"name\": \"a\", \"value\": \"b\"}]", "\"a\""};
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        fob_auto_token *token = sample(), *back = NULL;
        fob_auto_json *json = fob_token_to_json(token);
        json_object_set_new(json, "kept", json_loads(damaged[i], JSON_DECODE_ANY, NULL));
        cr_expect_eq(fob_token_from_json(json, &back, NULL), FOB_E_STORE, "%s", damaged[i]);
        cr_expect_null(back);
    }
}

Test(token, that_lost_a_member_is_refused)
{
    fob_auto_token *token = sample(), *back = NULL;
    static const char *const needed[] = {"access_token", "token_type", "scope", "obtained_at", "expires_at"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        fob_auto_json *json = fob_token_to_json(token);
        json_object_del(json, needed[i]);
        cr_expect_eq(fob_token_from_json(json, &back, NULL), FOB_E_STORE, "%s", needed[i]);
        cr_expect_null(back);
    }
}

Test(token, with_a_member_of_another_kind_is_refused_and_loses_no_refresh_token)
{
    fob_auto_token *token = sample(), *back = NULL;
    static const char *const members[] = {
        "access_token", "refresh_token", "id_token",   "token_type",
        "scope",        "obtained_at",   "expires_at", "refresh_expires_at"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        fob_auto_json *json = fob_token_to_json(token);
        json_object_set_new(json, members[i], json_null());
        cr_expect_eq(fob_token_from_json(json, &back, NULL), FOB_E_STORE, "%s", members[i]);
        cr_expect_null(back);
    }
}
