/* SPDX-License-Identifier: MIT */
/* A private key in PEM (PKCS #8, PKCS #1, SEC 1), read by OpenSSL, as cjose's key. */
#include "jose.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

/* The numbers of an RSA key that cjose takes, RFC 8017 section 3.2: n e d p q dP dQ qInv. */
static const char *const rsa_numbers[] = {OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
                                          OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                                          OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                                          OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
#define N_NUMBERS (sizeof rsa_numbers / sizeof rsa_numbers[0])

struct bytes {
    uint8_t *v;
    size_t len;
};

/* OpenSSL asks here for a passphrase, instead of at the terminal. */
static int note_asked(char *out, int size, int writing, void *user)
{
    (void)out, (void)size, (void)writing;
    *(bool *)user = true;
    return -1;
}

static bool holds(const char *text, size_t len, const char *part)
{
    return memmem(text, len, part, strlen(part));
}

static fob_err parse(const char *text, size_t len, EVP_PKEY **ret_key, struct fob_error *error)
{
    bool asked = false;
    BIO *bio = BIO_new_mem_buf(text, (int)len);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, note_asked, &asked) : NULL;
    BIO_free(bio);
    if (key) {
        *ret_key = key;
        return FOB_OK;
    }
    if (!bio)
        return no_memory(error);
    if (asked)
        return fail(error, FOB_E_CONFIG,
                    "take the passphrase off: openssl pkey -in KEY -out NEW, then chmod 600 NEW",
                    "the client's key is protected by a passphrase");
    if (!holds(text, len, "PRIVATE KEY-----"))
        return fail(error, FOB_E_CONFIG,
                    "give the private key, which begins with -----BEGIN PRIVATE KEY-----",
                    "what was given as the client's key holds no private key");
    return fail(error, FOB_E_CONFIG, "check that the file is whole: openssl pkey -in KEY -noout -check",
                "the client's key cannot be read");
}

/* A number of the key, wiped by its owner; nothing when the key does not hold it. */
static struct bytes number(const EVP_PKEY *key, const char *name)
{
    struct bytes bytes = {0};
    BIGNUM *big = NULL;
    if (EVP_PKEY_get_bn_param(key, name, &big) == 1 &&
        (bytes.v = OPENSSL_malloc((size_t)BN_num_bytes(big) + 1)))
        bytes.len = (size_t)BN_bn2bin(big, bytes.v);
    BN_clear_free(big);
    return bytes;
}

static void wipe(struct bytes *bytes)
{
    OPENSSL_clear_free(bytes->v, bytes->len);
}

static cjose_jwk_t *from_rsa(const EVP_PKEY *key)
{
    struct bytes v[N_NUMBERS];
    for (size_t i = 0; i < N_NUMBERS; i++)
        v[i] = number(key, rsa_numbers[i]);
    const cjose_jwk_rsa_keyspec spec = {.n = v[0].v,
                                        .nlen = v[0].len,
                                        .e = v[1].v,
                                        .elen = v[1].len,
                                        .d = v[2].v,
                                        .dlen = v[2].len,
                                        .p = v[3].v,
                                        .plen = v[3].len,
                                        .q = v[4].v,
                                        .qlen = v[4].len,
                                        .dp = v[5].v,
                                        .dplen = v[5].len,
                                        .dq = v[6].v,
                                        .dqlen = v[6].len,
                                        .qi = v[7].v,
                                        .qilen = v[7].len};
    cjose_jwk_t *jwk = cjose_jwk_create_RSA_spec(&spec, NULL);
    for (size_t i = 0; i < N_NUMBERS; i++)
        wipe(&v[i]);
    return jwk;
}

/* NULL for a curve that JWA does not know. cjose makes the public key from the private one. */
static cjose_jwk_t *from_ec(const EVP_PKEY *key)
{
    char group[64];
    if (EVP_PKEY_get_group_name(key, group, sizeof group, NULL) != 1)
        return NULL;
    int curve = OBJ_sn2nid(group);
    if (curve != CJOSE_JWK_EC_P_256 && curve != CJOSE_JWK_EC_P_384 && curve != CJOSE_JWK_EC_P_521)
        return NULL;
    struct bytes d = number(key, OSSL_PKEY_PARAM_PRIV_KEY);
    const cjose_jwk_ec_keyspec spec = {.crv = (cjose_jwk_ec_curve)curve, .d = d.v, .dlen = d.len};
    cjose_jwk_t *jwk = cjose_jwk_create_EC_spec(&spec, NULL);
    wipe(&d);
    return jwk;
}

fob_err read_pem(const char *text, size_t len, cjose_jwk_t **ret_key, struct fob_error *error)
{
    EVP_PKEY *key = NULL;
    cjose_jwk_t *jwk = NULL;
    fob_err err = parse(text, len, &key, error);
    if (err != FOB_OK)
        return err;
    int kind = EVP_PKEY_get_base_id(key);
    if (kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS)
        jwk = from_rsa(key);
    else if (kind == EVP_PKEY_EC)
        jwk = from_ec(key);
    EVP_PKEY_free(key);
    if (!jwk)
        return fail(error, FOB_E_CONFIG, "make an RSA key, or one on the curve P-256, and register it",
                    "the client's key is of a kind that cannot be used here");
    *ret_key = jwk;
    return FOB_OK;
}
