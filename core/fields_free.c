/* SPDX-License-Identifier: MIT */
/* Wiping and freeing what a table filled. */
#include "fields.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void *at(void *target, size_t offset)
{
    return (char *)target + offset;
}

static void free_text(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    free(text);
}

static void free_strings(struct fob_strings *list)
{
    for (size_t i = 0; i < list->n; i++)
        free_text(list->v[i]);
    free(list->v);
    *list = (struct fob_strings){0};
}

/* The strings are our own copies: const in the struct only because others may read them. */
static void free_map(struct fob_map *map)
{
    union {
        const char *as_shown;
        char *as_owned;
    } text;
    for (size_t i = 0; i < map->n; i++) {
        text.as_shown = map->v[i].name;
        free_text(text.as_owned);
        text.as_shown = map->v[i].value;
        free_text(text.as_owned);
    }
    free(map->v);
    *map = (struct fob_map){0};
}

static void free_blocks(const struct fob_field *field, void **blocks, size_t *n)
{
    const struct fob_table *table = field->table;
    for (size_t i = 0; i < *n; i++) {
        void *block = (char *)*blocks + i * table->size;
        if (field->kind == FOB_FIELD_BLOCKS)
            free_text(*(char **)at(block, table->name_offset));
        fob_fields_free(table, block);
    }
    free(*blocks);
    *blocks = NULL;
    *n = 0;
}

void fob_fields_free(const struct fob_table *table, void *target)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        void *member = at(target, field->offset);
        if (field->kind == FOB_FIELD_TEXT || field->kind == FOB_FIELD_JSON) {
            free_text(*(char **)member);
            *(char **)member = NULL;
        } else if (field->kind == FOB_FIELD_LIST) {
            free_strings(member);
        } else if (field->kind == FOB_FIELD_MAP) {
            free_map(member);
        } else if (field->kind == FOB_FIELD_BLOCK || field->kind == FOB_FIELD_INCLUDE) {
            fob_fields_free(field->table, member);
        } else if (field->kind == FOB_FIELD_BLOCKS || field->kind == FOB_FIELD_ITEMS) {
            free_blocks(field, member, at(target, field->count_offset));
        }
    }
}
