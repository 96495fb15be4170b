/* SPDX-License-Identifier: MIT */
/* A YAML tree and its memory: nodes, their texts and keys lie one behind the other in a few chunks. */
#include "yamltree.h"
#include "cleanup.h"
#include "text.h"

#include <sodium.h>
#include <string.h>

/* Most descriptors fit into one. */
#define CHUNK_SIZE 8192

struct chunk {
    struct chunk *next;
    size_t size, used;
    _Alignas(struct fob_yaml) char room[];
};

struct tree {
    struct fob_yaml root; /* first: a tree goes by its root */
    struct chunk *chunks; /* the one that is filled, then the full ones */
};

static struct tree *tree_of(struct fob_yaml *root)
{
    return (struct tree *)root;
}

/* Room in the tree; NULL when out of memory. */
static void *take(struct tree *tree, size_t size)
{
    struct chunk *chunk = tree->chunks;
    size = (size + _Alignof(struct fob_yaml) - 1) / _Alignof(struct fob_yaml) * _Alignof(struct fob_yaml);
    if (!chunk || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
        chunk = malloc(sizeof *chunk + room);
        if (!chunk)
            return NULL;
        *chunk = (struct chunk){.next = tree->chunks, .size = room};
        tree->chunks = chunk;
    }
    void *taken = chunk->room + chunk->used;
    chunk->used += size;
    return taken;
}

static bool fill(struct tree *tree, struct fob_yaml *node, const struct fob_yaml *draft,
                 const struct fob_yaml *key)
{
    size_t text_size = draft->text ? draft->len + 1 : 0, key_size = key ? key->len + 1 : 0;
    char *room = text_size + key_size ? take(tree, text_size + key_size) : NULL;
    if (text_size + key_size && !room)
        return false;
    *node = *draft;
    if (text_size)
        node->text = memcpy(room, draft->text, text_size);
    if (key_size) {
        node->key = memcpy(room + text_size, key->text, key_size);
        node->key_mark = key->mark;
    }
    return true;
}

struct fob_yaml *fob_yaml_node(struct fob_yaml *root, const struct fob_yaml *draft,
                               const struct fob_yaml *key)
{
    struct tree *tree = root ? tree_of(root) : calloc(1, sizeof *tree);
    struct fob_yaml *node = !tree ? NULL : root ? take(tree, sizeof *node) : &tree->root;
    if (node && fill(tree, node, draft, key))
        return node;
    if (!root)
        free(tree);
    return NULL;
}

void fob_yaml_adopt(struct fob_yaml *root, struct fob_yaml **other)
{
    struct chunk **end = &tree_of(root)->chunks;
    while (*end)
        end = &(*end)->next;
    *end = tree_of(*other)->chunks;
    free(tree_of(*other));
    *other = NULL;
}

void fob_yaml_free(struct fob_yaml **root)
{
    struct tree *tree = *root ? tree_of(*root) : NULL;
    for (struct chunk *chunk = tree ? tree->chunks : NULL, *next; chunk; chunk = next) {
        next = chunk->next;
        sodium_memzero(chunk->room, chunk->used);
        free(chunk);
    }
    free(tree);
    *root = NULL;
}

const struct fob_yaml *fob_yaml_get(const struct fob_yaml *map, const char *key)
{
    const struct fob_yaml *child = map ? map->children : NULL;
    while (child && !(child->key && fob_eq(child->key, key)))
        child = child->next;
    return child;
}

const char *fob_yaml_kind_word(enum fob_yaml_kind kind)
{
    static const char *const words[] = {
        [FOB_YAML_NULL] = "null",           [FOB_YAML_BOOL] = "true or false",
        [FOB_YAML_INT] = "a number",        [FOB_YAML_REAL] = "a number with a fraction",
        [FOB_YAML_TEXT] = "text",           [FOB_YAML_LIST] = "a list",
        [FOB_YAML_MAP] = "a block of keys",
    };
    return words[kind];
}
