/* SPDX-License-Identifier: MIT */
/* An answer of the provider: what it is written in. */
#include "answers.h"
#include "cleanup.h"
#include "error.h"
#include "pairs.h"
#include "text.h"
#include "xmltree.h"

#include <fob/limits.h>
#include <string.h>

void fob_answer_free(struct fob_answer *answer)
{
    fob_json_wipe(answer->json);
    *answer = (struct fob_answer){0};
}

/* --- where things are --------------------------------------------------------------------------------------- */

static const char *or_standard(const char *said, const char *standard)
{
    return said ? said : standard;
}

struct fob_answer_sources fob_answer_sources(const struct fob_answer_rule *rule)
{
#define SOURCE(name) .name = or_standard(FOB_SAYS(rule, fields.name), "/" #name)
    return (struct fob_answer_sources){SOURCE(access_token),
                                       SOURCE(refresh_token),
                                       SOURCE(id_token),
                                       SOURCE(token_type),
                                       SOURCE(scope),
                                       SOURCE(expires_in),
                                       SOURCE(expires_at),
                                       SOURCE(refresh_token_expires_in),
                                       SOURCE(refresh_token_expires_at)};
#undef SOURCE
}

struct fob_source_place fob_answer_place(const struct fob_answer_rule *rule, const struct fob_answer *answer)
{
    struct fob_source_place place = fob_source_whole(answer);
    place.access_token = or_standard(FOB_SAYS(rule, fields.access_token), place.access_token);
    place.id_token = or_standard(FOB_SAYS(rule, fields.id_token), place.id_token);
    return place;
}

/* --- forms -------------------------------------------------------------------------------------------------- */

static bool type_is(const struct fob_http_response *http, const char *type)
{
    const char *given = fob_pairs_get_field(http->fields, http->n_fields, "Content-Type");
    return given && strncasecmp(given, type, strlen(type)) == 0;
}

static fob_err no_form(const struct fob_buf *name, const struct fob_buf *value, struct fob_error *error)
{
    if (name->failed == FOB_E_MEMORY || value->failed == FOB_E_MEMORY)
        return fob_no_memory(error);
    return fob_fail(error, FOB_E_PROTOCOL, NULL, "the answer is neither JSON nor a form");
}

/* name=value at text[len]; a name that comes twice is refused. */
static fob_err read_pair(json_t *object, const char *text, size_t len, struct fob_error *error)
{
    fob_auto_buf name = FOB_BUF((size_t)FOB_MAX_TOKEN), value = FOB_BUF((size_t)FOB_MAX_TOKEN);
    const char *equals = memchr(text, '=', len);
    size_t name_len = equals ? (size_t)(equals - text) : 0;
    bool good = equals && fob_form_decode(&name, text, name_len) &&
                fob_form_decode(&value, equals + 1, len - name_len - 1) &&
                fob_buf_finish(&name, "a name", NULL) == FOB_OK &&
                fob_buf_finish(&value, "a value", NULL) == FOB_OK && fob_utf8_valid(name.data, name.len) &&
                fob_utf8_valid(value.data, value.len) && !json_object_get(object, name.data);
    if (!good)
        return no_form(&name, &value, error);
    if (json_object_set_new(object, name.data, json_string(value.data)) != 0)
        return fob_no_memory(error);
    return FOB_OK;
}

static fob_err read_form(const char *text, size_t len, json_t **ret_json, struct fob_error *error)
{
    fob_auto_json *object = json_object();
    const char *end = text + len;
    fob_err err = object ? FOB_OK : fob_no_memory(error);
    while (err == FOB_OK && text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text));
        err = read_pair(object, text, (size_t)((stop ? stop : end) - text), error);
        text = stop ? stop + 1 : end;
    }
    if (err == FOB_OK)
        *ret_json = fob_steal(&object);
    return err;
}

/* A name, "=", and not a character that a form would not have encoded. */
static bool looks_like_form(const char *text, size_t len)
{
    const char *equals = memchr(text, '=', len);
    if (!equals || equals == text)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] <= ' ' || strchr("<>{}\"", text[i]))
            return false;
    return true;
}

/* --- the body ----------------------------------------------------------------------------------------------- */

static fob_err read_as(enum fob_answer_format format, const struct fob_http_response *http, const char *text,
                       size_t len, json_t **ret_json, struct fob_error *error)
{
    if (format == FOB_ANSWER_JSON || *text == '{' || *text == '[')
        return fob_json_value(text, len, ret_json, error);
    if (format == FOB_ANSWER_XML)
        return fob_xml_read(text, len, ret_json, error);
    if (format == FOB_ANSWER_FORM || type_is(http, "application/x-www-form-urlencoded") ||
        type_is(http, "text/plain") || looks_like_form(text, len))
        return read_form(text, len, ret_json, error);
    return fob_fail(error, FOB_E_PROTOCOL, "check the endpoint in the descriptor",
                    "the provider answered with %s, not JSON (HTTP status %d)",
                    type_is(http, "text/html") ? "an HTML page" : "something else", http->status);
}

/* An empty body is no JSON and no error: what was wanted may stand in the header, and what was not may be missing. */
static fob_err read_body(enum fob_answer_format format, const struct fob_http_response *http,
                         json_t **ret_json, struct fob_error *error)
{
    const char *text = http->body;
    size_t len = http->body_len;
    if (len > FOB_MAX_RESPONSE)
        return fob_fail(error, FOB_E_LIMIT, NULL, "the answer is longer than %d bytes", FOB_MAX_RESPONSE);
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
        text += 3, len -= 3;
    while (len && *text && strchr(" \t\r\n", *text))
        text++, len--;
    while (len && text[len - 1] && strchr(" \t\r\n", text[len - 1]))
        len--;
    if (format == FOB_ANSWER_TEXT || len == 0)
        return FOB_OK;
    return read_as(format, http, text, len, ret_json, error);
}

fob_err fob_answer_empty(const struct fob_http_response *http, struct fob_error *error)
{
    fob_err err = fob_fail(error, FOB_E_PROTOCOL, NULL, "the provider's answer is empty (HTTP status %d)",
                           http->status);
    return fob_answer_failed(http, err, error);
}

fob_err fob_answer_read(const struct fob_answer_rule *rule, const struct fob_http_response *http,
                        struct fob_answer *ret, struct fob_error *error)
{
    struct fob_answer answer = {.http = http};
    bool good = fob_answer_status_is_good(rule, http->status);
    if (!good && http->status >= 300 && http->status < 400)
        return fob_answer_failed(http,
                                 fob_fail(error, FOB_E_PROTOCOL, "put the final address into the descriptor",
                                          "the provider redirects (HTTP status %d), which is not followed "
                                          "with secrets",
                                          http->status),
                                 error);
    fob_err err = read_body(FOB_SAYS(rule, format), http, &answer.json, error);
    if (err == FOB_E_PROTOCOL && !good)
        return fob_answer_error(rule, &answer, error);
    if (err != FOB_OK)
        return fob_answer_failed(http, err, error);
    *ret = answer;
    return FOB_OK;
}
