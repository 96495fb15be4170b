/* SPDX-License-Identifier: MIT */
/* The descriptor language: the inside of every request, and of every answer. */
#include "language.h"
#include "names.h"

#include <fob/limits.h>

/* --- answers ------------------------------------------------------------------------------------------------ */

#define SOURCE(S, word, text)                                                                                \
    {                                                                                                        \
        .key = #word, FOB_TEXT(S, word), .format = FOB_FORMAT_SOURCE, .several = true,                       \
        .example = "/data/" #word, .doc = text                                                               \
    }

static const struct fob_field answer_fields[] = {
    SOURCE(struct fob_answer_fields, access_token, "Where the access token is."),
    SOURCE(struct fob_answer_fields, refresh_token, "Where the refresh token is."),
    SOURCE(struct fob_answer_fields, id_token, "Where the ID token is."),
    SOURCE(struct fob_answer_fields, token_type, "Where the token type is."),
    SOURCE(struct fob_answer_fields, scope, "Where the scopes are: a text or an array."),
    SOURCE(struct fob_answer_fields, expires_in, "Where the lifetime is; its unit is expires_unit."),
    SOURCE(struct fob_answer_fields, expires_at,
           "Where the end is: seconds or milliseconds since 1970, or ISO 8601."),
    SOURCE(struct fob_answer_fields, refresh_token_expires_in, "Where the refresh token's lifetime is."),
    SOURCE(struct fob_answer_fields, refresh_token_expires_at, "Where the refresh token's end is."),
};

static const struct fob_table answer_fields_table = {
    .name = "answer_fields",
    .doc = "Where the standard fields are, when not where RFC 6749 puts them: a JSON Pointer, \"\" for the "
           "whole "
           "text, header:NAME, cookie:NAME, or claim:TOKEN/POINTER for a claim of a JWT. Of a list the first "
           "that is "
           "there counts.",
    FOB_ROWS(answer_fields),
};

static const struct fob_field keep_fields[] = {
    {.key = "from",
     FOB_TEXT(struct fob_keep_rule, from),
     .format = FOB_FORMAT_SOURCE,
     .required = true,
     .example = "/instance_url",
     .doc = "Where it is: a source."},
    {.key = "pattern",
     FOB_TEXT(struct fob_keep_rule, pattern),
     .format = FOB_FORMAT_TEXT,
     .example = "\"https://[a-z0-9.-]+\"",
     .doc = "What the whole value has to match."},
    {.key = "secret", FOB_BOOL(struct fob_keep_rule, is_secret), .doc = "Never shown."},
};

static const struct fob_table keep_table = {
    .doc = "One value to keep; a text alone is its source.",
    FOB_ROWS(keep_fields),
    .size = sizeof(struct fob_keep_rule),
    .name_offset = FOB_OFFSET(struct fob_keep_rule, name, char *),
    .mark_offset = FOB_OFFSET(struct fob_keep_rule, mark, struct fob_mark),
    .shorthand = "from",
};

static const struct fob_field callback_keep_fields[] = {
    {.key = "from",
     FOB_TEXT(struct fob_keep_rule, from),
     .format = FOB_FORMAT_TEXT,
     .required = true,
     .example = "realmId",
     .doc = "The field's name."},
    {.key = "pointer",
     FOB_TEXT(struct fob_keep_rule, pointer),
     .format = FOB_FORMAT_POINTER,
     .example = "/name/firstName",
     .doc = "Where it is in the JSON that the field holds."},
    {.key = "pattern",
     FOB_TEXT(struct fob_keep_rule, pattern),
     .format = FOB_FORMAT_TEXT,
     .example = "\"[0-9]+\"",
     .doc = "What the whole value has to match."},
    {.key = "secret", FOB_BOOL(struct fob_keep_rule, is_secret), .doc = "Never shown."},
};

