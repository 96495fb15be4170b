/* SPDX-License-Identifier: MIT */
/* What Alipay's signatures cover, one that Alipay made, and flows whose answers are signed, unsigned and altered. */
#include "alipay.h"
#include "jose_keys.h"
#include "linked_plugin.h"

static struct fob_error error;

/* --- what is signed ----------------------------------------------------------------------------------------- */

/* The example of Alipay's page on signing without an SDK. */
Test(content, is_what_alipay_documents)
{
    struct fob_pair params[] = {
        {"app_id", "2014072300007148"},
        {"method", "alipay.mobile.public.menu.add"},
        {"charset", "GBK"},
        {"sign_type", "RSA2"},
        {"timestamp", "2014-07-24 03:07:50"},
        {"biz_content", "{\"button\":[{\"actionParam\":\"ZFB_HFCZ\",\"name\":\"话费充值\"}]}"},
        {"sign", "e9zEAe4TTQ4LPLQvETPoLGXTiURcxiAKfMVQ6Hrrsx2hmyIEGvSfAQ=="},
        {"notify_url", ""},
        {"version", "1.0"}};
    fob_auto_free char *content = alipay_content(params, COUNT(params));
    cr_expect_str_eq(
        content, "app_id=2014072300007148&biz_content={\"button\":[{\"actionParam\":\"ZFB_HFCZ\",\"name\":"
                 "\"话费充值\"}]}&charset=GBK&method=alipay.mobile.public.menu.add&sign_type=RSA2&"
                 "timestamp=2014-07-24 03:07:50&version=1.0");
}

Test(content, of_nothing_is_empty)
{
    struct fob_pair empty[] = {{"sign", "x"}, {"a", ""}};
    fob_auto_free char *none = alipay_content(NULL, 0), *left_out = alipay_content(empty, COUNT(empty));
    cr_expect_str_eq(none, "");
    cr_expect_str_eq(left_out, "");
}

Test(content, has_the_time_in_china)
{
    char out[ALIPAY_TIME_SIZE];
    alipay_time(1406142470000, out);
    cr_expect_str_eq(out, "2014-07-24 03:07:50");
    alipay_time(1709223599999, out); /* 2024-02-29 16:19:59 UTC */
    cr_expect_str_eq(out, "2024-03-01 00:19:59");
}

/* --- the signed part of an answer --------------------------------------------------------------------------- */

static const struct {
    const char *json, *name, *part, *sign;
} found[] = {
    {"{\"a_response\":{\"b\":1},\"sign\":\"c2lnbg==\"}", "a_response", "{\"b\":1}", "c2lnbg=="},
    {"{\"sign\":\"x\",\"a_response\":{}}", "a_response", "{}", "x"},
    {" {\n\"a_response\" : { \"b\" : { } } , \"alipay_cert_sn\":\"5b\", \"sign\" : \"x\" }\n", "a_response",
     "{ \"b\" : { } }", "x"},
    {"{\"a_response\":{\"b\":\"}\\\"{\\\\\"},\"sign\":\"x\"}", "a_response", "{\"b\":\"}\\\"{\\\\\"}", "x"},
    {"{\"a_response\":{\"u\":\"https:\\/\\/e.example\"},\"sign\":\"x\"}", "a_response",
     "{\"u\":\"https:\\/\\/e.example\"}", "x"},
    {"{\"error_response\":{\"code\":\"20000\"}}", "error_response", "{\"code\":\"20000\"}", NULL},
};

static bool same(const char *at, size_t len, const char *expected)
{
    return expected ? at && len == strlen(expected) && memcmp(at, expected, len) == 0 : !at;
}

Test(find, gives_the_very_bytes)
{
    for (size_t i = 0; i < COUNT(found); i++) {
        struct alipay_answer answer;
        cr_assert(alipay_find(found[i].json, strlen(found[i].json), &answer), "%s", found[i].json);
        cr_expect(same(answer.name, answer.name_len, found[i].name), "%s", found[i].json);
        cr_expect(same(answer.signed_part, answer.signed_len, found[i].part), "%s", found[i].json);
        cr_expect(same(answer.sign, answer.sign_len, found[i].sign), "%s", found[i].json);
    }
}

