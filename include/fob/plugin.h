/* SPDX-License-Identifier: MIT */
/*
 * The plugin ABI. A plugin is one shared object that exports one function, fob_plugin_v1, and needs no
 * symbol of fob: what it wants from its host comes in as a table. fob-plugin(3) is the guide; plugins/template/ the start.
 *
 * Growing without breaking: the major is in the entry point's name and in the struct; another major is
 * refused. A minor only appends members. Each side copies min(its size, the other's) into a zeroed struct
 * and then tests members for NULL.
 */
#ifndef FOB_PLUGIN_H
#define FOB_PLUGIN_H

#include <fob/error.h>
#include <fob/http.h>
#include <fob/log.h>

FOB_BEGIN_DECLS

#define FOB_PLUGIN_ABI_MAJOR 1u
#define FOB_PLUGIN_ABI_MINOR 2u

enum fob_plugin_role {
    FOB_ROLE_PROVIDER = 1,   /* a descriptor, hooks, or both */
    FOB_ROLE_STORE = 2,      /* reserved */
    FOB_ROLE_KEY_SOURCE = 3, /* reserved */
    FOB_ROLE_TRANSPORT = 4,  /* sends HTTP requests */
    FOB_ROLE_LISTENER = 5,   /* takes the redirect */
    FOB_ROLE_JOSE = 6        /* signs with a client's key; since 1.1 */
};

/* --- what the host offers to hooks -------------------------------------------------------------------- */

/* One hook's view of the flow that called it; valid during the hook only. */
struct fob_call;

/*
 * The host's services. Every one takes the call it was given. Strings that are returned live until the
 * hook returns. A service that is out of place in the running hook (a parameter set in `response`)
 * does nothing and returns FOB_E_STATE. Test a member of a later minor for NULL before calling it, after
 * checking that size reaches it.
 */
struct fob_host {
    uint32_t abi_major;
    uint32_t abi_minor;
    size_t size;

    /* Time as the flow was told it, ms since 1970. */
    int64_t (*now)(struct fob_call *call);
    /* Fresh random bytes, at most 64 a call. */
    fob_err (*random)(struct fob_call *call, void *bytes, size_t len);
    /* One line. A secret of the flow in it is a breach. */
    void (*log)(struct fob_call *call, enum fob_log_level level, const char *text);

    /* A value by name: "grant_type", "client_id", "client_secret", "environment", "redirect_uri", "scope",
       "provider", "endpoint" (the URL about to be called), "refresh_token" (while refreshing, and while it is revoked),
       "code" (while exchanging), "access_token" (while it is revoked, and in `token` and `identity`), "variables.NAME";
       since 1.2 "client_key" (PEM or a JWK) and "method" (of the request that is being made). NULL when there is none. */
    const char *(*value)(struct fob_call *call, const char *name);

    /* endpoint: another URL for this request. Held to the same rules as the descriptor's: https or loopback,
       and a host that the descriptor's `hosts` allow. Its query, if it has one, holds no secret and nothing that guards
       the flow. */
    fob_err (*set_endpoint)(struct fob_call *call, const char *url);

    /* authorize_params, request, client_auth: the request's parameters. value NULL removes. What guards the flow
       is refused: state, nonce, code_challenge, code_challenge_method, code_verifier, redirect_uri,
       response_type, and code. So is a secret where parameters go into a URL. */
    const char *(*param)(struct fob_call *call, const char *name);
    fob_err (*set_param)(struct fob_call *call, const char *name, const char *value);

    /* request, client_auth: header fields, by name without case. value NULL removes. Host, Content-Length,
       Transfer-Encoding and Connection are refused, and values that are not UTF-8 or hold control characters. */
    fob_err (*set_header)(struct fob_call *call, const char *name, const char *value);
    /* request: a body of the plugin's own in place of the encoded parameters, in a request that is no GET. content_type
       is type/subtype. Copied. */
    fob_err (*set_body)(struct fob_call *call, const char *content_type, const void *bytes, size_t len);

    /* response, classify_error, token, identity: the answer, its body as set_response left it. */
    int (*status)(struct fob_call *call);
    const char *(*header)(struct fob_call *call, const char *name);
    const void *(*body)(struct fob_call *call, size_t *ret_len);
    /* response: a JSON object as RFC 6749 section 5.1 or 5.2 has it, to be read in place of the body. Copied, and
       checked like the server's own. */
    fob_err (*set_response)(struct fob_call *call, const char *json, size_t len);

