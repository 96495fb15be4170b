/* SPDX-License-Identifier: MIT */
/* YAML held to a strict subset, read into a tree: libyaml's events, checked, become nodes. */
#include "cleanup.h"
#include "error.h"
#include "text.h"
#include "yamlhint.h"
#include "yamltree.h"

#include <fob/limits.h>
#include <inttypes.h>
#include <string.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    const char *file;
    const char *text; /* all of it, for what was meant where it cannot be read */
    size_t len;
    struct fob_yaml *root; /* the first node that was read */
    unsigned nodes, depth;
    struct fob_error *error;
};

static void free_event(yaml_event_t *event)
{
    yaml_event_delete(event);
}

#define auto_event fob_cleanup(free_event) yaml_event_t

static struct fob_mark mark_of(const yaml_mark_t *mark)
{
    return (struct fob_mark){(unsigned)mark->line + 1, (unsigned)mark->column + 1, NULL};
}

static fob_err refuse(struct reader *reader, struct fob_mark at, const char *what, const char *fix)
{
    fob_fail(reader->error, FOB_E_DESCRIPTOR, fix, "%s", what);
    return fob_fail_at(reader->error, FOB_E_DESCRIPTOR, reader->file, at.line, at.column);
}

static fob_err too_much(struct reader *reader, struct fob_mark at, const char *what, int limit)
{
    fob_fail(reader->error, FOB_E_LIMIT, "make the file smaller", "%s (%d)", what, limit);
    return fob_fail_at(reader->error, FOB_E_LIMIT, reader->file, at.line, at.column);
}

/* --- events ----------------------------------------------------------------------------------------------- */

static fob_err syntax_error(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return fob_no_memory(reader->error);
    struct fob_mark at = mark_of(&parser->problem_mark);
    char hint[128];
    bool meant = fob_yaml_hint(reader->text, reader->len, at, hint, sizeof hint);
    fob_fail(reader->error, FOB_E_DESCRIPTOR,
             meant ? hint : "see that indentation, quotes and brackets fit together",
             "not valid YAML: %s%s%s", parser->problem ? parser->problem : "broken text",
             parser->context ? " " : "", parser->context ? parser->context : "");
    return fob_fail_at(reader->error, FOB_E_DESCRIPTOR, reader->file, at.line, at.column);
}

/* What may not stand in front of a node. */
static fob_err check_properties(struct reader *reader, const yaml_event_t *event, const yaml_char_t *anchor,
                                const yaml_char_t *tag)
{
    struct fob_mark at = mark_of(&event->start_mark);
    if (anchor)
        return refuse(reader, at, "anchors (&name) are not allowed", "write the value out");
    if (tag)
        return refuse(reader, at, "tags (!name) are not allowed", "remove the tag; quote the value for text");
    return FOB_OK;
}

static fob_err check_event(struct reader *reader, const yaml_event_t *event)
{
    struct fob_mark at = mark_of(&event->start_mark);
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return refuse(reader, at, "aliases (*name) are not allowed", "write the value out");
    case YAML_SCALAR_EVENT:
        return check_properties(reader, event, event->data.scalar.anchor, event->data.scalar.tag);
    case YAML_SEQUENCE_START_EVENT:
        return check_properties(reader, event, event->data.sequence_start.anchor,
                                event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return check_properties(reader, event, event->data.mapping_start.anchor,
                                event->data.mapping_start.tag);
    case YAML_DOCUMENT_START_EVENT:
        if (event->data.document_start.version_directive ||
            event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end)
            return refuse(reader, at, "directives (%YAML, %TAG) are not allowed", "remove the line");
        return FOB_OK;
    default:
        return FOB_OK;
    }
}

static fob_err next_event(struct reader *reader, yaml_event_t *event)
{
    memset(event, 0, sizeof *event);
    if (!yaml_parser_parse(&reader->parser, event))
        return syntax_error(reader);
    return check_event(reader, event);
}

/* --- scalars ------------------------------------------------------------------------------------------------ */

