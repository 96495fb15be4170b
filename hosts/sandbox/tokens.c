/* SPDX-License-Identifier: MIT */
/* Answers that bring tokens: made, remembered, and put where the descriptor says. */
#include "tokens.h"

#include "answer.h"
#include "clock.h"
#include "facts.h"
#include "jwt.h"
#include "provider.h"
#include "scope.h"
#include "tree.h"

#include <string.h>
#include <time.h>

/* One answer on its way. */
struct making {
    struct sandbox *sandbox;
    const struct visit *visit;
    const struct rule *rule;
    struct answer answer;
    json_t *fields; /* where the tokens go */
    struct grant *grant;
    const char *scope;
};

static const char *source_of(const struct making *making, const char *field, const char *usual)
{
    const char *given = tree_first(making->fields, field);
    return given ? given : usual;
}

/* --- lifetimes ------------------------------------------------------------------------------------------------------ */

static int64_t access_lifetime(const struct making *making)
{
    long long told = tree_seconds(tree_text(making->sandbox->descriptor, "lifetimes/access_token"));
    const char *zero = tree_text(making->answer.response, "expires_zero");
    if (making->sandbox->settings.lifetime_ms != NOT_GIVEN)
        return making->sandbox->settings.lifetime_ms;
    if (zero && strcmp(zero, "never") == 0)
        return FOR_GOOD;
    return told >= 0 ? told * 1000 : 3600 * 1000;
}

static int64_t refresh_lifetime(const struct sandbox *sandbox)
{
    long long whole = tree_seconds(tree_text(sandbox->descriptor, "lifetimes/refresh_token"));
    long long idle = tree_seconds(tree_text(sandbox->descriptor, "lifetimes/refresh_token_idle"));
    if (sandbox->settings.refresh_lifetime_ms != NOT_GIVEN)
        return sandbox->settings.refresh_lifetime_ms;
    if (idle >= 0 && (whole < 0 || idle < whole))
        whole = idle;
    return whole >= 0 ? whole * 1000 : FOR_GOOD;
}

static json_t *duration_value(const struct making *making, int64_t ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"min", 60000}, {"h", 3600000}};
    const char *unit = tree_text(making->answer.response, "expires_unit");
    int64_t divisor = 1000;
    for (size_t i = 0; unit && i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].unit, unit) == 0)
            divisor = units[i].ms;
    return text_must(json_integer(ms == FOR_GOOD ? 0 : ms / divisor));
}

/* A moment as this server writes it; in a JWT a NumericDate whatever the server writes (RFC 7519 section 2). */
static json_t *moment_value(const struct making *making, const char *source, int64_t lifetime_ms)
{
    int64_t at = clock_now() + (lifetime_ms == FOR_GOOD ? 0 : lifetime_ms);
    enum time_form form = making->sandbox->settings.expires_at;
    time_t seconds = (time_t)(at / 1000);
    struct tm parts;
    char text[32];
    if (strncmp(source, "claim:", 6) == 0 || form == TIME_SECONDS)
        return text_must(json_integer(at / 1000));
    if (form == TIME_MS)
        return text_must(json_integer(at));
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
    return text_must(json_string(text));
}

/* How long, or until when: as the descriptor says where; else as RFC 6749 has it, unless it says that none is told. */
static void put_times(struct making *making, const char *in, const char *at, int64_t lifetime_ms,
                      bool usually)
{
    const char *in_source = source_of(making, in, NULL), *at_source = source_of(making, at, NULL);
    if (at_source)
        answer_put(&making->answer, at_source, moment_value(making, at_source, lifetime_ms));
    if (in_source || (usually && !at_source))
        answer_put(&making->answer, in_source ? in_source : "/expires_in",
                   duration_value(making, lifetime_ms));
}

static void put_access_times(struct making *making, int64_t lifetime_ms)
{
    bool untold = tree_text(making->sandbox->descriptor, "lifetimes/access_token") &&
                  making->sandbox->settings.lifetime_ms == NOT_GIVEN;
    bool zero = tree_text(making->answer.response, "expires_zero") != NULL;
    put_times(making, "expires_in", "expires_at", lifetime_ms, !untold && (zero || lifetime_ms != FOR_GOOD));
}

/* --- what is in the answer -------------------------------------------------------------------------------------------- */

static char separator_of(const struct making *making)
{
    const char *own = tree_text(making->answer.response, "scope_separator");
    const char *asked = tree_text(making->sandbox->descriptor, "scopes/separator");
    return own ? *own : asked && *asked != '+' ? *asked : ' ';
}