static const char *const lost[] = {
    "",
    "{",
    "{}",
    "[]",
    "<html>",
    "{\"sign\":\"x\"}",
    "{\"a_response\":1,\"sign\":\"x\"}",
    "{\"a_response\":[{}],\"sign\":\"x\"}",
    "{\"a_response\":\"{}\",\"sign\":\"x\"}",
    "{\"a_response\":{},\"sign\":7}",
    "{\"a_response\":{},\"sign\":\"x\",\"sign\":\"y\"}",
    "{\"a_response\":{},\"b_response\":{},\"sign\":\"x\"}",
    "{\"a_response\":{},\"a_response\":{},\"sign\":\"x\"}",
    "{\"a_response\":{},\"a\\u005fresponse\":{},\"sign\":\"x\"}",
    "{\"a\\u005fresponse\":{},\"sign\":\"x\"}",
    "{\"a_response\":{},\"sign\":\"x\\/y\"}",
    "{\"a_response\":{},\"other\":1,\"sign\":\"x\"}",
    "{\"a_response\":{\"b\":\"},\"sign\":\"x\"}",
    "{\"a_response\":{{},\"sign\":\"x\"}",
    "{\"a_response\":{},\"sign\":\"x",
    "{\"a_response\":{},\"sign\":\"x\\",
    "{\"a_response\":{},\"sign\":\"x\"",
    "{\"a_response\":{},",
    "{\"a_response\"{},\"sign\":\"x\"}",
};

/* Read from memory that ends with the text. */
Test(find, refuses_what_another_reader_might_read_otherwise)
{
    for (size_t i = 0; i < COUNT(lost); i++) {
        struct alipay_answer answer;
        size_t len = strlen(lost[i]);
        fob_auto_free char *copy = malloc(len ? len : 1);
        cr_assert_not_null(copy);
        memcpy(copy, lost[i], len);
        cr_expect_not(alipay_find(copy, len, &answer), "%s", lost[i]);
    }
}

/* --- RSA2 --------------------------------------------------------------------------------------------------- */

/* An answer of Alipay's test gateway and the key it was signed with, as they stand in the tests of Alipay's own SDK. */
#define GATEWAY_KEY                                                                                          \
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnaESDeU3bC5Vz03iwa8SlSVFoXkzf5ilLvTvS4j/GlcZwI/p/"          \
    "J7D32i6/1d/8ZZSxbb2fmVbScVP8CSZKRV7s+acumKlJHf5WV0nYgRJqjImI58AwsE37jYBjgKjVGyV9XOCMkS5vlKv4GSqITmHkI"  \
    "xT1fFhNvwrB1LUyaZfqOcE5ZiP/VOwAZFJsxh7+CGL+eNw6iSRH4OSSQq5M97uJPfzHrIMn7pG6J6Icsoi3aRX1HqxA9X+"         \
    "01D4OeDJhcTXTwVJxzGHunjKuU5+BKYNNGuY/WBr1BWF4gfvsIDJoGP1uhwHh5mKYM9t9CCh+9wRbERGRhvBGsg/"               \
    "gdVsdJlfFQIDAQAB"
#define GATEWAY_PART                                                                                         \
    "{\"code\":\"40003\",\"msg\":\"Insufficient "                                                            \
    "Conditions\",\"sub_code\":\"isv.decryption-error-unknown\",\"sub_msg\":\"解密出错, 未知错误\"}"
#define GATEWAY_SIGN                                                                                         \
    "fpPCfGS+MLqJzK0Q/W61pNMXMLBogtCxyl0ZiEtOzTKWZBC7hiXe9AGOML0hoXQkJshlRgz8dUPvQNapuZff5TNu16/Va/"         \
    "4bnwLW1V1Og7KaAYlD9jbQPFLJv+YFM3SAXmylLVMatKMbEy2Cb3vn6FVpDrqTspUjhcPH7ACUirIcriFR+"                    \
    "FhT9yGypLeOm2wYto0t59H5k5FlcsepdUReBcXP0UbglwjUOHh9TX3/"                                                \
    "VNQk3s6zoxhUC4ep570gmycEHwg4H1lSJky8M/FADUBr3gd8rynz3S+CbfPaOJoGKraeSzR2iA1bIu1fUN7GjI1wZjR8PfiQI2joNn" \
    "+Z9OxUgw=="