const struct fob_table fob_callback_keep_table = {
    .doc = "One field to keep; a text alone is its name.",
    FOB_ROWS(callback_keep_fields),
    .size = sizeof(struct fob_keep_rule),
    .name_offset = FOB_OFFSET(struct fob_keep_rule, name, char *),
    .mark_offset = FOB_OFFSET(struct fob_keep_rule, mark, struct fob_mark),
    .shorthand = "from",
};

static const struct fob_field also_fields[] = {
    {.key = "each",
     FOB_TEXT(struct fob_also_rule, each),
     .format = FOB_FORMAT_POINTER,
     .example = "/other_tokens",
     .doc = "Where a list of such tokens is. The places of their fields are inside an item then."},
    {.key = "name",
     FOB_TEXT(struct fob_also_rule, called),
     .format = FOB_FORMAT_POINTER,
     .example = "/resource_server",
     .doc = "Where in an item of the list its name is, for CONNECTION/NAME: letters, digits, . _ - and at "
            "most 64."},
    {.key = "fields",
     FOB_INCLUDE(struct fob_also_rule, fields, struct fob_answer_fields),
     .table = &answer_fields_table},
};

static const struct fob_table also_table = {
    .doc = "A second token that came with the first, and where its fields are. It becomes a connection of "
           "its own, "
           "CONNECTION/NAME.",
    FOB_ROWS(also_fields),
    .size = sizeof(struct fob_also_rule),
    .name_offset = FOB_OFFSET(struct fob_also_rule, name, char *),
    .mark_offset = FOB_OFFSET(struct fob_also_rule, mark, struct fob_mark),
    .schema_rule = "{\"dependentRequired\": {\"each\": [\"name\"], \"name\": [\"each\"]}}",
};

const struct fob_choice fob_error_classes[] = {{"dead", 0, "the grant is gone: a person has to log in"},
                                               {"retry", 0, "the provider's trouble: try again later"},
                                               {"rate_limited", 0, "too often: try again later"},
                                               {"config", 0, "the client or the descriptor is wrong"},
                                               {"denied", 0, "the person or the provider said no"},
                                               {NULL, 0, NULL}};

static const struct fob_choice formats[] = {
    {"auto", FOB_ANSWER_AUTO, "JSON, or a form where it says so or looks like one"},
    {"json", FOB_ANSWER_JSON, "JSON, whatever it says it is"},
    {"form", FOB_ANSWER_FORM, "application/x-www-form-urlencoded"},
    {"xml", FOB_ANSWER_XML, "XML: /element/child, attributes as /element/@name"},
    {"text", FOB_ANSWER_TEXT, "text: the source \"\" is all of it"},
    {NULL, 0, NULL}};
static const struct fob_choice units[] = {{"s", FOB_UNIT_S, "seconds"},
                                          {"ms", FOB_UNIT_MS, "milliseconds"},
                                          {"min", FOB_UNIT_MIN, "minutes"},
                                          {"h", FOB_UNIT_H, "hours"},
                                          {NULL, 0, NULL}};
static const struct fob_choice zeros[] = {
    {"now", FOB_ZERO_NOW, "it has ended"}, {"never", FOB_ZERO_NEVER, "it does not end"}, {NULL, 0, NULL}};

