/* SPDX-License-Identifier: MIT */
/* A token request to Alipay while every allocation fails once, those of the plugin that signs it too. */
#include "alipay.h"
#include "faults.h"
#include "jose_keys.h"
#include "linked_plugin.h"

#define PART                                                                                                 \
    "{\"user_id\":\"2088102150477652\",\"access_token\":\"at-2\",\"expires_in\":\"3600\",\"refresh_token\":" \
    "\"rt-2\"}"

static fob_provider *provider;
static fob_client *client;
static struct fob_pair variables[] = {{"alipay_public_key", NULL}};

/* OpenSSL's own allocations are not those of this test. */
static fob_err refresh(void)
{
    struct fob_flow_params params = params_for(provider, client, NULL);
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_flow *flow = NULL;
    params.variables = variables;
    params.n_variables = 1;
    fob_err err = refresh_held(&params, &flow, &error);
    return err == FOB_OK ? drive_bare(flow, &error) : err;
}

Test(fault, a_request_is_signed_or_not_sent, .init = hold_a_token, .fini = let_go)
{
    char sign[ALIPAY_SIGN_SIZE], reply[2048];
    fob_auto_secret *secret = NULL;
    EVP_PKEY *key = make_key("RSA-2048");
    fob_auto_free char *pem = as_pkcs8(key, NULL), *public = as_bare_public(key);
    cr_assert_eq(fob_secret_new(pem, strlen(pem), &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new_with_key("my client", NULL, secret, &client, NULL), FOB_OK);
    cr_assert_eq(alipay_sign(pem, PART, sign), ALIPAY_OK);
    snprintf(reply, sizeof reply, "{\"alipay_system_oauth_token_response\":" PART ",\"sign\":\"%s\"}", sign);
    body = reply;
    variables[0].value = public;
    provider = bundled("alipay", "");
    fail_each_allocation("alipay", refresh, 30);
    fob_provider_unref(&provider);
    fob_client_free(&client);
    EVP_PKEY_free(key);
}
