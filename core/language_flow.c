/* SPDX-License-Identifier: MIT */
/* The descriptor language: the authorization request, what comes back, the refresh, the steps, revocation. */
#include "language.h"
#include "names.h"

#include <fob/limits.h>

/* --- authorize and callback --------------------------------------------------------------------------------- */

/* What guards a flow is the flow's to set. */
static const char *const authorize_guarded[] = {
    "state", "nonce", "code_challenge", "code_challenge_method", "client_id", NULL};
static const char *const authorize_kept[] = {"state", "nonce", "code_challenge", "code_challenge_method",
                                             NULL};

static const struct fob_choice response_modes[] = {
    {"query", FOB_MODE_QUERY, "in the query of the redirect"},
    {"form_post", FOB_MODE_FORM_POST, "posted by the browser as a form"},
    {"fragment", FOB_MODE_FRAGMENT, "in the fragment, which a page on loopback hands over"},
    {NULL, 0, NULL}};

static const struct fob_choice pkce_choices[] = {
    {"S256", FOB_PKCE_S256, "always, unless there is a reason"},
    {"S256-hex", FOB_PKCE_S256_HEX, "the hash in hex, for a provider that misread RFC 7636"},
    {"plain", FOB_PKCE_PLAIN, "for a provider that knows no S256"},
    {"public", FOB_PKCE_PUBLIC,
     "S256 for clients without a credential, for a provider that refuses it from others"},
    {"none", FOB_PKCE_NONE, "for a provider that fails when it is there"},
    {NULL, 0, NULL}};

static const struct fob_field authorize_fields[] = {
    {.key = "params",
     FOB_MAP(struct fob_authorize_rule, params),
     .format = FOB_FORMAT_TEMPLATE,
     .key_format = FOB_FORMAT_TEXT,
     .max = FOB_MAX_HOOK_PARAMS,
     .names = FOB_NAMES_METADATA | FOB_NAMES_PUBLIC,
     .guarded = authorize_guarded,
     .kept = authorize_kept,
     .nullable = true,
     .exposed = true,
     .example = "{access_type: offline}",
     .doc = "More parameters of the authorization request; {names} are filled in. null leaves a standard one "
            "out."},
    {.key = "rename",
     FOB_MAP(struct fob_authorize_rule, rename),
     .format = FOB_FORMAT_TEXT,
     .key_format = FOB_FORMAT_NAME,
     .max = 16,
     .example = "{scope: scopes}",
     .doc = "Standard parameters that the provider calls otherwise."},
    {.key = "sorted",
     FOB_BOOL(struct fob_authorize_rule, sorted),
     .doc = "The provider wants the parameters in the order of their names: all in the query, those that the "
            "URL brought itself among them."},
    {.key = "response_mode",
     FOB_CHOICE(struct fob_authorize_rule, response_mode, enum fob_response_mode),
     .choices = response_modes,
     .example = "form_post",
     .doc = "Asked for as response_mode, and how the answer comes back."},
    {.key = "pkce",
     FOB_CHOICE(struct fob_authorize_rule, pkce, enum fob_pkce),
     .choices = pkce_choices,
     .reason = "pkce_reason",
     .fallback = "S256",
     .example = "plain",
     .doc = "Proof Key for Code Exchange (RFC 7636)."},
    {.key = "pkce_reason",
     FOB_TEXT(struct fob_authorize_rule, pkce_reason),
     .format = FOB_FORMAT_TEXT,
     .example = "The provider refuses requests with a code_challenge (docs, 2026-05)",
     .doc = "Why pkce is not S256, or its parameters have other names or are left out. Required then."},
    {.key = "nonce",
     FOB_BOOL(struct fob_authorize_rule, nonce),
     .doc = "A random nonce is sent without \"openid\" among the scopes too."},
};

const struct fob_table fob_authorize_table = {
    .doc = "The authorization request (RFC 6749 section 4.1.1).",
    FOB_ROWS(authorize_fields),
    .schema_rule =
        "{\"if\": {\"anyOf\": [{\"required\": [\"pkce\"], \"properties\": {\"pkce\": {\"enum\": "
        "[\"S256-hex\", "
        "\"plain\", \"public\", \"none\"]}}}, {\"required\": [\"rename\"], \"properties\": {\"rename\": "
        "{\"anyOf\": "
        "[{\"required\": [\"code_challenge\"], \"properties\": {\"code_challenge\": {\"not\": {\"const\": "
        "\"code_challenge\"}}}}, {\"required\": [\"code_challenge_method\"], \"properties\": "
        "{\"code_challenge_method\": {\"not\": {\"const\": \"code_challenge_method\"}}}}]}}}]}, \"then\": "
        "{\"required\": [\"pkce_reason\"]}}",
};

