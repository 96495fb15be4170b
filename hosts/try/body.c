/* SPDX-License-Identifier: MIT */
/* Bodies of answers that are made up: a tree as JSON, a form or XML. */
#include "body.h"
#include "drive.h"

#include <stdlib.h>
#include <string.h>

/* --- XML ---------------------------------------------------------------------------------------------------------- */

static void add_escaped(struct text *out, const char *text)
{
    for (; *text; text++) {
        const char *escaped = *text == '&'   ? "&amp;"
                              : *text == '<' ? "&lt;"
                              : *text == '>' ? "&gt;"
                              : *text == '"' ? "&quot;"
                                             : NULL;
        text_add(out, escaped ? escaped : text, escaped ? strlen(escaped) : 1);
    }
}

static void add_text(struct text *out, json_t *value)
{
    char *shown = tree_show(value);
    add_escaped(out, shown);
    free(shown);
}

static void add_element(struct text *out, const char *name, json_t *value);

static void add_members(struct text *out, json_t *map, bool attributes)
{
    const char *name;
    json_t *value;
    json_object_foreach (map, name, value) {
        if ((*name == '@') != attributes)
            continue;
        if (attributes)
            text_fmt(out, " %s=\"", name + 1);
        if (attributes || strcmp(name, "#text") == 0)
            add_text(out, value);
        else
            add_element(out, name, value);
        text_str(out, attributes ? "\"" : "");
    }
}

/* What is a JWT is text, though it is shown by its claims. */
static bool has_members(json_t *value)
{
    return json_is_object(value) && !json_object_get(value, "JWT");
}

/* Members whose name begins with @ are attributes; a list is one element after the other. */
static void add_element(struct text *out, const char *name, json_t *value)
{
    json_t *item;
    size_t i;
    json_array_foreach (value, i, item)
        add_element(out, name, item);
    if (json_is_array(value))
        return;
    text_fmt(out, "<%s", name);
    if (has_members(value))
        add_members(out, value, true);
    text_str(out, ">");
    if (has_members(value))
        add_members(out, value, false);
    else
        add_text(out, value);
    text_fmt(out, "</%s>", name);
}

void body_fit(const char *format, json_t *tree)
{
    const char *name, *root = NULL;
    json_t *value;
    void *next;
    if (!same_text(format, "xml"))
        return;
    json_object_foreach (tree, name, value)
        if (!root || (has_members(value) && !has_members(json_object_get(tree, root))))
            root = name;
    char *kept = root ? text_copy(root) : NULL;
    json_object_foreach_safe(tree, next, name, value) if (strcmp(name, kept) != 0)
        json_object_del(tree, name);
    free(kept);
}

static char *as_xml(json_t *tree)
{
    struct text out = {0};
    const char *name;
    json_t *value;
    json_object_foreach (tree, name, value)
        add_element(&out, name, value);
    if (!out.len)
        add_element(&out, "answer", json_is_array(tree) ? NULL : tree);
    return text_take(&out);
}

/* --- the others --------------------------------------------------------------------------------------------------- */

static char *as_form(json_t *tree)
{
    char *uri = callback_uri("", tree), *form = text_copy(*uri ? uri + 1 : "");
    free(uri);
    return form;
}

static char *as_json(json_t *tree)
{
    return must(json_dumps(tree, JSON_COMPACT | JSON_ENCODE_ANY));
}

char *body_write(const char *format, json_t *tree, const char *whole, const char **ret_type)
{
    bool is_xml = same_text(format, "xml"), is_form = same_text(format, "form");
    whole = !whole && same_text(format, "text") ? "TEXT" : whole;
    *ret_type = whole     ? "text/plain"
                : is_xml  ? "application/xml"
                : is_form ? "application/x-www-form-urlencoded"
                          : "application/json";
    return whole ? text_copy(whole) : is_xml ? as_xml(tree) : is_form ? as_form(tree) : as_json(tree);
}

char *body_show(const char *format, json_t *tree, const char *whole)
{
    struct text out = {0};
    const char *name, *type;
    json_t *value;
    if (whole || !same_text(format, "form"))
        return body_write(format, tree, whole, &type);
    json_object_foreach (tree, name, value) {
        char *shown = tree_show(value);
        text_fmt(&out, "%s%s=%s", out.len ? "&" : "", name, shown);
        free(shown);
    }
    return text_take(&out);
}
