/* SPDX-License-Identifier: MIT */
/* fob login. */
#include "cli.h"

static int print_result(const struct args *args, const fob_connection *connection)
{
    fob_token *token = fob_connection_token(connection);
    if (args->json) {
        json_t *json = token_facts(token);
        json_object_set_new(json, "name", json_string(fob_connection_name(connection)));
        json_object_set_new(json, "provider", json_string(fob_connection_provider(connection)));
        return print_json(json);
    }
    printf("\"%s\" is logged in at %s.\n", fob_connection_name(connection),
           fob_connection_provider(connection));
    if (*fob_token_identity(token))
        printf("  who:           %s%s%s\n", fob_token_identity(token), *fob_token_label(token) ? ", " : "",
               fob_token_label(token));
    printf("  scope:         %s\n  ends:          ",
           *fob_token_scope(token) ? fob_token_scope(token) : "(none named)");
    print_when(stdout, fob_token_expires_at(token));
    printf("\n  refresh token: %s\n", fob_token_refresh(token) ? "yes" : "no");
    return EXIT_OK;
}

static int log_in(const struct args *args, const struct fob_login *login)
{
    fob_session *session = NULL;
    fob_connection *connection = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    int result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    fob_err err = fob_log_in(session, login, &connection, &error);
    browser_done(login->ui->user);
    result = err == FOB_OK ? print_result(args, connection) : fail(&error);
    fob_connection_unref(&connection);
    fob_close(&session);
    return result;
}

static int make_client(const struct args *args, fob_client **ret_client)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_secret *secret = NULL, *key = NULL;
    if (!args->client_id && (args->secret_file || args->secret_env || args->key_file || args->key_env))
        return usage("add --client-id", "a client secret or key was given without a client_id");
    if (!args->client_id)
        return EXIT_OK;
    int result = read_client_secrets(args, &secret, &key);
    if (result == EXIT_OK &&
        fob_client_new_with_key(args->client_id, secret, key, ret_client, &error) != FOB_OK)
        result = fail(&error);
    fob_secret_free(&secret);
    fob_secret_free(&key);
    return result;
}

int run_login(const struct args *args)
{
    static struct browser browser;
    struct pairs variables = {0}, choices = {0};
    fob_client *client = NULL;
    int64_t timeout = 0;
    struct fob_ui ui = browser_ui(&browser);
    struct fob_login login = FOB_LOGIN_INIT;
    browser.no_browser = args->no_browser;
    if (args->timeout && !parse_number("timeout", args->timeout, 86400, &timeout))
        return EXIT_USAGE;
    int result = split_pairs("var", "like --var tenant=contoso", &args->variables, &variables);
    if (result == EXIT_OK)
        result = split_pairs("choose", "like --choose site=4711", &args->choices, &choices);
    if (result == EXIT_OK)
        result = make_client(args, &client);
    if (result == EXIT_OK) {
        login.name = args->rest.v[0];
        login.provider = args->provider;
        login.client = client;
        login.grant = args->grant;
        login.environment = args->environment;
        login.variables = variables.v;
        login.n_variables = variables.n;
        login.scopes = args->scopes.v;
        login.n_scopes = args->scopes.n;
        login.redirect_uri = args->redirect_uri;
        login.timeout_ms = timeout * 1000;
        login.ui = &ui;
        login.choices = choices.v;
        login.n_choices = choices.n;
        result = log_in(args, &login);
    }
    fob_client_free(&client);
    return result;
}
