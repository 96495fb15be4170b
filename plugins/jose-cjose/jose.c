/* SPDX-License-Identifier: MIT */
/* JSON Web Signatures over cjose: the algorithms, signing, and the plugin's tables. */
#include "jose.h"

#include <fob/limits.h>
#include <fob/version.h>
#include <jansson.h>
#include <openssl/err.h>
#include <string.h>

#define RSA CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID, "an RSA key"

static const struct algorithm algorithms[] = {
    {"RS256", RSA},
    {"RS384", RSA},
    {"RS512", RSA},
    {"PS256", RSA},
    {"ES256", CJOSE_JWK_KTY_EC, CJOSE_JWK_EC_P_256, "a key on the curve P-256"},
    {"ES384", CJOSE_JWK_KTY_EC, CJOSE_JWK_EC_P_384, "a key on the curve P-384"},
    {"HS256", CJOSE_JWK_KTY_OCT, CJOSE_JWK_EC_INVALID, "a symmetric key"},
};

static const struct algorithm *find_algorithm(const char *name)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
        if (strcmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    return NULL;
}

/* cjose signs by the header's "alg": it must be what the key was checked for. */
static json_t *read_header(const struct algorithm *algorithm, const char *text)
{
    json_t *header = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    const char *alg = json_string_value(json_object_get(header, "alg"));
    if (alg && strcmp(alg, algorithm->name) == 0)
        return header;
    json_decref(header);
    return NULL;
}

static fob_err give(cjose_jws_t *jws, char *out, size_t out_size, size_t *ret_len, struct fob_error *error)
{
    const char *text = NULL;
    if (!cjose_jws_export(jws, &text, NULL))
        return no_memory(error);
    size_t len = strlen(text);
    if (len >= out_size)
        return fail(error, FOB_E_LIMIT, NULL, "the signed token has %zu bytes, and there is room for %zu",
                    len, out_size);
    memcpy(out, text, len + 1);
    *ret_len = len;
    return FOB_OK;
}

static fob_err sign_with(cjose_jwk_t *key, json_t *header, const char *payload, cjose_jws_t **ret_jws,
                         struct fob_error *error)
{
    cjose_err failure = {.code = CJOSE_ERR_NONE};
    *ret_jws = cjose_jws_sign(key, header, (const uint8_t *)payload, strlen(payload), &failure);
    if (*ret_jws)
        return FOB_OK;
    if (failure.code == CJOSE_ERR_NO_MEMORY)
        return no_memory(error);
    return fail(error, FOB_E_CONFIG, "check it: openssl pkey -in KEY -noout -check",
                "the client's key cannot be used to sign");
}

static fob_err sign(const char *alg, const void *key, size_t key_len, const char *header_json,
                    const char *payload_json, char *out, size_t out_size, size_t *ret_len,
                    struct fob_error *error)
{
    const struct algorithm *algorithm = find_algorithm(alg);
    cjose_jwk_t *jwk = NULL;
    cjose_jws_t *jws = NULL;
    if (!algorithm)
        return fail(error, FOB_E_CONFIG, "use RS256, RS384, RS512, PS256, ES256, ES384 or HS256",
                    "there is no algorithm \"%.16s\" here", alg);
    if (key_len > FOB_MAX_TOKEN)
        return fail(error, FOB_E_CONFIG, "give one private key", "the client's key is too long to be one");
    json_t *header = read_header(algorithm, header_json);
    if (!header)
        return fail(error, FOB_E_ARGUMENT, NULL, "the header is no JSON object with \"alg\": \"%s\"", alg);
    fob_err err = read_key(algorithm, key, key_len, &jwk, error);
    if (err == FOB_OK)
        err = sign_with(jwk, header, payload_json, &jws, error);
    if (err == FOB_OK)
        err = give(jws, out, out_size, ret_len, error);
    cjose_jws_release(jws);
    cjose_jwk_release(jwk);
    json_decref(header);
    return err;
}

/* What OpenSSL notes of an error stays in the thread, where a TLS connection of the host would stumble over it. */
static fob_err sign_quietly(const char *alg, const void *key, size_t key_len, const char *header_json,
                            const char *payload_json, char *out, size_t out_size, size_t *ret_len,
                            struct fob_error *error)
{
    ERR_set_mark();
    fob_err err = sign(alg, key, key_len, header_json, payload_json, out, out_size, ret_len, error);
    ERR_pop_to_mark();
    return err;
}

/* --- the plugin ----------------------------------------------------------------------------------------- */

static const struct fob_jose_ops ops = {.size = sizeof ops, .sign = sign_quietly};

static const struct fob_plugin plugin = {.abi_major = FOB_PLUGIN_ABI_MAJOR,
                                         .abi_minor = FOB_PLUGIN_ABI_MINOR,
                                         .size = sizeof plugin,
                                         .id = "jose-cjose",
                                         .role = FOB_ROLE_JOSE,
                                         .version = FOB_VERSION,
                                         .summary = "signs JWTs with a client's key",
                                         .jose = &ops};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn fob_plugin_v1;

const struct fob_plugin *fob_plugin_v1(void)
{
    return &plugin;
}
