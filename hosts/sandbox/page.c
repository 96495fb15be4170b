/* SPDX-License-Identifier: MIT */
/* The pages a person sees: the question, why it cannot be asked, and two that only lead on. */
#include "page.h"

#include "redirect.h"
#include "reply.h"

#include <sodium.h>
#include <string.h>

static const char style[] = "body{font:16px/1.5 sans-serif;max-width:32em;margin:4em auto;padding:0 1em}"
                            "button{font:inherit;padding:.4em 1.6em;margin-right:1em}"
                            "code{overflow-wrap:anywhere}";

static void begin(struct reply *reply, unsigned status, const char *title)
{
    reply->status = status;
    reply_field(reply, "Content-Type", text_copy("text/html; charset=utf-8"));
    text_fmt(
        &reply->body,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>%s</title><style>%s</style></head>"
        "<body><main><h1>%s</h1>",
        title, style, title);
}

static const char post_script[] = "document.forms[0].submit()";
static const char move_script[] =
    "var h=location.hash.slice(1),s=location.search.slice(1);"
    "if(h[0]==='/')location.replace(location.pathname+'~'+h+(s?(h.indexOf('?')<0?'?':'&')+s:''))";

/* 'sha256-…' of what may run or style the page. */
static char *csp_hash(const char *text)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char encoded[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    return text_printf("'sha256-%s'", sodium_bin2base64(encoded, sizeof encoded, hash, sizeof hash,
                                                        sodium_base64_VARIANT_ORIGINAL));
}

/* form_sources is what forms may lead to; the style sheet and the one script, if any, are allowed by their hashes. */
static void finish(struct reply *reply, const char *form_sources, const char *script)
{
    char *style_hash = csp_hash(style), *script_hash = script ? csp_hash(script) : text_copy("'none'");
    if (script)
        text_fmt(&reply->body, "<script>%s</script>", script);
    text_str(&reply->body, "</main></body></html>\n");
    reply_field(
        reply, "Content-Security-Policy",
        text_printf("default-src 'none'; style-src %s; script-src %s; form-action %s; base-uri 'none'; "
                    "frame-ancestors 'none'",
                    style_hash, script_hash, form_sources));
    reply_field(reply, "X-Frame-Options", text_copy("DENY"));
    text_drop(&style_hash);
    text_drop(&script_hash);
}

static void add_scopes(struct text *body, const char *scope)
{
    text_str(body, "<ul>");
    while (*scope) {
        size_t len = strcspn(scope, " ");
        char *one = text_printf("%.*s", (int)len, scope);
        text_str(body, "<li><code>");
        text_html(body, one);
        text_str(body, "</code></li>");
        text_drop(&one);
        scope += len + (scope[len] == ' ');
    }
    text_str(body, "</ul>");
}

void page_consent(const struct sandbox *sandbox, const struct grant *grant, const char *one_time,
                  struct reply *reply)
{
    const char *group;
    json_t *scope;
    begin(reply, 200, "Sandbox: allow access?");
    text_str(&reply->body, "<p>The client <code>");
    text_html(&reply->body, sandbox->client_id);
    text_str(&reply->body, "</code> asks for access as <code>");
    text_html(&reply->body, grant->subject);
    text_str(&reply->body, "</code> to:</p>");
    add_scopes(&reply->body, grant->scope);
    json_object_foreach (grant->groups, group, scope) {
        text_fmt(&reply->body, "<p>and as %s, <code>", group);
        text_html(&reply->body, json_string_value(scope));
        text_str(&reply->body, "</code></p>");
    }
    text_str(&reply->body, "<p>The answer goes to <code>");
    text_html(&reply->body, grant->redirect_uri);
    text_fmt(&reply->body,
             "</code>.</p><form method=\"post\" action=\"" CONSENT_PATH "\">"
             "<input type=\"hidden\" name=\"request\" value=\"%s\">"
             "<button id=\"allow\" name=\"decision\" value=\"allow\">Allow</button>"
             "<button id=\"deny\" name=\"decision\" value=\"deny\">Deny</button></form>",
             one_time);

    /* Chromium holds the redirect that answers a form against form-action as well. */
    char *back = redirect_csp_source(grant->redirect_uri);
    char *sources = text_printf("'self' %s", back);
    finish(reply, sources, NULL);
    text_drop(&sources);
    text_drop(&back);
}

void page_refusal(struct reply *reply, const char *what)
{
    begin(reply, 400, "Sandbox: this request cannot be answered");
    text_str(&reply->body, "<p>");
    text_html(&reply->body, what);
    text_str(&reply->body, ".</p>");
    finish(reply, "'none'", NULL);
}

void page_post(struct reply *reply, const char *uri, json_t *fields)
{
    const char *name;
    json_t *value;
    begin(reply, 200, "Sandbox: going back");
    text_str(&reply->body, "<form method=\"post\" action=\"");
    text_html(&reply->body, uri);
    text_str(&reply->body, "\">");
    json_object_foreach (fields, name, value) {
        text_str(&reply->body, "<input type=\"hidden\" name=\"");
        text_html(&reply->body, name);
        text_str(&reply->body, "\" value=\"");
        text_html(&reply->body, json_string_value(value));
        text_str(&reply->body, "\">");
    }
    text_str(&reply->body, "<button>Continue</button></form>");
    char *sources = redirect_csp_source(uri);
    finish(reply, sources, post_script);
    text_drop(&sources);
}

void page_move(struct reply *reply)
{
    begin(reply, 200, "Sandbox: one moment");
    text_str(&reply->body,
             "<p>This page needs JavaScript: the request stands in the fragment of its address.</p>");
    finish(reply, "'none'", move_script);
}
