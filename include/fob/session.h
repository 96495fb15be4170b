/* SPDX-License-Identifier: MIT */
/*
 * The blocking driver: the store, the catalogue, the transport and the flows put together, so that a
 * program has its token after three calls:
 *
 *     fob_open(NULL, &session, &error);
 *     fob_get_token(session, "work-mail", 60 * 1000, &token, &error);
 *     fob_close(&session);
 *
 * One session is used by one thread at a time. Any number may be open, in any number of threads and
 * processes, on the same store.
 */
#ifndef FOB_SESSION_H
#define FOB_SESSION_H

#include <fob/flow.h>
#include <fob/store.h>

FOB_BEGIN_DECLS

typedef struct fob_session fob_session;

/*
 * Where things are. NULL or 0 means the default. Zero it, set size, or start from FOB_OPTIONS_INIT. Copied.
 * Environment variables are honoured unless the process runs set-uid or set-gid or ignore_environment is
 * set; an option given here wins over them.
 */
struct fob_options {
    size_t size;
    const char *store_path; /* $FOB_STORE, else $XDG_DATA_HOME/fob/fob.db */
    const char *key_path;   /* $FOB_KEY, else "fob.key" beside the store */
    const char
        *provider_path; /* folders, colon-separated: $FOB_PROVIDER_PATH, else $XDG_CONFIG_HOME/fob/providers,
                                  /etc/fob/providers, the bundled ones */
    const char *plugin_path;  /* likewise: $FOB_PLUGIN_PATH, else $XDG_DATA_HOME/fob/plugins, <libdir>/fob */
    const char *clients_file; /* $FOB_CLIENTS, else $XDG_CONFIG_HOME/fob/clients.yaml */
    const char *ca_file; /* PEM certificates to trust; $SSL_CERT_FILE or $CURL_CA_BUNDLE, else the system's */
    const char *proxy;   /* $https_proxy, $http_proxy, $all_proxy, less $no_proxy; "" for none */
    int ignore_environment;
    int store_in_memory; /* for tests: nothing is read or written, all is gone at fob_close */
    struct fob_logger log;
    /* Told when a call has to wait, for what ("acme.example", "another process"), and when it gives up (ms since 1970):
       before each request, and about twice a second while another process refreshes. what NULL: that is over.
       Called on the thread of the call; must not call back into the session. For a person, see struct fob_ui. */
    void (*waiting)(void *user, const char *what, int64_t until);
    void *waiting_user;
};

#define FOB_OPTIONS_INIT                                                                                     \
    {                                                                                                        \
        .size = sizeof(struct fob_options)                                                                   \
    }

/*
 * Opens a session. Cheap: nothing is read or loaded before it is needed. options may be NULL.
 * Errors: FOB_E_ARGUMENT, FOB_E_CONFIG (no home folder), FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_open(const struct fob_options *options, fob_session **ret_session,
                                       struct fob_error *error);

/* Closes it, wipes what it held and sets *session to NULL. Tokens and connections given out stay valid. NULL is fine. */
FOB_API void fob_close(fob_session **session);

/* --- connections ------------------------------------------------------------------------------------ */

/* One granted authorization: a snapshot. Reference counted like a token. */
typedef struct fob_connection fob_connection;

FOB_API fob_connection *fob_connection_ref(fob_connection *connection);
FOB_API void fob_connection_unref(fob_connection **connection);

/* Facts; strings are never NULL and live as long as the connection. */
FOB_API const char *fob_connection_name(const fob_connection *connection);
FOB_API const char *fob_connection_provider(const fob_connection *connection);
FOB_API const char *fob_connection_environment(const fob_connection *connection); /* "" for none */
FOB_API const char *fob_connection_client_id(const fob_connection *connection);
FOB_API const char *fob_connection_grant(const fob_connection *connection); /* grant_type it was made with */
FOB_API const char *fob_connection_scope(const fob_connection *connection); /* asked for, by spaces */
/* The nth tenant variable from 0; NULL past the end. A secret one has the value "". */
FOB_API const struct fob_pair *fob_connection_variable(const fob_connection *connection, size_t n);
/* When it was first made, in ms since 1970. */
FOB_API int64_t fob_connection_created_at(const fob_connection *connection);
/* Its token; lives as long as the connection. Never NULL. */
FOB_API fob_token *fob_connection_token(const fob_connection *connection);
/* Why it needs a new login, or "" while it works. */
FOB_API const char *fob_connection_dead_reason(const fob_connection *connection);

/*
 * Reads one connection. The caller drops it with fob_connection_unref.
 * Errors: FOB_E_NEEDS_LOGIN (no such connection), FOB_E_STORE, FOB_E_KEY, FOB_E_BUSY, FOB_E_UNTRUSTED, FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_get_connection(fob_session *session, const char *name,
                                                 fob_connection **ret_connection, struct fob_error *error);

typedef fob_err fob_connection_fn(void *user, fob_connection *connection, struct fob_error *error);

/*
 * Calls each for every connection by name; take a reference to keep one. A result other than FOB_OK stops
 * and is returned. No store yet is an empty list. Errors: as fob_get_connection.
 */
