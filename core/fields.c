/* SPDX-License-Identifier: MIT */
/* Filling a struct from YAML by its table. */
#include "fields.h"
#include "meant.h"
#include "text.h"
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *at(void *target, size_t offset)
{
    return (char *)target + offset;
}

/* --- unknown keys ------------------------------------------------------------------------------------------- */

static void unknown_key(const struct fob_table *table, const struct fob_yaml *node,
                        struct fob_problems *problems)
{
    char fix[192];
    fob_meant_key(problems->language, table, node->key, fix, sizeof fix);
    fob_problem(problems, FOB_PROBLEM_ERROR, node->key_mark, fix, "there is no key \"%s\" here", node->key);
}

static void set_defaults(const struct fob_table *table, void *target, struct fob_problems *problems);

/* --- blocks ------------------------------------------------------------------------------------------------- */

static void read_block(const struct fob_field *field, const struct fob_yaml *node, void *target,
                       struct fob_problems *problems)
{
    if (node->kind == FOB_YAML_MAP)
        fob_fields_read(field->table, node, target, problems);
    else
        fob_value_is_wrong(problems, node, field->key, "a block of keys",
                           "write \"key: value\" lines below it");
}

/* One more zeroed block behind the others; NULL when out of memory. */
static char *add_block(const struct fob_table *table, void **blocks, size_t *n)
{
    char *grown = realloc(*blocks, (*n + 1) * table->size);
    if (!grown)
        return NULL;
    *blocks = grown;
    memset(grown + *n * table->size, 0, table->size);
    return grown + (*n)++ * table->size;
}

/* A text in the place of a block stands for the one key that matters most. */
static void read_shorthand(const struct fob_table *table, const struct fob_yaml *node, void *block,
                           struct fob_problems *problems)
{
    const struct fob_field *field = fob_fields_find(table, table->shorthand);
    if (fob_value_is_text(node, node->key, field, problems))
        *(char **)at(block, field->offset) = fob_value_copy(node->text, problems);
    set_defaults(table, block, problems);
}

static void read_one(const struct fob_field *field, const struct fob_yaml *node, void **blocks, size_t *count,
                     struct fob_problems *problems)
{
    const struct fob_table *table = field->table;
    bool is_short = table->shorthand && node->kind == FOB_YAML_TEXT;
    if (node->kind != FOB_YAML_MAP && !is_short) {
        fob_value_is_wrong(problems, node, node->key ? node->key : field->key, "a block of keys",
                           "write its keys below it, or {} for none");
        return;
    }
    char *block = add_block(table, blocks, count);
    if (!block) {
        fob_problems_no_memory(problems);
        return;
    }
    char *name = node->key ? fob_value_copy(node->key, problems) : NULL;
    if (node->key && !name) {
        --*count;
        return;
    }
    if (name)
        *(char **)at(block, table->name_offset) = name;
    *(struct fob_mark *)at(block, table->mark_offset) = node->key ? node->key_mark : node->mark;
    if (is_short)
        read_shorthand(table, node, block, problems);
    else
        fob_fields_read(table, node, block, problems);
}

static void read_blocks(const struct fob_field *field, const struct fob_yaml *node, void *target,
                        size_t *count, struct fob_problems *problems)
{
    bool named = field->kind == FOB_FIELD_BLOCKS;
    if (node->kind != (named ? FOB_YAML_MAP : FOB_YAML_LIST)) {
        fob_value_is_wrong(problems, node, field->key, named ? "a block of keys" : "a list",
                           named ? "write a name and a colon, and its keys below"
                                 : "write a line \"- key: value\" each");
        return;
    }
    for (const struct fob_yaml *item = node->children; item; item = item->next) {
        if (field->max && *count == field->max) {
            fob_problem(problems, FOB_PROBLEM_ERROR, named ? item->key_mark : item->mark, NULL,
                        "\"%s\" has more than %zu entries", field->key, field->max);
            return;
        }
        if (!named || fob_value_has_good_key(field, item, problems))
            read_one(field, item, target, count, problems);
    }
}

static void read_field(const struct fob_field *field, const struct fob_yaml *node, void *target,
                       struct fob_problems *problems)
{
    void *member = at(target, field->offset);
    switch (field->kind) {
    case FOB_FIELD_BLOCK:
        read_block(field, node, member, problems);
        break;
    case FOB_FIELD_BLOCKS:
    case FOB_FIELD_ITEMS:
        read_blocks(field, node, member, at(target, field->count_offset), problems);
        break;
    default:
        fob_value_read(field, node, member, problems);
    }
}

/* --- a table ------------------------------------------------------------------------------------------------ */

/* Reads one key of the file; false when neither the table nor one that it includes has it. */
static bool read_key(const struct fob_table *table, const struct fob_yaml *node, void *target,
                     struct fob_problems *problems)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        if (field->kind == FOB_FIELD_INCLUDE) {
            if (read_key(field->table, node, at(target, field->offset), problems))
                return true;
        } else if (fob_eq(field->key, node->key)) {
            read_field(field, node, target, problems);
            return true;
        }
    }
    return false;
}

static void set_defaults(const struct fob_table *table, void *target, struct fob_problems *problems)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        void *member = at(target, field->offset);
        if (field->kind == FOB_FIELD_TEXT && field->fallback && !*(char **)member)
            *(char **)member = fob_value_copy(field->fallback, problems);
        if (field->kind == FOB_FIELD_BLOCK || field->kind == FOB_FIELD_INCLUDE)
            set_defaults(field->table, member, problems);
    }
}

static void is_missing(const struct fob_field *field, const struct fob_yaml *map,
                       struct fob_problems *problems)
{
    char fix[192];
    const char *example = field->example ? field->example : "…";
    bool is_line = fob_starts_with(example, field->key) && example[strlen(field->key)] == ':';
    if (field->kind == FOB_FIELD_VERSION)
        snprintf(fix, sizeof fix, "begin with the line \"%s: 1\"", field->key);
    else
        snprintf(fix, sizeof fix, "add %s%s%s", is_line ? "" : field->key, is_line ? "" : ": ", example);
    fob_problem(problems, FOB_PROBLEM_ERROR, map ? map->mark : (struct fob_mark){1, 1, NULL}, fix,
                "the key \"%s\" is missing", field->key);
}

static void check_required(const struct fob_table *table, const struct fob_yaml *map,
                           struct fob_problems *problems)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        if (field->kind == FOB_FIELD_INCLUDE)
            check_required(field->table, map, problems);
        else if (field->required && !fob_yaml_get(map, field->key))
            is_missing(field, map, problems);
    }
}

const struct fob_field *fob_fields_find(const struct fob_table *table, const char *key)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        const struct fob_field *found =
            field->kind == FOB_FIELD_INCLUDE ? fob_fields_find(field->table, key) : NULL;
        if (found || (field->kind != FOB_FIELD_INCLUDE && fob_eq(field->key, key)))
            return found ? found : field;
    }
    return NULL;
}

void fob_fields_read(const struct fob_table *table, const struct fob_yaml *map, void *target,
                     struct fob_problems *problems)
{
    check_required(table, map, problems);
    for (const struct fob_yaml *node = map ? map->children : NULL; node; node = node->next)
        if (!fob_starts_with(node->key, "x-") && !read_key(table, node, target, problems))
            unknown_key(table, node, problems);
    set_defaults(table, target, problems);
}
