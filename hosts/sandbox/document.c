/* SPDX-License-Identifier: MIT */
/* YAML to a tree and back: the strict subset that descriptors are written in. */
#include "document.h"

#include "text.h"
#include "tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define MAX_DEPTH 16

/* --- reading ------------------------------------------------------------------------------------------------ */

struct reader {
    yaml_parser_t parser;
    yaml_event_t event;
    const char *problem;
};

static bool next(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    if (!yaml_parser_parse(&reader->parser, &reader->event))
        reader->problem = "it is not YAML";
    return !reader->problem;
}

/* Numbers are decimal and booleans true or false; whatever else is not quoted is text all the same. */
static json_t *plain_scalar(const char *text)
{
    char *end;
    if (strcmp(text, "null") == 0)
        return json_null();
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return json_boolean(*text == 't');
    const char *digits = text + (*text == '-');
    size_t len = strspn(digits, "0123456789");
    if (!len || len > 18 || (*digits == '0' && len > 1))
        return json_string(text);
    if (!digits[len])
        return json_integer(strtoll(text, NULL, 10));
    if (digits[len] != '.' || !digits[len + 1] || digits[len + 1 + strspn(digits + len + 1, "0123456789")])
        return json_string(text);
    return json_real(strtod(text, &end));
}

static json_t *scalar(const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    json_t *value = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
                        ? plain_scalar(text)
                        : json_stringn(text, event->data.scalar.length);
    return text_must(value);
}

static json_t *read_node(struct reader *reader, unsigned depth);

static json_t *read_list(struct reader *reader, unsigned depth)
{
    json_t *list = text_must(json_array());
    while (next(reader) && reader->event.type != YAML_SEQUENCE_END_EVENT)
        json_array_append_new(list, read_node(reader, depth + 1));
    return list;
}

static json_t *read_map(struct reader *reader, unsigned depth)
{
    json_t *map = text_must(json_object());
    while (next(reader) && reader->event.type != YAML_MAPPING_END_EVENT) {
        if (reader->event.type != YAML_SCALAR_EVENT) {
            reader->problem = "a key is no text";
            break;
        }
        char *key = text_copy((const char *)reader->event.data.scalar.value);
        if (json_object_get(map, key))
            reader->problem = "a key is there twice";
        else if (next(reader))
            json_object_set_new(map, key, read_node(reader, depth + 1));
        text_drop(&key);
        if (reader->problem)
            break;
    }
    return map;
}

/* Of the event that was read last. Where there is a problem the node is of no use, but a node. */
static json_t *read_node(struct reader *reader, unsigned depth)
{
    if (depth > MAX_DEPTH)
        reader->problem = "it is nested too deeply";
    else if (reader->event.type == YAML_SCALAR_EVENT)
        return scalar(&reader->event);
    else if (reader->event.type == YAML_SEQUENCE_START_EVENT)
        return read_list(reader, depth);
    else if (reader->event.type == YAML_MAPPING_START_EVENT)
        return read_map(reader, depth);
    else if (!reader->problem)
        reader->problem = "it has what descriptors may not have, like an alias";
    return json_null();
}

json_t *document_read(const char *text, size_t len, const char **ret_problem)
{
    struct reader reader = {.problem = NULL};
    json_t *tree = NULL;
    if (!yaml_parser_initialize(&reader.parser))
        text_must(NULL);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, len);
    do {
        if (!next(&reader))
            break;
    } while (reader.event.type == YAML_STREAM_START_EVENT || reader.event.type == YAML_DOCUMENT_START_EVENT);
    if (!reader.problem)
        tree = read_node(&reader, 0);
    if (!reader.problem && !json_is_object(tree))
        reader.problem = "it is not a block of keys";
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    *ret_problem = reader.problem;
    if (!reader.problem)
        return tree;
    json_decref(tree);
    return NULL;
}

/* --- writing ------------------------------------------------------------------------------------------------ */

/* Text that means itself without quotes, in a list on one line too. */
static bool is_plain(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i]) == 0)
            return false;
    if (!*text || (!strchr(letters, *text) && *text != '/'))
        return false;
    for (const char *at = text; *at; at++)
        if (!strchr(letters, *at) && !strchr("0123456789_./-", *at) && !(*at == ':' && at[1] == '/'))
            return false;
    return true;
}

/* What is no plain text is written as JSON, which YAML contains. */
static void write_flow(struct text *out, json_t *value)
{
    if (json_is_string(value) && is_plain(json_string_value(value))) {
        text_str(out, json_string_value(value));
        return;
    }
    char *dump = text_must(json_dumps(value, JSON_ENCODE_ANY));
    text_str(out, dump);
    text_drop(&dump);
}

static void write_key(struct text *out, const char *key)
{
    json_t *name = text_must(json_string(key));
    write_flow(out, name);
    text_str(out, ":");
    json_decref(name);
}

static bool is_block(json_t *value)
{
    size_t i;
    json_t *item;
    if (json_is_object(value))
        return json_object_size(value) > 0;
    json_array_foreach (value, i, item)
        if (json_is_object(item))
            return true;
    return false;
}

static void write_list(struct text *out, json_t *list)
{
    size_t i;
    json_t *item;
    text_str(out, "[");
    json_array_foreach (list, i, item) {
        text_str(out, i ? ", " : "");
        write_flow(out, item);
    }
    text_str(out, "]");
}

static void write_map(struct text *out, json_t *map, int indent)
{
    const char *key;
    json_t *value;
    json_object_foreach (map, key, value) {
        text_fmt(out, "%*s", indent, "");
        write_key(out, key);
        if (json_is_object(value) && is_block(value)) {
            text_str(out, "\n");
            write_map(out, value, indent + 2);
            continue;
        }
        text_str(out, " ");
        if (json_is_array(value) && !is_block(value))
            write_list(out, value);
        else
            write_flow(out, value);
        text_str(out, "\n");
    }
}

char *document_write(json_t *map)
{
    struct text out = {0};
    text_str(&out, "");
    write_map(&out, map, 0);
    return out.s;
}
