/* SPDX-License-Identifier: MIT */
/* A descriptor in memory, as the table in language.c fills it: plain data, frozen once read. */
#ifndef CORE_DESCRIPTOR_H
#define CORE_DESCRIPTOR_H

#include <fob/http.h>
#include <fob/provider.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Absent strings are NULL unless the table gives a default; no string holds a NUL or control character. */
struct fob_strings {
    char **v;
    size_t n;
};

/* A map of the file, in file order. value NULL: the descriptor says null, "leave this one out". */
struct fob_map {
    struct fob_pair *v;
    size_t n;
};

struct fob_mark {
    unsigned line, column;
    const char *file; /* of a descriptor that is extended; NULL: the one that is read */
};

/* RFC 8414 section 2 and the registry it set up; templates may hold {variables} and {client_id}. */
struct fob_metadata {
    char *issuer;
    char *authorization_endpoint;
    char *token_endpoint;
    char *jwks_uri;
    char *registration_endpoint;
    char *revocation_endpoint;
    char *introspection_endpoint;
    char *userinfo_endpoint;                     /* OpenID Connect Discovery */
    char *end_session_endpoint;                  /* OpenID Connect RP-Initiated Logout */
    char *device_authorization_endpoint;         /* RFC 8628 section 4 */
    char *pushed_authorization_request_endpoint; /* RFC 9126 section 5 */
    char *service_documentation;
    char *op_policy_uri;
    char *op_tos_uri;
    struct fob_strings scopes_supported;
    struct fob_strings response_types_supported;
    struct fob_strings response_modes_supported;
    struct fob_strings grant_types_supported;
    struct fob_strings token_endpoint_auth_methods_supported;
    struct fob_strings token_endpoint_auth_signing_alg_values_supported;
    struct fob_strings revocation_endpoint_auth_methods_supported;
    struct fob_strings introspection_endpoint_auth_methods_supported;
    struct fob_strings code_challenge_methods_supported;
    struct fob_strings dpop_signing_alg_values_supported; /* RFC 9449 section 5.1 */
    struct fob_strings ui_locales_supported;
    bool authorization_response_iss_parameter_supported; /* RFC 9207 section 3 */
    bool require_pushed_authorization_requests;          /* RFC 9126 section 5 */
};

/* In every choice 0 is "not given": what that means stands in the table, and where one rule starts as a copy of another,
 * the other's. */
enum fob_method {
    FOB_METHOD_UNSET,
    FOB_METHOD_POST,
    FOB_METHOD_GET,
    FOB_METHOD_PUT,
    FOB_METHOD_PATCH,
    FOB_METHOD_DELETE
};
enum fob_encoding { FOB_ENCODE_UNSET, FOB_ENCODE_FORM, FOB_ENCODE_JSON, FOB_ENCODE_QUERY, FOB_ENCODE_XML };
enum fob_auth_method {
    FOB_AUTH_UNSET,
    FOB_AUTH_BASIC,
    FOB_AUTH_BASIC_RAW, /* not form-encoded before it is joined */
    FOB_AUTH_POST,
    FOB_AUTH_SECRET_JWT,
    FOB_AUTH_KEY_JWT,
    FOB_AUTH_NONE,
    FOB_AUTH_TOKEN /* the access token, as `use` says */
};
enum fob_pkce {
    FOB_PKCE_UNSET,
    FOB_PKCE_S256,
    FOB_PKCE_S256_HEX,
    FOB_PKCE_PLAIN,
    FOB_PKCE_PUBLIC,
    FOB_PKCE_NONE
};
enum fob_response_mode { FOB_MODE_UNSET, FOB_MODE_QUERY, FOB_MODE_FORM_POST, FOB_MODE_FRAGMENT };
enum fob_state_rule { FOB_STATE_RULE_UNSET, FOB_STATE_RULE_REQUIRED, FOB_STATE_RULE_NONE };
enum fob_answer_format {
    FOB_ANSWER_UNSET,
    FOB_ANSWER_AUTO,
    FOB_ANSWER_JSON,
    FOB_ANSWER_FORM,
    FOB_ANSWER_XML,
    FOB_ANSWER_TEXT
};
enum fob_time_unit { FOB_UNIT_UNSET, FOB_UNIT_S, FOB_UNIT_MS, FOB_UNIT_MIN, FOB_UNIT_H };
enum fob_expires_zero { FOB_ZERO_UNSET, FOB_ZERO_NOW, FOB_ZERO_NEVER };
enum fob_jwt_alg {
    FOB_JWT_UNSET,
    FOB_JWT_HS256,
    FOB_JWT_RS256,
    FOB_JWT_PS256,
    FOB_JWT_ES256,
    FOB_JWT_ES384,
    FOB_JWT_RS384,
    FOB_JWT_RS512
};
enum fob_refresh_with {
    FOB_WITH_UNSET,
    FOB_WITH_REFRESH_TOKEN,
    FOB_WITH_ACCESS_TOKEN,
    FOB_WITH_CLIENT_CREDENTIALS
};
enum fob_missing_rule { FOB_MISSING_UNSET, FOB_MISSING_KEEP, FOB_MISSING_DROP };
enum fob_step_when { FOB_WHEN_UNSET, FOB_WHEN_LOGIN, FOB_WHEN_PERSON, FOB_WHEN_TOKEN, FOB_WHEN_BEFORE };
enum fob_step_replaces { FOB_REPLACES_UNSET, FOB_REPLACES_TOKEN };
enum fob_rotation {
    FOB_ROTATION_UNSET,
    FOB_ROTATION_NONE,
    FOB_ROTATION_ROTATES,
    FOB_ROTATION_REUSE_REVOKES,
    FOB_ROTATION_GRACE
};
enum fob_redirect_rule {
    FOB_REDIRECT_UNSET,
    FOB_REDIRECT_LOOPBACK_ANY_PORT,
    FOB_REDIRECT_LOOPBACK,
    FOB_REDIRECT_LOCALHOST,
    FOB_REDIRECT_HTTPS_OR_LOCALHOST,
    FOB_REDIRECT_HTTPS,
    FOB_REDIRECT_CUSTOM_SCHEME
};

