/* SPDX-License-Identifier: MIT */
/* Text work gives what the RFCs say, and refuses what they do not allow. */
#include "cleanup.h"
#include "text.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* --- UTF-8, RFC 3629 ---------------------------------------------------------------------------------------- */

Test(text, utf8_takes_the_first_and_last_character_of_each_length)
{
    static const char *const good[] = {
        "\x01",         "\x7f",         "\xc2\x80",     "\xdf\xbf",         "\xe0\xa0\x80",
        "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
    for (size_t i = 0; i < COUNT(good); i++)
        cr_expect_eq(fob_utf8_char(good[i], strlen(good[i])), strlen(good[i]), "%zu", i);
    cr_expect(fob_utf8_valid("", 0));
    /* RFC 3629 section 7: A, not identical to, alpha, full stop; then the stump of a tree */
    cr_expect(fob_utf8_valid("A\xe2\x89\xa2\xce\x91.\xf0\xa3\x8e\xb4", 11));
}

Test(text, utf8_refuses_overlong_forms_surrogates_and_what_is_beyond_unicode)
{
    static const char *const bad[] = {"\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf", /* overlong: section 3 */
                                      "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf", /* surrogates */
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xfe",
                                      "\xff", /* beyond U+10FFFF */
                                      "\x80",
                                      "\xbf",
                                      "\xc3(",
                                      "\xe2\x82(", /* no such sequence */
                                      "\xf0\x9f\x98(",
                                      "\xc3",
                                      "\xf0\x9f\x98"}; /* cut off */
    for (size_t i = 0; i < COUNT(bad); i++)
        cr_expect_eq(fob_utf8_char(bad[i], strlen(bad[i])), 0, "%zu", i);
    cr_expect_eq(fob_utf8_char("\xe2\x82\xac", 2), 0, "no byte behind len is looked at");
    cr_expect_not(fob_utf8_valid("a\0b", 3), "NUL");
    cr_expect_not(fob_utf8_valid("good\xff", 5));
}

/* --- percent and form encoding ------------------------------------------------------------------------------ */

Test(text, percent_encoding_leaves_only_unreserved_characters)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    fob_auto_buf same = FOB_BUF(100), encoded = FOB_BUF(100);
    fob_percent_encode(&same, unreserved, strlen(unreserved));
    cr_expect_str_eq(same.data, unreserved, "RFC 3986 section 2.3");
    fob_percent_encode(&encoded, " !*'()/?&=+%\xc3\xa9\0", 15);
    cr_expect_str_eq(encoded.data, "%20%21%2A%27%28%29%2F%3F%26%3D%2B%25%C3%A9%00");
}

Test(text, form_encoding_is_that_of_rfc_6749_appendix_b)
{
    fob_auto_buf encoded = FOB_BUF(100), decoded = FOB_BUF(100), marks = FOB_BUF(100);
    const char *plain = " %&+\xc2\xa3\xe2\x82\xac";
    fob_form_encode(&encoded, plain, strlen(plain));
    cr_expect_str_eq(encoded.data, "+%25%26%2B%C2%A3%E2%82%AC");
    cr_assert(fob_form_decode(&decoded, encoded.data, encoded.len));
    cr_expect_str_eq(decoded.data, plain);
    fob_form_encode(&marks, "*-._~!'()", 9); /* W3C.REC-html401 as browsers read it: four marks stay */
    cr_expect_str_eq(marks.data, "*-._%7E%21%27%28%29");
}

Test(text, every_byte_but_nul_survives_form_encoding)
{
    char bytes[255];
    fob_auto_buf encoded = FOB_BUF(1000), decoded = FOB_BUF(1000);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i + 1);
    fob_form_encode(&encoded, bytes, sizeof bytes);
    cr_assert(fob_form_decode(&decoded, encoded.data, encoded.len));
    cr_expect_eq(decoded.len, sizeof bytes);
    cr_expect_arr_eq(decoded.data, bytes, sizeof bytes);
}

Test(text, a_broken_escape_or_a_nul_is_not_decoded)
{
    static const char *const bad[] = {"%", "a%4", "%4g", "%g4", "%%41", "%00", "a%"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        fob_auto_buf out = FOB_BUF(100);
        cr_expect_not(fob_form_decode(&out, bad[i], strlen(bad[i])), "%s", bad[i]);
    }
    fob_auto_buf out = FOB_BUF(100), cut = FOB_BUF(100);
    cr_expect_not(fob_form_decode(&cut, "%41", 2), "no byte behind len is looked at");
    cr_assert(fob_form_decode(&out, "%41%7e+%e2", 10));
    cr_expect_str_eq(out.data, "A~ \xe2", "hex digits of either case");
}

Test(text, a_hex_digit_has_its_worth_in_either_case)
{
    static const char digits[] = "0123456789abcdef", others[] = "/:@G`g \xff";
    for (int i = 0; i < 16; i++)
        cr_expect_eq(fob_hex_digit(digits[i]), i);
    cr_expect_eq(fob_hex_digit('A'), 10);
    cr_expect_eq(fob_hex_digit('F'), 15);
    for (size_t i = 0; i < sizeof others; i++)
        cr_expect_eq(fob_hex_digit(others[i]), -1, "%zu", i);
}

