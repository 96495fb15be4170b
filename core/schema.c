/* SPDX-License-Identifier: MIT */
/* The descriptor language as JSON Schema 2020-12, from the table that the reader uses. */
#include "document.h"
#include "fields.h"
#include "json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* defs: what several keys share, by name; filled on the way. */
static json_t *table_schema(const struct fob_table *table, json_t *defs);
static json_t *shared_schema(const struct fob_table *table, json_t *defs);

/* Each format once, in $defs, under the name that refers to it. */
static const char *const format_names[] = {[FOB_FORMAT_VALUE] = "value",
                                           [FOB_FORMAT_TEXT] = "text",
                                           [FOB_FORMAT_TEMPLATE] = "template",
                                           [FOB_FORMAT_ID] = "id",
                                           [FOB_FORMAT_NAME] = "name",
                                           [FOB_FORMAT_ENDPOINT] = "endpoint",
                                           [FOB_FORMAT_PAGE] = "page",
                                           [FOB_FORMAT_LINK] = "link",
                                           [FOB_FORMAT_HOST] = "host",
                                           [FOB_FORMAT_SCOPE] = "scope",
                                           [FOB_FORMAT_FIELD] = "field",
                                           [FOB_FORMAT_SCHEME] = "scheme",
                                           [FOB_FORMAT_SEPARATOR] = "separator",
                                           [FOB_FORMAT_POINTER] = "pointer",
                                           [FOB_FORMAT_SOURCE] = "source",
                                           [FOB_FORMAT_FACT] = "fact",
                                           [FOB_FORMAT_STATUS] = "status",
                                           [FOB_FORMAT_ERROR] = "error",
                                           [FOB_FORMAT_DURATION] = "duration",
                                           [FOB_FORMAT_ELEMENT] = "element",
                                           [FOB_FORMAT_TOKEN_KIND] = "token_kind"};

static json_t *reference(const char *name)
{
    return json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", name));
}

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

/* One of the two, or under another word both. */
static json_t *both(const char *word, json_t *a, json_t *b)
{
    return with(json_object(), word, with_item(with_item(json_array(), a), b));
}

static json_t *format_schema(enum fob_format format)
{
    return reference(format_names[format]);
}

/* A number is compared as it is written; true and false are words. */
static json_t *scalar_schema(enum fob_format format)
{
    json_t *number = format == FOB_FORMAT_STATUS
                         ? json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", 100, "maximum", 599)
                         : json_pack("{s:[s,s]}", "type", "integer", "boolean");
    return both("anyOf", format_schema(format), number);
}

static json_t *value_schema(const struct fob_field *field)
{
    return field->scalars ? scalar_schema(field->format) : format_schema(field->format);
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
    return format_schema(field->key_format);
}

static json_t *choice_schema(const struct fob_field *field)
{
    json_t *words = json_array();
    for (const struct fob_choice *choice = field->choices; choice->word; choice++)
        words = with_item(words, json_string(choice->word));
    return json_pack("{s:o}", "enum", words);
}

/* Keys of that format that are none of the listed ones. */
static json_t *keys_without(const struct fob_field *field, const char *const *names)
{
    return both("allOf", key_schema(field), with(json_object(), "not", not_guarded(names)));
}

/* What the flow sets itself may at most be left out; what it needs may not even be that. */
static json_t *with_guards(const struct fob_field *field, json_t *schema)
{
    if (field->kept)
        schema = with(schema, "propertyNames", keys_without(field, field->kept));
    if (!field->guarded)
        return schema;
    if (!field->nullable)
        return with(schema, "propertyNames", keys_without(field, field->guarded));
    json_t *pattern = not_guarded(field->guarded), *patterns = json_object();
    const char *text = fob_json_str(pattern, "pattern");
    patterns = with(patterns, text ? text : "", text ? json_pack("{s:s}", "type", "null") : NULL);
    schema = with(schema, "patternProperties", patterns);
    json_decref(pattern);
    return schema;
}

static json_t *map_schema(const struct fob_field *field)
{
    json_t *value = field->choices ? choice_schema(field) : value_schema(field);
    if (field->nullable)
        value = both("anyOf", value, json_pack("{s:s}", "type", "null"));
    return with_guards(field, json_pack("{s:s, s:o, s:o}", "type", "object", "propertyNames",
                                        key_schema(field), "additionalProperties", value));
}

