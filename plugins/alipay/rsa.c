/* SPDX-License-Identifier: MIT */
/* RSA2: signing with the client's key, verifying with Alipay's; by OpenSSL. */
#include "alipay.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#define MIN_BITS 2048
#define MAX_BYTES (ALIPAY_MAX_BITS / 8)
#define MAX_DER (MAX_BYTES + 64) /* of a public key: little more than its modulus */

/* OpenSSL asks here for a passphrase, instead of at the terminal. */
static int no_passphrase(char *out, int size, int writing, void *user)
{
    (void)out, (void)size, (void)writing, (void)user;
    return -1;
}

static EVP_PKEY *only_rsa(EVP_PKEY *key)
{
    if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= MIN_BITS &&
        EVP_PKEY_get_bits(key) <= ALIPAY_MAX_BITS)
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

static EVP_PKEY *read_private(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;
    BIO_free(bio);
    return only_rsa(key);
}

/* Whole groups of four, and no more bytes than size; 0 for anything else. */
static size_t from_base64(const char *text, size_t len, unsigned char *out, size_t size)
{
    unsigned char bytes[(MAX_DER + 2) / 3 * 3];
    if (len < 4 || len % 4 || len / 4 * 3 > sizeof bytes)
        return 0;
    size_t padding = text[len - 1] != '=' ? 0 : text[len - 2] != '=' ? 1 : 2;
    int n = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)len);
    if (n < 3 || (size_t)n - padding > size)
        return 0;
    memcpy(out, bytes, (size_t)n - padding);
    return (size_t)n - padding;
}

static EVP_PKEY *read_public(const char *base64)
{
    unsigned char der[MAX_DER];
    const unsigned char *at = der;
    size_t len = from_base64(base64, strlen(base64), der, sizeof der);
    return only_rsa(len ? d2i_PUBKEY(NULL, &at, (long)len) : NULL);
}

static bool sign_with(EVP_PKEY *key, const char *content, char *out)
{
    unsigned char bytes[MAX_BYTES];
    size_t len = sizeof bytes;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool made = ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(ctx, bytes, &len, (const unsigned char *)content, strlen(content)) == 1;
    if (made)
        EVP_EncodeBlock((unsigned char *)out, bytes, (int)len);
    EVP_MD_CTX_free(ctx);
    return made;
}

static bool verify_with(EVP_PKEY *key, const char *part, size_t len, const char *sign, size_t sign_len)
{
    unsigned char bytes[MAX_BYTES];
    size_t n = from_base64(sign, sign_len, bytes, sizeof bytes);
    EVP_MD_CTX *ctx = n ? EVP_MD_CTX_new() : NULL;
    bool good = ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerify(ctx, bytes, n, (const unsigned char *)part, len) == 1;
    EVP_MD_CTX_free(ctx);
    return good;
}

/* What OpenSSL notes of an error stays in the thread, where a TLS connection of the host would stumble over it. */
enum alipay_result alipay_sign(const char *pem, const char *content, char out[ALIPAY_SIGN_SIZE])
{
    ERR_set_mark();
    EVP_PKEY *key = read_private(pem);
    bool made = key && sign_with(key, content, out);
    EVP_PKEY_free(key);
    ERR_pop_to_mark();
    return made ? ALIPAY_OK : ALIPAY_BAD_KEY;
}

enum alipay_result alipay_verify(const char *base64, const char *part, size_t len, const char *sign,
                                 size_t sign_len)
{
    ERR_set_mark();
    EVP_PKEY *key = read_public(base64);
    enum alipay_result result = !key                                          ? ALIPAY_BAD_KEY
                                : verify_with(key, part, len, sign, sign_len) ? ALIPAY_OK
                                                                              : ALIPAY_BAD_SIGNATURE;
    EVP_PKEY_free(key);
    ERR_pop_to_mark();
    return result;
}
