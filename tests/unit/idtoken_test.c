/* SPDX-License-Identifier: MIT */
/* An ID token is one for this login, or the login fails (OpenID Connect Core section 3.1.3.7). */
#include "cleanup.h"
#include "flows.h"
#include "text.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

static const struct fob_id_expectation here = {
    .issuer = "https://acme.example", .client_id = "me", .nonce = "n-1", .now = 1000000000};
static struct fob_error error;

#define GOOD "\"iss\": \"https://acme.example\", \"aud\": \"me\", \"nonce\": \"n-1\", \"exp\": 1000000"

/* HEADER.claims.SIGNATURE is checked; the subject, or NULL. */
static fob_err check_text(const char *text, const struct fob_id_expectation *expected, char **ret_subject)
{
    fob_auto_secret *token = NULL;
    cr_assert_eq(fob_secret_new(text, strlen(text), &token, NULL), FOB_OK);
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_id_token_check(token, expected, ret_subject, &error);
}

static fob_err check(const char *claims, const struct fob_id_expectation *expected)
{
    fob_auto_buf token = FOB_BUF(4096);
    fob_auto_free char *subject = NULL;
    fob_buf_str(&token, "e30.");
    fob_base64url(&token, claims, strlen(claims));
    fob_buf_str(&token, ".c2ln");
    fob_err err = check_text(token.data, expected, &subject);
    cr_expect_eq(subject != NULL, err == FOB_OK, "untouched on failure");
    return err;
}

static void foreign(const char *claims, const char *claim)
{
    char says[64];
    snprintf(says, sizeof says, "(%s)", claim);
    cr_expect_eq(check(claims, &here), FOB_E_SECURITY, "%s", claims);
    cr_expect(strstr(error.what, says), "%s: %s", claims, error.what);
}

Test(idtoken, a_good_one_gives_its_subject)
{
    fob_auto_free char *subject = NULL;
    /* {"alg":"RS256"} . {"iss":"https://acme.example","aud":["x","me"],"azp":"me","nonce":"n-1","exp":1000000,"sub":"248"} */
    cr_assert_eq(
        check_text("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FjbWUuZXhhbXBsZSIsImF1ZCI6WyJ4IiwibWUiXSwiYXpw"
                   "IjoibWUiLCJub25jZSI6Im4tMSIsImV4cCI6MTAwMDAwMCwic3ViIjoiMjQ4In0.c2ln",
                   &here, &subject),
        FOB_OK, "%s", error.what);
    cr_expect_str_eq(subject, "248");
}

Test(idtoken, one_for_another_login_is_refused_and_the_claim_named)
{
    cr_expect_eq(check("{" GOOD ", \"sub\": \"248\"}", &here), FOB_OK, "%s", error.what);
    foreign("{\"aud\": \"me\", \"nonce\": \"n-1\", \"exp\": 1000000, \"sub\": \"a\"}", "iss");
    foreign("{\"iss\": \"https://acme.example/\", \"aud\": \"me\", \"nonce\": \"n-1\", \"exp\": 1000000}",
            "iss");
    foreign("{\"iss\": [\"https://acme.example\"], \"aud\": \"me\", \"nonce\": \"n-1\", \"exp\": 1000000}",
            "iss");
    foreign("{\"iss\": \"https://acme.example\", \"nonce\": \"n-1\", \"exp\": 1000000}", "aud");
    foreign("{\"iss\": \"https://acme.example\", \"aud\": \"you\", \"nonce\": \"n-1\", \"exp\": 1000000}",
            "aud");
    foreign("{\"iss\": \"https://acme.example\", \"aud\": [\"you\", 1], \"nonce\": \"n-1\", \"exp\": 1}",
            "aud");
    foreign("{\"iss\": \"https://acme.example\", \"aud\": [], \"nonce\": \"n-1\", \"exp\": 1000000}", "aud");
    foreign("{" GOOD ", \"azp\": \"you\"}", "azp");
    foreign("{\"iss\": \"https://acme.example\", \"aud\": \"me\", \"exp\": 1000000, \"sub\": \"a\"}",
            "nonce");
    foreign("{\"iss\": \"https://acme.example\", \"aud\": \"me\", \"nonce\": \"n-12\", \"exp\": 1000000}",
            "nonce");
}

