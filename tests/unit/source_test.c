/* SPDX-License-Identifier: MIT */
/* core/source.c, core/pointer.c: a source finds one value wherever a provider puts it, and nothing where there is none. */
#include "answers.h"

#include <locale.h>
#include <stdio.h>

/* {"sub":"u1","exp":1700003600,"roles":["a"],"gone":""} and {"sub":"u2"} */
#define JWT_1 "e30.eyJzdWIiOiJ1MSIsImV4cCI6MTcwMDAwMzYwMCwicm9sZXMiOlsiYSJdLCJnb25lIjoiIn0.c2ln"
#define JWT_2 "e30.eyJzdWIiOiJ1MiJ9."

static const struct fob_pair fields[] = {{"Content-Type", "application/json"},
                                         {"x-auth-token", "  t-1 \t"},
                                         {"X-Empty", " "},
                                         {"set-cookie", "OTHER=o; Path=/"},
                                         {"Set-Cookie", "SESSION=old; HttpOnly"},
                                         {"Set-Cookie", " SESSION=\"s-1\"; Secure; Max-Age=60"},
                                         {"Set-Cookie", "SESSIONS=no"},
                                         {"Set-Cookie", "PLAIN=p=1"},
                                         {"Set-Cookie", "GONE=g"},
                                         {"Set-Cookie", "GONE=deleted; Path=/; max-age=0"},
                                         {"Set-Cookie", "EMPTY=\"\""}};

/* What the source finds in the body, or "(nothing)". */
static void expect(const char *body, const char *format, const char *source, const char *wanted)
{
    fob_auto_buf lines = FOB_BUF(100), value = FOB_BUF(1000);
    fob_buf_fmt(&lines, "token: {response: {format: %s}}", format);
    fob_auto_provider *provider = described(lines.data);
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_http_response http = http_answer(200, fields, N(fields), body);
    fob_auto_answer answer = {0};
    cr_assert_eq(fob_answer_read(&rule, &http, &answer, NULL), FOB_OK, "%s", body);
    bool found = fob_answer_find(&answer, source, NULL, &value);
    cr_expect_eq(value.failed, FOB_OK);
    cr_expect_str_eq(found ? value.data : "(nothing)", wanted, "\"%s\" in %s", source, body);
    cr_expect(found || !value.len, "%s", source);
}

Test(source, may_be_a_pointer)
{
    static const char body[] =
        "{\"a\":{\"b\":[\"x\",{\"c\":7}]},\"t\":true,\"r\":1.5,\"two\":2.0,\"z\":0,\"e\":\"\","
        "\"n\":null,\"a/b\":\"s\",\"m~n\":\"u\"}";
    static const char *const cases[][2] = {
        {"/a/b/0", "x"},         {"/a/b/1/c", "7"},     {"/t", "true"},      {"/r", "1.5"},
        {"/two", "2"},           {"/z", "0"},           {"/a~1b", "s"},      {"/m~0n", "u"},
        {"/e", "(nothing)"},     {"/n", "(nothing)"},   {"/a", "(nothing)"}, {"/a/b", "(nothing)"},
        {"/a/b/2", "(nothing)"}, {"/none", "(nothing)"}};
    for (size_t i = 0; i < N(cases); i++)
        expect(body, "auto", cases[i][0], cases[i][1]);
}

Test(source, may_point_into_an_array_that_is_the_whole_answer)
{
    expect("[{\"id\":1},{\"id\":\"two\"}]", "auto", "/0/id", "1");
    expect("[{\"id\":1},{\"id\":\"two\"}]", "auto", "/1/id", "two");
    expect("[{\"id\":1}]", "auto", "/2/id", "(nothing)");
}

Test(source, may_be_the_whole_text)
{
    expect("  t-1\r\n", "text", "", "t-1");
    expect("{\"a\":1}\n", "auto", "", "{\"a\":1}");
    expect("\"t-1\"", "json", "", "t-1");
    expect("17", "json", "", "17");
    expect(" \n", "text", "", "(nothing)");
    expect("t\xff", "text", "", "(nothing)");
}

Test(source, may_be_a_header_field_in_any_case)
{
    expect("{}", "auto", "header:X-Auth-Token", "t-1");
    expect("{}", "auto", "header:X-Empty", "(nothing)");
    expect("{}", "auto", "header:X-None", "(nothing)");
}

Test(source, may_be_a_cookie_the_last_one_of_its_name)
{
    expect("{}", "auto", "cookie:SESSION", "s-1");
    expect("{}", "auto", "cookie:OTHER", "o");
    expect("{}", "auto", "cookie:PLAIN", "p=1");
    expect("{}", "auto", "cookie:session", "(nothing)");
    expect("{}", "auto", "cookie:NONE", "(nothing)");
    expect("{}", "auto", "cookie:GONE", "(nothing)");
    expect("{}", "auto", "cookie:EMPTY", "(nothing)");
}

