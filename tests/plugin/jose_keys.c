/* SPDX-License-Identifier: MIT */
/* Keys made anew in every form that a client may keep them in, and OpenSSL's word on what was signed with them. */
#include "jose_keys.h"
#include "jws.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>

EVP_PKEY *make_key(const char *kind)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL,
                                                   strncmp(kind, "RSA-PSS-", 8) == 0 ? "RSA-PSS"
                                                   : strncmp(kind, "RSA-", 4) == 0   ? "RSA"
                                                                                     : "ED25519",
                                                   NULL);
    if (strncmp(kind, "EC-", 3) == 0) {
        key = EVP_EC_gen(kind + 3);
    } else {
        cr_assert_eq(EVP_PKEY_keygen_init(ctx), 1);
        if (strncmp(kind, "RSA-", 4) == 0)
            EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, atoi(strrchr(kind, '-') + 1));
        EVP_PKEY_generate(ctx, &key);
    }
    EVP_PKEY_CTX_free(ctx);
    cr_assert_not_null(key, "%s", kind);
    return key;
}

/* --- PEM ---------------------------------------------------------------------------------------------------- */

static char *text_of_bio(BIO *bio)
{
    char *bytes = NULL;
    long len = BIO_get_mem_data(bio, &bytes);
    char *text = strndup(bytes, (size_t)len);
    BIO_free(bio);
    return text;
}

static const EVP_CIPHER *cipher(const char *passphrase)
{
    return passphrase ? EVP_aes_256_cbc() : NULL;
}

char *as_pkcs8(EVP_PKEY *key, const char *passphrase)
{
    BIO *bio = BIO_new(BIO_s_mem());
    cr_assert_eq(PEM_write_bio_PKCS8PrivateKey(bio, key, cipher(passphrase), passphrase,
                                               passphrase ? (int)strlen(passphrase) : 0, NULL, NULL),
                 1);
    return text_of_bio(bio);
}

char *as_traditional(EVP_PKEY *key, const char *passphrase)
{
    BIO *bio = BIO_new(BIO_s_mem());
    unsigned char *bytes = (unsigned char *)(passphrase ? strdup(passphrase) : NULL);
    cr_assert_eq(PEM_write_bio_PrivateKey_traditional(bio, key, cipher(passphrase), bytes,
                                                      passphrase ? (int)strlen(passphrase) : 0, NULL, NULL),
                 1);
    free(bytes);
    return text_of_bio(bio);
}

char *as_public(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    cr_assert_eq(PEM_write_bio_PUBKEY(bio, key), 1);
    return text_of_bio(bio);
}

char *as_bare_public(EVP_PKEY *key)
{
    char *pem = as_public(key), *out = calloc(1, strlen(pem) + 1), *at = out;
    cr_assert_not_null(out);
    for (const char *line = strchr(pem, '\n'); line && line[1] != '-'; line = strchr(line + 1, '\n'))
        at = stpncpy(at, line + 1, strcspn(line + 1, "\n"));
    free(pem);
    return out;
}

/* --- JWK, RFC 7518 section 6 -------------------------------------------------------------------------------- */

static void add_number(json_t *jwk, const char *member, EVP_PKEY *key, const char *name, int size)
{
    unsigned char bytes[1024];
    fob_auto_buf text = FOB_BUF((size_t)4096);
    BIGNUM *big = NULL;
    cr_assert_eq(EVP_PKEY_get_bn_param(key, name, &big), 1, "%s", name);
    int len = size ? size : BN_num_bytes(big);
    cr_assert_eq(BN_bn2binpad(big, bytes, len), len);
    BN_free(big);
    fob_base64url(&text, bytes, (size_t)len);
    json_object_set_new(jwk, member, json_string(text.data));
}

static json_t *rsa_jwk(EVP_PKEY *key, bool private)
{
    static const char *const members[][2] = {
        {"n", OSSL_PKEY_PARAM_RSA_N},          {"e", OSSL_PKEY_PARAM_RSA_E},
        {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
        {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
        {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
    };
    json_t *jwk = json_pack("{s:s, s:s}", "kty", "RSA", "kid", "r1");
    for (size_t i = 0; i < (private ? 8 : 2); i++)
        add_number(jwk, members[i][0], key, members[i][1], 0);
    return jwk;
}

static json_t *ec_jwk(EVP_PKEY *key, bool private)
{
    int bits = EVP_PKEY_get_bits(key), size = (bits + 7) / 8;
    json_t *jwk = json_pack("{s:s, s:o, s:s}", "kty", "EC", "crv", json_sprintf("P-%d", bits), "kid", "e1");
    add_number(jwk, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, size);
    add_number(jwk, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, size);
    if (private)
        add_number(jwk, "d", key, OSSL_PKEY_PARAM_PRIV_KEY, size);
    return jwk;
}

static char *write_jwk(EVP_PKEY *key, bool private)
{
    json_t *jwk = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC ? ec_jwk(key, private) : rsa_jwk(key, private);
    char *text = json_dumps(jwk, JSON_INDENT(2));
    json_decref(jwk);
    return text;
}

char *as_jwk(EVP_PKEY *key)
{
    return write_jwk(key, true);
}

char *as_public_jwk(EVP_PKEY *key)
{
    return write_jwk(key, false);
}

/* --- verifying ---------------------------------------------------------------------------------------------- */

/* RFC 7518 section 3.4: R and S side by side, each as long as the curve is wide. OpenSSL wants them in DER. */
static bool to_der(struct fob_buf *signature, int bits)
{
    size_t half = (size_t)(bits + 7) / 8;
    unsigned char *der = NULL;
    if (signature->len != 2 * half)
        return false;
    const unsigned char *bytes = (const unsigned char *)signature->data;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    ECDSA_SIG_set0(sig, BN_bin2bn(bytes, (int)half, NULL), BN_bin2bn(bytes + half, (int)half, NULL));
    int len = i2d_ECDSA_SIG(sig, &der);
    ECDSA_SIG_free(sig);
    fob_buf_free(signature);
    signature->max = 1024;
    fob_buf_add(signature, der, (size_t)len);
    OPENSSL_free(der);
    return len > 0;
}

bool is_signed(const char *jws, const char *alg, EVP_PKEY *key)
{
    const EVP_MD *digest = strcmp(alg + 2, "256") == 0   ? EVP_sha256()
                           : strcmp(alg + 2, "384") == 0 ? EVP_sha384()
                                                         : EVP_sha512();
    EVP_PKEY_CTX *options = NULL;
    fob_auto_buf signature = jws_part(jws, 2);
    if (alg[0] == 'E' && !to_der(&signature, EVP_PKEY_get_bits(key)))
        return false;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = EVP_DigestVerifyInit(ctx, &options, digest, NULL, key) == 1;
    if (good && alg[0] == 'P')
        good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
    good = good && EVP_DigestVerify(ctx, (const unsigned char *)signature.data, signature.len,
                                    (const unsigned char *)jws, (size_t)(strrchr(jws, '.') - jws)) == 1;
    EVP_MD_CTX_free(ctx);
    return good;
}
