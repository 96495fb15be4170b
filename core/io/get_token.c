/* SPDX-License-Identifier: MIT */
/* A token that is good for as long as asked: the stored one, or one refresh at a time for everybody. */
#include "../cleanup.h"
#include "../error.h"
#include "driver.h"
#include "login.h"

#include <fob/limits.h>
#include <string.h>
#include <time.h>

#define POLL_MS 50 /* between looks at somebody else's refresh */
#define COMMIT_TRIES 3

struct wish {
    const char *name;
    int64_t min_ttl_ms;
    bool renew;      /* even when it is fresh */
    int64_t seen_at; /* when the token that was not good enough had been obtained */
};

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

static bool good_enough(const struct wish *wish, const fob_connection *connection)
{
    bool newer = connection->token->obtained_at > wish->seen_at;
    if (*fob_connection_dead_reason(connection))
        return false;
    return wish->renew ? newer : fob_token_is_fresh(connection->token, fob_now(), wish->min_ttl_ms);
}

static fob_err dead(const fob_connection *connection, struct fob_error *error)
{
    return fob_fail(error, FOB_E_NEEDS_LOGIN, "log in again: fob login NAME", "\"%s\" needs a new login: %s",
                    fob_connection_name(connection), fob_connection_dead_reason(connection));
}

static fob_err make_flow(const fob_connection *connection, const struct fob_flow_params *params,
                         fob_flow **ret_flow, struct fob_error *error)
{
    if (fob_token_refresh(connection->token))
        return fob_flow_refresh(params, connection->token, ret_flow, error);
    if (strcmp(fob_connection_grant(connection), "client_credentials") == 0)
        return fob_flow_client_credentials(params, ret_flow, error);
    return fob_fail(error, FOB_E_NEEDS_LOGIN,
                    "log in again; ask for offline access if the provider has a scope for it",
                    "the token of \"%s\" has ended and the provider gave no refresh token",
                    fob_connection_name(connection));
}

static fob_err run_grant(fob_session *session, const fob_connection *connection, fob_token **ret_token,
                         struct fob_error *error)
{
    fob_auto_provider *provider = NULL;
    fob_auto_flow *flow = NULL;
    struct fob_flow_setup setup = {0};
    fob_err err = fob_find_provider(session, fob_connection_provider(connection), &provider, error);
    if (err == FOB_OK)
        err = fob_driver_setup(session, connection, provider, &setup, error);
    if (err == FOB_OK)
        err = make_flow(connection, &setup.params, &flow, error);
    if (err == FOB_OK)
        err = fob_driver_run(session, flow, NULL, NULL, error);
    if (err == FOB_OK)
        *ret_token = fob_token_ref(fob_flow_token(flow));
    fob_driver_setup_free(&setup);
    return err;
}

/* A full disk or a lock may pass; what was granted must not be lost for want of a second try. */
static fob_err commit(fob_session *session, const fob_connection *connection, uint64_t fence,
                      struct fob_error *error)
{
    fob_err err = FOB_OK;
    for (int i = 0; i < COMMIT_TRIES; i++) {
        err = fob_keep_commit(session, connection, fence, error);
        if (err != FOB_E_STORE)
            break;
        pause_ms(100);
    }
    return err;
}

/* Marks the connection as needing a login; its tokens stay where they are. */
static void mark_dead(fob_session *session, const struct fob_kept *kept, const struct fob_error *why)
{
    fob_connection *connection = NULL;
    if (fob_connection_with(kept->connection, kept->connection->token, why->what, &connection, NULL) ==
        FOB_OK)
        fob_keep_commit(session, connection, kept->fence, NULL);
    fob_connection_unref(&connection);
}

static void give_up(fob_session *session, const struct wish *wish, const struct fob_kept *kept,
                    struct fob_error *failure)
{
    bool refused = failure->code == FOB_E_NEEDS_LOGIN && failure->oauth_error[0];
    if (refused && kept->intent_at) {
        struct fob_error plain = *failure;
        fob_fail(
            failure, FOB_E_NEEDS_LOGIN, plain.fix,
            "%s; an earlier refresh was cut off before its answer was kept, which can use a refresh token up",
            plain.what);
        memcpy(failure->oauth_error, plain.oauth_error, sizeof failure->oauth_error);
        failure->http_status = plain.http_status;
    }
    if (refused)
        mark_dead(session, kept, failure);
    else
        session->store->release(session->store_self, wish->name, kept->fence, failure->maybe_sent, NULL);
}

