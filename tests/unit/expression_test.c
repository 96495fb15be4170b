/* SPDX-License-Identifier: MIT */
/* An expression is read as its grammar says, gives its value, and tells what is wrong with it. */
#include "cleanup.h"
#include "expression.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))

/* --- what there is to look up ------------------------------------------------------------------------------- */

static const char *look_up(void *user, const char *name)
{
    static const struct fob_pair known[] = {
        {"a", "Alpha"}, {"b", "Beta"}, {"empty", ""}, {"kept.Realm-Id", "42"}, {"a_1", "one"}};
    (void)user;
    for (size_t i = 0; i < N(known); i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].value;
    return NULL;
}

static const struct fob_expression_env env = {.look_up = look_up, .now = 1700000000123};

/* The value, or NULL when it has none. */
static const char *value_of(const char *text)
{
    static char out[1024];
    fob_auto_buf value = FOB_BUF(sizeof out - 1);
    struct fob_error error = FOB_ERROR_INIT;
    bool missing = false;
    fob_err err = fob_expression_eval(text, strlen(text), &env, &value, &missing, &error);
    cr_assert_eq(err, FOB_OK, "%s: %s", text, error.what);
    cr_assert_eq(fob_buf_finish(&value, "it", NULL), FOB_OK);
    cr_expect(!missing || value.len == 0, "%s: nothing is added for a gap", text);
    snprintf(out, sizeof out, "%s", value.data);
    return missing ? NULL : out;
}

/* --- what it gives ------------------------------------------------------------------------------------------ */

Test(expression, is_a_name_a_text_a_number_or_a_function)
{
    static const struct {
        const char *text, *value;
    } good[] = {{"a", "Alpha"},
                {"a_1", "one"},
                {"kept.Realm-Id", "42"},
                {"'a text'", "a text"},
                {"''", ""},
                {"'with (all), of \"it\"'", "with (all), of \"it\""},
                {"17", "17"},
                {"007", "007"},
                {"lower(a)", "alpha"},
                {"concat(a, '-', b, '-', 3)", "Alpha-Beta-3"},
                {"upper(concat(a,lower(b)))", "ALPHABETA"},
                {"now()", "1700000000"},
                {"hex(sha256('abc'))", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}};
    for (size_t i = 0; i < N(good); i++) {
        cr_expect_str_eq(value_of(good[i].text), good[i].value, "%s", good[i].text);
        cr_expect_null(fob_expression_problem(good[i].text, strlen(good[i].text), NULL, NULL), "%s",
                       good[i].text);
    }
}

Test(expression, may_have_spaces_between_its_parts_and_nowhere_else)
{
    cr_expect_str_eq(value_of("  a"), "Alpha");
    cr_expect_str_eq(value_of("a  "), "Alpha");
    cr_expect_str_eq(value_of("  concat(  a  ,  b  )  "), "AlphaBeta");
    cr_expect_str_eq(value_of("concat(' a ', b)"), " a Beta");
    cr_expect_str_eq(value_of("now(  )"), "1700000000");
}

Test(expression, ends_where_its_length_says)
{
    fob_auto_buf value = FOB_BUF(64);
    bool missing = false;
    cr_expect_eq(fob_expression_eval("a_1", 1, &env, &value, &missing, NULL), FOB_OK);
    cr_expect_str_eq(value.data, "Alpha");
}

Test(expression, functions_are_nested_six_deep_and_no_deeper)
{
    cr_expect_str_eq(value_of("lower(lower(lower(lower(lower(lower(a))))))"), "alpha");
    cr_expect_str_eq(value_of("concat(lower(lower(lower(lower(lower(a))))), lower(a))"), "alphaalpha",
                     "depth is no count");
    static const char deep[] = "lower(lower(lower(lower(lower(lower(lower(a)))))))";
    cr_expect_str_eq(fob_expression_problem(deep, strlen(deep), NULL, NULL),
                     "functions are nested too deeply");
}

Test(expression, without_one_of_its_values_has_none)
{
    static const char *const gaps[] = {"c",
                                       "kept.other",
                                       "callback.code",
                                       "lower(c)",
                                       "concat(a, c)",
                                       "concat(c, a)",
                                       "hex(hmac_sha256(c, a))",
                                       "first(c, kept.other)",
                                       "first(c, empty)",
                                       "lower(first(c))",
                                       "claim(c, '/sub')"};
    for (size_t i = 0; i < N(gaps); i++)
        cr_expect_null(value_of(gaps[i]), "%s", gaps[i]);
    cr_expect_str_eq(value_of("empty"), "", "an empty value is one");
    cr_expect_str_eq(value_of("concat(empty)"), "");
    cr_expect_str_eq(value_of("first(c, empty, b, a)"), "Beta");
    cr_expect_str_eq(value_of("first(lower(c), 'x')"), "x");
}

