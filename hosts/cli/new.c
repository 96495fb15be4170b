/* SPDX-License-Identifier: MIT */
/* fob new: a descriptor for a provider of one's own, from what the provider or a person says. */
#include "cli.h"
#include "draft.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const methods[] = {"client_secret_basic", "client_secret_post", "private_key_jwt", "none",
                                      NULL};

/* --- asking --------------------------------------------------------------------------------------------------- */

/* What a person types at a terminal, or NULL: nothing, or nobody there. The caller's. */
static char *ask(const char *question)
{
    char line[FOB_MAX_SCALAR];
    if (!isatty(STDIN_FILENO))
        return NULL;
    fprintf(stderr, "%s: ", question);
    if (!fgets(line, sizeof line, stdin))
        return NULL;
    line[strcspn(line, "\r\n")] = '\0';
    return *line ? text_copy(line) : NULL;
}

static bool is_method(const char *word)
{
    for (size_t i = 0; methods[i]; i++)
        if (strcmp(methods[i], word) == 0)
            return true;
    return false;
}

/* What was given, what the provider says, or what a person chooses. */
static int settle_auth(const struct args *args, json_t *metadata)
{
    static const char key[] = "token_endpoint_auth_methods_supported";
    char *word = args->auth ? text_copy(args->auth) : NULL;
    if (!word && !json_object_get(metadata, key))
        word = ask(
            "The client authenticates by client_secret_basic (default), client_secret_post, private_key_jwt "
            "or none. Which");
    if (word && !is_method(word)) {
        int result = usage("it is client_secret_basic, client_secret_post, private_key_jwt or none",
                           "there is no way \"%s\" to authenticate", word);
        free(word);
        return result;
    }
    if (word)
        tree_set(metadata, key, must(json_pack("[s]", word)));
    free(word);
    return EXIT_OK;
}

static json_t *settle_scopes(const struct args *args)
{
    json_t *scopes = must(json_array());
    char *typed = args->scopes.n ? NULL : ask("Scopes to ask for when nobody says which, by spaces");
    for (size_t i = 0; i < args->scopes.n; i++)
        tree_append(scopes, json_string(args->scopes.v[i]));
    for (char *rest = typed, *word; rest && (word = strsep(&rest, " "));)
        if (*word)
            tree_append(scopes, json_string(word));
    free(typed);
    return scopes;
}

/* The provider's own link, or the document itself, where nobody gives one. */
static char *settle_docs(const struct args *args, json_t *metadata, const char *source)
{
    char *docs = args->docs ? text_copy(args->docs) : ask("The page of its documentation (URL)");
    if (!docs && tree_text(metadata, "service_documentation"))
        docs = text_copy(tree_text(metadata, "service_documentation"));
    return docs || !source ? docs : text_copy(source);
}

/* --- writing -------------------------------------------------------------------------------------------------- */

/* The first folder that is looked into; the caller's. */
static char *own_folder(void)
{
    const char *path = getenv("FOB_PROVIDER_PATH"), *config = getenv("XDG_CONFIG_HOME"),
               *home = getenv("HOME");
    if (path && *path && *path != ':')
        return text_slice(path, strcspn(path, ":"));
    if (config && *config)
        return text_printf("%s/fob/providers", config);
    return text_printf("%s/.config/fob/providers", home ? home : ".");
}

static void make_folders(const char *path)
{
    char *folder = text_copy(path);
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0755); /* what fails shows when the file is made */
        *slash = '/';
    }
    free(folder);
}

/* Never over a file that is there. */
static int write_file(const char *path, const char *text)
{
    make_folders(path);
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
    if (fd < 0 && errno == EEXIST)
        return usage("move it away, or write to another with --output", "%s is there already", path);
    if (fd < 0)
        return usage(NULL, "%s cannot be written: %s", path, strerror(errno));
    size_t len = strlen(text);
    bool written = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
    written = close(fd) == 0 && written;
    if (written)
        return EXIT_OK;
    fprintf(stderr, "fob: %s cannot be written: %s\n", path, strerror(errno));
    unlink(path);
    return EXIT_OTHER;
}

static void report(void *user, const struct fob_problem *problem)
{
    (void)user;
    fprintf(stderr, "%s:%u:%u: %s: %s\n", problem->file, problem->line, problem->column,
            problem->severity == FOB_PROBLEM_ERROR ? "error" : "warning", problem->what);
    if (problem->fix && *problem->fix)
        fprintf(stderr, "  %s\n", problem->fix);
}

/* What lint would refuse is told, and not written. */
static int keep(fob_session *session, const char *id, const char *path, const char *text)
{
    struct fob_error error = FOB_ERROR_INIT;
    if (fob_lint(session, text, strlen(text), path, report, NULL, &error) != FOB_OK)
        return EXIT_CONFIG;
    int result = write_file(path, text);
    if (result == EXIT_OK)
        printf("%s is written. Look it over, then: fob explain %s\n", path, id);
    return result;
}

/* --- the command ---------------------------------------------------------------------------------------------- */

static bool is_id(const char *id)
{
    size_t len = strlen(id);
    return len && len <= FOB_MAX_ID && *id != '-' &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static int check_args(const struct args *args)
{
    const char *id = args->rest.v[0];
    if (!is_id(id))
        return usage("it is a-z, 0-9 and -, like acme-mail", "\"%s\" cannot be the id of a provider", id);
    if (args->issuer ? args->authorize || args->token : !args->token)
        return usage(NULL,
                     "write it as: fob new ID --from-issuer URL, or fob new ID --authorize URL --token URL");
    return EXIT_OK;
}

static int find_metadata(const struct args *args, fob_session *session, json_t **ret_metadata,
                         char **ret_source)
{
    if (args->issuer)
        return discover(session, args->issuer, ret_metadata, ret_source);
    *ret_metadata = must(json_object());
    if (args->authorize)
        tree_set_text(*ret_metadata, "authorization_endpoint", args->authorize);
    tree_set_text(*ret_metadata, "token_endpoint", args->token);
    return EXIT_OK;
}

static int make(const struct args *args, fob_session *session, const char *path)
{
    const char *id = args->rest.v[0];
    char *source = NULL, *docs = NULL;
    json_t *metadata = NULL, *scopes = NULL;
    int result = find_metadata(args, session, &metadata, &source);
    if (result == EXIT_OK)
        result = settle_auth(args, metadata);
    if (result == EXIT_OK && !(docs = settle_docs(args, metadata, source)))
        result = usage("add --docs URL", "nobody can check a descriptor without a link to the documentation");
    if (result == EXIT_OK) {
        scopes = settle_scopes(args);
        struct draft draft = {.name = args->title ? args->title : id,
                              .docs = docs,
                              .source = source,
                              .metadata = metadata,
                              .scopes = scopes};
        char *text = draft_write(&draft);
        result = keep(session, id, path, text);
        free(text);
    }
    json_decref(metadata);
    json_decref(scopes);
    free(source);
    free(docs);
    return result;
}

int run_new(const struct args *args)
{
    fob_session *session = NULL;
    int result = check_args(args);
    if (result == EXIT_OK)
        result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    char *folder = own_folder();
    char *path = args->output ? text_copy(args->output) : text_printf("%s/%s.yaml", folder, args->rest.v[0]);
    if (access(path, F_OK) == 0)
        result = usage("move it away, or write to another with --output", "%s is there already", path);
    else
        result = make(args, session, path);
    free(folder);
    free(path);
    fob_close(&session);
    return result;
}
