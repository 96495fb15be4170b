/* SPDX-License-Identifier: MIT */
/* Reading what a token endpoint answers. */
#include "response.h"
#include "cleanup.h"
#include "error.h"
#include "pairs.h"
#include "text.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

/* What an "error" value means to the caller: RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009 section 2.2.1. */
static const struct {
    const char *oauth_error;
    fob_err code;
    const char *fix;
} meanings[] = {
    {"invalid_grant", FOB_E_NEEDS_LOGIN, "log in again"},
    {"invalid_client", FOB_E_CLIENT,
     "check client_id, client secret and how the descriptor says they are sent"},
    {"unauthorized_client", FOB_E_CLIENT, "allow this grant for the client on the provider's page for it"},
    {"access_denied", FOB_E_DENIED, "log in again and allow the access"},
    {"temporarily_unavailable", FOB_E_SERVER, "try again later"},
    {"server_error", FOB_E_SERVER, "try again later"},
    {"slow_down", FOB_E_RATE_LIMITED, "try again later"},
    {"invalid_scope", FOB_E_PROVIDER, "ask for scopes that the provider knows and the client may have"},
    {"unsupported_grant_type", FOB_E_PROVIDER, "use a grant that the provider supports"},
    {"invalid_request", FOB_E_PROVIDER, "compare the descriptor with the provider's documentation"},
};

static bool type_is(const struct fob_http_response *response, const char *type)
{
    const char *given = fob_pairs_get_field(response->fields, response->n_fields, "Content-Type");
    return given && strncasecmp(given, type, strlen(type)) == 0;
}

/* Retry-After in seconds (RFC 9110 section 10.2.3); its other form, a date, is left to the caller's patience. */
static int64_t retry_after(const struct fob_http_response *response)
{
    const char *text = fob_pairs_get_field(response->fields, response->n_fields, "Retry-After");
    int64_t seconds = 0;
    if (!text || !*text || strspn(text, "0123456789") != strlen(text))
        return 0;
    for (; *text && seconds < FOB_MAX_LIFETIME / 1000; text++)
        seconds = seconds * 10 + (*text - '0');
    return seconds * 1000 < FOB_MAX_LIFETIME ? seconds * 1000 : FOB_MAX_LIFETIME;
}

static fob_err status_error(const struct fob_http_response *response, struct fob_error *error)
{
    int status = response->status;
    fob_err code = status == 429 ? FOB_E_RATE_LIMITED : status >= 500 ? FOB_E_SERVER : FOB_E_PROVIDER;
    if (status == 401)
        code = FOB_E_CLIENT;
    const char *fix = fob_err_is_transient(code) ? "try again later"
                                                 : "compare the descriptor with the provider's documentation";
    fob_fail(error, code, fix, "the provider answered with HTTP status %d", status);
    return code;
}

static void add_facts(const struct fob_http_response *response, struct fob_error *error)
{
    if (!error)
        return;
    error->http_status = response->status;
    error->retry_after_ms = retry_after(response);
}

/* --- the answer as JSON ------------------------------------------------------------------------------------ */

static fob_err decode_part(const char *text, size_t len, struct fob_buf *out)
{
    if (!fob_form_decode(out, text, len))
        return FOB_E_PROTOCOL;
    fob_err err = fob_buf_finish(out, "it", NULL);
    return err == FOB_OK && !fob_utf8_valid(out->data, out->len) ? FOB_E_PROTOCOL : err;
}

/* One "name=value"; a name that comes twice is refused. */
static fob_err read_pair(json_t *object, const char *text, const char *stop)
{
    fob_auto_buf name = FOB_BUF((size_t)FOB_MAX_TOKEN), value = FOB_BUF((size_t)FOB_MAX_TOKEN);
    const char *equals = memchr(text, '=', (size_t)(stop - text));
    if (!equals)
        return FOB_E_PROTOCOL;
    fob_err err = decode_part(text, (size_t)(equals - text), &name);
    if (err == FOB_OK)
        err = decode_part(equals + 1, (size_t)(stop - equals - 1), &value);
    if (err == FOB_OK && json_object_get(object, name.data))
        err = FOB_E_PROTOCOL;
    if (err == FOB_OK && json_object_set_new(object, name.data, json_string(value.data)) != 0)
        err = FOB_E_MEMORY;
    return err;
}

/* Some providers answer as a form (RFC 6749 asks for JSON). */
static fob_err read_form(const char *text, size_t len, json_t **ret_object, struct fob_error *error)
{
    fob_auto_json *object = json_object();
    const char *end = text + len;
    fob_err err = object ? FOB_OK : FOB_E_MEMORY;
    while (err == FOB_OK && text < end) {
        const char *next = memchr(text, '&', (size_t)(end - text));
        err = read_pair(object, text, next ? next : end);
        text = next ? next + 1 : end;
    }
    if (err == FOB_E_MEMORY)
        return fob_no_memory(error);
    if (err != FOB_OK)
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "the answer is neither JSON nor a form");
    *ret_object = fob_steal(&object);
    return FOB_OK;
}

static bool looks_like_json(const struct fob_http_response *response)
{
    const char *text = response->body;
    size_t i = 0;
    while (i < response->body_len && strchr(" \t\r\n", text[i]) && text[i])
        i++;
    return i < response->body_len && text[i] == '{';
}

