/* SPDX-License-Identifier: MIT */
/* Filling a struct from YAML by its table, and freeing it by the same. */
#include "fields.h"
#include "cleanup.h"
#include "error.h"
#include "text.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

static void *at(void *target, size_t offset)
{
    return (char *)target + offset;
}

static void wrong(struct fob_problems *problems, const struct fob_yaml *node, const char *key,
                  const char *wanted, const char *fix)
{
    fob_problem(problems, FOB_PROBLEM_ERROR, node->mark, fix, "\"%s\" has to be %s, not %s", key, wanted,
                node->kind == FOB_YAML_TEXT && *node->text == '\0' ? "empty"
                                                                   : fob_yaml_kind_word(node->kind));
}

static char *copy(const char *text, struct fob_problems *problems)
{
    char *own = fob_strdup(text);
    if (!own)
        fob_problems_no_memory(problems);
    return own;
}

/* --- unknown keys ------------------------------------------------------------------------------------------- */

/* How many characters have to be changed, put in or left out; long words are not worth the work. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[FOB_MAX_ID + 1];
    size_t len = strlen(b);
    if (len > FOB_MAX_ID || strlen(a) > FOB_MAX_ID)
        return FOB_MAX_ID;
    for (size_t j = 0; j <= len; j++)
        row[j] = (unsigned)j;
    for (size_t i = 0; a[i]; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < len; j++) {
            unsigned above = row[j + 1];
            unsigned best = diagonal + (a[i] != b[j]);
            best = best < above + 1 ? best : above + 1;
            row[j + 1] = best < row[j] + 1 ? best : row[j] + 1;
            diagonal = above;
        }
    }
    return row[len];
}

static const char *nearest(const struct fob_table *table, const char *key, unsigned *best)
{
    const char *found = NULL;
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        const char *candidate = field->key;
        unsigned far;
        if (field->kind == FOB_FIELD_INCLUDE) {
            unsigned before = *best;
            candidate = nearest(field->table, key, best);
            found = *best < before ? candidate : found;
            continue;
        }
        far = distance(key, candidate);
        if (far < *best) {
            *best = far;
            found = candidate;
        }
    }
    return found;
}

static void unknown_key(const struct fob_table *table, const struct fob_yaml *node,
                        struct fob_problems *problems)
{
    char fix[128];
    unsigned best = 4;
    const char *meant = nearest(table, node->key, &best);
    if (meant)
        snprintf(fix, sizeof fix, "did you mean \"%s\"? (x- before a key makes it a note)", meant);
    else
        snprintf(fix, sizeof fix, "remove it, or put x- before it to keep it as a note");
    fob_problem(problems, FOB_PROBLEM_ERROR, node->key_mark, fix, "there is no key \"%s\" here", node->key);
}

/* --- one field ---------------------------------------------------------------------------------------------- */

static bool good_text(const struct fob_yaml *node, const char *key, enum fob_format format,
                      struct fob_problems *problems)
{
    const struct fob_format_rule *rule = &fob_formats[format];
    if (node->kind != FOB_YAML_TEXT) {
        wrong(problems, node, key, rule->is, node->text ? "quote it if text is meant" : rule->fix);
        return false;
    }
    if (rule->check(node->text))
        return true;
    fob_problem(problems, FOB_PROBLEM_ERROR, node->mark, rule->fix, "\"%s\" has to be %s", key, rule->is);
    return false;
}

static void read_text(const struct fob_field *field, const struct fob_yaml *node, void *target,
                      struct fob_problems *problems)
{
    if (good_text(node, field->key, field->format, problems))
        *(char **)target = copy(node->text, problems);
}

static void add_string(struct fob_strings *list, const char *text, struct fob_problems *problems)
{
    char **v = realloc(list->v, (list->n + 1) * sizeof *v);
    if (!v) {
        fob_problems_no_memory(problems);
        return;
    }
    list->v = v;
    list->v[list->n] = copy(text, problems);
    list->n += list->v[list->n] != NULL;
}

