/* SPDX-License-Identifier: MIT */
/* A token that is good for as long as asked: the stored one, or one refresh at a time for everybody. */
#include "../cleanup.h"
#include "../error.h"
#include "login.h"
#include "renew.h"

#include <fob/limits.h>
#include <time.h>

#define POLL_MS 50       /* between looks at somebody else's refresh */
#define POLLS_TO_TELL 10 /* that we still wait */

/* Somebody else refreshes: take what they get, or their place when they are gone. */
static fob_err wait_and_renew(fob_session *session, struct fob_wish *wish, fob_token **ret_token,
                              struct fob_error *error)
{
    static const struct timespec rest = {.tv_nsec = POLL_MS * 1000000L};
    int64_t give_up_at = fob_now() + FOB_LEASE_MS + FOB_TOTAL_TIMEOUT_MS;
    for (unsigned polls = 0;; polls++) {
        struct fob_kept kept;
        fob_err err = fob_renew(session, wish, ret_token, error);
        if (err != FOB_E_BUSY || fob_now() > give_up_at)
            return err;
        if (polls % POLLS_TO_TELL == 0)
            fob_driver_waiting(session, "another process", give_up_at);
        nanosleep(&rest, NULL);
        err = fob_keep_read(session, wish->name, &kept, error);
        if (err == FOB_E_BUSY)
            continue;
        if (err != FOB_OK)
            return err;
        bool good = fob_wish_fulfilled(wish, kept.connection);
        if (good)
            *ret_token = fob_token_ref(kept.connection->token);
        fob_connection_unref(&kept.connection);
        if (good)
            return FOB_OK;
    }
}

/* A renewal before its time may fail: the token that is still good does as well. */
static bool is_spare(const struct fob_wish *wish, const fob_token *token)
{
    return !wish->renew && !token->partial && fob_token_is_fresh(token, fob_now(), wish->min_ttl_ms);
}

static fob_err get(fob_session *session, struct fob_wish *wish, fob_token **ret_token,
                   struct fob_error *error)
{
    struct fob_kept kept;
    fob_err err = fob_keep_read(session, wish->name, &kept, error);
    if (err == FOB_E_NEEDS_LOGIN)
        return fob_login_unattended(session, wish->name, ret_token, error);
    if (err != FOB_OK)
        return err;
    if (*fob_connection_dead_reason(kept.connection)) {
        err = fob_renew_dead(kept.connection, error);
    } else if (fob_wish_fulfilled(wish, kept.connection)) {
        *ret_token = fob_token_ref(kept.connection->token);
    } else {
        wish->seen = fob_token_ref(kept.connection->token);
        err = wait_and_renew(session, wish, ret_token, error);
        fob_driver_waiting(session, NULL, 0);
        if (err != FOB_OK && is_spare(wish, wish->seen)) {
            *ret_token = fob_token_ref(wish->seen);
            err = FOB_OK;
        }
    }
    fob_connection_unref(&kept.connection);
    fob_wish_free(wish);
    return err;
}

fob_err fob_get_token(fob_session *session, const char *name, int64_t min_ttl_ms, fob_token **ret_token,
                      struct fob_error *error)
{
    if (!session || !name || !ret_token || min_ttl_ms < 0)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_get_token: an argument is missing or negative");
    struct fob_wish wish = {.name = name, .min_ttl_ms = min_ttl_ms};
    return get(session, &wish, ret_token, error);
}

fob_err fob_refresh_token(fob_session *session, const char *name, fob_token **ret_token,
                          struct fob_error *error)
{
    if (!session || !name || !ret_token)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_refresh_token: an argument is missing");
    struct fob_wish wish = {.name = name, .renew = true};
    return get(session, &wish, ret_token, error);
}
