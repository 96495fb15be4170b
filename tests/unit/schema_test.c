/* SPDX-License-Identifier: MIT */
/* The JSON Schema says what the table says. */
#include "document.h"
#include "json.h"

#include <criterion/criterion.h>
#include <string.h>

struct whole {
    char *text;
    struct fob_strings list;
    struct fob_map map;
    bool flag;
    int64_t version;
};

#define TABLE(rows) .fields = (rows), .n_fields = sizeof(rows) / sizeof((rows)[0])

static const char *const guarded[] = {"a_b", "X-y", NULL};
static const struct fob_choice choices[] = {{"one", 1, ""}, {"two", 2, ""}, {NULL, 0, NULL}};
static const struct fob_field fields[] = {
    {.key = "text", FOB_TEXT(struct whole, text), .format = FOB_FORMAT_ID, .fallback = "ms", .doc = "Words."},
    {.key = "list", FOB_LIST(struct whole, list), .format = FOB_FORMAT_SCOPE, .max = 3},
    {.key = "map",
     FOB_MAP(struct whole, map),
     .format = FOB_FORMAT_VALUE,
     .key_format = FOB_FORMAT_NAME,
     .max = 4,
     .guarded = guarded,
     .nullable = true},
    {.key = "flag", FOB_BOOL(struct whole, flag)},
    {.key = "version", FOB_VERSION_NUMBER(struct whole, version), .required = true},
    {.key = "choice", .kind = FOB_FIELD_CHOICE, .choices = choices}};
static const struct fob_table inner = {.doc = "Inner.", TABLE(fields)};
static const struct fob_field outer_fields[] = {
    {.key = "block", .kind = FOB_FIELD_BLOCK, .table = &inner},
    {.key = "blocks", .kind = FOB_FIELD_BLOCKS, .key_format = FOB_FORMAT_ID, .max = 5, .table = &inner},
    {.key = "included", .kind = FOB_FIELD_INCLUDE, .table = &inner}};
static const struct fob_table outer = {
    .doc = "Outer.", TABLE(outer_fields), .schema_rule = "{\"anyOf\": [{\"required\": [\"text\"]}]}"};

static json_t *schema_of(const struct fob_table *table)
{
    struct fob_buf out = FOB_BUF((size_t)65536);
    json_t *schema = NULL;
    fob_write_schema(table, "a title", &out);
    cr_assert_eq(fob_buf_finish(&out, "it", NULL), FOB_OK);
    cr_assert_eq(fob_json_object(out.data, out.len, &schema, NULL), FOB_OK);
    fob_buf_free(&out);
    return schema;
}

static void expect_property(const json_t *schema, const char *key, const char *json)
{
    json_t *property = json_object_get(json_object_get(schema, "properties"), key);
    json_t *wanted = json_loads(json, JSON_DECODE_ANY, NULL);
    char *is = json_dumps(property, JSON_SORT_KEYS | JSON_ENCODE_ANY);
    cr_expect(wanted && json_equal(property, wanted), "%s is %s", key, is);
    json_decref(wanted);
    free(is);
}

Test(schema, is_a_closed_object_that_says_its_draft)
{
    fob_auto_json *schema = schema_of(&inner);
    cr_expect_str_eq(fob_json_str(schema, "$schema"), "https://json-schema.org/draft/2020-12/schema");
    cr_expect_str_eq(fob_json_str(schema, "title"), "a title");
    cr_expect_str_eq(fob_json_str(schema, "description"), "Inner.");
    cr_expect(json_is_false(json_object_get(schema, "additionalProperties")));
    cr_expect(json_is_object(json_object_get(json_object_get(schema, "patternProperties"), "^x-")));
}

Test(schema, each_kind_of_field_has_its_form)
{
    fob_auto_json *schema = schema_of(&inner);
    expect_property(schema, "text",
                    "{\"$ref\": \"#/$defs/id\", \"description\": \"Words.\", \"default\": \"ms\"}");
    expect_property(schema, "list",
                    "{\"type\": \"array\", \"maxItems\": 3, \"items\": {\"$ref\": \"#/$defs/scope\"}}");
    expect_property(schema, "map",
                    "{\"type\": \"object\", \"maxProperties\": 4, \"propertyNames\": {\"$ref\": "
                    "\"#/$defs/name\"}, \"patternProperties\": {\"^([Aa]_[Bb]|[Xx]-[Yy])$\": {\"type\": "
                    "\"null\"}}, \"additionalProperties\": {\"anyOf\": [{\"$ref\": \"#/$defs/value\"}, "
                    "{\"type\": \"null\"}]}}");
    const json_t *id = json_object_get(json_object_get(schema, "$defs"), "id");
    cr_expect_str_eq(fob_json_str(id, "pattern"), "^[a-z0-9][a-z0-9-]{0,63}$");
    expect_property(schema, "flag", "{\"type\": \"boolean\"}");
    expect_property(schema, "version", "{\"const\": 1}");
    expect_property(schema, "choice", "{\"enum\": [\"one\", \"two\"]}");
}

Test(schema, what_has_to_be_there_is_required_also_when_it_is_included)
{
    fob_auto_json *one = schema_of(&inner), *other = schema_of(&outer);
    cr_expect_str_eq(json_string_value(json_array_get(json_object_get(one, "required"), 0)), "version");
    cr_expect_eq(json_array_size(json_object_get(one, "required")), 1);
    cr_expect_str_eq(json_string_value(json_array_get(json_object_get(other, "required"), 0)), "version");
}

Test(schema, blocks_nest_and_rules_stand_beside_the_fields)
{
    fob_auto_json *schema = schema_of(&outer);
    const json_t *properties = json_object_get(schema, "properties");
    const json_t *block = json_object_get(properties, "block"),
                 *blocks = json_object_get(properties, "blocks");
    cr_expect_str_eq(fob_json_str(block, "description"), "Inner.");
    cr_expect(json_is_object(json_object_get(json_object_get(block, "properties"), "text")));
    cr_expect_eq(json_integer_value(json_object_get(blocks, "maxProperties")), 5);
    cr_expect(json_equal(json_object_get(blocks, "additionalProperties"), block));
    cr_expect_not_null(json_object_get(properties, "text"), "an included key is at this level");
    cr_expect_null(json_object_get(properties, "included"));
    cr_expect(json_is_array(json_object_get(schema, "anyOf")));
}

Test(schema, one_that_does_not_fit_fails_closed)
{
    struct fob_buf out = FOB_BUF(100);
    struct fob_error error;
    fob_write_schema(&inner, "a title", &out);
    cr_expect_eq(fob_buf_finish(&out, "the schema", &error), FOB_E_LIMIT);
    fob_buf_free(&out);
}
