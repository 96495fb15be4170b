/* SPDX-License-Identifier: MIT */
/* Filling a struct from YAML by its table. */
#include "fields.h"
#include "cleanup.h"
#include "error.h"
#include "json.h"
#include "meant.h"
#include "text.h"

#include <fob/limits.h>
#include <inttypes.h>
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

static void unknown_key(const struct fob_table *table, const struct fob_yaml *node,
                        struct fob_problems *problems)
{
    char fix[192];
    fob_meant_key(problems->language, table, node->key, fix, sizeof fix);
    fob_problem(problems, FOB_PROBLEM_ERROR, node->key_mark, fix, "there is no key \"%s\" here", node->key);
}

static void set_defaults(const struct fob_table *table, void *target, struct fob_problems *problems);

/* --- one field ---------------------------------------------------------------------------------------------- */

static bool is_scalar(const struct fob_yaml *node)
{
    return node->kind == FOB_YAML_TEXT || node->kind == FOB_YAML_INT || node->kind == FOB_YAML_BOOL;
}

/* A number that stands for a duration: the largest unit that it is a whole number of. */
static const char *as_duration(int64_t seconds, char *fix, size_t size)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}};
    size_t used = (size_t)snprintf(fix, size, "write %" PRId64 "s where seconds are meant", seconds);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (seconds <= 0 || seconds % units[i].seconds != 0)
            continue;
        snprintf(fix + used, size - used, ", or %" PRId64 "%c", seconds / units[i].seconds, units[i].unit);
        break;
    }
    return fix;
}

static void not_a_text(const struct fob_yaml *node, const char *key, const struct fob_field *field,
                       struct fob_problems *problems)
{
    const struct fob_format_rule *rule = &fob_formats[field->format];
    char fix[96];
    const char *wanted = node->text && rule->check(node->text) ? "quote it if text is meant" : rule->fix;
    if (node->kind == FOB_YAML_INT && field->format == FOB_FORMAT_DURATION)
        wanted = as_duration(node->number, fix, sizeof fix);
    wrong(problems, node, key, rule->is, wanted);
}

static bool good_text(const struct fob_yaml *node, const char *key, const struct fob_field *field,
                      struct fob_problems *problems)
{
    const struct fob_format_rule *rule = &fob_formats[field->format];
    if (node->kind != FOB_YAML_TEXT && !(field->scalars && is_scalar(node))) {
        not_a_text(node, key, field, problems);
        return false;
    }
    if (rule->check(node->text))
        return true;
    fob_problem(problems, FOB_PROBLEM_ERROR, node->mark, rule->fix, "\"%s\" has to be %s", key, rule->is);
    return false;
}

static bool good_alternative(const struct fob_field *field, const struct fob_yaml *item,
                             struct fob_problems *problems)
{
    if (!good_text(item, field->key, field, problems))
        return false;
    if (*item->text)
        return true;
    fob_problem(problems, FOB_PROBLEM_ERROR, item->mark, "write \"\" alone, without a list",
                "the whole answer is no alternative in \"%s\"", field->key);
    return false;
}

static void read_alternatives(const struct fob_field *field, const struct fob_yaml *node, void *target,
                              struct fob_problems *problems)
{
    fob_auto_buf all = FOB_BUF((size_t)FOB_MAX_DESCRIPTOR);
    size_t n = 0;
    for (const struct fob_yaml *item = node->children; item; item = item->next) {
        if (!good_alternative(field, item, problems))
            return;
        fob_buf_fmt(&all, "%s%s", n++ ? "\n" : "", item->text);
    }
    if (n == 0 || n > FOB_MAX_ALTERNATIVES)
        fob_problem(problems, FOB_PROBLEM_ERROR, node->mark, NULL, "\"%s\" has to have 1 to %d items",
                    field->key, FOB_MAX_ALTERNATIVES);
    else if (fob_buf_finish(&all, "it", NULL) == FOB_OK)
        *(char **)target = fob_buf_steal(&all);
    else
        fob_problems_no_memory(problems);
}

static void read_text(const struct fob_field *field, const struct fob_yaml *node, void *target,
                      struct fob_problems *problems)
{
    if (field->several && node->kind == FOB_YAML_LIST)
        read_alternatives(field, node, target, problems);
    else if (good_text(node, field->key, field, problems))
        *(char **)target = copy(node->text, problems);
}

static size_t count_children(const struct fob_yaml *node)
{
    size_t n = 0;
    for (const struct fob_yaml *child = node->children; child; child = child->next)
        n++;
    return n;
}

/* Room for all of a node's children; NULL, which was told, when there is no memory. */
static void *room_for(const struct fob_yaml *node, size_t size, struct fob_problems *problems)
{
    void *room = calloc(count_children(node) + 1, size);
    if (!room)
        fob_problems_no_memory(problems);
    return room;
}

static void add_string(struct fob_strings *list, const char *text, struct fob_problems *problems)
{
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
    list->v = room_for(node, sizeof *list->v, problems);
    for (const struct fob_yaml *item = list->v ? node->children : NULL; item; item = item->next) {
        if (field->max && list->n == field->max) {
            fob_problem(problems, FOB_PROBLEM_ERROR, item->mark, NULL, "\"%s\" has more than %zu items",
                        field->key, field->max);
            return;
        }
        if (good_text(item, field->key, field, problems))
            add_string(list, item->text, problems);
    }
}

static bool is_listed(const char *const *names, const char *key)
{
    for (; names && *names; names++)
        if (fob_ascii_ieq(*names, key))
            return true;
    return false;
}

