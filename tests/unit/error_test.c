/* SPDX-License-Identifier: MIT */
/* An error is one printable value that says what failed, where, and what to do. */
#include "error.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#define ROW(name, value, word, meaning) {name, value, word},
static const struct {
    fob_err code;
    int value;
    const char *word;
} codes[] = {FOB_ERR_LIST(ROW)};
#undef ROW

Test(error, every_code_has_its_value_a_word_of_its_own_and_a_meaning)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        cr_expect_eq((int)codes[i].code, codes[i].value);
        cr_expect_str_eq(fob_err_word(codes[i].code), codes[i].word);
        cr_expect_str_neq(fob_err_meaning(codes[i].code), "");
        for (size_t j = 0; j < i; j++)
            cr_expect_str_neq(codes[i].word, codes[j].word);
    }
    cr_expect_str_eq(fob_err_word((fob_err)-999), "unknown");
    cr_expect_str_neq(fob_err_meaning((fob_err)-999), "");
}

Test(error, only_what_time_alone_mends_is_transient)
{
    static const fob_err transient[] = {FOB_E_NETWORK, FOB_E_RATE_LIMITED, FOB_E_SERVER, FOB_E_BUSY};
    int found = 0;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        found += fob_err_is_transient(codes[i].code);
    cr_expect_eq(found, 4);
    for (size_t i = 0; i < 4; i++)
        cr_expect(fob_err_is_transient(transient[i]), "%s", fob_err_word(transient[i]));
}

Test(error, failing_clears_what_was_there_before)
{
    struct fob_error error = {
        .code = FOB_E_TLS, .http_status = 500, .line = 7, .oauth_error = "old", .file = "f"};
    cr_expect_eq(fob_fail(&error, FOB_E_CONFIG, "mend it", "%s is %d", "this", 1), FOB_E_CONFIG);
    cr_expect_eq(error.code, FOB_E_CONFIG);
    cr_expect_str_eq(error.what, "this is 1");
    cr_expect_str_eq(error.fix, "mend it");
    cr_expect_eq(error.http_status, 0);
    cr_expect_eq(error.line, 0);
    cr_expect_str_eq(error.oauth_error, "");
    cr_expect_str_eq(error.file, "");
}

Test(error, nobody_has_to_want_it)
{
    cr_expect_eq(fob_fail(NULL, FOB_E_STATE, NULL, "x"), FOB_E_STATE);
    cr_expect_eq(fob_fail_errno(NULL, FOB_E_SYSTEM, ENOENT, NULL, "x"), FOB_E_SYSTEM);
    cr_expect_eq(fob_fail_at(NULL, FOB_E_CONFIG, "f", 1, 1), FOB_E_CONFIG);
    cr_expect_eq(fob_no_memory(NULL), FOB_E_MEMORY);
    cr_expect_eq(fob_error_set(NULL, FOB_E_DENIED, "x", "y"), FOB_E_DENIED);
}

Test(error, a_system_error_says_why)
{
    struct fob_error error;
    cr_expect_eq(fob_fail_errno(&error, FOB_E_SYSTEM, ENOENT, "make it", "opening %s", "x"), FOB_E_SYSTEM);
    cr_expect_str_eq(error.what, "opening x: No such file or directory");
    cr_expect_eq(error.sys_errno, ENOENT);
    fob_fail_errno(&error, FOB_E_SYSTEM, 99999, NULL, "x");
    cr_expect_str_eq(error.what, "x: unknown system error");
    cr_expect_str_eq(error.fix, "");
}

Test(error, a_place_is_added_to_what_was_said)
{
    struct fob_error error;
    fob_fail(&error, FOB_E_LIMIT, "shorten it", "too long");
    cr_expect_eq(fob_fail_at(&error, FOB_E_DESCRIPTOR, "a.yaml", 3, 9), FOB_E_LIMIT, "the first code stays");
    cr_expect_str_eq(error.what, "too long");
    cr_expect_str_eq(error.file, "a.yaml");
    cr_expect_eq(error.line, 3);
    cr_expect_eq(error.column, 9);
}

Test(error, text_from_outside_is_made_printable)
{
    char out[32];
    struct fob_error error;
    fob_printable(out, sizeof out, "a\n\x7f\xff\xc2\x9b\xed\xa0\x80\0z caf\xc3\xa9", 17);
    cr_expect_str_eq(out, "a????????z caf\xc3\xa9");
    fob_printable(out, sizeof out, NULL, 5);
    cr_expect_str_eq(out, "");
    fob_error_set(&error, FOB_E_DENIED, "no\x1b[2J", "try\r\nagain");
    cr_expect_str_eq(error.what, "no?[2J");
    cr_expect_str_eq(error.fix, "try??again");
}

Test(error, what_does_not_fit_is_cut_at_a_character)
{
    char text[1200], out[8];
    struct fob_error error;
    fob_printable(out, sizeof out, "1234567", 7);
    cr_expect_str_eq(out, "1234567");
    fob_printable(out, sizeof out, "12345\xe2\x82\xac", 8);
    cr_expect_str_eq(out, "12345");
    memset(text, 'a', sizeof text);
    memcpy(text + sizeof error.what - 3, "\xe2\x82\xac", 3);
    text[sizeof text - 1] = '\0';
    fob_fail(&error, FOB_E_CONFIG, text, "%s", text);
    cr_expect_eq(strlen(error.what), sizeof error.what - 3);
    cr_expect_eq(strlen(error.fix), sizeof error.fix - 1);
}
