/* SPDX-License-Identifier: MIT */
/* Tokens: their facts, how they are presented, and their form at rest. */
#include "cleanup.h"
#include "error.h"
#include "text.h"
#include "tokens.h"

#include <fob/limits.h>
#include <string.h>

/* What most tokens have is shared, never written to and never freed. */
static char bearer[] = "Bearer", authorization[] = "Authorization", nothing[] = "";

static void drop(char *text)
{
    if (text != bearer && text != authorization && text != nothing)
        free(text);
}

fob_token *fob_token_new(void)
{
    fob_token *token = malloc(sizeof *token);
    if (token)
        *token = (struct fob_token){.refs = 1,
                                    .type = bearer,
                                    .scope = nothing,
                                    .identity = nothing,
                                    .label = nothing,
                                    .use_header = authorization,
                                    .use_scheme = bearer,
                                    .use_query = nothing};
    return token;
}

fob_token *fob_token_ref(fob_token *token)
{
    if (token)
        __atomic_add_fetch(&token->refs, 1, __ATOMIC_RELAXED);
    return token;
}

void fob_token_unref(fob_token **token)
{
    if (!token || !*token)
        return;
    fob_token *t = fob_steal(token);
    if (__atomic_sub_fetch(&t->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    fob_secret_free(&t->access);
    fob_secret_free(&t->refresh);
    fob_secret_free(&t->id);
    drop(t->type);
    drop(t->scope);
    drop(t->identity);
    drop(t->use_header);
    drop(t->use_scheme);
    drop(t->use_query);
    drop(t->label);
    fob_kept_free(&t->kept);
    fob_kept_free(&t->use_fields);
    fob_kept_free(&t->use_params);
    free(t);
}

const fob_secret *fob_token_access(const fob_token *token)
{
    return token->access;
}

const fob_secret *fob_token_refresh(const fob_token *token)
{
    return token->refresh;
}

const fob_secret *fob_token_id(const fob_token *token)
{
    return token->id;
}

const char *fob_token_type(const fob_token *token)
{
    return token->type;
}

const char *fob_token_scope(const fob_token *token)
{
    return token->scope;
}

int64_t fob_token_obtained_at(const fob_token *token)
{
    return token->obtained_at;
}

int64_t fob_token_expires_at(const fob_token *token)
{
    return token->expires_at;
}

int64_t fob_token_refresh_expires_at(const fob_token *token)
{
    return token->refresh_expires_at;
}

const char *fob_token_identity(const fob_token *token)
{
    return token->identity;
}

const char *fob_token_label(const fob_token *token)
{
    return token->label;
}

const char *fob_token_kept(const fob_token *token, const char *name)
{
    return name ? fob_kept_get(&token->kept, name) : NULL;
}

const struct fob_pair *fob_token_kept_nth(const fob_token *token, size_t n)
{
    return n < token->kept.shown.n ? &token->kept.shown.v[n] : NULL;
}

const struct fob_pair *fob_token_api_field(const fob_token *token, size_t n)
{
    return n < token->use_fields.values.n ? &token->use_fields.values.v[n] : NULL;
}

const struct fob_pair *fob_token_api_param(const fob_token *token, size_t n)
{
    return n < token->use_params.values.n ? &token->use_params.values.v[n] : NULL;
}

int64_t fob_token_renewal_due(const fob_token *token)
{
    return token->renewal_due;
}

int fob_token_is_whole(const fob_token *token)
{
    return !token->partial;
}

int fob_token_is_fresh(const fob_token *token, int64_t now, int64_t min_ttl_ms)
{
    int64_t needed = min_ttl_ms > FOB_EXPIRY_LEEWAY_MS ? min_ttl_ms : FOB_EXPIRY_LEEWAY_MS;
    return token->expires_at == 0 || token->expires_at - needed >= now;
}

fob_err fob_token_set(char **member, const char *text, size_t len, struct fob_error *error)
{
    if (strlen(*member) == len && memcmp(*member, text, len) == 0)
        return FOB_OK;
    char *copy = fob_strndup(text, len);
    if (!copy)
        return fob_no_memory(error);
    drop(*member);
    *member = copy;
    return FOB_OK;
}

fob_err fob_token_present(const fob_token *token, const char **ret_name, fob_secret **ret_value,
                          struct fob_error *error)
{
    fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_TOKEN);
    bool in_query = *token->use_query != '\0';
    if (!in_query && *token->use_scheme)
        fob_buf_fmt(&value, "%s ", token->use_scheme);
    fob_buf_str(&value, fob_secret_peek(token->access, NULL));
    fob_err err = fob_buf_finish(&value, "the token", error);
    if (err == FOB_OK)
        err = fob_secret_new(value.data, value.len, ret_value, error);
    if (err == FOB_OK)
        *ret_name = in_query ? token->use_query : token->use_header;
    return err;
}

int fob_token_in_query(const fob_token *token)
{
    return *token->use_query != '\0';
}

fob_err fob_token_header(const fob_token *token, const char **ret_name, fob_secret **ret_value,
                         struct fob_error *error)
{
    if (!token || !ret_name || !ret_value)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_token_header: an argument is missing");
    if (fob_token_in_query(token))
        return fob_fail(error, FOB_E_STATE, "use fob_token_query",
                        "the API takes this token in the query, not in a header field");
    return fob_token_present(token, ret_name, ret_value, error);
}

fob_err fob_token_query(const fob_token *token, const char **ret_name, fob_secret **ret_value,
                        struct fob_error *error)
{
    if (!token || !ret_name || !ret_value)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_token_query: an argument is missing");
    if (!fob_token_in_query(token))
        return fob_fail(error, FOB_E_STATE, "use fob_token_header",
                        "the API takes this token in a header field, not in the query");
    return fob_token_present(token, ret_name, ret_value, error);
}

/* --- at rest ------------------------------------------------------------------------------------------------ */

/* Absent secrets are absent members. */
static int add_secret(json_t *json, const char *key, const fob_secret *secret)
{
    size_t len;
    const char *bytes = fob_secret_peek(secret, &len);
    return bytes ? json_object_set_new(json, key, json_stringn(bytes, len)) : 0;
}

json_t *fob_token_to_json(const fob_token *t)
{
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:b, s:o, s:o, s:o}", "token_type",
                  t->type, "scope", t->scope, "identity", t->identity, "label", t->label, "use_header",
                  t->use_header, "use_scheme", t->use_scheme, "use_query", t->use_query, "obtained_at",
                  (json_int_t)t->obtained_at, "expires_at", (json_int_t)t->expires_at, "refresh_expires_at",
                  (json_int_t)t->refresh_expires_at, "renewal_due", (json_int_t)t->renewal_due, "partial",
                  (int)t->partial, "kept", fob_kept_to_json(&t->kept), "use_fields",
                  fob_kept_to_json(&t->use_fields), "use_params", fob_kept_to_json(&t->use_params));
    if (!json || add_secret(json, "access_token", t->access) ||
        add_secret(json, "refresh_token", t->refresh) || add_secret(json, "id_token", t->id)) {
        fob_json_wipe(json);
        return NULL;
    }
    return json;
}

