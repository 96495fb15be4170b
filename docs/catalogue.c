/* SPDX-License-Identifier: MIT */
/* Prints docs/providers.md: what there is to know of each descriptor in a folder, and how it was confirmed. */
#include "subject.h"

#include <fob/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- texts -------------------------------------------------------------------------------------------------------- */

/* What Markdown would read as its own is taken from it. */
static void print_text(const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*[]<>|", *text))
            putchar('\\');
        putchar(*text);
    }
}

/* A list that begins with its first item. */
struct list {
    const char *title;
    size_t n;
};

static void begin_item(struct list *list)
{
    if (list->n++)
        fputs(", ", stdout);
    else
        printf("- %s: ", list->title);
}

static void end_list(const struct list *list)
{
    if (list->n)
        putchar('\n');
}

/* --- grants ------------------------------------------------------------------------------------------------------- */

static void print_grants(const struct subject *subject)
{
    static const char *const grants[] = {"authorization_code", "client_credentials", "refresh_token"};
    struct list list = {.title = "grants"};
    for (size_t i = 0; i < sizeof grants / sizeof *grants; i++) {
        if (!fob_provider_supports(subject->provider, grants[i]))
            continue;
        begin_item(&list);
        print_text(grants[i]);
    }
    end_list(&list);
}

/* --- what differs ------------------------------------------------------------------------------------------------- */

/* A key, the value that is meant (NULL: any), and what to say; %s is the value. */
static const struct {
    const char *path, *value, *say;
} quirks[] = {
    {"extends", NULL, "begins as %s"},
    {"authorize/pkce", "none", "no PKCE"},
    {"authorize/pkce", "plain", "PKCE plain"},
    {"authorize/pkce", "public", "PKCE without a secret only"},
    {"authorize/pkce", "S256-hex", "PKCE in hex"},
    {"authorize/response_mode", NULL, "the answer comes by %s"},
    {"callback/response_mode", NULL, "the answer comes by %s"},
    {"callback/state", "none", "no state"},
    {"callback/require", NULL, "the callback is checked"},
    {"callback/code_is_encoded", NULL, "the code is encoded once more"},
    {"scopes/separator", NULL, "scopes with \"%s\" between"},
    {"scopes/groups", NULL, "scopes in groups"},
    {"rename", NULL, "parameters of other names"},
    {"authorize/rename", NULL, "parameters of other names"},
    {"token/rename", NULL, "parameters of other names"},
    {"token/encoding", NULL, "requests in %s"},
    {"token/method", NULL, "requests by %s"},
    {"token/auth", NULL, "client authentication %s"},
    {"token/jwt", NULL, "a JWT for the client"},
    {"token/secret_in_url", NULL, "secrets in the URL"},
    {"token/response/format", NULL, "answers in %s"},
    {"token/response/success", NULL, "failure inside a success"},
    {"token/response/fields", NULL, "answers of another form"},
    {"token/response/errors", NULL, "errors of its own"},
    {"token/response/also", NULL, "a second token"},
    {"client_credentials", NULL, "client credentials of its own"},
    {"refresh/endpoint", NULL, "a refresh URL of its own"},
    {"refresh/with", NULL, "refreshed with the %s"},
    {"refresh/min_age", NULL, "no refresh before %s"},
    {"refresh/max_ttl", NULL, "no refresh until %s are left"},
    {"refresh/needs_valid", NULL, "only good tokens are refreshed"},
    {"rotation", "rotates", "refresh tokens rotate"},
    {"rotation", "reuse_revokes", "a refresh token used twice ends the grant"},
    {"rotation", "grace", "refresh tokens rotate, with a grace"},
    {"use/header", NULL, "the token goes into %s"},
    {"use/scheme", NULL, "the token goes behind \"%s\""},
    {"use/query", NULL, "the token goes into the query"},
    {"use/headers", NULL, "more header fields for the API"},
    {"use/params", NULL, "more parameters for the API"},
    {"plugin", NULL, "the plugin %s"},
};

static void say(struct list *list, const char *form, json_t *value)
{
    const char *hole = strstr(form, "%s");
    char *shown = tree_show(value),
         *text = hole ? text_printf("%.*s%s%s", (int)(hole - form), form, shown, hole + 2) : text_copy(form);
    begin_item(list);
    print_text(text);
    free(shown);
    free(text);
}

static void print_names(struct list *list, const char *what, json_t *map)
{
    const char *name, *before = " (";
    json_t *value;
    if (!json_object_size(map))
        return;
    begin_item(list);
    fputs(what, stdout);
    json_object_foreach (map, name, value) {
        fputs(before, stdout);
        print_text(name);
        before = " ";
    }
    putchar(')');
}

/* All that is kept, wherever it is said. */
static void gather_kept(json_t *node, json_t *kept)
{
    const char *key;
    json_t *child;
    json_object_update(kept, json_is_object(node) ? json_object_get(node, "keep") : NULL);
    json_object_foreach (node, key, child)
        if (strcmp(key, "tests") != 0)
            gather_kept(child, kept);
}