/* --- base64 ------------------------------------------------------------------------------------------------- */

Test(text, base64_gives_the_vectors_of_rfc_4648_section_10)
{
    static const char *const rows[][3] = {
        {"", "", ""},
        {"f", "Zg==", "Zg"},
        {"fo", "Zm8=", "Zm8"},
        {"foo", "Zm9v", "Zm9v"},
        {"foob", "Zm9vYg==", "Zm9vYg"},
        {"fooba", "Zm9vYmE=", "Zm9vYmE"},
        {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+", "-__-"} /* section 5: the two letters that differ */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        fob_auto_buf padded = FOB_BUF(100), url = FOB_BUF(100), back = FOB_BUF(100);
        fob_base64(&padded, rows[i][0], strlen(rows[i][0]));
        fob_base64url(&url, rows[i][0], strlen(rows[i][0]));
        cr_expect_str_eq(padded.data, rows[i][1]);
        cr_expect_str_eq(url.data, rows[i][2]);
        cr_expect(fob_base64url_decode(&back, rows[i][2], strlen(rows[i][2])));
        cr_expect_str_eq(back.data, rows[i][0]);
    }
}

Test(text, base64url_takes_nothing_but_its_one_spelling)
{
    static const char *const bad[] = {"Zg==",   "Zg=", "Z",   "Zm9vY", "+//+",        "Zm 9v",
                                      "Zm9v\n", "Zh",  "Zm9", "Zm9v.", "Zm9v\xc3\xa9"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        fob_auto_buf out = FOB_BUF(100);
        cr_expect_not(fob_base64url_decode(&out, bad[i], strlen(bad[i])), "%s", bad[i]);
        cr_expect_eq(out.len, 0, "%s", bad[i]);
    }
}

Test(text, base64_of_what_does_not_fit_fails_closed)
{
    char long_text[300];
    memset(long_text, 'a', sizeof long_text);
    fob_auto_buf fits = FOB_BUF(400), tight = FOB_BUF(399), small = FOB_BUF(2);
    fob_base64(&fits, long_text, sizeof long_text);
    fob_base64(&tight, long_text, sizeof long_text);
    cr_expect_eq(fits.len, 400);
    cr_expect_eq(tight.failed, FOB_E_LIMIT);
    cr_expect_not(fob_base64url_decode(&small, "Zm9v", 4));
    cr_expect_eq(small.failed, FOB_E_LIMIT);
}

/* --- words -------------------------------------------------------------------------------------------------- */

Test(text, letters_are_compared_in_ascii_only)
{
    cr_expect(fob_ascii_ieq("Content-Type", "cONTENT-tYPE"));
    cr_expect(fob_ascii_ieq("", ""));
    cr_expect_not(fob_ascii_ieq("a", "ab"));
    cr_expect_not(fob_ascii_ieq("ab", "a"));
    cr_expect_not(fob_ascii_ieq("@[", "`{"), "only letters have a case");
    cr_expect_not(fob_ascii_ieq("\xc3\x89", "\xc3\xa9"));
    cr_expect(fob_starts_with("https://a", "https://"));
    cr_expect(fob_starts_with("a", ""));
    cr_expect_not(fob_starts_with("http", "https"));
}

Test(text, an_id_is_small_letters_digits_and_dashes)
{
    static const char *const bad[] = {"", "-a", "A", "a_b", "a.b", "a/b", "a b", "caf\xc3\xa9"};
    cr_expect(fob_is_id("a", 4));
    cr_expect(fob_is_id("0-9-", 4), "as long as it may be");
    cr_expect_not(fob_is_id("abcde", 4), "one longer");
    for (size_t i = 0; i < COUNT(bad); i++)
        cr_expect_not(fob_is_id(bad[i], 64), "%s", bad[i]);
}

Test(text, a_list_by_spaces_is_cut_into_its_words)
{
    const char *rest = "  read  write:all ", *word;
    size_t len;
    cr_assert_not_null(word = fob_next_word(&rest, &len));
    cr_expect_arr_eq(word, "read", 4);
    cr_expect_eq(len, 4);
    cr_assert_not_null(word = fob_next_word(&rest, &len));
    cr_expect_arr_eq(word, "write:all", 9);
    cr_expect_eq(len, 9);
    cr_expect_null(fob_next_word(&rest, &len));
    cr_expect_null(fob_next_word(&rest, &len), "and stays at the end");
    cr_expect(fob_has_word("read write:all", "write:all"));
    cr_expect_not(fob_has_word("read write:all", "write"), "part of a word is no word");
    cr_expect_not(fob_has_word("readx", "read"));
    cr_expect_not(fob_has_word("", ""));
}

Test(text, a_copy_has_its_own_nul)
{
    fob_auto_free char *part = fob_strndup("abcdef", 3), *whole = fob_strdup("abc"),
                       *none = fob_strndup(NULL, 0);
    cr_expect_str_eq(part, "abc");
    cr_expect_str_eq(whole, "abc");
    cr_expect_str_eq(none, "");
}
