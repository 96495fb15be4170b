/* SPDX-License-Identifier: MIT */
/* The token endpoint (RFC 6749 sections 4.1.3, 4.4.2 and 6). */
#include "client.h"
#include "id_token.h"
#include "pkce.h"
#include "reply.h"
#include "scope.h"

#include <string.h>

static void invalid_grant(struct reply *reply, const char *why)
{
    reply_oauth_error(reply, 400, "invalid_grant", why);
}

static void set_secret(json_t *body, const char *name, char *value)
{
    json_object_set_new(body, name, text_must(json_string(value)));
    text_drop(&value);
}

/* An access token for grant, with what else the answer holds. scope NULL: all that was granted. */
static void answer(struct sandbox *sandbox, struct grant *grant, const char *scope, bool with_refresh,
                   struct reply *reply)
{
    int64_t lifetime = sandbox->settings.lifetime_ms;
    char *access = store_issue(&sandbox->store, RECORD_ACCESS, grant, lifetime);
    store_find(&sandbox->store, RECORD_ACCESS, access)->scope = text_copy(scope);
    const char *granted = scope ? scope : grant->scope;
    json_t *body = text_must(json_pack("{s:s, s:I, s:s}", "token_type", "Bearer", "expires_in",
                                       (json_int_t)(lifetime / 1000), "scope", granted));
    set_secret(body, "access_token", access);
    if (with_refresh)
        set_secret(body, "refresh_token", store_issue(&sandbox->store, RECORD_REFRESH, grant, INT64_MAX));
    if (scope_has(granted, "openid") && sandbox->client_secret)
        set_secret(body, "id_token", id_token_make(sandbox, grant));
    reply_json(reply, 200, body);
}

static const char *code_problem(const struct record *code, const struct params *form)
{
    const char *redirect = params_get(form, "redirect_uri");
    return !code                   ? "the code is unknown"
           : code->used            ? "the code was used before"
           : !record_is_live(code) ? "the code has expired"
           : !redirect || strcmp(redirect, code->grant->redirect_uri) != 0
               ? "redirect_uri is not the one of the login"
           : !pkce_verify(code->grant->challenge, params_get(form, "code_verifier"))
               ? "code_verifier does not match the code_challenge"
               : NULL;
}

static void authorization_code(struct sandbox *sandbox, const struct params *form, struct reply *reply)
{
    const char *value = params_get(form, "code");
    if (!value) {
        reply_oauth_error(reply, 400, "invalid_request", "code is missing");
        return;
    }
    struct record *code = store_find(&sandbox->store, RECORD_CODE, value);
    const char *problem = code_problem(code, form);
    if (code && code->used)
        code->grant->revoked = true; /* RFC 6749 section 4.1.2: and the tokens made with it */
    if (code)
        code->used = true;
    if (problem) {
        invalid_grant(reply, problem);
        return;
    }
    struct grant *grant = code->grant;
    grant->refs++; /* issuing tokens may push the code out of the store */
    answer(sandbox, grant, NULL, true, reply);
    grant_unref(grant);
}

static void refresh_token(struct sandbox *sandbox, const struct params *form, struct reply *reply)
{
    const char *value = params_get(form, "refresh_token"), *scope = params_get(form, "scope");
    if (!value) {
        reply_oauth_error(reply, 400, "invalid_request", "refresh_token is missing");
        return;
    }
    struct record *record = store_find(&sandbox->store, RECORD_REFRESH, value);
    if (record && record->used && sandbox->settings.rotation == ROTATION_REUSE_REVOKES)
        record->grant->revoked = true;
    if (!record || !record_is_live(record)) {
        invalid_grant(reply, "the refresh token is unknown, used or revoked");
        return;
    }
    if (scope && (!scope_is_valid(scope) || !scope_within(scope, record->grant->scope))) {
        reply_oauth_error(reply, 400, "invalid_scope", "scope asks for more than was granted");
        return;
    }
    bool rotates = sandbox->settings.rotation != ROTATION_NONE;
    record->used = rotates;
    struct grant *grant = record->grant;
    grant->refs++;
    answer(sandbox, grant, scope, rotates, reply);
    grant_unref(grant);
}

static void client_credentials(struct sandbox *sandbox, const struct params *form, struct reply *reply)
{
    const char *scope = params_get(form, "scope");
    if (!sandbox->client_secret) {
        reply_oauth_error(reply, 400, "unauthorized_client", "a public client has no credentials");
    } else if (scope && (!scope_is_valid(scope) || scope_has(scope, "openid") ||
                         (*sandbox->scopes && !scope_within(scope, sandbox->scopes)))) {
        reply_oauth_error(reply, 400, "invalid_scope", "scope has one that a client alone cannot have");
    } else {
        struct grant *grant = grant_new(sandbox->client_id, scope ? scope : DEFAULT_SCOPE);
        answer(sandbox, grant, NULL, false, reply); /* RFC 6749 section 4.4.3: no refresh token */
        grant_unref(grant);
    }
}

static const struct {
    const char *type;
    void (*run)(struct sandbox *, const struct params *, struct reply *);
} grants[] = {
    {"authorization_code", authorization_code},
    {"refresh_token", refresh_token},
    {"client_credentials", client_credentials},
};

static void run_grant(struct sandbox *sandbox, const struct params *form, struct reply *reply)
{
    const char *type = params_get(form, "grant_type");
    if (!type) {
        reply_oauth_error(reply, 400, "invalid_request", "grant_type is missing");
        return;
    }
    for (size_t i = 0; i < sizeof grants / sizeof *grants; i++)
        if (strcmp(grants[i].type, type) == 0) {
            grants[i].run(sandbox, form, reply);
            return;
        }
    reply_oauth_error(reply, 400, "unsupported_grant_type", "this server does not know the grant_type");
}

void token_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct params form = {0};
    if (client_request(sandbox, request, &form, reply))
        run_grant(sandbox, &form, reply);
    params_free(&form);
}