#define CALLBACK_FIELD(word, text)                                                                           \
    {                                                                                                        \
        .key = #word, FOB_TEXT(struct fob_callback_fields, word), .format = FOB_FORMAT_TEXT,                 \
        .fallback = #word, .doc = text                                                                       \
    }

static const struct fob_field callback_name_fields[] = {
    CALLBACK_FIELD(code, "The field that holds the code."),
    CALLBACK_FIELD(state, "The field that holds the state."),
    CALLBACK_FIELD(iss, "The field that names the issuer (RFC 9207)."),
    CALLBACK_FIELD(error, "The field that says that it went wrong."),
    CALLBACK_FIELD(error_description, "The field that explains it."),
};

static const struct fob_table callback_names_table = {.doc = "What the provider calls the fields.",
                                                      FOB_ROWS(callback_name_fields)};

static const struct fob_choice states[] = {
    {"required", FOB_STATE_RULE_REQUIRED, "it has to come back as it was sent"},
    {"none", FOB_STATE_RULE_NONE, "the provider does not send it back: anybody may end a login"},
    {NULL, 0, NULL}};

static const struct fob_field callback_fields[] = {
    {.key = "response_mode",
     FOB_CHOICE(struct fob_callback_rule, response_mode, enum fob_response_mode),
     .choices = response_modes,
     .example = "form_post",
     .doc = "How the answer comes back where the provider was not asked; else authorize.response_mode, else "
            "query."},
    {.key = "fields",
     FOB_BLOCK(struct fob_callback_rule, fields, struct fob_callback_fields),
     .table = &callback_names_table},
    {.key = "errors",
     FOB_MAP(struct fob_callback_rule, errors),
     .key_format = FOB_FORMAT_TEXT,
     .choices = fob_error_classes,
     .max = 64,
     .example = "{user_denied: denied}",
     .doc = "The provider's words for errors, and what they mean."},
    {.key = "keep",
     FOB_BLOCKS(struct fob_callback_rule, keep, n_keep, struct fob_keep_rule),
     .key_format = FOB_FORMAT_NAME,
     .max = 16,
     .table = &fob_callback_keep_table,
     .doc = "Fields that later requests or the API need, by name, for {kept.name}."},
    {.key = "code_is_encoded",
     FOB_BOOL(struct fob_callback_rule, code_is_encoded),
     .doc = "The code is percent-encoded once more than it should be."},
    {.key = "require",
     FOB_MAP(struct fob_callback_rule, require),
     .format = FOB_FORMAT_TEMPLATE,
     .key_format = FOB_FORMAT_TEXT,
     .max = 8,
     .names = FOB_NAMES_REQUEST,
     .example = "{shop: \"{shop}.acme.example\"}",
     .doc = "What fields have to equal, compared in constant time: a signature, the tenant."},
    {.key = "state",
     FOB_CHOICE(struct fob_callback_rule, state, enum fob_state_rule),
     .choices = states,
     .reason = "state_reason",
     .fallback = "required",
     .example = "none",
     .doc = "Whether the state comes back. Without it a login can be forged: a person is told."},
    {.key = "state_reason",
     FOB_TEXT(struct fob_callback_rule, state_reason),
     .format = FOB_FORMAT_TEXT,
     .example = "The install link starts at the provider (docs, 2026-05)",
     .doc = "Why there is no state. Required then."},
};

const struct fob_table fob_callback_table = {
    .doc = "What comes back by the browser (RFC 6749 section 4.1.2).",
    FOB_ROWS(callback_fields),
    .schema_rule =
        "{\"if\": {\"required\": [\"state\"], \"properties\": {\"state\": {\"const\": \"none\"}}}, \"then\": "
        "{\"required\": [\"state_reason\"]}}",
};

/* --- refresh, steps, revoke --------------------------------------------------------------------------------- */

static const struct fob_choice withs[] = {
    {"refresh_token", FOB_WITH_REFRESH_TOKEN, "RFC 6749 section 6"},
    {"access_token", FOB_WITH_ACCESS_TOKEN, "the access token renews itself"},
    {"client_credentials", FOB_WITH_CLIENT_CREDENTIALS, "the client's credential is enough"},
    {NULL, 0, NULL}};
static const struct fob_choice missings[] = {{"keep", FOB_MISSING_KEEP, "the old one is still good"},
                                             {"drop", FOB_MISSING_DROP, "there is none any more"},
                                             {NULL, 0, NULL}};

static const struct fob_choice prolonged[] = {{"keep", FOB_MISSING_KEEP, "the old one is good for longer"},
                                              {NULL, 0, NULL}};