static void read_list(const struct fob_field *field, const struct fob_yaml *node, void *target,
                      struct fob_problems *problems)
{
    struct fob_strings *list = target;
    if (node->kind != FOB_YAML_LIST) {
        wrong(problems, node, field->key, "a list", "write [one, two], or a line \"- one\" each");
        return;
    }
    for (const struct fob_yaml *item = node->children; item; item = item->next) {
        if (field->max && list->n == field->max) {
            fob_problem(problems, FOB_PROBLEM_ERROR, item->mark, NULL, "\"%s\" has more than %zu items",
                        field->key, field->max);
            return;
        }
        if (good_text(item, field->key, field->format, problems))
            add_string(list, item->text, problems);
    }
}

static bool good_key(const struct fob_field *field, const struct fob_yaml *node,
                     struct fob_problems *problems)
{
    const struct fob_format_rule *rule = &fob_formats[field->key_format];
    if (!rule->check(node->key)) {
        fob_problem(problems, FOB_PROBLEM_ERROR, node->key_mark, rule->fix, "a key in \"%s\" has to be %s",
                    field->key, rule->is);
        return false;
    }
    for (const char *const *guarded = field->guarded; guarded && *guarded; guarded++) {
        if (!fob_ascii_ieq(*guarded, node->key))
            continue;
        fob_problem(problems, FOB_PROBLEM_ERROR, node->key_mark, "remove it: fob sets it itself",
                    "\"%s\" cannot be set in \"%s\"", node->key, field->key);
        return false;
    }
    return true;
}

static void add_pair(struct fob_map *map, const struct fob_yaml *node, struct fob_problems *problems)
{
    struct fob_pair *v = realloc(map->v, (map->n + 1) * sizeof *v);
    if (!v) {
        fob_problems_no_memory(problems);
        return;
    }
    map->v = v;
    char *name = copy(node->key, problems);
    char *value = node->kind == FOB_YAML_NULL ? NULL : copy(node->text, problems);
    if (name)
        map->v[map->n++] = (struct fob_pair){name, value};
    else
        free(value);
}

static void read_map(const struct fob_field *field, const struct fob_yaml *node, void *target,
                     struct fob_problems *problems)
{
    if (node->kind != FOB_YAML_MAP) {
        wrong(problems, node, field->key, "a block of keys", "write \"name: value\" lines below it");
        return;
    }
    size_t n = 0;
    for (const struct fob_yaml *item = node->children; item; item = item->next) {
        if (field->max && n++ == field->max) {
            fob_problem(problems, FOB_PROBLEM_ERROR, item->key_mark, NULL, "\"%s\" has more than %zu keys",
                        field->key, field->max);
            return;
        }
        bool good = good_key(field, item, problems);
        if (!(field->nullable && item->kind == FOB_YAML_NULL))
            good = good_text(item, item->key, field->format, problems) && good;
        if (good)
            add_pair(target, item, problems);
    }
}

static void read_bool(const struct fob_field *field, const struct fob_yaml *node, void *target,
                      struct fob_problems *problems)
{
    if (node->kind == FOB_YAML_BOOL)
        *(bool *)target = node->number != 0;
    else
        wrong(problems, node, field->key, "true or false", "write true or false");
}

static void read_version(const struct fob_field *field, const struct fob_yaml *node, void *target,
                         struct fob_problems *problems)
{
    if (node->kind == FOB_YAML_INT && node->number == 1)
        *(int64_t *)target = 1;
    else
        fob_problem(problems, FOB_PROBLEM_ERROR, node->mark,
                    "write fob: 1; a later number needs a later version of fob",
                    "\"%s\" has to be 1, the only version of the language that this fob reads", field->key);
}

static void read_choice(const struct fob_field *field, const struct fob_yaml *node, void *target,
                        struct fob_problems *problems)
{
    char words[200] = "";
    for (const struct fob_choice *choice = field->choices; choice->word; choice++) {
        if (node->kind == FOB_YAML_TEXT && strcmp(choice->word, node->text) == 0) {
            *(unsigned *)target = (unsigned)choice->value;
            return;
        }
        size_t used = strlen(words);
        snprintf(words + used, sizeof words - used, "%s%s", used ? ", " : "", choice->word);
    }
    fob_problem(problems, FOB_PROBLEM_ERROR, node->mark, NULL, "\"%s\" has to be one of: %s", field->key,
                words);
}