/* --- scopes, variables, environments ------------------------------------------------------------------------ */

struct fob_scope_group {
    char *name, *doc;
    struct fob_mark mark;
    struct fob_strings default_scopes;
};

struct fob_scopes_rule {
    char *separator;                   /* " " */
    struct fob_strings default_scopes; /* when none are asked for */
    struct fob_strings always;         /* added to whatever is asked for */
    struct fob_map known;              /* scope: what it means */
    struct fob_scope_group *groups;
    size_t n_groups;
};

struct fob_variable_rule {
    char *name;
    char *doc, *example, *pattern, *prefix, *suffix, *default_value;
    struct fob_map choices; /* value: what it means */
    bool is_secret, is_optional;
    struct fob_mark mark;
};

struct fob_environment_rule {
    char *name;
    char *doc;
    struct fob_map variables;     /* values that this environment fixes */
    struct fob_metadata metadata; /* what is given here replaces the provider's */
    struct fob_mark mark;
};

/* --- answers ------------------------------------------------------------------------------------------------ */

/*
 * Where the standard fields are: sources (source.h), NULL for the place that RFC 6749 gives them. Several of them, which are
 * joined by line breaks, are alternatives.
 */
struct fob_answer_fields {
    char *access_token, *refresh_token, *id_token, *token_type, *scope;
    char *expires_in, *expires_at, *refresh_token_expires_in, *refresh_token_expires_at;
};

/* A value that later requests need. */
struct fob_keep_rule {
    char *name;
    struct fob_mark mark;
    char *from;    /* a source, or in the callback the name of a field */
    char *pointer; /* into the JSON that was found there */
    char *pattern;
    bool is_secret;
};

struct fob_also_rule {
    char *name;
    struct fob_mark mark;
    char *each,
        *called; /* pointers: to a list of such tokens, and to the name inside an item; both or neither */
    struct fob_answer_fields fields;
};

struct fob_response_rule {
    enum fob_answer_format format;
    struct fob_strings status;
    struct fob_map success; /* pointer: value */
    struct fob_answer_fields fields;
    char *error, *error_description; /* sources, or several */
    struct fob_map errors;           /* the provider's word: dead, retry, config, denied */
    enum fob_time_unit expires_unit;
    enum fob_expires_zero expires_zero;
    char *scope_separator;
    struct fob_keep_rule *keep;
    size_t n_keep;
    struct fob_also_rule *also;
    size_t n_also;
};

/* --- requests ----------------------------------------------------------------------------------------------- */

/* The JWT that stands for the client: in the place of its secret, or as client_assertion (RFC 7523). */
struct fob_jwt_rule {
    enum fob_jwt_alg alg;
    char *kid, *lifetime; /* template, duration */
    struct fob_map claims, header;
    struct fob_strings arrays; /* claims that are written as a list of one */
};

struct fob_request_rule {
    char *endpoint;
    enum fob_method method;
    enum fob_encoding encoding;
    enum fob_auth_method auth;
    struct fob_jwt_rule jwt;
    struct fob_map params, rename, headers, place;
    char *root;
    char *secret_in_url; /* the reason */
    struct fob_response_rule response;
};

struct fob_authorize_rule {
    struct fob_map params, rename;
    bool sorted;
    enum fob_response_mode response_mode;
    enum fob_pkce pkce;
    char *pkce_reason; /* required unless pkce is S256 */
    bool nonce;
};

struct fob_callback_fields {
    char *code, *state, *iss, *error, *error_description;
};

struct fob_callback_rule {
    enum fob_response_mode response_mode;
    struct fob_callback_fields fields;
    struct fob_map errors;
    struct fob_keep_rule *keep;
    size_t n_keep;
    bool code_is_encoded;
    struct fob_map require; /* field: template */
    enum fob_state_rule state;
    char *state_reason;
};

