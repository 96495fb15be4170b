/* SPDX-License-Identifier: MIT */
/* The descriptor language as JSON Schema 2020-12, from the table that the reader uses. */
#include "document.h"
#include "fields.h"

#include <stdio.h>
#include <string.h>

static json_t *table_schema(const struct fob_table *table);

static json_t *format_schema(enum fob_format format)
{
    return json_pack("{s:s, s:s}", "type", "string", "pattern", fob_formats[format].pattern);
}

/* Guarded keys are refused in any case of their letters. */
static json_t *not_guarded(const char *const *guarded)
{
    struct fob_buf pattern = FOB_BUF(4096);
    fob_buf_str(&pattern, "^(");
    for (size_t i = 0; guarded[i]; i++) {
        fob_buf_str(&pattern, i ? "|" : "");
        for (const char *c = guarded[i]; *c; c++) {
            bool is_letter = (*c | 0x20) >= 'a' && (*c | 0x20) <= 'z';
            if (is_letter)
                fob_buf_fmt(&pattern, "[%c%c]", *c & ~0x20, *c | 0x20);
            else
                fob_buf_char(&pattern, *c);
        }
    }
    fob_buf_str(&pattern, ")$");
    json_t *schema = fob_buf_finish(&pattern, "a pattern", NULL) == FOB_OK
                         ? json_pack("{s:s}", "pattern", pattern.data)
                         : NULL;
    fob_buf_free(&pattern);
    return schema;
}

static json_t *key_schema(const struct fob_field *field)
{
    json_t *schema = json_pack("{s:s}", "pattern", fob_formats[field->key_format].pattern);
    if (field->guarded)
        json_object_set_new(schema, "not", not_guarded(field->guarded));
    return schema;
}

static json_t *map_schema(const struct fob_field *field)
{
    json_t *value = format_schema(field->format);
    if (field->nullable)
        value = json_pack("{s:[o, {s:s}]}", "anyOf", value, "type", "null");
    return json_pack("{s:s, s:o, s:o}", "type", "object", "propertyNames", key_schema(field),
                     "additionalProperties", value);
}

static json_t *choice_schema(const struct fob_field *field)
{
    json_t *words = json_array();
    for (const struct fob_choice *choice = field->choices; choice->word; choice++)
        json_array_append_new(words, json_string(choice->word));
    return json_pack("{s:o}", "enum", words);
}

static json_t *kind_schema(const struct fob_field *field)
{
    switch (field->kind) {
    case FOB_FIELD_TEXT:
        return format_schema(field->format);
    case FOB_FIELD_LIST:
        return json_pack("{s:s, s:o}", "type", "array", "items", format_schema(field->format));
    case FOB_FIELD_MAP:
        return map_schema(field);
    case FOB_FIELD_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case FOB_FIELD_VERSION:
        return json_pack("{s:i}", "const", 1);
    case FOB_FIELD_CHOICE:
        return choice_schema(field);
    case FOB_FIELD_BLOCK:
        return table_schema(field->table);
    default:
        return json_pack("{s:s, s:o, s:o}", "type", "object", "propertyNames", key_schema(field),
                         "additionalProperties", table_schema(field->table));
    }
}

static json_t *field_schema(const struct fob_field *field)
{
    json_t *schema = kind_schema(field);
    const char *maximum = field->kind == FOB_FIELD_LIST ? "maxItems" : "maxProperties";
    if (field->doc)
        json_object_set_new(schema, "description", json_string(field->doc));
    if (field->fallback && field->kind != FOB_FIELD_VERSION)
        json_object_set_new(schema, "default", json_string(field->fallback));
    if (field->max)
        json_object_set_new(schema, maximum, json_integer((json_int_t)field->max));
    return schema;
}

static void add_fields(const struct fob_table *table, json_t *properties, json_t *required)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        if (field->kind == FOB_FIELD_INCLUDE) {
            add_fields(field->table, properties, required);
            continue;
        }
        json_object_set_new(properties, field->key, field_schema(field));
        if (field->required)
            json_array_append_new(required, json_string(field->key));
    }
}

static json_t *table_schema(const struct fob_table *table)
{
    json_t *properties = json_object(), *required = json_array();
    add_fields(table, properties, required);
    json_t *schema =
        json_pack("{s:s, s:s, s:o, s:{s:{}}, s:b}", "type", "object", "description", table->doc, "properties",
                  properties, "patternProperties", "^x-", "additionalProperties", 0);
    if (json_array_size(required))
        json_object_set(schema, "required", required);
    json_decref(required);
    json_t *rule = table->schema_rule ? json_loads(table->schema_rule, 0, NULL) : NULL;
    if (rule)
        json_object_update(schema, rule);
    json_decref(rule);
    return schema;
}

void fob_write_schema(const struct fob_table *table, const char *title, struct fob_buf *out)
{
    json_t *head =
        json_pack("{s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema", "title", title);
    json_t *schema = table_schema(table);
    char *text = NULL;
    if (head && schema && json_object_update(head, schema) == 0)
        text = json_dumps(head, JSON_INDENT(2));
    if (text)
        fob_buf_fmt(out, "%s\n", text);
    else
        out->failed = FOB_E_MEMORY;
    free(text);
    json_decref(head);
    json_decref(schema);
}
