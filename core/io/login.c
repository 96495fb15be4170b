/* SPDX-License-Identifier: MIT */
/* Logging in: run the grant, then keep the connection under its name. */
#include "login.h"
#include "../cleanup.h"
#include "../client.h"
#include "../error.h"
#include "clients.h"

#include <fob/limits.h>
#include <string.h>

#define AUTHORIZATION_CODE "authorization_code"
#define CLIENT_CREDENTIALS "client_credentials"
#define DEFAULT_REDIRECT "http://127.0.0.1:0/callback"

static const char *either(const char *first, const char *second, const char *third)
{
    return first ? first : second ? second : third;
}

static fob_err check_name(const char *name, struct fob_error *error)
{
    size_t len = name ? strlen(name) : 0;
    bool good = len > 0 && len <= FOB_MAX_NAME && fob_utf8_valid(name, len);
    for (size_t i = 0; i < len; i++)
        good = good && (unsigned char)name[i] >= 0x20 && name[i] != 0x7f;
    if (good)
        return FOB_OK;
    return fob_fail(error, FOB_E_ARGUMENT, NULL,
                    "a connection's name is 1 to %d bytes of UTF-8 without control characters", FOB_MAX_NAME);
}

/* The entry in clients.yaml fills what the caller left out; with a client given it is not asked. */
static fob_err find_entry(fob_session *session, const struct fob_login *login, struct fob_client_entry *ret,
                          struct fob_error *error)
{
    if (login->client)
        return FOB_OK;
    fob_err err = fob_clients_find(&session->paths, login->name, ret, error);
    if (err == FOB_E_NOT_FOUND)
        return fob_fail(
            error, FOB_E_ARGUMENT, "give --provider and --client-id, or add the client to clients.yaml",
            "no client was given for \"%s\", and clients.yaml has none of that name", login->name);
    return err;
}

static char *join_scopes(const char *const *scopes, size_t n)
{
    struct fob_buf text = FOB_BUF(FOB_MAX_SCALAR);
    for (size_t i = 0; i < n; i++) {
        fob_buf_str(&text, i ? " " : "");
        fob_buf_str(&text, scopes[i]);
    }
    if (fob_buf_finish(&text, "the scope list", NULL) != FOB_OK)
        fob_buf_free(&text);
    return fob_buf_steal(&text);
}

static bool is_secret_variable(const fob_provider *provider, const char *name)
{
    struct fob_variable variable = {.size = sizeof variable};
    for (size_t i = 0; fob_provider_variable(provider, i, &variable) == FOB_OK; i++)
        if (strcmp(variable.name, name) == 0)
            return variable.is_secret;
    return false;
}

static void add_variables(fob_connection *c, const fob_provider *provider, const struct fob_pair *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fob_pairs_set(&c->variables, v[i].name, v[i].value);
        fob_pairs_set(&c->shown, v[i].name, is_secret_variable(provider, v[i].name) ? "" : v[i].value);
    }
}

/* The connection as it will be, but for its token. */
static fob_err draft(const struct fob_login *login, const struct fob_client_entry *entry,
                     const fob_provider *provider, fob_connection **ret_connection, struct fob_error *error)
{
    fob_connection *c = fob_connection_new();
    if (!c)
        return fob_no_memory(error);
    bool asks = login->n_scopes > 0;
    c->name = fob_strdup(login->name);
    c->provider = fob_strdup(fob_provider_id(provider));
    c->environment = fob_strdup(either(login->environment, entry->environment, ""));
    c->grant = fob_strdup(either(login->grant, entry->grant, AUTHORIZATION_CODE));
    c->scope = asks ? join_scopes(login->scopes, login->n_scopes)
                    : join_scopes((const char *const *)entry->scopes.v, entry->scopes.n);
    c->created_at = fob_now();
    add_variables(c, provider, entry->variables.v, entry->variables.n);
    add_variables(c, provider, login->variables, login->n_variables);
    const fob_client *client = login->client ? login->client : entry->client;
    fob_err err = fob_client_copy(client, &c->client, error);
    bool whole = c->name && c->provider && c->environment && c->grant && c->scope &&
                 c->variables.failed == FOB_OK && c->shown.failed == FOB_OK;
    if (err == FOB_OK && !whole)
        err = fob_no_memory(error);
    if (err != FOB_OK)
        fob_connection_unref(&c);
    else
        *ret_connection = c;
    return err;
}

