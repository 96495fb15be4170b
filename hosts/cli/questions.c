/* SPDX-License-Identifier: MIT */
/* What fob new asks a person for where nothing was given: a line each, that Enter passes over. */
#include "questions.h"
#include "pasted.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *ask(const char *question)
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

/* --- one of several words -------------------------------------------------------------------------------------- */

static bool is_in(const char *const *words, const char *word)
{
    for (; *words; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

/* "a, b or c"; the caller's. */
static char *listed(const char *const *words)
{
    struct text out = {0};
    for (size_t i = 0; words[i]; i++)
        text_fmt(&out, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
    return text_take(&out);
}

/* What was given has to be one of the words; what is typed is asked for again until it is. NULL: nothing was said. */
static int settle_word(const char *given, const char *what, const char *question, const char *const *words,
                       char **ret_word)
{
    char *all = listed(words), *word = NULL;
    int result = EXIT_OK;
    if (given && !is_in(words, given)) {
        char *fix = text_printf("it is %s", all);
        result = usage(fix, "there is no %s \"%s\"", what, given);
        free(fix);
    } else if (given) {
        word = text_copy(given);
    } else {
        while ((word = ask(question)) && !is_in(words, word)) {
            fprintf(stderr, "there is no %s \"%s\": it is %s\n", what, word, all);
            free(word);
        }
    }
    free(all);
    *ret_word = word;
    return result;
}

/* The same, into said. */
static int say_word(const char *given, const char *what, const char *question, const char *const *words,
                    json_t *said, const char *key)
{
    char *word = NULL;
    int result = settle_word(given, what, question, words, &word);
    if (word)
        tree_set_text(said, key, word);
    free(word);
    return result;
}

int settle_auth(const struct args *args, json_t *metadata)
{
    static const char key[] = "token_endpoint_auth_methods_supported";
    static const char *const methods[] = {"client_secret_basic", "client_secret_post", "private_key_jwt",
                                          "none", NULL};
    char *word = NULL;
    int result = EXIT_OK;
    if (args->auth || !json_object_get(metadata, key))
        result = settle_word(args->auth, "way",
                             "The client authenticates by client_secret_basic (default), client_secret_post, "
                             "private_key_jwt or none. Which",
                             methods, &word);
    if (word)
        tree_set(metadata, key, must(json_pack("[s]", word)));
    free(word);
    return result;
}

/* --- scopes ----------------------------------------------------------------------------------------------------- */

static void settle_separator(const struct args *args, json_t *said, const char *seen)
{
    bool is_told = args->separator || seen || args->issuer; /* RFC 8414 issuers are as RFC 6749 has it */
    char *typed = is_told ? NULL : ask("What stands between two scopes (Enter: a space), like ,");
    const char *separator = args->separator ? args->separator : seen ? seen : typed;
    if (separator && strcmp(separator, " ") != 0)
        tree_set_text(said, "separator", separator);
    free(typed);
}

int settle_scopes(const struct args *args, json_t *said, json_t *scopes)
{
    const char *separator = args->separator, *pasted = tree_text(said, "scope");
    bool known = json_array_size(scopes) > 0;
    struct text list = {0};
    if (separator && strlen(separator) != 1)
        return usage("it is one character, like ,", "\"%s\" cannot stand between two scopes", separator);
    for (size_t i = 0; i < args->scopes.n; i++)
        text_fmt(&list, "%s%s", i ? " " : "", args->scopes.v[i]);
    char *typed =
        list.len || pasted ? NULL
        : known
            ? ask("Scopes to ask for when nobody says which, by spaces (Enter: openid)")
            : ask("Scopes to ask for when nobody says which, by spaces or as the provider separates them");
    const char *said_scopes = list.len ? list.s : typed ? typed : pasted;
    if (said_scopes) {
        json_array_clear(scopes);
        pasted_scopes(said_scopes, &separator, scopes);
    }
    if (separator && !args->separator)
        fprintf(stderr, "scopes are separated by \"%s\" then; if not: --scope-separator \" \"\n", separator);
    settle_separator(args, said, json_array_size(scopes) > 1 ? (separator ? separator : " ") : separator);
    free(typed);
    free(list.s);
    return EXIT_OK;
}

/* --- whose token it is ------------------------------------------------------------------------------------------ */

/* "userinfo/id": which answer, and a pointer into it. */
static bool take_identity(const char *text, json_t *said)
{
    static const char *const answers[] = {"token", "id_token", "userinfo", NULL};
    size_t len = strcspn(text, "/");
    char *from = text_slice(text, len);
    const char *id = text[len] ? text + len : strcmp(from, "token") == 0 ? NULL : "/sub";
    bool good = is_in(answers, from) && id;
    if (good) {
        tree_set_text(said, "identity_from", from);
        tree_set_text(said, "identity_id", id);
    }
    free(from);
    return good;
}

static int settle_userinfo(const struct args *args, json_t *metadata, json_t *said)
{
    bool wanted = same_text(tree_text(said, "identity_from"), "userinfo");
    char *url = args->userinfo ? text_copy(args->userinfo) : NULL;
    if (!url && wanted && !tree_text(metadata, "userinfo_endpoint"))
        url = ask("Its userinfo endpoint (URL)");
    if (url)
        tree_set_text(metadata, "userinfo_endpoint", url);
    free(url);
    if (wanted && !tree_text(metadata, "userinfo_endpoint"))
        return usage("add --userinfo URL", "the account is told by an endpoint that nobody named");
    return EXIT_OK;
}

static int settle_identity(const struct args *args, json_t *metadata, json_t *said)
{
    static const char fix[] = "write it as id_token/sub, userinfo/id or token/account_id";
    char *typed = NULL;
    if (args->identity && !take_identity(args->identity, said))
        return usage(fix, "\"%s\" is no place where an account is told", args->identity);
    if (!args->identity && !tree_text(said, "identity_from"))
        while ((typed = ask("Whose token it is, like id_token/sub, userinfo/id or token/account_id")) &&
               !take_identity(typed, said)) {
            fprintf(stderr, "%s\n", fix);
            free(typed);
        }
    free(typed);
    return settle_userinfo(args, metadata, said);
}

/* --- the rest --------------------------------------------------------------------------------------------------- */

int settle_registration(const struct args *args, json_t *said)
{
    char *console = args->console ? text_copy(args->console) : ask("The page to register an app at (URL)");
    if (console)
        tree_set_text(said, "console", console);
    free(console);
    return EXIT_OK;
}

int settle_person(const struct args *args, json_t *metadata, json_t *said)
{
    static const char *const redirects[] = {
        "loopback_any_port", "loopback", "localhost", "https_or_localhost", "https", "custom_scheme", NULL};
    static const char *const rotations[] = {"none", "rotates", "reuse_revokes", "grace", NULL};
    int result = say_word(args->redirects, "kind of redirect URI",
                          "Redirect URIs that it takes: loopback_any_port, loopback, localhost, "
                          "https_or_localhost, https or custom_scheme",
                          redirects, said, "redirects");
    if (result == EXIT_OK)
        result = say_word(args->rotation, "rotation",
                          "A refresh token that was used: none (stays good), rotates, reuse_revokes or grace",
                          rotations, said, "rotation");
    return result == EXIT_OK ? settle_identity(args, metadata, said) : result;
}
