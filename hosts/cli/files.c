/* SPDX-License-Identifier: MIT */
/* The files of descriptors that a command is about: those it was given, or the whole catalogue. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int no_memory(void)
{
    fputs("fob: out of memory\n", stderr);
    return EXIT_OTHER;
}

static int add(struct files *files, const char *path)
{
    char **v = realloc(files->v, (files->n + 1) * sizeof *v);
    if (!v)
        return no_memory();
    files->v = v;
    files->v[files->n] = strdup(path);
    if (!files->v[files->n])
        return no_memory();
    files->n++;
    return EXIT_OK;
}

void files_free(struct files *files)
{
    for (size_t i = 0; i < files->n; i++)
        free(files->v[i]);
    free(files->v);
    *files = (struct files){0};
}

int files_of_words(const struct words *words, struct files *ret)
{
    int result = EXIT_OK;
    for (size_t i = 0; i < words->n && result == EXIT_OK; i++)
        result = add(ret, words->v[i]);
    return result;
}

struct listing {
    struct files *files;
    int result;
};

/* What is inside a plugin has no file of its own. */
static int add_found(void *user, const char *id, const char *file)
{
    struct listing *listing = user;
    size_t len = strlen(file);
    (void)id;
    if (len > 5 && strcmp(file + len - 5, ".yaml") == 0)
        listing->result = add(listing->files, file);
    return listing->result != EXIT_OK;
}

int files_of_all(fob_session *session, struct files *ret)
{
    struct listing listing = {.files = ret};
    struct fob_error error = FOB_ERROR_INIT;
    return fob_list_providers(session, add_found, &listing, &error) == FOB_OK ? listing.result : fail(&error);
}

/* --- one, by file or id ------------------------------------------------------------------------------------- */

struct search {
    const char *id;
    char *file;
    bool is_plugin;
};

static int compare(void *user, const char *id, const char *file)
{
    struct search *search = user;
    size_t len = strlen(file);
    if (strcmp(id, search->id) != 0)
        return 0;
    search->is_plugin = len > 3 && strcmp(file + len - 3, ".so") == 0;
    search->file = strdup(file);
    return 1;
}

static bool is_path(const char *word)
{
    return strchr(word, '/') || strchr(word, '.');
}

int file_of_word(fob_session *session, const char *word, char **ret_path)
{
    struct search search = {.id = word};
    struct fob_error error = FOB_ERROR_INIT;
    if (is_path(word)) {
        *ret_path = strdup(word);
        return *ret_path ? EXIT_OK : no_memory();
    }
    if (fob_list_providers(session, compare, &search, &error) != FOB_OK)
        return fail(&error);
    if (!search.file) {
        fprintf(stderr, "fob: there is no provider \"%s\"\n  see `fob providers`, or name a file\n", word);
        return EXIT_CONFIG;
    }
    if (search.is_plugin) {
        fprintf(stderr, "fob: the descriptor of \"%s\" is inside its plugin, and cannot be looked at\n",
                word);
        free(search.file);
        return EXIT_CONFIG;
    }
    *ret_path = search.file;
    return EXIT_OK;
}

/* One byte more than allowed is read, so that the library itself tells what is too long. */
int read_descriptor(const char *path, char **ret_text, size_t *ret_len)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return usage(NULL, "%s cannot be opened: %s", path, strerror(errno));
    char *text = malloc(FOB_MAX_DESCRIPTOR + 1);
    size_t len = text ? fread(text, 1, FOB_MAX_DESCRIPTOR + 1, file) : 0;
    int broken = ferror(file);
    fclose(file);
    if (text && !broken) {
        *ret_text = text;
        *ret_len = len;
        return EXIT_OK;
    }
    free(text);
    return broken ? usage(NULL, "%s cannot be read", path) : no_memory();
}
