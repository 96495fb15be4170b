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
};

/* RFC 8414 section 2 and the registry it set up; templates may hold {variables}. */
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

enum fob_method { FOB_METHOD_POST, FOB_METHOD_GET };
enum fob_encoding { FOB_ENCODE_FORM, FOB_ENCODE_JSON };
enum fob_auth_method { FOB_AUTH_DEFAULT, FOB_AUTH_BASIC, FOB_AUTH_POST, FOB_AUTH_NONE };
enum fob_pkce { FOB_PKCE_S256, FOB_PKCE_PLAIN, FOB_PKCE_NONE };

struct fob_scopes_rule {
    char *separator;                   /* " " */
    struct fob_strings default_scopes; /* when none are asked for */
    struct fob_strings always;         /* added to whatever is asked for */
};

struct fob_variable_rule {
    char *name;
    char *doc, *example, *pattern, *default_value;
    bool is_secret;
    struct fob_mark mark;
};

struct fob_environment_rule {
    char *name;
    char *doc;
    struct fob_map variables;     /* values that this environment fixes */
    struct fob_metadata metadata; /* what is given here replaces the provider's */
    struct fob_mark mark;
};

struct fob_use_rule {
    char *header; /* "Authorization" */
    char *scheme; /* "Bearer"; "" sends the token alone */
};

struct fob_authorize_rule {
    struct fob_map params;
    enum fob_pkce pkce;
    char *pkce_reason; /* required unless pkce is S256 */
};

struct fob_token_rule {
    enum fob_method method;
    enum fob_encoding encoding;
    enum fob_auth_method auth;
    struct fob_map headers;
    struct fob_map params;
};

struct fob_descriptor {
    int64_t fob; /* version of the language: 1 */
    char *id, *name, *docs;
    struct fob_metadata metadata;
    struct fob_scopes_rule scopes;
    struct fob_variable_rule *variables;
    size_t n_variables;
    struct fob_environment_rule *environments;
    size_t n_environments;
    struct fob_use_rule use;
    struct fob_strings hosts; /* as given; "*.x" covers names below x. None: the endpoints' own */
    char *plugin;
    struct fob_authorize_rule authorize;
    struct fob_token_rule token;
};

struct fob_plugin_object;

#define FOB_MAX_METADATA 32 /* rows of the metadata table, at most */

/* A provider is a descriptor, the file it came from, and the plugin attached to it (or NULL). */
struct fob_provider {
    int refs; /* atomic */
    char *file;
    struct fob_descriptor d;
    const struct fob_plugin_object *plugin; /* never unloaded, so not counted */
    char *metadata_text[FOB_MAX_METADATA];  /* lists joined for fob_provider_metadata, by row of the table */
};

/*
 * fob_provider_parse for a descriptor that may name a plugin: the caller attaches the one that d.plugin names before
 * anybody else sees the provider.
 */
fob_err fob_provider_read(const char *text, size_t len, const char *file, fob_provider **ret_provider,
                          struct fob_error *error);

/* The environment of that name, or NULL. */
const struct fob_environment_rule *fob_descriptor_environment(const struct fob_descriptor *descriptor,
                                                              const char *name);
/* The declared variable whose name is name[len], or NULL. */
const struct fob_variable_rule *fob_descriptor_variable(const struct fob_descriptor *descriptor,
                                                        const char *name, size_t len);

#endif
