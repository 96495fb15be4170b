/* SPDX-License-Identifier: MIT */
/* What stands in a request, whatever it is written in: read by code of our own, so that it and libfob check each other. */
#include "request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

json_t *request_form(const char *text, size_t len)
{
    json_t *params = must(json_object());
    const char *end = text + len;
    while (text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text));
        stop = stop ? stop : end;
        const char *equals = memchr(text, '=', (size_t)(stop - text));
        char *name = form_decode(text, (size_t)((equals ? equals : stop) - text));
        char *value = equals ? form_decode(equals + 1, (size_t)(stop - equals) - 1) : text_copy("");
        tree_set_text(params, name, value);
        free(name);
        free(value);
        text = stop + 1;
    }
    return params;
}

json_t *request_query(const char *url)
{
    const char *query = url + strcspn(url, "?#"), *route = strstr(url, "#/");
    const char *behind = route ? strchr(route, '?') : NULL;
    json_t *params = *query == '?' ? request_form(query + 1, strcspn(query + 1, "#")) : must(json_object());
    json_t *others = behind ? request_form(behind + 1, strlen(behind + 1)) : must(json_object());
    json_object_update(params, others);
    json_decref(others);
    return params;
}

char *request_url(const char *url)
{
    return text_slice(url, strcspn(url, "?#"));
}

const char *request_field(const struct fob_http_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_fields; i++)
        if (strcasecmp(request->fields[i].name, name) == 0)
            return request->fields[i].value;
    return NULL;
}

const char *request_encoding(const struct fob_http_request *request)
{
    const char *type = request_field(request, "Content-Type");
    if (!type || !request->body_len)
        return "";
    return strstr(type, "json") ? "json" : strstr(type, "xml") ? "xml" : strstr(type, "form") ? "form" : "";
}

/* --- XML: elements without children, one a parameter ------------------------------------------------------- */

static json_t *of_xml(const char *text)
{
    json_t *params = must(json_object());
    for (const char *at = text; (at = strchr(at, '<')); at++) {
        size_t len = strcspn(at + 1, "> /");
        char *name = text_slice(at + 1, len), *close = text_printf("</%s>", name);
        const char *start = at + 1 + len, *end = *start == '>' ? strstr(start, close) : NULL;
        if (end && !memchr(start, '<', (size_t)(end - start))) {
            char *value = text_unescape(start + 1, (size_t)(end - start) - 1, "&apos;");
            tree_set_text(params, name, value);
            free(value);
        }
        free(name);
        free(close);
    }
    return params;
}

json_t *request_body(const struct fob_http_request *request)
{
    const char *encoding = request_encoding(request);
    char *text = text_slice(request->body_len ? request->body : "", request->body_len);
    json_t *params = NULL;
    if (strcmp(encoding, "json") == 0)
        params = json_loads(text, 0, NULL);
    else if (strcmp(encoding, "xml") == 0)
        params = of_xml(text);
    else if (strcmp(encoding, "form") == 0)
        params = request_form(text, strlen(text));
    if (!json_is_object(params)) {
        json_decref(params);
        params = must(json_object());
    }
    free(text);
    return params;
}
