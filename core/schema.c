/* SPDX-License-Identifier: MIT */
/* The descriptor language as JSON Schema 2020-12, from the table that the reader uses. */
#include "document.h"
#include "fields.h"
#include "json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static json_t *table_schema(const struct fob_table *table);

/* Memory may run out anywhere: every function gives NULL then, takes NULL, and frees what it was given. */
static json_t *with(json_t *object, const char *key, json_t *value)
{
    if (object && json_object_set_new(object, key, value) == 0)
        return object;
    if (!object)
        json_decref(value);
    json_decref(object);
    return NULL;
}

static json_t *with_item(json_t *list, json_t *item)
{
    if (list && json_array_append_new(list, item) == 0)
        return list;
    if (!list)
        json_decref(item);
    json_decref(list);
    return NULL;
}

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
    return field->guarded ? with(schema, "not", not_guarded(field->guarded)) : schema;
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
        words = with_item(words, json_string(choice->word));
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
        schema = with(schema, "description", json_string(field->doc));
    if (field->fallback && field->kind != FOB_FIELD_VERSION)
        schema = with(schema, "default", json_string(field->fallback));
    if (field->max)
        schema = with(schema, maximum, json_integer((json_int_t)field->max));
    return schema;
}

static void add_fields(const struct fob_table *table, json_t **properties, json_t **required)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        if (field->kind == FOB_FIELD_INCLUDE) {
            add_fields(field->table, properties, required);
            continue;
        }
        *properties = with(*properties, field->key, field_schema(field));
        if (field->required)
            *required = with_item(*required, json_string(field->key));
    }
}

/* What rules.c says too, as the table has it in JSON. */
static json_t *with_rule(json_t *schema, const char *text)
{
    json_t *rule = NULL;
    bool merged = !text || (schema && fob_json_object(text, strlen(text), &rule, NULL) == FOB_OK &&
                            json_object_update(schema, rule) == 0);
    json_decref(rule);
    if (merged)
        return schema;
    json_decref(schema);
    return NULL;
}

static json_t *table_schema(const struct fob_table *table)
{
    json_t *properties = json_object(), *required = json_array();
    add_fields(table, &properties, &required);
    if (!required) {
        json_decref(properties);
        return NULL;
    }
    json_t *schema =
        json_pack("{s:s, s:s, s:o, s:{s:{}}, s:b}", "type", "object", "description", table->doc, "properties",
                  properties, "patternProperties", "^x-", "additionalProperties", 0);
    if (json_array_size(required))
        schema = with(schema, "required", required);
    else
        json_decref(required);
    return with_rule(schema, table->schema_rule);
}

void fob_write_schema(const struct fob_table *table, const char *title, struct fob_buf *out)
{
    json_t *head =
        json_pack("{s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema", "title", title);
    json_t *schema = table_schema(table);
    bool whole = head && schema && json_object_update(head, schema) == 0;
    fob_err err = whole ? fob_json_write(head, JSON_INDENT(2), out, NULL) : FOB_E_MEMORY;
    if (err != FOB_OK)
        out->failed = err;
    fob_buf_char(out, '\n');
    json_decref(head);
    json_decref(schema);
}
