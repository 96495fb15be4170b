/* SPDX-License-Identifier: MIT */
/* The jose module signs what OpenSSL verifies, with every form of key, and says in one sentence why it cannot. */
#include "jose_keys.h"
#include "jws.h"
#include "record.h"

#include <dlfcn.h>
#include <fob/limits.h>
#include <fob/plugin.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdio.h>

#define PAYLOAD "{\"iss\":\"joe\",\r\n \"exp\":1300819380}"
#define ROOM (size_t)8192
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct fob_jose_ops *ops;
static struct fob_error error;
static char out[ROOM];
static size_t out_len;

static void load(void)
{
    void *handle = dlopen(FOB_BUILD_DIR "/lib/fob/jose-cjose.so", RTLD_NOW | RTLD_LOCAL);
    cr_assert_not_null(handle, "%s", dlerror());
    fob_plugin_entry_fn *entry = NULL;
    *(void **)&entry = dlsym(handle, FOB_PLUGIN_ENTRY);
    cr_assert_not_null(entry);
    cr_assert_eq(entry()->role, FOB_ROLE_JOSE);
    ops = entry()->jose;
}

TestSuite(jose, .init = load);

static fob_err sign(const char *alg, const char *key)
{
    char header[64];
    snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", alg);
    error = (struct fob_error)FOB_ERROR_INIT;
    strcpy(out, "untouched");
    fob_err err = ops->sign(alg, key, strlen(key), header, PAYLOAD, out, ROOM, &out_len, &error);
    fob_error_made(err);
    return err;
}

/* --- what it signs ------------------------------------------------------------------------------------------ */

Test(jose, signs_as_the_rfcs_show)
{
    json_t *vectors = jws_vectors(), *vector;
    size_t i, n = 0;
    json_array_foreach (vectors, i, vector) {
        const char *jws = text_of(vector, "jws");
        fob_auto_buf header = jws_part(jws, 0), payload = jws_part(jws, 1);
        char *key = json_dumps(json_object_get(vector, "key"), 0);
        if (!strchr(header.data, '\n')) { /* cjose writes the header itself, without line breaks */
            cr_expect_eq(ops->sign(text_of(vector, "alg"), key, strlen(key), header.data, payload.data, out,
                                   ROOM, &out_len, &error),
                         FOB_OK, "%s", error.what);
            cr_expect_str_eq(out, jws, "%s", text_of(vector, "from"));
            cr_expect_eq(out_len, strlen(jws));
            n++;
        }
        free(key);
    }
    cr_assert_eq(n, 3);
    json_decref(vectors);
}

struct pair {
    const char *alg, *kind;
};

static const struct pair pairs[] = {
    {"RS256", "RSA-2048"}, {"RS384", "RSA-2048"},     {"RS512", "RSA-2048"}, {"PS256", "RSA-2048"},
    {"RS256", "RSA-3072"}, {"PS256", "RSA-PSS-2048"}, {"ES256", "EC-P-256"}, {"ES384", "EC-P-384"},
};

static void expect_signed(const struct pair *pair, const char *text, EVP_PKEY *key)
{
    cr_assert_eq(sign(pair->alg, text), FOB_OK, "%s, %s: %s", pair->alg, pair->kind, error.what);
    cr_assert_eq(strlen(out), out_len);
    cr_assert(is_signed(out, pair->alg, key), "%s, %s: %s", pair->alg, pair->kind, out);
    fob_auto_buf payload = jws_part(out, 1);
    cr_assert_str_eq(payload.data, PAYLOAD);
    out[20] = out[20] == 'A' ? 'B' : 'A';
    cr_assert_not(is_signed(out, pair->alg, key), "a changed one is not verified");
}