FOB_API fob_err fob_list_connections(fob_session *session, fob_connection_fn *each, void *user,
                                     struct fob_error *error);

/* --- tokens ----------------------------------------------------------------------------------------- */

/*
 * A token of the connection that is good for at least min_ttl_ms (0 or more) from now: the stored one when
 * it is, else a refreshed one, else (client credentials) a new one. One refresh runs at a time for a
 * connection, whoever asks: the others wait and take its result. When the provider's tokens never live as
 * long as asked, the freshest is given. A connection that is not there but stands in clients.yaml with
 * grant: client_credentials is made.
 * The caller drops *ret_token with fob_token_unref.
 * Errors: FOB_E_NEEDS_LOGIN (no connection, no refresh token, or the grant is dead), everything
 * fob_flow_feed_response says, FOB_E_NETWORK, FOB_E_TLS, FOB_E_BUSY, FOB_E_STORE, FOB_E_KEY, FOB_E_UNTRUSTED,
 * FOB_E_NOT_FOUND (the provider has no descriptor any more), FOB_E_DESCRIPTOR, FOB_E_CONFIG, FOB_E_PLUGIN.
 */
FOB_API FOB_NODISCARD fob_err fob_get_token(fob_session *session, const char *name, int64_t min_ttl_ms,
                                            fob_token **ret_token, struct fob_error *error);

/*
 * A new token whether or not the stored one is still good; when another process refreshed it while this
 * call waited for its turn, that one. The rest as fob_get_token.
 */
FOB_API FOB_NODISCARD fob_err fob_refresh_token(fob_session *session, const char *name, fob_token **ret_token,
                                                struct fob_error *error);

/* --- login and logout ------------------------------------------------------------------------------- */

/*
 * What the person sees and does. Every member may be NULL. Called on the thread of the call that runs the
 * flow; must not call back into the same session.
 */
struct fob_ui {
    size_t size;
    void *user;
    /* Show or open url (the authorization request). Not FOB_OK ends the login with that error. */
    fob_err (*open_url)(void *user, const char *url, struct fob_error *error);
    /* Waiting for the person until `until` (ms since 1970), called about twice a second. Return non-zero to cancel.
       To feed a redirect that the person pasted, set *ret_redirect to it; the string stays the host's. */
    int (*waiting)(void *user, int64_t now, int64_t until, const char **ret_redirect);
    /* Something to tell that did not end the login: a redirect that was not ours, one that the provider may refuse … */
    void (*notice)(void *user, const struct fob_error *what);
    /* What makes this login weaker than it should be (the descriptor gives no state …), before open_url. */
    void (*warning)(void *user, const char *text);
    /* Which of several (a site, an account)? step is what the descriptor calls it; *ret_id is one of the ids, and lives until
       the next call. *ret_id NULL cancels the login, as any error does. */
    fob_err (*choose)(void *user, const char *step, const struct fob_option *options, size_t n_options,
                      const char **ret_id, struct fob_error *error);
};

/* Zero it, set size or use FOB_LOGIN_INIT, fill in what applies. */
struct fob_login {
    size_t size;
    const char *name; /* of the connection, 1 to FOB_MAX_NAME bytes */
    const char *
        provider; /* id. NULL with client NULL: the entry `name` in clients.yaml says all that is not given here */
    const fob_client *client;
    const char *grant; /* "authorization_code" (default) or "client_credentials" */
    const char *environment;
    const struct fob_pair *variables;
    size_t n_variables;
    const char *const *scopes;
    size_t n_scopes;
    const struct fob_pair *authorize_params;
    size_t n_authorize_params;
    /* Loopback by default: "http://127.0.0.1:0/callback"; port 0 takes a free one (RFC 8252 section 7.3).
       A loopback http URI is listened on; for any other one the host has to feed the redirect through ui. */
    const char *redirect_uri;
    int64_t timeout_ms; /* 0: FOB_LOGIN_TIMEOUT_MS */
    const struct fob_ui *ui;
    /* Choices made beforehand: a step's name and an option's id. Others are asked for through ui. */
    const struct fob_pair *choices;
    size_t n_choices;
};

#define FOB_LOGIN_INIT                                                                                       \
    {                                                                                                        \
        .size = sizeof(struct fob_login)                                                                     \
    }

/*
 * Runs the grant and keeps the connection under its name, over an older one of that name only once the new
 * one is whole. A second token that comes with the first is kept as a connection of its own, NAME/WHICH. ret_connection may be NULL; else the caller drops it.
 * Errors: as fob_get_token, and FOB_E_ARGUMENT, FOB_E_DENIED, FOB_E_EXPIRED, FOB_E_CANCELLED, FOB_E_SECURITY,
 * FOB_E_BUSY (the redirect port is taken).
 */
