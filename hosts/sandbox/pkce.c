/* SPDX-License-Identifier: MIT */
/* Proof Key for Code Exchange, the server's side (RFC 7636), in the ways that authorize.pkce knows. */
#include "pkce.h"

#include "tree.h"

#include <sodium.h>
#include <string.h>

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static bool is(const char *method, const char *word)
{
    return strcmp(method, word) == 0;
}

const char *pkce_method(const struct sandbox *sandbox)
{
    const char *given = tree_text(sandbox->descriptor, "authorize/pkce");
    bool has_credential = sandbox->client_secret || sandbox->client_key;
    if (given && is(given, "public"))
        return has_credential ? "none" : "S256";
    return given ? given : "S256";
}

/* RFC 7636 section 4.1: 43 to 128 unreserved characters. */
static bool is_verifier(const char *verifier)
{
    size_t len = verifier ? strlen(verifier) : 0;
    return len >= 43 && len <= 128 && strspn(verifier, ALNUM "-._~") == len;
}

bool pkce_is_challenge(const char *method, const char *challenge)
{
    size_t len = challenge ? strlen(challenge) : 0;
    if (is(method, "none"))
        return !challenge;
    if (is(method, "plain"))
        return is_verifier(challenge);
    if (is(method, "S256-hex"))
        return len == 64 && strspn(challenge, "0123456789abcdef") == 64;
    return len == 43 && strspn(challenge, ALNUM "-_") == 43;
}

bool pkce_verify(const char *method, const char *challenge, const char *verifier)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof hash + 1];
    if (is(method, "none"))
        return true;
    if (!is_verifier(verifier))
        return false;
    crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    char *made = is(method, "plain")      ? text_copy(verifier)
                 : is(method, "S256-hex") ? text_copy(sodium_bin2hex(hex, sizeof hex, hash, sizeof hash))
                                          : text_base64url(hash, sizeof hash);
    bool same = text_equal_secret(challenge, made);
    text_drop(&made);
    return same;
}