Test(expression, adds_to_what_is_there_and_leaves_a_gap_to_the_caller)
{
    fob_auto_buf value = FOB_BUF(64);
    bool missing = false;
    fob_buf_str(&value, "before ");
    cr_expect_eq(fob_expression_eval("a", 1, &env, &value, &missing, NULL), FOB_OK);
    cr_expect_str_eq(value.data, "before Alpha");
    cr_expect_not(missing);
    cr_expect_eq(fob_expression_eval("c", 1, &env, &value, &missing, NULL), FOB_OK);
    cr_expect_str_eq(value.data, "before Alpha");
    cr_expect(missing);
    cr_expect_eq(fob_expression_eval("a", 1, &env, &value, &missing, NULL), FOB_OK);
    cr_expect(missing, "a gap stays told");
}

Test(expression, whose_value_has_no_room_is_told_by_the_buffer)
{
    fob_auto_buf small = FOB_BUF(4);
    bool missing = false;
    cr_expect_eq(fob_expression_eval("a", 1, &env, &small, &missing, NULL), FOB_OK);
    cr_expect_eq(fob_buf_finish(&small, "it", NULL), FOB_E_LIMIT);
}

Test(expression, is_evaluated_where_only_its_reader_needs_room_for_it)
{
    static const char most[] = "hex(hex(hex(hex(hex(a)))))";
    cr_expect_eq(strlen(value_of(most)), 5 * 32);
}

static const char *look_up_long(void *user, const char *name)
{
    (void)name;
    return user;
}

Test(expression, a_value_longer_than_a_request_is_refused)
{
    static char text[FOB_MAX_REQUEST_BODY / 2 + 2];
    memset(text, 'x', sizeof text - 1);
    const struct fob_expression_env own = {.look_up = look_up_long, .user = text};
    fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY * 2);
    struct fob_error error = FOB_ERROR_INIT;
    bool missing = false;
    cr_expect_eq(fob_expression_eval("concat(a, a)", 12, &own, &value, &missing, &error), FOB_E_LIMIT, "%s",
                 error.what);
    cr_expect_eq(fob_expression_eval("hex(concat(a, a))", 17, &own, &value, &missing, &error), FOB_E_LIMIT,
                 "inside it too");
    cr_expect_eq(value.len, 0);
    text[FOB_MAX_REQUEST_BODY / 2] = '\0';
    cr_expect_eq(fob_expression_eval("concat(a, a)", 12, &own, &value, &missing, &error), FOB_OK, "%s",
                 error.what);
    cr_expect_eq(value.len, FOB_MAX_REQUEST_BODY);
}

/* --- what is wrong ------------------------------------------------------------------------------------------ */

static const struct {
    const char *text, *problem;
} bad[] = {
    {"", "a name or function is missing"},
    {"   ", "a name or function is missing"},
    {"A", "a name begins with a small letter"},
    {"_a", "a name begins with a small letter"},
    {"-", "a name begins with a small letter"},
    {"\"a\"", "a name begins with a small letter"},
    {"\xc3\xa4", "a name begins with a small letter"},
    {"'a", "a ' is not closed"},
    {"'", "a ' is not closed"},
    {"concat('a, b)", "a ' is not closed"},
    {"a b", "something stands behind the expression"},
    {"a,b", "something stands behind the expression"},
    {"a)", "something stands behind the expression"},
    {"'a''b'", "something stands behind the expression"},
    {"1a", "something stands behind the expression"},
    {"aB", "something stands behind the expression"},
    {"lower (a)", "something stands behind the expression"},
    {"lower(a))", "something stands behind the expression"},
    {"kept.a.b", "something stands behind the expression"},
    {"kept.", "a name has nothing behind its dot"},
    {"lower(kept.)", "a name has nothing behind its dot"},
    {"a$", "something stands behind the expression"},
    {"shout(a)", "there is no such function"},
    {"lowe(a)", "there is no such function"},
    {"lowerr(a)", "there is no such function"},
    {"lower(", "a name or function is missing"},
    {"lower(a", "a ( is not closed"},
    {"concat(a b)", "a ( is not closed"},
    {"concat(a,", "a name or function is missing"},
    {"concat(a,)", "a name begins with a small letter"},
    {"concat(,a)", "a name begins with a small letter"},
    {"lower()", "a function has too few arguments"},
    {"concat()", "a function has too few arguments"},
    {"substr(a)", "a function has too few arguments"},
    {"hmac_sha256(a)", "a function has too few arguments"},
    {"claim(a)", "a function has too few arguments"},
    {"lower(a, b)", "a function has too many arguments"},
    {"now(a)", "a function has too many arguments"},
    {"substr(a, 1, 2, 3)", "a function has too many arguments"},
    {"concat(a,a,a,a,a,a,a,a,a)", "a function has too many arguments"},
    {"sha256(a)", "bytes have to go through base64, base64url or hex first"},
    {"hmac_sha256(a, b)", "bytes have to go through base64, base64url or hex first"},
    {"concat(sha256(a))", "bytes have to go through base64, base64url or hex first"},
    {"lower(sha256(a))", "bytes have to go through base64, base64url or hex first"},
    {"first(a, sha256(b))", "bytes have to go through base64, base64url or hex first"},
};

