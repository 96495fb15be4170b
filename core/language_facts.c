/* SPDX-License-Identifier: MIT */
/* The descriptor language: facts about the provider, and recorded exchanges. */
#include "language.h"
#include "names.h"

#include <fob/limits.h>

/* --- facts -------------------------------------------------------------------------------------------------- */

static const struct fob_field identity_fields[] = {
    {.key = "from",
     FOB_TEXT(struct fob_identity_rule, from),
     .format = FOB_FORMAT_NAME,
     .fallback = "token",
     .example = "userinfo",
     .doc =
         "Where it is told: token (the answer of the token endpoint), id_token, userinfo, a step, or kept: "
         "/NAME is {kept.NAME} then."},
    {.key = "id",
     FOB_TEXT(struct fob_identity_rule, id),
     .format = FOB_FORMAT_FACT,
     .names = FOB_NAMES_URL,
     .exposed = true,
     .required = true,
     .example = "/user/id",
     .doc = "What tells accounts apart; the same for the same account whenever it logs in. With from: kept "
            "it may "
            "be a text, like {kept.company}/{kept.user}."},
    {.key = "label",
     FOB_TEXT(struct fob_identity_rule, label),
     .format = FOB_FORMAT_FACT,
     .names = FOB_NAMES_URL,
     .exposed = true,
     .example = "/user/name",
     .doc = "What a person knows the account by; likewise."},
};

const struct fob_table fob_identity_table = {
    .doc = "Whose token it is. Without it, the sub of the ID token.",
    FOB_ROWS(identity_fields),
};

static const struct fob_field lifetime_fields[] = {
    {.key = "access_token",
     FOB_TEXT(struct fob_lifetimes_rule, access_token),
     .format = FOB_FORMAT_DURATION,
     .example = "1h",
     .doc = "Of an access token, where the answer does not say."},
    {.key = "refresh_token",
     FOB_TEXT(struct fob_lifetimes_rule, refresh_token),
     .format = FOB_FORMAT_DURATION,
     .example = "90d",
     .doc = "Of a refresh token, where the answer does not say."},
    {.key = "refresh_token_idle",
     FOB_TEXT(struct fob_lifetimes_rule, refresh_token_idle),
     .format = FOB_FORMAT_DURATION,
     .example = "14d",
     .doc = "After which a refresh token that was not used dies: it has to be used in time."},
};

const struct fob_table fob_lifetimes_table = {
    .doc = "How long tokens live, as durations: 30s, 5m, 1h, 60d, 1y.", FOB_ROWS(lifetime_fields)};

static const struct fob_choice redirects[] = {
    {"loopback_any_port", FOB_REDIRECT_LOOPBACK_ANY_PORT, "http://127.0.0.1 with any port (RFC 8252)"},
    {"loopback", FOB_REDIRECT_LOOPBACK, "http://127.0.0.1 with the port that was registered"},
    {"localhost", FOB_REDIRECT_LOCALHOST, "http://localhost with the port that was registered"},
    {"https_or_localhost", FOB_REDIRECT_HTTPS_OR_LOCALHOST, "https, or http://localhost"},
    {"https", FOB_REDIRECT_HTTPS, "https only"},
    {"custom_scheme", FOB_REDIRECT_CUSTOM_SCHEME, "a scheme of the application's own"},
    {NULL, 0, NULL}};

static const struct fob_field registration_fields[] = {
    {.key = "console",
     FOB_TEXT(struct fob_registration_rule, console),
     .format = FOB_FORMAT_LINK,
     .example = "https://acme.example/developer/apps",
     .doc = "The page where an application is registered."},
    {.key = "redirect_uri",
     FOB_CHOICE(struct fob_registration_rule, redirect_uri, enum fob_redirect_rule),
     .choices = redirects,
     .example = "https_or_localhost",
     .doc = "Which redirect URIs are taken."},
    {.key = "review",
     FOB_TEXT(struct fob_registration_rule, review),
     .format = FOB_FORMAT_TEXT,
     .example = "Needed for more than 100 accounts",
     .doc = "What has to be approved, and when."},
    {.key = "steps",
     FOB_LIST(struct fob_registration_rule, steps),
     .format = FOB_FORMAT_TEXT,
     .max = 16,
     .example = "[Create an app, Open OAuth & Permissions]",
     .doc = "What the person has to click, in order."},
};

const struct fob_table fob_registration_table = {.doc = "Where and how an application is registered.",
                                                 FOB_ROWS(registration_fields)};

/* --- recorded exchanges ------------------------------------------------------------------------------------- */

