/* SPDX-License-Identifier: MIT */
/* Requests that are signed by a descriptor alone, as Lazada documents it: no plugin where the parameters are known. */
#include "drive.h"
#include "hooks.h"

static struct fob_error error;

static fob_provider *read_file(const char *path)
{
    static char yaml[65536];
    fob_provider *provider = NULL;
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    size_t len = fread(yaml, 1, sizeof yaml, file);
    fclose(file);
    cr_assert_eq(fob_provider_parse(yaml, len, path, &provider, &error), FOB_OK, "%s", error.what);
    return provider;
}

static void run(constructor *construct, fob_provider *provider, const char *id, const char *secret_text)
{
    fob_auto_secret *secret = NULL;
    fob_auto_client *client = NULL;
    fob_auto_flow *flow = NULL;
    cr_assert_eq(fob_secret_new(secret_text, strlen(secret_text), &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new(id, secret, &client, NULL), FOB_OK);
    struct fob_flow_params params = params_for(provider, client, NULL);
    forget_sent();
    cr_assert_eq(construct(&params, &flow, &error), FOB_OK, "%s", error.what);
    cr_assert_eq(drive(flow, &error), FOB_OK, "%s", error.what);
}

/* The sample request of its documentation, with the signature that stands there. */
Test(lazada, a_documented_signature_is_an_expression)
{
    static const char yaml[] =
        "fob: 1\ntoken_endpoint: https://api.lazada.example/rest/order/get\ntoken:\n  auth: none\n  params:\n"
        "    sign: \"{upper(hex(hmac_sha256(client_secret, concat('/order/getaccess_tokentestapp_key', "
        "client_id, "
        "'order_id1234sign_methodsha256timestamp1517820392000'))))}\"\n";
    fob_auto_provider *provider = NULL;
    cr_assert_eq(fob_provider_parse(yaml, strlen(yaml), "lazada.yaml", &provider, &error), FOB_OK, "%s",
                 error.what);
    run(fob_flow_client_credentials, provider, "123456", "helloworld");
    cr_expect(strstr(sent_body, "&sign=4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A"),
              "%s", sent_body);
}

static void expect_sent(const char *params, const char *text)
{
    unsigned char mac[32];
    char expected[1024];
    int len = snprintf(expected, sizeof expected, "%s&sign=", params);
    fob_host_services.hmac_sha256("helloworld", 10, text, strlen(text), mac);
    for (size_t i = 0; i < sizeof mac; i++)
        snprintf(expected + len + 2 * i, 3, "%02X", mac[i]);
    cr_expect_str_eq(sent_body, expected);
}

#define ANSWER                                                                                               \
    "{\"access_token\":\"" AT "\",\"refresh_token\":\"" RT                                                   \
    "\",\"expires_in\":60,\"account\":\"a@e.example\",\"code\":\"0\"}"

/* The time is that of the step before: of the redirect, which comes half a second later. */
Test(lazada, signs_login_and_refresh, .init = hold_a_token, .fini = let_go)
{
    fob_auto_provider *provider = read_file(FOB_SOURCE_DIR "/providers/lazada.yaml");
    body = ANSWER;
    run(fob_flow_authorization_code, provider, "123456", "helloworld");
    cr_expect(strstr(opened, "client_id=123456&"), "%s", opened);
    expect_sent("code=" CODE "&app_key=123456&sign_method=sha256&timestamp=1700000000500",
                "/auth/token/createapp_key123456code" CODE "sign_methodsha256timestamp1700000000500");
    run(refresh_held, provider, "123456", "helloworld");
    expect_sent("refresh_token=" RT "&app_key=123456&sign_method=sha256&timestamp=1700000000000",
                "/auth/token/refreshapp_key123456refresh_token" RT "sign_methodsha256timestamp1700000000000");
}

Test(lazada, a_refusal_within_a_200_is_one, .init = hold_a_token, .fini = let_go)
{
    fob_auto_provider *provider = read_file(FOB_SOURCE_DIR "/providers/lazada.yaml");
    fob_auto_client *client = client_with(SECRET);
    fob_auto_flow *flow = NULL;
    struct fob_flow_params params = params_for(provider, client, NULL);
    body = "{\"type\":\"ISV\",\"code\":\"IncompleteSignature\",\"message\":\"The request signature does not "
           "conform to "
           "platform standards\"}";
    cr_assert_eq(refresh_held(&params, &flow, &error), FOB_OK);
    cr_expect_eq(drive(flow, &error), FOB_E_CLIENT, "%s", error.what);
    cr_expect_str_eq(error.oauth_error, "IncompleteSignature");
}
