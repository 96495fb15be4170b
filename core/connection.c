/* SPDX-License-Identifier: MIT */
/* A connection's inside: what is sealed into the store, and back. */
#include "connection.h"
#include "cleanup.h"
#include "client.h"
#include "error.h"

#include <fob/limits.h>
#include <string.h>

#define FORMAT 1

#define fob_auto_connection fob_cleanup(fob_connection_unref) fob_connection

fob_connection *fob_connection_new(void)
{
    fob_connection *connection = calloc(1, sizeof *connection);
    if (connection)
        connection->refs = 1;
    return connection;
}

fob_connection *fob_connection_ref(fob_connection *connection)
{
    if (connection)
        __atomic_add_fetch(&connection->refs, 1, __ATOMIC_RELAXED);
    return connection;
}

void fob_connection_unref(fob_connection **connection)
{
    if (!connection || !*connection)
        return;
    fob_connection *c = fob_steal(connection);
    if (__atomic_sub_fetch(&c->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    free(c->name);
    free(c->provider);
    free(c->environment);
    free(c->grant);
    free(c->scope);
    free(c->dead_reason);
    free(c->redirect_uri);
    fob_client_free(&c->client);
    fob_pairs_free(&c->variables);
    fob_pairs_free(&c->shown);
    fob_token_unref(&c->token);
    free(c);
}

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

const char *fob_connection_name(const fob_connection *connection)
{
    return text_or_empty(connection->name);
}

const char *fob_connection_provider(const fob_connection *connection)
{
    return text_or_empty(connection->provider);
}

const char *fob_connection_environment(const fob_connection *connection)
{
    return text_or_empty(connection->environment);
}

const char *fob_connection_client_id(const fob_connection *connection)
{
    return fob_client_id(connection->client);
}

const char *fob_connection_grant(const fob_connection *connection)
{
    return text_or_empty(connection->grant);
}

const char *fob_connection_scope(const fob_connection *connection)
{
    return text_or_empty(connection->scope);
}

const struct fob_pair *fob_connection_variable(const fob_connection *connection, size_t n)
{
    return n < connection->shown.n ? &connection->shown.v[n] : NULL;
}

const char *fob_connection_redirect_uri(const fob_connection *connection)
{
    return connection->redirect_uri && *connection->redirect_uri ? connection->redirect_uri : NULL;
}

int64_t fob_connection_created_at(const fob_connection *connection)
{
    return connection->created_at;
}

fob_token *fob_connection_token(const fob_connection *connection)
{
    return connection->token;
}

const char *fob_connection_dead_reason(const fob_connection *connection)
{
    return text_or_empty(connection->dead_reason);
}

static bool copy_text(char **member, const char *text)
{
    *member = fob_strdup(text_or_empty(text));
    return *member != NULL;
}

static bool copy_pairs(struct fob_pairs *to, const struct fob_pairs *from)
{
    for (size_t i = 0; i < from->n; i++)
        fob_pairs_set(to, from->v[i].name, from->v[i].value);
    return to->failed == FOB_OK;
}

fob_err fob_connection_with(const fob_connection *old, fob_token *token, const char *dead_reason,
                            fob_connection **ret_connection, struct fob_error *error)
{
    fob_auto_connection *c = fob_connection_new();
    bool good = c && copy_text(&c->name, old->name) && copy_text(&c->provider, old->provider) &&
                copy_text(&c->environment, old->environment) && copy_text(&c->grant, old->grant) &&
                copy_text(&c->scope, old->scope) && copy_text(&c->dead_reason, dead_reason) &&
                copy_text(&c->redirect_uri, old->redirect_uri) &&
                copy_pairs(&c->variables, &old->variables) && copy_pairs(&c->shown, &old->shown);
    if (!good)
        return fob_no_memory(error);
    c->created_at = old->created_at;
    c->token = fob_token_ref(token);
    fob_err err = fob_client_copy(old->client, &c->client, error);
    if (err == FOB_OK)
        *ret_connection = fob_steal(&c);
    return err;
}

/* --- as JSON -------------------------------------------------------------------------------------------- */

static json_t *pairs_to_json(const struct fob_pairs *pairs, const struct fob_pairs *shown)
{
    fob_auto_json *list = json_array();
    for (size_t i = 0; list && i < pairs->n; i++) {
        int secret = shown->v[i].value[0] == '\0' && pairs->v[i].value[0] != '\0';
        if (json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "name", pairs->v[i].name, "value",
                                                  pairs->v[i].value, "secret", secret)) != 0)
            return NULL;
    }
    return fob_steal(&list);
}

/* A member for a secret that is there; false when it cannot be made. */
static bool add_secret(json_t *json, const char *member, const fob_secret *secret)
{
    size_t len;
    const char *text = fob_secret_peek(secret, &len);
    return !text || json_object_set_new(json, member, json_stringn(text, len)) == 0;
}

