/* SPDX-License-Identifier: MIT */
/* Signatures of the client's JWTs (RFC 7518), and the keys that they are checked with. */
#include "signature.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct algorithm {
    const char *name;
    const EVP_MD *(*digest)(void);
    int type;     /* of the key */
    size_t width; /* of one half of an ECDSA signature */
    const char *curve;
};

static const struct algorithm algorithms[] = {
    {"RS256", EVP_sha256, EVP_PKEY_RSA, 0, NULL},    {"RS384", EVP_sha384, EVP_PKEY_RSA, 0, NULL},
    {"RS512", EVP_sha512, EVP_PKEY_RSA, 0, NULL},    {"PS256", EVP_sha256, EVP_PKEY_RSA, 0, NULL},
    {"ES256", EVP_sha256, EVP_PKEY_EC, 32, "P-256"}, {"ES384", EVP_sha384, EVP_PKEY_EC, 48, "P-384"},
};

static const struct algorithm *find(const char *alg)
{
    for (size_t i = 0; alg && i < sizeof algorithms / sizeof *algorithms; i++)
        if (strcmp(algorithms[i].name, alg) == 0)
            return &algorithms[i];
    return NULL;
}

bool signature_is_usual(const struct sandbox *sandbox, const char *alg, bool by_secret)
{
    const struct algorithm *algorithm = find(alg);
    if (by_secret || !sandbox->client_key)
        return strcmp(alg, "HS256") == 0;
    return algorithm && EVP_PKEY_get_base_id(sandbox->client_key) == algorithm->type;
}

/* --- checking --------------------------------------------------------------------------------------------------- */

/* JWS has the two numbers side by side (RFC 7518 section 3.4), OpenSSL wants them in DER. Owned by the caller. */
static unsigned char *to_der(const unsigned char *raw, size_t len, size_t width, size_t *ret_len)
{
    unsigned char *der = NULL;
    ECDSA_SIG *signature = len == 2 * width ? ECDSA_SIG_new() : NULL;
    BIGNUM *r = BN_bin2bn(raw, (int)width, NULL), *s = BN_bin2bn(raw + width, (int)width, NULL);
    if (!signature || !r || !s || !ECDSA_SIG_set0(signature, r, s)) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(signature);
        return NULL;
    }
    int der_len = i2d_ECDSA_SIG(signature, &der);
    ECDSA_SIG_free(signature);
    *ret_len = der_len > 0 ? (size_t)der_len : 0;
    return der;
}

static bool verify(EVP_PKEY *key, const struct algorithm *algorithm, const char *text, size_t text_len,
                   const unsigned char *signature, size_t len)
{
    EVP_PKEY_CTX *options;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestVerifyInit(context, &options, algorithm->digest(), NULL, key) == 1;
    if (good && strcmp(algorithm->name, "PS256") == 0)
        good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
    good = good && EVP_DigestVerify(context, signature, len, (const unsigned char *)text, text_len) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

static bool verify_by_key(EVP_PKEY *key, const struct algorithm *algorithm, const char *jwt,
                          size_t signed_len, const unsigned char *signature, size_t len)
{
    if (!key || EVP_PKEY_get_base_id(key) != algorithm->type)
        return false;
    if (!algorithm->width)
        return verify(key, algorithm, jwt, signed_len, signature, len);
    size_t der_len = 0;
    unsigned char *der = to_der(signature, len, algorithm->width, &der_len);
    bool good = der && verify(key, algorithm, jwt, signed_len, der, der_len);
    OPENSSL_free(der);
    return good;
}

static bool verify_by_secret(const char *secret, const char *jwt, size_t signed_len, const unsigned char *mac,
                             size_t len)
{
    unsigned char made[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    if (!secret || len != sizeof made)
        return false;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)jwt, signed_len);
    crypto_auth_hmacsha256_final(&state, made);
    return sodium_memcmp(made, mac, sizeof made) == 0;
}

bool signature_is_good(const struct sandbox *sandbox, const char *jwt, const char *alg)
{
    const char *dot = strrchr(jwt, '.');
    const struct algorithm *algorithm = find(alg);
    unsigned char signature[1024];
    size_t len;
    if (!dot || !alg ||
        sodium_base642bin(signature, sizeof signature, dot + 1, strlen(dot + 1), NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    if (strcmp(alg, "HS256") == 0)
        return verify_by_secret(sandbox->client_secret, jwt, (size_t)(dot - jwt), signature, len);
    return algorithm &&
           verify_by_key(sandbox->client_key, algorithm, jwt, (size_t)(dot - jwt), signature, len);
}

/* --- keys ------------------------------------------------------------------------------------------------------- */

void *signature_read_key(const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (!file) {
        fprintf(stderr, "fob-sandbox: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    EVP_PKEY *key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
    rewind(file);
    if (!key)
        key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    fclose(file);
    if (!key)
        fprintf(stderr, "fob-sandbox: %s: this is no PEM file with a key\n", path);
    return key;
}

void *signature_make_key(const char *alg, char **ret_pem)
{
    const struct algorithm *algorithm = find(alg);
    EVP_PKEY *key = algorithm && algorithm->curve ? EVP_EC_gen(algorithm->curve) : EVP_RSA_gen(2048);
    BIO *bio = text_must(BIO_new(BIO_s_mem()));
    char *text;
    PEM_write_bio_PrivateKey(bio, text_must(key), NULL, NULL, 0, NULL, NULL);
    long len = BIO_get_mem_data(bio, &text);
    *ret_pem = text_printf("%.*s", (int)len, text);
    BIO_free(bio);
    return key;
}

void signature_free_key(void *key)
{
    EVP_PKEY_free(key);
}
