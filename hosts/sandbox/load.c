/* SPDX-License-Identifier: MIT */
/* Descriptors from files: looked up, checked, and joined with what they extend. */
#include "load.h"

#include "document.h"
#include "text.h"
#include "tree.h"

#include <errno.h>
#include <fob/fob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_EXTENDS 4

/* --- finding ------------------------------------------------------------------------------------------------ */

struct search {
    const char *id;
    char *file;
};

static int compare(void *user, const char *id, const char *file)
{
    struct search *search = user;
    if (strcmp(id, search->id) != 0)
        return 0;
    search->file = text_copy(file);
    return 1;
}

static char *find_in_folders(const char *id, const char *provider_path)
{
    struct fob_options options = FOB_OPTIONS_INIT;
    struct fob_error error = FOB_ERROR_INIT;
    struct search search = {.id = id};
    fob_session *session = NULL;
    options.provider_path = provider_path;
    options.store_in_memory = 1;
    if (fob_open(&options, &session, &error) == FOB_OK)
        (void)fob_list_providers(session, compare, &search, &error);
    fob_close(&session);
    return search.file;
}

static bool is_id(const char *text)
{
    size_t len = strlen(text);
    return len && len <= FOB_MAX_ID && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* The file of a base: beside the one that extends it, or in the providers' folders. */
static char *find_base(const char *id, const char *beside, const char *provider_path)
{
    const char *slash = strrchr(beside, '/');
    char *file =
        slash ? text_printf("%.*s/%s.yaml", (int)(slash - beside), beside, id) : text_printf("%s.yaml", id);
    if (access(file, R_OK) == 0)
        return file;
    text_drop(&file);
    return find_in_folders(id, provider_path);
}

static char *find(const char *file_or_id, const char *provider_path)
{
    if (access(file_or_id, F_OK) == 0 || !is_id(file_or_id))
        return text_copy(file_or_id);
    char *file = find_in_folders(file_or_id, provider_path);
    if (!file)
        fprintf(stderr, "fob-sandbox: there is no file and no provider \"%s\"\n", file_or_id);
    return file;
}

/* --- reading ------------------------------------------------------------------------------------------------ */

static void report(void *user, const struct fob_problem *problem)
{
    (void)user;
    if (problem->severity != FOB_PROBLEM_ERROR)
        return;
    fprintf(stderr, "%s:%u:%u: error: %s\n", problem->file, problem->line, problem->column, problem->what);
    if (problem->fix && *problem->fix)
        fprintf(stderr, "  %s\n", problem->fix);
}

static char *read_file(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "rbe");
    char *text = file ? text_must(calloc(1, FOB_MAX_DESCRIPTOR + 2)) : NULL;
    if (!file) {
        fprintf(stderr, "fob-sandbox: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    *ret_len = fread(text, 1, FOB_MAX_DESCRIPTOR + 1, file);
    fclose(file);
    return text;
}

static bool is_good(const char *text, size_t len, const char *file)
{
    struct fob_error error;
    return fob_provider_lint(text, len, file, report, NULL, &error) == FOB_OK;
}

static json_t *read_tree(const char *file, char **ret_text, size_t *ret_len)
{
    const char *problem;
    *ret_text = read_file(file, ret_len);
    json_t *tree = *ret_text ? document_read(*ret_text, *ret_len, &problem) : NULL;
    if (*ret_text && !tree && is_good(*ret_text, *ret_len, file))
        fprintf(stderr, "%s: error: %s\n", file, problem);
    return tree;
}

/* Takes tree; NULL when a base is missing or the chain does not end. */
static json_t *extend(json_t *tree, const char *file, const char *provider_path, unsigned depth)
{
    const char *id = tree_text(tree, "extends");
    if (!id)
        return tree;
    size_t len;
    char *text = NULL, *base_file = depth < MAX_EXTENDS ? find_base(id, file, provider_path) : NULL;
    json_t *base = base_file ? read_tree(base_file, &text, &len) : NULL, *merged = NULL;
    if (depth == MAX_EXTENDS)
        fprintf(stderr, "%s: error: it extends more than four others, or itself\n", file);
    else if (!base_file)
        fprintf(stderr, "%s: error: \"%s\", which it extends, is not there\n", file, id);
    if (base)
        base = extend(base, base_file, provider_path, depth + 1);
    if (base) {
        json_object_del(base, "id");
        merged = tree_merge(base, tree);
        json_object_del(merged, "extends");
    }
    json_decref(base);
    json_decref(tree);
    text_drop(&base_file);
    text_drop(&text);
    return merged;
}

/* What a file that extends another says is only whole, and checked, together with the other. */
static bool is_good_merged(json_t *tree, const char *file)
{
    char *text = document_write(tree);
    bool good = is_good(text, strlen(text), file);
    if (!good)
        fprintf(stderr, "%s: joined with what it extends, it is not a good descriptor\n", file);
    text_drop(&text);
    return good;
}

json_t *load_descriptor(const char *file_or_id, const char *provider_path)
{
    size_t len = 0;
    char *text = NULL, *file = find(file_or_id, provider_path);
    json_t *tree = file ? read_tree(file, &text, &len) : NULL;
    bool extends = tree_text(tree, "extends") != NULL;
    if (tree && extends)
        tree = extend(tree, file, provider_path, 0);
    if (tree && !(extends ? is_good_merged(tree, file) : is_good(text, len, file))) {
        json_decref(tree);
        tree = NULL;
    }
    text_drop(&text);
    text_drop(&file);
    return tree;
}