FOB_API FOB_NODISCARD fob_err fob_log_in(fob_session *session, const struct fob_login *login,
                                         fob_connection **ret_connection, struct fob_error *error);

/*
 * Asks the provider whether the connection's token is good (verify in the descriptor, else its userinfo_endpoint), after
 * fob_get_token. Errors: as fob_get_token, and FOB_E_CONFIG when nothing is known to ask.
 */
FOB_API FOB_NODISCARD fob_err fob_verify_token(fob_session *session, const char *name,
                                               struct fob_error *error);

#define FOB_LOGOUT_FORGET 1u /* remove the connection even if the provider cannot be told */

/*
 * Revokes the tokens where the provider has a revocation_endpoint (RFC 7009), then removes the connection.
 * *ret_revoked (may be NULL) says whether the provider was told. When revoking fails the connection stays,
 * unless FOB_LOGOUT_FORGET.
 * Errors: as fob_get_token.
 */
FOB_API fob_err fob_log_out(fob_session *session, const char *name, unsigned flags, int *ret_revoked,
                            struct fob_error *error);

/* --- the catalogue ---------------------------------------------------------------------------------- */

/*
 * Looks up a provider by id in the folders of provider_path, in order, and attaches its plugin; reads one file. A
 * provider that exists only as a plugin with a descriptor inside it is found by its file <id>.so in
 * plugin_path. An id found in an earlier folder masks later ones; an empty file hides them.
 * The caller drops it with fob_provider_unref.
 * Errors: FOB_E_NOT_FOUND, FOB_E_DESCRIPTOR, FOB_E_PLUGIN, FOB_E_UNTRUSTED, FOB_E_SYSTEM, FOB_E_LIMIT, FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_find_provider(fob_session *session, const char *id,
                                                fob_provider **ret_provider, struct fob_error *error);

/*
 * fob_provider_lint for a descriptor that may extend one of those in the folders of provider_path. Errors: as
 * fob_provider_lint.
 */
FOB_API fob_err fob_lint(fob_session *session, const char *text, size_t len, const char *file,
                         fob_problem_fn *report, void *user, struct fob_error *error);

/*
 * fob_provider_parse for a descriptor that may extend one of those in the folders of provider_path, and name a plugin: the
 * text of a file that need not be in any of them. The caller drops it with fob_provider_unref.
 * Errors: as fob_find_provider.
 */
FOB_API FOB_NODISCARD fob_err fob_read_provider(fob_session *session, const char *text, size_t len,
                                                const char *file, fob_provider **ret_provider,
                                                struct fob_error *error);

/*
 * A descriptor as one JSON object, for programs that show it or try it: "descriptor" is what the file says, and what those
 * say that it extends, by the keys of fob-descriptor(5), notes too; "marks" is where each value stands, by its JSON Pointer
 * (RFC 6901): [line, column], and the file's name where it is one that is extended. Only what cannot be read at all is an
 * error: fob_lint tells the others. The caller frees *ret_json with free().
 * Errors: FOB_E_DESCRIPTOR, FOB_E_LIMIT, FOB_E_UNTRUSTED, FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_descriptor_json(fob_session *session, const char *text, size_t len,
                                                  const char *file, char **ret_json, struct fob_error *error);

/* id and the file that provides it; valid during the call only. Non-zero stops. */
typedef int fob_provider_fn(void *user, const char *id, const char *file);

/* Every id once, sorted, without opening the files. Errors: FOB_E_SYSTEM, FOB_E_MEMORY. */
FOB_API fob_err fob_list_providers(fob_session *session, fob_provider_fn *each, void *user,
                                   struct fob_error *error);

/* --- driving a flow of one's own -------------------------------------------------------------------- */

/*
 * Runs any flow to its end with this session's transport and, for a redirect, its listener on the flow's
 * redirect_uri. Nothing is stored. ui may be NULL. The token is fob_flow_token's.
 * Errors: what the flow ends with.
 */
FOB_API fob_err fob_run(fob_session *session, fob_flow *flow, const struct fob_ui *ui,
                        struct fob_error *error);

/*
 * Sends one request of the host's own with this session's transport: a metadata document, a call to the API. Redirects are
 * not followed, and any status is an answer. method NULL is GET; the limits are those of limits.h. The response lives until
 * the next call with this session. Errors: FOB_E_ARGUMENT (the URL is neither https nor loopback), FOB_E_NETWORK, FOB_E_TLS,
 * FOB_E_LIMIT, FOB_E_PROTOCOL, FOB_E_PLUGIN, FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_send(fob_session *session, const struct fob_http_request *request,
                                       struct fob_http_response *ret_response, struct fob_error *error);

/*
 * Milliseconds since 1970-01-01 UTC, and fresh random bytes, as the driver takes them: for hosts that
 * drive flows themselves. Safe from any thread. fob_random errors: FOB_E_SYSTEM.
 */
FOB_API int64_t fob_now(void);
FOB_API FOB_NODISCARD fob_err fob_random(void *bytes, size_t len, struct fob_error *error);

FOB_END_DECLS

#endif
