/* SPDX-License-Identifier: MIT */
/* One value of a descriptor, put where its row says: text, list, map, truth, one of several words. */
#include "values.h"
#include "cleanup.h"
#include "error.h"
#include "json.h"
#include "meant.h"
#include "text.h"

#include <fob/limits.h>
#include <inttypes.h>
#include <string.h>

void fob_value_is_wrong(struct fob_problems *problems, const struct fob_yaml *node, const char *key,
                        const char *wanted, const char *fix)
{
    fob_problem(problems, FOB_PROBLEM_ERROR, node->mark, fix, "\"%s\" has to be %s, not %s", key, wanted,
                node->kind == FOB_YAML_TEXT && *node->text == '\0' ? "empty"
                                                                   : fob_yaml_kind_word(node->kind));
}

char *fob_value_copy(const char *text, struct fob_problems *problems)
{
    char *own = fob_strdup(text);
    if (!own)
        fob_problems_no_memory(problems);
    return own;
}

/* --- texts -------------------------------------------------------------------------------------------------- */

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
    fob_value_is_wrong(problems, node, key, rule->is, wanted);
}

bool fob_value_is_text(const struct fob_yaml *node, const char *key, const struct fob_field *field,
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
    if (!fob_value_is_text(item, field->key, field, problems))
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
    else if (fob_value_is_text(node, field->key, field, problems))
        *(char **)target = fob_value_copy(node->text, problems);
}

/* --- lists and maps ----------------------------------------------------------------------------------------- */

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
    list->v[list->n] = fob_value_copy(text, problems);
    list->n += list->v[list->n] != NULL;
}

static void read_list(const struct fob_field *field, const struct fob_yaml *node, void *target,
                      struct fob_problems *problems)
{
    struct fob_strings *list = target;
    if (node->kind != FOB_YAML_LIST) {
        fob_value_is_wrong(problems, node, field->key, "a list",
                           "write [one, two], or a line \"- one\" each");
        return;
    }
    list->v = room_for(node, sizeof *list->v, problems);
    for (const struct fob_yaml *item = list->v ? node->children : NULL; item; item = item->next) {
        if (field->max && list->n == field->max) {
            fob_problem(problems, FOB_PROBLEM_ERROR, item->mark, NULL, "\"%s\" has more than %zu items",
                        field->key, field->max);
            return;
        }
        if (fob_value_is_text(item, field->key, field, problems))
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

bool fob_value_has_good_key(const struct fob_field *field, const struct fob_yaml *node,
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
        return fob_value_is_text(node, node->key, field, problems);
    if (!find_choice(field->choices, node)) {
        not_a_choice(field, node, node->key, problems);
        return false;
    }
    return true;
}

static void add_pair(struct fob_map *map, const struct fob_yaml *node, struct fob_problems *problems)
{
    char *name = fob_value_copy(node->key, problems);
    char *value = node->kind == FOB_YAML_NULL ? NULL : fob_value_copy(node->text, problems);
    if (name)
        map->v[map->n++] = (struct fob_pair){name, value};
    else
        free(value);
}

static void read_map(const struct fob_field *field, const struct fob_yaml *node, void *target,
                     struct fob_problems *problems)
{
    if (node->kind != FOB_YAML_MAP) {
        fob_value_is_wrong(problems, node, field->key, "a block of keys",
                           "write \"name: value\" lines below it");
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
        bool good = fob_value_has_good_key(field, item, problems);
        if (good_value(field, item, problems) && good)
            add_pair(target, item, problems);
    }
}

/* --- the others --------------------------------------------------------------------------------------------- */

static void read_bool(const struct fob_field *field, const struct fob_yaml *node, void *target,
                      struct fob_problems *problems)
{
    if (node->kind == FOB_YAML_BOOL)
        *(bool *)target = node->number != 0;
    else
        fob_value_is_wrong(problems, node, field->key, "true or false", "write true or false");
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

void fob_value_read(const struct fob_field *field, const struct fob_yaml *node, void *member,
                    struct fob_problems *problems)
{
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
    case FOB_FIELD_JSON:
        read_json(node, member, problems);
        break;
    default:
        break;
    }
}
