/* SPDX-License-Identifier: MIT */
/* Where a value is in an answer. */
#include "source.h"
#include "cleanup.h"
#include "pairs.h"
#include "pointer.h"
#include "text.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define SPACE " \t\r\n"

void fob_found_free(struct fob_found *found)
{
    fob_json_wipe(found->claims);
    *found = (struct fob_found){0};
}

struct fob_source_place fob_source_whole(const struct fob_answer *answer)
{
    return (struct fob_source_place){
        .answer = answer, .json = answer->json, .access_token = "/access_token", .id_token = "/id_token"};
}

/* --- texts -------------------------------------------------------------------------------------------------- */

static void found_text(const char *text, size_t len, struct fob_found *ret)
{
    while (len && strchr(SPACE, *text))
        text++, len--;
    while (len && strchr(SPACE, text[len - 1]))
        len--;
    if (len)
        *ret = (struct fob_found){.text = text, .len = len};
}

/* All of it as text: bytes that are none are nothing. */
static void find_body(const struct fob_http_response *http, struct fob_found *ret)
{
    if (http->body_len && fob_utf8_valid(http->body, http->body_len))
        found_text(http->body, http->body_len, ret);
}

static void find_header(const struct fob_http_response *http, const char *name, struct fob_found *ret)
{
    const char *value = fob_pairs_get_field(http->fields, http->n_fields, name);
    if (value)
        found_text(value, strlen(value), ret);
}

/* A cookie that is set to end at once is taken away (RFC 6265 section 5.2.2). */
static bool is_taken_away(const char *attributes)
{
    for (const char *at = strchr(attributes, ';'); at; at = strchr(at, ';')) {
        at += 1 + strspn(at + 1, SPACE);
        if (strncasecmp(at, "max-age=", 8) == 0)
            return at[8] == '0' || at[8] == '-';
    }
    return false;
}

/* The last of several holds (RFC 6265 section 5.3). Its value may stand in quotes. */
static void find_cookie(const struct fob_http_response *http, const char *name, struct fob_found *ret)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < http->n_fields; i++) {
        if (!fob_ascii_ieq(http->fields[i].name, "Set-Cookie"))
            continue;
        const char *at = http->fields[i].value + strspn(http->fields[i].value, SPACE);
        if (strncmp(at, name, len) != 0 || at[len] != '=')
            continue;
        at += len + 1;
        size_t size = strcspn(at, ";");
        bool quoted = size >= 2 && at[0] == '"' && at[size - 1] == '"';
        *ret = (struct fob_found){0};
        if (!is_taken_away(at))
            found_text(at + quoted, size - 2 * (size_t)quoted, ret);
    }
}

/* --- JSON --------------------------------------------------------------------------------------------------- */

static void found_json(json_t *json, struct fob_found *ret)
{
    bool nothing = !json || json_is_null(json) || (json_is_string(json) && json_string_length(json) == 0);
    if (!nothing)
        ret->json = json;
}

static fob_err find_first(const struct fob_source_place *place, const char *sources, bool in_claims,
                          struct fob_found *ret);

/* The text of the JWT that a claim is in. One that is itself a claim would lead round in circles. */
static fob_err find_jwt(const struct fob_source_place *place, bool is_access, struct fob_found *ret)
{
    const char *source = is_access ? place->access_token : place->id_token;
    if (place->token) {
        const fob_secret *secret = is_access ? place->token->access : place->token->id;
        ret->text = fob_secret_peek(secret, &ret->len);
        return FOB_OK;
    }
    return source ? find_first(place, source, false, ret) : FOB_OK;
}

static fob_err find_claim(const struct fob_source_place *place, const char *rest, struct fob_found *ret)
{
    fob_auto_found jwt = {0};
    json_t *claims = NULL;
    size_t len;
    fob_err err = find_jwt(place, fob_starts_with(rest, "access_token/"), &jwt);
    const char *text = fob_found_string(&jwt, &len);
    if (err == FOB_OK && text)
        err = fob_jwt_read(text, len, &claims);
    if (!claims)
        return err == FOB_E_MEMORY ? err : FOB_OK;
    found_json(fob_json_point(claims, strchr(rest, '/')), ret);
    ret->claims = claims;
    return FOB_OK;
}

/* --- all of them -------------------------------------------------------------------------------------------- */

static fob_err find_one(const struct fob_source_place *place, const char *source, struct fob_found *ret)
{
    const struct fob_http_response *http = place->answer->http;
    *ret = (struct fob_found){0};
    if (*source == '/')
        found_json(fob_json_point(place->json, source), ret);
    else if (fob_starts_with(source, "claim:"))
        return find_claim(place, source + 6, ret);
    else if (fob_starts_with(source, "header:"))
        find_header(http, source + 7, ret);
    else if (fob_starts_with(source, "cookie:"))
        find_cookie(http, source + 7, ret);
    else if (place->json != place->answer->json || json_is_string(place->json))
        found_json(place->json, ret);
    else
        find_body(http, ret);
    return FOB_OK;
}

bool fob_source_next(const char **rest, char one[FOB_MAX_SCALAR + 1])
{
    const char *text = *rest;
    if (!text)
        return false;
    size_t len = strcspn(text, "\n"); /* a scalar of the descriptor: no longer than FOB_MAX_SCALAR */
    snprintf(one, FOB_MAX_SCALAR + 1, "%.*s", (int)len, text);
    *rest = text[len] ? text + len + 1 : NULL;
    return true;
}

static fob_err find_first(const struct fob_source_place *place, const char *sources, bool in_claims,
                          struct fob_found *ret)
{
    char one[FOB_MAX_SCALAR + 1];
    fob_err err = FOB_OK;
    *ret = (struct fob_found){0};
    while (err == FOB_OK && !ret->json && !ret->text && fob_source_next(&sources, one))
        if (in_claims || !fob_starts_with(one, "claim:"))
            err = find_one(place, one, ret);
    return err;
}

fob_err fob_source_find(const struct fob_source_place *place, const char *source, struct fob_found *ret)
{
    return strchr(source, '\n') ? find_first(place, source, true, ret) : find_one(place, source, ret);
}

const char *fob_found_string(const struct fob_found *found, size_t *ret_len)
{
    *ret_len = found->json ? json_string_length(found->json) : found->len;
    return found->json ? json_string_value(found->json) : found->text;
}

bool fob_found_scalar(const struct fob_found *found, struct fob_buf *out)
{
    if (found->json)
        return fob_json_scalar(found->json, out);
    if (found->text)
        fob_buf_add(out, found->text, found->len);
    return found->text != NULL;
}

bool fob_answer_find(const struct fob_answer *answer, const char *source, const fob_token *token,
                     struct fob_buf *out)
{
    struct fob_source_place place = fob_source_whole(answer);
    fob_auto_found found = {0};
    place.token = token;
    if (fob_source_find(&place, source, &found) == FOB_E_MEMORY) {
        out->failed = FOB_E_MEMORY;
        return false;
    }
    return fob_found_scalar(&found, out);
}