static json_t *client_to_json(const fob_client *client)
{
    json_t *json = json_pack("{s:s}", "id", fob_client_id(client));
    if (json && add_secret(json, "secret", fob_client_secret(client)) &&
        add_secret(json, "key", fob_client_key(client)))
        return json;
    fob_json_wipe(json);
    return NULL;
}

fob_err fob_connection_write(const fob_connection *c, struct fob_buf *out, struct fob_error *error)
{
    fob_auto_json *json =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:o}", "format", FORMAT, "provider",
                  text_or_empty(c->provider), "environment", text_or_empty(c->environment), "grant",
                  text_or_empty(c->grant), "scope", text_or_empty(c->scope), "dead_reason",
                  text_or_empty(c->dead_reason), "redirect_uri", text_or_empty(c->redirect_uri), "created_at",
                  (json_int_t)c->created_at, "client", client_to_json(c->client), "variables",
                  pairs_to_json(&c->variables, &c->shown), "token", fob_token_to_json(c->token));
    return json ? fob_json_write(json, JSON_COMPACT, out, error) : fob_no_memory(error);
}

/* json_unpack would allocate, and call it a mistake in the text when it cannot. */
static const char *text_in(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static fob_err read_variables(const json_t *list, fob_connection *c)
{
    size_t i;
    json_t *row;
    if (!json_is_array(list))
        return FOB_E_STORE;
    json_array_foreach (list, i, row) {
        const char *name = text_in(row, "name"), *value = text_in(row, "value");
        const json_t *secret = json_object_get(row, "secret");
        if (!name || !value || !json_is_boolean(secret))
            return FOB_E_STORE;
        fob_pairs_set(&c->variables, name, value);
        fob_pairs_set(&c->shown, name, json_is_true(secret) ? "" : value);
    }
    return c->variables.failed == FOB_OK && c->shown.failed == FOB_OK ? FOB_OK : FOB_E_MEMORY;
}

static fob_err read_secret(const json_t *json, const char *member, fob_secret **ret_secret,
                           struct fob_error *error)
{
    const json_t *kept = json_object_get(json, member);
    if (!kept)
        return FOB_OK;
    if (!json_is_string(kept))
        return fob_fail(error, FOB_E_STORE, NULL, "the client's %s is no text", member);
    return fob_secret_new(json_string_value(kept), json_string_length(kept), ret_secret, error);
}

static fob_err read_client(const json_t *json, fob_client **ret_client, struct fob_error *error)
{
    fob_auto_secret *secret = NULL, *key = NULL;
    fob_err err = read_secret(json, "secret", &secret, error);
    if (err == FOB_OK)
        err = read_secret(json, "key", &key, error);
    const char *id = fob_json_str(json, "id");
    return err == FOB_OK ? fob_client_new_with_key(id ? id : "", secret, key, ret_client, error) : err;
}

static fob_err read_texts(const json_t *json, fob_connection *c)
{
    const struct {
        const char *key;
        char **member;
        bool is_newer; /* records of before do not have it */
    } texts[] = {{"provider", &c->provider, false},
                 {"environment", &c->environment, false},
                 {"grant", &c->grant, false},
                 {"scope", &c->scope, false},
                 {"dead_reason", &c->dead_reason, false},
                 {"redirect_uri", &c->redirect_uri, true}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = text_in(json, texts[i].key);
        if (!text && !texts[i].is_newer)
            return FOB_E_STORE;
        if (!copy_text(texts[i].member, text))
            return FOB_E_MEMORY;
    }
    return FOB_OK;
}

static fob_err read_whole(const json_t *json, const char *name, fob_connection *c)
{
    const json_t *created_at = json_object_get(json, "created_at"), *client = json_object_get(json, "client");
    const json_t *variables = json_object_get(json, "variables"), *token = json_object_get(json, "token");
    if (json_integer_value(json_object_get(json, "format")) != FORMAT || !json_is_integer(created_at) ||
        !client || !variables || !token)
        return FOB_E_STORE;
    c->created_at = json_integer_value(created_at);
    fob_err err = copy_text(&c->name, name) ? read_texts(json, c) : FOB_E_MEMORY;
    if (err == FOB_OK)
        err = read_variables(variables, c);
    if (err == FOB_OK)
        err = read_client(client, &c->client, NULL);
    if (err == FOB_OK)
        err = fob_token_from_json(token, &c->token, NULL);
    return err;
}

fob_err fob_connection_read(const char *name, const char *text, size_t len, fob_connection **ret_connection,
                            struct fob_error *error)
{
    fob_auto_json *json = NULL;
    fob_auto_connection *c = fob_connection_new();
    if (!c)
        return fob_no_memory(error);
    fob_err err = fob_json_object(text, len, &json, NULL);
    if (err == FOB_OK)
        err = read_whole(json, name, c);
    if (err == FOB_E_MEMORY)
        return fob_no_memory(error);
    if (err != FOB_OK)
        return fob_fail(error, FOB_E_STORE,
                        "log in again to replace it, or use the version of fob that wrote it",
                        "the connection \"%s\" is not in a form this version reads", name);
    *ret_connection = fob_steal(&c);
    return FOB_OK;
}