static enum alipay_result verify(const char *key, const char *part, const char *sign)
{
    return alipay_verify(key, part, strlen(part), sign, strlen(sign));
}

Test(rsa2, an_answer_of_alipay_is_verified)
{
    static const char whole[] =
        "{\"alipay_security_risk_content_analyze_response\":" GATEWAY_PART ",\"sign\":\"" GATEWAY_SIGN "\"}";
    struct alipay_answer answer;
    cr_assert(alipay_find(whole, sizeof whole - 1, &answer));
    cr_expect_eq(
        alipay_verify(GATEWAY_KEY, answer.signed_part, answer.signed_len, answer.sign, answer.sign_len),
        ALIPAY_OK);
}

Test(rsa2, what_was_altered_is_not)
{
    cr_expect_eq(verify(GATEWAY_KEY, GATEWAY_PART, GATEWAY_SIGN), ALIPAY_OK);
    cr_expect_eq(verify(GATEWAY_KEY, GATEWAY_PART " ", GATEWAY_SIGN), ALIPAY_BAD_SIGNATURE);
    static const char *const signs[] = {"",         "=",    "====",           "AAAA",
                                        "c2lnbg==", "!!!!", "f" GATEWAY_SIGN, GATEWAY_SIGN "AAAA"};
    for (size_t i = 0; i < COUNT(signs); i++)
        cr_expect_eq(verify(GATEWAY_KEY, GATEWAY_PART, signs[i]), ALIPAY_BAD_SIGNATURE, "%s", signs[i]);
}

Test(rsa2, a_key_that_is_none_is_told)
{
    static const char *const keys[] = {"",     "MIIB",      "AAAA", "-----BEGIN PUBLIC KEY-----",
                                       "====", GATEWAY_SIGN};
    for (size_t i = 0; i < COUNT(keys); i++)
        cr_expect_eq(verify(keys[i], GATEWAY_PART, GATEWAY_SIGN), ALIPAY_BAD_KEY, "%s", keys[i]);
}

Test(rsa2, what_is_signed_is_verified_with_the_other_half)
{
    static const char *const kinds[] = {"RSA-2048", "RSA-3072"};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        char sign[ALIPAY_SIGN_SIZE];
        EVP_PKEY *key = make_key(kinds[i]), *other = make_key(kinds[i]);
        fob_auto_free char *pkcs8 = as_pkcs8(key, NULL), *pkcs1 = as_traditional(key, NULL),
                           *public = as_bare_public(key), *wrong = as_bare_public(other);
        cr_expect_eq(alipay_sign(pkcs8, "a=b", sign), ALIPAY_OK);
        cr_expect_eq(verify(public, "a=b", sign), ALIPAY_OK);
        cr_expect_eq(verify(public, "a=c", sign), ALIPAY_BAD_SIGNATURE);
        cr_expect_eq(verify(wrong, "a=b", sign), ALIPAY_BAD_SIGNATURE);
        cr_expect_eq(alipay_sign(pkcs1, "a=c", sign), ALIPAY_OK);
        cr_expect_eq(verify(public, "a=c", sign), ALIPAY_OK);
        EVP_PKEY_free(key);
        EVP_PKEY_free(other);
    }
}