static fob_err read_body(const struct fob_http_response *response, json_t **ret_object,
                         struct fob_error *error)
{
    if (response->body_len == 0)
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "the provider's answer is empty (HTTP status %d)",
                        response->status);
    if (looks_like_json(response))
        return fob_json_object(response->body, response->body_len, ret_object, error);
    if (type_is(response, "application/x-www-form-urlencoded") || type_is(response, "text/plain"))
        return read_form(response->body, response->body_len, ret_object, error);
    return fob_fail(error, FOB_E_PROTOCOL, "check the endpoint in the descriptor",
                    "the provider answered with %s, not JSON (HTTP status %d)",
                    type_is(response, "text/html") ? "an HTML page" : "something else", response->status);
}

fob_err fob_response_read(const struct fob_http_response *response, int64_t now, json_t **ret_object,
                          struct fob_error *error)
{
    (void)now;
    fob_err err;
    if (response->status >= 300 && response->status < 400)
        err = fob_fail(error, FOB_E_PROTOCOL, "put the final address into the descriptor",
                       "the provider redirects (HTTP status %d), which is not followed with secrets",
                       response->status);
    else
        err = read_body(response, ret_object, error);
    if (err == FOB_E_PROTOCOL && (response->status == 429 || response->status >= 500))
        err = status_error(response, error);
    if (err != FOB_OK)
        add_facts(response, error);
    return err;
}

/* --- errors ------------------------------------------------------------------------------------------------- */

static fob_err named_error(const json_t *object, const char *name, struct fob_error *error)
{
    char printable[64], description[200];
    const char *given = fob_json_str(object, "error_description");
    fob_err code = FOB_E_PROVIDER;
    const char *fix = "see the provider's documentation";
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (strcmp(meanings[i].oauth_error, name) == 0) {
            code = meanings[i].code;
            fix = meanings[i].fix;
        }
    }
    fob_printable(printable, sizeof printable, name, strlen(name));
    fob_printable(description, sizeof description, given, given ? strlen(given) : 0);
    fob_fail(error, code, fix, "the provider refused: %s%s%s", printable, *description ? ": " : "",
             description);
    if (error)
        snprintf(error->oauth_error, sizeof error->oauth_error, "%s", printable);
    return code;
}

fob_err fob_response_error(const struct fob_http_response *response, const json_t *object, int64_t now,
                           struct fob_error *error)
{
    (void)now;
    const char *name = fob_json_str(object, "error");
    bool success = response->status >= 200 && response->status < 300;
    fob_err err = FOB_OK;
    if (name && response->status != 429)
        err = named_error(object, name, error);
    else if (!success)
        err = status_error(response, error);
    if (err != FOB_OK)
        add_facts(response, error);
    return err;
}

/* --- tokens ------------------------------------------------------------------------------------------------- */

static const char *const secrets[] = {"access_token", "refresh_token", "id_token"};

/* VSCHAR only (RFC 6749 appendix A.12, A.17): a line break in a token would split the header it is sent in. */
static bool is_token(const char *text)
{
    for (; *text; text++)
        if (*text < 0x20 || *text > 0x7e)
            return false;
    return true;
}

bool fob_response_has_odd_token(const json_t *object)
{
    bool odd = false;
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        const char *text = fob_json_str(object, secrets[i]);
        odd = odd || (text && !is_token(text));
    }
    return odd;
}

static fob_err read_secret(const json_t *object, const char *key, fob_secret **secret,
                           struct fob_error *error)
{
    const char *text = fob_json_str(object, key);
    if (!text)
        return FOB_OK;
    if (!is_token(text))
        return fob_fail(error, FOB_E_PROTOCOL, NULL,
                        "\"%s\" in the answer holds characters that no token may have", key);
    fob_secret *fresh = NULL;
    fob_err err = fob_secret_new(text, strlen(text), &fresh, error);
    if (err != FOB_OK)
        return err;
    fob_secret_free(secret);
    *secret = fresh;
    return FOB_OK;
}

static fob_err read_text(const json_t *object, const char *key, char **member, struct fob_error *error)
{
    const char *text = fob_json_str(object, key);
    char printable[FOB_MAX_SCALAR];
    if (!text)
        return FOB_OK;
    fob_printable(printable, sizeof printable, text, strlen(text));
    return fob_token_set(member, printable, strlen(printable), error);
}

fob_err fob_response_token(const json_t *object, int64_t now, fob_token *token, struct fob_error *error)
{
    int64_t lifetime;
    fob_err err = read_secret(object, "access_token", &token->access, error);
    if (err == FOB_OK && !token->access)
        err = fob_fail(error, FOB_E_PROTOCOL, "check the token endpoint in the descriptor",
                       "the answer holds no access_token");
    if (err == FOB_OK)
        err = read_secret(object, "refresh_token", &token->refresh, error);
    if (err == FOB_OK)
        err = read_secret(object, "id_token", &token->id, error);
    if (err == FOB_OK)
        err = read_text(object, "token_type", &token->type, error);
    if (err == FOB_OK)
        err = read_text(object, "scope", &token->scope, error);
    if (err != FOB_OK)
        return err;
    token->obtained_at = now;
    if (fob_json_lifetime(object, "expires_in", &lifetime))
        token->expires_at = fob_after(now, lifetime);
    if (fob_json_lifetime(object, "refresh_token_expires_in", &lifetime))
        token->refresh_expires_at = fob_after(now, lifetime);
    return FOB_OK;
}
