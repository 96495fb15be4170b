/* SPDX-License-Identifier: MIT */
/* Where things are: options first, then the environment unless it is not to be trusted, then the defaults. */
#include "paths.h"

#include "../cleanup.h"
#include "../error.h"
#include "../text.h"

#include <dlfcn.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* What the defaults are made of while fob_paths_init runs. */
struct bases {
    bool environment;
    char *data, *config; /* the XDG folders, made when first needed */
};

/* The variable's value; NULL when unset, empty, or not to be trusted. */
static const char *environment(const struct bases *bases, const char *name)
{
    const char *value = bases->environment ? secure_getenv(name) : NULL;
    return value && *value ? value : NULL;
}

static fob_err set_text(char **ret, char *text, struct fob_error *error)
{
    if (!text)
        return fob_no_memory(error);
    *ret = text;
    return FOB_OK;
}

static fob_err join(char **ret, const char *folder, const char *name, struct fob_error *error)
{
    char *text;
    return set_text(ret, asprintf(&text, "%s/%s", folder, name) < 0 ? NULL : text, error);
}

/* $HOME/sub, or with no usable $HOME, the one in the user database. Set-uid, that of the owner: what is in the caller's
 * is the caller's to change. */
static fob_err in_home(const struct bases *bases, const char *sub, char **ret, struct fob_error *error)
{
    const char *home = environment(bases, "HOME");
    if (home && *home == '/')
        return join(ret, home, sub, error);
    struct passwd entry, *found = NULL;
    char text[4096];
    int failed = getpwuid_r(geteuid(), &entry, text, sizeof text, &found);
    if (failed || !found || !found->pw_dir || *found->pw_dir != '/')
        return fob_fail_errno(error, FOB_E_CONFIG, failed ? failed : ENOENT,
                              "set HOME, or XDG_CONFIG_HOME and XDG_DATA_HOME",
                              "the home folder of user %u is not known", (unsigned)geteuid());
    return join(ret, found->pw_dir, sub, error);
}

/* An XDG base folder. A relative value is to be ignored (XDG Base Directory Specification, "Basics"). */
static fob_err xdg(const struct bases *bases, const char *variable, const char *sub, char **base,
                   struct fob_error *error)
{
    if (*base)
        return FOB_OK;
    const char *value = environment(bases, variable);
    if (value && *value == '/')
        return set_text(base, fob_strdup(value), error);
    return in_home(bases, sub, base, error);
}

static fob_err data_home(struct bases *bases, struct fob_error *error)
{
    return xdg(bases, "XDG_DATA_HOME", ".local/share", &bases->data, error);
}

static fob_err config_home(struct bases *bases, struct fob_error *error)
{
    return xdg(bases, "XDG_CONFIG_HOME", ".config", &bases->config, error);
}

/* The option, else the variable; NULL when neither is given. */
static const char *given(const struct bases *bases, const char *option, const char *variable)
{
    return option ? option : environment(bases, variable);
}

/* Takes over the folder. */
static fob_err add(struct fob_strings *list, char *folder, struct fob_error *error)
{
    char **v = folder ? realloc(list->v, (list->n + 1) * sizeof *v) : NULL;
    if (!v) {
        free(folder);
        return fob_no_memory(error);
    }
    list->v = v;
    list->v[list->n++] = folder;
    return FOB_OK;
}

static fob_err add_join(struct fob_strings *list, const char *folder, const char *name,
                        struct fob_error *error)
{
    char *text = NULL;
    fob_err err = join(&text, folder, name, error);
    return err != FOB_OK ? err : add(list, text, error);
}

/* A colon-separated list; empty entries mean nothing, least of all the current folder. */
static fob_err add_split(struct fob_strings *list, const char *text, struct fob_error *error)
{
    fob_err err = FOB_OK;
    for (const char *end; *text && err == FOB_OK; text = *end ? end + 1 : end) {
        end = strchrnul(text, ':');
        if (end > text)
            err = add(list, fob_strndup(text, (size_t)(end - text)), error);
    }
    return err;
}

/* The folder this library was loaded from; modules and data are found from there, wherever it was installed to. */
static fob_err library_folder(const struct bases *bases, char **ret, struct fob_error *error)
{
#ifdef FOB_LIB_DIR
    (void)bases;
    return set_text(ret, fob_strdup(FOB_LIB_DIR), error);
#else
    static const char here;
    Dl_info info;
    if (!dladdr(&here, &info) || !info.dli_fname || !strchr(info.dli_fname, '/'))
        return FOB_OK;
    /* Relative when the loader's path was: pinned now, or after a chdir it would be somewhere else. */
    if (*info.dli_fname != '/' && !bases->environment)
        return FOB_OK;
    char *file = *info.dli_fname == '/' ? fob_strdup(info.dli_fname) : realpath(info.dli_fname, NULL);
    if (file)
        *strrchr(file, '/') = '\0';
    return set_text(ret, file, error);
#endif
}

