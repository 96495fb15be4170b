/* SPDX-License-Identifier: MIT */
/* A template is cut into text and expressions, and what is neither is told. */
#include "template.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Every piece written as text, <name> or <+name>. */
static const char *cut(const char *template)
{
    static char out[256];
    struct fob_piece piece;
    const char *rest = template;
    out[0] = '\0';
    while (fob_template_next(&rest, &piece))
        snprintf(out + strlen(out), sizeof out - strlen(out), piece.is_expression ? "<%s%.*s>" : "%s%.*s|",
                 piece.plus ? "+" : "", (int)piece.len, piece.text);
    cr_expect_eq(*rest == '\0', fob_template_problem(template) == NULL, "%s", template);
    return out;
}

Test(template, is_text_and_names_in_order)
{
    cr_expect_str_eq(cut(""), "");
    cr_expect_str_eq(cut("plain"), "plain|");
    cr_expect_str_eq(cut("https://{tenant}.example/{+path}?a={b_2}"),
                     "https://|<tenant>.example/|<+path>?a=|<b_2>");
    cr_expect_str_eq(cut("{a}{b}"), "<a><b>");
}

Test(template, doubled_braces_are_braces)
{
    cr_expect_str_eq(cut("{{a}}"), "{|a|}|");
    cr_expect_str_eq(cut("{{{a}}}"), "{|<a>}|");
    cr_expect_str_eq(cut("}}{{"), "}|{|");
}

Test(template, a_brace_that_is_not_closed_or_empty_is_told)
{
    static const char *const open[] = {"{", "a{", "{}", "{a", "{+}", "{{{", "{a{b}}"};
    static const char *const close[] = {"}", "a}b", "{a}}", "}}}"};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        cr_expect_str_eq(fob_template_problem(open[i]), "a { is not closed", "%s", open[i]);
    for (size_t i = 0; i < sizeof close / sizeof close[0]; i++)
        cr_expect_str_eq(fob_template_problem(close[i]), "a } stands alone", "%s", close[i]);
}

Test(template, what_stands_in_braces_is_not_its_business)
{
    cr_expect_str_eq(cut("{A b}{lower('x, y')}"), "<A b><lower('x, y')>");
}

Test(template, the_pieces_before_a_bad_brace_still_come)
{
    cr_expect_str_eq(cut("a{b}c{"), "a|<b>c|");
}

/* --- filling in --------------------------------------------------------------------------------------------- */

static const char *shop_only(void *user, const char *name)
{
    return strcmp(name, "shop") == 0 ? user : NULL;
}

Test(template, is_filled_in_and_encoded_where_it_has_to_be)
{
    char shop[] = "A&B";
    struct fob_expression_env env = {.look_up = shop_only, .user = shop};
    struct fob_buf plain = FOB_BUF(100), encoded = FOB_BUF(100), gap = FOB_BUF(100);
    bool missing = false;
    cr_assert_eq(fob_template_fill("x{lower(shop)}{{", false, &env, &plain, &missing, NULL), FOB_OK);
    cr_expect_str_eq(plain.data, "xa&b{");
    cr_assert_eq(fob_template_fill("{shop}/{+shop}", true, &env, &encoded, &missing, NULL), FOB_OK);
    cr_expect_str_eq(encoded.data, "A%26B/A&B");
    cr_expect_not(missing);
    cr_assert_eq(fob_template_fill("a{other}", false, &env, &gap, &missing, NULL), FOB_OK);
    cr_expect(missing);
    cr_expect_eq(fob_template_fill("{nothing(1)}", false, &env, &gap, &missing, NULL), FOB_E_DESCRIPTOR);
    fob_buf_free(&plain);
    fob_buf_free(&encoded);
    fob_buf_free(&gap);
}
