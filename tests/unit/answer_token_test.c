/* SPDX-License-Identifier: MIT */
/* core/answer_token.c, core/answer_ends.c: a token is where the descriptor says, and its end in whatever form. */
#include "answers.h"
#include "text.h"

#include <fob/limits.h>

/* {"exp":1700003600} */
#define JWT "e30.eyJleHAiOjE3MDAwMDM2MDB9.c2ln"

static const char *secret(const fob_secret *value)
{
    return value ? fob_secret_peek(value, NULL) : "(none)";
}

/* --- fields ------------------------------------------------------------------------------------------------- */

Test(fields, may_be_anywhere)
{
    fob_auto_token *token =
        token_of("token: {response: {fields: {access_token: /d/0/at, refresh_token: /d/0/rt, id_token: "
                 "/d/0/it, token_type: /t, "
                 "scope: /permissions, expires_in: /ends, refresh_token_expires_in: /rends}}}",
                 "{\"access_token\":\"no\",\"d\":[{\"at\":\"a\",\"rt\":\"r\",\"it\":\"i\"}],\"t\":\"mac\","
                 "\"permissions\":\"p "
                 "q\",\"ends\":60,\"rends\":120,\"expires_in\":1,\"scope\":\"no\"}");
    cr_expect_str_eq(secret(fob_token_access(token)), "a");
    cr_expect_str_eq(secret(fob_token_refresh(token)), "r");
    cr_expect_str_eq(secret(fob_token_id(token)), "i");
    cr_expect_str_eq(fob_token_type(token), "mac");
    cr_expect_str_eq(fob_token_scope(token), "p q");
    cr_expect_eq(fob_token_obtained_at(token), NOW);
    cr_expect_eq(fob_token_expires_at(token), NOW + 60000);
    cr_expect_eq(fob_token_refresh_expires_at(token), NOW + 120000);
}

#define TWO_SHAPES                                                                                           \
    "token: {response: {fields: {access_token: [/data/0/at, /at], scope: [/data/0/scope, "                   \
    "\"header:X-Scope\"]}}}"

Test(fields, may_be_in_one_of_several_places)
{
    static const char *const bodies[][2] = {
        {"{\"data\":[{\"at\":\"a\",\"scope\":[\"p\",\"q\"]}],\"at\":\"b\"}", "a p q"},
        {"{\"at\":\"b\"}", "b "},
        {"{\"data\":[],\"at\":\"b\"}", "b "},
        {"{\"data\":[{\"at\":null}],\"at\":\"b\"}", "b "}};
    for (size_t i = 0; i < N(bodies); i++) {
        char told[64];
        fob_auto_token *token = token_of(TWO_SHAPES, bodies[i][0]);
        snprintf(told, sizeof told, "%s %s", secret(fob_token_access(token)), fob_token_scope(token));
        cr_expect_str_eq(told, bodies[i][1], "%s", bodies[i][0]);
    }
}

Test(fields, in_none_of_several_places_are_not_there)
{
    struct fob_error error;
    cr_expect_eq(failure_of(TWO_SHAPES, 200, "{\"access_token\":\"no\"}", &error), FOB_E_PROTOCOL);
    cr_expect_str_eq(error.what, "the answer holds no access_token");
}

Test(fields, that_are_claims_of_each_other_are_not_there)
{
    struct fob_error error;
    cr_expect_eq(failure_of("token: {response: {fields: {access_token: [/a, \"claim:access_token/b\"]}}}",
                            200, "{\"c\":1}", &error),
                 FOB_E_PROTOCOL);
    cr_expect_eq(
        failure_of("token: {response: {fields: {access_token: [/a, \"claim:id_token/b\"], id_token: [/b, "
                   "\"claim:access_token/a\"]}}}",
                   200, "{\"c\":1}", &error),
        FOB_E_PROTOCOL);
}

