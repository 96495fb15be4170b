/* SPDX-License-Identifier: MIT */
/* JSON trees: looking into them, and building them. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

/* --- pointers ----------------------------------------------------------------------------------------------- */

/* The next token of a pointer, unescaped, and moves on; the caller's. */
static char *next_token(const char **pointer)
{
    struct text out = {0};
    const char *at = *pointer + 1;
    for (; *at && *at != '/'; at++) {
        char c = *at;
        if (c == '~' && (at[1] == '0' || at[1] == '1'))
            c = *++at == '0' ? '~' : '/';
        text_add(&out, &c, 1);
    }
    *pointer = at;
    return text_take(&out);
}

static bool is_index(const char *token, size_t *ret)
{
    *ret = strtoul(token, NULL, 10);
    return *token && strspn(token, "0123456789") == strlen(token) && *ret < 1000;
}

json_t *tree_point(json_t *json, const char *pointer)
{
    while (json && *pointer == '/') {
        char *token = next_token(&pointer);
        size_t i;
        if (json_is_array(json))
            json = is_index(token, &i) ? json_array_get(json, i) : NULL;
        else
            json = json_object_get(json, token);
        free(token);
    }
    return json;
}

static json_t *child_of(json_t *parent, const char *token)
{
    size_t i;
    if (!json_is_array(parent))
        return json_object_get(parent, token);
    return is_index(token, &i) ? json_array_get(parent, i) : NULL;
}

/* A container takes it over, whatever stood there; an array is filled up to the index. */
static void put(json_t *parent, const char *token, json_t *value)
{
    size_t i = 0;
    if (!json_is_array(parent)) {
        tree_set(parent, token, value);
        return;
    }
    is_index(token, &i);
    while (json_array_size(parent) <= i)
        tree_append(parent, json_null());
    json_array_set_new(parent, i, value);
}

void tree_place(json_t **root, const char *pointer, json_t *value)
{
    json_t *parent = NULL;
    char *last = NULL;
    if (*pointer != '/') {
        json_decref(*root);
        *root = value;
        return;
    }
    while (*pointer == '/') {
        char *token = next_token(&pointer);
        size_t i;
        json_t *here = parent ? child_of(parent, last) : *root;
        if (!json_is_object(here) && !json_is_array(here)) {
            here = must(is_index(token, &i) ? json_array() : json_object());
            if (parent) {
                put(parent, last, here);
            } else {
                json_decref(*root);
                *root = here;
            }
        }
        parent = here;
        free(last);
        last = token;
    }
    put(parent, last, value);
    free(last);
}

char *tree_child(const char *pointer, const char *key)
{
    struct text out = {0};
    text_fmt(&out, "%s/", pointer);
    for (; *key; key++) {
        if (*key == '~' || *key == '/')
            text_str(&out, *key == '~' ? "~0" : "~1");
        else
            text_add(&out, key, 1);
    }
    return text_take(&out);
}

/* --- paths -------------------------------------------------------------------------------------------------- */

json_t *tree_at(json_t *json, const char *path)
{
    while (json && *path) {
        size_t len = strcspn(path, "/");
        char *key = text_slice(path, len);
        json = json_object_get(json, key);
        free(key);
        path += len + (path[len] == '/');
    }
    return json;
}

const char *tree_text(json_t *json, const char *path)
{
    return json_string_value(tree_at(json, path));
}

char *tree_show(const json_t *json)
{
    if (!json)
        return text_copy("");
    if (json_is_string(json))
        return text_copy(json_string_value(json));
    return must(json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY));
}

/* --- building ----------------------------------------------------------------------------------------------- */

void tree_set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new_nocheck(object, key, must(value)) != 0)
        must(NULL);
}

/* What is no UTF-8 cannot stand in JSON: its bytes are shown. */
static json_t *text_json(const char *value)
{
    json_t *json = json_string(value);
    struct text bytes = {0};
    for (const char *c = value; !json && *c; c++)
        text_fmt(&bytes, (unsigned char)*c < 0x80 ? "%c" : "\\x%02x", (unsigned char)*c);
    if (!json) {
        char *shown = text_take(&bytes);
        json = json_string(shown);
        free(shown);
    }
    return must(json);
}

void tree_set_text(json_t *object, const char *key, const char *value)
{
    tree_set(object, key, value ? text_json(value) : json_null());
}

void tree_append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, must(value)) != 0)
        must(NULL);
}

json_t *tree_merge(json_t *below, json_t *over)
{
    const char *key;
    json_t *value;
    if (!json_is_object(below) || !json_is_object(over))
        return must(json_deep_copy(over ? over : below));
    json_t *merged = must(json_deep_copy(below));
    json_object_foreach (over, key, value)
        tree_set(merged, key, tree_merge(json_object_get(below, key), value));
    return merged;
}
