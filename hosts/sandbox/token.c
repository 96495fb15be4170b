/* SPDX-License-Identifier: MIT */
/* Grants that become tokens (RFC 6749 sections 4.1.3, 4.4.2 and 6), and when they do not. */
#include "token.h"

#include "answer.h"
#include "client.h"
#include "clock.h"
#include "fault.h"
#include "pkce.h"
#include "reply.h"
#include "scope.h"
#include "tokens.h"
#include "tree.h"

#include <string.h>

void token_refuse(struct inquiry *inquiry, struct problem problem, struct reply *reply)
{
    struct problem told = problem;
    if (problem.status == 401 && (inquiry->methods & AUTH_TOKEN))
        reply_field(reply, "WWW-Authenticate",
                    text_copy("Bearer realm=\"fob-sandbox\", error=\"invalid_token\""));
    else if (problem.status == 401 && request_header(inquiry->visit->request, "authorization"))
        reply_field(reply, "WWW-Authenticate", text_copy("Basic realm=\"fob-sandbox\", charset=\"UTF-8\""));
    answer_problem(inquiry->sandbox, tree_at(inquiry->rule->block, "response"), &told, reply);
    text_drop(&problem.why);
}

static void invalid_grant(struct inquiry *inquiry, const char *why, struct reply *reply)
{
    token_refuse(inquiry, problem_make(400, "invalid_grant", "%s", why), reply);
}

static bool is_with(const struct inquiry *inquiry, const char *what)
{
    const char *with = tree_text(inquiry->sandbox->descriptor, "refresh/with");
    return strcmp(with ? with : "refresh_token", what) == 0;
}

/* None where nothing could be done with it. */
static bool gives_refresh_token(const struct inquiry *inquiry)
{
    json_t *listed = json_object_get(inquiry->visit->view->metadata, "grant_types_supported");
    return is_with(inquiry, "refresh_token") &&
           (!json_array_size(listed) || tree_lists(listed, "refresh_token"));
}

/* --- authorization_code ------------------------------------------------------------------------------------------------ */

static const char *code_problem(const struct inquiry *inquiry)
{
    const struct record *code = inquiry->record;
    const char *method = pkce_method(inquiry->sandbox);
    bool verifies = expect_standard(&inquiry->expected, "code_verifier");
    return !code || code->kind != RECORD_CODE ? "the code is unknown"
           : code->used                       ? "the code was used before"
           : !record_is_live(code)            ? "the code has expired"
           : verifies && !pkce_verify(method, code->grant->challenge,
                                      tree_text(inquiry->presented, "code_verifier"))
               ? "code_verifier does not match the code_challenge"
               : NULL;
}

void token_by_code(struct inquiry *inquiry, struct reply *reply)
{
    struct record *code = inquiry->record;
    if (!expect_standard(&inquiry->expected, "code")) {
        token_by_client(inquiry, reply); /* a step says with the code who it is */
        return;
    }
    const char *problem = code_problem(inquiry);
    if (code && code->kind == RECORD_CODE && code->used)
        code->grant->revoked = true; /* RFC 6749 section 4.1.2: and the tokens made with it */
    if (code)
        record_use(code);
    if (problem) {
        invalid_grant(inquiry, problem, reply);
        return;
    }
    tokens_answer(inquiry->sandbox, inquiry->visit, inquiry->rule, inquiry->grant, NULL,
                  gives_refresh_token(inquiry) ? REFRESH_NEW : REFRESH_NONE, true, reply);
}

/* --- refresh ------------------------------------------------------------------------------------------------------------- */

static enum rotation rotation_of(const struct sandbox *sandbox)
{
    static const char *const words[] = {"none", "rotates", "reuse_revokes", "grace"};
    const char *given = tree_text(sandbox->descriptor, "rotation");
    if (sandbox->settings.rotation != NOT_GIVEN)
        return (enum rotation)sandbox->settings.rotation;
    for (size_t i = 0; given && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], given) == 0)
            return (enum rotation)i;
    return ROTATION_ROTATES;
}

/* A used token is good for a moment longer where there is grace. */
static bool is_in_grace(const struct inquiry *inquiry, const struct record *record)
{
    return record->used && rotation_of(inquiry->sandbox) == ROTATION_GRACE && !record->grant->revoked &&
           clock_steady() < record->used_at + inquiry->sandbox->settings.grace_ms;
}

static int64_t in_ms(const struct inquiry *inquiry, const char *key)
{
    long long seconds = tree_seconds(tree_text(inquiry->rule->block, key));
    return seconds < 0 ? NOT_GIVEN : seconds * 1000;
}

/* When the access token is too young, too good, or not good any more, to be refreshed. */
static struct problem time_problem(const struct inquiry *inquiry, int64_t since, int64_t until)
{
    int64_t min_age = in_ms(inquiry, "min_age"), max_ttl = in_ms(inquiry, "max_ttl"), now = clock_steady();
    if (min_age != NOT_GIVEN && now - since < min_age)
        return problem_make(400, "invalid_request", "the access token is too young to be refreshed");
    if (max_ttl != NOT_GIVEN && until - now > max_ttl)
        return problem_make(400, "invalid_request", "the access token is good for too long to be refreshed");
    if (tree_is_true(inquiry->rule->block, "needs_valid") && until <= now)
        return problem_make(400, "invalid_grant", "the access token has ended and cannot be refreshed");
    return (struct problem){0};
}