static const struct fob_field response_fields[] = {
    {.key = "format",
     FOB_CHOICE(struct fob_response_rule, format, enum fob_answer_format),
     .choices = formats,
     .fallback = "auto",
     .example = "xml",
     .doc = "What the answer is written in."},
    {.key = "status",
     FOB_LIST(struct fob_response_rule, status),
     .format = FOB_FORMAT_STATUS,
     .scalars = true,
     .max = 16,
     .example = "[200, 201]",
     .doc = "The HTTP status codes of success, when not all of 200 to 299."},
    {.key = "success",
     FOB_MAP(struct fob_response_rule, success),
     .format = FOB_FORMAT_VALUE,
     .key_format = FOB_FORMAT_POINTER,
     .scalars = true,
     .max = 16,
     .example = "{/ok: true}",
     .doc = "What has to stand where in an answer that is a success."},
    {.key = "fields",
     FOB_BLOCK(struct fob_response_rule, fields, struct fob_answer_fields),
     .table = &answer_fields_table},
    {.key = "error",
     FOB_TEXT(struct fob_response_rule, error),
     .format = FOB_FORMAT_SOURCE,
     .several = true,
     .example = "/errors/0/errorType",
     .doc = "Where the error's word is; /error by default. A list, as in fields."},
    {.key = "error_description",
     FOB_TEXT(struct fob_response_rule, error_description),
     .format = FOB_FORMAT_SOURCE,
     .several = true,
     .example = "/message",
     .doc = "Where its explanation is; /error_description by default. A list, as in fields."},
    {.key = "errors",
     FOB_MAP(struct fob_response_rule, errors),
     .key_format = FOB_FORMAT_ERROR,
     .choices = fob_error_classes,
     .max = 64,
     .example = "{BAD_REFRESH_TOKEN: dead, status:410: dead}",
     .doc = "The provider's words for errors, and what they mean: dead (log in again), retry, rate_limited, "
            "config, denied. Those of RFC 6749 are known. status:401 stands for that HTTP status, where "
            "the answer has no word, or none that is known."},
    {.key = "expires_unit",
     FOB_CHOICE(struct fob_response_rule, expires_unit, enum fob_time_unit),
     .choices = units,
     .fallback = "s",
     .example = "ms",
     .doc = "The unit of expires_in."},
    {.key = "expires_zero",
     FOB_CHOICE(struct fob_response_rule, expires_zero, enum fob_expires_zero),
     .choices = zeros,
     .fallback = "now",
     .example = "never",
     .doc = "What a lifetime of 0 means."},
    {.key = "scope_separator",
     FOB_TEXT(struct fob_response_rule, scope_separator),
     .format = FOB_FORMAT_SEPARATOR,
     .example = "\",\"",
     .doc = "What stands between scopes in the answer; a space, or scopes.separator, by default."},
    {.key = "keep",
     FOB_BLOCKS(struct fob_response_rule, keep, n_keep, struct fob_keep_rule),
     .key_format = FOB_FORMAT_NAME,
     .max = 16,
     .table = &keep_table,
     .doc = "Values of the answer that later requests or the API need, by name, for {kept.name}."},
    {.key = "also",
     FOB_BLOCKS(struct fob_response_rule, also, n_also, struct fob_also_rule),
     .key_format = FOB_FORMAT_NAME,
     .max = 4,
     .table = &also_table,
     .doc = "More tokens that came with the first, by name."},
};

static const struct fob_table response_table = {
    .name = "response", .section = "ANSWERS", .doc = "How the answer is read.", FOB_ROWS(response_fields)};

/* --- the JWT of the client ---------------------------------------------------------------------------------- */

static const struct fob_choice algs[] = {{"HS256", FOB_JWT_HS256, "HMAC with the client secret"},
                                         {"RS256", FOB_JWT_RS256, "RSA"},
                                         {"RS384", FOB_JWT_RS384, "RSA"},
                                         {"RS512", FOB_JWT_RS512, "RSA"},
                                         {"PS256", FOB_JWT_PS256, "RSA-PSS"},
                                         {"ES256", FOB_JWT_ES256, "ECDSA on P-256"},
                                         {"ES384", FOB_JWT_ES384, "ECDSA on P-384"},
                                         {NULL, 0, NULL}};

/* What says how the JWT is to be read is not a note in it. */
static const char *const jwt_header_guarded[] = {"alg", "kid", "crit", "b64", NULL};

