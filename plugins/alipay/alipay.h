/* SPDX-License-Identifier: MIT */
/* What the files of this plugin share: each does one step of a signature, and none knows of a flow. */
#ifndef ALIPAY_H
#define ALIPAY_H

#include <fob/http.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * content.c: what a request's signature covers: a=b&c=d by name, nothing encoded, without "sign" and what is empty.
 * Sorts params. The caller frees it. NULL when there is no memory.
 */
char *alipay_content(struct fob_pair *params, size_t n);

/* content.c: a time in ms since 1970 as Alipay writes it, "2014-07-24 03:07:50" in China Standard Time. */
#define ALIPAY_TIME_SIZE 32
void alipay_time(int64_t ms, char out[ALIPAY_TIME_SIZE]);

/* What the parts of an answer are called and where they stand in it, byte for byte. */
struct alipay_answer {
    const char *
        name; /* of the one member that is no signature: alipay_system_oauth_token_response, error_response */
    size_t name_len;
    const char *signed_part; /* its value */
    size_t signed_len;
    const char *sign; /* base64; NULL when there is none */
    size_t sign_len;
};

/*
 * answer.c: finds them in a JSON object. False for anything whose signed part another reader might find elsewhere: a
 * second such member, an escape in a name or in the signature, and what is no object. That it is JSON at all is not
 * checked: the core reads it afterwards.
 */
bool alipay_find(const char *json, size_t len, struct alipay_answer *ret);

enum alipay_result { ALIPAY_OK, ALIPAY_BAD_KEY, ALIPAY_BAD_SIGNATURE };

#define ALIPAY_MAX_BITS 8192
#define ALIPAY_SIGN_SIZE (ALIPAY_MAX_BITS / 8 / 3 * 4 + 8) /* of a signature in base64 */

/*
 * rsa.c: RSA2, which is SHA256withRSA: RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2), in base64. key is PEM. ALIPAY_BAD_KEY:
 * it is no RSA key of 2048 to 8192 bits, or behind a passphrase.
 */
enum alipay_result alipay_sign(const char *key, const char *content, char out[ALIPAY_SIGN_SIZE]);

/* rsa.c: key is a public key as Alipay's console shows it: SubjectPublicKeyInfo in base64, with nothing around it. */
enum alipay_result alipay_verify(const char *key, const char *part, size_t len, const char *sign,
                                 size_t sign_len);

#endif
