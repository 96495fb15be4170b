/* SPDX-License-Identifier: MIT */
/* A person's browser in small, for the sandbox's pages. */
#include "visit.h"
#include "drive.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_PAGES 8

/*
 * A page's own route (#/…) is the sandbox's page ~/…, which its script leads to, with the query behind it; any other
 * fragment stays here.
 */
static char *without_fragment(const char *url)
{
    size_t len = strcspn(url, "#"), path = strcspn(url, "?#");
    const char *route = url + len + (url[len] == '#'), *query = url + path;
    if (*route != '/')
        return text_slice(url, len);
    const char *between = path == len ? "" : strchr(route, '?') ? "&" : "?";
    return text_printf("%.*s~%s%s%.*s", (int)path, url, route, between,
                       path == len ? 0 : (int)(len - path - 1), query + 1);
}

static const char *location_of(const struct fob_http_response *response)
{
    for (size_t i = 0; i < response->n_fields; i++)
        if (strcasecmp(response->fields[i].name, "Location") == 0)
            return response->fields[i].value;
    return NULL;
}

/* --- forms -------------------------------------------------------------------------------------------------------- */

/* The value of an attribute of the element that begins at start; the caller's, NULL when it has none. */
static char *attribute(const char *start, const char *name)
{
    char *looked_for = text_printf(" %s=\"", name);
    const char *end = strchr(start, '>'), *at = strstr(start, looked_for);
    char *value = NULL;
    if (at && end && at < end) {
        at += strlen(looked_for);
        value = text_unescape(at, strcspn(at, "\""), "&#39;");
    }
    free(looked_for);
    return value;
}

/* Where the form goes, and what it holds; NULL when the page has none that sends itself. */
static char *form_of(const char *page, json_t **ret_fields)
{
    const char *form = strstr(page, "document.forms[0].submit()") ? strstr(page, "<form ") : NULL;
    char *action = form ? attribute(form, "action") : NULL;
    if (!action)
        return NULL;
    *ret_fields = must(json_object());
    for (const char *input = form; (input = strstr(input, "<input ")); input++) {
        char *name = attribute(input, "name"), *value = attribute(input, "value");
        if (name && value)
            tree_set_text(*ret_fields, name, value);
        free(name);
        free(value);
    }
    return action;
}

/* --- pages -------------------------------------------------------------------------------------------------------- */

static bool leads_back(const char *url, const char *redirect_uri)
{
    size_t len = strlen(redirect_uri);
    return starts_with(url, redirect_uri) && (!url[len] || strchr("?#", url[len]));
}

/* What a fragment brought, the page on loopback hands over as a query. */
static char *as_query(const char *url)
{
    char *own = text_copy(url), *hash = strchr(own, '#');
    if (hash)
        *hash = strchr(own, '?') ? '&' : '?';
    return own;
}

/* Where one page leads to: a URL, or one that is back at redirect_uri. NULL: nowhere. */
static char *next_of(const struct fob_http_response *response)
{
    const char *location = location_of(response);
    char *page = text_slice(response->body ? response->body : "", response->body_len), *next = NULL;
    json_t *fields = NULL;
    if (response->status >= 300 && response->status < 400 && location)
        next = text_copy(location);
    else if (response->status == 200 && (next = form_of(page, &fields))) {
        char *whole = callback_uri(next, fields);
        free(next);
        next = whole;
    }
    json_decref(fields);
    free(page);
    return next;
}

static char *refused(const struct fob_http_response *response, struct fob_error *error)
{
    char what[300];
    int len = response->body_len > 200 ? 200 : (int)response->body_len;
    snprintf(what, sizeof what, "the sandbox's page does not lead back: HTTP %d %.*s", response->status, len,
             response->body ? (const char *)response->body : "");
    fob_error_set(error, FOB_E_PROVIDER, what, NULL);
    return NULL;
}

char *visit(fob_session *session, const char *url, const char *redirect_uri, struct fob_error *error)
{
    char *at = without_fragment(url), *back = NULL;
    for (int pages = 0; at && !back && pages < MAX_PAGES; pages++) {
        struct fob_http_request request = {.size = sizeof request, .url = at};
        struct fob_http_response response;
        char *next = NULL;
        if (fob_send(session, &request, &response, error) == FOB_OK && !(next = next_of(&response)))
            refused(&response, error);
        free(at);
        at = next;
        back = next && leads_back(next, redirect_uri) ? as_query(next) : NULL;
    }
    free(at);
    return back;
}
