/* SPDX-License-Identifier: MIT */
/* What is another each time: the same, told with other random bytes and at another time, tells. */
#include "story.h"

#include <stdlib.h>
#include <string.h>

static void mask_member(json_t *object, const char *key, const char *why)
{
    char *shown = text_printf("<%s>", why);
    tree_set_text(object, key, shown);
    free(shown);
}

/* Claims, one by one. */
static void compare_claims(json_t *first, json_t *other, const char *why)
{
    const char *name;
    void *at;
    for (at = json_object_iter(first); at; at = json_object_iter_next(first, at)) {
        name = json_object_iter_key(at);
        const char *text = json_string_value(json_object_iter_value(at));
        bool masked = text && *text == '<';
        if (!masked && !json_equal(json_object_iter_value(at), json_object_get(other, name)))
            mask_member(first, name, why);
    }
}

static void compare_one(json_t *first, json_t *other, const char *why)
{
    const char *here = tree_text(first, "value"), *there = tree_text(other, "value");
    if (json_object_get(first, "varies") || !here || !there || strcmp(here, there) == 0)
        return;
    compare_claims(tree_at(first, "jwt/claims"), tree_at(other, "jwt/claims"), why);
    if (!json_object_get(first, "jwt"))
        tree_set_text(first, "varies", why);
}

static void compare_list(json_t *first, json_t *other, const char *why)
{
    json_t *one;
    size_t i;
    json_array_foreach (first, i, one)
        compare_one(one, json_array_get(other, i), why);
}

/* The value itself goes only when both were compared with it. */
static void mask_list(json_t *list)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one) {
        const char *why = json_object_get(one, "jwt") ? "JWT" : tree_text(one, "varies");
        if (why)
            mask_member(one, "value", why);
        if (why && json_object_get(one, "wire"))
            mask_member(one, "wire", why);
    }
}

void varies_note(json_t *first, json_t *second, json_t *third)
{
    static const char *const lists[] = {"params", "headers"};
    json_t *step;
    size_t i;
    json_array_foreach (first, i, step) {
        for (size_t k = 0; k < 2; k++) {
            json_t *list = json_object_get(step, lists[k]);
            compare_list(list, json_object_get(json_array_get(second, i), lists[k]), "random");
            compare_list(list, json_object_get(json_array_get(third, i), lists[k]), "time");
            mask_list(list);
        }
    }
}