static const struct fob_field jwt_fields[] = {
    {.key = "alg",
     FOB_CHOICE(struct fob_jwt_rule, alg, enum fob_jwt_alg),
     .choices = algs,
     .fallback = "RS256 for a key, HS256 for a secret",
     .example = "ES256",
     .doc = "How it is signed: HS256 with the client secret, all others with the client's key."},
    {.key = "kid",
     FOB_TEXT(struct fob_jwt_rule, kid),
     .format = FOB_FORMAT_TEMPLATE,
     .names = FOB_NAMES_REQUEST,
     .example = "\"{key_id}\"",
     .doc = "The key's id, for the header; a JWK's own kid where it is left out."},
    {.key = "lifetime",
     FOB_TEXT(struct fob_jwt_rule, lifetime),
     .format = FOB_FORMAT_DURATION,
     .example = "1m",
     .doc = "From iat to exp; 5m by default."},
    {.key = "claims",
     FOB_MAP(struct fob_jwt_rule, claims),
     .format = FOB_FORMAT_TEMPLATE,
     .names = FOB_NAMES_REQUEST,
     .key_format = FOB_FORMAT_TEXT,
     .nullable = true,
     .max = 16,
     .example = "{iss: \"{team_id}\"}",
     .doc = "Claims besides or in the place of iss and sub (client_id), aud (the endpoint), iat, exp and "
            "jti; null "
            "leaves one out. exp, nbf, iat and auth_time are numbers: {now()}."},
    {.key = "arrays",
     FOB_LIST(struct fob_jwt_rule, arrays),
     .format = FOB_FORMAT_TEXT,
     .max = 16,
     .example = "[aud]",
     .doc = "Claims that are written as a list of one, like \"aud\": [\"https://acme.example\"]."},
    {.key = "header",
     FOB_MAP(struct fob_jwt_rule, header),
     .format = FOB_FORMAT_TEMPLATE,
     .names = FOB_NAMES_REQUEST,
     .key_format = FOB_FORMAT_TEXT,
     .guarded = jwt_header_guarded,
     .max = 16,
     .example = "{x5t: \"{thumbprint}\"}",
     .doc = "More members of the header."},
};

static const struct fob_table jwt_table = {
    .doc = "The JWT that stands for the client: as client_assertion (RFC 7523) with client_secret_jwt and "
           "private_key_jwt, else in the place of the client secret.",
    FOB_ROWS(jwt_fields),
};

/* --- requests ----------------------------------------------------------------------------------------------- */

/* What guards a flow is the flow's to set; what may be left out is nulled, what is called otherwise is renamed. The rules
 * see to the code, which a step may take in the place of the token request. */
static const char *const request_guarded[] = {"code_verifier", NULL};
static const char *const header_guarded[] = {"Host", "Content-Length", "Transfer-Encoding", "Connection",
                                             NULL};

static const struct fob_choice methods[] = {
    {"POST", FOB_METHOD_POST, "with a body"},      {"GET", FOB_METHOD_GET, "with a query"},
    {"PUT", FOB_METHOD_PUT, "with a body"},        {"PATCH", FOB_METHOD_PATCH, "with a body"},
    {"DELETE", FOB_METHOD_DELETE, "with a query"}, {NULL, 0, NULL}};
static const struct fob_choice encodings[] = {
    {"form", FOB_ENCODE_FORM, "application/x-www-form-urlencoded, as RFC 6749 has it"},
    {"json", FOB_ENCODE_JSON, "a JSON object"},
    {"query", FOB_ENCODE_QUERY, "all in the query"},
    {"xml", FOB_ENCODE_XML, "an element each, in the element `root`"},
    {NULL, 0, NULL}};
static const struct fob_choice auths[] = {
    {"client_secret_basic", FOB_AUTH_BASIC, "HTTP Basic (RFC 6749 section 2.3.1)"},
    {"client_secret_basic_raw", FOB_AUTH_BASIC_RAW, "HTTP Basic, not form-encoded first"},
    {"client_secret_post", FOB_AUTH_POST, "client_id and client_secret among the parameters"},
    {"client_secret_jwt", FOB_AUTH_SECRET_JWT, "a JWT signed with the secret (RFC 7523)"},
    {"private_key_jwt", FOB_AUTH_KEY_JWT, "a JWT signed with the client's key (RFC 7523)"},
    {"none", FOB_AUTH_NONE, "client_id alone"},
    {"token", FOB_AUTH_TOKEN, "the access token, as `use` says"},
    {NULL, 0, NULL}};
static const struct fob_choice places[] = {
    {"query", 0, "in the query"}, {"body", 0, "in the body"}, {NULL, 0, NULL}};