static void print_quirks(const struct subject *subject)
{
    struct list list = {.title = "differs"};
    json_t *kept = must(json_object());
    const char *last = "";
    for (size_t i = 0; i < sizeof quirks / sizeof *quirks; i++) {
        json_t *value = tree_at(subject->descriptor, quirks[i].path);
        if (!value || json_is_false(value) || strcmp(last, quirks[i].say) == 0 ||
            (quirks[i].value && !same_text(json_string_value(value), quirks[i].value)))
            continue;
        last = quirks[i].say;
        say(&list, quirks[i].say, value);
    }
    print_names(&list, "steps", json_object_get(subject->descriptor, "steps"));
    gather_kept(subject->descriptor, kept);
    print_names(&list, "keeps", kept);
    end_list(&list);
    json_decref(kept);
}

/* --- what a tenant says, and how it is known ---------------------------------------------------------------------- */

static void print_map(const char *title, json_t *map, const char *inner)
{
    struct list list = {.title = title};
    const char *name;
    json_t *value;
    json_object_foreach (map, name, value) {
        const char *text = inner ? tree_text(value, inner) : json_string_value(value);
        begin_item(&list);
        print_text(name);
        if (text) {
            fputs(" (", stdout);
            print_text(text);
            putchar(')');
        }
    }
    end_list(&list);
}

static void print_unconfirmed(json_t *unconfirmed)
{
    struct list list = {.title = "not confirmed"};
    json_t *key;
    size_t i;
    json_array_foreach (unconfirmed, i, key) {
        char *shown = tree_show(key);
        begin_item(&list);
        print_text(shown);
        free(shown);
    }
    end_list(&list);
}

static void print_tests(json_t *tests)
{
    size_t n = json_object_size(tests);
    if (n)
        printf("- recorded exchanges: %zu\n", n);
}

static void print_subject(const struct subject *subject)
{
    json_t *d = subject->descriptor;
    fputs("\n## ", stdout);
    print_text(fob_provider_name(subject->provider));
    printf("\n\n`%s`, [documentation](<%s>)\n\n", fob_provider_id(subject->provider),
           fob_provider_docs(subject->provider));
    print_grants(subject);
    print_map("variables", json_object_get(d, "variables"), "doc");
    print_map("environments", json_object_get(d, "environments"), "doc");
    print_quirks(subject);
    print_map("confirmed by", json_object_get(d, "sources"), NULL);
    print_tests(json_object_get(d, "tests"));
    print_unconfirmed(json_object_get(d, "x-unconfirmed"));
}

/* --- the catalogue ------------------------------------------------------------------------------------------------- */

static int fail(const struct fob_error *error)
{
    fprintf(stderr, "%s:%u: %s\n", error->file, error->line, error->what);
    return 1;
}

struct printing {
    fob_session *session;
    size_t n;
    bool only_count;
    int result;
};

static int print_one(void *user, const char *id, const char *file)
{
    static char text[FOB_MAX_DESCRIPTOR + 1];
    struct printing *printing = user;
    struct subject subject = {0};
    struct fob_error error = FOB_ERROR_INIT;
    FILE *in = strcmp(file + strlen(file) - 3, ".so") == 0 ? NULL : fopen(file, "rbe");
    (void)id;
    if (!in)
        return 0;
    size_t len = fread(text, 1, sizeof text, in);
    fclose(in);
    printing->n++;
    if (printing->only_count)
        return 0;
    if (subject_read(printing->session, text, len, file, &subject, &error) == FOB_OK)
        print_subject(&subject);
    else
        printing->result = fail(&error);
    subject_free(&subject);
    return printing->result;
}

int main(int argc, char **argv)
{
    struct fob_options options = FOB_OPTIONS_INIT;
    struct printing printing = {.only_count = true};
    struct fob_error error = FOB_ERROR_INIT;
    options.provider_path = argv[1];
    options.ignore_environment = 1;
    options.store_in_memory = 1;
    if (argc != 2) {
        fprintf(stderr, "usage: %s PROVIDERS\n", argv[0]);
        return 2;
    }
    if (fob_open(&options, &printing.session, &error) != FOB_OK ||
        fob_list_providers(printing.session, print_one, &printing, &error) != FOB_OK)
        return fail(&error);
    printf("# The providers that come with fob\n\nMade from providers/ by docs/catalogue.c: do not edit. %zu "
           "of them; what a "
           "descriptor says in full shows\n`fob providers ID`, what it sends `fob explain ID`.\n",
           printing.n);
    printing.only_count = false;
    if (fob_list_providers(printing.session, print_one, &printing, &error) != FOB_OK)
        printing.result = fail(&error);
    fob_close(&printing.session);
    return printing.result;
}