static const struct fob_field exchange_fields[] = {
    {.key = "method",
     FOB_TEXT(struct fob_exchange_rule, method),
     .format = FOB_FORMAT_TEXT,
     .example = "POST",
     .doc = "The method that has to be used."},
    {.key = "url",
     FOB_TEXT(struct fob_exchange_rule, url),
     .format = FOB_FORMAT_TEXT,
     .example = "https://acme.example/oauth/token",
     .doc = "The URL, without its query, that has to be called."},
    {.key = "sends",
     FOB_JSON(struct fob_exchange_rule, sends),
     .example = "{client_key: client-id, scope: null}",
     .doc = "Parameters that have to be sent, in the body or the query; null: must not be."},
    {.key = "headers",
     FOB_JSON(struct fob_exchange_rule, headers),
     .example = "{Accept: application/json}",
     .doc = "Header fields that have to be sent."},
    {.key = "status",
     FOB_TEXT(struct fob_exchange_rule, status),
     .format = FOB_FORMAT_STATUS,
     .scalars = true,
     .example = "400",
     .doc = "The answer's status; 200 by default."},
    {.key = "answer_headers",
     FOB_JSON(struct fob_exchange_rule, answer_headers),
     .example = "{Content-Type: text/plain}",
     .doc = "The answer's header fields."},
    {.key = "answer",
     FOB_JSON(struct fob_exchange_rule, answer),
     .example = "{access_token: at-1}",
     .doc = "The answer, as JSON."},
    {.key = "text",
     FOB_TEXT(struct fob_exchange_rule, text),
     .format = FOB_FORMAT_VALUE,
     .example = "access_token=at-1&expires=60",
     .doc = "The answer, as text, where it is not JSON."},
};

static const struct fob_table exchange_table = {
    .doc = "One request and its answer, as the provider's documentation shows them.",
    FOB_ROWS(exchange_fields),
    .size = sizeof(struct fob_exchange_rule),
    .mark_offset = FOB_OFFSET(struct fob_exchange_rule, mark, struct fob_mark),
};

static const struct fob_field test_fields[] = {
    {.key = "source",
     FOB_TEXT(struct fob_test_rule, source),
     .format = FOB_FORMAT_LINK,
     .example = "https://acme.example/docs/oauth#token",
     .doc = "The page that the exchange was taken from."},
    {.key = "grant",
     FOB_TEXT(struct fob_test_rule, grant),
     .format = FOB_FORMAT_NAME,
     .fallback = "authorization_code",
     .example = "refresh_token",
     .doc = "authorization_code, client_credentials, refresh_token, revoke or verify."},
    {.key = "environment",
     FOB_TEXT(struct fob_test_rule, environment),
     .format = FOB_FORMAT_ID,
     .doc = "One of the environments."},
    {.key = "kept",
     FOB_JSON(struct fob_test_rule, kept),
     .example = "{realm_id: \"4711\"}",
     .doc = "What the login before had kept, for a refresh_token, revoke or verify test."},
    {.key = "authorize",
     FOB_JSON(struct fob_test_rule, authorize),
     .example = "{client_key: client-id}",
     .doc = "Parameters that the authorization request has to hold; null: must not be there."},
    {.key = "callback",
     FOB_JSON(struct fob_test_rule, callback),
     .example = "{code: c0de, realmId: \"1\"}",
     .doc = "The fields that come back by the browser, but for the state."},
    {.key = "exchanges",
     FOB_ITEMS(struct fob_test_rule, exchanges, n_exchanges, struct fob_exchange_rule),
     .max = 8,
     .table = &exchange_table,
     .doc = "The requests, in order, and their answers."},
    {.key = "token",
     FOB_JSON(struct fob_test_rule, token),
     .example = "{access_token: at-1, expires_in: 3600, identity: u1}",
     .doc = "What comes of it: access_token, refresh_token, token_type, scope, expires_in, identity, label, "
            "kept, also."},
    {.key = "error",
     FOB_TEXT(struct fob_test_rule, error),
     .format = FOB_FORMAT_ID,
     .example = "needs-login",
     .doc = "What comes of it when it fails, as one of fob's words: needs-login, denied, client, server …"},
};

const struct fob_table fob_test_table = {
    .doc = "One recorded exchange; see RECORDED EXCHANGES.",
    FOB_ROWS(test_fields),
    .size = sizeof(struct fob_test_rule),
    .name_offset = FOB_OFFSET(struct fob_test_rule, name, char *),
    .mark_offset = FOB_OFFSET(struct fob_test_rule, mark, struct fob_mark),
};
