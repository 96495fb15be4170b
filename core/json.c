/* SPDX-License-Identifier: MIT */
/* JSON as it comes from outside: strict, bounded, wiped before it is freed. */
#include "json.h"
#include "error.h"
#include "text.h"

#include <fob/limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* What a text will hold if it is JSON. */
struct measure {
    bool too_deep;
    size_t bytes;   /* of all strings, keys among them, decoded */
    size_t longest; /* string, as written */
};

/* Bytes of UTF-8 that \uXXXX stands for; the second half of a surrogate pair adds nothing to the first's four. */
static size_t escaped_len(const char *hex, size_t len)
{
    int value = 0;
    for (size_t i = 0; i < 4 && i < len; i++)
        value = value * 16 + fob_hex_digit(hex[i]);
    if (value >= 0xd800 && value < 0xe000)
        return value < 0xdc00 ? 4 : 0;
    return value < 0x80 ? 1 : value < 0x800 ? 2 : 3;
}

/* Moves *at from behind an opening quote to the closing one. */
static void measure_string(const char *text, size_t len, size_t *at, struct measure *ret)
{
    size_t start = *at;
    for (; *at < len && text[*at] != '"'; ++*at) {
        bool escape = text[*at] == '\\' && ++*at < len;
        bool unicode = escape && text[*at] == 'u';
        ret->bytes += unicode ? escaped_len(text + *at + 1, len - *at - 1) : 1;
        *at += unicode ? 4 : 0;
    }
    ret->longest = *at - start > ret->longest ? *at - start : ret->longest;
}

/* Jansson's own depth limit is 2,048; ours is far below, so the text is measured first. */
static struct measure measure(const char *text, size_t len)
{
    struct measure ret = {0};
    int depth = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '"') {
            i++;
            measure_string(text, len, &i, &ret);
        } else if (c == '{' || c == '[') {
            ret.too_deep = ret.too_deep || ++depth > FOB_MAX_JSON_DEPTH;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return ret;
}

static size_t string_bytes(json_t *json)
{
    const char *key;
    json_t *value;
    size_t index, sum = json_string_length(json);
    json_array_foreach (json, index, value)
        sum += string_bytes(value);
    json_object_foreach (json, key, value)
        sum += strlen(key) + string_bytes(value);
    return sum;
}

/*
 * Jansson keeps what it reads of a string in a buffer that grows, and when it cannot grow the byte is lost, or worse. So
 * the room for that is asked for beforehand, and the strings are counted afterwards.
 */
static bool has_room(const struct measure *measured)
{
    void *room = malloc(4 * (measured->longest + 64));
    free(room);
    return room != NULL;
}

/* Out of memory comes without a word, or as a token that is invalid though its closing quote was read. */
static bool ran_out(const json_error_t *fault, const char *text)
{
    if (!*fault->text)
        return true;
    return fault->position > 0 && text[fault->position - 1] == '"' &&
           (fob_starts_with(fault->text, "invalid token") || fob_starts_with(fault->text, "string or"));
}

/* Jansson's messages quote the text near the fault, which may be a token: only the kind is passed on. */
static const char *reason(const json_error_t *fault)
{
    switch (json_error_code(fault)) {
    case json_error_premature_end_of_input:
        return "it ends too early";
    case json_error_duplicate_key:
        return "it holds the same key twice";
    case json_error_invalid_utf8:
        return "it is not UTF-8";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "a string in it holds a NUL";
    case json_error_numeric_overflow:
        return "a number in it is too large";
    case json_error_end_of_input_expected:
        return "something follows it";
    default:
        return "the syntax is wrong";
    }
}

static json_t *load(const char *text, size_t len, json_error_t *fault)
{
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
    json_t *json = json_loadb(text, len, flags, fault);
    if (!json && json_error_code(fault) == json_error_numeric_overflow)
        json = json_loadb(text, len, flags | JSON_DECODE_INT_AS_REAL, fault);
    return json;
}

fob_err fob_json_value(const char *text, size_t len, json_t **ret_value, struct fob_error *error)
{
    json_error_t fault = {0};
    struct measure measured = measure(text, len);
    if (measured.too_deep)
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "not usable JSON: nested deeper than %d levels",
                        FOB_MAX_JSON_DEPTH);
    if (!has_room(&measured))
        return fob_no_memory(error);
    fob_auto_json *json = load(text, len, &fault);
    if (json ? string_bytes(json) != measured.bytes : ran_out(&fault, text))
        return fob_no_memory(error);
    if (!json)
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "not usable JSON: %s (line %d, column %d)",
                        reason(&fault), fault.line, fault.column);
    *ret_value = json;
    json = NULL;
    return FOB_OK;
}

fob_err fob_json_object(const char *text, size_t len, json_t **ret_object, struct fob_error *error)
{
    fob_auto_json *json = NULL;
    fob_err err = fob_json_value(text, len, &json, error);
    if (err != FOB_OK)
        return err;
    if (!json_is_object(json))
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "not usable JSON: an object was expected");
    *ret_object = json;
    json = NULL;
    return FOB_OK;
}

/* When memory runs out Jansson may leave a piece out and go on: both times it has to come to the same length. */
fob_err fob_json_write(const json_t *json, size_t flags, struct fob_buf *out, struct fob_error *error)
{
    size_t len = json_dumpb(json, NULL, 0, flags);
    char *text = len ? malloc(len) : NULL;
    bool written = text && json_dumpb(json, text, len, flags) == len;
    if (written)
        fob_buf_add(out, text, len);
    if (text)
        sodium_memzero(text, len);
    free(text);
    return written ? fob_buf_finish(out, "the JSON", error) : fob_no_memory(error);
}

/* Jansson hands out its own bytes as const; they are ours alone until the last reference goes. */
static void wipe_string(json_t *json)
{
    union {
        const char *as_given;
        void *to_wipe;
    } bytes = {.as_given = json_string_value(json)};
    sodium_memzero(bytes.to_wipe, json_string_length(json));
}

static void wipe(json_t *json)
{
    const char *key;
    json_t *value;
    size_t index;
    if (json_is_string(json)) {
        wipe_string(json);
    } else if (json_is_array(json)) {
        json_array_foreach (json, index, value)
            wipe(value);
    } else if (json_is_object(json)) {
        json_object_foreach (json, key, value)
            wipe(value);
    }
}

void fob_json_wipe(json_t *json)
{
    if (!json)
        return;
    wipe(json);
    json_decref(json);
}

void fob_json_wipep(json_t **json)
{
    fob_json_wipe(*json);
}

const char *fob_json_str(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && *text ? text : NULL;
}
