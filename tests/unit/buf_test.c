/* SPDX-License-Identifier: MIT */
/* A buffer keeps what was appended, and fails closed at its maximum. */
#include "buf.h"

#include <criterion/criterion.h>

Test(buf, keeps_what_was_appended)
{
    struct fob_buf buf = FOB_BUF(100);
    fob_buf_str(&buf, "one ");
    fob_buf_fmt(&buf, "%d", 2);
    fob_buf_char(&buf, '!');
    cr_assert_eq(fob_buf_finish(&buf, "text", NULL), FOB_OK);
    cr_assert_str_eq(buf.data, "one 2!");
    cr_assert_eq(buf.len, 6);
    fob_buf_free(&buf);
}

Test(buf, an_empty_one_is_an_empty_string)
{
    struct fob_buf buf = FOB_BUF(10);
    cr_assert_eq(fob_buf_finish(&buf, "text", NULL), FOB_OK);
    cr_assert_str_eq(buf.data, "");
    fob_buf_free(&buf);
}

Test(buf, fails_closed_at_its_maximum_and_stays_failed)
{
    struct fob_buf buf = FOB_BUF(4);
    struct fob_error error;
    fob_buf_str(&buf, "1234");
    fob_buf_char(&buf, '5');
    fob_buf_str(&buf, "");
    cr_assert_eq(fob_buf_finish(&buf, "the answer", &error), FOB_E_LIMIT);
    cr_assert_str_eq(error.what, "the answer is longer than 4 bytes");
    cr_assert_str_eq(buf.data, "1234");
    fob_buf_free(&buf);
}

Test(buf, grows_over_several_steps)
{
    struct fob_buf buf = FOB_BUF(100000);
    for (int i = 0; i < 100000; i++)
        fob_buf_char(&buf, (char)('a' + i % 26));
    cr_assert_eq(fob_buf_finish(&buf, "text", NULL), FOB_OK);
    cr_assert_eq(buf.len, 100000);
    cr_assert_eq(buf.data[99999], 'a' + 99999 % 26);
    fob_buf_free(&buf);
}

Test(buf, steal_hands_the_bytes_over)
{
    struct fob_buf buf = FOB_BUF(10);
    fob_buf_str(&buf, "mine");
    char *bytes = fob_buf_steal(&buf);
    cr_assert_str_eq(bytes, "mine");
    cr_assert_null(buf.data);
    free(bytes);
}
