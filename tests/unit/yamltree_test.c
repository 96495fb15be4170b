/* SPDX-License-Identifier: MIT */
/* A tree keeps what it was given in memory of its own, however large, and may take in another tree. */
#include "yamltree.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A draft's text is only read. */
static struct fob_yaml draft_of(const char *text)
{
    return (struct fob_yaml){.kind = FOB_YAML_TEXT, .text = (char *)(uintptr_t)text, .len = strlen(text)};
}

static struct fob_yaml *map(void)
{
    struct fob_yaml draft = {.kind = FOB_YAML_MAP, .mark = {3, 1, NULL}};
    struct fob_yaml *root = fob_yaml_node(NULL, &draft, NULL);
    cr_assert_not_null(root);
    return root;
}

static struct fob_yaml *add(struct fob_yaml *root, const char *key, const char *text)
{
    struct fob_yaml named = draft_of(key), draft = draft_of(text);
    struct fob_yaml *node = fob_yaml_node(root, &draft, &named);
    cr_assert_not_null(node);
    node->next = root->children;
    root->children = node;
    return node;
}

Test(yamltree, a_node_is_a_copy)
{
    char key[] = "key", text[] = "text";
    struct fob_yaml *root = map();
    add(root, key, text);
    memset(key, 'x', 3);
    memset(text, 'x', 4);
    const struct fob_yaml *node = fob_yaml_get(root, "key");
    cr_assert_not_null(node);
    cr_expect_str_eq(node->text, "text");
    cr_expect_eq(root->mark.line, 3);
    cr_expect_null(fob_yaml_get(root, "xxx"));
    cr_expect_null(fob_yaml_get(NULL, "key"));
    fob_yaml_free(&root);
    cr_expect_null(root);
    fob_yaml_free(&root);
}

Test(yamltree, a_text_alone_is_a_tree)
{
    struct fob_yaml draft = draft_of("alone");
    struct fob_yaml *root = fob_yaml_node(NULL, &draft, NULL);
    cr_assert_not_null(root);
    cr_expect_str_eq(root->text, "alone");
    cr_expect_null(root->key);
    fob_yaml_free(&root);
}

Test(yamltree, many_and_large_nodes_keep_their_texts)
{
    enum { MANY = 3000, LARGE = 70000 };
    struct fob_yaml *root = map();
    char *large = malloc(LARGE + 1);
    cr_assert_not_null(large);
    memset(large, 'l', LARGE);
    large[LARGE] = '\0';
    for (int i = 0; i < MANY; i++) {
        char key[16], text[16];
        snprintf(key, sizeof key, "k%d", i);
        snprintf(text, sizeof text, "t%d", i);
        add(root, key, text);
        if (i == MANY / 2)
            add(root, "large", large);
    }
    cr_expect_str_eq(fob_yaml_get(root, "large")->text, large);
    cr_expect_str_eq(fob_yaml_get(root, "k0")->text, "t0");
    cr_expect_str_eq(fob_yaml_get(root, "k1501")->text, "t1501");
    cr_expect_str_eq(fob_yaml_get(root, "k2999")->text, "t2999");
    free(large);
    fob_yaml_free(&root);
}

Test(yamltree, adopted_nodes_outlive_their_tree)
{
    struct fob_yaml *root = map(), *other = map();
    struct fob_yaml *node = add(other, "key", "text");
    add(root, "own", "one");
    fob_yaml_adopt(root, &other);
    cr_expect_null(other);
    node->next = root->children;
    root->children = node;
    cr_expect_str_eq(fob_yaml_get(root, "key")->text, "text");
    cr_expect_str_eq(fob_yaml_get(root, "own")->text, "one");
    other = map();
    fob_yaml_adopt(root, &other); /* an empty one is nothing to keep */
    cr_expect_str_eq(fob_yaml_get(root, "key")->text, "text");
    fob_yaml_free(&root);
}
