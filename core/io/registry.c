/* SPDX-License-Identifier: MIT */
/* The catalogue: one file looked up by its name, never a folder read for it. */
#include "registry.h"
#include "../cleanup.h"
#include "../describe.h"
#include "../error.h"
#include "../inherit.h"
#include "../jwt.h"
#include "../text.h"
#include "trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define JOSE "jose-cjose"

static fob_err unknown(const struct fob_paths *paths, const char *id, struct fob_error *error)
{
    char fix[256];
    snprintf(fix, sizeof fix, "see `fob providers` for those there are, or put %.64s.yaml into %.120s", id,
             paths->providers.n ? paths->providers.v[0] : "the providers folder");
    return fob_fail(error, FOB_E_NOT_FOUND, fix, "there is no provider \"%.64s\"", id);
}

/* --- one provider ------------------------------------------------------------------------------------------- */

static fob_err attach(const struct fob_paths *paths, fob_provider *provider, struct fob_error *error)
{
    const struct fob_plugin_object *object = NULL;
    if (!provider->d.plugin)
        return FOB_OK;
    fob_err err = fob_plugin_load(paths, provider->d.plugin, &object, error);
    if (err == FOB_E_NOT_FOUND) {
        fob_fail(error, FOB_E_PLUGIN, "put it into one of the plugin folders",
                 "the plugin \"%s\" that the descriptor names is not installed", provider->d.plugin);
        return fob_fail_at(error, FOB_E_PLUGIN, provider->file, 0, 0);
    }
    if (err == FOB_OK && object->plugin.role != FOB_ROLE_PROVIDER) {
        fob_fail(error, FOB_E_PLUGIN, "name a provider plugin", "the plugin \"%s\" is not one for providers",
                 provider->d.plugin);
        return fob_fail_at(error, FOB_E_PLUGIN, provider->file, 0, 0);
    }
    provider->plugin = object;
    return err;
}

fob_err fob_registry_attach_jose(const struct fob_paths *paths, fob_provider *provider,
                                 struct fob_error *error)
{
    const struct fob_plugin_object *object = NULL;
    fob_err err = provider->jose ? FOB_OK : fob_plugin_load_role(paths, JOSE, FOB_ROLE_JOSE, &object, error);
    if (err == FOB_OK && object)
        provider->jose = &object->jose;
    return err == FOB_E_NOT_FOUND ? FOB_OK : err;
}

/* For the few that need it. */
static fob_err attach_jose(const struct fob_paths *paths, fob_provider *provider, struct fob_error *error)
{
    return fob_jwt_needs_key(&provider->d) ? fob_registry_attach_jose(paths, provider, error) : FOB_OK;
}

/* The text of a descriptor by its id, for one that extends it: from the same folders, in the same order. */
static fob_err find_base(void *user, const char *id, struct fob_buf *out, char **ret_file,
                         struct fob_error *error)
{
    const struct fob_paths *paths = user;
    for (size_t i = 0; i < paths->providers.n; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s.yaml", paths->providers.v[i], id) < 0)
            return fob_no_memory(error);
        fob_err err = fob_trust_read(path, FOB_TRUST_READABLE, out, error);
        if (err == FOB_OK && out->len) {
            *ret_file = path;
            return FOB_OK;
        }
        free(path);
        if (err != FOB_E_NOT_FOUND)
            return err == FOB_OK ? unknown(paths, id, error) : err;
    }
    return unknown(paths, id, error);
}

static struct fob_bases bases_in(const struct fob_paths *paths)
{
    union {
        const struct fob_paths *as_given;
        void *as_user;
    } user = {.as_given = paths};
    return (struct fob_bases){.find = find_base, .user = user.as_user};
}

fob_err fob_registry_lint(const struct fob_paths *paths, const char *text, size_t len, const char *file,
                          fob_problem_fn *report, void *user, struct fob_error *error)
{
    struct fob_bases bases = bases_in(paths);
    fob_err err = fob_provider_check(text, len, file, &bases, report, user, error);
    fob_bases_free(&bases);
    return err;
}

