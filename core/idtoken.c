/* SPDX-License-Identifier: MIT */
/* ID tokens that come from the token endpoint, OpenID Connect Core section 3.1.3.7. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "text.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

static fob_err claims(const fob_secret *id_token, json_t **ret_claims, struct fob_error *error)
{
    const char *text = fob_secret_peek(id_token, NULL);
    const char *first = strchr(text, '.'), *second = first ? strchr(first + 1, '.') : NULL;
    fob_auto_buf payload = FOB_BUF((size_t)FOB_MAX_TOKEN);
    bool decoded = second && fob_base64url_decode(&payload, first + 1, (size_t)(second - first - 1));
    if (payload.failed == FOB_E_MEMORY || (decoded && fob_buf_finish(&payload, "it", NULL) == FOB_E_MEMORY))
        return fob_no_memory(error);
    if (!decoded)
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "the ID token is not a signed JWT");
    fob_err err = fob_json_object(payload.data, payload.len, ret_claims, NULL);
    if (err == FOB_E_MEMORY)
        return fob_no_memory(error);
    if (err != FOB_OK)
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "the claims in the ID token cannot be read");
    return FOB_OK;
}

static bool is_audience(const json_t *aud, const char *client_id)
{
    size_t i;
    json_t *item;
    if (json_is_string(aud))
        return strcmp(json_string_value(aud), client_id) == 0;
    json_array_foreach (aud, i, item) {
        if (json_is_string(item) && strcmp(json_string_value(item), client_id) == 0)
            return true;
    }
    return false;
}

static fob_err foreign(const char *claim, struct fob_error *error)
{
    return fob_fail(error, FOB_E_SECURITY, "log in again; if it stays, tell the provider",
                    "the ID token was not made for this login (%s)", claim);
}

static bool same(const char *a, const char *b)
{
    return a && strlen(a) == strlen(b) && sodium_memcmp(a, b, strlen(b)) == 0;
}

static fob_err check_claims(const json_t *object, const struct fob_id_expectation *expected,
                            struct fob_error *error)
{
    const char *iss = fob_json_str(object, "iss"), *azp = fob_json_str(object, "azp");
    const json_t *exp = json_object_get(object, "exp");
    if (expected->issuer && (!iss || strcmp(iss, expected->issuer) != 0))
        return foreign("iss", error);
    if (!is_audience(json_object_get(object, "aud"), expected->client_id))
        return foreign("aud", error);
    if (azp && strcmp(azp, expected->client_id) != 0)
        return foreign("azp", error);
    if (expected->nonce && !same(fob_json_str(object, "nonce"), expected->nonce))
        return foreign("nonce", error);
    double skew = (double)FOB_CLOCK_SKEW_MS / 1000, now = (double)expected->now / 1000;
    if (!json_is_number(exp) || json_number_value(exp) + skew < now)
        return fob_fail(error, FOB_E_SECURITY, "check this machine's clock", "the ID token has expired");
    return FOB_OK;
}

static fob_err take_subject(const json_t *object, char **ret_subject, struct fob_error *error)
{
    char subject[256];
    const char *sub = fob_json_str(object, "sub");
    if (!sub)
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "the ID token names no subject");
    fob_printable(subject, sizeof subject, sub, strlen(sub));
    char *copy = fob_strdup(subject);
    if (!copy)
        return fob_no_memory(error);
    *ret_subject = copy;
    return FOB_OK;
}

fob_err fob_id_token_check(const fob_secret *id_token, const struct fob_id_expectation *expected,
                           char **ret_subject, struct fob_error *error)
{
    fob_auto_json *object = NULL;
    fob_err err = claims(id_token, &object, error);
    if (err == FOB_OK)
        err = check_claims(object, expected, error);
    return err == FOB_OK ? take_subject(object, ret_subject, error) : err;
}

fob_err fob_id_token_subject(const fob_secret *id_token, char **ret_subject, struct fob_error *error)
{
    fob_auto_json *object = NULL;
    fob_err err = claims(id_token, &object, error);
    return err == FOB_OK ? take_subject(object, ret_subject, error) : err;
}
