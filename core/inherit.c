/* SPDX-License-Identifier: MIT */
/* `extends`: putting the trees of descriptors on top of each other. */
#include "inherit.h"
#include "cleanup.h"
#include "error.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

void fob_bases_free(struct fob_bases *bases)
{
    for (size_t i = 0; i < bases->n; i++)
        free(bases->files[i]);
    bases->n = 0;
}

static struct fob_yaml **place_of(struct fob_yaml *map, const char *key)
{
    struct fob_yaml **at = &map->children;
    while (*at && strcmp((*at)->key, key) != 0)
        at = &(*at)->next;
    return at;
}

static void drop(struct fob_yaml *map, const char *key)
{
    struct fob_yaml **at = place_of(map, key);
    if (*at)
        *at = (*at)->next;
}

/* Moves every child of over into base, over what is there; over is empty then. */
static void merge(struct fob_yaml *base, struct fob_yaml *over)
{
    while (over->children) {
        struct fob_yaml *node = over->children;
        over->children = node->next;
        struct fob_yaml **at = place_of(base, node->key);
        if (*at && (*at)->kind == FOB_YAML_MAP && node->kind == FOB_YAML_MAP) {
            merge(*at, node);
        } else {
            node->next = *at ? (*at)->next : NULL;
            *at = node;
        }
    }
    base->mark = over->mark;
}

static void stamp(struct fob_yaml *node, const char *file)
{
    for (; node; node = node->next) {
        node->mark.file = node->key_mark.file = file;
        stamp(node->children, file);
    }
}

static void tell(struct fob_problems *problems, struct fob_mark at, const struct fob_error *error)
{
    fob_problem(problems, FOB_PROBLEM_ERROR, at, error->fix, "what it extends cannot be read: %s",
                error->what);
}

/* The tree of one base, its marks pointing into its own file; NULL when something is wrong, which was told. */
static struct fob_yaml *read_base(struct fob_bases *bases, const struct fob_yaml *extends,
                                  struct fob_problems *problems)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_DESCRIPTOR);
    struct fob_yaml *root = NULL;
    struct fob_error error;
    char *file = NULL;
    if (bases->find(bases->user, extends->text, &text, &file, &error) != FOB_OK) {
        tell(problems, extends->mark, &error);
        return NULL;
    }
    bases->files[bases->n++] = file;
    if (fob_yaml_read(text.data, text.len, file, &root, &error) != FOB_OK) {
        fob_problems_end(problems, &error);
        return NULL;
    }
    if (!root || root->kind != FOB_YAML_MAP) {
        fob_problem(problems, FOB_PROBLEM_ERROR, extends->mark, "mend it, or extend another one",
                    "\"%s\", which it extends, is no block of keys", extends->text);
        fob_yaml_free(&root);
        return NULL;
    }
    stamp(root, file);
    return root;
}

static bool is_good(const struct fob_yaml *extends)
{
    return extends && extends->kind == FOB_YAML_TEXT && fob_is_id(extends->text, FOB_MAX_ID);
}

void fob_inherit(struct fob_yaml **root, struct fob_bases *bases, struct fob_problems *problems)
{
    static const char *const own[] = {"id", "name", "sources", "tests"};
    const struct fob_yaml *extends = fob_yaml_get(*root, "extends");
    char seen[FOB_MAX_EXTENDS][FOB_MAX_ID + 1];
    while (bases->find && is_good(extends)) {
        for (size_t i = 0; i < bases->n; i++) {
            if (strcmp(seen[i], extends->text) == 0) {
                fob_problem(problems, FOB_PROBLEM_ERROR, extends->mark, "let one of them extend nothing",
                            "\"%s\" extends itself, by way of others", extends->text);
                return;
            }
        }
        if (bases->n == FOB_MAX_EXTENDS) {
            fob_problem(problems, FOB_PROBLEM_ERROR, extends->mark, "extend the first of them",
                        "more than %d descriptors are extended, one behind the other", FOB_MAX_EXTENDS);
            return;
        }
        snprintf(seen[bases->n], sizeof seen[0], "%s", extends->text);
        struct fob_yaml *base = read_base(bases, extends, problems);
        if (!base)
            return;
        extends = fob_yaml_get(base, "extends");
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            drop(base, own[i]);
        merge(base, *root);
        fob_yaml_adopt(base, root);
        *root = base;
    }
}
