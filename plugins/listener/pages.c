/* SPDX-License-Identifier: MIT */
/* Pages: the fields that guard each of them, and the one that passes a fragment on. */
#include "listener.h"

#include <stdlib.h>
#include <string.h>

struct field {
    const char *name, *value;
};

#define CLOSED "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#define POLICY "Content-Security-Policy"

static const struct field page_fields[] = {
    {"Content-Type", "text/html; charset=utf-8"},
    {"Referrer-Policy", "no-referrer"}, /* the page's own URL holds the code */
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Connection", "close"},
};

/* A fragment stays in the browser: this calls the same path again with the fragment as its query. */
#define SCRIPT                                                                                               \
    "var f=location.hash.slice(1);"                                                                          \
    "if(f)location.replace(location.pathname+'?'+f.replace(/#/g,'%23'));"                                    \
    "else document.getElementById('say').textContent='This address holds no answer. Start the login again.'"
/* The SHA-256 of it: no other script runs. The test of the listener says when they do not fit. */
#define SCRIPT_HASH "IyJZsCtZLYpJ3UCIDGMsfoRmRKCbrDXoVwg92Ck2kZE="

static const char fragment_html[] =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>fob</title></head><body>"
    "<p id=\"say\">One moment.</p>"
    "<noscript><p>Only a script can pass the answer on from here, and scripts are off. Allow them for this "
    "page and "
    "load it again, or log in with another browser.</p></noscript>"
    "<script>" SCRIPT "</script></body></html>";

static struct MHD_Response *make(const char *html, const char *policy)
{
    struct MHD_Response *page =
        MHD_create_response_from_buffer_with_free_callback(strlen(html), strdup(html), &free);
    bool whole = page && MHD_add_response_header(page, POLICY, policy) == MHD_YES;
    for (size_t i = 0; whole && i < sizeof page_fields / sizeof page_fields[0]; i++)
        whole = MHD_add_response_header(page, page_fields[i].name, page_fields[i].value) == MHD_YES;
    if (whole)
        return page;
    if (page)
        MHD_destroy_response(page);
    return NULL;
}

struct MHD_Response *page_make(const char *html)
{
    return make(html, "default-src 'none'; style-src 'unsafe-inline'; " CLOSED);
}

static enum MHD_Result send_page(struct MHD_Connection *connection, unsigned status,
                                 struct MHD_Response *page)
{
    enum MHD_Result result = MHD_queue_response(connection, status, page);
    MHD_destroy_response(page);
    return result;
}

enum MHD_Result page_send(struct MHD_Connection *connection, unsigned status, const char *allowed,
                          const char *html)
{
    struct MHD_Response *page = page_make(html);
    if (!page)
        return MHD_NO;
    if (allowed)
        MHD_add_response_header(page, MHD_HTTP_HEADER_ALLOW, allowed);
    return send_page(connection, status, page);
}

enum MHD_Result page_send_fragment(struct MHD_Connection *connection)
{
    struct MHD_Response *page =
        make(fragment_html, "default-src 'none'; script-src 'sha256-" SCRIPT_HASH "'; " CLOSED);
    return page ? send_page(connection, MHD_HTTP_OK, page) : MHD_NO;
}
