/* SPDX-License-Identifier: MIT */
/* Proof Key for Code Exchange, the server's side (RFC 7636). */
#include "pkce.h"

#include "text.h"

#include <sodium.h>
#include <string.h>

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool pkce_is_challenge(const char *challenge)
{
    return challenge && strlen(challenge) == 43 && strspn(challenge, ALNUM "-_") == 43;
}

/* RFC 7636 section 4.1: 43 to 128 unreserved characters. */
static bool is_verifier(const char *verifier)
{
    size_t len = verifier ? strlen(verifier) : 0;
    return len >= 43 && len <= 128 && strspn(verifier, ALNUM "-._~") == len;
}

bool pkce_verify(const char *challenge, const char *verifier)
{
    if (!is_verifier(verifier))
        return false;
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    char *made = text_base64url(hash, sizeof hash);
    bool same = text_equal_secret(challenge, made);
    text_drop(&made);
    return same;
}
