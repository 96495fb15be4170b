/* SPDX-License-Identifier: MIT */
/* OAuth 1.0a signatures as RFC 5849 and X have them, and the token request of HERE that is signed with one. */
#include "linked_plugin.h"
#include "oauth1.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

/* --- the base string ---------------------------------------------------------------------------------------- */

/* The example of RFC 5849 section 3.4.1.1; its body and its header field are params. */
static const struct fob_pair rfc[] = {{"oauth_consumer_key", "9djdj82h48djs9d2"},
                                      {"oauth_token", "kkk9d7dh3k39sjv7"},
                                      {"oauth_signature_method", "HMAC-SHA1"},
                                      {"oauth_timestamp", "137131201"},
                                      {"oauth_nonce", "7d8f3e4a"},
                                      {"c2", ""},
                                      {"a3", "2 q"}};
#define RFC_BASE                                                                                             \
    "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%"  \
    "2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_"    \
    "method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"

Test(base_string, is_that_of_rfc_5849_section_3_4_1_1)
{
    fob_auto_free char *base = oauth1_base_string(
        "POST", "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b", rfc, COUNT(rfc));
    cr_expect_str_eq(base, RFC_BASE);
}

static const struct {
    const char *url, *base;
} urls[] = {
    /* RFC 5849 section 3.4.1.2 */
    {"http://EXAMPLE.COM:80/r%20v/X?id=123", "GET&http%3A%2F%2Fexample.com%2Fr%2520v%2FX&id%3D123"},
    {"https://www.example.net:8080/?q=1", "GET&https%3A%2F%2Fwww.example.net%3A8080%2F&q%3D1"},
    /* what it says in words */
    {"https://example.com:443/a", "GET&https%3A%2F%2Fexample.com%2Fa&"},
    {"https://example.com:80/a", "GET&https%3A%2F%2Fexample.com%3A80%2Fa&"},
    {"HTTPS://Example.com", "GET&https%3A%2F%2Fexample.com%2F&"},
    {"https://example.com?a=b#c=d", "GET&https%3A%2F%2Fexample.com%2F&a%3Db"},
    {"https://example.com/a?&x&&y=&", "GET&https%3A%2F%2Fexample.com%2Fa&x%3D%26y%3D"},
    {"https://example.com/a?x=%zz%4", "GET&https%3A%2F%2Fexample.com%2Fa&x%3D%2525zz%25254"},
    {"https://example.com/a?x=a+b=c", "GET&https%3A%2F%2Fexample.com%2Fa&x%3Da%2520b%253Dc"},
    {"https://example.com/a?%c3%a9=%E2%98%83",
     "GET&https%3A%2F%2Fexample.com%2Fa&%25C3%25A9%3D%25E2%2598%2583"},
};

Test(base_string, has_the_url_without_what_may_differ)
{
    for (size_t i = 0; i < COUNT(urls); i++) {
        fob_auto_free char *base = oauth1_base_string("GET", urls[i].url, NULL, 0);
        cr_expect_str_eq(base, urls[i].base, "%s: %s", urls[i].url, base);
    }
}

/* "a" before "a-b", though "=" stands behind "-": names are compared, not what is joined of them. */
Test(base_string, sorts_by_the_encoded_name_and_then_by_the_value)
{
    static const struct fob_pair params[] = {
        {"a-b", "1"}, {"a", "2"}, {"a", "10"}, {"B", "3"}, {"\xc3\xa9", "4"}};
    fob_auto_free char *base = oauth1_base_string("GET", "https://e.example/", params, COUNT(params));
    cr_expect_str_eq(base, "GET&https%3A%2F%2Fe.example%2F&%25C3%25A9%3D4%26B%3D3%26a%3D10%26a%3D2%26a-b%3D1",
                     "%s", base);
}

Test(base_string, of_no_url_there_is_none)
{
    cr_expect_null(oauth1_base_string("GET", "nonsense", NULL, 0));
    cr_expect_null(oauth1_base_string("GET", "https://", NULL, 0));
}

