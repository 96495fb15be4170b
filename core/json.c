/* SPDX-License-Identifier: MIT */
/* JSON as it comes from outside: strict, bounded, wiped before it is freed. */
#include "json.h"
#include "error.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

/* Jansson's own depth limit is 2,048; ours is far below, so the text is measured first. */
static bool too_deep(const char *text, size_t len)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '{' || c == '[') && ++depth > FOB_MAX_JSON_DEPTH)
            return true;
        else if (!in_string && (c == '}' || c == ']'))
            depth--;
    }
    return false;
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

fob_err fob_json_object(const char *text, size_t len, json_t **ret_object, struct fob_error *error)
{
    if (too_deep(text, len))
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "not usable JSON: nested deeper than %d levels",
                        FOB_MAX_JSON_DEPTH);
    json_error_t fault;
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &fault);
    if (!json && json_error_code(&fault) == json_error_numeric_overflow)
        json = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &fault);
    if (!json && json_error_code(&fault) == json_error_out_of_memory)
        return fob_no_memory(error);
    if (!json)
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "not usable JSON: %s (line %d, column %d)",
                        reason(&fault), fault.line, fault.column);
    if (!json_is_object(json)) {
        fob_json_wipe(json);
        return fob_fail(error, FOB_E_PROTOCOL, NULL, "not usable JSON: an object was expected");
    }
    *ret_object = json;
    return FOB_OK;
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

/* Digits only, so that neither a locale nor a sign nor an exponent has a say. Saturates. */
static bool parse_seconds(const char *text, double *ret)
{
    double value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (*text - '0');
    }
    *ret = value;
    return true;
}

bool fob_json_lifetime(const json_t *object, const char *key, int64_t *ret_ms)
{
    const json_t *json = json_object_get(object, key);
    double seconds = 0;
    if (json_is_number(json))
        seconds = json_number_value(json);
    else if (!json_is_string(json) || !parse_seconds(json_string_value(json), &seconds))
        return false;
    if (!(seconds >= 0))
        return false;
    double limit = (double)FOB_MAX_LIFETIME / 1000;
    *ret_ms = seconds >= limit ? FOB_MAX_LIFETIME : (int64_t)(seconds * 1000);
    return true;
}