static json_t *block_schema(const struct fob_table *table, json_t *defs)
{
    json_t *block = shared_schema(table, defs);
    if (!table->shorthand)
        return block;
    const struct fob_field *field = fob_fields_find(table, table->shorthand);
    return both("anyOf", format_schema(field->format), block);
}

/* One, or a list of which the first that is there counts; "" always is. */
static json_t *alternatives_schema(const struct fob_field *field)
{
    json_t *item = both("allOf", format_schema(field->format), json_pack("{s:i}", "minLength", 1));
    json_t *list =
        json_pack("{s:s, s:i, s:i}", "type", "array", "minItems", 1, "maxItems", FOB_MAX_ALTERNATIVES);
    return both("anyOf", format_schema(field->format), with(list, "items", item));
}

static json_t *kind_schema(const struct fob_field *field, json_t *defs)
{
    switch (field->kind) {
    case FOB_FIELD_TEXT:
        return field->several ? alternatives_schema(field) : value_schema(field);
    case FOB_FIELD_LIST:
        return json_pack("{s:s, s:o}", "type", "array", "items", value_schema(field));
    case FOB_FIELD_MAP:
        return map_schema(field);
    case FOB_FIELD_JSON:
        return json_object();
    case FOB_FIELD_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case FOB_FIELD_VERSION:
        return json_pack("{s:i}", "const", 1);
    case FOB_FIELD_CHOICE:
        return choice_schema(field);
    case FOB_FIELD_BLOCK:
        return shared_schema(field->table, defs);
    case FOB_FIELD_ITEMS:
        return json_pack("{s:s, s:o}", "type", "array", "items", shared_schema(field->table, defs));
    default:
        return json_pack("{s:s, s:o, s:o}", "type", "object", "propertyNames", key_schema(field),
                         "additionalProperties", block_schema(field->table, defs));
    }
}

static json_t *field_schema(const struct fob_field *field, json_t *defs)
{
    json_t *schema = kind_schema(field, defs);
    bool is_list = field->kind == FOB_FIELD_LIST || field->kind == FOB_FIELD_ITEMS;
    const char *maximum = is_list ? "maxItems" : "maxProperties";
    if (field->doc)
        schema = with(schema, "description", json_string(field->doc));
    if (field->fallback && field->kind != FOB_FIELD_VERSION)
        schema = with(schema, "default", json_string(field->fallback));
    if (field->max)
        schema = with(schema, maximum, json_integer((json_int_t)field->max));
    return schema;
}

static void add_fields(const struct fob_table *table, json_t **properties, json_t **required, json_t *defs)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        if (field->kind == FOB_FIELD_INCLUDE) {
            add_fields(field->table, properties, required, defs);
            continue;
        }
        *properties = with(*properties, field->key, field_schema(field, defs));
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

static json_t *table_schema(const struct fob_table *table, json_t *defs)
{
    json_t *properties = json_object(), *required = json_array();
    add_fields(table, &properties, &required, defs);
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

static json_t *shared_schema(const struct fob_table *table, json_t *defs)
{
    if (!table->name)
        return table_schema(table, defs);
    if (!json_object_get(defs, table->name) &&
        (json_object_set_new(defs, table->name, json_null()) != 0 || /* keeps its place in the order */
         json_object_set_new(defs, table->name, table_schema(table, defs)) != 0))
        return NULL;
    return reference(table->name);
}

/* The formats of descriptors; those of other files have no name here. */
static json_t *definitions(void)
{
    json_t *all = json_object();
    for (size_t i = 0; i < sizeof format_names / sizeof *format_names; i++)
        all = with(all, format_names[i],
                   json_pack("{s:s, s:s, s:s}", "type", "string", "pattern", fob_formats[i].pattern,
                             "description", fob_formats[i].is));
    return all;
}

void fob_write_schema(const struct fob_table *table, const char *title, struct fob_buf *out)
{
    json_t *head =
        json_pack("{s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema", "title", title);
    json_t *defs = definitions();
    json_t *schema = defs ? table_schema(table, defs) : NULL;
    head = with(head, "$defs", defs);
    bool whole = head && schema && json_object_update(head, schema) == 0;
    fob_err err = whole ? fob_json_write(head, JSON_INDENT(2), out, NULL) : FOB_E_MEMORY;
    if (err != FOB_OK)
        out->failed = err;
    fob_buf_char(out, '\n');
    json_decref(head);
    json_decref(schema);
}
