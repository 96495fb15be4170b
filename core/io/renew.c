/* SPDX-License-Identifier: MIT */
/* One refresh under the lease: what is granted is kept before anybody sees it, and no refusal is believed too early. */
#include "renew.h"
#include "../cleanup.h"
#include "../error.h"
#include "../flows.h"
#include "../timing.h"

#include <string.h>
#include <time.h>

#define COMMIT_TRIES 3
#define COMMIT_PAUSE_MS 100

/* What has to be known to write a token down while its flow goes on. */
struct early_keeper {
    struct fob_kept *kept;
    fob_token *as_it_is; /* the old token, where the provider would not renew it yet */
};

/* --- wishes ------------------------------------------------------------------------------------------------- */

void fob_wish_free(struct fob_wish *wish)
{
    fob_token_unref(&wish->seen);
    fob_token_unref(&wish->granted);
    fob_token_unref(&wish->replaced);
}

static bool is_same(const fob_token *a, const fob_token *b)
{
    return a->obtained_at == b->obtained_at && fob_secret_equal(a->access, b->access);
}

/* One that somebody else got meanwhile is the freshest there is, however short it lives. */
bool fob_wish_fulfilled(const struct fob_wish *wish, const fob_connection *connection)
{
    const fob_token *token = connection->token;
    int64_t now = fob_now();
    bool due = token->partial || (token->renewal_due && now >= token->renewal_due);
    if (*fob_connection_dead_reason(connection))
        return false;
    if (!wish->renew && !due && fob_token_is_fresh(token, now, wish->min_ttl_ms))
        return true;
    return wish->seen && !token->partial && !is_same(token, wish->seen) &&
           (token->expires_at == 0 || token->expires_at > now);
}

fob_err fob_renew_dead(const fob_connection *connection, struct fob_error *error)
{
    return fob_fail(error, FOB_E_NEEDS_LOGIN, "log in again: fob login NAME", "\"%s\" needs a new login: %s",
                    fob_connection_name(connection), fob_connection_dead_reason(connection));
}

/* --- the request -------------------------------------------------------------------------------------------- */

static bool refreshes(const fob_connection *connection, const fob_provider *provider)
{
    return fob_token_refresh(connection->token) || provider->d.refresh.with > FOB_WITH_REFRESH_TOKEN;
}

static fob_err make_flow(const fob_connection *connection, const fob_provider *provider,
                         const struct fob_flow_params *params, fob_flow **ret_flow, struct fob_error *error)
{
    if (refreshes(connection, provider))
        return fob_flow_refresh(params, connection->token, ret_flow, error);
    if (strcmp(fob_connection_grant(connection), "client_credentials") == 0)
        return fob_flow_client_credentials_again(params, connection->token, ret_flow, error);
    return fob_fail(error, FOB_E_NEEDS_LOGIN,
                    "log in again; ask for offline access if the provider has a scope for it",
                    "the token of \"%s\" has ended and the provider gave no refresh token",
                    fob_connection_name(connection));
}

static bool renews(const fob_connection *connection, const fob_provider *provider)
{
    return refreshes(connection, provider) ||
           strcmp(fob_connection_grant(connection), "client_credentials") == 0;
}

/* What the provider would refuse is not sent. A token that is still good is the freshest there can be, then. */
static fob_err mind_the_time(const struct fob_wish *wish, const fob_connection *connection,
                             const fob_provider *provider, fob_token **ret_token, struct fob_error *error)
{
    int64_t now = fob_now(), at = 0;
    fob_token *token = connection->token;
    enum fob_timing timing = fob_refresh_timing(&provider->d.refresh, token, now, &at);
    if (!wish->renew && !token->partial && !renews(connection, provider) &&
        fob_token_is_fresh(token, now, 0)) {
        *ret_token = fob_token_ref(token);
        return FOB_OK;
    }
    if (timing == FOB_TIMING_GOOD || token->partial || !refreshes(connection, provider))
        return FOB_OK;
    if (timing == FOB_TIMING_TOO_LATE)
        return fob_fail(
            error, FOB_E_NEEDS_LOGIN, "log in again; `fob refresh --due` run daily renews it in time",
            "the token of \"%s\" has ended, and %s renews only good ones", wish->name, provider->d.name);
    if (!wish->renew && fob_token_is_fresh(token, now, 0)) {
        *ret_token = fob_token_ref(token);
        return FOB_OK;
    }
    fob_fail(error, FOB_E_RATE_LIMITED, "try again later",
             "%s does not renew the token of \"%s\" before %lld s have passed", provider->d.name, wish->name,
             (long long)((at - now + 999) / 1000));
    if (error)
        error->retry_after_ms = at - now;
    return FOB_E_RATE_LIMITED;
}

