/* SPDX-License-Identifier: MIT */
/* Bodies of answers: a tree as JSON, a form, XML, or text. */
#include "write.h"

#include "reply.h"
#include "tree.h"

#include <string.h>

static char *as_text(json_t *value)
{
    char *scalar = tree_scalar(value);
    return scalar ? scalar : json_is_null(value) ? text_copy("") : text_must(json_dumps(value, JSON_COMPACT));
}

static void write_form(struct text *out, json_t *body)
{
    const char *name;
    json_t *value;
    text_str(out, "");
    json_object_foreach (body, name, value) {
        char *text = as_text(value);
        text_str(out, out->len ? "&" : "");
        text_percent(out, name);
        text_str(out, "=");
        text_percent(out, text);
        text_drop(&text);
    }
}

/* --- XML ------------------------------------------------------------------------------------------------------------ */

static void write_element(struct text *out, const char *name, json_t *value);

/* Members whose name begins with @ are attributes, all others elements inside. */
static void write_members(struct text *out, json_t *map, bool attributes)
{
    const char *name;
    json_t *value;
    json_object_foreach (map, name, value) {
        if ((*name == '@') != attributes)
            continue;
        if (!attributes) {
            write_element(out, name, value);
            continue;
        }
        char *text = as_text(value);
        text_fmt(out, " %s=\"", name + 1);
        text_html(out, text);
        text_str(out, "\"");
        text_drop(&text);
    }
}

static void write_element(struct text *out, const char *name, json_t *value)
{
    size_t i;
    json_t *item;
    if (json_is_array(value)) {
        json_array_foreach (value, i, item)
            write_element(out, name, item);
        return;
    }
    text_fmt(out, "<%s", name);
    write_members(out, value, true);
    text_str(out, ">");
    if (json_is_object(value)) {
        write_members(out, value, false);
    } else {
        char *text = as_text(value);
        text_html(out, text);
        text_drop(&text);
    }
    text_fmt(out, "</%s>", name);
}

/* XML has one root: the first that holds something, else the first; what stands beside it cannot be said. */
static void write_xml(struct text *out, json_t *body)
{
    const char *name, *root = NULL;
    json_t *value;
    json_object_foreach (body, name, value)
        if (!root || (json_is_object(value) && !json_is_object(json_object_get(body, root))))
            root = name;
    text_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write_element(out, root ? root : "answer", root ? json_object_get(body, root) : body);
}

/* --------------------------------------------------------------------------------------------------------------------- */

static void set_type(struct reply *reply, const char *type)
{
    reply_field(reply, "Content-Type", text_copy(type));
}

static void write_json(struct text *out, json_t *body)
{
    char *dump = body ? text_must(json_dumps(body, JSON_COMPACT)) : text_copy("{}");
    text_str(out, dump);
    text_drop(&dump);
}

void write_answer(struct reply *reply, const char *format, json_t *body, const char *whole)
{
    bool is_text = format && strcmp(format, "text") == 0;
    if (whole || is_text) {
        set_type(reply, "text/plain; charset=utf-8");
        if (whole)
            text_str(&reply->body, whole);
        else
            write_json(&reply->body, body);
    } else if (format && strcmp(format, "form") == 0) {
        set_type(reply, "application/x-www-form-urlencoded");
        write_form(&reply->body, body);
    } else if (format && strcmp(format, "xml") == 0) {
        set_type(reply, "application/xml");
        write_xml(&reply->body, body);
    } else {
        set_type(reply, "application/json");
        write_json(&reply->body, body);
    }
}