static void put_scope(struct making *making)
{
    char *scope = text_copy(making->scope), separator = separator_of(making);
    for (char *at = scope; *at; at++)
        *at = *at == ' ' ? separator : *at;
    answer_put_text(&making->answer, source_of(making, "scope", "/scope"), scope);
    text_drop(&scope);
}

static bool wants_id_token(const struct making *making)
{
    const char *from = tree_text(making->sandbox->descriptor, "identity/from");
    return making->rule->kind != RULE_CLIENT &&
           (scope_has(making->scope, "openid") || (from && strcmp(from, "id_token") == 0) ||
            tree_first(making->fields, "id_token") || json_object_get(making->answer.claims, "id_token"));
}

/* Who may sign: the client's secret where there is one, so that the client can check it. */
static const char *signing_key(const struct sandbox *sandbox)
{
    return sandbox->client_secret ? sandbox->client_secret : sandbox->token_key;
}

static char *make_id_token(const struct making *making, int64_t lifetime_ms)
{
    const struct sandbox *sandbox = making->sandbox;
    json_int_t now = (json_int_t)(clock_now() / 1000);
    json_int_t end = now + (json_int_t)(lifetime_ms == FOR_GOOD ? 3600 : lifetime_ms / 1000);
    char *issuer = facts_metadata(sandbox, making->visit->view, making->visit->captured, "issuer");
    json_t *usual =
        text_must(json_pack("{s:s, s:s, s:s, s:I, s:I, s:s*}", "iss", issuer ? issuer : sandbox->origin,
                            "sub", making->grant->subject, "aud", sandbox->client_id, "iat", now, "exp", end,
                            "nonce", making->grant->nonce));
    json_t *claims = tree_merge(usual, json_object_get(making->answer.claims, "id_token"));
    char *jwt = jwt_make(claims, signing_key(sandbox));
    json_decref(usual);
    json_decref(claims);
    text_drop(&issuer);
    return jwt;
}

/* A random text, or a JWT where something is read from its claims. */
static char *make_access_token(const struct making *making)
{
    json_t *claims = json_object_get(making->answer.claims, "access_token");
    char *unique = text_random(24);
    if (!claims)
        return unique;
    tree_set_taken(claims, "jti", unique);
    return jwt_make(claims, making->sandbox->token_key);
}

static void put_access_token(struct making *making, int64_t lifetime_ms)
{
    struct grant *grant = making->grant;
    text_drop(&grant->access);
    grant->access = make_access_token(making);
    struct record *record =
        store_add(&making->sandbox->store, RECORD_ACCESS, grant->access, grant, lifetime_ms);
    if (strcmp(making->scope, grant->scope) != 0)
        record->scope = text_copy(making->scope);
    grant->access_since = record->since;
    grant->access_until = record->expires;
    answer_put_text(&making->answer, source_of(making, "access_token", "/access_token"), grant->access);
}

static void put_refresh_token(struct making *making, enum new_refresh_token refresh)
{
    struct grant *grant = making->grant;
    int64_t lifetime = refresh_lifetime(making->sandbox);
    if (refresh == REFRESH_NONE)
        return;
    text_drop(&grant->refresh);
    grant->refresh = store_issue(&making->sandbox->store, RECORD_REFRESH, grant, lifetime);
    answer_put_text(&making->answer, source_of(making, "refresh_token", "/refresh_token"), grant->refresh);
    put_times(making, "refresh_token_expires_in", "refresh_token_expires_at", lifetime, false);
}

/* What the descriptor puts into claims has to be there before the tokens are made that hold them. */
static void put_tokens(struct making *making, enum new_refresh_token refresh)
{
    int64_t lifetime = access_lifetime(making);
    put_scope(making);
    answer_put_text(&making->answer, source_of(making, "token_type", "/token_type"), "Bearer");
    put_access_times(making, lifetime);
    answer_identify(&making->answer, "token", true, making->grant->subject);
    if (wants_id_token(making)) {
        text_drop(&making->grant->id_token);
        making->grant->id_token = make_id_token(making, lifetime);
        answer_put_text(&making->answer, source_of(making, "id_token", "/id_token"), making->grant->id_token);
    }
    put_access_token(making, lifetime);
    put_refresh_token(making, refresh);
    making->grant->answers++;
}

