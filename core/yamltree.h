/* SPDX-License-Identifier: MIT */
/* YAML held to a strict subset, read into a tree whose every node knows its line and column. libyaml does the parsing. */
#ifndef CORE_YAMLTREE_H
#define CORE_YAMLTREE_H

#include "descriptor.h"

#include <jansson.h>

enum fob_yaml_kind {
    FOB_YAML_NULL,
    FOB_YAML_BOOL,
    FOB_YAML_INT,
    FOB_YAML_REAL,
    FOB_YAML_TEXT,
    FOB_YAML_LIST,
    FOB_YAML_MAP
};

struct fob_yaml {
    enum fob_yaml_kind kind;
    struct fob_mark mark;
    char *text; /* of a scalar, as written; NULL for a list or map */
    size_t len;
    int64_t number; /* FOB_YAML_INT; FOB_YAML_BOOL: 0 or 1 */
    char *key;      /* when it stands in a map */
    struct fob_mark key_mark;
    struct fob_yaml *children, *next;
};

/*
 * Reads one document. Scalars mean what the core schema of YAML 1.2 (section 10.3) says, in its plainest spelling only:
 * null, true, false, decimal numbers. Refused: anchors, aliases, tags, merge keys, directives, keys that are no text or come
 * twice, values that are missing, a second document, bytes that are not UTF-8, control characters, U+2028, U+2029 and
 * U+FEFF (but one at the start), more than the limits of limits.h.
 * *ret_root is NULL for a text without any node. The caller frees it.
 * Errors: FOB_E_DESCRIPTOR with file, line and column, FOB_E_LIMIT likewise, FOB_E_MEMORY.
 */
fob_err fob_yaml_read(const char *text, size_t len, const char *file, struct fob_yaml **ret_root,
                      struct fob_error *error);

/*
 * The length of a text without its tail: the last of its outermost keys, as far as they are among keys (ended by NULL; one
 * that ends in "-" stands for all that begin so). What fob_yaml_read makes of the head is what it makes of the whole text
 * without those keys, or an error: then the text was cut inside of brackets or quotes.
 */
size_t fob_yaml_head(const char *text, size_t len, const char *const *keys);

/*
 * A node that is a copy of draft and, in a map, of its key; kept in the memory of the tree with that root, and the root of
 * a new tree when root is NULL. It is not yet among anyone's children. NULL when out of memory.
 */
struct fob_yaml *fob_yaml_node(struct fob_yaml *root, const struct fob_yaml *draft,
                               const struct fob_yaml *key);

/* The nodes below *other live as long as root from now on; *other itself ends, and is NULL then. */
void fob_yaml_adopt(struct fob_yaml *root, struct fob_yaml **other);

/* Wipes and frees the tree with that root, and sets *root to NULL. */
void fob_yaml_free(struct fob_yaml **root);

/* The child of a map with that key, or NULL; map may be NULL. */
const struct fob_yaml *fob_yaml_get(const struct fob_yaml *map, const char *key);

/* The node as JSON, of its own; NULL when out of memory. Real numbers become reals. */
json_t *fob_yaml_json(const struct fob_yaml *node);

/* "text", "a list" …: what a node is, for errors. */
const char *fob_yaml_kind_word(enum fob_yaml_kind kind);

#endif
