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

/* A number that no machine holds is the text that was written. */
static json_t *number(const struct fob_yaml *node)
{
    json_error_t fault;
    json_t *json = json_loads(node->text, JSON_DECODE_ANY, &fault);
    bool too_large = !json && json_error_code(&fault) == json_error_numeric_overflow;
    return too_large ? json_stringn(node->text, node->len) : json;
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
        return number(node);
    case FOB_YAML_TEXT:
        return json_stringn(node->text, node->len);
    default:
        return children(node);
    }
}