static fob_err read_secret(const json_t *json, const char *key, fob_secret **ret, struct fob_error *error)
{
    const json_t *value = json_object_get(json, key);
    if (!value)
        return FOB_OK;
    if (!json_is_string(value))
        return fob_fail(error, FOB_E_STORE, NULL, "\"%s\" of a stored token is no text", key);
    return fob_secret_new(json_string_value(value), json_string_length(value), ret, error);
}

/* The strings that a token always has; a store that is older may lack those at the end. */
static const struct {
    const char *key;
    size_t offset;
    bool is_later;
} texts[] = {{"token_type", offsetof(struct fob_token, type), false},
             {"scope", offsetof(struct fob_token, scope), false},
             {"identity", offsetof(struct fob_token, identity), false},
             {"use_header", offsetof(struct fob_token, use_header), false},
             {"use_scheme", offsetof(struct fob_token, use_scheme), false},
             {"use_query", offsetof(struct fob_token, use_query), true},
             {"label", offsetof(struct fob_token, label), true}};

static fob_err read_texts(const json_t *json, fob_token *token, struct fob_error *error)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *value = json_object_get(json, texts[i].key);
        char **member = (char **)(void *)((char *)token + texts[i].offset);
        if (!value && texts[i].is_later)
            continue;
        if (!json_is_string(value))
            return fob_fail(error, FOB_E_STORE, NULL, "a stored token lacks \"%s\"", texts[i].key);
        fob_err err = fob_token_set(member, json_string_value(value), json_string_length(value), error);
        if (err != FOB_OK)
            return err;
    }
    return FOB_OK;
}

static fob_err read_times(const json_t *json, fob_token *token, struct fob_error *error)
{
    json_t *obtained = json_object_get(json, "obtained_at"), *expires = json_object_get(json, "expires_at");
    json_t *refresh_expires = json_object_get(json, "refresh_expires_at");
    if (!json_is_integer(obtained) || !json_is_integer(expires) || !json_is_integer(refresh_expires))
        return fob_fail(error, FOB_E_STORE, NULL, "a stored token lacks its times");
    token->obtained_at = json_integer_value(obtained);
    token->expires_at = json_integer_value(expires);
    token->refresh_expires_at = json_integer_value(refresh_expires);
    return FOB_OK;
}

static fob_err read_kept(const json_t *json, fob_token *token, struct fob_error *error)
{
    fob_err err = fob_kept_from_json(json_object_get(json, "kept"), &token->kept);
    if (err == FOB_OK)
        err = fob_kept_from_json(json_object_get(json, "use_fields"), &token->use_fields);
    if (err == FOB_OK)
        err = fob_kept_from_json(json_object_get(json, "use_params"), &token->use_params);
    if (err == FOB_OK)
        return FOB_OK;
    if (err == FOB_E_MEMORY)
        return fob_no_memory(error);
    return fob_fail(error, err, NULL, "what is kept with a stored token cannot be read");
}

fob_err fob_token_from_json(const json_t *json, fob_token **ret_token, struct fob_error *error)
{
    fob_auto_token *token = fob_token_new();
    if (!token)
        return fob_no_memory(error);
    if (!json_is_string(json_object_get(json, "access_token")))
        return fob_fail(error, FOB_E_STORE, NULL, "a stored token lacks \"access_token\"");
    fob_err err = read_texts(json, token, error);
    if (err == FOB_OK)
        err = read_times(json, token, error);
    token->renewal_due = json_integer_value(json_object_get(json, "renewal_due"));
    token->partial = json_is_true(json_object_get(json, "partial"));
    if (err == FOB_OK)
        err = read_kept(json, token, error);
    if (err == FOB_OK)
        err = read_secret(json, "access_token", &token->access, error);
    if (err == FOB_OK)
        err = read_secret(json, "refresh_token", &token->refresh, error);
    if (err == FOB_OK)
        err = read_secret(json, "id_token", &token->id, error);
    if (err == FOB_OK)
        *ret_token = fob_steal(&token);
    return err;
}

fob_err fob_token_copy(const fob_token *token, fob_token **ret_token, struct fob_error *error)
{
    fob_auto_json *json = fob_token_to_json(token);
    return json ? fob_token_from_json(json, ret_token, error) : fob_no_memory(error);
}
