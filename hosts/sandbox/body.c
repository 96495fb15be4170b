/* SPDX-License-Identifier: MIT */
/* Parameters in the body of a request: a form, JSON, or XML. */
#include "body.h"

#include "tree.h"

#include <string.h>
#include <strings.h>

static bool has_type(const struct request *request, const char *type)
{
    const char *given = request_header(request, "content-type");
    size_t len = strlen(type);
    return given && strncasecmp(given, type, len) == 0 && strchr("; ", given[len]);
}

/* --- JSON --------------------------------------------------------------------------------------------------- */

static const char *read_json(const char *text, struct params *params)
{
    const char *name, *problem = NULL;
    json_t *value, *body = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(body))
        problem = "the body is not a JSON object, or a member is there twice";
    json_object_foreach (body, name, value) {
        char *scalar = tree_scalar(value);
        if (!scalar)
            problem = "a parameter in the JSON body is no text, number, true or false";
        else if (!problem)
            params_add(params, name, scalar, &problem);
        text_drop(&scalar);
    }
    json_decref(body);
    return problem;
}

/* --- XML: one element a parameter, in a root element; no attributes, no document type ------------------------- */

static void skip_space(const char **at)
{
    *at += strspn(*at, " \t\r\n");
}

/* The name in "<name>" or "</name>", which begins with open; NULL when it is not there. */
static char *read_tag(const char **at, const char *open)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    size_t skip = strlen(open);
    size_t len = strncmp(*at, open, skip) == 0 ? strspn(*at + skip, letters) : 0;
    const char *end = *at + skip + len;
    if (!len || *end != '>')
        return NULL;
    char *name = text_printf("%.*s", (int)len, *at + skip);
    *at = end + 1;
    return name;
}

/* Text up to the next '<', entities read; NULL when one is not known. */
static char *read_characters(const char **at)
{
    static const struct {
        const char *written, *meant;
    } entities[] = {{"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},
                    {"&quot;", "\""}, {"&apos;", "'"}, {"&#39;", "'"}};
    struct text out = {0};
    text_str(&out, "");
    while (**at && **at != '<') {
        const char *meant = **at == '&' ? NULL : *at;
        size_t len = 1;
        for (size_t i = 0; !meant && i < sizeof entities / sizeof *entities; i++)
            if (strncmp(*at, entities[i].written, strlen(entities[i].written)) == 0) {
                meant = entities[i].meant;
                len = strlen(entities[i].written);
            }
        if (!meant) {
            text_free(&out);
            return NULL;
        }
        text_add(&out, meant, 1);
        *at += len;
    }
    return out.s;
}

static const char *read_element(const char **at, struct params *params)
{
    const char *problem = "an element in the XML body is not written as <name>value</name>";
    char *name = read_tag(at, "<");
    char *value = name ? read_characters(at) : NULL;
    char *end = value ? read_tag(at, "</") : NULL;
    if (end && strcmp(name, end) == 0)
        params_add(params, name, value, &problem);
    text_drop(&name);
    text_drop(&value);
    text_drop(&end);
    return problem;
}

static const char *read_xml(const char *at, const char *root, struct params *params)
{
    const char *problem = NULL;
    skip_space(&at);
    if (strncmp(at, "<?xml ", 6) == 0 && strstr(at, "?>"))
        at = strstr(at, "?>") + 2;
    skip_space(&at);
    char *name = read_tag(&at, "<"), *end = NULL;
    bool good = name && strcmp(name, root) == 0;
    for (skip_space(&at); good && !problem && *at && strncmp(at, "</", 2) != 0; skip_space(&at))
        problem = read_element(&at, params);
    if (good && !problem)
        end = read_tag(&at, "</");
    skip_space(&at);
    if (!good)
        problem = "the body is not XML in the root element that the provider wants";
    else if (!problem && (!end || strcmp(end, root) != 0 || *at))
        problem = "the XML body does not end with its root element";
    text_drop(&name);
    text_drop(&end);
    return problem;
}

/* ------------------------------------------------------------------------------------------------------------ */

/* What it is by its Content-Type; NULL when that is none of them. */
static const char *encoding_of(const struct request *request)
{
    return has_type(request, "application/json")                                   ? "json"
           : has_type(request, "application/xml") || has_type(request, "text/xml") ? "xml"
           : has_type(request, "application/x-www-form-urlencoded")                ? "form"
                                                                                   : NULL;
}

static const char *read_as(const char *encoding, const char *text, const char *root, struct params *params)
{
    const char *problem = NULL;
    if (strcmp(encoding, "json") == 0)
        return read_json(text, params);
    if (strcmp(encoding, "xml") == 0)
        return read_xml(text, root, params);
    params_read(params, text, &problem);
    return problem;
}

const char *body_read(const struct request *request, const char *encoding, const char *root,
                      struct params *params)
{
    static const struct {
        const char *encoding, *problem;
    } wrong[] = {{"query", "the parameters belong into the query: there may be no body"},
                 {"json", "the body has to be application/json"},
                 {"xml", "the body has to be application/xml"},
                 {"form", "the body has to be application/x-www-form-urlencoded"}};
    const char *given = encoding_of(request);
    bool may_be_empty = strcmp(encoding, "query") == 0 || strcmp(encoding, "form") == 0;
    if (may_be_empty && !*request->body)
        return NULL;
    if (given && strcmp(given, encoding) == 0)
        return read_as(encoding, request->body, root, params);
    /* Refused; but what it is meant to be is seen by what is in it. */
    read_as(given ? given : encoding, request->body, root, params);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (strcmp(wrong[i].encoding, encoding) == 0)
            return wrong[i].problem;
    return NULL;
}
