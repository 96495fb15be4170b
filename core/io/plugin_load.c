/* SPDX-License-Identifier: MIT */
/* Loading plugins: the file that was checked is the file that is loaded, once a process. */
#include "../cleanup.h"
#include "../error.h"
#include "../text.h"
#include "fd.h"
#include "registry.h"
#include "trust.h"

#include <dlfcn.h>
#include <fob/limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Plugins are never unloaded: tokens, threads and hooks may still hold what they gave. */
static struct {
    dev_t device;
    ino_t inode;
    char *path;
    const struct fob_plugin_object *object;
} loaded[FOB_MAX_PLUGINS];
static size_t n_loaded;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static fob_err refuse(const char *path, const char *fix, const char *what, struct fob_error *error)
{
    fob_fail(error, FOB_E_PLUGIN, fix, "the plugin cannot be loaded: %s", what);
    return fob_fail_at(error, FOB_E_PLUGIN, path, 0, 0);
}

/* dlerror speaks of /proc/self/fd/N, which says nothing to anybody: what follows it is what is wrong. */
static const char *why_not(void)
{
    const char *text = dlerror();
    const char *after = text ? strstr(text, ": ") : NULL;
    return after && fob_starts_with(text, "/proc/") ? after + 2 : text ? text : "unknown reason";
}

static fob_err adopt(int fd, const char *path, const struct fob_plugin_object **ret_object,
                     struct fob_error *error)
{
    char name[32];
    union {
        void *as_symbol;
        fob_plugin_entry_fn *as_function;
    } entry;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return refuse(path, "rebuild it for this machine", why_not(), error);
    entry.as_symbol = dlsym(handle, FOB_PLUGIN_ENTRY);
    fob_err err = entry.as_symbol ? fob_plugin_adopt(entry.as_function(), path, handle, ret_object, error)
                                  : refuse(path, "it is not a plugin of fob, or one for another major",
                                           "it exports no " FOB_PLUGIN_ENTRY, error);
    if (err != FOB_OK)
        dlclose(handle);
    return err;
}

/* A library that refuses to be unloaded keeps its name, and so its descriptor has to stay as well. */
static bool is_still_loaded(int fd)
{
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    void *handle = dlopen(name, RTLD_NOW | RTLD_NOLOAD);
    if (handle)
        dlclose(handle);
    return handle != NULL;
}

/* The descriptor stays open: the loader knows a library by its name, and N must not come to mean another file. */
static fob_err load_once(int *fd, const char *path, const struct fob_plugin_object **ret_object,
                         struct fob_error *error)
{
    struct stat st;
    if (fstat(*fd, &st) < 0)
        return refuse(path, NULL, "it cannot be examined", error);
    for (size_t i = 0; i < n_loaded; i++) {
        if (loaded[i].device == st.st_dev && loaded[i].inode == st.st_ino &&
            strcmp(loaded[i].path, path) == 0) {
            *ret_object = loaded[i].object;
            return FOB_OK;
        }
    }
    if (n_loaded == FOB_MAX_PLUGINS)
        return refuse(path, NULL, "too many are loaded already", error);
    fob_auto_free char *own_path = fob_strdup(path);
    if (!own_path)
        return fob_no_memory(error);
    fob_err err = adopt(*fd, path, ret_object, error);
    if (err != FOB_OK && is_still_loaded(*fd))
        fob_steal_fd(fd);
    if (err != FOB_OK)
        return err;
    loaded[n_loaded].device = st.st_dev;
    loaded[n_loaded].inode = st.st_ino;
    loaded[n_loaded].path = fob_steal(&own_path);
    loaded[n_loaded++].object = *ret_object;
    fob_steal_fd(fd);
    return FOB_OK;
}

static fob_err load_file(const char *path, const struct fob_plugin_object **ret_object,
                         struct fob_error *error)
{
    fob_auto_fd int fd = -1;
    fob_err err = fob_trust_open(path, FOB_TRUST_READABLE, &fd, error);
    if (err != FOB_OK)
        return err;
    pthread_mutex_lock(&mutex);
    err = load_once(&fd, path, ret_object, error);
    pthread_mutex_unlock(&mutex);
    return err;
}

fob_err fob_plugin_load(const struct fob_paths *paths, const char *id,
                        const struct fob_plugin_object **ret_object, struct fob_error *error)
{
    if (!fob_is_id(id, FOB_MAX_ID))
        return fob_fail(error, FOB_E_NOT_FOUND, NULL, "\"%.64s\" is not the id of a plugin", id);
    for (size_t i = 0; i < paths->plugins.n; i++) {
        fob_auto_buf path = FOB_BUF(4096);
        fob_buf_fmt(&path, "%s/%s.so", paths->plugins.v[i], id);
        fob_err err = fob_buf_finish(&path, "the path of the plugin", error);
        if (err == FOB_OK)
            err = load_file(path.data, ret_object, error);
        if (err != FOB_E_NOT_FOUND)
            return err;
    }
    return fob_fail(error, FOB_E_NOT_FOUND, "install it into one of the plugin folders",
                    "there is no plugin \"%s\"", id);
}

fob_err fob_plugin_load_role(const struct fob_paths *paths, const char *id, enum fob_plugin_role role,
                             const struct fob_plugin_object **ret_object, struct fob_error *error)
{
    const struct fob_plugin_object *object = NULL;
    fob_err err = fob_plugin_load(paths, id, &object, error);
    if (err == FOB_OK && object->plugin.role != role)
        return refuse(object->file, "put fob's own of that name there, or remove this one",
                      "it is not what its name says", error);
    if (err == FOB_OK)
        *ret_object = object;
    return err;
}
