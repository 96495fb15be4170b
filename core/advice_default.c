/* SPDX-License-Identifier: MIT */
/* A reviewer's advice: keys that say what holds anyway. */
#include "advice.h"
#include "language.h"

#include <string.h>

/* A GET is what a request to the API is anyway, a POST every other; and a DELETE has no body unless it says so. */
static bool is_usual_method(const struct fob_yaml *node, bool is_api)
{
    return strcmp(node->text, is_api ? "GET" : "POST") == 0;
}

static bool means_something(const struct fob_yaml *block, const struct fob_yaml *node)
{
    const struct fob_yaml *method = fob_yaml_get(block, "method");
    return strcmp(node->key, "encoding") == 0 && method && method->kind == FOB_YAML_TEXT &&
           strcmp(method->text, "DELETE") == 0;
}

static void check_key(const struct fob_advice *advice, const struct fob_field *field,
                      const struct fob_yaml *block, const struct fob_yaml *node, bool is_api)
{
    bool is_method = strcmp(field->key, "method") == 0;
    bool is_usual = is_method
                        ? is_usual_method(node, is_api)
                        : field->fallback && *field->fallback && strcmp(node->text, field->fallback) == 0;
    if (is_usual && !means_something(block, node))
        fob_advise_at(advice, node, "remove it: a file says what is otherwise than usual",
                      "\"%s\" is \"%s\" anyway", node->key, node->text);
}

/* base: the block that this one starts as a copy of, or NULL: what stands there is not the default here. */
static void check_block(const struct fob_advice *advice, const struct fob_table *table,
                        const struct fob_yaml *block, const struct fob_yaml *base, bool is_api)
{
    for (const struct fob_yaml *node = block && block->kind == FOB_YAML_MAP ? block->children : NULL; node;
         node = node->next) {
        const struct fob_field *field = fob_fields_find(table, node->key);
        const struct fob_yaml *same = fob_yaml_get(base, node->key);
        if (field && field->kind == FOB_FIELD_BLOCK)
            check_block(advice, field->table, node, same, is_api);
        else if (field && node->kind == FOB_YAML_TEXT && !same &&
                 (field->kind == FOB_FIELD_CHOICE || field->kind == FOB_FIELD_TEXT))
            check_key(advice, field, block, node, is_api);
    }
}

void fob_advise_defaults(const struct fob_advice *advice)
{
    static const struct {
        const char *key;
        const struct fob_table *table;
        bool is_copy, is_api;
    } blocks[] = {{"authorize", &fob_authorize_table, false, false},
                  {"callback", &fob_callback_table, false, false},
                  {"token", &fob_request_table, false, false},
                  {"client_credentials", &fob_request_table, true, false},
                  {"refresh", &fob_refresh_table, true, false},
                  {"revoke", &fob_revoke_table, false, false},
                  {"userinfo", &fob_request_table, false, true},
                  {"verify", &fob_request_table, false, true}};
    static const char *const others[] = {"scopes", "use"};
    const struct fob_yaml *root = advice->root, *steps = fob_yaml_get(root, "steps");
    if (advice->d->extends) /* the default may be what the other has not */
        return;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        check_block(advice, blocks[i].table, fob_yaml_get(root, blocks[i].key),
                    blocks[i].is_copy ? fob_yaml_get(root, "token") : NULL, blocks[i].is_api);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        check_block(advice, fob_fields_find(&fob_language, others[i])->table, fob_yaml_get(root, others[i]),
                    NULL, false);
    for (const struct fob_yaml *step = steps ? steps->children : NULL; step; step = step->next)
        check_block(advice, &fob_step_table, step, NULL, true);
}
