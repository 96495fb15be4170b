/* SPDX-License-Identifier: MIT */
/* Each function gives what its standard or its line in the manual says, and nothing for what it cannot use. */
#include "cleanup.h"
#include "functions.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))

static struct fob_pair names[8];
static const struct fob_pair *callback;
static size_t n_callback;
static struct fob_entropy entropy;
static bool has_entropy = true;

static const char *look_up(void *user, const char *name)
{
    (void)user;
    for (size_t i = 0; i < N(names) && names[i].name; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].value;
    return NULL;
}

/* The value, or NULL when it has none. */
static const char *value_of(const char *text)
{
    static char out[2048];
    const struct fob_expression_env env = {.look_up = look_up,
                                           .callback = callback,
                                           .n_callback = n_callback,
                                           .entropy = has_entropy ? &entropy : NULL,
                                           .now = 1700000000999};
    fob_auto_buf value = FOB_BUF(sizeof out - 1);
    struct fob_error error = FOB_ERROR_INIT;
    bool missing = false;
    fob_err err = fob_expression_eval(text, strlen(text), &env, &value, &missing, &error);
    cr_assert_eq(err, FOB_OK, "%s: %s", text, error.what);
    cr_assert_eq(fob_buf_finish(&value, "it", NULL), FOB_OK);
    snprintf(out, sizeof out, "%s", value.data);
    return missing ? NULL : out;
}

static void give(const char *name, const char *value)
{
    size_t i = 0;
    while (names[i].name && strcmp(names[i].name, name) != 0)
        i++;
    names[i] = (struct fob_pair){name, value};
}

struct row {
    const char *text, *value; /* NULL: none */
};

static void expect_all(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *value = value_of(rows[i].text);
        cr_expect_eq(value == NULL, rows[i].value == NULL, "%s: %s", rows[i].text, value ? value : "none");
        if (value && rows[i].value)
            cr_expect_str_eq(value, rows[i].value, "%s: %s", rows[i].text, value);
    }
}

/* --- text --------------------------------------------------------------------------------------------------- */

Test(functions, change_and_join_texts)
{
    static const struct row rows[] = {
        {"concat('a', '', 'b')", "ab"},
        {"first('', 'b', 'c')", "b"},
        {"first('', '')", NULL},
        {"lower('AbZ-9 \xc3\x84[')", "abz-9 \xc3\x84["},
        {"upper('aBz-9 \xc3\xa4{')", "ABZ-9 \xc3\xa4{"},
        {"lower('@[`{AZ')", "@[`{az"},
        {"urlencode('a b/c?d=e&f~g.h-i_j')", "a%20b%2Fc%3Fd%3De%26f~g.h-i_j"},
        {"urlencode('\xc3\xa4+%')", "%C3%A4%2B%25"},
        {"urlencode('')", ""},
    };
    expect_all(rows, N(rows));
}

Test(functions, substr_takes_a_part_and_never_more_than_there_is)
{
    static const struct row rows[] = {
        {"substr('abcdef', 0)", "abcdef"},    {"substr('abcdef', 2)", "cdef"},
        {"substr('abcdef', 5)", "f"},         {"substr('abcdef', 6)", ""},
        {"substr('abcdef', 7)", ""},          {"substr('abcdef', 999999)", ""},
        {"substr('abcdef', 0, 3)", "abc"},    {"substr('abcdef', 2, 3)", "cde"},
        {"substr('abcdef', 2, 0)", ""},       {"substr('abcdef', 4, 3)", "ef"},
        {"substr('abcdef', 0, 6)", "abcdef"}, {"substr('abcdef', 0, 999999)", "abcdef"},
        {"substr('abcdef', 6, 1)", ""},       {"substr('', 0, 1)", ""},
        {"substr('abcdef', '1', '2')", "bc"}, {"substr('abcdef', 002)", "cdef"},
        {"substr('abcdef', 1000000)", NULL},  {"substr('abcdef', 0, 1000000)", NULL},
        {"substr('abcdef', '-1')", NULL},     {"substr('abcdef', '')", NULL},
        {"substr('abcdef', 'x')", NULL},      {"substr('abcdef', 0, 'x')", NULL},
        {"substr('abcdef', '1 ')", NULL},     {"substr('abcdef', 0, '')", NULL},
    };
    expect_all(rows, N(rows));
}