fob_err fob_registry_describe(const struct fob_paths *paths, const char *text, size_t len, const char *file,
                              char **ret_json, struct fob_error *error)
{
    struct fob_bases bases = bases_in(paths);
    fob_err err = fob_describe(text, len, file, &bases, ret_json, error);
    fob_bases_free(&bases);
    return err;
}

fob_err fob_registry_read(const struct fob_paths *paths, const char *text, size_t len, const char *file,
                          fob_provider **ret_provider, struct fob_error *error)
{
    fob_auto_provider *provider = NULL;
    struct fob_bases bases = bases_in(paths);
    fob_err err = fob_provider_read(text, len, file, &bases, &provider, error);
    fob_bases_free(&bases);
    if (err == FOB_OK)
        err = attach(paths, provider, error);
    if (err == FOB_OK)
        err = attach_jose(paths, provider, error);
    if (err == FOB_OK)
        *ret_provider = fob_steal(&provider);
    return err;
}

/* *ret_masked: the file is there but empty, which hides the id. */
static fob_err from_file(const struct fob_paths *paths, const char *path, fob_provider **ret_provider,
                         bool *ret_masked, struct fob_error *error)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_DESCRIPTOR);
    fob_err err = fob_trust_read(path, FOB_TRUST_READABLE, &text, error);
    if (err != FOB_OK)
        return err;
    *ret_masked = text.len == 0;
    return *ret_masked ? FOB_E_NOT_FOUND
                       : fob_registry_read(paths, text.data, text.len, path, ret_provider, error);
}

/* A provider that is nothing but a shared object with its descriptor inside. */
static fob_err from_plugin(const struct fob_paths *paths, const char *id, fob_provider **ret_provider,
                           struct fob_error *error)
{
    const struct fob_plugin_object *object = NULL;
    fob_auto_provider *provider = NULL;
    fob_err err = fob_plugin_load(paths, id, &object, error);
    if (err == FOB_E_NOT_FOUND)
        return unknown(paths, id, error);
    if (err != FOB_OK)
        return err;
    if (object->plugin.role != FOB_ROLE_PROVIDER || !object->plugin.descriptor)
        return unknown(paths, id, error);
    err = fob_provider_read(object->plugin.descriptor, strlen(object->plugin.descriptor), object->file, NULL,
                            &provider, error);
    if (err != FOB_OK)
        return err;
    if (provider->d.plugin && strcmp(provider->d.plugin, id) != 0)
        return fob_fail(error, FOB_E_PLUGIN, "report it to the plugin's author",
                        "the descriptor inside the plugin \"%s\" names another plugin", id);
    provider->plugin = object;
    err = attach_jose(paths, provider, error);
    if (err == FOB_OK)
        *ret_provider = fob_steal(&provider);
    return err;
}

fob_err fob_registry_find(const struct fob_paths *paths, const char *id, fob_provider **ret_provider,
                          struct fob_error *error)
{
    if (!fob_is_id(id, FOB_MAX_ID))
        return fob_fail(error, FOB_E_NOT_FOUND, "an id is a-z, 0-9 and -, like acme-mail",
                        "\"%.64s\" is not the id of a provider", id);
    for (size_t i = 0; i < paths->providers.n; i++) {
        fob_auto_buf path = FOB_BUF(4096);
        bool masked = false;
        fob_buf_fmt(&path, "%s/%s.yaml", paths->providers.v[i], id);
        fob_err err = fob_buf_finish(&path, "the path of the descriptor", error);
        if (err == FOB_OK)
            err = from_file(paths, path.data, ret_provider, &masked, error);
        if (masked)
            return unknown(paths, id, error);
        if (err != FOB_E_NOT_FOUND)
            return err;
    }
    return from_plugin(paths, id, ret_provider, error);
}

/* --- all of them -------------------------------------------------------------------------------------------- */

struct entry {
    char *id, *file;
    bool hidden;
};

struct catalogue {
    struct entry *v;
    size_t n;
};

static void free_catalogue(struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->n; i++) {
        free(catalogue->v[i].id);
        free(catalogue->v[i].file);
    }
    free(catalogue->v);
}