Test(idtoken, what_is_not_known_is_not_checked)
{
    struct fob_id_expectation less = here;
    less.issuer = less.nonce = NULL;
    cr_expect_eq(check("{\"iss\": \"https://else.example\", \"aud\": \"me\", \"nonce\": 7, \"exp\": 1000000, "
                       "\"sub\": \"a\"}",
                       &less),
                 FOB_OK, "%s", error.what);
}

Test(idtoken, one_whose_time_is_over_is_refused_past_the_allowed_skew)
{
    struct fob_id_expectation later = here;
    later.now = 1000000000 + FOB_CLOCK_SKEW_MS;
    cr_expect_eq(check("{" GOOD ", \"sub\": \"a\"}", &later), FOB_OK, "%s", error.what);
    later.now++;
    cr_expect_eq(check("{" GOOD ", \"sub\": \"a\"}", &later), FOB_E_SECURITY);
    cr_expect_str_eq(error.what, "the ID token has expired");
    foreign("{\"iss\": \"https://acme.example\", \"aud\": \"me\", \"exp\": 1000000}", "nonce");
    cr_expect_eq(
        check(
            "{\"iss\": \"https://acme.example\", \"aud\": \"me\", \"nonce\": \"n-1\", \"exp\": \"1000000\"}",
            &here),
        FOB_E_SECURITY, "a time that is no number is none");
}

Test(idtoken, what_is_no_token_is_a_protocol_error_that_quotes_nothing)
{
    static const char *const bad[] = {"",
                                      "opaque",
                                      "e30",
                                      "e30.e30",
                                      "e30.!!!.x",
                                      "e30.e30=.x",
                                      "e30..x",
                                      "e30.WzFd.x", /* [1] */
                                      "e30.eyJhIjox.x" /* {"a":1 */};
    char *subject = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_eq(check_text(bad[i], &here, &subject), FOB_E_PROTOCOL, "%s", bad[i]);
        cr_expect_null(strstr(error.what, "e30"), "%s", error.what);
        cr_expect_null(subject);
    }
    cr_expect_eq(check("{" GOOD ", \"aud\": \"me\", \"sub\": \"a\"}", &here), FOB_E_PROTOCOL,
                 "a claim that comes twice");
    cr_expect_eq(check("{" GOOD "}", &here), FOB_E_PROTOCOL);
    cr_expect_str_eq(error.what, "the ID token names no subject");
    cr_expect_eq(check("{" GOOD ", \"sub\": 248}", &here), FOB_E_PROTOCOL);
    cr_expect_eq(check("{" GOOD ", \"sub\": \"\"}", &here), FOB_E_PROTOCOL);
}

Test(idtoken, the_subject_of_one_that_was_checked_before_is_read_without_the_checks)
{
    fob_auto_secret *token = NULL, *broken = NULL;
    fob_auto_free char *subject = NULL, *none = NULL;
    cr_assert_eq(fob_secret_new("e30.eyJzdWIiOiIyNDgifQ.x", 24, &token, NULL), FOB_OK); /* {"sub":"248"} */
    cr_assert_eq(fob_secret_new("e30.e30.x", 9, &broken, NULL), FOB_OK);
    cr_assert_eq(fob_id_token_subject(token, &subject, NULL), FOB_OK);
    cr_expect_str_eq(subject, "248");
    cr_expect_eq(fob_id_token_subject(broken, &none, NULL), FOB_E_PROTOCOL);
    cr_expect_null(none);
}

/* Section 2: sub is at most 255 ASCII characters. */
Test(idtoken, a_subject_is_made_printable_and_has_a_largest_length)
{
    fob_auto_buf token = FOB_BUF(4096), claims = FOB_BUF(2048);
    fob_auto_free char *subject = NULL;
    fob_buf_str(&claims, "{" GOOD ", \"sub\": \"\\u001b\\n");
    for (int i = 0; i < 300; i++)
        fob_buf_char(&claims, 'a');
    fob_buf_str(&claims, "\"}");
    fob_buf_str(&token, "e30.");
    fob_base64url(&token, claims.data, claims.len);
    fob_buf_str(&token, ".");
    cr_assert_eq(check_text(token.data, &here, &subject), FOB_OK, "%s", error.what);
    cr_expect_eq(strlen(subject), 255);
    cr_expect_arr_eq(subject, "\?\?a", 3);
}