static fob_err add_bundled(struct fob_strings *list, const char *library, struct fob_error *error)
{
    fob_err err = add_join(list, library, FOB_DATA_FROM_LIB "/providers", error);
    /* An installation that was moved to another layout, and the build tree, have it here. */
    if (err == FOB_OK && strcmp(FOB_DATA_FROM_LIB, "../share/fob") != 0)
        err = add_join(list, library, "../share/fob/providers", error);
    return err;
}

static fob_err find_folders(struct fob_paths *paths, struct bases *bases, const struct fob_options *options,
                            struct fob_error *error)
{
    const char *providers = given(bases, options->provider_path, "FOB_PROVIDER_PATH");
    const char *plugins = given(bases, options->plugin_path, "FOB_PLUGIN_PATH");
    fob_auto_free char *library = NULL;
    fob_err err = FOB_OK;
    if (!providers || !plugins)
        err = library_folder(bases, &library, error);
    if (err == FOB_OK && providers) {
        err = add_split(&paths->providers, providers, error);
    } else if (err == FOB_OK && (err = config_home(bases, error)) == FOB_OK) {
        err = add_join(&paths->providers, bases->config, "fob/providers", error);
        if (err == FOB_OK)
            err = add(&paths->providers, fob_strdup("/etc/fob/providers"), error);
        if (err == FOB_OK && library)
            err = add_bundled(&paths->providers, library, error);
    }
    if (err == FOB_OK && plugins) {
        err = add_split(&paths->plugins, plugins, error);
    } else if (err == FOB_OK && (err = data_home(bases, error)) == FOB_OK) {
        err = add_join(&paths->plugins, bases->data, "fob/plugins", error);
        if (err == FOB_OK && library)
            err = add_join(&paths->plugins, library, "fob", error);
    }
    return err;
}

/* fob.key beside the store. */
static fob_err key_beside(const char *store, char **ret, struct fob_error *error)
{
    const char *slash = strrchr(store, '/');
    char *text;
    int len = asprintf(&text, "%.*sfob.key", slash ? (int)(slash + 1 - store) : 0, store);
    return set_text(ret, len < 0 ? NULL : text, error);
}

static fob_err find_files(struct fob_paths *paths, struct bases *bases, const struct fob_options *options,
                          struct fob_error *error)
{
    const char *store = given(bases, options->store_path, "FOB_STORE");
    const char *key = given(bases, options->key_path, "FOB_KEY");
    const char *clients = given(bases, options->clients_file, "FOB_CLIENTS");
    const char *ca = given(bases, options->ca_file, "SSL_CERT_FILE");
    fob_err err = FOB_OK;
    if (store)
        err = set_text(&paths->store, fob_strdup(store), error);
    else if ((err = data_home(bases, error)) == FOB_OK)
        err = join(&paths->store, bases->data, "fob/fob.db", error);
    if (err == FOB_OK)
        err = key ? set_text(&paths->key, fob_strdup(key), error)
                  : key_beside(paths->store, &paths->key, error);
    if (err == FOB_OK && clients)
        err = set_text(&paths->clients_file, fob_strdup(clients), error);
    else if (err == FOB_OK && (err = config_home(bases, error)) == FOB_OK)
        err = join(&paths->clients_file, bases->config, "fob/clients.yaml", error);
    if (!ca)
        ca = environment(bases, "CURL_CA_BUNDLE");
    if (err == FOB_OK && ca)
        err = set_text(&paths->ca_file, fob_strdup(ca), error);
    return err;
}

fob_err fob_paths_init(struct fob_paths *ret, const struct fob_options *options, struct fob_error *error)
{
    const struct fob_options defaults = FOB_OPTIONS_INIT;
    if (!options)
        options = &defaults;
    struct fob_paths paths = {.trust_environment = !options->ignore_environment && !getauxval(AT_SECURE)};
    struct bases bases = {.environment = paths.trust_environment};
    fob_err err = find_files(&paths, &bases, options, error);
    if (err == FOB_OK)
        err = find_folders(&paths, &bases, options, error);
    free(bases.data);
    free(bases.config);
    if (err != FOB_OK)
        fob_paths_free(&paths);
    else
        *ret = paths;
    return err;
}

static void free_strings(struct fob_strings *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i]);
    free(list->v);
}

void fob_paths_free(struct fob_paths *paths)
{
    if (!paths)
        return;
    free(paths->store);
    free(paths->key);
    free(paths->clients_file);
    free(paths->ca_file);
    free_strings(&paths->providers);
    free_strings(&paths->plugins);
    *paths = (struct fob_paths){0};
}
