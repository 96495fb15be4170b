/* SPDX-License-Identifier: MIT */
/* An ordered list of name and value that owns its strings and wipes them. */
#include "pairs.h"
#include "text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

typedef bool same_fn(const char *, const char *);

static bool same_exactly(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* Name and value stand in one block. The strings are our own: const in the struct only because others may read them. */
static bool make(struct fob_pair *ret, const char *name, const char *value)
{
    size_t name_size = strlen(name) + 1, value_size = strlen(value) + 1;
    char *block = malloc(name_size + value_size);
    if (!block)
        return false;
    memcpy(block, name, name_size);
    memcpy(block + name_size, value, value_size);
    *ret = (struct fob_pair){block, block + name_size};
    return true;
}

static void wipe(struct fob_pair *pair)
{
    union {
        const char *as_shown;
        void *as_owned;
    } block = {.as_shown = pair->name};
    sodium_memzero(block.as_owned, (size_t)(pair->value - pair->name) + strlen(pair->value));
    free(block.as_owned);
}

static size_t find(const struct fob_pair *v, size_t n, const char *name, same_fn *same)
{
    size_t i = 0;
    while (i < n && !same(v[i].name, name))
        i++;
    return i;
}

static void remove_at(struct fob_pairs *pairs, size_t i)
{
    wipe(&pairs->v[i]);
    pairs->n--;
    memmove(&pairs->v[i], &pairs->v[i + 1], (pairs->n - i) * sizeof pairs->v[0]);
}

static bool grow(struct fob_pairs *pairs)
{
    if (pairs->n < pairs->cap)
        return true;
    size_t cap = pairs->cap ? pairs->cap * 2 : 8;
    struct fob_pair *v = realloc(pairs->v, cap * sizeof *v);
    if (!v)
        return false;
    pairs->v = v;
    pairs->cap = cap;
    return true;
}

static void set(struct fob_pairs *pairs, const char *name, const char *value, same_fn *same)
{
    if (pairs->failed != FOB_OK)
        return;
    size_t i = find(pairs->v, pairs->n, name, same);
    if (!value) {
        if (i < pairs->n)
            remove_at(pairs, i);
        return;
    }
    struct fob_pair pair;
    if ((i == pairs->n && !grow(pairs)) || !make(&pair, i < pairs->n ? pairs->v[i].name : name, value)) {
        pairs->failed = FOB_E_MEMORY;
        return;
    }
    if (i < pairs->n)
        wipe(&pairs->v[i]);
    else
        pairs->n++;
    pairs->v[i] = pair;
}

void fob_pairs_set(struct fob_pairs *pairs, const char *name, const char *value)
{
    set(pairs, name, value, same_exactly);
}

void fob_pairs_set_field(struct fob_pairs *pairs, const char *name, const char *value)
{
    set(pairs, name, value, fob_ascii_ieq);
}

/* What keeps the name that v[*at] has been given now goes; *at follows its own. */
static void make_way(struct fob_pairs *pairs, size_t *at, fob_new_name_fn *new_name, const void *user)
{
    const char *taken = pairs->v[*at].name;
    for (size_t i = 0; i < pairs->n; i++) {
        if (i == *at || strcmp(pairs->v[i].name, taken) != 0 || strcmp(new_name(user, taken), taken) != 0)
            continue;
        remove_at(pairs, i);
        *at -= i < *at;
        return;
    }
}

void fob_pairs_rename(struct fob_pairs *pairs, fob_new_name_fn *new_name, const void *user)
{
    for (size_t i = 0; i < pairs->n && pairs->failed == FOB_OK; i++) {
        const char *to = new_name(user, pairs->v[i].name);
        struct fob_pair pair;
        if (strcmp(pairs->v[i].name, to) == 0)
            continue;
        if (!make(&pair, to, pairs->v[i].value)) {
            pairs->failed = FOB_E_MEMORY;
            return;
        }
        wipe(&pairs->v[i]);
        pairs->v[i] = pair;
        make_way(pairs, &i, new_name, user);
    }
}

const char *fob_pairs_get(const struct fob_pairs *pairs, const char *name)
{
    size_t i = find(pairs->v, pairs->n, name, same_exactly);
    return i < pairs->n ? pairs->v[i].value : NULL;
}

const char *fob_pairs_get_field(const struct fob_pair *v, size_t n, const char *name)
{
    size_t i = find(v, n, name, fob_ascii_ieq);
    return i < n ? v[i].value : NULL;
}

void fob_pairs_free(struct fob_pairs *pairs)
{
    while (pairs->n)
        remove_at(pairs, pairs->n - 1);
    free(pairs->v);
    *pairs = (struct fob_pairs){0};
}
