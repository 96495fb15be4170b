/* SPDX-License-Identifier: MIT */
/* A reviewer's advice: secrets that are written down, and names that look as if they were filled in. */
#include "advice.h"
#include "language.h"
#include "names.h"
#include "text.h"
#include "url.h"

#include <stdio.h>
#include <string.h>

/* --- secrets ------------------------------------------------------------------------------------------------ */

static bool ends_with(const char *text, size_t len, const char *end)
{
    size_t tail = strlen(end);
    return len >= tail && strncasecmp(text + len - tail, end, tail) == 0;
}

static bool is_secret_name(const char *name, size_t len)
{
    static const char *const ends[] = {"secret",  "password",    "passwd",       "api_key",       "apikey",
                                       "api-key", "private_key", "access_token", "refresh_token", "bearer"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(name, len, ends[i]))
            return true;
    return false;
}

/* Long, of one piece, and of capitals, small letters and digits in no order that a word has. */
static bool looks_random(const char *value, size_t len)
{
    size_t upper = 0, lower = 0, digits = 0;
    for (const char *c = value; c < value + len; c++) {
        upper += *c >= 'A' && *c <= 'Z';
        lower += *c >= 'a' && *c <= 'z';
        digits += *c >= '0' && *c <= '9';
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-~", *c))
            return false;
    }
    return len >= 24 && digits >= 4 && lower >= 4 && upper >= 4;
}

/* "Basic QWxhZGRpbg==" and "Bearer abc": what stands behind the scheme. */
static bool is_credential(const char *value)
{
    static const char *const schemes[] = {"Basic ", "Bearer "};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (fob_starts_with(value, schemes[i]) && strlen(value) >= strlen(schemes[i]) + 8)
            return true;
    return false;
}

static bool is_secret(const char *name, const char *value)
{
    return (is_secret_name(name, strlen(name)) && strlen(value) >= 8) || looks_random(value, strlen(value)) ||
           is_credential(value);
}

static void check_params(const struct fob_advice *advice, const struct fob_yaml *map)
{
    for (const struct fob_yaml *node = map && map->kind == FOB_YAML_MAP ? map->children : NULL; node;
         node = node->next)
        if (node->kind == FOB_YAML_TEXT && !strchr(node->text, '{') && is_secret(node->key, node->text))
            fob_advise_at(advice, node, "make it a variable with secret: true, and put its {name} here",
                          "the value of \"%s\" looks like a secret, which everybody who has this file knows",
                          node->key);
}

static bool is_secret_in_url(const char *name, size_t len, const char *value, size_t value_len)
{
    static const char *const short_names[] = {"key", "token"};
    bool is_short = false;
    for (size_t i = 0; i < sizeof short_names / sizeof *short_names; i++)
        is_short = is_short || (len == strlen(short_names[i]) && ends_with(name, len, short_names[i]));
    return value_len &&
           (is_secret_name(name, len) || (is_short && value_len >= 8) || looks_random(value, value_len));
}

static void check_url(const struct fob_advice *advice, const struct fob_yaml *url, void *user)
{
    (void)user;
    const char *rest = url->text, *name;
    size_t len;
    while ((name = fob_url_next_param(&rest, &len))) {
        const char *value = name + len + (name[len] == '=');
        size_t value_len = strcspn(value, "&#");
        if (!memchr(value, '{', value_len) && is_secret_in_url(name, len, value, value_len))
            fob_advise_at(advice, url, "send it in params, as a variable with secret: true",
                          "\"%.*s\" in the URL looks like a secret, which everybody who has this file knows",
                          (int)len, name);
    }
}

/* Notes are for people, and everybody who has the file reads them. */
static void check_note(const struct fob_advice *advice, const struct fob_yaml *node, const char *name)
{
    if (node->kind == FOB_YAML_TEXT && !strchr(node->text, ' ') && is_secret(name, node->text))
        fob_advise_at(advice, node, "remove it: a client's secret goes into clients.yaml",
                      "the note \"%s\" looks like a secret, which everybody who has this file knows", name);
    for (const struct fob_yaml *child = node->children; child; child = child->next)
        check_note(advice, child, child->key ? child->key : name);
}