Test(source, may_be_a_claim_of_a_jwt_that_the_answer_brought)
{
    static const char body[] = "{\"access_token\":\"" JWT_1 "\",\"id_token\":\"" JWT_2 "\"}";
    expect(body, "auto", "claim:access_token/sub", "u1");
    expect(body, "auto", "claim:access_token/exp", "1700003600");
    expect(body, "auto", "claim:access_token/roles/0", "a");
    expect(body, "auto", "claim:id_token/sub", "u2");
    expect(body, "auto", "claim:access_token/gone", "(nothing)");
    expect(body, "auto", "claim:access_token/none", "(nothing)");
    expect(body, "auto", "claim:id_token/exp", "(nothing)");
}

Test(source, finds_no_claim_in_what_is_no_jwt)
{
    static const char *const bodies[] = {"{}",
                                         "{\"access_token\":\"opaque\"}",
                                         "{\"access_token\":\"a.b\"}",
                                         "{\"access_token\":\"a..c\"}",
                                         "{\"access_token\":\"a.!.c\"}",
                                         "{\"access_token\":\"a.W10.c\"}",
                                         "{\"access_token\":7}"};
    for (size_t i = 0; i < N(bodies); i++)
        expect(bodies[i], "auto", "claim:access_token/sub", "(nothing)");
}

Test(source, takes_claims_from_a_token_that_is_given)
{
    struct fob_http_response http = http_answer(200, NULL, 0, "");
    struct fob_answer answer = {.http = &http};
    fob_auto_token *token = fob_token_new();
    fob_auto_buf value = FOB_BUF(100);
    cr_assert_eq(fob_secret_new(JWT_2, strlen(JWT_2), &token->access, NULL), FOB_OK);
    cr_assert(fob_answer_find(&answer, "claim:access_token/sub", token, &value));
    cr_assert_str_eq(value.data, "u2");
    cr_assert_not(fob_answer_find(&answer, "claim:id_token/sub", token, &value));
}

Test(source, that_leads_round_in_circles_finds_nothing)
{
    static const char lines[] = "token: {response: {fields: {access_token: 'claim:id_token/at', "
                                "id_token: 'claim:access_token/it'}}}";
    struct fob_error error;
    cr_assert_eq(failure_of(lines, 200, "{\"access_token\":\"" JWT_1 "\"}", &error), FOB_E_PROTOCOL);
    cr_assert_str_eq(error.what, "the answer holds no access_token at claim:id_token/at");
}

Test(source, with_escapes_and_odd_indexes_is_read_as_rfc_6901_says)
{
    static const char body[] =
        "{\"~1\":\"a\",\"/~\":\"b\",\"\":\"c\",\"l\":[\"x\",\"y\"],\"o\":{\"0\":\"z\",\"\":{\"k\":1}}}";
    static const char *const cases[][2] = {{"/~01", "a"},
                                           {"/~1~0", "b"},
                                           {"/", "c"},
                                           {"/l/1", "y"},
                                           {"/l/01", "(nothing)"},
                                           {"/l/-", "(nothing)"},
                                           {"/l/1000000", "(nothing)"},
                                           {"/l/", "(nothing)"},
                                           {"/o/0", "z"},
                                           {"/o//k", "1"},
                                           {"/o/0/1", "(nothing)"}};
    for (size_t i = 0; i < N(cases); i++)
        expect(body, "auto", cases[i][0], cases[i][1]);
}

/* --- locale ------------------------------------------------------------------------------------------------- */

/* A locale in which a comma stands before the fraction. */
static void use_comma(const char *folder)
{
    char path[96], command[256], number[16];
    snprintf(path, sizeof path, "%s/comma.src", folder);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs("LC_NUMERIC\ndecimal_point \"<U002C>\"\nthousands_sep \"\"\ngrouping -1\nEND LC_NUMERIC\n", file);
    fclose(file);
    snprintf(command, sizeof command, "localedef -c -i %s -f ANSI_X3.4-1968 %s/comma >/dev/null 2>&1", path,
             folder);
    if (system(command) < 0)
        cr_assert_fail("no shell");
    setenv("LOCPATH", folder, 1);
    cr_assert_not_null(setlocale(LC_NUMERIC, "comma"), "localedef needs the package locales");
    snprintf(number, sizeof number, "%.1f", 1.5);
    cr_assert_str_eq(number, "1,5");
}

Test(source, that_is_a_fraction_is_written_and_read_the_same_in_every_locale)
{
    static const char *const cases[][2] = {{"1.5", "1.5"},
                                           {"2.0", "2"},
                                           {"1e3", "1000"},
                                           {"-0.25", "-0.25"},
                                           {"0.1", "0.1"},
                                           {"1e300", "1e300"},
                                           {"123456789.125", "123456789.125"}};
    char folder[] = "/tmp/fob-source-XXXXXX", command[64];
    cr_assert_not_null(mkdtemp(folder));
    use_comma(folder);
    for (size_t i = 0; i < N(cases); i++) {
        fob_auto_buf body = FOB_BUF(100);
        fob_buf_fmt(&body, "{\"r\":%s}", cases[i][0]);
        expect(body.data, "auto", "/r", cases[i][1]);
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_expect_eq(system(command), 0);
}
