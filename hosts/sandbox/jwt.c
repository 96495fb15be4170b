/* SPDX-License-Identifier: MIT */
/* JSON Web Tokens (RFC 7519): made with HS256, and looked into. */
#include "jwt.h"

#include "text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

static void add_part(struct text *jwt, const void *bytes, size_t len)
{
    char *part = text_base64url(bytes, len);
    text_str(jwt, part);
    text_drop(&part);
}

char *jwt_make(json_t *claims, const char *key)
{
    struct text jwt = {0};
    char *dump = text_must(json_dumps(claims, JSON_COMPACT));
    add_part(&jwt, HEADER, strlen(HEADER));
    text_str(&jwt, ".");
    add_part(&jwt, dump, strlen(dump));
    text_drop(&dump);

    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)jwt.s, jwt.len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
    text_str(&jwt, ".");
    add_part(&jwt, mac, sizeof mac);
    return jwt.s;
}

json_t *jwt_part(const char *jwt, unsigned part)
{
    for (; part && jwt; part--) {
        jwt = strchr(jwt, '.');
        jwt = jwt ? jwt + 1 : NULL;
    }
    size_t len = jwt ? strcspn(jwt, ".") : 0, bytes;
    if (!len || jwt[len] != '.')
        return NULL;
    char *json = text_must(calloc(1, len + 1));
    bool good = sodium_base642bin((unsigned char *)json, len, jwt, len, NULL, &bytes, NULL,
                                  sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    json_t *tree = good ? json_loadb(json, bytes, JSON_REJECT_DUPLICATES, NULL) : NULL;
    text_drop(&json);
    if (json_is_object(tree))
        return tree;
    json_decref(tree);
    return NULL;
}

json_t *jwt_claims(const char *jwt)
{
    return jwt_part(jwt, 1);
}
