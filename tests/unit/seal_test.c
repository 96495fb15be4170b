/* SPDX-License-Identifier: MIT */
/* What is sealed opens with the same key and name only, and only whole. */
#include "cleanup.h"
#include "seal.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <string.h>

static const unsigned char key[32] = "a key of thirty-two random bytes", nonce[FOB_SEAL_NONCE] = "n";

/* draft-irtf-cfrg-xchacha-03 appendix A.3.1: its key and nonce count up, its associated data is our name. */
Test(seal, opens_what_the_draft_of_xchacha20_poly1305_sealed)
{
    static const char text[] =
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for "
        "the future, sunscreen would be it.";
    static const char name[] = "PQRS\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7";
    static const unsigned char ciphertext[] = {
        0xbd, 0x6d, 0x17, 0x9d, 0x3e, 0x83, 0xd4, 0x3b, 0x95, 0x76, 0x57, 0x94, 0x93, 0xc0, 0xe9, 0x39, 0x57,
        0x2a, 0x17, 0x00, 0x25, 0x2b, 0xfa, 0xcc, 0xbe, 0xd2, 0x90, 0x2c, 0x21, 0x39, 0x6c, 0xbb, 0x73, 0x1c,
        0x7f, 0x1b, 0x0b, 0x4a, 0xa6, 0x44, 0x0b, 0xf3, 0xa8, 0x2f, 0x4e, 0xda, 0x7e, 0x39, 0xae, 0x64, 0xc6,
        0x70, 0x8c, 0x54, 0xc2, 0x16, 0xcb, 0x96, 0xb7, 0x2e, 0x12, 0x13, 0xb4, 0x52, 0x2f, 0x8c, 0x9b, 0xa4,
        0x0d, 0xb5, 0xd9, 0x45, 0xb1, 0x1b, 0x69, 0xb9, 0x82, 0xc1, 0xbb, 0x9e, 0x3f, 0x3f, 0xac, 0x2b, 0xc3,
        0x69, 0x48, 0x8f, 0x76, 0xb2, 0x38, 0x35, 0x65, 0xd3, 0xff, 0xf9, 0x21, 0xf9, 0x66, 0x4c, 0x97, 0x63,
        0x7d, 0xa9, 0x76, 0x88, 0x12, 0xf6, 0x15, 0xc6, 0x8b, 0x13, 0xb5, 0x2e, 0xc0, 0x87, 0x59, 0x24, 0xc1,
        0xc7, 0x98, 0x79, 0x47, 0xde, 0xaf, 0xd8, 0x78, 0x0a, 0xcf, 0x49};
    unsigned char counting[32], number[FOB_SEAL_NONCE];
    fob_auto_buf record = FOB_BUF(1000), plain = FOB_BUF(1000), again = FOB_BUF(1000);
    for (size_t i = 0; i < sizeof counting; i++)
        counting[i] = (unsigned char)(0x80 + i);
    for (size_t i = 0; i < sizeof number; i++)
        number[i] = (unsigned char)(0x40 + i);
    fob_buf_char(&record, 1); /* the format */
    fob_buf_add(&record, number, sizeof number);
    fob_buf_add(&record, ciphertext, sizeof ciphertext);
    cr_assert_eq(fob_unseal(counting, name, record.data, record.len, &plain, NULL), FOB_OK);
    cr_expect_str_eq(plain.data, text);
    cr_assert_eq(fob_seal(counting, number, name, text, strlen(text), &again, NULL), FOB_OK);
    cr_assert_eq(again.len, record.len);
    cr_expect_arr_eq(again.data, record.data, record.len);
}