static size_t digits(const char *text, const char *set)
{
    return strspn(text, set);
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?, or .inf or .nan: YAML 1.2 section 10.3.2. */
static bool is_real(const char *text)
{
    static const char *const names[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
    const char *at = text + (*text == '-' || *text == '+');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(at, names[i]) == 0)
            return true;
    size_t whole = digits(at, "0123456789"), fraction = 0;
    at += whole;
    if (*at == '.') {
        fraction = digits(at + 1, "0123456789");
        at += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (*at == 'e' || *at == 'E') {
        at++;
        at += *at == '-' || *at == '+';
        size_t exponent = digits(at, "0123456789");
        at += exponent;
        if (exponent == 0)
            return false;
    }
    return *at == '\0';
}

static bool is_int(const char *text)
{
    const char *at = text + (*text == '-' || *text == '+');
    size_t n = digits(at, "0123456789");
    if (n && !at[n])
        return true;
    if (text[0] != '0' || (text[1] != 'o' && text[1] != 'x'))
        return false;
    n = digits(text + 2, text[1] == 'o' ? "01234567" : "0123456789abcdefABCDEF");
    return n && !text[2 + n];
}

static bool is_one_of(const char *text, const char *lower, const char *title, const char *upper)
{
    return strcmp(text, lower) == 0 || strcmp(text, title) == 0 || strcmp(text, upper) == 0;
}

/* A number in its plainest spelling: no sign but '-', no leading zero. */
static bool read_int(const char *text, int64_t *ret)
{
    const char *at = text + (*text == '-');
    char *end;
    if (*at < '0' || *at > '9' || (*at == '0' && at[1]) || strlen(at) > 18)
        return false;
    *ret = strtoimax(text, &end, 10);
    return *end == '\0';
}

static fob_err no_value(struct reader *reader, struct fob_mark at)
{
    char hint[128];
    bool meant = fob_yaml_hint(reader->text, reader->len, at, hint, sizeof hint);
    return refuse(reader, at, "a value is missing",
                  meant ? hint : "write the value, or \"\" for an empty text");
}

static fob_err resolve_plain(struct reader *reader, struct fob_yaml *node)
{
    const char *text = node->text;
    static const char *const plain[] = {"false", "true"};
    node->kind = FOB_YAML_TEXT;
    if (*text && !strchr("nN~tTfF+-.0123456789", *text)) /* what all that is no text begins with */
        return FOB_OK;
    if (!*text)
        return no_value(reader, node->mark);
    if (is_one_of(text, "null", "Null", "NULL") || strcmp(text, "~") == 0) {
        node->kind = FOB_YAML_NULL;
        return strcmp(text, "null") == 0
                   ? FOB_OK
                   : refuse(reader, node->mark, "null is spelled null here", "write null, or quote it");
    }
    for (int truth = 0; truth < 2; truth++) {
        bool is =
            truth ? is_one_of(text, "true", "True", "TRUE") : is_one_of(text, "false", "False", "FALSE");
        if (!is)
            continue;
        node->kind = FOB_YAML_BOOL;
        node->number = truth;
        return strcmp(text, plain[truth]) == 0
                   ? FOB_OK
                   : refuse(reader, node->mark, "booleans are spelled true and false here",
                            "write it in small letters, or quote it");
    }
    if (is_int(text)) {
        node->kind = FOB_YAML_INT;
        return read_int(text, &node->number)
                   ? FOB_OK
                   : refuse(reader, node->mark, "numbers are decimal, without leading zeros, up to 18 digits",
                            "quote it if text is meant");
    }
    if (is_real(text))
        node->kind = FOB_YAML_REAL;
    return FOB_OK;
}

/* What a scalar is. draft->text is the event's from then on. */
static fob_err read_scalar(struct reader *reader, const yaml_event_t *event, struct fob_yaml *draft)
{
    draft->text = (char *)event->data.scalar.value;
    draft->len = event->data.scalar.length;
    draft->kind = FOB_YAML_TEXT;
    if (draft->len > FOB_MAX_SCALAR)
        return too_much(reader, draft->mark, "a value is longer than fob reads", FOB_MAX_SCALAR);
    if (memchr(draft->text, '\0', draft->len) || !fob_utf8_valid(draft->text, draft->len))
        return refuse(reader, draft->mark, "a value holds a NUL or is not UTF-8", "remove the character");
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? resolve_plain(reader, draft) : FOB_OK;
}

/* --- nodes -------------------------------------------------------------------------------------------------- */

static fob_err read_node(struct reader *reader, const yaml_event_t *event, const struct fob_yaml *key,
                         struct fob_yaml **ret);

/* A key needs no node: it is copied into its value's. */
static fob_err read_key(struct reader *reader, const struct fob_yaml *map, const yaml_event_t *event,
                        struct fob_yaml *key)
{
    fob_err err = FOB_OK;
    *key = (struct fob_yaml){.kind = FOB_YAML_MAP, .mark = mark_of(&event->start_mark)};
    if (event->type == YAML_SCALAR_EVENT)
        err = read_scalar(reader, event, key);
    if (err != FOB_OK)
        return err;
    if (key->kind != FOB_YAML_TEXT)
        return refuse(reader, key->mark, "a key has to be text", "quote it, or check the indentation");
    if (strcmp(key->text, "<<") == 0)
        return refuse(reader, key->mark, "merge keys (<<) are not allowed", "write the keys out");
    if (!fob_yaml_get(map, key->text))
        return FOB_OK;
    fob_fail(reader->error, FOB_E_DESCRIPTOR, "remove one of them", "the key \"%s\" is there twice",
             key->text);
    return fob_fail_at(reader->error, FOB_E_DESCRIPTOR, reader->file, key->mark.line, key->mark.column);
}

static fob_err read_list(struct reader *reader, struct fob_yaml *list)
{
    struct fob_yaml **tail = &list->children;
    for (;;) {
        auto_event event;
        fob_err err = next_event(reader, &event);
        if (err != FOB_OK || event.type == YAML_SEQUENCE_END_EVENT)
            return err;
        err = read_node(reader, &event, NULL, tail);
        if (err != FOB_OK)
            return err;
        tail = &(*tail)->next;
    }
}

static fob_err read_map(struct reader *reader, struct fob_yaml *map)
{
    struct fob_yaml **tail = &map->children;
    for (;;) {
        auto_event key_event = {0}, value_event = {0};
        struct fob_yaml key;
        fob_err err = next_event(reader, &key_event);
        if (err != FOB_OK || key_event.type == YAML_MAPPING_END_EVENT)
            return err;
        err = read_key(reader, map, &key_event, &key);
        if (err == FOB_OK)
            err = next_event(reader, &value_event);
        if (err == FOB_OK)
            err = read_node(reader, &value_event, &key, tail);
        if (err != FOB_OK)
            return err;
        tail = &(*tail)->next;
    }
}

static fob_err read_collection(struct reader *reader, struct fob_yaml *node)
{
    if (reader->depth == FOB_MAX_YAML_DEPTH)
        return too_much(reader, node->mark, "nested deeper than fob reads", FOB_MAX_YAML_DEPTH);
    reader->depth++;
    fob_err err = node->kind == FOB_YAML_LIST ? read_list(reader, node) : read_map(reader, node);
    reader->depth--;
    return err;
}

static fob_err read_node(struct reader *reader, const yaml_event_t *event, const struct fob_yaml *key,
                         struct fob_yaml **ret)
{
    struct fob_yaml draft = {.mark = mark_of(&event->start_mark)};
    fob_err err = FOB_OK;
    if (reader->nodes++ == FOB_MAX_YAML_NODES)
        return too_much(reader, draft.mark, "more values than fob reads", FOB_MAX_YAML_NODES);
    if (event->type == YAML_SCALAR_EVENT)
        err = read_scalar(reader, event, &draft);
    else
        draft.kind = event->type == YAML_SEQUENCE_START_EVENT ? FOB_YAML_LIST : FOB_YAML_MAP;
    if (err != FOB_OK)
        return err;
    *ret = fob_yaml_node(reader->root, &draft, key);
    if (!*ret)
        return fob_no_memory(reader->error);
    if (!reader->root)
        reader->root = *ret;
    return draft.text ? FOB_OK : read_collection(reader, *ret);
}

static fob_err read_stream(struct reader *reader)
{
    struct fob_yaml *root;
    unsigned documents = 0;
    for (;;) {
        auto_event event;
        fob_err err = next_event(reader, &event);
        if (err == FOB_OK && event.type == YAML_DOCUMENT_START_EVENT && documents++ > 0)
            err = refuse(reader, mark_of(&event.start_mark), "a second document begins here",
                         "one file holds one document: remove the line ---");
        if (err == FOB_OK && event.type != YAML_STREAM_START_EVENT && event.type != YAML_STREAM_END_EVENT &&
            event.type != YAML_DOCUMENT_START_EVENT && event.type != YAML_DOCUMENT_END_EVENT)
            err = read_node(reader, &event, NULL, &root);
        if (err != FOB_OK || event.type == YAML_STREAM_END_EVENT)
            return err;
    }
}

static bool is_control(const char *text, size_t n)
{
    unsigned char c = (unsigned char)text[0];
    if (n == 1)
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
    return n == 2 && c == 0xc2 && (unsigned char)text[1] < 0xa0;
}

/* U+2028 and U+2029, which libyaml takes for line breaks and YAML 1.2 does not; U+FEFF, which it skips. */
static bool is_read_in_two_ways(const char *text, size_t n)
{
    return n == 3 && (memcmp(text, "\xe2\x80\xa8", 3) == 0 || memcmp(text, "\xe2\x80\xa9", 3) == 0 ||
                      memcmp(text, "\xef\xbb\xbf", 3) == 0);
}

/* Where the first character is that may not stand in the file: libyaml does not tell, or does not mind. */
static fob_err check_characters(struct reader *reader, const char *text, size_t len)
{
    struct fob_mark at = {1, 1, NULL};
    for (size_t i = 0, n; i < len; i += n) {
        for (; i < len && text[i] >= ' ' && text[i] < 0x7f; i++)
            at.column++;
        if (i == len)
            break;
        n = fob_utf8_char(text + i, len - i);
        if (n == 0)
            return refuse(reader, at, "the file is not UTF-8 text", "save it as UTF-8");
        if (is_control(text + i, n))
            return refuse(reader, at, "control characters are not allowed", "remove the character");
        if (is_read_in_two_ways(text + i, n))
            return refuse(reader, at, "an invisible character that YAML readers disagree about",
                          "remove it, or write it as \"\\u2028\", \"\\u2029\" or \"\\uFEFF\"");
        at.column++;
        if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < len && text[i + 1] == '\n')))
            at = (struct fob_mark){at.line + 1, 1, NULL};
    }
    return FOB_OK;
}

fob_err fob_yaml_read(const char *text, size_t len, const char *file, struct fob_yaml **ret_root,
                      struct fob_error *error)
{
    struct reader reader = {.file = file, .error = error};
    if (len > FOB_MAX_DESCRIPTOR)
        return too_much(&reader, (struct fob_mark){0, 0, NULL}, "the file is larger than fob reads",
                        FOB_MAX_DESCRIPTOR);
    /* A byte order mark, which some editors put first, is not content (YAML 1.2 section 5.2). */
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    reader.text = text;
    reader.len = len;
    fob_err err = check_characters(&reader, text, len);
    if (err != FOB_OK)
        return err;
    if (!yaml_parser_initialize(&reader.parser))
        return fob_no_memory(error);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, len);
    err = read_stream(&reader);
    yaml_parser_delete(&reader.parser);
    if (err == FOB_OK)
        *ret_root = fob_steal(&reader.root);
    fob_yaml_free(&reader.root);
    return err;
}