/* --- bytes -------------------------------------------------------------------------------------------------- */

Test(functions, base64_and_hex_are_those_of_rfc_4648_section_10)
{
    static const struct row rows[] = {
        {"base64('')", ""},
        {"base64('f')", "Zg=="},
        {"base64('fo')", "Zm8="},
        {"base64('foo')", "Zm9v"},
        {"base64('foob')", "Zm9vYg=="},
        {"base64('fooba')", "Zm9vYmE="},
        {"base64('foobar')", "Zm9vYmFy"},
        {"base64url('foob')", "Zm9vYg"},
        {"base64('~~~\?\?\?')", "fn5+Pz8/"},
        {"base64url('~~~\?\?\?')", "fn5-Pz8_"},
        {"hex('foobar')", "666f6f626172"},
        {"hex('')", ""},
        {"hex('\xff\x01')", "ff01"},
    };
    expect_all(rows, N(rows));
}

Test(functions, sha256_is_that_of_fips_180_4)
{
    static const struct row rows[] = {
        {"hex(sha256(''))", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"hex(sha256('abc'))", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"hex(sha256('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'))",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"base64url(sha256('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'))", /* RFC 7636 appendix B */
         "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
        {"hex(sha256(sha256('abc')))", "4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358"},
    };
    expect_all(rows, N(rows));
}

Test(functions, hmac_sha256_is_that_of_rfc_4231)
{
    static const struct {
        const char *key, *data, *mac;
    } cases[] = {
        {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18"
         "\x19",
         "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
         "\xcd"
         "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
         "\xcd",
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        give("key", cases[i].key);
        give("data", cases[i].data);
        cr_expect_str_eq(value_of("hex(hmac_sha256(key, data))"), cases[i].mac, "test case %zu", i + 1);
    }
    static char key[132];
    memset(key, 0xaa, 131);
    give("key", key);
    give("data", "Test Using Larger Than Block-Size Key - Hash Key First");
    cr_expect_str_eq(value_of("hex(hmac_sha256(key, data))"),
                     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", "test case 6");
    cr_expect_str_eq(value_of("hex(hmac_sha256('', ''))"),
                     "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* --- looking into things ------------------------------------------------------------------------------------ */

Test(functions, host_of_gives_the_host_as_it_is_written)
{
    static const struct row rows[] = {
        {"host_of('https://acme.example/a?b#c')", "acme.example"},
        {"host_of('https://acme.example:8443')", "acme.example:8443"},
        {"host_of('https://[::1]:80/a')", "[::1]:80"},
        {"host_of('https://[2001:db8::1]')", "[2001:db8::1]"},
        {"host_of('HTTP://Acme.Example/')", "Acme.Example"},
        {"host_of('https://acme.example:/')", "acme.example"},
        {"host_of('acme.example')", NULL},
        {"host_of('/a')", NULL},
        {"host_of('')", NULL},
        {"host_of('https://')", NULL},
        {"host_of('https://a b/')", NULL},
    };
    expect_all(rows, N(rows));
}

/* {"sub":"u-1","n":7,"ok":true,"real":1.5,"list":["a",{"b":"c"}],"a/b":"slash","null":null} */
#define CLAIMS                                                                                               \
    "eyJzdWIiOiJ1LTEiLCJuIjo3LCJvayI6dHJ1ZSwicmVhbCI6MS41LCJsaXN0IjpbImEiLHsiYiI6ImMifV0sImEvYiI6InNsYXNo"   \
    "IiwibnVsbCI6bnVsbH0"

Test(functions, claim_and_pointer_give_one_value)
{
    give("jwt", "e30." CLAIMS ".c2ln");
    give("json", "{\"sub\":\"u-1\",\"n\":7,\"ok\":true,\"real\":1.5,\"list\":[\"a\",{\"b\":\"c\"}],\"a/b\":"
                 "\"slash\",\"null\":null}");
    static const struct row rows[] = {
        {"/sub", "u-1"},    {"/n", "7"},         {"/ok", "true"}, {"/real", "1.5"}, {"/list/0", "a"},
        {"/list/1/b", "c"}, {"/a~1b", "slash"},  {"/null", NULL}, {"/list", NULL},  {"/list/2", NULL},
        {"/none", NULL},    {"/sub/more", NULL}, {"", NULL},
    };
    char text[64];
    for (size_t i = 0; i < N(rows); i++) {
        snprintf(text, sizeof text, "claim(jwt, '%s')", rows[i].text);
        expect_all(&(struct row){text, rows[i].value}, 1);
        snprintf(text, sizeof text, "pointer(json, '%s')", rows[i].text);
        expect_all(&(struct row){text, rows[i].value}, 1);
    }
}

Test(functions, claim_of_what_is_no_jwt_has_no_value)
{
    static const char *const broken[] = {"",
                                         "e30",
                                         "e30." CLAIMS,
                                         "." CLAIMS,
                                         "e30.!!!.c2ln",
                                         "e30..c2ln",
                                         "e30.e30x.c2ln",
                                         "e30.W10.c2ln",              /* [] */
                                         "e30.InUtMSI.c2ln",          /* "u-1" */
                                         "e30.eyJzdWIiOiJ1LTEi.c2ln", /* cut off */
                                         "e30.eyJzdWIiOiIxIiwic3ViIjoiMiJ9.c2ln" /* the same key twice */};
    for (size_t i = 0; i < N(broken); i++) {
        give("jwt", broken[i]);
        cr_expect_null(value_of("claim(jwt, '/sub')"), "%s", broken[i]);
    }
    give("jwt", "." CLAIMS ".");
    cr_expect_str_eq(value_of("claim(jwt, '/sub')"), "u-1", "neither header nor signature is looked at");
}

Test(functions, pointer_into_what_is_no_json_has_no_value)
{
    static const char *const broken[] = {
        "",
        "{",
        "{\"a\":1,\"a\":2}",
        "{'a':1}",
        "nonsense",
        "{\"a\":1}x",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"};
    for (size_t i = 0; i < N(broken); i++) {
        give("json", broken[i]);
        cr_expect_null(value_of("pointer(json, '/a')"), "%s", broken[i]);
    }
    give("json", "\"text\"");
    cr_expect_str_eq(value_of("pointer(json, '')"), "text", "any value is JSON");
}

/* --- the callback ------------------------------------------------------------------------------------------- */

static void come_back(const struct fob_pair *fields, size_t n)
{
    callback = fields;
    n_callback = n;
}

/* The example in Shopify's documentation: the client secret is "hush". */
Test(functions, sorted_query_is_what_shopify_signs)
{
    static const struct fob_pair fields[] = {
        {"code", "0907a61c0c8d55e99db179b68161bc00"},
        {"hmac", "700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf"},
        {"timestamp", "1337178173"},
        {"state", "0.6784241404160823"},
        {"shop", "some-shop.myshopify.com"}};
    come_back(fields, N(fields));
    give("client_secret", "hush");
    cr_expect_str_eq(value_of("sorted_query('hmac', 'signature')"),
                     "code=0907a61c0c8d55e99db179b68161bc00&shop=some-shop.myshopify.com&state=0."
                     "6784241404160823&timestamp=1337178173");
    cr_expect_str_eq(value_of("hex(hmac_sha256(client_secret, sorted_query('hmac', 'signature')))"),
                     fields[1].value);
    give("client_secret", "hash");
    cr_expect_str_neq(value_of("hex(hmac_sha256(client_secret, sorted_query('hmac')))"), fields[1].value);
}

Test(functions, sorted_query_sorts_by_bytes_and_leaves_out_what_it_is_told)
{
    static const struct fob_pair fields[] = {{"b", "2"}, {"B", "1 &="}, {"a_b", "x"}, {"a", ""}, {"ab", "y"}};
    come_back(fields, N(fields));
    cr_expect_str_eq(value_of("sorted_query()"), "B=1 &=&a=&a_b=x&ab=y&b=2");
    cr_expect_str_eq(value_of("sorted_query('b')"), "B=1 &=&a=&a_b=x&ab=y");
    cr_expect_str_eq(value_of("sorted_query('a', 'b', 'B', 'none', 'a_b')"), "ab=y");
    cr_expect_str_eq(value_of("sorted_query('a', 'b', 'B', 'ab', 'a_b')"), "", "all of them");
    come_back(NULL, 0);
    cr_expect_null(value_of("sorted_query()"), "nothing came back");
}

/* --- time and chance ---------------------------------------------------------------------------------------- */

Test(functions, time_is_the_flows)
{
    static const struct row rows[] = {{"now()", "1700000000"}, {"now_ms()", "1700000000999"}};
    expect_all(rows, N(rows));
}

static void seed(void)
{
    static const unsigned char bytes[FOB_FLOW_SEED] = "thirty-two bytes to begin from..";
    fob_entropy_init(&entropy, bytes);
}

Test(functions, random_gives_as_many_bytes_as_asked_and_others_each_time, .init = seed)
{
    char before[256];
    cr_expect_eq(strlen(value_of("random(1)")), 2);
    cr_expect_eq(strlen(value_of("random(64)")), 128);
    snprintf(before, sizeof before, "%s", value_of("random(16)"));
    cr_expect_eq(strlen(before), 32);
    cr_expect_eq(strspn(before, "0123456789abcdef"), 32);
    cr_expect_str_neq(value_of("random(16)"), before);
    static const struct row none[] = {
        {"random(0)", NULL}, {"random(65)", NULL}, {"random('x')", NULL}, {"random('')", NULL}};
    expect_all(none, N(none));
}

/* RFC 9562 section 5.4: version 4 and variant 10. */
Test(functions, uuid_is_one_of_version_4, .init = seed)
{
    char before[64] = "";
    for (int i = 0; i < 100; i++) {
        const char *uuid = value_of("uuid()");
        cr_assert_eq(strlen(uuid), 36);
        for (size_t k = 0; k < 36; k++)
            cr_expect_eq(uuid[k] == '-', k == 8 || k == 13 || k == 18 || k == 23, "%s", uuid);
        cr_expect_eq(strspn(uuid, "0123456789abcdef-"), 36, "%s", uuid);
        cr_expect_eq(uuid[14], '4', "%s", uuid);
        cr_expect(strchr("89ab", uuid[19]), "%s", uuid);
        cr_expect_str_neq(uuid, before);
        snprintf(before, sizeof before, "%s", uuid);
    }
}

Test(functions, without_chance_there_is_none)
{
    has_entropy = false;
    cr_expect_null(value_of("uuid()"));
    cr_expect_null(value_of("random(16)"));
}

/* --- the table ---------------------------------------------------------------------------------------------- */

Test(functions, are_found_by_their_whole_name)
{
    cr_expect_str_eq(fob_function_find("lower(", 5)->name, "lower");
    cr_expect_null(fob_function_find("lower", 4));
    cr_expect_null(fob_function_find("lowers", 6));
    cr_expect_null(fob_function_find("", 0));
    cr_expect_null(fob_function_find("Lower", 5));
    for (const struct fob_function *f = fob_functions; f->name; f++) {
        cr_expect_eq(fob_function_find(f->name, strlen(f->name)), f, "%s is there once", f->name);
        cr_expect(f->min_args <= f->max_args && f->max_args <= FOB_MAX_ARGUMENTS, "%s", f->name);
        cr_expect(f->call && *f->doc && strncmp(f->usage, f->name, strlen(f->name)) == 0, "%s", f->name);
        cr_expect(f->gives_bytes == f->hashes, "%s: what hashes gives bytes", f->name);
    }
}