Test(rsa2, a_key_that_cannot_sign_is_told)
{
    static const char *const kinds[] = {"RSA-1024", "EC-P-256", "RSA-PSS-2048", "ED25519"};
    char sign[ALIPAY_SIGN_SIZE];
    for (size_t i = 0; i < COUNT(kinds); i++) {
        EVP_PKEY *key = make_key(kinds[i]);
        fob_auto_free char *pem = as_pkcs8(key, NULL);
        cr_expect_eq(alipay_sign(pem, "a=b", sign), ALIPAY_BAD_KEY, "%s", kinds[i]);
        EVP_PKEY_free(key);
    }
    EVP_PKEY *key = make_key("RSA-2048");
    fob_auto_free char *locked = as_pkcs8(key, "word"), *public = as_public(key);
    cr_expect_eq(alipay_sign(locked, "a=b", sign), ALIPAY_BAD_KEY);
    cr_expect_eq(alipay_sign(public, "a=b", sign), ALIPAY_BAD_KEY);
    cr_expect_eq(alipay_sign("", "a=b", sign), ALIPAY_BAD_KEY);
    EVP_PKEY_free(key);
}

/* --- flows -------------------------------------------------------------------------------------------------- */

static EVP_PKEY *app, *alipay;
static char *app_key, *alipay_key, *alipay_public;

static void begin(void)
{
    app = make_key("RSA-2048");
    alipay = make_key("RSA-2048");
    app_key = as_pkcs8(app, NULL);
    alipay_key = as_pkcs8(alipay, NULL);
    alipay_public = as_bare_public(alipay);
    hold_a_token();
}

static void end(void)
{
    EVP_PKEY_free(app);
    EVP_PKEY_free(alipay);
    free(app_key);
    free(alipay_key);
    free(alipay_public);
    let_go();
}

#define STAGE .init = begin, .fini = end

#define TOKEN                                                                                                \
    "{\"user_id\":\"2088102150477652\",\"access_token\":\"at-2\",\"expires_in\":\"3600\",\"refresh_token\":" \
    "\"rt-2\",\"re_expires_in\":\"7200\",\"u\":\"\\/\"}"

static char reply[4096];

static void reply_signed(const char *name, const char *part, const char *other_part)
{
    char sign[ALIPAY_SIGN_SIZE];
    cr_assert_eq(alipay_sign(alipay_key, part, sign), ALIPAY_OK);
    snprintf(reply, sizeof reply, "{\"%s\":%s,\"sign\":\"%s\"}", name, other_part, sign);
    body = reply;
}