Test(jose, signs_with_a_key_in_any_form)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        EVP_PKEY *key = make_key(pairs[i].kind);
        bool plain = strcmp(pairs[i].kind, "RSA-PSS-2048") != 0;
        char *forms[] = {as_pkcs8(key, NULL), plain ? as_traditional(key, NULL) : NULL,
                         plain ? as_jwk(key) : NULL};
        for (size_t j = 0; j < COUNT(forms); j++) {
            if (forms[j])
                expect_signed(&pairs[i], forms[j], key);
            free(forms[j]);
        }
        EVP_PKEY_free(key);
    }
}

Test(jose, a_pem_file_may_say_more_than_its_key)
{
    EVP_PKEY *key = make_key("EC-P-256");
    char *sec1 = as_traditional(key, NULL), *public = as_public(key);
    static const char parameters[] =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    fob_auto_buf text = FOB_BUF(ROOM);
    fob_buf_fmt(&text, "Key of the application, 2026\r\n%s%s%s\n", public, parameters, sec1);
    expect_signed(&pairs[6], text.data, key);
    free(sec1);
    free(public);
    EVP_PKEY_free(key);
}

Test(jose, an_rsa_jwk_needs_no_more_than_n_e_and_d)
{
    EVP_PKEY *key = make_key("RSA-2048");
    char *whole = as_jwk(key);
    json_t *jwk = json_loads(whole, 0, NULL);
    static const char *const spare[] = {"p", "q", "dp", "dq", "qi", "kid"};
    for (size_t i = 0; i < COUNT(spare); i++)
        json_object_del(jwk, spare[i]);
    char *text = json_dumps(jwk, 0);
    expect_signed(&pairs[0], text, key);
    json_decref(jwk);
    free(text);
    free(whole);
    EVP_PKEY_free(key);
}

/* One number in 256 begins with a zero byte, which has to be there all the same. */
Test(jose, an_ecdsa_signature_always_has_its_length)
{
    EVP_PKEY *key = make_key("EC-P-256");
    char *text = as_pkcs8(key, NULL);
    int zeros = 0;
    for (int i = 0; i < 20000 && zeros < 2; i++) {
        cr_assert_eq(sign("ES256", text), FOB_OK);
        fob_auto_buf signature = jws_part(out, 2);
        cr_assert_eq(signature.len, 64);
        zeros += signature.data[0] == 0 || signature.data[32] == 0;
        if (signature.data[0] == 0 || signature.data[32] == 0)
            cr_assert(is_signed(out, "ES256", key));
    }
    cr_assert_eq(zeros, 2);
    free(text);
    EVP_PKEY_free(key);
}

static void *sign_in_thread(void *key)
{
    char own[2048];
    size_t len;
    for (int i = 0; i < 20; i++)
        if (ops->sign("ES256", key, strlen(key), "{\"alg\":\"ES256\"}", PAYLOAD, own, sizeof own, &len,
                      NULL) != FOB_OK)
            return NULL;
    return strdup(own);
}

Test(jose, signs_in_many_threads_at_once)
{
    pthread_t threads[4];
    EVP_PKEY *key = make_key("EC-P-256");
    char *text = as_pkcs8(key, NULL);
    for (size_t i = 0; i < COUNT(threads); i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, sign_in_thread, text), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *jws = NULL;
        pthread_join(threads[i], &jws);
        cr_assert_not_null(jws);
        cr_assert(is_signed(jws, "ES256", key));
        free(jws);
    }
    free(text);
    EVP_PKEY_free(key);
}

/* --- what it refuses ---------------------------------------------------------------------------------------- */

#define CERTIFICATE "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
#define OCT "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T\"}"

/* Any 12 bytes of the key's own that also stand in the error would be too much. */
static bool tells(const char *key)
{
    const char *texts[] = {error.what, error.fix};
    const char *inside = strchr(key, '\n') ? strchr(key, '\n') : key;
    for (size_t i = 0; i < COUNT(texts); i++)
        for (const char *at = inside; strlen(at) >= 12; at++) {
            char part[13];
            snprintf(part, sizeof part, "%s", at);
            if (strstr(texts[i], part) && !strstr("-----BEGIN PRIVATE KEY-----", part))
                return true;
        }
    return false;
}

