/* SPDX-License-Identifier: MIT */
/* Proof Key for Code Exchange, RFC 7636. */
#include "pkce.h"
#include "text.h"

#include <sodium.h>
#include <string.h>

void fob_pkce_verifier(struct fob_entropy *entropy, struct fob_buf *out)
{
    unsigned char bytes[32];
    fob_entropy_take(entropy, bytes, sizeof bytes);
    fob_base64url(out, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
}

void fob_pkce_challenge_s256(const char *verifier, struct fob_buf *out)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    fob_base64url(out, hash, sizeof hash);
}

void fob_pkce_challenge_s256_hex(const char *verifier, struct fob_buf *out)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    for (size_t i = 0; i < sizeof hash; i++)
        fob_buf_fmt(out, "%02x", hash[i]);
}
