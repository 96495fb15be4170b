/* SPDX-License-Identifier: MIT */
/* Opening and closing a session, and loading its parts when they are first needed. */
#include "../cleanup.h"
#include "../error.h"
#include "driver.h"
#include "registry.h"

#include <fob/version.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TRANSPORT "transport-curl"

static fob_err take_options(fob_session *session, const struct fob_options *options, struct fob_error *error)
{
    fob_err err = fob_paths_init(&session->paths, options, error);
    if (err != FOB_OK)
        return err;
    session->log = options->log;
    session->waiting = options->waiting;
    session->waiting_user = options->waiting_user;
    session->in_memory = options->store_in_memory;
    if (options->proxy && !(session->proxy = fob_strdup(options->proxy)))
        return fob_no_memory(error);
    return FOB_OK;
}

fob_err fob_open(const struct fob_options *options, fob_session **ret_session, struct fob_error *error)
{
    struct fob_options own = FOB_OPTIONS_INIT;
    if (options && options->size > 0)
        memcpy(&own, options, options->size < sizeof own ? options->size : sizeof own);
    if (!ret_session || (options && options->size == 0))
        return fob_fail(error, FOB_E_ARGUMENT, "start from FOB_OPTIONS_INIT",
                        "fob_open: options without size");
    fob_session *session = calloc(1, sizeof *session);
    if (!session)
        return fob_no_memory(error);
    fob_err err = take_options(session, &own, error);
    if (err != FOB_OK)
        fob_close(&session);
    else
        *ret_session = session;
    return err;
}

static void close_store(fob_session *session)
{
    if (session->store_self)
        session->store->close(session->store_self);
    session->store_self = NULL;
}

void fob_close(fob_session **session)
{
    if (!session || !*session)
        return;
    fob_session *s = fob_steal(session);
    close_store(s);
    if (s->transport_self)
        s->transport->transport.close(s->transport_self);
    fob_paths_free(&s->paths);
    free(s->proxy);
    sodium_memzero(s, sizeof *s);
    free(s);
}

static fob_err not_empty(void *user, const struct fob_record *record, struct fob_error *error)
{
    (void)record;
    (void)error;
    *(bool *)user = true;
    return FOB_E_CANCELLED;
}

/* A new key beside old records would look like a login that works, and lose every other one. */
static bool holds_records(fob_session *session)
{
    bool found = false;
    fob_err err = session->store->list(session->store_self, not_empty, &found, NULL);
    return found || err != FOB_OK;
}

static fob_err load_key(fob_session *session, bool create, struct fob_error *error)
{
    if (session->has_key)
        return FOB_OK;
    if (create && !session->in_memory && access(session->paths.key, F_OK) != 0 && holds_records(session))
        create = false;
    fob_err err = session->in_memory ? fob_random(session->key, sizeof session->key, error)
                                     : fob_key_file(session->paths.key, create, session->key, error);
    session->has_key = err == FOB_OK;
    return err;
}

fob_err fob_driver_store(fob_session *session, bool writable, struct fob_error *error)
{
    char location[32];
    snprintf(location, sizeof location, "session-%p", (void *)session);
    if (session->in_memory)
        writable = true;
    if (!session->store_self || (writable && !session->store_writable)) {
        close_store(session);
        session->store = session->in_memory ? &fob_store_memory : &fob_store_sqlite;
        fob_err err = session->store->open(session->in_memory ? location : session->paths.store,
                                           writable ? 0 : FOB_STORE_READ_ONLY, &session->store_self, error);
        if (err != FOB_OK)
            return err;
        session->store_writable = writable;
    }
    return load_key(session, writable, error);
}

fob_err fob_driver_transport(fob_session *session, struct fob_error *error)
{
    if (session->transport_self)
        return FOB_OK;
    fob_err err =
        fob_plugin_load_role(&session->paths, TRANSPORT, FOB_ROLE_TRANSPORT, &session->transport, error);
    if (err != FOB_OK)
        return err;
    struct fob_transport_config config = {.size = sizeof config,
                                          .ca_file = session->paths.ca_file,
                                          .proxy = session->proxy,
                                          .ignore_environment = !session->paths.trust_environment,
                                          .user_agent = "fob/" FOB_VERSION,
                                          .log = session->log};
    return session->transport->transport.open(&config, &session->transport_self, error);
}

void fob_driver_waiting(fob_session *session, const char *what, int64_t until)
{
    if (!session->waiting || (!what && !session->is_waiting))
        return;
    session->is_waiting = what != NULL;
    session->waiting(session->waiting_user, what, until);
}

fob_err fob_find_provider(fob_session *session, const char *id, fob_provider **ret_provider,
                          struct fob_error *error)
{
    if (!session || !id || !ret_provider)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_find_provider: an argument is missing");
    return fob_registry_find(&session->paths, id, ret_provider, error);
}

fob_err fob_list_providers(fob_session *session, fob_provider_fn *each, void *user, struct fob_error *error)
{
    if (!session || !each)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_list_providers: an argument is missing");
    return fob_registry_list(&session->paths, each, user, error);
}

fob_err fob_lint(fob_session *session, const char *text, size_t len, const char *file, fob_problem_fn *report,
                 void *user, struct fob_error *error)
{
    if (!session)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_lint: an argument is missing");
    return fob_registry_lint(&session->paths, text, len, file, report, user, error);
}

fob_err fob_read_provider(fob_session *session, const char *text, size_t len, const char *file,
                          fob_provider **ret_provider, struct fob_error *error)
{
    if (!session || !text || !file || !ret_provider)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_read_provider: an argument is missing");
    return fob_registry_read(&session->paths, text, len, file, ret_provider, error);
}

fob_err fob_descriptor_json(fob_session *session, const char *text, size_t len, const char *file,
                            char **ret_json, struct fob_error *error)
{
    if (!session || !text || !file || !ret_json)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_descriptor_json: an argument is missing");
    return fob_registry_describe(&session->paths, text, len, file, ret_json, error);
}