Test(seal, only_the_same_key_name_and_bytes_open_it)
{
    static const unsigned char other[32] = "x";
    fob_auto_buf sealed = FOB_BUF(1000), plain = FOB_BUF(1000);
    cr_assert_eq(fob_seal(key, nonce, "work", "token", 5, &sealed, NULL), FOB_OK);
    cr_expect_null(memmem(sealed.data, sealed.len, "token", 5));
    cr_assert_eq(fob_unseal(key, "work", sealed.data, sealed.len, &plain, NULL), FOB_OK);
    cr_expect_str_eq(plain.data, "token");
    cr_expect_eq(fob_unseal(other, "work", sealed.data, sealed.len, &plain, NULL), FOB_E_KEY);
    cr_expect_eq(fob_unseal(key, "home", sealed.data, sealed.len, &plain, NULL), FOB_E_KEY);
    for (size_t i = 1; i < sealed.len; i++) {
        sealed.data[i] = (char)(sealed.data[i] ^ 1);
        cr_expect_eq(fob_unseal(key, "work", sealed.data, sealed.len, &plain, NULL), FOB_E_KEY);
        sealed.data[i] = (char)(sealed.data[i] ^ 1);
    }
    cr_expect_str_eq(plain.data, "token", "what did not open left nothing behind");
}

Test(seal, what_is_no_sealed_record_or_of_a_later_format_is_told_so)
{
    fob_auto_buf sealed = FOB_BUF(1000), plain = FOB_BUF(1000);
    struct fob_error error;
    cr_assert_eq(fob_seal(key, nonce, "work", "", 0, &sealed, NULL), FOB_OK);
    cr_expect_eq(sealed.len, 1 + 24 + 16, "nothing at all is sealed as well");
    cr_expect_eq(fob_unseal(key, "work", sealed.data, sealed.len, &plain, NULL), FOB_OK);
    cr_expect_eq(plain.len, 0);
    cr_expect_eq(fob_unseal(key, "work", sealed.data, sealed.len - 1, &plain, &error), FOB_E_STORE);
    cr_expect_str_eq(error.what, "what is stored for work is no sealed connection");
    sealed.data[0] = 2;
    cr_expect_eq(fob_unseal(key, "work", sealed.data, sealed.len, &plain, &error), FOB_E_STORE);
    cr_expect(strstr(error.what, "format 2"), "%s", error.what);
    cr_expect_str_neq(error.fix, "");
}

Test(seal, a_record_has_a_largest_size)
{
    fob_auto_free char *bytes = calloc(1, FOB_MAX_RECORD);
    fob_auto_buf sealed = FOB_BUF((size_t)FOB_MAX_RECORD), more = FOB_BUF((size_t)FOB_MAX_RECORD * 2);
    cr_expect_eq(fob_seal(key, nonce, "work", bytes, FOB_MAX_RECORD - 41, &sealed, NULL), FOB_OK);
    cr_expect_eq(sealed.len, FOB_MAX_RECORD);
    cr_expect_eq(fob_seal(key, nonce, "work", bytes, FOB_MAX_RECORD - 40, &more, NULL), FOB_E_LIMIT);
    cr_expect_eq(more.len, 0);
}

Test(seal, what_does_not_fit_leaves_no_plain_text_behind)
{
    fob_auto_buf sealed = FOB_BUF(35), plain = FOB_BUF(100), whole = FOB_BUF(100), small = FOB_BUF(10);
    cr_expect_eq(fob_seal(key, nonce, "work", "token", 5, &sealed, NULL), FOB_E_LIMIT);
    cr_expect_eq(sealed.len, 0);
    cr_expect_null(memmem(sealed.data, 35, "token", 5));
    fob_buf_str(&plain, "before ");
    cr_assert_eq(fob_seal(key, nonce, "work", "token", 5, &whole, NULL), FOB_OK);
    cr_assert_eq(fob_unseal(key, "work", whole.data, whole.len, &plain, NULL), FOB_OK);
    cr_expect_str_eq(plain.data, "before token", "it goes behind what is there");
    cr_expect_eq(fob_unseal(key, "work", whole.data, whole.len, &small, NULL), FOB_E_LIMIT);
    cr_expect_eq(small.len, 0);
}