Test(fields, that_are_not_there_leave_the_token_as_it_was)
{
    static const char *const bodies[] = {
        "{\"access_token\":\"new\"}",
        "{\"access_token\":\"new\",\"refresh_token\":null,\"id_token\":\"\",\"scope\":[],\"token_type\":7,"
        "\"expires_in\":null,\"expires_at\":\"\",\"refresh_token_expires_in\":-1,\"refresh_token_expires_"
        "at\":false}"};
    for (size_t i = 0; i < N(bodies); i++) {
        struct fob_answer_rule rule = {0};
        struct fob_http_response http = http_answer(200, NULL, 0, bodies[i]);
        fob_auto_token *token = fob_token_new();
        cr_assert_eq(fob_secret_new("rt", 2, &token->refresh, NULL), FOB_OK);
        cr_assert_eq(fob_secret_new("it", 2, &token->id, NULL), FOB_OK);
        fob_token_set(&token->scope, "a b", 3, NULL);
        token->expires_at = 5;
        token->refresh_expires_at = 7;
        cr_assert_eq(take(&rule, &http, token, NULL), FOB_OK);
        cr_expect_str_eq(secret(fob_token_access(token)), "new");
        cr_expect_str_eq(secret(fob_token_refresh(token)), "rt");
        cr_expect_str_eq(secret(fob_token_id(token)), "it");
        cr_expect_str_eq(fob_token_type(token), "Bearer");
        cr_expect_str_eq(fob_token_scope(token), "a b");
        cr_expect_eq(fob_token_expires_at(token), 5);
        cr_expect_eq(fob_token_refresh_expires_at(token), 7);
    }
}

Test(fields, without_an_access_token_are_an_error_that_names_the_place)
{
    struct fob_error error;
    cr_expect_eq(failure_of("token: {response: {fields: {access_token: /data/access_token}}}", 200,
                            "{\"access_token\":\"at\"}", &error),
                 FOB_E_PROTOCOL);
    cr_expect_str_eq(error.what, "the answer holds no access_token at /data/access_token");
    cr_expect_eq(failure_of("", 200, "[{\"access_token\":\"at\"}]", &error), FOB_E_PROTOCOL);
    cr_expect_str_eq(error.what, "the answer holds no access_token");
    cr_expect_eq(failure_of("token: {response: {format: text}}", 200, "at", &error), FOB_E_PROTOCOL);
}

Test(fields, with_characters_that_no_token_has_are_refused)
{
    static const char *const bodies[][2] = {
        {"{\"access_token\":\"a\\nb\"}", "access_token"},
        {"{\"access_token\":\"a\",\"refresh_token\":\"r\\u0007\"}", "refresh_token"},
        {"{\"access_token\":\"a\",\"id_token\":\"\xc3\xa4\"}", "id_token"}};
    for (size_t i = 0; i < N(bodies); i++) {
        struct fob_error error;
        cr_expect_eq(failure_of("", 200, bodies[i][0], &error), FOB_E_PROTOCOL);
        cr_expect(strstr(error.what, bodies[i][1]), "%s", error.what);
        cr_expect(strstr(error.what, "characters that no token may have"));
    }
}

Test(fields, longer_than_any_token_are_refused)
{
    fob_auto_buf body = FOB_BUF((size_t)FOB_MAX_RESPONSE);
    struct fob_error error;
    fob_buf_str(&body, "{\"access_token\":\"");
    for (int i = 0; i <= FOB_MAX_TOKEN; i++)
        fob_buf_char(&body, 'a');
    fob_buf_str(&body, "\"}");
    cr_assert_eq(failure_of("", 200, body.data, &error), FOB_E_LIMIT);
}