static void read_block(const struct fob_field *field, const struct fob_yaml *node, void *target,
                       struct fob_problems *problems)
{
    if (node->kind == FOB_YAML_MAP)
        fob_fields_read(field->table, node, target, problems);
    else
        wrong(problems, node, field->key, "a block of keys", "write \"key: value\" lines below it");
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

static void read_blocks(const struct fob_field *field, const struct fob_yaml *node, void *target,
                        size_t *count, struct fob_problems *problems)
{
    void **blocks = target;
    if (node->kind != FOB_YAML_MAP) {
        wrong(problems, node, field->key, "a block of keys", "write a name and a colon, and its keys below");
        return;
    }
    for (const struct fob_yaml *item = node->children; item; item = item->next) {
        if (field->max && *count == field->max) {
            fob_problem(problems, FOB_PROBLEM_ERROR, item->key_mark, NULL, "\"%s\" has more than %zu entries",
                        field->key, field->max);
            return;
        }
        if (!good_key(field, item, problems))
            continue;
        if (item->kind != FOB_YAML_MAP) {
            wrong(problems, item, item->key, "a block of keys", "write its keys below it, or {} for none");
            continue;
        }
        char *block = add_block(field->table, blocks, count);
        if (!block) {
            fob_problems_no_memory(problems);
            return;
        }
        char *name = copy(item->key, problems);
        if (!name) {
            --*count;
            return;
        }
        *(char **)at(block, field->table->name_offset) = name;
        *(struct fob_mark *)at(block, field->table->mark_offset) = item->key_mark;
        fob_fields_read(field->table, item, block, problems);
    }
}

static void read_field(const struct fob_field *field, const struct fob_yaml *node, void *target,
                       struct fob_problems *problems)
{
    void *member = at(target, field->offset);
    switch (field->kind) {
    case FOB_FIELD_TEXT:
        read_text(field, node, member, problems);
        break;
    case FOB_FIELD_LIST:
        read_list(field, node, member, problems);
        break;
    case FOB_FIELD_MAP:
        read_map(field, node, member, problems);
        break;
    case FOB_FIELD_BOOL:
        read_bool(field, node, member, problems);
        break;
    case FOB_FIELD_VERSION:
        read_version(field, node, member, problems);
        break;
    case FOB_FIELD_CHOICE:
        read_choice(field, node, member, problems);
        break;
    case FOB_FIELD_BLOCK:
        read_block(field, node, member, problems);
        break;
    case FOB_FIELD_BLOCKS:
        read_blocks(field, node, member, at(target, field->count_offset), problems);
        break;
    case FOB_FIELD_INCLUDE:
        break;
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
        } else if (strcmp(field->key, node->key) == 0) {
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
            *(char **)member = copy(field->fallback, problems);
        if (field->kind == FOB_FIELD_BLOCK || field->kind == FOB_FIELD_INCLUDE)
            set_defaults(field->table, member, problems);
    }
}

static void check_required(const struct fob_table *table, const struct fob_yaml *map,
                           struct fob_problems *problems)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        if (field->kind == FOB_FIELD_INCLUDE)
            check_required(field->table, map, problems);
        else if (field->required && !fob_yaml_get(map, field->key))
            fob_problem(problems, FOB_PROBLEM_ERROR, map ? map->mark : (struct fob_mark){1, 1},
                        field->example, "the key \"%s\" is missing", field->key);
    }
}

const struct fob_field *fob_fields_find(const struct fob_table *table, const char *key)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        const struct fob_field *found =
            field->kind == FOB_FIELD_INCLUDE ? fob_fields_find(field->table, key) : NULL;
        if (found || (field->kind != FOB_FIELD_INCLUDE && strcmp(field->key, key) == 0))
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

/* --- freeing ------------------------------------------------------------------------------------------------ */

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

static void free_blocks(const struct fob_table *table, void **blocks, size_t *n)
{
    for (size_t i = 0; i < *n; i++) {
        void *block = (char *)*blocks + i * table->size;
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
        if (field->kind == FOB_FIELD_TEXT) {
            free_text(*(char **)member);
            *(char **)member = NULL;
        } else if (field->kind == FOB_FIELD_LIST) {
            free_strings(member);
        } else if (field->kind == FOB_FIELD_MAP) {
            free_map(member);
        } else if (field->kind == FOB_FIELD_BLOCK || field->kind == FOB_FIELD_INCLUDE) {
            fob_fields_free(field->table, member);
        } else if (field->kind == FOB_FIELD_BLOCKS) {
            free_blocks(field->table, member, at(target, field->count_offset));
        }
    }
}
