/* SPDX-License-Identifier: MIT */
/* The JWT that stands for a client: its header and claims, and who signs it. */
#include "jwt.h"
#include "cleanup.h"
#include "error.h"
#include "json.h"
#include "rule.h"
#include "text.h"

#include <fob/limits.h>
#include <fob/plugin.h>
#include <sodium.h>
#include <string.h>

#define DEFAULT_LIFETIME "5m"

static const char *const alg_names[] = {
    [FOB_JWT_HS256] = "HS256", [FOB_JWT_RS256] = "RS256", [FOB_JWT_RS384] = "RS384",
    [FOB_JWT_RS512] = "RS512", [FOB_JWT_PS256] = "PS256", [FOB_JWT_ES256] = "ES256",
    [FOB_JWT_ES384] = "ES384"};

static enum fob_jwt_alg choose_alg(const struct fob_jwt_input *input)
{
    if (input->rule->alg != FOB_JWT_UNSET)
        return input->rule->alg;
    if (input->auth == FOB_AUTH_SECRET_JWT)
        return FOB_JWT_HS256;
    return input->auth == FOB_AUTH_KEY_JWT || fob_client_key(input->client) ? FOB_JWT_RS256 : FOB_JWT_HS256;
}

/* --- header and claims -------------------------------------------------------------------------------------- */

/* RFC 7519 section 4.1 and OpenID Connect Core section 2: seconds, as numbers. */
static bool is_time(const char *claim)
{
    static const char *const times[] = {"exp", "nbf", "iat", "auth_time"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (strcmp(times[i], claim) == 0)
            return true;
    return false;
}

/* -1 when text is no number of at most 15 digits. */
static json_int_t seconds(const struct fob_buf *text)
{
    json_int_t value = 0;
    if (text->len == 0 || text->len > 15)
        return -1;
    for (size_t i = 0; i < text->len; i++) {
        if (text->data[i] < '0' || text->data[i] > '9')
            return -1;
        value = value * 10 + (text->data[i] - '0');
    }
    return value;
}

/* template NULL, or with a name that has no value: the member is left out. */
static fob_err put(const struct fob_jwt_input *input, json_t *object, const char *name, const char *template,
                   struct fob_error *error)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_TOKEN);
    bool missing = !template;
    fob_err err =
        template ? fob_binding_expand(input->binding, template, false, input->env, &text, &missing, error)
                 : FOB_OK;
    if (err == FOB_OK)
        err = fob_buf_finish(&text, "a member of the client's JWT", error);
    if (err != FOB_OK)
        return err;
    if (missing) {
        json_object_del(object, name);
        return FOB_OK;
    }
    json_int_t time = is_time(name) ? seconds(&text) : -1;
    if (!fob_utf8_valid(text.data, text.len))
        return fob_fail(error, FOB_E_CONFIG, "check what it is filled in from",
                        "\"%.64s\" of the client's JWT is not UTF-8", name);
    json_t *value = time >= 0 ? json_integer(time) : json_stringn(text.data, text.len);
    return json_object_set_new(object, name, value) == 0 ? FOB_OK : fob_no_memory(error);
}

static fob_err put_all(const struct fob_jwt_input *input, json_t *object, const struct fob_map *map,
                       struct fob_error *error)
{
    fob_err err = FOB_OK;
    for (size_t i = 0; i < map->n && err == FOB_OK; i++)
        err = put(input, object, map->v[i].name, map->v[i].value, error);
    return err;
}

/* A key that says itself what it is called need not be named in the descriptor. What is no JWK is the module's to tell. */
static fob_err put_own_kid(const struct fob_jwt_input *input, json_t *header, struct fob_error *error)
{
    size_t len;
    const char *text = fob_secret_peek(fob_client_key(input->client), &len);
    fob_auto_json *jwk = NULL;
    if (!text || text[strspn(text, " \t\r\n")] != '{')
        return FOB_OK;
    if (fob_json_object(text, len, &jwk, NULL) == FOB_E_MEMORY)
        return fob_no_memory(error);
    const char *kid = fob_json_str(jwk, "kid");
    return !kid || json_object_set_new(header, "kid", json_string(kid)) == 0 ? FOB_OK : fob_no_memory(error);
}