static bool good_key(const struct fob_field *field, const struct fob_yaml *node,
                     struct fob_problems *problems)
{
    const struct fob_format_rule *rule = &fob_formats[field->key_format];
    bool leaves_out = field->nullable && node->kind == FOB_YAML_NULL;
    if (!rule->check(node->key)) {
        fob_problem(problems, FOB_PROBLEM_ERROR, node->key_mark, rule->fix, "a key in \"%s\" has to be %s",
                    field->key, rule->is);
        return false;
    }
    if (!is_listed(leaves_out ? field->kept : field->guarded, node->key))
        return true;
    fob_problem(problems, FOB_PROBLEM_ERROR, node->key_mark,
                leaves_out ? "keep it: the flow needs it"
                           : "remove it: fob sets it itself; rename it if it is called otherwise",
                leaves_out ? "\"%s\" cannot be left out in \"%s\"" : "\"%s\" cannot be set in \"%s\"",
                node->key, field->key);
    return false;
}

/* The words of a choice, for an error. */
static void list_words(const struct fob_choice *choice, char *words, size_t size)
{
    size_t used = 0;
    for (; choice->word && used < size; choice++)
        used += (size_t)snprintf(words + used, size - used, "%s%s", used ? ", " : "", choice->word);
}

static const struct fob_choice *find_choice(const struct fob_choice *choice, const struct fob_yaml *node)
{
    for (; choice->word; choice++)
        if (node->kind == FOB_YAML_TEXT && strcmp(choice->word, node->text) == 0)
            return choice;
    return NULL;
}

static void not_a_choice(const struct fob_field *field, const struct fob_yaml *node, const char *key,
                         struct fob_problems *problems)
{
    char words[256], fix[128];
    const struct fob_choice *meant = fob_meant_choice(field->choices, node);
    bool wants_reason = meant && field->reason && strcmp(meant->word, field->fallback) != 0;
    list_words(field->choices, words, sizeof words);
    if (meant)
        snprintf(fix, sizeof fix, "did you mean \"%s\"?%s%s", meant->word, wants_reason ? " It wants a " : "",
                 wants_reason ? field->reason : "");
    fob_problem(problems, FOB_PROBLEM_ERROR, node->mark, meant ? fix : NULL, "\"%s\" has to be one of: %s",
                key, words);
}

static bool good_value(const struct fob_field *field, const struct fob_yaml *node,
                       struct fob_problems *problems)
{
    if (field->nullable && node->kind == FOB_YAML_NULL)
        return true;
    if (!field->choices)
        return good_text(node, node->key, field, problems);
    if (!find_choice(field->choices, node)) {
        not_a_choice(field, node, node->key, problems);
        return false;
    }
    return true;
}

static void add_pair(struct fob_map *map, const struct fob_yaml *node, struct fob_problems *problems)
{
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
    struct fob_map *map = target;
    size_t n = 0;
    map->v = room_for(node, sizeof *map->v, problems);
    for (const struct fob_yaml *item = map->v ? node->children : NULL; item; item = item->next) {
        if (field->max && n++ == field->max) {
            fob_problem(problems, FOB_PROBLEM_ERROR, item->key_mark, NULL, "\"%s\" has more than %zu keys",
                        field->key, field->max);
            return;
        }
        bool good = good_key(field, item, problems);
        if (good_value(field, item, problems) && good)
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
    const struct fob_choice *choice = find_choice(field->choices, node);
    if (choice)
        *(unsigned *)target = (unsigned)choice->value;
    else
        not_a_choice(field, node, field->key, problems);
}

static void read_json(const struct fob_yaml *node, void *target, struct fob_problems *problems)
{
    fob_auto_json *json = fob_yaml_json(node);
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    if (!text)
        fob_problems_no_memory(problems);
    *(char **)target = text;
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

/* A text in the place of a block stands for the one key that matters most. */
static void read_shorthand(const struct fob_table *table, const struct fob_yaml *node, void *block,
                           struct fob_problems *problems)
{
    const struct fob_field *field = fob_fields_find(table, table->shorthand);
    if (good_text(node, node->key, field, problems))
        *(char **)at(block, field->offset) = copy(node->text, problems);
    set_defaults(table, block, problems);
}

static void read_one(const struct fob_field *field, const struct fob_yaml *node, void **blocks, size_t *count,
                     struct fob_problems *problems)
{
    const struct fob_table *table = field->table;
    bool is_short = table->shorthand && node->kind == FOB_YAML_TEXT;
    if (node->kind != FOB_YAML_MAP && !is_short) {
        wrong(problems, node, node->key ? node->key : field->key, "a block of keys",
              "write its keys below it, or {} for none");
        return;
    }
    char *block = add_block(table, blocks, count);
    if (!block) {
        fob_problems_no_memory(problems);
        return;
    }
    char *name = node->key ? copy(node->key, problems) : NULL;
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
        wrong(problems, node, field->key, named ? "a block of keys" : "a list",
              named ? "write a name and a colon, and its keys below" : "write a line \"- key: value\" each");
        return;
    }
    for (const struct fob_yaml *item = node->children; item; item = item->next) {
        if (field->max && *count == field->max) {
            fob_problem(problems, FOB_PROBLEM_ERROR, named ? item->key_mark : item->mark, NULL,
                        "\"%s\" has more than %zu entries", field->key, field->max);
            return;
        }
        if (!named || good_key(field, item, problems))
            read_one(field, item, target, count, problems);
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
    case FOB_FIELD_JSON:
        read_json(node, member, problems);
        break;
    case FOB_FIELD_BLOCKS:
    case FOB_FIELD_ITEMS:
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
            *(char **)member = copy(field->fallback, problems);
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
