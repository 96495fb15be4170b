/* SPDX-License-Identifier: MIT */
/* Where a header or parameter comes from: what the descriptor says of it, and in which line. */
#include "story.h"

#include <stdlib.h>
#include <string.h>

/* The blocks that a request is made of, the nearest first. */
struct blocks {
    const char *v[3];
    size_t n;
};

static struct blocks blocks_of(const char *what)
{
    bool is_copy = strcmp(what, "refresh") == 0 || strcmp(what, "client_credentials") == 0;
    struct blocks blocks = {.v = {what}, .n = 1};
    if (is_copy)
        blocks.v[blocks.n++] = "token";
    return blocks;
}

/* "steps/site" and "params" and "a/b" as a pointer; the caller's. */
static char *pointer_of(const char *block, const char *map, const char *key)
{
    char *above = text_printf("/%s%s%s", block, *block ? "/" : "", map), *pointer = tree_child(above, key);
    free(above);
    return pointer;
}

static bool note(const struct subject *subject, json_t *one, char *pointer)
{
    json_t *said = tree_point(subject->descriptor, pointer);
    if (said) {
        struct place place = subject_place(subject, pointer);
        char *shown = tree_show(said);
        tree_set_text(one, "said", pointer);
        tree_set_text(one, "template", shown);
        tree_set_text(one, "file", place.file);
        tree_set(one, "line", json_integer(place.line));
        free(shown);
    }
    free(pointer);
    return said != NULL;
}

/* A standard parameter under the provider's name. */
static bool note_rename(const struct subject *subject, json_t *one, const char *block, const char *name)
{
    char *map = text_printf("/%s%srename", block, *block ? "/" : "");
    json_t *renames = tree_point(subject->descriptor, map), *renamed;
    const char *standard;
    bool found = false;
    json_object_foreach (renames, standard, renamed) {
        if (found || !same_text(json_string_value(renamed), name))
            continue;
        found = note(subject, one, pointer_of(block, "rename", standard));
        tree_set_text(one, "renamed", standard);
    }
    free(map);
    return found;
}

/* What a key of its own says. */
static bool note_authorize(const struct subject *subject, json_t *one, const char *name)
{
    static const struct {
        const char *param, *pointer;
    } keys[] = {{"response_mode", "/authorize/response_mode"},
                {"code_challenge_method", "/authorize/pkce"},
                {"nonce", "/authorize/nonce"},
                {"scope", "/scopes/default"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].param, name) == 0)
            return note(subject, one, text_copy(keys[i].pointer));
    return false;
}

static void note_one(const struct subject *subject, const struct blocks *blocks, json_t *one, const char *map)
{
    const char *name = tree_text(one, "name");
    bool found = false;
    for (size_t i = 0; i < blocks->n && !found; i++)
        found = note(subject, one, pointer_of(blocks->v[i], map, name));
    for (size_t i = 0; i < blocks->n && !found && strcmp(map, "params") == 0; i++)
        found = note_rename(subject, one, blocks->v[i], name);
    if (!found && strcmp(map, "params") == 0)
        found = note_rename(subject, one, "", name);
    if (!found && strcmp(blocks->v[0], "authorize") == 0)
        found = note_authorize(subject, one, name);
    if (!found)
        note(subject, one, pointer_of("use", map, name));
}

/* Where it goes: the block's own endpoint, the one it is a copy of, or the metadata's. */
static void note_endpoint(const struct subject *subject, const char *environment, const struct blocks *blocks,
                          json_t *step)
{
    static const struct {
        const char *block, *metadata;
    } standard[] = {{"authorize", "authorization_endpoint"},  {"token", "token_endpoint"},
                    {"client_credentials", "token_endpoint"}, {"refresh", "token_endpoint"},
                    {"userinfo", "userinfo_endpoint"},        {"verify", "userinfo_endpoint"},
                    {"revoke", "revocation_endpoint"}};
    json_t *endpoint = must(json_object());
    bool found = false;
    for (size_t i = 0; i < blocks->n && !found; i++)
        found = note(subject, endpoint, text_printf("/%s/endpoint", blocks->v[i]));
    for (size_t i = 0; i < sizeof standard / sizeof *standard && !found; i++) {
        if (strcmp(standard[i].block, blocks->v[0]) != 0)
            continue;
        if (environment)
            found = note(subject, endpoint,
                         text_printf("/environments/%s/%s", environment, standard[i].metadata));
        found = found || note(subject, endpoint, text_printf("/%s", standard[i].metadata));
    }
    tree_set(step, "endpoint", endpoint);
}

static void note_list(const struct subject *subject, const struct blocks *blocks, json_t *list,
                      const char *map)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        note_one(subject, blocks, one, map);
}

/* A field of the callback: kept, or held against something. */
static void note_callback(const struct subject *subject, json_t *step)
{
    json_t *one, *rule;
    const char *name;
    size_t i;
    json_array_foreach (json_object_get(step, "params"), i, one) {
        const char *field = tree_text(one, "name");
        if (note(subject, one, pointer_of("callback", "require", field)))
            tree_set_text(one, "required", tree_text(one, "template"));
        json_object_foreach (tree_at(subject->descriptor, "callback/keep"), name, rule) {
            const char *from = json_string_value(rule);
            from = from ? from : tree_text(rule, "from");
            if (same_text(from, field) && note(subject, one, pointer_of("callback", "keep", name)))
                tree_set_text(one, "kept", name);
        }
    }
}

void origin_note(const struct subject *subject, const char *environment, json_t *step)
{
    const char *what = tree_text(step, "what");
    struct blocks blocks = blocks_of(what);
    if (strcmp(what, "callback") == 0) {
        note_callback(subject, step);
    } else if (strcmp(what, "failed") != 0) {
        note_endpoint(subject, environment, &blocks, step);
        note_list(subject, &blocks, json_object_get(step, "params"), "params");
        note_list(subject, &blocks, json_object_get(step, "headers"), "headers");
    }
}