static fob_err make_header(const struct fob_jwt_input *input, enum fob_jwt_alg alg, json_t **ret,
                           struct fob_error *error)
{
    fob_auto_json *header = json_pack("{s:s, s:s}", "alg", alg_names[alg], "typ", "JWT");
    if (!header)
        return fob_no_memory(error);
    fob_err err = alg == FOB_JWT_HS256 ? FOB_OK : put_own_kid(input, header, error);
    if (err == FOB_OK && input->rule->kid)
        err = put(input, header, "kid", input->rule->kid, error);
    if (err == FOB_OK)
        err = put_all(input, header, &input->rule->header, error);
    if (err == FOB_OK)
        *ret = fob_steal(&header);
    return err;
}

/* A claim that is there becomes a list of one, once. */
static fob_err wrap(json_t *claims, const char *name, struct fob_error *error)
{
    json_t *value = json_object_get(claims, name);
    if (!value || json_is_array(value))
        return FOB_OK;
    json_t *list = json_pack("[O]", value);
    return list && json_object_set_new(claims, name, list) == 0 ? FOB_OK : fob_no_memory(error);
}

static fob_err make_claims(const struct fob_jwt_input *input, json_t **ret, struct fob_error *error)
{
    unsigned char bytes[16];
    fob_auto_buf jti = FOB_BUF(64);
    const char *id = fob_client_id(input->client);
    const char *lifetime = input->rule->lifetime ? input->rule->lifetime : DEFAULT_LIFETIME;
    json_int_t now = input->env->now / 1000;
    fob_entropy_take(input->env->entropy, bytes, sizeof bytes);
    fob_base64url(&jti, bytes, sizeof bytes);
    fob_err err = fob_buf_finish(&jti, "the id of the client's JWT", error);
    if (err != FOB_OK)
        return err;
    fob_auto_json *claims =
        json_pack("{s:s, s:s, s:s, s:I, s:I, s:s}", "iss", id, "sub", id, "aud", input->audience, "iat", now,
                  "exp", now + fob_duration(lifetime) / 1000, "jti", jti.data);
    if (!claims)
        return fob_no_memory(error);
    err = put_all(input, claims, &input->rule->claims, error);
    for (size_t i = 0; i < input->rule->arrays.n && err == FOB_OK; i++)
        err = wrap(claims, input->rule->arrays.v[i], error);
    if (err == FOB_OK)
        *ret = fob_steal(&claims);
    return err;
}

/* --- signing ------------------------------------------------------------------------------------------------ */

void fob_jws_hs256(const char *header, const char *payload, const fob_secret *key, struct fob_buf *out)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    size_t len;
    const char *bytes = fob_secret_peek(key, &len);
    fob_base64url(out, header, strlen(header));
    fob_buf_char(out, '.');
    fob_base64url(out, payload, strlen(payload));
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)bytes, len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)out->data, out->len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
    fob_buf_char(out, '.');
    fob_base64url(out, mac, sizeof mac);
}

static fob_err with_secret(const struct fob_jwt_input *input, const char *header, const char *payload,
                           struct fob_buf *out, struct fob_error *error)
{
    const fob_secret *secret = fob_client_secret(input->client);
    if (!secret)
        return fob_fail(error, FOB_E_CONFIG,
                        "give the client secret: --client-secret-file, or client_secret_file",
                        "%s wants a JWT that is signed with the client secret, and there is none",
                        input->binding->provider->d.id);
    fob_jws_hs256(header, payload, secret, out);
    return FOB_OK;
}

/* A module's word is not taken for it. */
static bool is_compact(const char *text, size_t len)
{
    size_t dots = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        dots += c == '.';
        if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' &&
            c != '_' && c != '.')
            return false;
    }
    return dots == 2 && text[len] == '\0';
}

static fob_err give_up(fob_err err, const struct fob_error *own, struct fob_error *error)
{
    char what[sizeof own->what], fix[sizeof own->fix];
    bool known = err == FOB_E_CONFIG || err == FOB_E_LIMIT || err == FOB_E_MEMORY;
    fob_printable(what, sizeof what, own->what, strnlen(own->what, sizeof own->what));
    fob_printable(fix, sizeof fix, own->fix, strnlen(own->fix, sizeof own->fix));
    return fob_fail(error, known ? err : FOB_E_PLUGIN, *fix ? fix : NULL, "%s",
                    *what ? what : "the jose module failed");
}