/* With the lease in hand. */
static fob_err renew_leased(fob_session *session, const struct wish *wish, const struct fob_kept *kept,
                            fob_token **ret_token, struct fob_error *error)
{
    struct fob_error failure = FOB_ERROR_INIT;
    fob_auto_token *token = NULL;
    fob_connection *renewed = NULL;
    fob_err err = run_grant(session, kept->connection, &token, &failure);
    if (err != FOB_OK) {
        give_up(session, wish, kept, &failure);
        if (error)
            *error = failure;
        return err;
    }
    err = fob_connection_with(kept->connection, token, NULL, &renewed, error);
    if (err == FOB_OK)
        err = commit(session, renewed, kept->fence, error);
    fob_connection_unref(&renewed);
    if (err == FOB_OK)
        *ret_token = fob_steal(&token);
    return err;
}

static fob_err lease_and_renew(fob_session *session, const struct wish *wish, fob_token **ret_token,
                               struct fob_error *error)
{
    struct fob_kept kept;
    fob_err err = fob_keep_lease(session, wish->name, &kept, error);
    if (err != FOB_OK)
        return err;
    if (good_enough(wish, kept.connection)) {
        *ret_token = fob_token_ref(kept.connection->token);
        session->store->release(session->store_self, wish->name, kept.fence, kept.intent_at != 0, NULL);
    } else if (*fob_connection_dead_reason(kept.connection)) {
        session->store->release(session->store_self, wish->name, kept.fence, kept.intent_at != 0, NULL);
        err = dead(kept.connection, error);
    } else {
        err = renew_leased(session, wish, &kept, ret_token, error);
    }
    fob_connection_unref(&kept.connection);
    return err;
}

/* Somebody else refreshes: take what they get, or their place when they are gone. */
static fob_err wait_and_renew(fob_session *session, const struct wish *wish, fob_token **ret_token,
                              struct fob_error *error)
{
    int64_t give_up_at = fob_now() + FOB_LEASE_MS + FOB_TOTAL_TIMEOUT_MS;
    for (;;) {
        struct fob_kept kept;
        fob_err err = lease_and_renew(session, wish, ret_token, error);
        if (err != FOB_E_BUSY || fob_now() > give_up_at)
            return err;
        pause_ms(POLL_MS);
        err = fob_keep_read(session, wish->name, &kept, error);
        if (err != FOB_OK)
            return err;
        bool good = good_enough(wish, kept.connection);
        if (good)
            *ret_token = fob_token_ref(kept.connection->token);
        fob_connection_unref(&kept.connection);
        if (good)
            return FOB_OK;
    }
}

static fob_err get(fob_session *session, struct wish *wish, fob_token **ret_token, struct fob_error *error)
{
    struct fob_kept kept;
    fob_err err = fob_keep_read(session, wish->name, &kept, error);
    if (err == FOB_E_NEEDS_LOGIN)
        return fob_login_unattended(session, wish->name, ret_token, error);
    if (err != FOB_OK)
        return err;
    wish->seen_at = kept.connection->token->obtained_at;
    if (*fob_connection_dead_reason(kept.connection))
        err = dead(kept.connection, error);
    else if (good_enough(wish, kept.connection))
        *ret_token = fob_token_ref(kept.connection->token);
    else
        err = wait_and_renew(session, wish, ret_token, error);
    fob_connection_unref(&kept.connection);
    return err;
}

fob_err fob_get_token(fob_session *session, const char *name, int64_t min_ttl_ms, fob_token **ret_token,
                      struct fob_error *error)
{
    if (!session || !name || !ret_token || min_ttl_ms < 0)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_get_token: an argument is missing or negative");
    struct wish wish = {.name = name, .min_ttl_ms = min_ttl_ms};
    return get(session, &wish, ret_token, error);
}

fob_err fob_refresh_token(fob_session *session, const char *name, fob_token **ret_token,
                          struct fob_error *error)
{
    if (!session || !name || !ret_token)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_refresh_token: an argument is missing");
    struct wish wish = {.name = name, .renew = true};
    return get(session, &wish, ret_token, error);
}