/* The same refresh token goes on: with an idle time, from now. */
static void keep_alive(const struct inquiry *inquiry, struct record *record)
{
    long long idle = tree_seconds(tree_text(inquiry->sandbox->descriptor, "lifetimes/refresh_token_idle"));
    if (idle >= 0 && inquiry->sandbox->settings.refresh_lifetime_ms == NOT_GIVEN)
        record->expires = clock_steady() + idle * 1000;
}

/* The scope parameter, if there is one, asks for no more than was granted. False: it does. */
static bool narrower_scope(const struct inquiry *inquiry, char **ret_scope)
{
    const struct expected *expected = expect_standard(&inquiry->expected, "scope");
    const char *given = expected ? inquiry_value(inquiry, expected->name) : NULL;
    *ret_scope = given ? scope_from_request(inquiry->sandbox, given) : NULL;
    return !given || (*ret_scope && scope_within(*ret_scope, inquiry->grant->scope));
}

static void refresh_with_refresh_token(struct inquiry *inquiry, struct reply *reply)
{
    struct record *record = inquiry->record;
    struct grant *grant = inquiry->grant;
    enum rotation rotation = rotation_of(inquiry->sandbox);
    /* An answer without a refresh token says that there is none any more: so it is, once it was used. */
    bool drops = tree_text(inquiry->rule->block, "missing_refresh_token") &&
                 strcmp(tree_text(inquiry->rule->block, "missing_refresh_token"), "drop") == 0;
    char *scope = NULL;
    if (record && record->used && rotation == ROTATION_REUSE_REVOKES)
        grant->revoked = true;
    if (!record || record->kind != RECORD_REFRESH ||
        (!record_is_live(record) && !is_in_grace(inquiry, record))) {
        invalid_grant(inquiry, "the refresh token is unknown, used, too old or revoked", reply);
        return;
    }
    struct problem problem = time_problem(inquiry, grant->access_since, grant->access_until);
    if (problem.code) {
        token_refuse(inquiry, problem, reply);
    } else if (!narrower_scope(inquiry, &scope)) {
        token_refuse(inquiry, problem_make(400, "invalid_scope", "scope asks for more than was granted"),
                     reply);
    } else {
        if (rotation != ROTATION_NONE || drops)
            record_use(record);
        else
            keep_alive(inquiry, record);
        tokens_answer(inquiry->sandbox, inquiry->visit, inquiry->rule, grant, scope,
                      rotation != ROTATION_NONE && !drops ? REFRESH_NEW : REFRESH_NONE, false, reply);
        if (rotation != ROTATION_NONE)
            fault_after_rotation(inquiry->sandbox, reply);
    }
    text_drop(&scope);
}

/* The access token renews itself: it has to be known, and good only where the descriptor says so. */
static void refresh_with_access_token(struct inquiry *inquiry, struct reply *reply)
{
    struct record *record = inquiry->record;
    if (!record || record->kind != RECORD_ACCESS || record->used || record->grant->revoked) {
        invalid_grant(inquiry, "the access token is unknown or revoked", reply);
        return;
    }
    struct problem problem = time_problem(inquiry, record->since, record->expires);
    if (problem.code)
        token_refuse(inquiry, problem, reply);
    else
        tokens_answer(inquiry->sandbox, inquiry->visit, inquiry->rule, inquiry->grant, NULL, REFRESH_NONE,
                      false, reply);
}

void token_by_refresh(struct inquiry *inquiry, struct reply *reply)
{
    unsigned limit = inquiry->sandbox->settings.faults.revoke_after;
    if (is_with(inquiry, "client_credentials")) {
        token_by_client(inquiry, reply);
        return;
    }
    if (inquiry->grant && limit && inquiry->grant->answers >= limit)
        inquiry->grant->revoked = true;
    if (is_with(inquiry, "access_token"))
        refresh_with_access_token(inquiry, reply);
    else
        refresh_with_refresh_token(inquiry, reply);
}

/* --- client_credentials ---------------------------------------------------------------------------------------------------- */

void token_by_client(struct inquiry *inquiry, struct reply *reply)
{
    struct sandbox *sandbox = inquiry->sandbox;
    const char *given = tree_text(inquiry->presented, "scope");
    char *scope = given ? scope_from_request(sandbox, given) : scope_default(sandbox);
    const char *problem = !scope ? "scope is not written as the provider wants it"
                          : given && scope_has(scope, "openid") ? "a client alone cannot have openid"
                          : given ? scope_problem(sandbox, inquiry->visit->view, false, scope)
                                  : NULL;
    if (!sandbox->client_secret && !sandbox->client_key) {
        token_refuse(inquiry, problem_make(400, "unauthorized_client", "a public client has no credentials"),
                     reply);
    } else if (problem) {
        token_refuse(inquiry, problem_make(400, "invalid_scope", "%s", problem), reply);
    } else {
        struct grant *grant = grant_new(sandbox->client_id, scope);
        grant->asked_scope = text_copy(given);
        json_object_update(grant->variables, inquiry->visit->captured);
        tokens_answer(sandbox, inquiry->visit, inquiry->rule, grant, NULL, REFRESH_NONE, false,
                      reply); /* RFC 6749 section 4.4.3: no refresh token */
        grant_unref(grant);
    }
    text_drop(&scope);
}