static const struct fob_field request_fields[] = {
    {.key = "endpoint",
     FOB_TEXT(struct fob_request_rule, endpoint),
     .format = FOB_FORMAT_ENDPOINT,
     .names = FOB_NAMES_URL,
     .example = "https://acme.example/oauth/refresh",
     .doc = "Where it goes, when not to the metadata endpoint of its name; {kept.name} may stand in it."},
    {.key = "method",
     FOB_CHOICE(struct fob_request_rule, method, enum fob_method),
     .choices = methods,
     .fallback = "POST, and GET for userinfo, verify and steps",
     .example = "GET",
     .doc = "The HTTP method."},
    {.key = "encoding",
     FOB_CHOICE(struct fob_request_rule, encoding, enum fob_encoding),
     .choices = encodings,
     .fallback = "form",
     .example = "json",
     .doc = "How the parameters are written."},
    {.key = "auth",
     FOB_CHOICE(struct fob_request_rule, auth, enum fob_auth_method),
     .choices = auths,
     .fallback =
         "the first of token_endpoint_auth_methods_supported that fob can do, else client_secret_basic; "
         "token for userinfo, verify and steps",
     .example = "client_secret_post",
     .doc = "How the client, or whoever holds the token, authenticates."},
    {.key = "jwt", FOB_BLOCK(struct fob_request_rule, jwt, struct fob_jwt_rule), .table = &jwt_table},
    {.key = "params",
     FOB_MAP(struct fob_request_rule, params),
     .format = FOB_FORMAT_TEMPLATE,
     .key_format = FOB_FORMAT_TEXT,
     .max = FOB_MAX_HOOK_PARAMS,
     .names = FOB_NAMES_REQUEST,
     .guarded = request_guarded,
     .nullable = true,
     .example = "{audience: \"https://api.acme.example\", redirect_uri: null}",
     .doc = "More parameters, by the provider's names; {names} are filled in. null leaves a standard one "
            "out: code "
            "only from token, where a step sends {code}."},
    {.key = "rename",
     FOB_MAP(struct fob_request_rule, rename),
     .format = FOB_FORMAT_TEXT,
     .key_format = FOB_FORMAT_NAME,
     .max = 16,
     .example = "{client_secret: secret}",
     .doc = "Standard parameters that the provider calls otherwise."},
    {.key = "headers",
     FOB_MAP(struct fob_request_rule, headers),
     .format = FOB_FORMAT_TEMPLATE,
     .key_format = FOB_FORMAT_FIELD,
     .max = FOB_MAX_HOOK_PARAMS,
     .names = FOB_NAMES_REQUEST | FOB_NAMES_BODY,
     .guarded = header_guarded,
     .nullable = true,
     .example = "{X-Acme-Version: \"2026-01\"}",
     .doc = "More header fields; {names} are filled in. null leaves one out."},
    {.key = "place",
     FOB_MAP(struct fob_request_rule, place),
     .key_format = FOB_FORMAT_TEXT,
     .choices = places,
     .max = FOB_MAX_HOOK_PARAMS,
     .example = "{redirect_uri: query}",
     .doc = "Parameters, by the provider's names, that do not stand with the others: query or body."},
    {.key = "root",
     FOB_TEXT(struct fob_request_rule, root),
     .format = FOB_FORMAT_ELEMENT,
     .example = "request",
     .doc = "The root element of an XML body; \"request\" by default."},
    {.key = "secret_in_url",
     FOB_TEXT(struct fob_request_rule, secret_in_url),
     .format = FOB_FORMAT_TEXT,
     .example = "the endpoint takes GET only (docs, 2026-05)",
     .doc = "Why a secret has to stand in the URL. Required where one does."},
    {.key = "response",
     FOB_BLOCK(struct fob_request_rule, response, struct fob_response_rule),
     .table = &response_table},
};

const struct fob_table fob_request_table = {
    .name = "request", .section = "REQUESTS", .doc = "A request.", FOB_ROWS(request_fields)};
