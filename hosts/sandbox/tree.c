/* SPDX-License-Identifier: MIT */
/* Looking into trees of maps, lists and scalars (Jansson), and joining them. */
#include "tree.h"

#include "text.h"

#include <malloc.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

json_t *tree_at(json_t *map, const char *path)
{
    while (map && *path) {
        size_t len = strcspn(path, "/");
        char *key = text_printf("%.*s", (int)len, path);
        map = json_object_get(map, key);
        text_drop(&key);
        path += len + (path[len] == '/');
    }
    return map;
}

const char *tree_text(json_t *map, const char *path)
{
    return json_string_value(tree_at(map, path));
}

const char *tree_first(json_t *map, const char *path)
{
    json_t *value = tree_at(map, path);
    return json_string_value(json_is_array(value) ? json_array_get(value, 0) : value);
}

bool tree_is_true(json_t *map, const char *path)
{
    return json_is_true(tree_at(map, path));
}

char *tree_scalar(json_t *value)
{
    if (json_is_string(value))
        return text_copy(json_string_value(value));
    if (json_is_integer(value))
        return text_printf("%lld", (long long)json_integer_value(value));
    if (json_is_real(value))
        return text_printf("%g", json_real_value(value));
    return json_is_true(value) ? text_copy("true") : json_is_false(value) ? text_copy("false") : NULL;
}

bool tree_lists(json_t *list, const char *text)
{
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item)
        if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
            return true;
    return false;
}

void tree_set(json_t *map, const char *key, const char *text)
{
    if (text)
        json_object_set_new(map, key, text_must(json_string(text)));
}

void tree_set_taken(json_t *map, const char *key, char *text)
{
    tree_set(map, key, text);
    text_drop(&text);
}

json_t *tree_merge(json_t *below, json_t *above)
{
    const char *key;
    json_t *value;
    json_t *merged = text_must(json_is_object(below) ? json_deep_copy(below) : json_object());
    json_object_foreach (above, key, value) {
        json_t *old = json_object_get(merged, key);
        bool both = json_is_object(old) && json_is_object(value);
        json_object_set_new(merged, key, both ? tree_merge(old, value) : text_must(json_deep_copy(value)));
    }
    return merged;
}

long long tree_seconds(const char *duration)
{
    static const struct {
        char unit;
        long long seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'y', 31536000}};
    char *end;
    long long n = duration ? strtoll(duration, &end, 10) : -1;
    for (size_t i = 0; n >= 0 && i < sizeof units / sizeof *units; i++)
        if (*end == units[i].unit && !end[1])
            return n * units[i].seconds;
    return -1;
}

static void free_wiped(void *memory)
{
    if (memory)
        sodium_memzero(memory, malloc_usable_size(memory));
    free(memory);
}

void tree_wipe_freed(void)
{
    json_set_alloc_funcs(malloc, free_wiped);
}
