/* SPDX-License-Identifier: MIT */
/* The client's key: which of the two forms it has, and whether the algorithm takes it. */
#include "jose.h"

#include <jansson.h>
#include <string.h>

#define MIN_RSA_BITS 2048u /* RFC 7518 section 3.3 */

static bool has_text(const json_t *json, const char *member)
{
    return json_string_length(json_object_get(json, member)) > 0;
}

static fob_err refuse_jwk(const json_t *json, struct fob_error *error)
{
    if (json_is_array(json_object_get(json, "keys")))
        return fail(error, FOB_E_CONFIG, "give one of the keys in it by itself",
                    "what was given as the client's key is a set of keys");
    if (!json || !has_text(json, "kty"))
        return fail(error, FOB_E_CONFIG, "check that it is whole: a JWK is one JSON object with \"kty\"",
                    "the client's key is not a JWK that can be read");
    if (!has_text(json, "d") && !has_text(json, "k"))
        return fail(error, FOB_E_CONFIG, "give the private key, which holds \"d\"",
                    "what was given as the client's key holds no private key");
    return FOB_OK;
}

/* Jansson's and cjose's copies are freed without being wiped; see README.md. */
static fob_err read_jwk(const char *text, size_t len, cjose_jwk_t **ret_key, struct fob_error *error)
{
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    fob_err err = refuse_jwk(json, error);
    cjose_jwk_t *key = err == FOB_OK ? cjose_jwk_import_json(json, NULL) : NULL;
    json_decref(json);
    if (err == FOB_OK && !key)
        err = fail(error, FOB_E_CONFIG, "make an RSA key, or one on the curve P-256, and register it",
                   "the client's key is damaged, or of a kind that cannot be used here");
    if (err == FOB_OK)
        *ret_key = key;
    return err;
}

static const char *curve_name(cjose_jwk_ec_curve curve)
{
    return curve == CJOSE_JWK_EC_P_256 ? "P-256" : curve == CJOSE_JWK_EC_P_384 ? "P-384" : "P-521";
}

static fob_err check_fit(const struct algorithm *algorithm, const cjose_jwk_t *key, struct fob_error *error)
{
    cjose_jwk_kty_t kind = cjose_jwk_get_kty(key, NULL);
    bool is_ec = kind == CJOSE_JWK_KTY_EC;
    const char *is = kind == CJOSE_JWK_KTY_RSA ? "an RSA key"
                     : is_ec                   ? "one on the curve "
                                               : "a symmetric key";
    cjose_jwk_ec_curve curve = is_ec ? cjose_jwk_EC_get_curve(key, NULL) : CJOSE_JWK_EC_INVALID;
    if (kind != algorithm->kind || (is_ec && curve != algorithm->curve))
        return fail(error, FOB_E_CONFIG,
                    "give the key that is registered at the provider, or name its alg in the descriptor",
                    "%s is signed with %s, and the client's key is %s%s", algorithm->name, algorithm->wants,
                    is, is_ec ? curve_name(curve) : "");
    size_t bits = cjose_jwk_get_keysize(key, NULL);
    if (kind == CJOSE_JWK_KTY_RSA && bits < MIN_RSA_BITS)
        return fail(error, FOB_E_CONFIG, "make a longer one, and register it",
                    "the client's RSA key has %zu bits, and RFC 7518 wants %u or more", bits, MIN_RSA_BITS);
    return FOB_OK;
}

fob_err read_key(const struct algorithm *algorithm, const char *text, size_t len, cjose_jwk_t **ret_key,
                 struct fob_error *error)
{
    cjose_jwk_t *key = NULL;
    size_t spaces = 0;
    fob_err err;
    while (spaces < len && strchr(" \t\r\n", text[spaces]))
        spaces++;
    if (spaces < len && text[spaces] == '{')
        err = read_jwk(text, len, &key, error);
    else if (memmem(text, len, "-----BEGIN ", 11))
        err = read_pem(text, len, &key, error);
    else
        err = fail(error, FOB_E_CONFIG, "give a private key in PEM, or one JWK",
                   "the client's key is neither PEM nor a JWK");
    if (err == FOB_OK)
        err = check_fit(algorithm, key, error);
    if (err == FOB_OK)
        *ret_key = key;
    else
        cjose_jwk_release(key);
    return err;
}