/* "Creating a signature" in X's documentation: everything from the parameters to the signature. */
Test(base_string, signed_gives_what_x_documents)
{
    static const struct fob_pair params[] = {
        {"status", "Hello Ladies + Gentlemen, a signed OAuth request!"},
        {"oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"},
        {"oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"},
        {"oauth_signature_method", "HMAC-SHA1"},
        {"oauth_timestamp", "1318622958"},
        {"oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"},
        {"oauth_version", "1.0"}};
    static const char key[] =
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw&LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE";
    unsigned char mac[EVP_MAX_MD_SIZE], text[64];
    unsigned len = 0;
    fob_auto_free char *base =
        oauth1_base_string("POST", "https://api.twitter.com/1.1/statuses/update.json?include_entities=true",
                           params, COUNT(params));
    HMAC(EVP_sha1(), key, (int)strlen(key), (const unsigned char *)base, strlen(base), mac, &len);
    EVP_EncodeBlock(text, mac, (int)len);
    cr_expect_str_eq((char *)text, "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
}

/* --- the header field --------------------------------------------------------------------------------------- */

/* X's "Authorizing a request". */
Test(header, is_what_x_documents)
{
    static const struct fob_pair params[] = {{"oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"},
                                             {"oauth_signature", "tnnArxj06cWHq44gCs1OSKk/jLY="},
                                             {"oauth_version", "1.0"}};
    fob_auto_free char *header = oauth1_header(params, COUNT(params));
    cr_expect_str_eq(header, "OAuth oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", "
                             "oauth_signature=\"tnnArxj06cWHq44gCs1OSKk%2FjLY%3D\", oauth_version=\"1.0\"");
}

/* --- the request -------------------------------------------------------------------------------------------- */

static struct fob_error error;

static fob_err run(constructor *construct, const char *more, const char *secret, const char *const *scopes)
{
    fob_auto_provider *provider = bundled("here", more);
    fob_auto_client *client = client_with(secret);
    struct fob_flow_params params = params_for(provider, client, scopes);
    fob_auto_flow *flow = NULL;
    forget_sent();
    cr_assert_eq(construct(&params, &flow, &error), FOB_OK, "%s", error.what);
    return drive(flow, &error);
}

static void expect_start(const char *expected)
{
    cr_expect(fob_starts_with(sent_fields, expected), "%s", sent_fields);
}

Test(here, signs_the_token_request)
{
    cr_assert_eq(run(fob_flow_client_credentials, "", SECRET, NULL), FOB_OK, "%s", error.what);
    cr_expect_str_eq(sent_url, "https://account.api.here.com/oauth2/token");
    cr_expect_str_eq(sent_body, "grant_type=client_credentials");
    expect_start(
        "Accept: application/json\nAuthorization: OAuth oauth_consumer_key=\"my%20client\", oauth_nonce=\"");
    cr_expect(strstr(sent_fields,
                     "\", oauth_signature_method=\"HMAC-SHA256\", oauth_timestamp=\"1700000000\", "
                     "oauth_version=\"1.0\", oauth_signature=\""));
    cr_expect_null(strstr(sent_fields, SECRET));
}

static void signature_of(const char *more, const char *secret, const char *const *scopes, char out[64])
{
    cr_assert_eq(run(fob_flow_client_credentials, more, secret, scopes), FOB_OK, "%s", error.what);
    const char *at = strstr(sent_fields, "oauth_signature=\"");
    cr_assert_not_null(at);
    snprintf(out, 64, "%.*s", (int)strcspn(at + 17, "\""), at + 17);
}

/* Time and chance are the same in all of these. */
Test(here, signs_whatever_is_sent_and_with_what)
{
    static const char *const scope[] = {"hrn:here:authorization::org1:project/p1"};
    char plain[64], again[64], other[64];
    signature_of("", SECRET, NULL, plain);
    signature_of("", SECRET, NULL, again);
    cr_expect_str_eq(plain, again);
    signature_of("", "another-secret-0", NULL, other);
    cr_expect_str_neq(plain, other);
    signature_of("", SECRET, scope, other);
    cr_expect_str_neq(plain, other);
    cr_expect(strstr(sent_body, "scope=hrn%3Ahere"), "%s", sent_body);
    signature_of("client_credentials: {params: {expires: '60'}}\n", SECRET, NULL, other);
    cr_expect_str_neq(plain, other);
    signature_of("client_credentials: {params: {expires: '60'}, place: {expires: query}}\n", SECRET, NULL,
                 again);
    cr_expect(strstr(sent_url, "?expires=60"), "%s", sent_url);
    cr_expect_str_eq(other, again, "a parameter is signed alike wherever it stands");
}

Test(here, says_what_to_give_when_there_is_no_secret)
{
    cr_expect_eq(run(fob_flow_client_credentials, "", NULL, NULL), FOB_E_CONFIG);
    cr_expect_str_eq(error.what,
                     "here: the client has no secret to sign with; it is the access key secret of the app's "
                     "credentials");
    cr_expect_null(sent_url);
}

Test(here, leaves_other_requests_alone, .init = hold_a_token, .fini = let_go)
{
    cr_assert_eq(run(revoke_held, "revocation_endpoint: https://account.api.here.com/revoke\n", SECRET, NULL),
                 FOB_OK, "%s", error.what);
    cr_expect_null(strstr(sent_fields, "Authorization"), "%s", sent_fields);
}

static char said[256];

static int note_failure(struct fob_call *call, fob_err code, const char *text)
{
    (void)call;
    snprintf(said, sizeof said, "%s", text);
    return code;
}

Test(here, asks_for_a_newer_fob_where_the_service_it_needs_is_not_there)
{
    const struct fob_host old = {.size = offsetof(struct fob_host, param_at), .fail = note_failure};
    cr_expect_eq(fob_plugin_v1()->provider->request(NULL, NULL, &old), FOB_E_PLUGIN);
    cr_expect_str_eq(said, "this fob is too old for it; 1.2 of the plugin ABI is needed");
}

Test(here, an_answer_that_refuses_is_told_as_the_provider_has_it)
{
    status = 401;
    body =
        "{\"errorId\":\"ERROR-1\",\"httpStatus\":401,\"errorCode\":401300,\"message\":\"Signature mismatch. "
        "Authorization signature or client credential is wrong.\",\"error\":\"invalid_client\","
        "\"error_description\":\"errorCode: '401300'. Signature mismatch.\"}";
    cr_expect_eq(run(fob_flow_client_credentials, "", SECRET, NULL), FOB_E_CLIENT, "%s", error.what);
    cr_expect_str_eq(error.oauth_error, "invalid_client");
}
