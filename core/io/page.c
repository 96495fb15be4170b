/* SPDX-License-Identifier: MIT */
/* The page that the person's browser shows after the redirect. */
#include "page.h"

static const char head[] = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                           "<meta name=\"viewport\" content=\"width=device-width\"><title>fob</title></head>"
                           "<body><main>";
static const char tail[] = "</main></body></html>";

static void add_escaped(struct fob_buf *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fob_buf_str(out, "&amp;");
            break;
        case '<':
            fob_buf_str(out, "&lt;");
            break;
        case '>':
            fob_buf_str(out, "&gt;");
            break;
        case '"':
            fob_buf_str(out, "&quot;");
            break;
        default:
            fob_buf_char(out, *text);
        }
    }
}

void fob_page(struct fob_buf *out, const struct fob_error *failure)
{
    fob_buf_str(out, head);
    if (!failure) {
        fob_buf_str(out, "<h1>You are logged in</h1><p>You can close this window.</p>");
    } else {
        fob_buf_str(out, "<h1>This login did not work</h1><p>");
        add_escaped(out, failure->what);
        fob_buf_str(out, ".</p><p>");
        add_escaped(out, failure->fix);
        fob_buf_str(out, "</p>");
    }
    fob_buf_str(out, tail);
}

void fob_page_choose(struct fob_buf *out)
{
    fob_buf_fmt(
        out, "%s<h1>One thing is left to choose</h1><p>Go back to the program that opened this window.</p>%s",
        head, tail);
}
