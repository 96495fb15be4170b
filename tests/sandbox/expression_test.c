/* SPDX-License-Identifier: MIT */
/* Templates mean what docs/design/descriptor.md says. */
#include "expression.h"

#include <criterion/criterion.h>
#include <string.h>

static struct facts some_facts(void)
{
    return (struct facts){
        .names = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "client_id", "abc", "client_secret", "key",
                           "kept.host", "https://a.example:8443/b?c", "empty", "", "json",
                           "{\"a\":[{\"b\":7}]}", "jwt", "e30.eyJzdWIiOiJ1MSIsIm9rIjp0cnVlfQ.x"),
        .callback = json_pack("{s:s, s:s, s:s}", "b", "2 3", "hmac", "x", "a", "1"),
        .now_ms = 1700000000123,
    };
}

static void drop(struct facts *facts)
{
    json_decref(facts->names);
    json_decref(facts->callback);
}

static void expect_text(const char *template, const char *wanted)
{
    struct facts facts = some_facts();
    char *text = expression_text(template, &facts);
    cr_expect_not_null(text, "%s", template);
    if (text)
        cr_expect_str_eq(text, wanted, "%s gave %s", template, text);
    text_drop(&text);
    drop(&facts);
}

static void expect_outcome(const char *template, enum filled wanted)
{
    struct facts facts = some_facts();
    struct text out = {0};
    enum filled outcome = expression_fill(template, &facts, &out);
    cr_expect_eq(outcome, wanted, "%s gave %d", template, (int)outcome);
    text_free(&out);
    drop(&facts);
}

Test(expression, names_and_braces_are_filled_in)
{
    expect_text("plain", "plain");
    expect_text("", "");
    expect_text("a{client_id}b{client_id}", "aabcbabc");
    expect_text("{{{client_id}}}", "{abc}");
    expect_text("{kept.host}", "https://a.example:8443/b?c");
}

Test(expression, functions_give_text)
{
    expect_text("{concat(client_id, ':', 7)}", "abc:7");
    expect_text("{first(code, empty, client_id)}", "abc");
    expect_text("{upper(lower('aBc'))}", "ABC");
    expect_text("{substr(client_id, 1, 5)}", "bc");
    expect_text("{urlencode('a b/c')}", "a%20b%2Fc");
    expect_text("{base64('a>?')}", "YT4/");
    expect_text("{base64url('a>?a')}", "YT4_YQ");
    expect_text("{hex('AZ')}", "415a");
    expect_text("{host_of(kept.host)}", "a.example:8443");
    expect_text("{claim(jwt, '/sub')}{claim(jwt, '/ok')}", "u1true");
    expect_text("{pointer(json, '/a/0/b')}", "7");
    expect_text("{now()} {now_ms()}", "1700000000 1700000000123");
    expect_text("{ concat( 'a}' , '{' ) }", "a}{");
}

/* RFC 4231 section 4.3 and FIPS 180-2 appendix B.1. */
Test(expression, digests_are_the_known_ones)
{
    expect_text("{hex(hmac_sha256('Jefe', 'what do ya want for nothing?'))}",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    expect_text("{hex(sha256('abc'))}", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

Test(expression, the_callback_is_sorted_without_what_is_named)
{
    expect_text("{sorted_query('hmac')}", "a=1&b=2 3");
    expect_text("{sorted_query()}", "a=1&b=2 3&hmac=x");
    expect_outcome("{sorted_query('a', 'b', 'hmac')}", FILLED_NOT);
}

Test(expression, without_a_value_is_left_out)
{
    expect_outcome("{code}", FILLED_NOT);
    expect_outcome("{empty}", FILLED_NOT);
    expect_outcome("a{client_id}{code}", FILLED_NOT);
    expect_outcome("{hex(sha256(concat(client_id, code)))}", FILLED_NOT);
    expect_outcome("{first(code, empty)}", FILLED_NOT);
    expect_outcome("{pointer(json, '/a/1')}", FILLED_NOT);
    expect_outcome("{pointer(client_id, '/a')}", FILLED_NOT);
    expect_outcome("{claim(client_id, '/sub')}", FILLED_NOT);
}

Test(expression, by_chance_is_known_to_be_so)
{
    expect_outcome("{random(16)}", FILLED_BY_CHANCE);
    expect_outcome("{uuid()}", FILLED_BY_CHANCE);
    expect_outcome("{concat(client_id, uuid())}", FILLED_BY_CHANCE);
    expect_outcome("{concat(code, uuid())}", FILLED_NOT);
}

Test(expression, that_is_none_is_told)
{
    const char *const bad[] = {
        "{md5(client_id)}",   "{sha256()}", "{substr(client_id, 1)}", "{client_id", "{}",
        "{concat(client_id}", "{'a}",       "{client_id client_id}",  "{now(1)}",   "{(client_id)}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_outcome(bad[i], FILLED_BADLY);
}

Test(expression, can_be_looked_at)
{
    char *alone = expression_alone("{code}"), *constant = expression_constant("a{{b}}");
    cr_expect_str_eq(alone, "code");
    cr_expect_str_eq(constant, "a{b}");
    cr_expect_null(expression_alone("{code}x"));
    cr_expect_null(expression_alone("{{code}}"));
    cr_expect_null(expression_constant("a{b}"));
    cr_expect(expression_mentions("x{hex(sha256(concat(client_secret, '|')))}", "client_secret"));
    cr_expect(expression_mentions("{kept.host}", "kept."));
    cr_expect_not(expression_mentions("{concat('client_secret', client_secrets)}", "client_secret"));
    cr_expect_not(expression_mentions("client_secret {{client_secret}}", "client_secret"));
    text_drop(&alone);
    text_drop(&constant);
}