Test(fields, may_come_by_header_cookie_and_text)
{
    static const struct fob_pair fields[] = {{"X-Auth-Token", "ht"}, {"Set-Cookie", "rt=ct; Secure"}};
    fob_auto_provider *provider =
        described("token: {response: {format: text, fields: {access_token: 'header:x-auth-token', "
                  "refresh_token: 'cookie:rt', id_token: ''}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_http_response http = http_answer(200, fields, 2, " it \n");
    fob_auto_token *token = fob_token_new();
    cr_assert_eq(take(&rule, &http, token, NULL), FOB_OK);
    cr_expect_str_eq(secret(fob_token_access(token)), "ht");
    cr_expect_str_eq(secret(fob_token_refresh(token)), "ct");
    cr_expect_str_eq(secret(fob_token_id(token)), "it");
}

Test(fields, in_the_header_need_no_body)
{
    static const struct fob_pair fields[] = {{"X-Auth-Token", "ht"}};
    fob_auto_provider *provider =
        described("token: {response: {fields: {access_token: 'header:x-auth-token'}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_http_response http = http_answer(204, fields, 1, "");
    fob_auto_token *token = fob_token_new();
    cr_assert_eq(take(&rule, &http, token, NULL), FOB_OK);
    cr_expect_str_eq(secret(fob_token_access(token)), "ht");
}

Test(token_type, that_is_missing_or_odd_does_no_harm)
{
    static const char *const cases[][2] = {
        {"\"user\"", "user"},  {"\"User Access Token\"", "User Access Token"},
        {"null", "Bearer"},    {"\"\"", "Bearer"},
        {"[\"x\"]", "Bearer"}, {"\"b\\r\\nc\"", "b??c"}};
    for (size_t i = 0; i < N(cases); i++) {
        fob_auto_buf body = FOB_BUF(200);
        fob_buf_fmt(&body, "{\"access_token\":\"at\",\"token_type\":%s}", cases[i][0]);
        fob_auto_token *token = token_of("", body.data);
        cr_expect_str_eq(fob_token_type(token), cases[i][1]);
    }
}

/* --- scope -------------------------------------------------------------------------------------------------- */

Test(scope, is_given_by_spaces_however_it_was_written)
{
    static const char comma[] = "scopes: {separator: \",\"}",
                      own[] = "token: {response: {scope_separator: \";\"}}",
                      space[] = "token: {response: {scope_separator: \" \"}}\nscopes: {separator: \",\"}";
    static const char *const cases[][3] = {{"", "\"a b\"", "a b"},
                                           {"", "\" a  b \"", "a b"},
                                           {"", "\"a,b\"", "a b"},
                                           {"", "\"a, b\"", "a b"},
                                           {"", "\"a,b c\"", "a,b c"},
                                           {"", "\"a\"", "a"},
                                           {"", "[\"a\",\"b\"]", "a b"},
                                           {"", "[\"a b\",7,null,{}]", "a b 7"},
                                           {"", "\"a+b\"", "a+b"},
                                           {"", "\"a\\u001bb\"", "a?b"},
                                           {comma, "\"a,b\"", "a b"},
                                           {comma, "\"a, b\"", "a b"},
                                           {comma, "\"a b\"", "a b"},
                                           {own, "\"a;b,c\"", "a b,c"},
                                           {own, "[\"a;b\",\"c\"]", "a b c"},
                                           {space, "\"a,b c\"", "a,b c"}};
    for (size_t i = 0; i < N(cases); i++) {
        fob_auto_buf body = FOB_BUF(200);
        fob_buf_fmt(&body, "{\"access_token\":\"at\",\"scope\":%s}", cases[i][1]);
        fob_auto_token *token = token_of(cases[i][0], body.data);
        cr_expect_str_eq(fob_token_scope(token), cases[i][2], "%s %s: %s", cases[i][0], cases[i][1],
                         fob_token_scope(token));
    }
}

Test(scope, without_a_rule_is_read_by_spaces)
{
    struct fob_answer_rule rule = {0};
    struct fob_http_response http = http_answer(200, NULL, 0, "{\"access_token\":\"at\",\"scope\":\"a b\"}");
    fob_auto_token *token = fob_token_new();
    cr_assert_eq(take(&rule, &http, token, NULL), FOB_OK);
    cr_assert_str_eq(fob_token_scope(token), "a b");
}

/* --- ends --------------------------------------------------------------------------------------------------- */

struct end {
    const char *lines, *members; /* of the answer, behind access_token */
    int64_t at;
};

static void expect_ends(const struct end *ends, size_t n, int64_t (*end)(const fob_token *))
{
    for (size_t i = 0; i < n; i++) {
        fob_auto_buf body = FOB_BUF(500);
        fob_buf_fmt(&body, "{\"access_token\":\"%s\",\"refresh_token\":\"rt\"%s%s}", JWT,
                    *ends[i].members ? "," : "", ends[i].members);
        fob_auto_token *token = token_of(ends[i].lines, body.data);
        cr_expect_eq(end(token), ends[i].at, "%s %s: %lld", ends[i].lines, ends[i].members,
                     (long long)(end(token) - NOW));
    }
}

Test(ends, are_told_by_a_lifetime_in_its_unit)
{
#define UNIT(u) "token: {response: {expires_unit: " u "}}"
    static const struct end ends[] = {{"", "\"expires_in\":3600", NOW + HOUR},
                                      {"", "\"expires_in\":\"3600\"", NOW + HOUR},
                                      {"", "\"expires_in\":3599.5", NOW + 3599500},
                                      {"", "\"expires_in\":\"1h\"", NOW + HOUR},
                                      {"", "\"expires_in\":1e300", NOW + FOB_MAX_LIFETIME},
                                      {UNIT("s"), "\"expires_in\":5", NOW + 5000},
                                      {UNIT("ms"), "\"expires_in\":3600000", NOW + HOUR},
                                      {UNIT("ms"), "\"expires_in\":\"3600000\"", NOW + HOUR},
                                      {UNIT("ms"), "\"expires_in\":\"60d\"", NOW + 60 * DAY},
                                      {UNIT("min"), "\"expires_in\":60", NOW + HOUR},
                                      {UNIT("h"), "\"expires_in\":2", NOW + 2 * HOUR}};
#undef UNIT
    expect_ends(ends, N(ends), fob_token_expires_at);
}

Test(ends, are_told_by_a_time)
{
    static const struct end ends[] = {
        {"", "\"expires_at\":1700003600", NOW + HOUR},
        {"", "\"expires_at\":1700003600000", NOW + HOUR},
        {"", "\"expires_at\":\"1700003600\"", NOW + HOUR},
        {"", "\"expires_at\":\"2023-11-14T23:13:20Z\"", NOW + HOUR},
        {"", "\"expires_at\":\"2023-11-15T00:13:20.000+01:00\"", NOW + HOUR},
        {"", "\"expires_at\":\"2023-11-14 23:13:20\"", NOW + HOUR},
        {"", "\"expires_at\":1600000000", INT64_C(1600000000000)},
        {"", "\"expires_at\":\"9999-12-31T23:59:59Z\"", NOW + FOB_MAX_LIFETIME},
        {"", "\"expires_in\":60,\"expires_at\":1700003600", NOW + 60000},
        {"token: {response: {fields: {expires_at: /e}}}", "\"e\":1700003600", NOW + HOUR},
        {"token: {response: {fields: {expires_at: /e}}}", "\"expires_in\":60,\"e\":1700003600", NOW + HOUR},
        {"token: {response: {fields: {expires_at: /e}}}", "\"expires_in\":60", NOW + 60000},
        {"token: {response: {fields: {expires_at: /e, expires_in: /i}}}", "\"i\":60,\"e\":1700003600",
         NOW + 60000},
        {"token: {response: {fields: {expires_at: 'claim:access_token/exp'}}}", "", NOW + HOUR},
    };
    expect_ends(ends, N(ends), fob_token_expires_at);
}

Test(ends, that_are_zero_are_now_or_never)
{
    static const char never[] = "token: {response: {expires_zero: never}}\nlifetimes: {access_token: 1h}",
                      now[] = "token: {response: {expires_zero: now}}\nlifetimes: {access_token: 1h}";
    static const struct end ends[] = {{"", "\"expires_in\":0", NOW},
                                      {"", "\"expires_at\":0", NOW},
                                      {now, "\"expires_in\":\"0\"", NOW},
                                      {never, "\"expires_in\":0", 0},
                                      {never, "\"expires_in\":\"0\"", 0},
                                      {never, "\"expires_at\":0", 0},
                                      {never, "\"expires_in\":60", NOW + 60000},
                                      {never, "", NOW + HOUR}};
    expect_ends(ends, N(ends), fob_token_expires_at);
}

Test(ends, that_make_no_sense_are_not_told)
{
    static const char usual[] = "lifetimes: {access_token: 1h}";
    static const char *const odd[] = {
        "\"expires_in\":null",         "\"expires_in\":-1",
        "\"expires_in\":\"-1\"",       "\"expires_in\":\"\"",
        "\"expires_in\":\"soon\"",     "\"expires_in\":{}",
        "\"expires_in\":true",         "\"expires_at\":-1",
        "\"expires_at\":\"never\"",    "\"expires_at\":\"0001-01-01T00:00:00Z\"",
        "\"expires_at\":[1700003600]", ""};
    for (size_t i = 0; i < N(odd); i++) {
        const struct end ends[] = {{"", odd[i], 0}, {usual, odd[i], NOW + HOUR}};
        expect_ends(ends, N(ends), fob_token_expires_at);
    }
}

Test(ends, of_refresh_tokens_are_told_likewise)
{
    static const char both[] =
        "token: {response: {fields: {refresh_token_expires_at: /e}, expires_unit: min}}\n"
        "lifetimes: {refresh_token: 90d}";
    static const struct end ends[] = {
        {"", "\"refresh_token_expires_in\":3600", NOW + HOUR},
        {"", "\"refresh_token_expires_in\":\"1d\"", NOW + DAY},
        {"", "\"refresh_token_expires_at\":1700003600", NOW + HOUR},
        {"", "\"refresh_token_expires_in\":0", NOW},
        {"", "", 0},
        {both, "\"e\":\"2023-11-14T23:13:20Z\"", NOW + HOUR},
        {both, "\"refresh_token_expires_in\":60", NOW + HOUR},
        {both, "", NOW + 90 * DAY},
        {"token: {response: {fields: {refresh_token_expires_at: /e, refresh_token_expires_in: /i}}}",
         "\"i\":60,\"e\":1700007200", NOW + 60000}};
    expect_ends(ends, N(ends), fob_token_refresh_expires_at);
}

Test(ends, of_a_refresh_token_that_there_is_none_of_are_not_told)
{
    fob_auto_token *token = token_of("", "{\"access_token\":\"at\",\"refresh_token_expires_in\":60}");
    cr_expect_eq(fob_token_refresh_expires_at(token), 0);
}

Test(ends, of_a_refresh_token_that_came_before_do_not_move)
{
    static const struct {
        const char *refresh;
        int64_t before, after;
    } cases[] = {{"\"old\"", 7, 7}, {"\"new\"", 7, NOW + 90 * DAY}, {"null", 7, 7}};
    fob_auto_provider *provider = described("lifetimes: {refresh_token: 90d}");
    struct fob_answer_rule rule = rule_of(provider);
    for (size_t i = 0; i < N(cases); i++) {
        fob_auto_buf body = FOB_BUF(200);
        fob_auto_token *token = fob_token_new();
        fob_buf_fmt(&body, "{\"access_token\":\"at\",\"refresh_token\":%s}", cases[i].refresh);
        struct fob_http_response http = http_answer(200, NULL, 0, body.data);
        cr_assert_eq(fob_secret_new("old", 3, &token->refresh, NULL), FOB_OK);
        token->refresh_expires_at = cases[i].before;
        cr_assert_eq(take(&rule, &http, token, NULL), FOB_OK);
        cr_expect_eq(fob_token_refresh_expires_at(token), cases[i].after, "%s", cases[i].refresh);
    }
}

/* --- base --------------------------------------------------------------------------------------------------- */

Test(base, gives_the_fields_that_the_requests_own_rule_does_not)
{
    fob_auto_provider *provider = described(
        "token: {response: {fields: {access_token: /a, scope: /s}, expires_unit: h, scope_separator: ';'}}\n"
        "refresh: {response: {fields: {access_token: /b}, expires_unit: min}}");
    struct fob_answer_rule rule = refresh_rule_of(provider);
    struct fob_http_response http =
        http_answer(200, NULL, 0, "{\"a\":\"no\",\"b\":\"at\",\"s\":\"x;y\",\"expires_in\":60}");
    fob_auto_token *token = fob_token_new();
    cr_assert_eq(take(&rule, &http, token, NULL), FOB_OK);
    cr_expect_str_eq(secret(fob_token_access(token)), "at");
    cr_expect_str_eq(fob_token_scope(token), "x y");
    cr_expect_eq(fob_token_expires_at(token), NOW + HOUR);
}

/* --- also --------------------------------------------------------------------------------------------------- */

static const char also_lines[] = "token: {response: {expires_unit: min, also: {user: {access_token: /u/a, "
                                 "refresh_token: /u/r, scope: /u/s, expires_in: "
                                 "/u/e}, bot: {access_token: /b/a}}}}\n"
                                 "refresh: {response: {also: {bot: {access_token: /c/a}}}}";

static fob_err nth_also(const struct fob_answer_rule *rule, const char *body, size_t n, const char **ret_name,
                        bool *ret_there, fob_token *token)
{
    struct fob_http_response http = http_answer(200, NULL, 0, body);
    fob_auto_answer answer = {0};
    cr_assert_eq(fob_answer_read(rule, &http, &answer, NULL), FOB_OK);
    static char name[64];
    fob_err err = fob_answer_also(rule, &answer, n, NOW, ret_name, ret_there, token, NULL);
    if (*ret_name) /* it may be the answer's */
        snprintf(name, sizeof name, "%s", *ret_name);
    *ret_name = *ret_name ? name : NULL;
    return err;
}

Test(also, gives_the_tokens_that_came_with_the_first)
{
    static const char body[] =
        "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"u\":{\"a\":\"ua\",\"r\":\"ur\",\"s\":\"x,"
        "y\",\"e\":60}}";
    fob_auto_provider *provider = described(also_lines);
    struct fob_answer_rule rule = rule_of(provider);
    fob_auto_token *user = fob_token_new(), *bot = fob_token_new();
    const char *name;
    bool there;
    cr_assert_eq(nth_also(&rule, body, 0, &name, &there, user), FOB_OK);
    cr_assert(there);
    cr_expect_str_eq(name, "user");
    cr_expect_str_eq(secret(fob_token_access(user)), "ua");
    cr_expect_str_eq(secret(fob_token_refresh(user)), "ur");
    cr_expect_str_eq(fob_token_scope(user), "x y");
    cr_expect_eq(fob_token_expires_at(user), NOW + HOUR);
    cr_assert_eq(nth_also(&rule, body, 1, &name, &there, bot), FOB_OK);
    cr_expect_str_eq(name, "bot");
    cr_expect_not(there);
    cr_expect_null(fob_token_access(bot));
    cr_assert_eq(nth_also(&rule, body, 2, &name, &there, bot), FOB_OK);
    cr_expect_null(name);
    cr_expect_not(there);
}

Test(also, takes_nothing_from_the_standard_places)
{
    fob_auto_provider *provider = described(also_lines);
    struct fob_answer_rule rule = rule_of(provider);
    fob_auto_token *bot = fob_token_new();
    const char *name;
    bool there;
    cr_assert_eq(nth_also(&rule,
                          "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"expires_in\":60,\"scope\":"
                          "\"s\",\"b\":{\"a\":"
                          "\"ba\"}}",
                          1, &name, &there, bot),
                 FOB_OK);
    cr_assert(there);
    cr_expect_str_eq(secret(fob_token_access(bot)), "ba");
    cr_expect_null(fob_token_refresh(bot));
    cr_expect_str_eq(fob_token_scope(bot), "");
    cr_expect_eq(fob_token_expires_at(bot), 0);
}

#define EACH                                                                                                 \
    "token: {response: {also: {one: {access_token: /x}, service: {each: /others, name: /for/0, "             \
    "access_token: "                                                                                         \
    "[/t, /a], expires_in: /in}, last: {access_token: /l}}}}"

Test(also, gives_each_token_of_a_list_under_its_own_name)
{
    static const char body[] =
        "{\"x\":\"xa\",\"others\":[{\"for\":[\"a.example\"],\"a\":\"1\",\"in\":60},7,{\"a\":\"2\"},"
        "{\"for\":[\"c\"],\"t\":\"3\"}],\"a\":\"no\",\"l\":\"la\"}";
    static const char *const wanted[][2] = {{"one", "xa"}, {"a.example", "1"}, {"", "(none)"},  {"", "2"},
                                            {"c", "3"},    {"last", "la"},     {NULL, "(none)"}};
    fob_auto_provider *provider = described(EACH);
    struct fob_answer_rule rule = rule_of(provider);
    for (size_t i = 0; i < N(wanted); i++) {
        fob_auto_token *token = fob_token_new();
        const char *name;
        bool there;
        cr_assert_eq(nth_also(&rule, body, i, &name, &there, token), FOB_OK);
        cr_expect_eq(there, *wanted[i][1] != '(', "%zu", i);
        cr_expect_str_eq(secret(fob_token_access(token)), wanted[i][1], "%zu", i);
        cr_expect_eq(fob_token_expires_at(token), i == 1 ? NOW + 60000 : 0, "%zu", i);
        cr_expect_eq(name == NULL, wanted[i][0] == NULL, "%zu", i);
        if (name)
            cr_expect_str_eq(name, wanted[i][0]);
    }
}

Test(also, of_a_list_that_is_empty_or_none_gives_what_else_there_is)
{
    static const char *const bodies[] = {"{\"l\":\"la\"}", "{\"l\":\"la\",\"others\":[]}",
                                         "{\"l\":\"la\",\"others\":{\"a\":\"1\"}}"};
    fob_auto_provider *provider = described(EACH);
    struct fob_answer_rule rule = rule_of(provider);
    for (size_t i = 0; i < N(bodies); i++) {
        fob_auto_token *token = fob_token_new();
        const char *name;
        bool there;
        cr_assert_eq(nth_also(&rule, bodies[i], 1, &name, &there, token), FOB_OK);
        cr_expect_str_eq(name, "last");
        cr_expect_str_eq(secret(fob_token_access(token)), "la", "%s", bodies[i]);
    }
}

Test(also, is_the_requests_own_and_then_the_rest_of_the_base)
{
    fob_auto_provider *provider = described(also_lines);
    struct fob_answer_rule rule = refresh_rule_of(provider);
    static const char body[] = "{\"u\":{\"a\":\"ua\"},\"b\":{\"a\":\"ba\"},\"c\":{\"a\":\"ca\"}}";
    fob_auto_token *first = fob_token_new(), *second = fob_token_new();
    const char *name;
    bool there;
    cr_assert_eq(nth_also(&rule, body, 0, &name, &there, first), FOB_OK);
    cr_expect_str_eq(name, "bot");
    cr_expect_str_eq(secret(fob_token_access(first)), "ca");
    cr_assert_eq(nth_also(&rule, body, 1, &name, &there, second), FOB_OK);
    cr_expect_str_eq(name, "user");
    cr_expect_str_eq(secret(fob_token_access(second)), "ua");
    cr_assert_eq(nth_also(&rule, body, 2, &name, &there, second), FOB_OK);
    cr_expect_null(name);
}

Test(also, refuses_what_the_first_would_be_refused_for)
{
    fob_auto_provider *provider = described(also_lines);
    struct fob_answer_rule rule = rule_of(provider);
    fob_auto_token *token = fob_token_new();
    const char *name;
    bool there;
    cr_assert_eq(nth_also(&rule, "{\"u\":{\"a\":\"x\\ny\"}}", 0, &name, &there, token), FOB_E_PROTOCOL);
}
