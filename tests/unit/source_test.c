/* SPDX-License-Identifier: MIT */
/* A source finds one value wherever a provider puts it, and nothing where there is none. */
#include "answers.h"
#include "text.h"

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