static void expect_refusal(const char *alg, const char *key, const char *what)
{
    cr_expect_eq(sign(alg, key), FOB_E_CONFIG, "%s: %.40s", alg, key);
    cr_expect_eq(error.code, FOB_E_CONFIG);
    cr_expect_not_null(strstr(error.what, what), "\"%s\" is not in: %s", what, error.what);
    cr_expect(error.fix[0], "%s: there is no fix", error.what);
    cr_expect_not(tells(key), "%s %s", error.what, error.fix);
    cr_expect_str_eq(out, "untouched");
    cr_expect_eq(ERR_peek_error(), 0, "nothing is left behind in OpenSSL's queue");
}

Test(jose, a_key_with_a_passphrase_is_told)
{
    EVP_PKEY *rsa = make_key("RSA-2048"), *ec = make_key("EC-P-256");
    char *keys[] = {as_pkcs8(rsa, "open sesame"), as_traditional(rsa, "open sesame"),
                    as_pkcs8(ec, "open sesame"), as_traditional(ec, "open sesame")};
    for (size_t i = 0; i < COUNT(keys); i++) {
        expect_refusal(i < 2 ? "RS256" : "ES256", keys[i], "protected by a passphrase");
        free(keys[i]);
    }
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ec);
}

Test(jose, what_holds_no_private_key_is_told)
{
    EVP_PKEY *rsa = make_key("RSA-2048"), *ec = make_key("EC-P-256");
    char *keys[] = {as_public(rsa), as_public_jwk(rsa), as_public_jwk(ec), strdup(CERTIFICATE)};
    for (size_t i = 0; i < COUNT(keys); i++) {
        expect_refusal("RS256", keys[i], "holds no private key");
        free(keys[i]);
    }
    char *one = as_jwk(ec);
    fob_auto_buf set = FOB_BUF(ROOM);
    fob_buf_fmt(&set, "{\"keys\":[%s]}", one);
    expect_refusal("ES256", set.data, "a set of keys");
    free(one);
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ec);
}

static const char *const damaged[] = {
    "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN EC PRIVATE KEY-----\n!!!!\n-----END EC PRIVATE KEY-----\n"};

Test(jose, a_damaged_key_is_told)
{
    EVP_PKEY *ec = make_key("EC-P-256");
    char *cut = as_pkcs8(ec, NULL);
    cut[strlen(cut) - 60] = '\0';
    for (size_t i = 0; i < COUNT(damaged); i++)
        expect_refusal("ES256", damaged[i], "cannot be read");
    expect_refusal("ES256", cut, "cannot be read");
    expect_refusal("ES256", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\"", "not a JWK that can be read");
    expect_refusal("ES256", "{\"crv\":\"P-256\",\"d\":\"AQ\"}", "not a JWK that can be read");
    expect_refusal("ES256", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"!!\"}", "damaged");
    expect_refusal(
        "ES256",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}",
        "of a kind that cannot be used");
    expect_refusal("ES256", "", "neither PEM nor a JWK");
    expect_refusal("ES256", "s3cret", "neither PEM nor a JWK");
    free(cut);
    EVP_PKEY_free(ec);
}

struct misfit {
    const char *alg, *kind, *what;
};

static const struct misfit misfits[] = {
    {"RS256", "EC-P-256", "RS256 is signed with an RSA key, and the client's key is one on the curve P-256"},
    {"PS256", "EC-P-384", "PS256 is signed with an RSA key, and the client's key is one on the curve P-384"},
    {"ES256", "RSA-2048",
     "ES256 is signed with a key on the curve P-256, and the client's key is an RSA key"},
    {"ES256", "EC-P-384",
     "ES256 is signed with a key on the curve P-256, and the client's key is one on the curve P-384"},
    {"ES384", "EC-P-521",
     "ES384 is signed with a key on the curve P-384, and the client's key is one on the curve P-521"},
    {"HS256", "RSA-2048", "HS256 is signed with a symmetric key, and the client's key is an RSA key"},
    {"RS256", "RSA-1024", "has 1024 bits, and RFC 7518 wants 2048"},
};

