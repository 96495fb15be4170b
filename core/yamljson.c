/* SPDX-License-Identifier: MIT */
/* A YAML tree as JSON: what a descriptor's tests show of an answer. */
#include "yamltree.h"

#include <stdlib.h>

static json_t *children(const struct fob_yaml *node)
{
    json_t *json = node->kind == FOB_YAML_MAP ? json_object() : json_array();
    for (const struct fob_yaml *child = node->children; json && child; child = child->next) {
        json_t *value = fob_yaml_json(child);
        int failed = node->kind == FOB_YAML_MAP ? json_object_set_new(json, child->key, value)
                                                : json_array_append_new(json, value);
        if (failed) {
            json_decref(json);
            return NULL;
        }
    }
    return json;
}

json_t *fob_yaml_json(const struct fob_yaml *node)
{
    switch (node->kind) {
    case FOB_YAML_NULL:
        return json_null();
    case FOB_YAML_BOOL:
        return json_boolean(node->number != 0);
    case FOB_YAML_INT:
        return json_integer((json_int_t)node->number);
    case FOB_YAML_REAL:
        return json_loads(node->text, JSON_DECODE_ANY, NULL);
    case FOB_YAML_TEXT:
        return json_stringn(node->text, node->len);
    default:
        return children(node);
    }
}