/* identity.from id_token: pointers into its claims. */
static void identify_in_id_token(struct making *making)
{
    json_t *identity = json_object_get(making->sandbox->descriptor, "identity");
    const char *from = tree_text(identity, "from"), *id = tree_text(identity, "id");
    const char *label = tree_text(identity, "label");
    if (!from || strcmp(from, "id_token") != 0)
        return;
    char *id_source = text_printf("claim:id_token%s", id),
         *label_source = text_printf("claim:id_token%s", label ? label : "");
    answer_put_text(&making->answer, id_source, making->grant->subject);
    if (label)
        answer_put_text(&making->answer, label_source, "Sandbox User");
    text_drop(&id_source);
    text_drop(&label_source);
}

/* Of a list: the places of one item's fields, seen from the answer. */
static json_t *fields_in_list(struct making *making, json_t *also, const char *name)
{
    const char *each = tree_text(also, "each"), *field;
    json_t *fields = text_must(json_object()), *value;
    json_object_foreach (also, field, value) {
        const char *inside = tree_first(also, field);
        bool in_item = inside && (!*inside || *inside == '/');
        if (inside && strcmp(field, "each") != 0)
            tree_set_taken(fields, field, in_item ? text_printf("%s/0%s", each, inside) : text_copy(inside));
    }
    answer_put_text(&making->answer, tree_text(fields, "name"), name);
    return fields;
}

/* A second token that comes along has a grant of its own, with the scopes of its group. */
static void put_others(struct making *making, enum new_refresh_token refresh)
{
    const char *name;
    json_t *also, *fields;
    json_object_foreach (tree_at(making->answer.response, "also"), name, also) {
        fields = tree_text(also, "each") ? fields_in_list(making, also, name) : json_incref(also);
        const char *scope = tree_text(making->grant->groups, name);
        char *subject = text_printf("%s/%s", making->grant->subject, name);
        struct making other = *making;
        other.fields = fields;
        other.grant = grant_new(subject, scope ? scope : making->grant->scope);
        other.scope = other.grant->scope;
        bool has_refresh = tree_first(fields, "refresh_token") != NULL;
        put_access_token(&other, access_lifetime(&other));
        put_refresh_token(&other, has_refresh ? refresh : REFRESH_NONE);
        put_times(&other, "expires_in", "expires_at", access_lifetime(&other), false);
        if (tree_first(fields, "scope"))
            put_scope(&other);
        making->answer = other.answer;
        grant_unref(other.grant);
        json_decref(fields);
        text_drop(&subject);
    }
}

/* A refresh that brings no access token: the one that the client holds lasts longer. */
static bool only_prolongs(const struct making *making)
{
    return making->rule->kind == RULE_REFRESH && making->grant->access &&
           tree_text(making->rule->block, "missing_access_token");
}

static void prolong(struct making *making)
{
    struct grant *grant = making->grant;
    int64_t lifetime = access_lifetime(making);
    struct record *record = store_find(&making->sandbox->store, RECORD_ACCESS, grant->access);
    if (record) {
        record->since = clock_steady();
        record->expires = lifetime == FOR_GOOD ? FOR_GOOD : record->since + lifetime;
        grant->access_since = record->since;
        grant->access_until = record->expires;
    }
    put_times(making, "expires_in", "expires_at", lifetime, false);
    grant->answers++;
}

void tokens_answer(struct sandbox *sandbox, const struct visit *visit, const struct rule *rule,
                   struct grant *grant, const char *scope, enum new_refresh_token refresh, bool with_others,
                   struct reply *reply)
{
    json_t *response = tree_at(rule->block, "response"), *keep = tree_at(response, "keep");
    struct making making = {.sandbox = sandbox,
                            .visit = visit,
                            .rule = rule,
                            .fields = tree_at(response, "fields"),
                            .grant = grant,
                            .scope = scope ? scope : grant->scope};
    answer_begin(&making.answer, sandbox, response, reply);
    answer_keep(&making.answer, keep, true, 0, grant->kept);
    if (rule->kind != RULE_CLIENT)
        identify_in_id_token(&making);
    if (only_prolongs(&making))
        prolong(&making);
    else
        put_tokens(&making, refresh);
    if (with_others)
        put_others(&making, refresh);
    answer_keep(&making.answer, keep, false, 0, grant->kept);
    answer_identify(&making.answer, rule->kind == RULE_STEP ? rule->name : "token", false, grant->subject);
    answer_send(&making.answer);
}