Test(jose, a_key_that_does_not_fit_the_algorithm_is_told)
{
    for (size_t i = 0; i < COUNT(misfits); i++) {
        EVP_PKEY *key = make_key(misfits[i].kind);
        char *pem = as_pkcs8(key, NULL), *jwk = as_jwk(key);
        expect_refusal(misfits[i].alg, pem, misfits[i].what);
        expect_refusal(misfits[i].alg, jwk, misfits[i].what);
        free(pem);
        free(jwk);
        EVP_PKEY_free(key);
    }
    expect_refusal("RS256", OCT, "the client's key is a symmetric key");
}

static const char *const odd_kinds[] = {"ED25519", "EC-secp256k1"};

Test(jose, a_kind_of_key_that_jwa_does_not_sign_with_here_is_told)
{
    for (size_t i = 0; i < COUNT(odd_kinds); i++) {
        EVP_PKEY *key = make_key(odd_kinds[i]);
        char *pem = as_pkcs8(key, NULL);
        expect_refusal("ES256", pem, "of a kind that cannot be used");
        free(pem);
        EVP_PKEY_free(key);
    }
}

static const char *const no_algs[] = {"", "none", "RS257", "rs256", "EdDSA", "HS512"};

Test(jose, an_algorithm_that_it_does_not_know_is_told)
{
    for (size_t i = 0; i < COUNT(no_algs); i++)
        expect_refusal(no_algs[i], OCT, "there is no algorithm");
}

static const char *const bad_headers[] = {"",
                                          "{}",
                                          "{\"alg\":\"none\"}",
                                          "{\"alg\":\"RS256\"}",
                                          "{\"alg\":256}",
                                          "[\"HS256\"]",
                                          "{\"alg\":\"HS256\"",
                                          "{\"alg\":\"HS256\",\"alg\":\"none\"}"};

Test(jose, signs_by_no_other_algorithm_than_the_one_that_it_was_asked_for)
{
    for (size_t i = 0; i < COUNT(bad_headers); i++) {
        strcpy(out, "untouched");
        cr_expect_eq(
            ops->sign("HS256", OCT, strlen(OCT), bad_headers[i], PAYLOAD, out, ROOM, &out_len, &error),
            FOB_E_ARGUMENT, "%s", bad_headers[i]);
        cr_expect_str_eq(out, "untouched");
    }
}

Test(jose, what_does_not_fit_the_room_is_not_cut)
{
    char small[512];
    static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    cr_assert_eq(sign("HS256", OCT), FOB_OK);
    size_t len = out_len, got = 0;
    memset(small, 'x', sizeof small);
    cr_expect_eq(ops->sign("HS256", OCT, strlen(OCT), header, PAYLOAD, small, len, &got, &error),
                 FOB_E_LIMIT);
    cr_expect_eq(small[0], 'x');
    cr_expect_eq(got, 0);
    cr_expect_eq(ops->sign("HS256", OCT, strlen(OCT), header, PAYLOAD, small, len + 1, &got, &error), FOB_OK);
    cr_expect_str_eq(small, out);
    cr_expect_eq(small[len + 1], 'x');
}

Test(jose, a_file_that_is_far_too_long_is_refused_before_it_is_read)
{
    size_t len = FOB_MAX_TOKEN + 1;
    char *key = malloc(len + 1);
    memset(key, ' ', len);
    memcpy(key, OCT, strlen(OCT));
    key[len] = '\0';
    cr_expect_eq(ops->sign("HS256", key, len, "{\"alg\":\"HS256\"}", PAYLOAD, out, ROOM, &out_len, &error),
                 FOB_E_CONFIG);
    cr_expect_not_null(strstr(error.what, "too long"));
    cr_expect_eq(
        ops->sign("HS256", key, len - 1, "{\"alg\":\"HS256\"}", PAYLOAD, out, ROOM, &out_len, &error),
        FOB_OK);
    free(key);
}