/* Modules of other roles live in the same folders; their names say what they are. */
static bool is_provider_id(const char *id)
{
    return fob_is_id(id, FOB_MAX_ID) && !fob_starts_with(id, "transport-") &&
           !fob_starts_with(id, "listener-") && !fob_starts_with(id, "store-") &&
           !fob_starts_with(id, "key-") && !fob_starts_with(id, "jose-");
}

static fob_err add(struct catalogue *catalogue, const char *folder, int fd, const char *name,
                   const char *suffix, struct fob_error *error)
{
    struct stat st;
    size_t len = strlen(name), tail = strlen(suffix);
    if (len <= tail || strcmp(name + len - tail, suffix) != 0)
        return FOB_OK;
    fob_auto_free char *id = strndup(name, len - tail), *file = NULL;
    if (!id)
        return fob_no_memory(error);
    if (!is_provider_id(id))
        return FOB_OK;
    if (fstatat(fd, name, &st, 0) < 0 || !S_ISREG(st.st_mode))
        return FOB_OK;
    struct entry *grown = realloc(catalogue->v, (catalogue->n + 1) * sizeof *grown);
    if (!grown || asprintf(&file, "%s/%s", folder, name) < 0) {
        catalogue->v = grown ? grown : catalogue->v;
        return fob_no_memory(error);
    }
    catalogue->v = grown;
    catalogue->v[catalogue->n++] = (struct entry){fob_steal(&id), fob_steal(&file), st.st_size == 0};
    return FOB_OK;
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static fob_err add_folder(struct catalogue *catalogue, const char *path, const char *suffix,
                          struct fob_error *error)
{
    fob_cleanup(close_folder) DIR *folder = opendir(path);
    fob_err err = FOB_OK;
    if (!folder)
        return errno == ENOENT || errno == ENOTDIR
                   ? FOB_OK
                   : fob_fail_errno(error, FOB_E_SYSTEM, errno, "check its permissions",
                                    "the folder %s cannot be read", path);
    for (struct dirent *found; err == FOB_OK && (found = readdir(folder));)
        err = add(catalogue, path, dirfd(folder), found->d_name, suffix, error);
    return err;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->id, ((const struct entry *)b)->id);
}

static int id_of(const void *id, const void *entry)
{
    return strcmp(id, ((const struct entry *)entry)->id);
}

/* qsort of glibc keeps the order of equals only by chance, so folders are sorted one at a time and merged in order. */
static bool is_known(const struct catalogue *catalogue, size_t n, const char *id)
{
    return n && bsearch(id, catalogue->v, n, sizeof *catalogue->v, id_of);
}

/* Adds a folder's ids that no earlier folder has, and keeps the whole sorted. */
static fob_err merge_folder(struct catalogue *catalogue, const char *path, const char *suffix,
                            struct fob_error *error)
{
    size_t before = catalogue->n, kept = before;
    fob_err err = add_folder(catalogue, path, suffix, error);
    for (size_t i = before; i < catalogue->n; i++) {
        if (is_known(catalogue, before, catalogue->v[i].id)) {
            free(catalogue->v[i].id);
            free(catalogue->v[i].file);
        } else {
            catalogue->v[kept++] = catalogue->v[i];
        }
    }
    catalogue->n = kept;
    if (kept)
        qsort(catalogue->v, kept, sizeof *catalogue->v, by_id);
    return err;
}

fob_err fob_registry_list(const struct fob_paths *paths, fob_provider_fn *each, void *user,
                          struct fob_error *error)
{
    fob_cleanup(free_catalogue) struct catalogue catalogue = {0};
    fob_err err = FOB_OK;
    for (size_t i = 0; i < paths->providers.n && err == FOB_OK; i++)
        err = merge_folder(&catalogue, paths->providers.v[i], ".yaml", error);
    for (size_t i = 0; i < paths->plugins.n && err == FOB_OK; i++)
        err = merge_folder(&catalogue, paths->plugins.v[i], ".so", error);
    for (size_t i = 0; i < catalogue.n && err == FOB_OK; i++)
        if (!catalogue.v[i].hidden && each(user, catalogue.v[i].id, catalogue.v[i].file))
            break;
    return err;
}
