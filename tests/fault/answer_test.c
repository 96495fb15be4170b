/* SPDX-License-Identifier: MIT */
/* Answers in every format and from every source while every allocation fails once. */
#include "answers.h"
#include "faults.h"

#define JWT "e30.eyJleHAiOjE3MDAwMDM2MDAsInRpZCI6InQtMSJ9.c2ln" /* {"exp":1700003600,"tid":"t-1"} */

static const struct {
    const char *response;
    int status;
    const char *body;
    fob_err code;
} answers[] = {
    {"{keep: {k: {from: /n, pattern: '[0-9.]+'}, s: {from: /t, secret: true}}}", 200,
     "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"scope\":[\"a\",7],\"expires_in\":\"60\",\"n\":1.5,"
     "\"t\":\"x\"}",
     FOB_OK},
    {"{format: form, scope_separator: ';'}", 200,
     "access_token=a%2Bt&token_type=mac&scope=a;b&expires_at=2023-11-14&refresh_token=rt", FOB_OK},
    {"{format: xml, fields: {access_token: /r/t/0, expires_at: /r/e}}", 200,
     "<r x='y'>z<t>a</t><t>b</t><t>c</t><e>2023-11-14</e><f/></r>", FOB_OK},
    {"{format: text, fields: {access_token: '', refresh_token: 'cookie:s', id_token: 'header:h'}}", 200, "at",
     FOB_OK},
    {"{fields: {expires_at: 'claim:access_token/exp'}, keep: {k: 'claim:access_token/tid'}}", 200,
     "{\"access_token\":\"" JWT "\"}", FOB_OK},
    {"{success: {/ok: 0.5x, /n: 1}, also: {u: {access_token: /u/a, scope: /u/s}}}", 200,
     "{\"ok\":\"0.5x\",\"n\":1.0,\"access_token\":\"at\",\"u\":{\"a\":\"ua\",\"s\":\"x,y\"}}", FOB_OK},
    {"{success: {/ok: true}, error: /e, errors: {'7': dead}, also: {u: {access_token: /u}}, keep: {k: {from: "
     "/k, secret: "
     "true}}}",
     200,
     "{\"ok\":false,\"e\":{\"code\":7},\"error_description\":\"not "
     "at-1\",\"access_token\":\"at-1\",\"u\":\"x\",\"k\":\"y\"}",
     FOB_E_NEEDS_LOGIN},
    {"{error: 'claim:access_token/tid', error_description: /d/0, errors: {t-1: denied}}", 400,
     "{\"access_token\":\"" JWT "\",\"d\":[{\"message\":\"m\"}]}", FOB_E_DENIED},
    {"{error: 'header:h', errors: {hv: dead}}", 400, "<html>", FOB_E_NEEDS_LOGIN},
    {"{format: form}", 200, "a=%ff", FOB_E_PROTOCOL},
    {"{format: xml}", 200, "<a><b>", FOB_E_PROTOCOL},
    {"{}", 200, "{\"a\":", FOB_E_PROTOCOL},
    {"{keep: {k: {from: /k, pattern: '[0-9]+'}}}", 200, "{\"access_token\":\"at\",\"k\":\"x\"}",
     FOB_E_SECURITY},
};

static size_t n;
static fob_provider *provider;

static fob_err find_identity(const struct fob_answer *answer, const fob_token *token)
{
    fob_auto_buf value = FOB_BUF(100);
    fob_answer_find(answer, "claim:access_token/tid", token, &value);
    return value.failed;
}

static fob_err read(const struct fob_answer_rule *rule, const struct fob_http_response *http,
                    struct fob_error *error)
{
    fob_auto_answer answer = {0};
    fob_auto_token *token = fob_token_new(), *user = fob_token_new();
    fob_auto_buf word = FOB_BUF(1000), description = FOB_BUF(1000);
    const char *name;
    bool there;
    if (!token || !user)
        return FOB_E_MEMORY;
    fob_err err = fob_answer_read(rule, http, &answer, error);
    if (err == FOB_OK)
        err = fob_answer_fault(rule, &answer, &word, &description);
    if (err == FOB_OK)
        err = fob_answer_error(rule, &answer, error);
    if (err == FOB_OK)
        err = fob_answer_token(rule, &answer, NOW, token, error);
    if (err == FOB_OK)
        err = fob_answer_keep(rule, &answer, NULL, &token->kept, error);
    if (err == FOB_OK)
        err = fob_answer_also(rule, &answer, 0, NOW, &name, &there, user, error);
    return err == FOB_OK ? find_identity(&answer, token) : err;
}

static fob_err run(void)
{
    static const struct fob_pair fields[] = {{"h", "hv"}, {"Set-Cookie", "s=cv"}};
    struct fob_answer_rule rule = refresh_rule_of(provider);
    struct fob_http_response http = http_answer(answers[n].status, fields, 2, answers[n].body);
    struct fob_error error = FOB_ERROR_INIT;
    fob_err err = read(&rule, &http, &error);
    if (err == FOB_E_MEMORY)
        return err;
    cr_assert_eq(err, answers[n].code, "%s: %s", answers[n].body, error.what);
    return FOB_OK;
}

Test(fault, an_answer_is_read_whole_or_out_of_memory_is_told)
{
    for (n = 0; n < N(answers); n++) {
        fob_auto_buf lines = FOB_BUF(1000);
        fob_buf_fmt(&lines, "token: {response: %s}", answers[n].response);
        provider = described(lines.data);
        fail_each_allocation(answers[n].response, run, 2);
        fob_provider_unref(&provider);
    }
}
