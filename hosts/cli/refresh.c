/* SPDX-License-Identifier: MIT */
/* fob refresh and fob verify. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* --- one connection ----------------------------------------------------------------------------------------- */

static int refresh_one(const struct args *args, fob_session *session, const char *name)
{
    fob_token *token = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    int result = EXIT_OK;
    if (fob_refresh_token(session, name, &token, &error) != FOB_OK) {
        result = fail(&error);
    } else if (args->json) {
        result = print_json(token_facts(token));
    } else {
        printf("\"%s\" has a new token; it ends ", name);
        print_when(stdout, fob_token_expires_at(token));
        puts(".");
    }
    fob_token_unref(&token);
    return result;
}

/* --- all that are due --------------------------------------------------------------------------------------- */

struct due {
    char **names;
    size_t n;
};

static fob_err note_due(void *user, fob_connection *connection, struct fob_error *error)
{
    struct due *due = user;
    int64_t at = fob_token_renewal_due(fob_connection_token(connection));
    if (!at || at > fob_now() || *fob_connection_dead_reason(connection))
        return FOB_OK;
    char **names = realloc(due->names, (due->n + 1) * sizeof *names);
    if (!names)
        return fob_error_set(error, FOB_E_MEMORY, "out of memory", NULL);
    due->names = names;
    due->names[due->n] = strdup(fob_connection_name(connection));
    if (!due->names[due->n])
        return fob_error_set(error, FOB_E_MEMORY, "out of memory", NULL);
    due->n++;
    return FOB_OK;
}

static json_t *due_json(const char *name, fob_err err, const struct fob_error *error, const fob_token *token)
{
    if (err == FOB_OK)
        return json_pack("{s:s, s:b, s:o}", "name", name, "renewed", 1, "expires_at",
                         time_json(fob_token_expires_at(token)));
    return json_pack("{s:s, s:b, s:s, s:s, s:s}", "name", name, "renewed", 0, "error", fob_err_word(err),
                     "what", error->what, "fix", error->fix);
}

static void tell_due(const char *name, fob_err err, const struct fob_error *error, const fob_token *token)
{
    printf("%s: ", name);
    if (err != FOB_OK) {
        printf("not renewed: %s%s%s\n", error->what, *error->fix ? "; " : "", error->fix);
        return;
    }
    fputs("renewed, ends ", stdout);
    print_when(stdout, fob_token_expires_at(token));
    putchar('\n');
}

/* One that fails does not keep the others from theirs; the exit code is the first failure's. */
static int refresh_due(const struct args *args, fob_session *session, const struct due *due)
{
    json_t *json = args->json ? json_array() : NULL;
    int result = EXIT_OK;
    for (size_t i = 0; i < due->n; i++) {
        fob_token *token = NULL;
        struct fob_error error = FOB_ERROR_INIT;
        fob_err err = fob_refresh_token(session, due->names[i], &token, &error);
        if (json)
            json_array_append_new(json, due_json(due->names[i], err, &error, token));
        else
            tell_due(due->names[i], err, &error, token);
        result = result == EXIT_OK ? exit_code_of(err) : result;
        fob_token_unref(&token);
    }
    if (!json && due->n == 0)
        puts("No connection is due for renewal.");
    int printed = json ? print_json(json) : EXIT_OK;
    return result == EXIT_OK ? printed : result;
}

static int refresh_all_due(const struct args *args, fob_session *session)
{
    struct due due = {0};
    struct fob_error error = FOB_ERROR_INIT;
    int result = fob_list_connections(session, note_due, &due, &error) == FOB_OK
                     ? refresh_due(args, session, &due)
                     : fail(&error);
    for (size_t i = 0; i < due.n; i++)
        free(due.names[i]);
    free(due.names);
    return result;
}

int run_refresh(const struct args *args)
{
    fob_session *session = NULL;
    if (args->due == (args->rest.n == 1))
        return usage(NULL, "write it as: fob refresh NAME, or fob refresh --due");
    int result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    result = args->due ? refresh_all_due(args, session) : refresh_one(args, session, args->rest.v[0]);
    fob_close(&session);
    return result;
}

/* --- verify ------------------------------------------------------------------------------------------------- */

/* What is wrong with getting a token is told as ever; whatever the provider then says against it means: log in again. */
static int verify(fob_session *session, const char *name)
{
    fob_token *token = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    fob_err err = fob_get_token(session, name, 0, &token, &error);
    fob_token_unref(&token);
    if (err != FOB_OK)
        return fail(&error);
    err = fob_verify_token(session, name, &error);
    if (err == FOB_OK) {
        printf("The token of \"%s\" is good.\n", name);
        return EXIT_OK;
    }
    int result = fail(&error);
    return err == FOB_E_CLIENT ? EXIT_NEEDS_LOGIN : result;
}

int run_verify(const struct args *args)
{
    fob_session *session = NULL;
    int result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    result = verify(session, args->rest.v[0]);
    fob_close(&session);
    return result;
}