Test(expression, that_is_none_is_told_and_never_evaluated)
{
    for (size_t i = 0; i < N(bad); i++) {
        fob_auto_buf value = FOB_BUF(256);
        struct fob_error error = FOB_ERROR_INIT;
        bool missing = false;
        const char *problem = fob_expression_problem(bad[i].text, strlen(bad[i].text), NULL, NULL);
        cr_assert_not_null(problem, "%s", bad[i].text);
        cr_expect_str_eq(problem, bad[i].problem, "%s: %s", bad[i].text, problem);
        cr_expect_eq(fob_expression_eval(bad[i].text, strlen(bad[i].text), &env, &value, &missing, &error),
                     FOB_E_DESCRIPTOR, "%s", bad[i].text);
        cr_expect(strstr(error.what, bad[i].problem), "%s", error.what);
        cr_expect(strstr(error.fix, "fob-descriptor(5)"), "%s", error.fix);
        cr_expect_eq(value.len, 0);
        cr_expect_not(missing);
    }
}

Test(expression, with_eight_arguments_is_not_too_long)
{
    cr_expect_str_eq(value_of("concat(1,2,3,4,5,6,7,8)"), "12345678");
}

Test(expression, a_name_is_as_long_as_two_ids)
{
    char text[FOB_MAX_ID * 2 + 8];
    size_t longest = FOB_MAX_ID * 2 + 1;
    memset(text, 'a', sizeof text);
    cr_expect_null(fob_expression_problem(text, longest, NULL, NULL));
    cr_expect_str_eq(fob_expression_problem(text, longest + 1, NULL, NULL), "a name is too long");
}

Test(expression, a_nul_is_no_part_of_it)
{
    cr_expect_not_null(fob_expression_problem("a\0b", 3, NULL, NULL));
    cr_expect_not_null(fob_expression_problem("\0", 1, NULL, NULL));
    cr_expect_not_null(fob_expression_problem("1\0", 2, NULL, NULL));
}

/* --- the names in it ---------------------------------------------------------------------------------------- */

static void note(void *user, const struct fob_expression_name *name)
{
    char *out = user;
    snprintf(out + strlen(out), 256 - strlen(out), "%.*s%s ", (int)name->len, name->text,
             name->hashed ? "#" : "");
}

static const char *names_in(const char *text)
{
    static char out[256];
    out[0] = '\0';
    fob_expression_problem(text, strlen(text), note, out);
    return out;
}

Test(expression, tells_its_names_and_which_go_into_a_hash_only)
{
    static const struct {
        const char *text, *names;
    } cases[] = {
        {"a", "a "},
        {"'a'", ""},
        {"1", ""},
        {"now()", ""},
        {"concat(a, b.c, lower(d))", "a b.c d "},
        {"hex(sha256(a))", "a# "},
        {"hex(sha256(concat(a, '|', first(b, c))))", "a# b# c# "},
        {"base64(hmac_sha256(a, b))", "a# b# "},
        {"concat(a, hex(sha256(b)), c)", "a b# c "},
        {"concat(hex(sha256(hex(sha256(a)))), b)", "a# b "},
        {"base64(concat(a, ':'))", "a "},
        {"hex(a)", "a "},
    };
    for (size_t i = 0; i < N(cases); i++)
        cr_expect_str_eq(names_in(cases[i].text), cases[i].names, "%s: %s", cases[i].text,
                         names_in(cases[i].text));
}

Test(expression, every_function_is_told_for_the_manual_and_then_no_more)
{
    const char *doc = NULL, *usage;
    size_t n = 0;
    for (; (usage = fob_expression_function(n, &doc)) != NULL; n++) {
        cr_expect(strchr(usage, '('), "%s", usage);
        cr_expect(*doc, "%s", usage);
    }
    cr_expect_eq(n, 19);
    cr_expect_null(fob_expression_function(n + 1, &doc), "nor past the end");
    cr_expect_null(fob_expression_function(1000, &doc));
}