static fob_err run(const char *key, const char *public, const char *more, fob_flow **ret)
{
    const struct fob_pair variables[] = {{"alipay_public_key", public}};
    fob_auto_provider *provider = bundled("alipay", more);
    fob_auto_secret *secret = NULL;
    fob_auto_client *client = NULL;
    if (key)
        cr_assert_eq(fob_secret_new(key, strlen(key), &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new_with_key("2014072300007148", NULL, secret, &client, NULL), FOB_OK);
    struct fob_flow_params params = params_for(provider, client, NULL);
    params.variables = variables;
    params.n_variables = 1;
    forget_sent();
    cr_assert_eq(refresh_held(&params, ret, &error), FOB_OK, "%s", error.what);
    return drive(*ret, &error);
}

static fob_err refresh(void)
{
    fob_auto_flow *flow = NULL;
    return run(app_key, alipay_public, "", &flow);
}

/* The decoded value of a form's field. */
static char *sent(const char *name)
{
    char start[64];
    snprintf(start, sizeof start, "%s=", name);
    const char *at = strstr(sent_body, start);
    cr_assert_not_null(at, "%s is not in %s", name, sent_body);
    at += strlen(start);
    char *out = calloc(1, strcspn(at, "&") + 1), *to = out;
    cr_assert_not_null(out);
    for (; *at && *at != '&'; at++) {
        if (*at == '%') {
            *to++ = (char)(fob_hex_digit(at[1]) * 16 + fob_hex_digit(at[2]));
            at += 2;
        } else {
            *to++ = (char)(*at == '+' ? ' ' : *at);
        }
    }
    return out;
}

Test(alipay, signs_all_that_is_sent_and_takes_a_signed_answer, STAGE)
{
    fob_auto_flow *flow = NULL;
    reply_signed("alipay_system_oauth_token_response", TOKEN, TOKEN);
    cr_assert_eq(run(app_key, alipay_public, "", &flow), FOB_OK, "%s", error.what);
    fob_token *token = fob_flow_token(flow);
    cr_expect_str_eq(fob_secret_peek(fob_token_access(token), NULL), "at-2");
    cr_expect_str_eq(fob_secret_peek(fob_token_refresh(token), NULL), "rt-2");
    cr_expect_eq(fob_token_expires_at(token), START + 1000 + 3600000);
    fob_auto_free char *sign = sent("sign"), *public = as_bare_public(app);
    cr_expect_eq(
        verify(public,
               "app_id=2014072300007148&charset=utf-8&format=JSON&grant_type=refresh_token&method=alipay."
               "system.oauth.token&refresh_token=" RT "&sign_type=RSA2&timestamp=2023-11-15 "
               "06:13:20&version=1.0",
               sign),
        ALIPAY_OK, "%s", sent_body);
    cr_expect_null(strstr(sent_fields, "Authorization"));
    cr_expect_null(strstr(sent_body, "PRIVATE"));
}

Test(alipay, signs_what_a_descriptor_adds, STAGE)
{
    fob_auto_flow *flow = NULL;
    reply_signed("alipay_system_oauth_token_response", TOKEN, TOKEN);
    cr_assert_eq(
        run(app_key, alipay_public, "refresh: {params: {app_auth_token: 'a b', sign: old}}\n", &flow),
        FOB_OK);
    fob_auto_free char *sign = sent("&sign"), *public = as_bare_public(app);
    cr_expect_eq(
        verify(
            public,
            "app_auth_token=a b&app_id=2014072300007148&charset=utf-8&format=JSON&grant_type=refresh_token&"
            "method=alipay.system.oauth.token&refresh_token=" RT "&sign_type=RSA2&timestamp=2023-11-15 "
            "06:13:20&version=1.0",
            sign),
        ALIPAY_OK, "%s", sent_body);
}

static void expect_failure(fob_err code, const char *what)
{
    cr_expect_eq(refresh(), code, "%s", error.what);
    cr_expect_str_eq(error.what, what);
}

Test(alipay, takes_no_answer_that_is_not_signed_with_its_key, STAGE)
{
    static const char name[] = "alipay_system_oauth_token_response";
    reply_signed(name, TOKEN, "{\"access_token\":\"at-of-another\"}");
    expect_failure(FOB_E_SECURITY, "alipay: the answer is not signed with the key in alipay_public_key");
    body = "{\"alipay_system_oauth_token_response\":" TOKEN "}";
    expect_failure(FOB_E_SECURITY, "alipay: the answer is not signed");
    free(alipay_key);
    alipay_key = as_pkcs8(app, NULL);
    reply_signed(name, TOKEN, TOKEN);
    expect_failure(FOB_E_SECURITY, "alipay: the answer is not signed with the key in alipay_public_key");
    reply_signed("error_response", TOKEN, TOKEN);
    expect_failure(FOB_E_SECURITY, "alipay: the answer is not signed with the key in alipay_public_key");
}

Test(alipay, takes_no_answer_of_another_kind, STAGE)
{
    static const char *const bodies[] = {"", "<html>", "{\"access_token\":\"at\"}", "{\"error\":\"x\"}",
                                         "{\"a\":{}"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        body = bodies[i];
        expect_failure(FOB_E_PROTOCOL, "alipay: the answer is not one of Alipay's gateway");
    }
}

/* What is signed is not yet a token: the core reads it with all its checks. */
Test(alipay, takes_no_token_from_an_answer_that_is_signed_but_holds_none, STAGE)
{
    static const char *const parts[] = {"{}", "{\"access_token\":7}",
                                        "{\"access_token\":\"a\",\"access_token\":\"b\"}", "{nonsense}",
                                        "{\"code\":\"40004\",\"sub_code\":\"isp.unknow-error\"}"};
    for (size_t i = 0; i < COUNT(parts); i++) {
        reply_signed("alipay_system_oauth_token_response", parts[i], parts[i]);
        cr_expect_eq(refresh(), FOB_E_PROTOCOL, "%s: %s", parts[i], error.what);
    }
}

#define REFUSAL(word)                                                                                        \
    "{\"code\":\"40002\",\"msg\":\"Invalid Arguments\",\"sub_code\":\"" word                                 \
    "\",\"sub_msg\":\"授权码code无效\"}"

Test(alipay, reads_a_refusal_signed_or_not, STAGE)
{
    body = "{\"error_response\":" REFUSAL("isv.refresh-token-time-out") "}";
    cr_expect_eq(refresh(), FOB_E_NEEDS_LOGIN, "%s", error.what);
    cr_expect_str_eq(error.oauth_error, "isv.refresh-token-time-out");
    reply_signed("error_response", REFUSAL("isv.code-invalid"), REFUSAL("isv.code-invalid"));
    cr_expect_eq(refresh(), FOB_E_NEEDS_LOGIN, "%s", error.what);
    body = "{\"error_response\":" REFUSAL("isv.invalid-signature") "}";
    cr_expect_eq(refresh(), FOB_E_CLIENT, "%s", error.what);
    body = "{\"error_response\":" REFUSAL("isp.unknow-error") "}";
    cr_expect_eq(refresh(), FOB_E_SERVER, "%s", error.what);
}

Test(alipay, a_server_that_is_down_is_told_as_that, STAGE)
{
    status = 503;
    body = "<html>";
    cr_expect_eq(refresh(), FOB_E_SERVER, "%s", error.what);
}

static void expect_nothing_sent(const char *key, const char *what)
{
    fob_auto_flow *flow = NULL;
    cr_expect_eq(run(key, alipay_public, "", &flow), FOB_E_CONFIG);
    cr_expect_str_eq(error.what, what);
    cr_expect_null(sent_url);
}

Test(alipay, sends_nothing_without_a_key_that_signs, STAGE)
{
    EVP_PKEY *small = make_key("RSA-1024");
    fob_auto_free char *pem = as_pkcs8(small, NULL);
    expect_nothing_sent(
        NULL, "alipay: the client has no key to sign with; give the app's private key as the client's key");
    expect_nothing_sent(
        pem, "alipay: the client's key cannot sign; it has to be the app's RSA key of 2048 bits or "
             "more, in PEM and without a passphrase");
    expect_nothing_sent(
        "MIIEvQ", "alipay: the client's key cannot sign; it has to be the app's RSA key of 2048 bits or "
                  "more, in PEM and without a passphrase");
    EVP_PKEY_free(small);
}

Test(alipay, a_public_key_that_is_none_is_told, STAGE)
{
    fob_auto_flow *flow = NULL;
    reply_signed("alipay_system_oauth_token_response", TOKEN, TOKEN);
    cr_expect_eq(run(app_key, "MIIBIjANBg", "", &flow), FOB_E_CONFIG);
    cr_expect_str_eq(
        error.what,
        "alipay: alipay_public_key is not an RSA key as the console shows Alipay's: MIIB and so on");
}

Test(alipay, leaves_requests_alone_that_are_not_for_the_gateway, STAGE)
{
    fob_auto_flow *flow = NULL;
    reply_signed("alipay_system_oauth_token_response", TOKEN, TOKEN);
    cr_assert_eq(run(NULL, alipay_public, "refresh: {params: {method: null}}\n", &flow), FOB_OK, "%s",
                 error.what);
    cr_expect_null(strstr(sent_body, "sign="));
    cr_expect_null(strstr(sent_body, "timestamp="));
}

static char said[256];

static int note_failure(struct fob_call *call, fob_err code, const char *text)
{
    (void)call;
    snprintf(said, sizeof said, "%s", text);
    return code;
}

Test(alipay, asks_for_a_newer_fob_where_the_service_it_needs_is_not_there)
{
    const struct fob_host old = {.size = offsetof(struct fob_host, param_at), .fail = note_failure};
    cr_expect_eq(fob_plugin_v1()->provider->request(NULL, NULL, &old), FOB_E_PLUGIN);
    cr_expect_str_eq(said, "this fob is too old for it; 1.2 of the plugin ABI is needed");
}