static fob_err run_code(fob_session *session, const struct fob_login *login, fob_connection *connection,
                        const char *redirect_uri, struct fob_flow_params *params, fob_flow **ret_flow,
                        struct fob_error *error)
{
    struct fob_redirect_listener listener = {0};
    fob_auto_free char *uri = NULL;
    fob_auto_flow *flow = NULL;
    fob_err err = fob_driver_listen(session, redirect_uri, FOB_LISTEN_QUERY, &listener, &uri, error);
    if (err != FOB_OK)
        return err;
    params->redirect_uri = uri;
    params->authorize_params = login->authorize_params;
    params->n_authorize_params = login->n_authorize_params;
    params->login_timeout_ms = login->timeout_ms;
    err = fob_flow_authorization_code(params, &flow, error);
    if (err == FOB_OK)
        err = fob_driver_run(session, flow, login->ui, &listener, error);
    fob_driver_unlisten(&listener);
    if (err != FOB_OK)
        return err;
    connection->redirect_uri = fob_steal(&uri);
    *ret_flow = fob_steal(&flow);
    return FOB_OK;
}

/* No person takes part in the grant, but one may be there to choose. */
static fob_err run_machine(fob_session *session, const struct fob_login *login,
                           const struct fob_flow_params *params, fob_flow **ret_flow, struct fob_error *error)
{
    fob_auto_flow *flow = NULL;
    fob_err err = fob_flow_client_credentials(params, &flow, error);
    if (err == FOB_OK)
        err = fob_driver_run(session, flow, login->ui, NULL, error);
    if (err == FOB_OK)
        *ret_flow = fob_steal(&flow);
    return err;
}

/* A port by chance on 127.0.0.1 is what RFC 8252 section 7.3 wants taken, and few providers take. */
static void tell_of_redirect(const struct fob_login *login, const fob_provider *provider)
{
    static const char *const taken[] = {
        [FOB_REDIRECT_LOOPBACK] = "the port on 127.0.0.1 that was registered",
        [FOB_REDIRECT_LOCALHOST] = "the http://localhost address that was registered",
        [FOB_REDIRECT_HTTPS_OR_LOCALHOST] = "the https or http://localhost address that was registered",
        [FOB_REDIRECT_HTTPS] = "the https address that was registered",
        [FOB_REDIRECT_CUSTOM_SCHEME] = "the application's own scheme that was registered",
    };
    unsigned rule = provider->d.registration.redirect_uri;
    struct fob_error told;
    if (!login->ui || !login->ui->notice || rule >= sizeof taken / sizeof *taken || !taken[rule])
        return;
    fob_fail(&told, FOB_E_CONFIG,
             "if it refuses, give that one with --redirect-uri, or as redirect_uri in clients.yaml",
             "%s takes only %s", provider->d.name, taken[rule]);
    login->ui->notice(login->ui->user, &told);
}

static fob_err run_grant(fob_session *session, const struct fob_login *login,
                         const struct fob_client_entry *entry, fob_connection *connection,
                         fob_provider *provider, fob_flow **ret_flow, struct fob_error *error)
{
    struct fob_flow_setup setup = {0};
    const char *grant = fob_connection_grant(connection);
    const char *redirect_uri = either(login->redirect_uri, entry->redirect_uri, NULL);
    fob_err err = fob_driver_setup(session, connection, provider, &setup, error);
    setup.params.choices = login->choices;
    setup.params.n_choices = login->n_choices;
    if (err == FOB_OK && !redirect_uri && strcmp(grant, AUTHORIZATION_CODE) == 0)
        tell_of_redirect(login, provider);
    if (err == FOB_OK && strcmp(grant, CLIENT_CREDENTIALS) == 0)
        err = run_machine(session, login, &setup.params, ret_flow, error);
    else if (err == FOB_OK && strcmp(grant, AUTHORIZATION_CODE) == 0)
        err = run_code(session, login, connection, redirect_uri ? redirect_uri : DEFAULT_REDIRECT,
                       &setup.params, ret_flow, error);
    else if (err == FOB_OK)
        err = fob_fail(error, FOB_E_ARGUMENT, "use authorization_code or client_credentials",
                       "there is no grant named \"%s\"", grant);
    fob_driver_setup_free(&setup);
    if (err == FOB_OK)
        connection->token = fob_token_ref(fob_flow_token(*ret_flow));
    return err;
}

/*
 * What a provider calls a second token does not choose among other people's connections: one that is there and was not made
 * by this client at this provider stays.
 */
static bool is_anothers(fob_session *session, const char *name, const fob_connection *connection)
{
    fob_connection *there = NULL;
    bool found = fob_get_connection(session, name, &there, NULL) == FOB_OK &&
                 (strcmp(fob_connection_provider(there), fob_connection_provider(connection)) != 0 ||
                  strcmp(fob_connection_client_id(there), fob_connection_client_id(connection)) != 0);
    fob_connection_unref(&there);
    if (found)
        fob_log(&session->log, FOB_LOG_WARNING,
                "a second token is not kept: \"%s\" is another provider's or client's connection", name);
    return found;
}