static fob_err run_grant(fob_session *session, struct fob_wish *wish, struct early_keeper *keeper,
                         struct fob_lease *lease, fob_token **ret_token, struct fob_error *error)
{
    const fob_connection *connection = keeper->kept->connection;
    fob_auto_provider *provider = NULL;
    fob_auto_flow *flow = NULL;
    struct fob_flow_setup setup = {0};
    fob_err err = fob_find_provider(session, fob_connection_provider(connection), &provider, error);
    if (err == FOB_OK)
        err = mind_the_time(wish, connection, provider, &keeper->as_it_is, error);
    if (err != FOB_OK || keeper->as_it_is)
        return err;
    err = fob_driver_setup(session, connection, provider, &setup, error);
    if (err == FOB_OK)
        err = make_flow(connection, provider, &setup.params, &flow, error);
    if (err == FOB_OK)
        err = fob_driver_run_leased(session, flow, lease, error);
    if (flow && fob_flow_token(flow)) /* also when a later step failed */
        *ret_token = fob_token_ref(fob_flow_token(flow));
    fob_driver_setup_free(&setup);
    return err;
}

/* --- keeping what it gave ----------------------------------------------------------------------------------- */

/* A lock may pass; what was granted must not be lost for want of a second try. */
static fob_err commit(fob_session *session, const fob_connection *connection, uint64_t fence,
                      struct fob_error *error)
{
    static const struct timespec rest = {.tv_nsec = COMMIT_PAUSE_MS * 1000000L};
    fob_err err = FOB_OK;
    for (int i = 0; i < COMMIT_TRIES; i++) {
        if (i)
            nanosleep(&rest, NULL);
        err = fob_keep_commit(session, connection, fence, error);
        if (err != FOB_E_STORE)
            break;
    }
    return err;
}

/* For a flow with steps behind its token: a crash or a step that fails must not take the token along. */
static fob_err keep_early(fob_session *session, struct fob_lease *lease, fob_token *token,
                          struct fob_error *error)
{
    struct early_keeper *keeper = lease->user;
    struct fob_kept *kept = keeper->kept;
    fob_connection *renewed = NULL;
    fob_err err = fob_connection_with(kept->connection, token, NULL, &renewed, error);
    if (err == FOB_OK)
        err = commit(session, renewed, kept->fence, error);
    fob_connection_unref(&renewed);
    if (err != FOB_OK)
        return err;
    struct fob_kept again = {0};
    err = fob_keep_lease(session, lease->name, &again, error);
    if (err != FOB_OK)
        return err;
    fob_connection_unref(&kept->connection);
    *kept = again;
    lease->fence = again.fence;
    lease->until = again.lease_until;
    return FOB_OK;
}

/* FOB_E_BUSY: the lease has gone to somebody else; the token stays with the wish, to be kept under the next one. */
static fob_err keep_granted(fob_session *session, struct fob_wish *wish, const struct fob_kept *kept,
                            fob_token **ret_token, struct fob_error *error)
{
    fob_connection *renewed = NULL;
    fob_err err = fob_connection_with(kept->connection, wish->granted, NULL, &renewed, error);
    if (err == FOB_OK)
        err = commit(session, renewed, kept->fence, error);
    fob_connection_unref(&renewed);
    if (err == FOB_OK)
        *ret_token = fob_steal(&wish->granted);
    else if (err != FOB_E_BUSY)
        fob_keep_release(session, wish->name, kept->fence, true);
    return err;
}

/* --- when it gave nothing ----------------------------------------------------------------------------------- */

/* Marks the connection as needing a login; its tokens stay where they are. FOB_E_BUSY: the lease is not ours any more. */
static fob_err mark_dead(fob_session *session, const struct fob_kept *kept, const struct fob_error *why)
{
    fob_connection *connection = NULL;
    fob_err err =
        fob_connection_with(kept->connection, kept->connection->token, why->what, &connection, NULL);
    if (err == FOB_OK)
        err = fob_keep_commit(session, connection, kept->fence, NULL);
    fob_connection_unref(&connection);
    return err;
}

static void tell_of_intent(struct fob_error *failure)
{
    struct fob_error plain = *failure;
    fob_fail(
        failure, plain.code, plain.fix,
        "%s; an earlier refresh was cut off before its answer was kept, which can use a refresh token up",
        plain.what);
    memcpy(failure->oauth_error, plain.oauth_error, sizeof failure->oauth_error);
    failure->http_status = plain.http_status;
}