static fob_err with_key(const struct fob_jwt_input *input, const char *alg, const char *header,
                        const char *payload, struct fob_buf *out, struct fob_error *error)
{
    const fob_provider *provider = input->binding->provider;
    size_t key_len, len = 0, room = out->max;
    const char *key = fob_secret_peek(fob_client_key(input->client), &key_len);
    struct fob_error own = FOB_ERROR_INIT;
    if (!key)
        return fob_fail(
            error, FOB_E_CONFIG, "give the client's private key: --client-key-file, or client_key_file",
            "%s wants a JWT that is signed with the client's key, and there is none", provider->d.id);
    if (!provider->jose)
        return fob_fail(
            error, FOB_E_CONFIG,
            "install the plugin jose-cjose, set auth: private_key_jwt in the descriptor, and look the "
            "provider up with fob_find_provider",
            "a JWT with %s needs the jose module, which is not there", alg);
    char *text = malloc(room);
    if (!text)
        return fob_no_memory(error);
    fob_err err = provider->jose->sign(alg, key, key_len, header, payload, text, room, &len, &own);
    if (err != FOB_OK)
        err = give_up(err, &own, error);
    else if (len >= room || !is_compact(text, len))
        err = fob_fail(error, FOB_E_PLUGIN, "report it to its author", "the jose module gave what is no JWT");
    else
        fob_buf_add(out, text, len);
    sodium_memzero(text, room);
    free(text);
    return err;
}

/* Claims may hold what is secret: the texts are wiped like the values. */
static fob_err sign(const struct fob_jwt_input *input, enum fob_jwt_alg alg, const json_t *header,
                    const json_t *claims, struct fob_buf *out, struct fob_error *error)
{
    fob_auto_buf head = FOB_BUF((size_t)FOB_MAX_TOKEN), payload = FOB_BUF((size_t)FOB_MAX_TOKEN);
    fob_err err = fob_json_write(header, JSON_COMPACT, &head, error);
    if (err == FOB_OK)
        err = fob_json_write(claims, JSON_COMPACT, &payload, error);
    if (err != FOB_OK)
        return err;
    return alg == FOB_JWT_HS256 ? with_secret(input, head.data, payload.data, out, error)
                                : with_key(input, alg_names[alg], head.data, payload.data, out, error);
}

fob_err fob_jwt_make(const struct fob_jwt_input *input, fob_secret **ret_jwt, struct fob_error *error)
{
    enum fob_jwt_alg alg = choose_alg(input);
    fob_auto_json *header = NULL, *claims = NULL;
    fob_auto_buf jwt = FOB_BUF((size_t)FOB_MAX_TOKEN);
    fob_err err = make_header(input, alg, &header, error);
    if (err == FOB_OK)
        err = make_claims(input, &claims, error);
    if (err == FOB_OK)
        err = sign(input, alg, header, claims, &jwt, error);
    if (err == FOB_OK)
        err = fob_buf_finish(&jwt, "the client's JWT", error);
    return err == FOB_OK ? fob_secret_new(jwt.data, jwt.len, ret_jwt, error) : err;
}

/* --- what it takes ------------------------------------------------------------------------------------------ */

static bool request_needs_key(const struct fob_request_rule *rule)
{
    return rule->auth == FOB_AUTH_KEY_JWT || rule->jwt.alg > FOB_JWT_HS256;
}

static bool names_key_jwt(const struct fob_metadata *metadata)
{
    const struct fob_strings *lists[] = {&metadata->token_endpoint_auth_methods_supported,
                                         &metadata->revocation_endpoint_auth_methods_supported,
                                         &metadata->introspection_endpoint_auth_methods_supported};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (fob_strings_have(lists[i], "private_key_jwt"))
            return true;
    return false;
}

bool fob_jwt_needs_key(const struct fob_descriptor *d)
{
    const struct fob_request_rule *requests[] = {
        &d->token, &d->client_credentials, &d->refresh.request, &d->userinfo, &d->verify, &d->revoke.request};
    bool needs = names_key_jwt(&d->metadata);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        needs = needs || request_needs_key(requests[i]);
    for (size_t i = 0; i < d->n_steps; i++)
        needs = needs || request_needs_key(&d->steps[i].request);
    for (size_t i = 0; i < d->n_environments; i++)
        needs = needs || names_key_jwt(&d->environments[i].metadata);
    return needs;
}