static const struct fob_field refresh_fields[] = {
    {.key = "request",
     FOB_INCLUDE(struct fob_refresh_rule, request, struct fob_request_rule),
     .table = &fob_request_table},
    {.key = "with",
     FOB_CHOICE(struct fob_refresh_rule, with, enum fob_refresh_with),
     .choices = withs,
     .fallback = "refresh_token",
     .example = "access_token",
     .doc = "What a new token is asked for with."},
    {.key = "missing_refresh_token",
     FOB_CHOICE(struct fob_refresh_rule, missing_refresh_token, enum fob_missing_rule),
     .choices = missings,
     .fallback = "keep",
     .example = "drop",
     .doc = "What an answer without a refresh token means."},
    {.key = "missing_access_token",
     FOB_CHOICE(struct fob_refresh_rule, missing_access_token, enum fob_missing_rule),
     .choices = prolonged,
     .example = "keep",
     .doc = "What a success without an access token means; an error by default. Needs response.success."},
    {.key = "min_age",
     FOB_TEXT(struct fob_refresh_rule, min_age),
     .format = FOB_FORMAT_DURATION,
     .example = "24h",
     .doc = "A younger token cannot be refreshed."},
    {.key = "max_ttl",
     FOB_TEXT(struct fob_refresh_rule, max_ttl),
     .format = FOB_FORMAT_DURATION,
     .example = "30s",
     .doc = "A token that is good for longer cannot be refreshed."},
    {.key = "needs_valid",
     FOB_BOOL(struct fob_refresh_rule, needs_valid),
     .doc = "A token that has ended cannot be refreshed."},
};

const struct fob_table fob_refresh_table = {
    .doc = "The refresh (RFC 6749 section 6). Starts as a copy of token.", FOB_ROWS(refresh_fields)};

static const struct fob_field choose_fields[] = {
    {.key = "from",
     FOB_TEXT(struct fob_choose_rule, from),
     .format = FOB_FORMAT_POINTER,
     .fallback = "",
     .example = "/accounts",
     .doc = "Where the list is; \"\" is the whole answer."},
    {.key = "id",
     FOB_TEXT(struct fob_choose_rule, id),
     .format = FOB_FORMAT_POINTER,
     .required = true,
     .example = "/id",
     .doc = "What tells the items apart, inside one."},
    {.key = "label",
     FOB_TEXT(struct fob_choose_rule, label),
     .format = FOB_FORMAT_POINTER,
     .example = "/name",
     .doc = "What a person knows it by, inside one."},
};

static const struct fob_table choose_table = {
    .doc = "The answer is a list: the person chooses when there are several. keep reads the chosen item.",
    FOB_ROWS(choose_fields),
};

static const struct fob_choice whens[] = {
    {"login", FOB_WHEN_LOGIN, "once, after the first token"},
    {"person", FOB_WHEN_PERSON, "likewise, but not where a machine logs in"},
    {"token", FOB_WHEN_TOKEN, "after every token, refreshed ones too"},
    {"before", FOB_WHEN_BEFORE, "before every token request"},
    {NULL, 0, NULL}};
static const struct fob_choice replaces[] = {
    {"token", FOB_REPLACES_TOKEN, "its answer is the token from then on"}, {NULL, 0, NULL}};

static const struct fob_field step_fields[] = {
    {.key = "request",
     FOB_INCLUDE(struct fob_step_rule, request, struct fob_request_rule),
     .table = &fob_request_table},
    {.key = "when",
     FOB_CHOICE(struct fob_step_rule, when, enum fob_step_when),
     .choices = whens,
     .fallback = "login",
     .example = "token",
     .doc = "When the request is sent."},
    {.key = "choose",
     FOB_BLOCK(struct fob_step_rule, choose, struct fob_choose_rule),
     .table = &choose_table},
    {.key = "replaces",
     FOB_CHOICE(struct fob_step_rule, replaces, enum fob_step_replaces),
     .choices = replaces,
     .example = "token",
     .doc = "What the answer takes the place of."},
};

const struct fob_table fob_step_table = {
    .doc = "One more request, in file order. It presents the token unless auth says otherwise.",
    FOB_ROWS(step_fields),
    .size = sizeof(struct fob_step_rule),
    .name_offset = FOB_OFFSET(struct fob_step_rule, name, char *),
    .mark_offset = FOB_OFFSET(struct fob_step_rule, mark, struct fob_mark),
    .schema_rule = "{\"required\": [\"endpoint\"]}",
};

static const struct fob_field revoke_fields[] = {
    {.key = "request",
     FOB_INCLUDE(struct fob_revoke_rule, request, struct fob_request_rule),
     .table = &fob_request_table},
    {.key = "tokens",
     FOB_LIST(struct fob_revoke_rule, tokens),
     .format = FOB_FORMAT_TOKEN_KIND,
     .max = 2,
     .example = "[access_token]",
     .doc = "Which tokens are revoked, in this order: refresh_token and then access_token by default."},
};

const struct fob_table fob_revoke_table = {.doc = "Revocation at logout (RFC 7009).",
                                           FOB_ROWS(revoke_fields)};