/*
 * A refusal is believed only under a lease that is still ours. Else somebody else has used the refresh token meanwhile:
 * what they got is taken, or waited for.
 */
static fob_err weigh_refusal(fob_session *session, const struct fob_wish *wish, const struct fob_kept *sent,
                             struct fob_error *failure, fob_token **ret_token)
{
    struct fob_kept kept = {0};
    if (sent->intent_at)
        tell_of_intent(failure);
    fob_err err = mark_dead(session, sent, failure);
    if (err != FOB_OK && err != FOB_E_BUSY)
        fob_keep_release(session, wish->name, sent->fence, true);
    if (err != FOB_E_BUSY)
        return failure->code;
    err = fob_keep_read(session, wish->name, &kept, failure);
    if (err == FOB_OK && fob_wish_fulfilled(wish, kept.connection))
        *ret_token = fob_token_ref(kept.connection->token);
    else if (err == FOB_OK)
        err = fob_fail(failure, FOB_E_BUSY, "try again in a moment", "another process refreshes \"%s\"",
                       wish->name);
    fob_connection_unref(&kept.connection);
    return err;
}

/* Whether the server may have used the refresh token up although we have nothing for it. */
static bool may_be_used_up(const struct fob_lease *lease, const struct fob_error *failure)
{
    bool refused = failure->oauth_error[0] || failure->code == FOB_E_RATE_LIMITED;
    return failure->maybe_sent || (lease->answered && !refused);
}

/* --- all of it ---------------------------------------------------------------------------------------------- */

/* A step behind the token failed: the token is kept as it is, and the failure told. */
static fob_err keep_partial(fob_session *session, struct fob_wish *wish, struct fob_kept *kept,
                            const struct fob_error *failure, struct fob_error *error)
{
    fob_auto_token *partial = NULL;
    wish->replaced = fob_token_ref(kept->connection->token);
    fob_err err = keep_granted(session, wish, kept, &partial, error);
    if (err != FOB_OK)
        return err;
    if (error)
        *error = *failure;
    return failure->code;
}

static fob_err renew_leased(fob_session *session, struct fob_wish *wish, struct fob_kept *kept,
                            fob_token **ret_token, struct fob_error *error)
{
    struct fob_error failure = FOB_ERROR_INIT;
    struct early_keeper keeper = {.kept = kept};
    struct fob_lease lease = {.name = wish->name,
                              .fence = kept->fence,
                              .until = kept->lease_until,
                              .keep = keep_early,
                              .user = &keeper};
    fob_token_unref(&wish->granted);
    fob_token_unref(&wish->replaced);
    fob_err err = run_grant(session, wish, &keeper, &lease, &wish->granted, &failure);
    if (keeper.as_it_is) {
        *ret_token = keeper.as_it_is;
        fob_keep_release(session, wish->name, kept->fence, kept->intent_at != 0);
        return FOB_OK;
    }
    if (err == FOB_OK) {
        wish->replaced = fob_token_ref(kept->connection->token);
        return keep_granted(session, wish, kept, ret_token, error);
    }
    if (wish->granted)
        return keep_partial(session, wish, kept, &failure, error);
    if (err == FOB_E_NEEDS_LOGIN && failure.oauth_error[0])
        err = weigh_refusal(session, wish, kept, &failure, ret_token);
    else
        fob_keep_release(session, wish->name, kept->fence,
                         kept->intent_at || may_be_used_up(&lease, &failure));
    if (err != FOB_OK && error)
        *error = failure;
    return err;
}

fob_err fob_renew(fob_session *session, struct fob_wish *wish, fob_token **ret_token, struct fob_error *error)
{
    struct fob_kept kept;
    fob_err err = fob_keep_lease(session, wish->name, &kept, error);
    if (err != FOB_OK)
        return err;
    if (wish->granted && is_same(kept.connection->token, wish->replaced)) { /* even if marked dead by now */
        err = keep_granted(session, wish, &kept, ret_token, error);
    } else if (fob_wish_fulfilled(wish, kept.connection)) {
        *ret_token = fob_token_ref(kept.connection->token);
        fob_keep_release(session, wish->name, kept.fence, kept.intent_at != 0);
    } else if (*fob_connection_dead_reason(kept.connection)) {
        err = fob_renew_dead(kept.connection, error);
        fob_keep_release(session, wish->name, kept.fence, kept.intent_at != 0);
    } else {
        err = renew_leased(session, wish, &kept, ret_token, error);
    }
    fob_connection_unref(&kept.connection);
    return err;
}
