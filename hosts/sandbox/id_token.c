/* SPDX-License-Identifier: MIT */
/* ID tokens (OpenID Connect Core section 2), signed with the client secret. */
#include "id_token.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

static void add_part(struct text *jwt, const void *bytes, size_t len)
{
    char *part = text_base64url(bytes, len);
    text_str(jwt, part);
    text_drop(&part);
}

static char *claims_of(const struct sandbox *sandbox, const struct grant *grant)
{
    json_int_t now = (json_int_t)time(NULL);
    json_t *claims =
        text_must(json_pack("{s:s, s:s, s:s, s:I, s:I, s:s*}", "iss", sandbox->issuer, "sub", grant->subject,
                            "aud", sandbox->client_id, "iat", now, "exp",
                            now + (json_int_t)(sandbox->settings.lifetime_ms / 1000), "nonce", grant->nonce));
    char *text = text_must(json_dumps(claims, JSON_COMPACT));
    json_decref(claims);
    return text;
}

char *id_token_make(const struct sandbox *sandbox, const struct grant *grant)
{
    struct text jwt = {0};
    char *claims = claims_of(sandbox, grant);
    add_part(&jwt, HEADER, strlen(HEADER));
    text_str(&jwt, ".");
    add_part(&jwt, claims, strlen(claims));
    text_drop(&claims);

    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)sandbox->client_secret,
                                strlen(sandbox->client_secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)jwt.s, jwt.len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
    text_str(&jwt, ".");
    add_part(&jwt, mac, sizeof mac);
    return jwt.s;
}