    /* token: facts the answer did not hold. ms since 1970. */
    fob_err (*set_expires_at)(struct fob_call *call, int64_t at);
    fob_err (*set_scope)(struct fob_call *call, const char *scope);
    /* identity: who this is. At most 255 bytes of UTF-8 without control characters. */
    fob_err (*set_identity)(struct fob_call *call, const char *identity);

    /* SHA-256 and HMAC-SHA-256, 32 bytes each; base64url without padding into out (4*len/3+4 bytes). */
    void (*sha256)(const void *bytes, size_t len, unsigned char out[32]);
    void (*hmac_sha256)(const void *key, size_t key_len, const void *bytes, size_t len,
                        unsigned char out[32]);
    void (*base64url)(const void *bytes, size_t len, char *out);

    /* Says why the hook fails, which it then has: it returns what this returns. text is cut at 255 bytes, and a secret
       in it is a breach. FOB_E_STATE and FOB_E_ARGUMENT, which would blame the host, become FOB_E_PLUGIN. */
    int (*fail)(struct fob_call *call, fob_err code, const char *text);

    /* Since 1.2. authorize_params, request, client_auth: the index-th parameter, from 0, for what is made of all of them:
       its name, and its value in *ret_value. First those that go where the encoding puts them, then those that the
       descriptor places in the query. What the endpoint's own query holds is not among them. NULL behind the last. */
    const char *(*param_at)(struct fob_call *call, size_t index, const char **ret_value);
};

/* --- role provider ------------------------------------------------------------------------------------ */

/* What a hook returns: one of these, or a negative fob_err. */
enum fob_hook_result {
    FOB_HOOK_NEXT = 0, /* nothing done: the default goes on */
    FOB_HOOK_DONE = 1  /* done */
};

typedef int fob_hook_fn(void *self, struct fob_call *call, const struct fob_host *host);

/*
 * All optional. A hook does no I/O, starts no thread, keeps no pointer it was given, and may be called
 * from any thread, for several flows at once: self must be read-only or guarded. What it sets is
 * checked like network input; a breach ends the flow with FOB_E_PLUGIN, naming the plugin.
 */
struct fob_provider_hooks {
    size_t size;
    fob_hook_fn *endpoint;         /* before each request, the authorization request included: set_endpoint */
    fob_hook_fn *authorize_params; /* the authorization request: set_param */
    fob_hook_fn *client_auth;      /* DONE: the plugin authenticated the client, the core adds nothing */
    fob_hook_fn *request;          /* last, any request to be sent: set_param, set_header, set_body */
    fob_hook_fn *response;         /* first, on any answer: set_response turns it into a standard one */
    fob_hook_fn
        *classify_error; /* an error answer: return a negative fob_err to name it better; it stays an error */
    fob_hook_fn *token;  /* after a token was read: set_expires_at, set_scope */
    fob_hook_fn *identity; /* likewise: set_identity */
};

/* --- role transport ----------------------------------------------------------------------------------- */

/* What a transport is opened with; strings live during open only. NULL means the default. */
struct fob_transport_config {
    size_t size;
    const char *ca_file;
    const char *proxy;      /* NULL: by the environment, unless ignore_environment */
    int ignore_environment; /* the process runs set-uid, or the host said so */
    const char *user_agent;
    struct fob_logger log;
};

/* One thread uses one transport object at a time. */
struct fob_transport_ops {
    size_t size;
    /* Errors: FOB_E_CONFIG (ca_file, proxy), FOB_E_SYSTEM, FOB_E_MEMORY. */
    fob_err (*open)(const struct fob_transport_config *config, void **ret_self, struct fob_error *error);
    void (*close)(void *self);
    /* Sends request and waits for the whole response, any status. *ret belongs to the transport until the next call on
       self. Never follows a redirect. https: TLS 1.2 or later, certificate and name verified.
       A request that may have changed something is never sent twice. Errors: FOB_E_NETWORK, FOB_E_TLS, FOB_E_LIMIT,
       FOB_E_MEMORY, FOB_E_ARGUMENT (what must not be sent: http to another machine, a field that is none),
       FOB_E_CONFIG (the CA file holds no certificate); what says which step failed and error->maybe_sent whether the
       server may have seen the request. */
    fob_err (*perform)(void *self, const struct fob_http_request *request, struct fob_http_response *ret,
                       struct fob_error *error);
};

/* --- role listener ------------------------------------------------------------------------------------ */

