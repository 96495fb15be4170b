/* SPDX-License-Identifier: MIT */
/* The descriptor language, one row a key. */
#include "language.h"

#include <fob/limits.h>

#define TABLE(rows) .fields = (rows), .n_fields = sizeof(rows) / sizeof((rows)[0])

/* --- RFC 8414 ----------------------------------------------------------------------------------------------- */

static const struct fob_field metadata_fields[] = {
    {.key = "issuer",
     FOB_TEXT(struct fob_metadata, issuer),
     .format = FOB_FORMAT_ENDPOINT,
     .example = "https://acme.example",
     .doc = "The issuer identifier. Where it is given, an iss in the redirect (RFC 9207) or ID token has to "
            "equal it."},
    {.key = "authorization_endpoint",
     FOB_TEXT(struct fob_metadata, authorization_endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .example = "https://acme.example/oauth/authorize",
     .doc = "Where the person is sent to log in (RFC 6749 section 3.1)."},
    {.key = "token_endpoint",
     FOB_TEXT(struct fob_metadata, token_endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .example = "https://acme.example/oauth/token",
     .doc = "Where codes, credentials and refresh tokens become tokens (RFC 6749 section 3.2)."},
    {.key = "jwks_uri",
     FOB_TEXT(struct fob_metadata, jwks_uri),
     .format = FOB_FORMAT_ENDPOINT,
     .doc = "Where the keys that sign ID tokens are."},
    {.key = "registration_endpoint",
     FOB_TEXT(struct fob_metadata, registration_endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .doc = "Dynamic client registration (RFC 7591)."},
    {.key = "revocation_endpoint",
     FOB_TEXT(struct fob_metadata, revocation_endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .example = "https://acme.example/oauth/revoke",
     .doc = "Where tokens are revoked at logout (RFC 7009)."},
    {.key = "introspection_endpoint",
     FOB_TEXT(struct fob_metadata, introspection_endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .doc = "Token introspection (RFC 7662)."},
    {.key = "userinfo_endpoint",
     FOB_TEXT(struct fob_metadata, userinfo_endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .example = "https://acme.example/oauth/me",
     .doc = "Claims about the person (OpenID Connect Core section 5.3)."},
    {.key = "end_session_endpoint",
     FOB_TEXT(struct fob_metadata, end_session_endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .doc = "Logout at the provider (OpenID Connect RP-Initiated Logout)."},
    {.key = "device_authorization_endpoint",
     FOB_TEXT(struct fob_metadata, device_authorization_endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .doc = "Where a device login begins (RFC 8628)."},
    {.key = "pushed_authorization_request_endpoint",
     FOB_TEXT(struct fob_metadata, pushed_authorization_request_endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .doc = "Pushed authorization requests (RFC 9126)."},
    {.key = "service_documentation",
     FOB_TEXT(struct fob_metadata, service_documentation),
     .format = FOB_FORMAT_LINK,
     .doc = "What developers should read."},
    {.key = "op_policy_uri",
     FOB_TEXT(struct fob_metadata, op_policy_uri),
     .format = FOB_FORMAT_LINK,
     .doc = "What the provider demands of those who use its data."},
    {.key = "op_tos_uri",
     FOB_TEXT(struct fob_metadata, op_tos_uri),
     .format = FOB_FORMAT_LINK,
     .doc = "Terms of service."},
    {.key = "scopes_supported",
     FOB_LIST(struct fob_metadata, scopes_supported),
     .format = FOB_FORMAT_SCOPE,
     .example = "[mail.read, mail.send]",
     .doc = "The scopes there are."},
    {.key = "response_types_supported",
     FOB_LIST(struct fob_metadata, response_types_supported),
     .format = FOB_FORMAT_TEXT,
     .example = "[code]",
     .doc = "Values of response_type."},
    {.key = "response_modes_supported",
     FOB_LIST(struct fob_metadata, response_modes_supported),
     .format = FOB_FORMAT_TEXT,
     .doc = "Values of response_mode."},
    {.key = "grant_types_supported",
     FOB_LIST(struct fob_metadata, grant_types_supported),
     .format = FOB_FORMAT_TEXT,
     .example = "[authorization_code, refresh_token]",
     .doc = "The grants the provider does; without it, whatever its endpoints allow."},
    {.key = "token_endpoint_auth_methods_supported",
     FOB_LIST(struct fob_metadata, token_endpoint_auth_methods_supported),
     .format = FOB_FORMAT_TEXT,
     .example = "[client_secret_post]",
     .doc = "How a client may authenticate; the first one that fob can do is used unless token.auth says "
            "otherwise."},
    {.key = "token_endpoint_auth_signing_alg_values_supported",
     FOB_LIST(struct fob_metadata, token_endpoint_auth_signing_alg_values_supported),
     .format = FOB_FORMAT_TEXT,
     .doc = "Algorithms for signed client assertions."},
    {.key = "revocation_endpoint_auth_methods_supported",
     FOB_LIST(struct fob_metadata, revocation_endpoint_auth_methods_supported),
     .format = FOB_FORMAT_TEXT,
     .doc = "How a client may authenticate at the revocation endpoint."},
    {.key = "introspection_endpoint_auth_methods_supported",
     FOB_LIST(struct fob_metadata, introspection_endpoint_auth_methods_supported),
     .format = FOB_FORMAT_TEXT,
     .doc = "How a client may authenticate at the introspection endpoint."},
    {.key = "code_challenge_methods_supported",
     FOB_LIST(struct fob_metadata, code_challenge_methods_supported),
     .format = FOB_FORMAT_TEXT,
     .example = "[S256]",
     .doc = "PKCE methods (RFC 7636). fob uses S256 whatever stands here: see authorize.pkce."},
    {.key = "dpop_signing_alg_values_supported",
     FOB_LIST(struct fob_metadata, dpop_signing_alg_values_supported),
     .format = FOB_FORMAT_TEXT,
     .doc = "DPoP algorithms (RFC 9449)."},
    {.key = "ui_locales_supported",
     FOB_LIST(struct fob_metadata, ui_locales_supported),
     .format = FOB_FORMAT_TEXT,
     .doc = "Languages of the pages, as BCP 47 tags."},
    {.key = "authorization_response_iss_parameter_supported",
     FOB_BOOL(struct fob_metadata, authorization_response_iss_parameter_supported),
     .example = "true",
     .doc = "The redirect always carries iss (RFC 9207): one without it is refused."},
    {.key = "require_pushed_authorization_requests",
     FOB_BOOL(struct fob_metadata, require_pushed_authorization_requests),
     .doc = "Only pushed authorization requests are taken."},
};

const struct fob_table fob_metadata_table = {
    .doc = "What the provider says about itself, under the names of RFC 8414 section 2.",
    TABLE(metadata_fields),
};

/* --- scopes, use -------------------------------------------------------------------------------------------- */

static const struct fob_field scopes_fields[] = {
    {.key = "separator",
     FOB_TEXT(struct fob_scopes_rule, separator),
     .format = FOB_FORMAT_SEPARATOR,
     .fallback = " ",
     .example = "\",\"",
     .doc = "What stands between two scopes in a request, where it is not the space of RFC 6749."},
    {.key = "default",
     FOB_LIST(struct fob_scopes_rule, default_scopes),
     .format = FOB_FORMAT_SCOPE,
     .max = FOB_MAX_SCOPES,
     .example = "[profile]",
     .doc = "Asked for when nobody says which."},
    {.key = "always",
     FOB_LIST(struct fob_scopes_rule, always),
     .format = FOB_FORMAT_SCOPE,
     .max = FOB_MAX_SCOPES,
     .example = "[offline_access]",
     .doc = "Asked for in addition to the others: what it takes to get a refresh token."},
};

static const struct fob_table scopes_table = {.doc = "How scopes are asked for.", TABLE(scopes_fields)};

static const struct fob_field use_fields[] = {
    {.key = "header",
     FOB_TEXT(struct fob_use_rule, header),
     .format = FOB_FORMAT_FIELD,
     .fallback = "Authorization",
     .example = "X-Acme-Token",
     .doc = "The header field that carries the token."},
    {.key = "scheme",
     FOB_TEXT(struct fob_use_rule, scheme),
     .format = FOB_FORMAT_SCHEME,
     .fallback = "Bearer",
     .example = "\"\"",
     .doc = "What stands before the token; \"\" sends it alone."},
};

static const struct fob_table use_table = {.doc = "How the token is presented to the API.",
                                           TABLE(use_fields)};

/* --- variables and environments ----------------------------------------------------------------------------- */

static const struct fob_field variable_fields[] = {
    {.key = "doc",
     FOB_TEXT(struct fob_variable_rule, doc),
     .format = FOB_FORMAT_TEXT,
     .example = "Your company's name in the address bar",
     .doc = "What it is and where a person finds it."},
    {.key = "example",
     FOB_TEXT(struct fob_variable_rule, example),
     .format = FOB_FORMAT_TEXT,
     .example = "contoso",
     .doc = "A value as it may look."},
    {.key = "pattern",
     FOB_TEXT(struct fob_variable_rule, pattern),
     .format = FOB_FORMAT_TEXT,
     .example = "\"[a-z0-9-]+\"",
     .doc = "What the whole value has to match: characters, [classes], (groups), |, * + ? {m,n}."},
    {.key = "default",
     FOB_TEXT(struct fob_variable_rule, default_value),
     .format = FOB_FORMAT_VALUE,
     .example = "common",
     .doc = "The value when none is given. Without it, one has to be."},
    {.key = "secret",
     FOB_BOOL(struct fob_variable_rule, is_secret),
     .doc = "Never shown; and not allowed in a URL, which ends up in logs."},
};

static const struct fob_table variable_table = {
    .doc = "One value that a tenant supplies.",
    TABLE(variable_fields),
    .size = sizeof(struct fob_variable_rule),
    .name_offset = FOB_OFFSET(struct fob_variable_rule, name, char *),
    .mark_offset = FOB_OFFSET(struct fob_variable_rule, mark, struct fob_mark),
};

static const struct fob_field environment_fields[] = {
    {.key = "doc",
     FOB_TEXT(struct fob_environment_rule, doc),
     .format = FOB_FORMAT_TEXT,
     .example = "Test accounts only",
     .doc = "What it is for."},
    {.key = "variables",
     FOB_MAP(struct fob_environment_rule, variables),
     .format = FOB_FORMAT_VALUE,
     .key_format = FOB_FORMAT_NAME,
     .example = "{region: eu}",
     .doc = "Values that this environment gives to variables."},
    {.key = "metadata",
     FOB_INCLUDE(struct fob_environment_rule, metadata, struct fob_metadata),
     .table = &fob_metadata_table},
};

static const struct fob_table environment_table = {
    .doc = "One environment, like a sandbox: what it gives replaces what the provider gives.",
    TABLE(environment_fields),
    .size = sizeof(struct fob_environment_rule),
    .name_offset = FOB_OFFSET(struct fob_environment_rule, name, char *),
    .mark_offset = FOB_OFFSET(struct fob_environment_rule, mark, struct fob_mark),
};

/* --- the requests ------------------------------------------------------------------------------------------- */

/* What guards a flow is the flow's to set. */
static const char *const authorize_guarded[] = {
    "state", "nonce", "code_challenge", "code_challenge_method", "redirect_uri", "response_type", "client_id",
    "scope", NULL};
static const char *const token_guarded[] = {
    "code", "code_verifier", "redirect_uri", "refresh_token", "grant_type", "client_secret", NULL};
static const char *const header_guarded[] = {"Host", "Content-Length", "Transfer-Encoding", "Connection",
                                             NULL};

static const struct fob_choice pkce_choices[] = {
    {"S256", FOB_PKCE_S256, "always, unless there is a reason"},
    {"plain", FOB_PKCE_PLAIN, "for a provider that knows no S256"},
    {"none", FOB_PKCE_NONE, "for a provider that fails when it is there"},
    {NULL, 0, NULL}};

static const struct fob_field authorize_fields[] = {
    {.key = "params",
     FOB_MAP(struct fob_authorize_rule, params),
     .format = FOB_FORMAT_TEMPLATE,
     .key_format = FOB_FORMAT_TEXT,
     .max = FOB_MAX_HOOK_PARAMS,
     .guarded = authorize_guarded,
     .exposed = true,
     .example = "{access_type: offline}",
     .doc = "More parameters of the authorization request; {names} are filled in."},
    {.key = "pkce",
     FOB_CHOICE(struct fob_authorize_rule, pkce, enum fob_pkce),
     .choices = pkce_choices,
     .fallback = "S256",
     .example = "plain",
     .doc = "Proof Key for Code Exchange (RFC 7636)."},
    {.key = "pkce_reason",
     FOB_TEXT(struct fob_authorize_rule, pkce_reason),
     .format = FOB_FORMAT_TEXT,
     .example = "The provider refuses requests with a code_challenge (docs, 2026-05)",
     .doc = "Why pkce is not S256. Required then."},
};

static const struct fob_table authorize_table = {
    .doc = "The authorization request (RFC 6749 section 4.1.1).",
    TABLE(authorize_fields),
    .schema_rule = "{\"if\": {\"required\": [\"pkce\"], \"properties\": {\"pkce\": {\"enum\": [\"plain\", "
                   "\"none\"]}}}, \"then\": {\"required\": [\"pkce_reason\"]}}",
};

static const struct fob_choice method_choices[] = {
    {"POST", FOB_METHOD_POST, "with a body"}, {"GET", FOB_METHOD_GET, "with a query"}, {NULL, 0, NULL}};
static const struct fob_choice encoding_choices[] = {
    {"form", FOB_ENCODE_FORM, "application/x-www-form-urlencoded, as RFC 6749 has it"},
    {"json", FOB_ENCODE_JSON, "a JSON object"},
    {NULL, 0, NULL}};
static const struct fob_choice auth_choices[] = {
    {"default", FOB_AUTH_DEFAULT,
     "the first of token_endpoint_auth_methods_supported that fob can do, else basic"},
    {"client_secret_basic", FOB_AUTH_BASIC, "HTTP Basic (RFC 6749 section 2.3.1)"},
    {"client_secret_post", FOB_AUTH_POST, "client_id and client_secret among the parameters"},
    {"none", FOB_AUTH_NONE, "client_id alone, for public clients"},
    {NULL, 0, NULL}};

static const struct fob_field token_fields[] = {
    {.key = "method",
     FOB_CHOICE(struct fob_token_rule, method, enum fob_method),
     .choices = method_choices,
     .fallback = "POST",
     .example = "GET",
     .doc = "The HTTP method."},
    {.key = "encoding",
     FOB_CHOICE(struct fob_token_rule, encoding, enum fob_encoding),
     .choices = encoding_choices,
     .fallback = "form",
     .example = "json",
     .doc = "How the parameters are written in the body."},
    {.key = "auth",
     FOB_CHOICE(struct fob_token_rule, auth, enum fob_auth_method),
     .choices = auth_choices,
     .fallback = "default",
     .example = "client_secret_post",
     .doc = "How the client authenticates."},
    {.key = "headers",
     FOB_MAP(struct fob_token_rule, headers),
     .format = FOB_FORMAT_TEMPLATE,
     .key_format = FOB_FORMAT_FIELD,
     .max = FOB_MAX_HOOK_PARAMS,
     .guarded = header_guarded,
     .example = "{X-Acme-Version: \"2026-01\"}",
     .doc = "More header fields; {names} are filled in."},
    {.key = "params",
     FOB_MAP(struct fob_token_rule, params),
     .format = FOB_FORMAT_TEMPLATE,
     .key_format = FOB_FORMAT_TEXT,
     .max = FOB_MAX_HOOK_PARAMS,
     .guarded = token_guarded,
     .sent = true,
     .example = "{audience: \"https://api.acme.example\"}",
     .doc = "More parameters of every token request; {names} are filled in."},
};

static const struct fob_table token_table = {.doc = "The token request (RFC 6749 section 4).",
                                             TABLE(token_fields)};

/* --- the whole ---------------------------------------------------------------------------------------------- */

static const struct fob_field fields[] = {
    {.key = "fob",
     FOB_VERSION_NUMBER(struct fob_descriptor, fob),
     .required = true,
     .example = "1",
     .doc = "The version of this language."},
    {.key = "id",
     FOB_TEXT(struct fob_descriptor, id),
     .format = FOB_FORMAT_ID,
     .example = "acme",
     .doc = "The provider's id: the file's name without .yaml, which it may be left to."},
    {.key = "name",
     FOB_TEXT(struct fob_descriptor, name),
     .format = FOB_FORMAT_TEXT,
     .example = "Acme",
     .doc = "The name that people know it by."},
    {.key = "docs",
     FOB_TEXT(struct fob_descriptor, docs),
     .format = FOB_FORMAT_LINK,
     .example = "https://acme.example/docs/oauth",
     .doc = "The page of the provider's documentation that this descriptor follows."},
    {.key = "metadata",
     FOB_INCLUDE(struct fob_descriptor, metadata, struct fob_metadata),
     .table = &fob_metadata_table},
    {.key = "scopes",
     FOB_BLOCK(struct fob_descriptor, scopes, struct fob_scopes_rule),
     .table = &scopes_table},
    {.key = "variables",
     FOB_BLOCKS(struct fob_descriptor, variables, n_variables, struct fob_variable_rule),
     .key_format = FOB_FORMAT_NAME,
     .max = FOB_MAX_VARIABLES,
     .table = &variable_table,
     .doc = "What a tenant supplies, by name, for {name} elsewhere."},
    {.key = "environments",
     FOB_BLOCKS(struct fob_descriptor, environments, n_environments, struct fob_environment_rule),
     .key_format = FOB_FORMAT_ID,
     .max = FOB_MAX_VARIABLES,
     .table = &environment_table,
     .doc = "Sandbox, regions …, by name: all in one file."},
    {.key = "use", FOB_BLOCK(struct fob_descriptor, use, struct fob_use_rule), .table = &use_table},
    {.key = "hosts",
     FOB_LIST(struct fob_descriptor, hosts),
     .format = FOB_FORMAT_HOST,
     .example = "[acme.example, \"*.api.acme.example\"]",
     .doc = "The closed list of hosts that a token or secret may be sent to; without it, those of the "
            "endpoints."},
    {.key = "plugin",
     FOB_TEXT(struct fob_descriptor, plugin),
     .format = FOB_FORMAT_ID,
     .example = "acme",
     .doc = "The id of the plugin whose hooks do what data cannot."},
    {.key = "authorize",
     FOB_BLOCK(struct fob_descriptor, authorize, struct fob_authorize_rule),
     .table = &authorize_table},
    {.key = "token", FOB_BLOCK(struct fob_descriptor, token, struct fob_token_rule), .table = &token_table},
};

const struct fob_table fob_language = {
    .doc = "A descriptor: what there is to know about one provider.",
    TABLE(fields),
    .schema_rule =
        "{\"anyOf\": [{\"required\": [\"token_endpoint\"]}, {\"required\": [\"plugin\"]}, "
        "{\"required\": [\"environments\"], \"properties\": {\"environments\": {\"type\": \"object\", "
        "\"minProperties\": 1, \"additionalProperties\": {\"required\": [\"token_endpoint\"]}}}}]}",
};
