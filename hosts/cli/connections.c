/* SPDX-License-Identifier: MIT */
/* fob list, fob show and fob logout. */
#include "cli.h"

#include <string.h>

static bool can_refresh(const fob_token *token)
{
    int64_t ends = fob_token_refresh_expires_at(token);
    return fob_token_refresh(token) && (!ends || ends > fob_now());
}

static const char *state_of(const fob_connection *connection)
{
    const fob_token *token = fob_connection_token(connection);
    if (*fob_connection_dead_reason(connection))
        return "needs login";
    if (fob_token_is_fresh(token, fob_now(), 0))
        return "good";
    bool machine = strcmp(fob_connection_grant(connection), "client_credentials") == 0;
    return can_refresh(token) || machine ? "to be refreshed" : "needs login";
}

static json_t *connection_json(const fob_connection *connection)
{
    json_t *json = token_facts(fob_connection_token(connection)), *variables = json_object();
    const struct fob_pair *variable;
    for (size_t i = 0; (variable = fob_connection_variable(connection, i)); i++)
        json_object_set_new(variables, variable->name, json_string(variable->value));
    json_object_set_new(json, "name", json_string(fob_connection_name(connection)));
    json_object_set_new(json, "provider", json_string(fob_connection_provider(connection)));
    json_object_set_new(json, "environment", json_string(fob_connection_environment(connection)));
    json_object_set_new(json, "client_id", json_string(fob_connection_client_id(connection)));
    json_object_set_new(json, "grant", json_string(fob_connection_grant(connection)));
    json_object_set_new(json, "created_at", time_json(fob_connection_created_at(connection)));
    json_object_set_new(json, "state", json_string(state_of(connection)));
    json_object_set_new(json, "dead_reason", json_string(fob_connection_dead_reason(connection)));
    json_object_set_new(json, "variables", variables);
    return json;
}

struct listing {
    const struct args *args;
    json_t *json;
    size_t n;
};

static fob_err list_one(void *user, fob_connection *connection, struct fob_error *error)
{
    struct listing *listing = user;
    (void)error;
    listing->n++;
    if (listing->json) {
        json_array_append_new(listing->json, connection_json(connection));
        return FOB_OK;
    }
    if (listing->args->names) {
        puts(fob_connection_name(connection));
        return FOB_OK;
    }
    printf("%-24s %-20s %-16s ", fob_connection_name(connection), fob_connection_provider(connection),
           state_of(connection));
    print_when(stdout, fob_token_expires_at(fob_connection_token(connection)));
    putchar('\n');
    return FOB_OK;
}

int run_list(const struct args *args)
{
    struct listing listing = {.args = args, .json = args->json ? json_array() : NULL};
    fob_session *session = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    int result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    if (fob_list_connections(session, list_one, &listing, &error) != FOB_OK)
        result = fail(&error);
    else if (args->json)
        result = print_json(json_incref(listing.json));
    else if (listing.n == 0 && !args->names)
        fputs("There are no connections yet: fob login NAME --provider ID --client-id …\n", stderr);
    json_decref(listing.json);
    fob_close(&session);
    return result;
}

static void show(const fob_connection *connection)
{
    const fob_token *token = fob_connection_token(connection);
    const struct fob_pair *variable;
    printf("name:          %s\nprovider:      %s\n", fob_connection_name(connection),
           fob_connection_provider(connection));
    if (*fob_connection_environment(connection))
        printf("environment:   %s\n", fob_connection_environment(connection));
    printf("client_id:     %s\ngrant:         %s\nstate:         %s\n", fob_connection_client_id(connection),
           fob_connection_grant(connection), state_of(connection));
    if (*fob_connection_dead_reason(connection))
        printf("why:           %s\n", fob_connection_dead_reason(connection));
    if (*fob_token_identity(token))
        printf("who:           %s\n", fob_token_identity(token));
    if (*fob_token_label(token))
        printf("label:         %s\n", fob_token_label(token));
    printf("scope:         %s\n", fob_token_scope(token));
    for (size_t i = 0; (variable = fob_connection_variable(connection, i)); i++)
        printf("variable:      %s=%s\n", variable->name, *variable->value ? variable->value : "(secret)");
    print_kept(token);
    fputs("made:          ", stdout);
    print_when(stdout, fob_connection_created_at(connection));
    fputs("\ntoken from:    ", stdout);
    print_when(stdout, fob_token_obtained_at(token));
    fputs("\ntoken ends:    ", stdout);
    print_when(stdout, fob_token_expires_at(token));
    if (fob_token_renewal_due(token)) {
        fputs("\nrenewal due:   ", stdout);
        print_when(stdout, fob_token_renewal_due(token));
    }
    printf("\nrefresh token: %s", fob_token_refresh(token) ? "yes" : "no");
    if (fob_token_refresh(token) && fob_token_refresh_expires_at(token)) {
        fputs(can_refresh(token) ? ", ends " : ", ended ", stdout);
        print_when(stdout, fob_token_refresh_expires_at(token));
    }
    putchar('\n');
    if (!fob_token_is_whole(token))
        puts("not whole:     a request after the login failed; it is sent again with the next refresh");
}

int run_show(const struct args *args)
{
    fob_session *session = NULL;
    fob_connection *connection = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    int result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    if (fob_get_connection(session, args->rest.v[0], &connection, &error) != FOB_OK)
        result = fail(&error);
    else if (args->json)
        result = print_json(connection_json(connection));
    else
        show(connection);
    fob_connection_unref(&connection);
    fob_close(&session);
    return result;
}

int run_logout(const struct args *args)
{
    fob_session *session = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    int revoked = 0;
    int result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    if (fob_log_out(session, args->rest.v[0], args->forget ? FOB_LOGOUT_FORGET : 0, &revoked, &error) !=
        FOB_OK)
        result = fail(&error);
    else
        printf("\"%s\" is forgotten; %s.\n", args->rest.v[0],
               revoked ? "its tokens were revoked"
                       : "the provider was not told, so its tokens end by themselves");
    fob_close(&session);
    return result;
}
