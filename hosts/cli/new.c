/* SPDX-License-Identifier: MIT */
/* fob new: a descriptor for a provider of one's own, from what the provider or a person says. */
#include "cli.h"
#include "draft.h"
#include "pasted.h"
#include "questions.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- what was given -------------------------------------------------------------------------------------------- */

static bool has_text(json_t *list, const char *text)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (same_text(json_string_value(one), text))
            return true;
    return false;
}

/* The documentation often shows a whole request: what is of one login, or fob's own, goes. */
static void take_pasted(const struct args *args, json_t *metadata, json_t *said)
{
    json_t *taken = must(json_object()), *value;
    const char *name, *mode, *type, *before = "";
    char *url = pasted_url(args->authorize, taken);
    tree_set_text(metadata, "authorization_endpoint", url);
    if (json_object_size(taken))
        fputs("taken out of the authorize URL, for fob sends it itself: ", stderr);
    json_object_foreach (taken, name, value) {
        fprintf(stderr, "%s%s", before, name);
        before = ", ";
    }
    fputs(*before ? "\n" : "", stderr);
    if (tree_text(taken, "scope") && !args->scopes.n)
        tree_set_text(said, "scope", tree_text(taken, "scope"));
    mode = tree_text(taken, "response_mode");
    if (mode && strcmp(mode, "query") != 0)
        tree_set_text(said, "response_mode", mode);
    type = tree_text(taken, "response_type");
    if (type && strcmp(type, "code") != 0)
        fprintf(stderr, "its response_type is %s; fob asks for a code: see whether the provider gives one\n",
                type);
    json_decref(taken);
    free(url);
}

/* Where a tenant's variables are in the endpoints, they are declared, and the hosts are closed. */
static void take_variables(json_t *metadata, json_t *variables, json_t *hosts)
{
    static const char *const endpoints[] = {"authorization_endpoint", "token_endpoint", "userinfo_endpoint"};
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        const char *url = tree_text(metadata, endpoints[i]);
        char *host = url ? pasted_host(url) : NULL;
        if (url)
            pasted_variables(url, variables);
        if (host && *host && !has_text(hosts, host))
            tree_append(hosts, json_string(host));
        free(host);
    }
    if (!json_object_size(variables))
        json_array_clear(hosts);
}

static bool has_openid(json_t *metadata)
{
    return has_text(json_object_get(metadata, "scopes_supported"), "openid") &&
           tree_text(metadata, "userinfo_endpoint");
}

/* OpenID Connect Core section 3.1.3.3: with openid comes an ID token, which says whose it is. */
static void take_openid(const struct args *args, json_t *metadata, json_t *said, json_t *scopes)
{
    if (!args->issuer || args->identity || !has_openid(metadata) || !has_text(scopes, "openid"))
        return;
    tree_set_text(said, "identity_from", "id_token");
    tree_set_text(said, "identity_id", "/sub");
}

static void tell_unable(json_t *metadata)
{
    if (json_is_true(json_object_get(metadata, "require_pushed_authorization_requests")))
        fputs("this issuer takes pushed authorization requests only (RFC 9126), which fob cannot do yet: its "
              "logins will be refused\n",
              stderr);
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
    tree_set_text(*ret_metadata, "token_endpoint", args->token);
    return EXIT_OK;
}

/* All that is asked for or was given; what is made of it is the caller's to drop. */
static int gather(const struct args *args, fob_session *session, struct draft *draft, char **ret_docs,
                  char **ret_source)
{
    int result = find_metadata(args, session, &draft->metadata, ret_source);
    if (result != EXIT_OK)
        return result;
    if (args->authorize)
        take_pasted(args, draft->metadata, draft->said);
    if (args->issuer && !args->scopes.n && has_openid(draft->metadata))
        tree_append(draft->scopes, json_string("openid"));
    tell_unable(draft->metadata);
    result = settle_auth(args, draft->metadata);
    if (result == EXIT_OK && !(*ret_docs = settle_docs(args, draft->metadata, *ret_source)))
        result = usage("add --docs URL", "nobody can check a descriptor without a link to the documentation");
    if (result == EXIT_OK)
        result = settle_scopes(args, draft->said, draft->scopes);
    take_openid(args, draft->metadata, draft->said, draft->scopes);
    if (result == EXIT_OK)
        result = settle_registration(args, draft->said);
    if (result == EXIT_OK && tree_text(draft->metadata, "authorization_endpoint"))
        result = settle_person(args, draft->metadata, draft->said);
    take_variables(draft->metadata, draft->variables, draft->hosts);
    return result;
}

static int make(const struct args *args, fob_session *session, const char *path)
{
    const char *id = args->rest.v[0];
    char *source = NULL, *docs = NULL;
    struct draft draft = {.name = args->title ? args->title : id,
                          .scopes = must(json_array()),
                          .variables = must(json_object()),
                          .hosts = must(json_array()),
                          .said = must(json_object())};
    int result = gather(args, session, &draft, &docs, &source);
    draft.docs = docs;
    draft.source = source;
    if (result == EXIT_OK) {
        char *text = draft_write(&draft);
        result = keep(session, id, path, text);
        free(text);
    }
    json_decref(draft.metadata);
    json_decref(draft.scopes);
    json_decref(draft.variables);
    json_decref(draft.hosts);
    json_decref(draft.said);
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
