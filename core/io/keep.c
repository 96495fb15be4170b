/* SPDX-License-Identifier: MIT */
/* Keeping connections: sealed on the way into the store, unsealed on the way out. */
#include "../cleanup.h"
#include "../error.h"
#include "../seal.h"
#include "driver.h"

#include <fob/limits.h>
#include <string.h>

static fob_err no_connection(const char *name, struct fob_error *error)
{
    return fob_fail(error, FOB_E_NEEDS_LOGIN, "log in first: fob login NAME --provider ID --client-id …",
                    "there is no connection named \"%s\"", name);
}

static fob_err unseal(fob_session *session, const struct fob_record *record, fob_connection **ret_connection,
                      struct fob_error *error)
{
    fob_auto_buf plain = FOB_BUF(FOB_MAX_RECORD);
    fob_err err = fob_unseal(session->key, record->name, record->sealed, record->sealed_len, &plain, error);
    if (err == FOB_OK)
        err = fob_connection_read(record->name, plain.data, plain.len, ret_connection, error);
    return err;
}

static fob_err seal(fob_session *session, const fob_connection *connection, struct fob_buf *out,
                    struct fob_error *error)
{
    fob_auto_buf plain = FOB_BUF(FOB_MAX_RECORD);
    unsigned char nonce[FOB_SEAL_NONCE];
    fob_err err = fob_connection_write(connection, &plain, error);
    if (err == FOB_OK)
        err = fob_random(nonce, sizeof nonce, error);
    if (err == FOB_OK)
        err = fob_seal(session->key, nonce, connection->name, plain.data, plain.len, out, error);
    return err;
}

static fob_err keep(fob_session *session, const struct fob_record *record, struct fob_kept *ret,
                    struct fob_error *error)
{
    fob_connection *connection = NULL;
    fob_err err = unseal(session, record, &connection, error);
    if (err == FOB_OK)
        *ret = (struct fob_kept){connection, record->fence, record->intent_at, record->lease_until};
    return err;
}

fob_err fob_keep_read(fob_session *session, const char *name, struct fob_kept *ret, struct fob_error *error)
{
    struct fob_record record = {.size = sizeof record};
    fob_err err = fob_driver_store(session, session->store_writable, error);
    if (err == FOB_OK)
        err = session->store->get(session->store_self, name, &record, error);
    if (err == FOB_E_NOT_FOUND)
        return no_connection(name, error);
    return err == FOB_OK ? keep(session, &record, ret, error) : err;
}

fob_err fob_keep_lease(fob_session *session, const char *name, struct fob_kept *ret, struct fob_error *error)
{
    struct fob_record record = {.size = sizeof record};
    int64_t now = fob_now();
    fob_err err = fob_driver_store(session, true, error);
    if (err == FOB_OK)
        err = session->store->lease(session->store_self, name, now, now + FOB_LEASE_MS, &record, error);
    if (err == FOB_E_NOT_FOUND)
        return no_connection(name, error);
    if (err != FOB_OK)
        return err;
    const uint64_t fence = record.fence;
    err = keep(session, &record, ret, error);
    if (err != FOB_OK)
        fob_keep_release(session, name, fence, record.intent_at != 0);
    return err;
}

fob_err fob_keep_renew(fob_session *session, struct fob_lease *lease, struct fob_error *error)
{
    int64_t until = fob_now() + FOB_LEASE_MS;
    fob_err err = session->store->renew(session->store_self, lease->name, lease->fence, until, error);
    if (err == FOB_E_NOT_FOUND)
        return no_connection(lease->name, error);
    if (err == FOB_OK)
        lease->until = until;
    return err;
}

void fob_keep_release(fob_session *session, const char *name, uint64_t fence, bool keep_intent)
{
    session->store->release(session->store_self, name, fence, keep_intent, NULL);
}

fob_err fob_keep_commit(fob_session *session, const fob_connection *connection, uint64_t fence,
                        struct fob_error *error)
{
    fob_auto_buf sealed = FOB_BUF(FOB_MAX_RECORD);
    fob_err err = seal(session, connection, &sealed, error);
    if (err != FOB_OK)
        return err;
    err =
        session->store->commit(session->store_self, connection->name, fence, sealed.data, sealed.len, error);
    return err == FOB_E_NOT_FOUND ? no_connection(connection->name, error) : err;
}

fob_err fob_keep_put(fob_session *session, const fob_connection *connection, struct fob_error *error)
{
    fob_auto_buf sealed = FOB_BUF(FOB_MAX_RECORD);
    fob_err err = fob_driver_store(session, true, error);
    if (err == FOB_OK)
        err = seal(session, connection, &sealed, error);
    if (err != FOB_OK)
        return err;
    return session->store->put(session->store_self, connection->name, sealed.data, sealed.len, error);
}

fob_err fob_get_connection(fob_session *session, const char *name, fob_connection **ret_connection,
                           struct fob_error *error)
{
    struct fob_kept kept = {0};
    if (!session || !name || !ret_connection)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_get_connection: an argument is missing");
    fob_err err = fob_keep_read(session, name, &kept, error);
    if (err == FOB_OK)
        *ret_connection = kept.connection;
    return err;
}

struct listing {
    fob_session *session;
    fob_connection_fn *each;
    void *user;
};

static fob_err list_one(void *user, const struct fob_record *record, struct fob_error *error)
{
    struct listing *listing = user;
    fob_connection *connection = NULL;
    fob_err err = unseal(listing->session, record, &connection, error);
    if (err == FOB_OK)
        err = listing->each(listing->user, connection, error);
    fob_connection_unref(&connection);
    return err;
}

fob_err fob_list_connections(fob_session *session, fob_connection_fn *each, void *user,
                             struct fob_error *error)
{
    if (!session || !each)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_list_connections: an argument is missing");
    struct listing listing = {session, each, user};
    fob_err err = fob_driver_store(session, session->store_writable, error);
    if (err == FOB_E_NOT_FOUND)
        return FOB_OK;
    return err == FOB_OK ? session->store->list(session->store_self, list_one, &listing, error) : err;
}