struct fob_refresh_rule {
    struct fob_request_rule request;
    enum fob_refresh_with with;
    enum fob_missing_rule missing_refresh_token, missing_access_token;
    char *min_age, *max_ttl; /* durations */
    bool needs_valid;
};

struct fob_choose_rule {
    char *from, *id, *label; /* pointers: to the list, and inside an item */
};

struct fob_step_rule {
    char *name;
    struct fob_mark mark;
    struct fob_request_rule request;
    enum fob_step_when when;
    struct fob_choose_rule choose;
    enum fob_step_replaces replaces;
};

struct fob_revoke_rule {
    struct fob_request_rule request;
    struct fob_strings tokens; /* which, in this order */
};

/* --- the rest ----------------------------------------------------------------------------------------------- */

struct fob_use_rule {
    char *header;                   /* "Authorization" */
    char *scheme;                   /* "Bearer"; "" sends the token alone */
    char *query;                    /* the parameter that carries it in the place of a header field */
    struct fob_map headers, params; /* what goes along in each call; params: in its query */
};

struct fob_identity_rule {
    char *from, *id, *label;
};

struct fob_lifetimes_rule {
    char *access_token, *refresh_token, *refresh_token_idle; /* durations */
};

struct fob_registration_rule {
    char *console, *review;
    enum fob_redirect_rule redirect_uri;
    struct fob_strings steps;
};

/* A recorded exchange: values are compact JSON, or NULL. */
struct fob_exchange_rule {
    struct fob_mark mark;
    char *method, *url, *sends, *headers;
    char *status; /* of the answer */
    char *answer_headers, *answer, *text;
};

struct fob_test_rule {
    char *name;
    struct fob_mark mark;
    char *source, *grant, *environment;
    char *kept, *authorize, *callback; /* JSON objects */
    struct fob_exchange_rule *exchanges;
    size_t n_exchanges;
    char *token; /* JSON object */
    char *error; /* a word of fob_err_word */
};

struct fob_descriptor {
    int64_t fob; /* version of the language: 1 */
    char *id, *name, *docs, *extends;
    struct fob_metadata metadata;
    struct fob_scopes_rule scopes;
    struct fob_variable_rule *variables;
    size_t n_variables;
    struct fob_environment_rule *environments;
    size_t n_environments;
    struct fob_map rename;
    struct fob_authorize_rule authorize;
    struct fob_callback_rule callback;
    struct fob_request_rule token, client_credentials;
    struct fob_refresh_rule refresh;
    struct fob_step_rule *steps;
    size_t n_steps;
    struct fob_request_rule userinfo, verify;
    struct fob_revoke_rule revoke;
    struct fob_identity_rule identity;
    struct fob_use_rule use;
    enum fob_rotation rotation;
    struct fob_lifetimes_rule lifetimes;
    struct fob_strings hosts; /* as given; "*.x" covers names below x. None: the endpoints' own */
    struct fob_registration_rule registration;
    char *plugin;
    struct fob_map sources;
    struct fob_test_rule *tests;
    size_t n_tests;
};

struct fob_plugin_object;
struct fob_jose_ops;

#define FOB_MAX_METADATA 32 /* rows of the metadata table, at most */

/* A provider is a descriptor, the file it came from, and the plugin attached to it (or NULL). */
struct fob_provider {
    int refs; /* atomic */
    char *file;
    struct fob_descriptor d;
    const struct fob_plugin_object *plugin; /* never unloaded, so not counted */
    const struct fob_jose_ops *jose; /* likewise; signs with a client's key, NULL where nothing needs it */
    char *metadata_text[FOB_MAX_METADATA]; /* lists joined for fob_provider_metadata, by row of the table */
};

struct fob_bases;

/*
 * fob_provider_parse for a descriptor that may name a plugin or extend another: the caller attaches the plugin that d.plugin
 * names before anybody else sees the provider. With bases, what only people and tests read (sources, tests, notes) is left out;
 * bases NULL: what it extends is left out.
 */
fob_err fob_provider_read(const char *text, size_t len, const char *file, struct fob_bases *bases,
                          fob_provider **ret_provider, struct fob_error *error);

/* fob_provider_lint for a descriptor that may extend another. */
fob_err fob_provider_check(const char *text, size_t len, const char *file, struct fob_bases *bases,
                           fob_problem_fn *report, void *user, struct fob_error *error);

/* The environment of that name, or NULL. */
const struct fob_environment_rule *fob_descriptor_environment(const struct fob_descriptor *descriptor,
                                                              const char *name);
/* The declared variable whose name is name[len], or NULL. */
const struct fob_variable_rule *fob_descriptor_variable(const struct fob_descriptor *descriptor,
                                                        const char *name, size_t len);
/* Whether it has that member of struct fob_metadata, in an environment at least, or a plugin that may. */
bool fob_descriptor_has_endpoint(const struct fob_descriptor *d, size_t offset);

#endif