/* In a block a key that begins with x- is a note; in a map it is what it says. */
static void check_notes(const struct fob_advice *advice, const struct fob_table *table,
                        const struct fob_yaml *block)
{
    for (const struct fob_yaml *node = block->kind == FOB_YAML_MAP ? block->children : NULL; node;
         node = node->next) {
        const struct fob_field *field = fob_fields_find(table, node->key);
        if (fob_starts_with(node->key, "x-"))
            check_note(advice, node, node->key);
        else if (field && field->kind == FOB_FIELD_BLOCK)
            check_notes(advice, field->table, node);
        else if (field && (field->kind == FOB_FIELD_BLOCKS || field->kind == FOB_FIELD_ITEMS))
            for (const struct fob_yaml *item = node->children; item; item = item->next)
                check_notes(advice, field->table, item);
    }
}

/* --- names as other tools write them ------------------------------------------------------------------------ */

static bool is_name(const struct fob_advice *advice, const char *text, size_t len)
{
    return len && (fob_descriptor_variable(advice->d, text, len) || fob_name_find(text, len));
}

/* ${name}, {{name}}, <name> and $name; NULL: none. The length is that of the whole. */
static const char *find_foreign(const struct fob_advice *advice, const char *text, size_t *ret_len)
{
    static const struct {
        const char *open, *close;
    } ways[] = {{"${", "}"}, {"{{", "}}"}, {"<", ">"}, {"$", ""}};
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";
    for (const char *at = text; *at; at++) {
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
            size_t open = strlen(ways[i].open), len = 0;
            if (!fob_starts_with(at, ways[i].open))
                continue;
            len = strspn(at + open, letters);
            *ret_len = open + len + strlen(ways[i].close);
            if (fob_starts_with(at + open + len, ways[i].close) && is_name(advice, at + open, len))
                return at;
        }
    }
    return NULL;
}

static void check_text(const struct fob_advice *advice, const struct fob_yaml *node)
{
    size_t len = 0;
    const char *found = node->kind == FOB_YAML_TEXT ? find_foreign(advice, node->text, &len) : NULL;
    if (found)
        fob_advise_at(advice, node,
                      "write {name}: what stands in single braces, and nothing else, is filled in",
                      "%.*s looks like a name that is to be filled in, and is not sent so", (int)len, found);
}

static void check_url_text(const struct fob_advice *advice, const struct fob_yaml *url, void *user)
{
    (void)user;
    check_text(advice, url);
}

static void check_texts(const struct fob_advice *advice, const struct fob_yaml *map)
{
    for (const struct fob_yaml *node = map && map->kind == FOB_YAML_MAP ? map->children : NULL; node;
         node = node->next)
        check_text(advice, node);
}

/* --- all of them -------------------------------------------------------------------------------------------- */

static void check_block(const struct fob_advice *advice, const struct fob_yaml *block)
{
    static const char *const maps[] = {"params", "headers"};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        check_params(advice, fob_yaml_get(block, maps[i]));
        check_texts(advice, fob_yaml_get(block, maps[i]));
    }
}

void fob_advise_literals(const struct fob_advice *advice)
{
    struct fob_advice_request requests[FOB_MAX_ADVICE_REQUESTS];
    size_t n = fob_advice_requests(advice, requests);
    check_block(advice, fob_yaml_get(advice->root, "authorize"));
    check_block(advice, fob_yaml_get(advice->root, "use"));
    for (size_t i = 0; i < n; i++)
        check_block(advice, requests[i].node);
    fob_advice_each_url(advice, check_url, NULL);
    fob_advice_each_url(advice, check_url_text, NULL);
    check_notes(advice, &fob_language, advice->root);
}
