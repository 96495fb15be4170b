/* SPDX-License-Identifier: MIT */
/* The authorization endpoint (RFC 6749 section 4.1) and the person's answer. */
#include "page.h"
#include "pkce.h"
#include "redirect.h"
#include "reply.h"
#include "scope.h"

#include <string.h>

#define CONSENT_LIFETIME_MS 600000
#define MAX_STATE 2048 /* bytes in state or nonce */
#define SUBJECT "sandbox-user"

/* An error to send back through the redirect (RFC 6749 section 4.1.2.1); code NULL: none. */
struct refusal {
    const char *code, *why;
};

static bool is(const char *value, const char *expected)
{
    return value && strcmp(value, expected) == 0;
}

static bool too_long(const char *value)
{
    return value && strlen(value) > MAX_STATE;
}

static struct refusal check(const struct sandbox *sandbox, const struct params *query)
{
    const char *type = params_get(query, "response_type");
    const char *mode = params_get(query, "response_mode");
    const char *scope = params_get(query, "scope");
    const struct {
        bool wrong;
        struct refusal refusal;
    } rules[] = {
        {!type, {"invalid_request", "response_type is missing"}},
        {!is(type, "code"), {"unsupported_response_type", "response_type can only be code"}},
        {mode && !is(mode, "query"), {"invalid_request", "response_mode can only be query"}},
        {params_get(query, "request"), {"request_not_supported", "request objects are not taken"}},
        {params_get(query, "request_uri"), {"request_uri_not_supported", "request_uri is not taken"}},
        {!pkce_is_challenge(params_get(query, "code_challenge")),
         {"invalid_request", "code_challenge is missing or not the base64url form of a SHA-256"}},
        {!is(params_get(query, "code_challenge_method"), "S256"),
         {"invalid_request", "code_challenge_method has to be S256"}},
        {too_long(params_get(query, "state")) || too_long(params_get(query, "nonce")),
         {"invalid_request", "state or nonce is too long"}},
        {scope && !scope_is_valid(scope),
         {"invalid_scope", "scope is not written as RFC 6749 section 3.3 says"}},
        {scope && *sandbox->scopes && !scope_within(scope, sandbox->scopes),
         {"invalid_scope", "scope has one that this server does not know"}},
        {scope && scope_has(scope, "openid") && !sandbox->client_secret,
         {"invalid_scope", "openid needs a client with a secret, with which the ID token is signed"}},
        {is(params_get(query, "prompt"), "none") && !sandbox->settings.auto_consent,
         {"consent_required", "prompt is none, but somebody has to be asked"}},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].wrong)
            return rules[i].refusal;
    return (struct refusal){NULL, NULL};
}

/* Where nothing may be sent back, because the way back itself is wrong (RFC 6749 section 3.1.2.4). */
static const char *check_client(const struct sandbox *sandbox, const struct request *request)
{
    const char *redirect = params_get(&request->query, "redirect_uri");
    return request->query_problem ? request->query_problem
           : !is(params_get(&request->query, "client_id"), sandbox->client_id)
               ? "client_id is missing or unknown"
           : !redirect                       ? "redirect_uri is missing"
           : !redirect_is_loopback(redirect) ? "redirect_uri is not a http URI on a loopback address"
                                             : NULL;
}

static void allow(struct sandbox *sandbox, struct grant *grant, struct reply *reply)
{
    char *code = store_issue(&sandbox->store, RECORD_CODE, grant, sandbox->settings.code_lifetime_ms);
    redirect_back(sandbox, grant, reply, "code", code, NULL);
    text_drop(&code);
}

static struct grant *grant_of(const struct params *query)
{
    const char *scope = params_get(query, "scope");
    struct grant *grant = grant_new(SUBJECT, scope ? scope : DEFAULT_SCOPE);
    grant->redirect_uri = text_copy(params_get(query, "redirect_uri"));
    grant->state = text_copy(params_get(query, "state"));
    grant->nonce = text_copy(params_get(query, "nonce"));
    grant->challenge = text_copy(params_get(query, "code_challenge"));
    return grant;
}

void authorize_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const char *problem = check_client(sandbox, request);
    if (problem) {
        page_refusal(reply, problem);
        return;
    }
    struct grant *grant = grant_of(&request->query);
    struct refusal refusal = check(sandbox, &request->query);
    if (refusal.code) {
        redirect_back(sandbox, grant, reply, "error", refusal.code, refusal.why);
    } else if (sandbox->settings.auto_consent) {
        allow(sandbox, grant, reply);
    } else {
        char *one_time = store_issue(&sandbox->store, RECORD_CONSENT, grant, CONSENT_LIFETIME_MS);
        page_consent(sandbox, grant, one_time, reply);
        text_drop(&one_time);
    }
    grant_unref(grant);
}

void consent_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct params form = {0};
    const char *problem;
    bool clean = params_read(&form, request->body, &problem);
    const char *value = params_get(&form, "request");
    const char *decision = params_get(&form, "decision");
    struct record *record = clean && value ? store_find(&sandbox->store, RECORD_CONSENT, value) : NULL;

    if (!record || !record_is_live(record)) {
        page_refusal(reply, "This page was answered before or is too old");
    } else if (!is(decision, "allow") && !is(decision, "deny")) {
        page_refusal(reply, "The answer is neither to allow nor to deny");
    } else {
        record->used = true;
        struct grant *grant = record->grant;
        grant->refs++; /* issuing the code may push the record out of the store */
        if (is(decision, "allow"))
            allow(sandbox, grant, reply);
        else
            redirect_back(sandbox, grant, reply, "error", "access_denied", "the person denied it");
        grant_unref(grant);
    }
    params_free(&form);
}
