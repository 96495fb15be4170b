/* SPDX-License-Identifier: MIT */
/* XML as it comes from outside, turned into what JSON Pointers can look into. */
#include "xmltree.h"
#include "cleanup.h"
#include "error.h"
#include "text.h"

#include <expat.h>
#include <fob/limits.h>
#include <string.h>

/* An element that is open: its members, and the text that stands between them. */
struct element {
    json_t *members; /* NULL: none so far */
    struct fob_buf text;
};

struct reader {
    XML_Parser parser;
    struct element open[FOB_MAX_JSON_DEPTH + 1]; /* the first holds the root */
    size_t depth, nodes;
    const char *problem;
    bool no_memory;
};

static void stop(struct reader *reader, const char *problem)
{
    if (problem)
        reader->problem = problem;
    else
        reader->no_memory = true;
    XML_StopParser(reader->parser, XML_FALSE);
}

/* Expat still calls what it was about to call. */
static bool is_stopped(const struct reader *reader)
{
    return reader->problem || reader->no_memory;
}

static bool count_node(struct reader *reader)
{
    if (reader->nodes++ < FOB_MAX_XML_NODES)
        return true;
    stop(reader, "it has too many elements");
    return false;
}

static json_t *both(json_t *first, json_t *second)
{
    json_t *list = json_array();
    bool good = json_array_append(list, first) == 0;
    if (json_array_append_new(list, second) == 0 && good)
        return list;
    json_decref(list);
    return NULL;
}

/* value, which may be NULL for want of memory, becomes the element's, or one more of that name. */
static void add(struct reader *reader, struct element *element, const char *name, json_t *value)
{
    if (value && !element->members)
        element->members = json_object();
    json_t *before = json_object_get(element->members, name);
    bool added;
    if (!value || !before)
        added = json_object_set_new(element->members, name, value) == 0;
    else if (json_is_array(before))
        added = json_array_append_new(before, value) == 0;
    else
        added = json_object_set_new(element->members, name, both(before, value)) == 0;
    if (!added)
        stop(reader, NULL);
}

/* --- what expat calls --------------------------------------------------------------------------------------- */

static void on_start(void *user, const char *name, const char **attributes)
{
    struct reader *reader = user;
    (void)name;
    if (is_stopped(reader) || !count_node(reader))
        return;
    if (reader->depth == FOB_MAX_JSON_DEPTH) {
        stop(reader, "it is nested too deeply");
        return;
    }
    struct element *element = &reader->open[++reader->depth];
    *element = (struct element){.text = FOB_BUF((size_t)FOB_MAX_RESPONSE)};
    for (; *attributes && !is_stopped(reader); attributes += 2) {
        char key[256];
        size_t len = strlen(attributes[0]);
        if (strcmp(attributes[0], "xmlns") == 0 || fob_starts_with(attributes[0], "xmlns:"))
            continue;
        if (len + 2 > sizeof key)
            stop(reader, "an attribute's name is too long");
        if (len + 2 > sizeof key || !count_node(reader))
            return;
        key[0] = '@';
        memcpy(key + 1, attributes[0], len + 1);
        add(reader, element, key, json_string(attributes[1]));
    }
}

static void on_text(void *user, const char *text, int len)
{
    struct reader *reader = user;
    struct fob_buf *buf = &reader->open[reader->depth].text;
    if (is_stopped(reader))
        return;
    if (buf->len == 0)
        while (len && strchr(" \t\r\n", *text))
            text++, len--;
    fob_buf_add(buf, text, (size_t)len);
    if (buf->failed != FOB_OK)
        stop(reader, NULL);
}

static json_t *close_element(struct reader *reader, struct element *element)
{
    struct fob_buf *text = &element->text;
    json_t *value = element->members;
    while (text->len && strchr(" \t\r\n", text->data[text->len - 1]))
        text->len--;
    if (!value)
        value = json_stringn(text->data ? text->data : "", text->len);
    else if (text->len)
        add(reader, element, "#text", json_stringn(text->data, text->len));
    element->members = NULL;
    fob_buf_free(text);
    return value;
}

static void on_end(void *user, const char *name)
{
    struct reader *reader = user;
    if (is_stopped(reader))
        return;
    json_t *value = close_element(reader, &reader->open[reader->depth]);
    reader->depth--;
    add(reader, &reader->open[reader->depth], name, value);
}

/* With it go the entities that a document could define, and so all that could make a short one long. */
static void on_document_type(void *user, const char *name, const char *system_id, const char *public_id,
                             int has_internal_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
    stop(user, "it has a document type");
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static fob_err parse(struct reader *reader, const char *text, size_t len, struct fob_error *error)
{
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader->parser, on_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, on_document_type);
    if (XML_Parse(reader->parser, text, (int)len, XML_TRUE) == XML_STATUS_OK)
        return FOB_OK;
    enum XML_Error code = XML_GetErrorCode(reader->parser);
    if (reader->no_memory || code == XML_ERROR_NO_MEMORY)
        return fob_no_memory(error);
    return fob_fail(error, FOB_E_PROTOCOL, NULL, "not usable XML: %s (line %lu, column %lu)",
                    reader->problem ? reader->problem : XML_ErrorString(code),
                    (unsigned long)XML_GetCurrentLineNumber(reader->parser),
                    (unsigned long)XML_GetCurrentColumnNumber(reader->parser) + 1);
}

fob_err fob_xml_read(const char *text, size_t len, json_t **ret_object, struct fob_error *error)
{
    static const XML_Memory_Handling_Suite memory = {malloc, realloc, free};
    struct reader reader = {.parser = XML_ParserCreate_MM(NULL, &memory, NULL)};
    if (!reader.parser)
        return fob_no_memory(error);
    fob_err err = len > FOB_MAX_RESPONSE
                      ? fob_fail(error, FOB_E_PROTOCOL, NULL, "not usable XML: it is too long")
                      : parse(&reader, text, len, error);
    XML_ParserFree(reader.parser);
    if (err == FOB_OK)
        *ret_object = fob_steal(&reader.open[0].members);
    for (size_t i = 0; i <= reader.depth; i++) {
        fob_json_wipe(reader.open[i].members);
        fob_buf_free(&reader.open[i].text);
    }
    return err;
}
