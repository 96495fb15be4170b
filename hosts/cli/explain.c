/* SPDX-License-Identifier: MIT */
/* fob explain. */
#include "cli.h"
#include "story.h"
#include "subjects.h"

#include <stdlib.h>
#include <string.h>

#define NOTES_AT 52 /* the column in which notes begin */

/* --- one line ------------------------------------------------------------------------------------------------- */

/* What comes before is at least this wide; a longer one is followed by two spaces. */
static void pad(size_t used)
{
    for (size_t i = used; i < NOTES_AT; i++)
        putchar(' ');
    fputs(used >= NOTES_AT ? "  " : "", stdout);
}

static void print_place(json_t *one)
{
    const char *file = tree_text(one, "file"), *slash = file ? strrchr(file, '/') : NULL;
    if (file)
        printf("%s:%lld", slash ? slash + 1 : file,
               (long long)json_integer_value(json_object_get(one, "line")));
}

/* "google.yaml:15 {client_id}": where it is said, and how, when that is not what is sent. */
static void print_note(json_t *one)
{
    const char *template = tree_text(one, "template"), *value = tree_text(one, "value");
    const char *renamed = tree_text(one, "renamed"), *kept = tree_text(one, "kept");
    print_place(one);
    if (renamed)
        printf(" is %s", renamed);
    else if (tree_text(one, "required"))
        printf(" has to be %s", template);
    else if (kept)
        printf(" is kept as {kept.%s}", kept);
    else if (value && template && *template != '[' && strcmp(template, value) != 0)
        printf(" %s", template);
}

static void print_jwt_part(json_t *part, const char *what)
{
    const char *name;
    json_t *value;
    json_object_foreach (part, name, value) {
        char *shown = tree_show(value);
        printf("         %s %s=%s\n", what, name, shown);
        free(shown);
    }
}

static void print_jwt(json_t *jwt)
{
    print_jwt_part(tree_at(jwt, "header"), "header");
    print_jwt_part(tree_at(jwt, "claims"), "claim ");
}

/* As it is sent; but Basic is told as what it is made of. */
static char *shown_value(json_t *one)
{
    const char *wire = tree_text(one, "wire"), *value = wire ? wire : tree_text(one, "value");
    char *pair = starts_with(value, "Basic ") ? base64_decode(value + 6, strlen(value + 6)) : NULL;
    char *shown = pair ? text_printf("Basic base64(%s)", pair) : text_copy(value);
    free(pair);
    return shown;
}

static void print_one(json_t *one, const char *separator)
{
    char *value = shown_value(one),
         *line = text_printf("     %s%s%s", tree_text(one, "name"), separator, value);
    fputs(line, stdout);
    if (tree_text(one, "said")) {
        pad(strlen(line));
        print_note(one);
    }
    putchar('\n');
    print_jwt(json_object_get(one, "jwt"));
    free(value);
    free(line);
}

/* --- one step ------------------------------------------------------------------------------------------------- */

static const char *title_of(const char *what)
{
    static const struct {
        const char *what, *title;
    } titles[] = {{"authorize", "The browser is sent to"},
                  {"callback", "It comes back to"},
                  {"token", "The code is exchanged for a token"},
                  {"client_credentials", "The client asks for a token"},
                  {"refresh", "A new token is asked for"},
                  {"userinfo", "Whose token it is"},
                  {"verify", "fob verify asks whether the token is good"},
                  {"revoke", "fob logout tells the provider"}};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(titles[i].what, what) == 0)
            return titles[i].title;
    return NULL;
}

static void print_list(json_t *list, const char *in, const char *separator)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (!in || same_text(tree_text(one, "in"), in))
            print_one(one, separator);
}

static bool has_any(json_t *list, const char *in)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (same_text(tree_text(one, "in"), in))
            return true;
    return false;
}

static void print_params(json_t *params)
{
    static const struct {
        const char *in, *title;
    } places[] = {{"query", "the query"},
                  {"fragment", "a query behind the fragment's route"},
                  {"form", "a body, as form"},
                  {"json", "a body, as json"},
                  {"xml", "a body, as xml"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!has_any(params, places[i].in))
            continue;
        printf("   in %s\n", places[i].title);
        print_list(params, places[i].in, "=");
    }
}

static void print_request(json_t *step)
{
    json_t *endpoint = json_object_get(step, "endpoint"), *headers = json_object_get(step, "headers");
    char *line = text_printf("   %s %s", tree_text(step, "method"), tree_text(step, "url"));
    fputs(line, stdout);
    if (tree_text(endpoint, "said")) {
        pad(strlen(line));
        print_place(endpoint);
    }
    putchar('\n');
    if (json_array_size(headers))
        puts("   header");
    print_list(headers, NULL, ": ");
    print_params(json_object_get(step, "params"));
    free(line);
}

