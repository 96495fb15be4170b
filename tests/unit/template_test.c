/* SPDX-License-Identifier: MIT */
/* A template is cut into text and names, and what is neither is told. */
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
        snprintf(out + strlen(out), sizeof out - strlen(out), piece.is_name ? "<%s%.*s>" : "%s%.*s|",
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

Test(template, a_brace_that_holds_no_name_is_told)
{
    static const char *const open[] = {"{",     "a{",    "{}",    "{a",  "{A}",   "{1a}",          "{_a}",
                                       "{a b}", "{a-b}", "{++a}", "{+}", "{a.b}", "{caf\xc3\xa9}", "{{{"};
    static const char *const close[] = {"}", "a}b", "{a}}", "}}}"};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        cr_expect_str_eq(fob_template_problem(open[i]), "a { does not begin a {name}", "%s", open[i]);
    for (size_t i = 0; i < sizeof close / sizeof close[0]; i++)
        cr_expect_str_eq(fob_template_problem(close[i]), "a } stands alone", "%s", close[i]);
}

Test(template, the_pieces_before_a_bad_brace_still_come)
{
    cr_expect_str_eq(cut("a{b}c{D}"), "a|<b>c|");
}
