/* SPDX-License-Identifier: MIT */
/* What was probably meant by a word that the language does not have. */
#include "meant.h"
#include "text.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

/* --- how near two words are --------------------------------------------------------------------------------- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many characters have to be changed, put in, left out or swapped; long words are not worth the work. */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][FOB_MAX_ID + 1] = {{0}};
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    size_t len = strlen(b);
    if (len > FOB_MAX_ID || strlen(a) > FOB_MAX_ID)
        return FOB_MAX_ID;
    for (size_t j = 0; j <= len; j++)
        row[j] = (unsigned)j;
    for (size_t i = 0; a[i]; i++) {
        unsigned *oldest = before;
        before = above;
        above = row;
        row = oldest;
        row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < len; j++) {
            row[j + 1] = least(above[j] + (a[i] != b[j]), least(above[j + 1], row[j]) + 1);
            if (i && j && a[i] == b[j - 1] && a[i - 1] == b[j])
                row[j + 1] = least(row[j + 1], before[j - 1] + 1);
        }
    }
    return row[len];
}

/* A typing error changes little of a word: one letter of four, two of six. */
static unsigned allowed(const char *word)
{
    size_t len = (strlen(word) + 1) / 3;
    return len < 1 ? 1 : len > 3 ? 3 : (unsigned)len;
}

/* The next letter or digit, in small, without what joins words. */
static char next_letter(const char **at)
{
    while (**at == '_' || **at == '-' || **at == ' ' || **at == '.')
        (*at)++;
    char c = **at;
    *at += c != '\0';
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* token_url, tokenUrl and Token-URL are one word. */
static bool same_word(const char *a, const char *b)
{
    char c;
    while ((c = next_letter(&a)) == next_letter(&b))
        if (!c)
            return true;
    return false;
}

/* --- keys of this table ------------------------------------------------------------------------------------- */

static const char *spelled_otherwise(const struct fob_table *table, const char *key)
{
    const char *found = NULL;
    for (size_t i = 0; i < table->n_fields && !found; i++) {
        const struct fob_field *field = &table->fields[i];
        if (field->kind == FOB_FIELD_INCLUDE)
            found = spelled_otherwise(field->table, key);
        else if (same_word(field->key, key))
            found = field->key;
    }
    return found;
}

static const char *nearest(const struct fob_table *table, const char *key, unsigned *best)
{
    const char *found = NULL;
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        unsigned before = *best;
        const char *candidate = field->key;
        if (field->kind == FOB_FIELD_INCLUDE)
            candidate = nearest(field->table, key, best);
        else
            *best = least(*best, distance(key, candidate));
        found = *best < before ? candidate : found;
    }
    return found;
}

/* --- keys of other blocks ----------------------------------------------------------------------------------- */

#define MAX_PATH 128

/* Where the language has the key: "authorize", "token.response"; false: nowhere. What is only for tests counts not. */
static bool find_block(const struct fob_table *table, const char *key, const char *path, char *ret)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        if (field->kind == FOB_FIELD_INCLUDE ? find_block(field->table, key, path, ret)
                                             : strcmp(field->key, key) == 0) {
            if (field->kind != FOB_FIELD_INCLUDE)
                snprintf(ret, MAX_PATH, "%s", path);
            return true;
        }
    }
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        char inner[MAX_PATH];
        if (!field->table || field->kind == FOB_FIELD_INCLUDE || field->kind == FOB_FIELD_ITEMS ||
            strcmp(field->key, "tests") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s%s%s%s", path, *path ? "." : "", field->key,
                 field->kind == FOB_FIELD_BLOCKS ? ".NAME" : "");
        if (find_block(field->table, key, inner, ret))
            return true;
    }
    return false;
}

/* --- words of other tools ----------------------------------------------------------------------------------- */

static bool says_word(const struct fob_table *whole, const struct fob_table *table, const char *key,
                      char *fix, size_t size)
{
    const struct fob_word *word = whole && whole->words ? whole->words : &(struct fob_word){NULL, NULL};
    while (word->word && !same_word(word->word, key))
        word++;
    if (!word->word)
        return false;
    if (strchr(word->means, ' '))
        snprintf(fix, size, "%s", word->means);
    else if (fob_fields_find(table, word->means) || strchr(word->means, '.'))
        snprintf(fix, size, "fob calls it \"%s\"", word->means);
    else if (fob_fields_find(whole, word->means))
        snprintf(fix, size, "fob calls it \"%s\", at the top of the file", word->means);
    else
        return false;
    return true;
}

void fob_meant_key(const struct fob_table *whole, const struct fob_table *table, const char *key, char *fix,
                   size_t size)
{
    char path[MAX_PATH] = "";
    const char *meant = spelled_otherwise(table, key);
    unsigned best = meant ? 0 : allowed(key) + 1;
    if (!meant && says_word(whole, table, key, fix, size))
        return;
    if (!meant)
        meant = nearest(table, key, &best);
    bool elsewhere = whole && best > 1 && find_block(whole, key, "", path);
    if (elsewhere && *path)
        snprintf(fix, size, "it is a key of \"%s\"", path);
    else if (elsewhere)
        snprintf(fix, size, "it belongs to the top of the file");
    else if (meant)
        snprintf(fix, size, "did you mean \"%s\"? (x- before a key makes it a note)", meant);
    else
        snprintf(fix, size, "remove it, or put x- before it to keep it as a note");
}

/* --- words of a choice -------------------------------------------------------------------------------------- */

static bool contains(const char *text, const char *word)
{
    for (; *text; text++)
        if (strncasecmp(text, word, strlen(word)) == 0)
            return true;
    return false;
}

static const struct fob_choice *find_word(const struct fob_choice *choice, const char *word)
{
    while (choice->word && strcmp(choice->word, word) != 0)
        choice++;
    return choice->word ? choice : NULL;
}

/* Where there is a "none", false is none, and true the first that is not. */
static const struct fob_choice *for_truth(const struct fob_choice *choice, bool truth)
{
    const struct fob_choice *none = find_word(choice, "none");
    if (!none || !truth)
        return none;
    return choice == none ? choice + 1 : choice;
}

/* "basic" stands in client_secret_basic, form in x-www-form-urlencoded, "s" begins "seconds". */
static bool has_part(const char *word, const char *text)
{
    const size_t enough = 3;
    if (strlen(text) >= enough && contains(word, text))
        return true;
    return strlen(word) >= enough ? contains(text, word) : strncasecmp(text, word, strlen(word)) == 0;
}

static const struct fob_choice *nearest_choice(const struct fob_choice *choice, const char *text)
{
    const struct fob_choice *found = NULL;
    unsigned best = allowed(text) + 1;
    for (; choice->word; choice++) {
        unsigned far = distance(choice->word, text);
        found = far < best ? choice : found;
        best = least(best, far);
    }
    return found;
}

const struct fob_choice *fob_meant_choice(const struct fob_choice *choices, const struct fob_yaml *node)
{
    const struct fob_choice *found = NULL;
    if (node->kind == FOB_YAML_BOOL)
        return for_truth(choices, node->number != 0);
    if (node->kind != FOB_YAML_TEXT || !*node->text)
        return NULL;
    for (const struct fob_choice *choice = choices; choice->word; choice++)
        if (same_word(choice->word, node->text))
            return choice;
    for (const struct fob_choice *choice = choices; choice->word; choice++)
        if (has_part(choice->word, node->text) && (!found || strlen(choice->word) < strlen(found->word)))
            found = choice;
    return found ? found : nearest_choice(choices, node->text);
}