static void print_answer(json_t *step)
{
    json_t *keeps = json_object_get(step, "keeps"), *name;
    size_t i;
    puts("   an answer like");
    print_list(json_object_get(step, "answer_headers"), NULL, ": ");
    printf("     %s\n", tree_text(step, "answer_text"));
    if (json_array_size(keeps))
        fputs("   of which is kept", stdout);
    json_array_foreach (keeps, i, name)
        printf(" {kept.%s}", json_string_value(name));
    fputs(json_array_size(keeps) ? "\n" : "", stdout);
}

/* Where a step says with the code who it is, the token request may go without. */
static bool sends_code(json_t *step)
{
    json_t *one;
    size_t i;
    json_array_foreach (json_object_get(step, "params"), i, one)
        if (same_text(tree_text(one, "value"), "CODE"))
            return true;
    return false;
}

static void print_step(size_t number, json_t *step)
{
    const char *what = tree_text(step, "what"), *title = title_of(what);
    if (strcmp(what, "token") == 0 && !sends_code(step))
        title = title_of("client_credentials");
    if (strcmp(what, "failed") == 0) {
        printf("\n%zu. What follows cannot be told: ", number);
        if (tree_text(step, "after"))
            printf("it hangs on an answer (%s) that cannot be made up\n   ", tree_text(step, "after"));
        puts(tree_text(step, "error"));
        return;
    }
    if (title)
        printf("\n%zu. %s\n", number, title);
    else
        printf("\n%zu. The step \"%s\"\n", number, strchr(what, '/') + 1);
    if (strcmp(what, "callback") != 0) {
        print_request(step);
        if (strcmp(what, "authorize") != 0)
            print_answer(step);
        return;
    }
    printf("   %s\n   as %s\n", tree_text(step, "url"), tree_text(step, "mode"));
    print_list(json_object_get(step, "params"), NULL, "=");
    if (tree_text(step, "warning"))
        printf("   WARNING: without a state, a login can be forged: %s\n", tree_text(step, "warning"));
}

static void print_story(json_t *story)
{
    const char *name;
    json_t *value, *step;
    size_t i;
    printf("%s (%s), %s\n", tree_text(story, "name"), tree_text(story, "file"), tree_text(story, "grant"));
    if (tree_text(story, "environment"))
        printf("environment %s\n", tree_text(story, "environment"));
    json_object_foreach (json_object_get(story, "variables"), name, value)
        printf("variable %s=%s\n", name, json_string_value(value));
    puts("Nothing is sent. <random> and <time> are another value each time; what is in capitals is made up.");
    json_array_foreach (json_object_get(story, "steps"), i, step)
        print_step(i + 1, step);
}

/* --- the command ----------------------------------------------------------------------------------------------- */

static json_t *given_variables(const struct pairs *pairs)
{
    json_t *given = must(json_object());
    for (size_t i = 0; i < pairs->n; i++)
        tree_set_text(given, pairs->v[i].name, pairs->v[i].value);
    return given;
}

static int explain(const struct args *args, fob_session *session, const struct subject *subject)
{
    struct pairs variables = {0};
    struct fob_error error = FOB_ERROR_INIT;
    json_t *story = NULL;
    int result = split_pairs("var", "like --var tenant=contoso", &args->variables, &variables);
    if (result != EXIT_OK)
        return result;
    struct story_options options = {.environment = args->environment,
                                    .grant = args->grant,
                                    .variables = given_variables(&variables),
                                    .scopes = args->scopes.v,
                                    .n_scopes = args->scopes.n};
    if (story_tell(session, subject, &options, &story, &error) != FOB_OK)
        result = fail(&error);
    else if (args->json)
        result = print_json(json_incref(story));
    else
        print_story(story);
    json_decref(story);
    json_decref(options.variables);
    return result;
}

static bool is_grant(const char *word)
{
    static const char *const grants[] = {"authorization_code", "client_credentials", "refresh_token",
                                         "verify", "revoke"};
    for (size_t i = 0; i < sizeof grants / sizeof *grants; i++)
        if (strcmp(grants[i], word) == 0)
            return true;
    return false;
}

int run_explain(const struct args *args)
{
    fob_session *session = NULL;
    struct subject subject = {0};
    if (args->grant && !is_grant(args->grant))
        return usage("it is authorization_code, client_credentials, refresh_token, verify or revoke",
                     "there is nothing to explain of \"%s\"", args->grant);
    int result = open_session(args, &session);
    if (result == EXIT_OK)
        result = open_subject(session, args->rest.v[0], &subject);
    if (result == EXIT_OK)
        result = explain(args, session, &subject);
    subject_free(&subject);
    fob_close(&session);
    return result;
}
