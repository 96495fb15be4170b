/* SPDX-License-Identifier: MIT */
/* What a person is told when the server is ready: the commands that log in at it, to be copied. */
#include "greeting.h"

#include "expect.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#define ON_LOOPBACK "http://127.0.0.1:4711/callback"
#define ON_LOCALHOST "http://localhost:4711/callback"

/* --- words of a command ------------------------------------------------------------------------------------------ */

/* As a shell reads it as one word. */
static void add_word(struct text *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-";
    bool is_plain = *word && strspn(word, plain) == strlen(word);
    text_str(out, is_plain ? "" : "'");
    for (const char *at = word; *at; at++)
        text_add(out, *at == '\'' ? "'\\''" : at, *at == '\'' ? 4 : 1);
    text_str(out, is_plain ? "" : "'");
}

static void add_option(struct text *out, const char *option, const char *value)
{
    text_fmt(out, " --%s ", option);
    add_word(out, value);
}

/* The other terminal may be in another folder. */
static void add_file_option(struct text *out, const char *option, const char *path)
{
    char *whole = realpath(path, NULL);
    add_option(out, option, whole ? whole : path);
    free(whole);
}

/* --- what the login has to say ------------------------------------------------------------------------------------- */

/* The environment that is shown: the first that can give a token. */
static const struct view *shown_view(const struct sandbox *sandbox)
{
    for (size_t i = 0; i < sandbox->n_views; i++)
        if (tree_text(sandbox->views[i].metadata, "token_endpoint"))
            return &sandbox->views[i];
    return &sandbox->views[0];
}

static bool has_person(const struct view *view)
{
    json_t *grants = json_object_get(view->metadata, "grant_types_supported");
    return tree_text(view->metadata, "authorization_endpoint") &&
           (!json_array_size(grants) || tree_lists(grants, "authorization_code"));
}

/* Each variable that is another here than fob would take by itself. */
static void add_variables(struct text *out, const struct sandbox *sandbox, const struct view *view)
{
    const char *name;
    json_t *rule;
    char *environment = text_printf("environments/%s/variables", view->name);
    json_object_foreach (tree_at(sandbox->descriptor, "variables"), name, rule) {
        const char *value = tree_text(view->variables, name);
        const char *usual = tree_text(tree_at(sandbox->descriptor, environment), name);
        usual = usual ? usual : tree_text(rule, "default");
        bool is_given = tree_text(sandbox->settings.variables, name) != NULL;
        if (!value || (usual && strcmp(value, usual) == 0))
            continue;
        /* One that was made up here is nobody's secret. */
        char *pair = text_printf("%s=%s", name,
                                 tree_is_true(rule, "secret") && is_given ? "(as you gave it here)" : value);
        add_option(out, "var", pair);
        text_drop(&pair);
    }
    text_drop(&environment);
}

static void add_login(struct text *out, const struct sandbox *sandbox, const struct view *view,
                      const char *id)
{
    const struct settings *settings = &sandbox->settings;
    const char *secret = settings->secret_file ? settings->secret_file : settings->write_secret;
    text_str(out, "    fob login try");
    add_option(out, "provider", id);
    if (*view->name)
        add_option(out, "environment", view->name);
    add_option(out, "client-id", sandbox->client_id);
    if (sandbox->client_secret && secret)
        add_file_option(out, "client-secret-file", secret);
    if (sandbox->client_key && (settings->key_file || settings->write_key))
        add_file_option(out, "client-key-file",
                        settings->key_file ? settings->key_file : settings->write_key);
    add_variables(out, sandbox, view);
    if (!has_person(view))
        add_option(out, "grant", "client_credentials");
    else if (settings->redirect_uri)
        add_option(out, "redirect-uri", settings->redirect_uri);
    text_str(out, "\n");
}

/* --- the redirect URI ----------------------------------------------------------------------------------------------- */

static bool is_rule(const struct sandbox *sandbox, const char *begin)
{
    const char *rule = tree_text(sandbox->descriptor, "registration/redirect_uri");
    return rule && strncmp(rule, begin, strlen(begin)) == 0;
}

/* Whether the request says it, as the client wrote it. */
static bool says_redirect(const struct sandbox *sandbox, const struct view *view)
{
    struct expectations expected;
    expect_authorization(sandbox, view, &expected);
    const struct expected *redirect = expect_standard(&expected, "redirect_uri");
    bool says = redirect && !redirect->template;
    expect_free(&expected);
    return says;
}

void greeting_register(struct sandbox *sandbox)
{
    struct settings *settings = &sandbox->settings;
    const struct view *view = shown_view(sandbox);
    if (settings->redirect_uri || !has_person(view))
        return;
    if (is_rule(sandbox, "https_or_localhost") || is_rule(sandbox, "localhost"))
        settings->redirect_uri = ON_LOCALHOST;
    else if (is_rule(sandbox, "https") || is_rule(sandbox, "custom") || !says_redirect(sandbox, view))
        settings->redirect_uri = ON_LOOPBACK;
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */

/* Where fob finds the descriptor, and, in a folder that goes, what it keeps. */
static void add_exports(struct text *out, const char *descriptor, const struct room *room)
{
    char *whole = realpath(descriptor, NULL), *slash = whole ? strrchr(whole, '/') : NULL;
    if (slash)
        *slash = '\0';
    text_str(out, "    export FOB_PROVIDER_PATH=");
    add_word(out, slash ? whole : ".");
    if (room->folder) {
        char *store = text_printf("%s/fob.db", room->folder);
        text_str(out, " FOB_STORE=");
        add_word(out, store);
        text_drop(&store);
    }
    text_str(out, "\n");
    free(whole);
}

/* A file's name without its folder and ".yaml". The caller drops it. */
static char *id_of_file(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return text_printf("%.*s", (int)(dot ? dot - name : (long)strlen(name)), name);
}

char *greeting_text(const struct sandbox *sandbox, const struct room *room)
{
    struct text out = {0};
    const struct view *view = shown_view(sandbox);
    const char *name = tree_text(sandbox->descriptor, "name"), *file = sandbox->settings.write_descriptor;
    char *id = id_of_file(file);
    text_fmt(&out, "%s is at %s until Ctrl-C ends it. In another terminal:\n\n", name ? name : id,
             sandbox->origin);
    add_exports(&out, file, room);
    add_login(&out, sandbox, view, id);
    text_fmt(&out, "    fob token try\n    fob curl try %s%s/me\n\n", sandbox->origin, API_PATH);
    if (has_person(view) && !sandbox->settings.auto_consent)
        text_str(&out, "The login page only asks whether you allow it.\n");
    if (room->folder)
        text_fmt(
            &out,
            "The files are in %s: the client's secret, and the descriptor with its hosts moved here. They "
            "go when\nthis ends, and so does what the other terminal keeps.\n",
            room->folder);
    text_drop(&id);
    return out.s;
}