/* How the authorization response may come: OAuth 2.0 Multiple Response Types section 2.1, Form Post Response Mode. */
enum fob_listen_mode {
    FOB_LISTEN_QUERY = 1,     /* in the query of a GET: always taken */
    FOB_LISTEN_FORM_POST = 2, /* as a form in the body of a POST */
    FOB_LISTEN_FRAGMENT = 4   /* in a fragment, which only a page in the browser can pass on */
};

/* Takes the redirect of RFC 8252 section 7.3 on the loopback interface. One thread uses one object at a time. */
struct fob_listener_ops {
    size_t size;
    /* Listens on host ("127.0.0.1", "::1", or "localhost" for both) and port (0: any free one, given in *ret_port).
       Errors: FOB_E_BUSY (the port is taken), FOB_E_ARGUMENT (not a loopback host), FOB_E_SYSTEM, FOB_E_MEMORY. */
    fob_err (*open)(const char *host, unsigned port, const char *path, void **ret_self, unsigned *ret_port,
                    struct fob_error *error);
    void (*close)(void *self);
    /* Waits up to timeout_ms for a GET of path. *ret_target is its path and query as received, NULL when none came;
       valid until answer. Other paths and methods are answered by the listener itself. */
    fob_err (*wait)(void *self, int64_t timeout_ms, const char **ret_target, struct fob_error *error);
    /* Answers the request that wait gave: an HTML page, status 200 or 400. */
    fob_err (*answer)(void *self, int status, const char *html, struct fob_error *error);

    /* Optional, since 1.1: after open, what to take besides queries, as bits of enum fob_listen_mode. What came in a form or
       in a fragment is given by wait as path?form or path?fragment, under the same maximum. A listener without it takes
       queries only. Errors: FOB_E_ARGUMENT (a mode that it does not know). */
    fob_err (*accept)(void *self, unsigned modes, struct fob_error *error);
};

/* --- role jose, since 1.1 ----------------------------------------------------------------------------- */

/* JSON Web Signatures (RFC 7515) with a client's own key. Called from any thread, and by several at once. */
struct fob_jose_ops {
    size_t size;
    /*
     * Signs payload_json under header_json, an object whose "alg" is alg (RFC 7518 section 3.1), and writes the compact
     * serialization (RFC 7515 section 7.1), ended by a NUL, into out[out_size]; *ret_len does not count the NUL. key is
     * one private key: PEM (PKCS #8, PKCS #1 or SEC 1), or a JWK (RFC 7517; of type oct for HS256). No text of key or
     * payload may stand in an error.
     * Errors: FOB_E_CONFIG (the key cannot be read, wants a passphrase, is public, is of a kind or size that alg does not
     * take; alg is not known), FOB_E_LIMIT (out is too small), FOB_E_ARGUMENT (the header is no such object), FOB_E_MEMORY.
     */
    fob_err (*sign)(const char *alg, const void *key, size_t key_len, const char *header_json,
                    const char *payload_json, char *out, size_t out_size, size_t *ret_len,
                    struct fob_error *error);
};

/* --- the plugin --------------------------------------------------------------------------------------- */

struct fob_plugin {
    uint32_t abi_major; /* FOB_PLUGIN_ABI_MAJOR; the first three never move */
    uint32_t abi_minor;
    size_t size;         /* sizeof(struct fob_plugin) at the plugin's build */
    const char *id;      /* [a-z0-9][a-z0-9-]*, the file's name without ".so" */
    uint32_t role;       /* enum fob_plugin_role */
    uint32_t flags;      /* 0; unknown bits are refused */
    const char *version; /* shown to people */
    const char *summary; /* one line */

    /* Optional: called once after loading, and before the process lets go of it. */
    fob_err (*open)(const struct fob_host *host, void **ret_self, struct fob_error *error);
    void (*close)(void *self);

    /* Role provider: YAML text of a whole descriptor, or NULL where a file names this plugin; and the hooks. */
    const char *descriptor;
    const struct fob_provider_hooks *provider;

    const struct fob_transport_ops *transport;
    const struct fob_listener_ops *listener;

    const struct fob_jose_ops *jose; /* since 1.1 */
};

/* The one export. Returns a struct that lives as long as the object is loaded; NULL is a refusal. */
typedef const struct fob_plugin *fob_plugin_entry_fn(void);
#define FOB_PLUGIN_ENTRY "fob_plugin_v1"

#if defined(__GNUC__)
#define FOB_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define FOB_PLUGIN_EXPORT
#endif

FOB_END_DECLS

#endif