/* A second token is a connection of its own, so that it has a refresh, a lease and a state of its own. */
static fob_err keep_also(fob_session *session, const fob_connection *connection, const fob_flow *flow,
                         struct fob_error *error)
{
    const char *which;
    fob_token *token;
    fob_err err = FOB_OK;
    for (size_t n = 0; err == FOB_OK && (token = fob_flow_also(flow, n, &which)); n++) {
        fob_auto_buf name = FOB_BUF((size_t)FOB_MAX_NAME);
        fob_connection *other = NULL;
        fob_buf_fmt(&name, "%s/%s", connection->name, which);
        err = fob_buf_finish(&name, "the name of the second connection", error);
        if (err == FOB_OK && is_anothers(session, name.data, connection))
            continue;
        if (err == FOB_OK)
            err = fob_connection_with(connection, token, NULL, &other, error);
        if (err == FOB_OK) {
            free(other->name);
            other->name = fob_buf_steal(&name);
            err = fob_keep_put(session, other, error);
        }
        fob_connection_unref(&other);
    }
    return err;
}

/* What the answer will call it is not known yet. */
static size_t room_for(const struct fob_also_rule *also)
{
    return also->each ? FOB_MAX_ID : strlen(also->name);
}

/* A grant whose second token could not be kept under NAME/WHICH would be half lost. */
static fob_err check_also_names(const char *name, const fob_provider *provider, struct fob_error *error)
{
    const struct fob_response_rule *responses[] = {&provider->d.token.response,
                                                   &provider->d.client_credentials.response};
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++)
        for (size_t k = 0; k < responses[i]->n_also; k++)
            if (strlen(name) + 1 + room_for(&responses[i]->also[k]) > FOB_MAX_NAME)
                return fob_fail(error, FOB_E_ARGUMENT, "choose a shorter name",
                                "the name leaves no room for the second connection, NAME/%s",
                                responses[i]->also[k].each ? "and up to 64 characters"
                                                           : responses[i]->also[k].name);
    return FOB_OK;
}

static fob_err log_in(fob_session *session, const struct fob_login *login,
                      const struct fob_client_entry *entry, fob_connection **ret_connection,
                      struct fob_error *error)
{
    fob_auto_provider *provider = NULL;
    fob_auto_flow *flow = NULL;
    fob_connection *connection = NULL;
    const char *id = either(login->provider, entry->provider, NULL);
    if (!id)
        return fob_fail(error, FOB_E_ARGUMENT, "name one of those that `fob providers` lists",
                        "no provider was given");
    fob_err err = fob_find_provider(session, id, &provider, error);
    if (err == FOB_OK)
        err = check_also_names(login->name, provider, error);
    if (err == FOB_OK)
        err = fob_driver_store(session, true, error); /* before anything is granted that could not be kept */
    if (err == FOB_OK)
        err = draft(login, entry, provider, &connection, error);
    if (err == FOB_OK)
        err = run_grant(session, login, entry, connection, provider, &flow, error);
    if (err == FOB_OK)
        err = fob_keep_put(session, connection, error);
    if (err == FOB_OK)
        err = keep_also(session, connection, flow, error);
    if (err == FOB_OK && ret_connection)
        *ret_connection = fob_steal(&connection);
    fob_connection_unref(&connection);
    return err;
}

fob_err fob_log_in(fob_session *session, const struct fob_login *login, fob_connection **ret_connection,
                   struct fob_error *error)
{
    struct fob_login own = FOB_LOGIN_INIT;
    struct fob_client_entry entry = {0};
    if (!session || !login || login->size == 0)
        return fob_fail(error, FOB_E_ARGUMENT, "start from FOB_LOGIN_INIT",
                        "fob_log_in: an argument is missing");
    memcpy(&own, login, login->size < sizeof own ? login->size : sizeof own);
    fob_err err = check_name(own.name, error);
    if (err == FOB_OK)
        err = find_entry(session, &own, &entry, error);
    if (err == FOB_OK)
        err = log_in(session, &own, &entry, ret_connection, error);
    fob_client_entry_free(&entry);
    return err;
}

fob_err fob_login_unattended(fob_session *session, const char *name, fob_token **ret_token,
                             struct fob_error *error)
{
    struct fob_client_entry entry = {0};
    struct fob_login login = FOB_LOGIN_INIT;
    fob_connection *connection = NULL;
    struct fob_error missing = FOB_ERROR_INIT;
    fob_fail(&missing, FOB_E_NEEDS_LOGIN, "log in first: fob login NAME --provider ID --client-id …",
             "there is no connection named \"%s\"", name);
    login.name = name;
    fob_err err = fob_clients_find(&session->paths, name, &entry, error);
    bool machine = err == FOB_OK && entry.grant && strcmp(entry.grant, CLIENT_CREDENTIALS) == 0;
    if (err == FOB_E_NOT_FOUND || (err == FOB_OK && !machine)) {
        err = missing.code;
        if (error)
            *error = missing;
    } else if (err == FOB_OK) {
        login.client = entry.client;
        err = log_in(session, &login, &entry, &connection, error);
    }
    if (err == FOB_OK)
        *ret_token = fob_token_ref(connection->token);
    fob_connection_unref(&connection);
    fob_client_entry_free(&entry);
    return err;
}
