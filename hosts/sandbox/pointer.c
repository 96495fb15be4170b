/* SPDX-License-Identifier: MIT */
/* JSON Pointers (RFC 6901): looking, and placing with all that is missing on the way. */
#include "pointer.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ITEMS 64 /* the largest list that is made on the way */

/* The step that *pointer (behind its '/') begins with, decoded; moves on to the next '/' or the end. */
static char *next_step(const char **pointer)
{
    struct text step = {0};
    text_str(&step, "");
    const char *at = *pointer + 1;
    for (; *at && *at != '/'; at++) {
        bool escaped = *at == '~' && (at[1] == '0' || at[1] == '1');
        if (escaped)
            at++;
        text_add(&step, !escaped ? at : *at == '1' ? "/" : "~", 1);
    }
    *pointer = at;
    return step.s;
}

/* The step as an index: no sign, no leading zero; -1 when it is none. */
static long index_of(const char *step)
{
    size_t len = strlen(step);
    if (!len || len > 3 || strspn(step, "0123456789") != len || (len > 1 && *step == '0'))
        return -1;
    return strtol(step, NULL, 10);
}

static json_t *child(json_t *tree, const char *step)
{
    long index = index_of(step);
    return json_is_array(tree) ? index >= 0 ? json_array_get(tree, (size_t)index) : NULL
                               : json_object_get(tree, step);
}

json_t *pointer_get(json_t *tree, const char *pointer)
{
    while (tree && *pointer == '/') {
        char *step = next_step(&pointer);
        tree = child(tree, step);
        text_drop(&step);
    }
    return tree;
}

/* What has to stand where the rest of the pointer begins. */
static json_t *container_for(const char *pointer)
{
    const char *rest = pointer;
    char *step = next_step(&rest);
    json_t *made = text_must(index_of(step) >= 0 ? json_array() : json_object());
    text_drop(&step);
    return made;
}

/* Takes value. */
static bool set_child(json_t *tree, const char *step, json_t *value)
{
    long index = index_of(step);
    if (json_is_object(tree))
        return json_object_set_new(tree, step, value) == 0;
    if (!json_is_array(tree) || index < 0 || index >= MAX_ITEMS) {
        json_decref(value);
        return false;
    }
    while (json_array_size(tree) <= (size_t)index)
        json_array_append_new(tree, json_null());
    return json_array_set_new(tree, (size_t)index, value) == 0;
}

bool pointer_put(json_t **tree, const char *pointer, json_t *value)
{
    if (*pointer != '/') {
        json_decref(*tree);
        *tree = value;
        return true;
    }
    if (!*tree)
        *tree = container_for(pointer);
    json_t *at = *tree;
    for (;;) {
        char *step = next_step(&pointer);
        if (*pointer != '/') {
            bool placed = set_child(at, step, value);
            text_drop(&step);
            return placed;
        }
        json_t *below = child(at, step);
        if (!below || json_is_null(below)) {
            below = container_for(pointer);
            if (!set_child(at, step, below))
                below = NULL;
        }
        text_drop(&step);
        if (!json_is_object(below) && !json_is_array(below)) {
            json_decref(value);
            return false;
        }
        at = below;
    }
}
