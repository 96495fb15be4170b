/* SPDX-License-Identifier: MIT */
/* Which standard parameters a request may send, and under which names. */
#include "sent.h"
#include "template.h"

#include <string.h>

/* 1: it is set, -1: it is left out, 0: nothing is said. */
static int said(const struct fob_map *map, const char *name)
{
    for (size_t i = 0; i < map->n; i++)
        if (strcmp(map->v[i].name, name) == 0)
            return map->v[i].value ? 1 : -1;
    return 0;
}

bool fob_is_left_out(const struct fob_descriptor *d, const struct fob_rule *rule, const char *name)
{
    int own = said(rule ? &rule->own->params : &d->authorize.params, name);
    return own < 0 || (own == 0 && rule && rule->base && said(&rule->base->params, name) < 0);
}

/* --- what each request has ---------------------------------------------------------------------------------- */

static const char *const of_authorize[] = {
    "response_type",         "client_id", "redirect_uri",  "scope", "state", "code_challenge",
    "code_challenge_method", "nonce",     "response_mode", NULL};
static const char *const of_code[] = {"grant_type", "code", "redirect_uri", "code_verifier", NULL};
static const char *const of_machine[] = {"grant_type", "scope", NULL};
static const char *const of_refresh[] = {"grant_type", "refresh_token", NULL};
static const char *const of_revoke[] = {"token", "token_type_hint", NULL};
static const char *const of_others[] = {NULL};

static const char *const *own_params(const struct fob_descriptor *d, const struct fob_rule *rule)
{
    if (!rule)
        return of_authorize;
    return rule->own == &d->token                ? of_code
           : rule->own == &d->client_credentials ? of_machine
           : rule->own == &d->refresh.request    ? of_refresh
           : rule->own == &d->revoke.request     ? of_revoke
                                                 : of_others;
}

static bool takes(const struct fob_descriptor *d, const char *method)
{
    return fob_strings_have(&d->metadata.token_endpoint_auth_methods_supported, method);
}

static bool sends_client_id(const struct fob_rule *rule)
{
    enum fob_auth_method auth = fob_rule_auth(rule);
    return auth != FOB_AUTH_TOKEN && !(auth == FOB_AUTH_NONE && rule->is_api);
}

static bool sends_client_secret(const struct fob_descriptor *d, const struct fob_rule *rule)
{
    enum fob_auth_method auth = fob_rule_auth(rule);
    return auth == FOB_AUTH_POST || (auth == FOB_AUTH_UNSET && takes(d, "client_secret_post"));
}

static bool sends_assertion(const struct fob_descriptor *d, const struct fob_rule *rule)
{
    enum fob_auth_method auth = fob_rule_auth(rule);
    bool any = !d->metadata.token_endpoint_auth_methods_supported.n;
    return auth == FOB_AUTH_KEY_JWT || auth == FOB_AUTH_SECRET_JWT ||
           (auth == FOB_AUTH_UNSET && (any || takes(d, "private_key_jwt") || takes(d, "client_secret_jwt")));
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

/* What is only there when the descriptor says so. */
static bool is_on(const struct fob_descriptor *d, const char *standard)
{
    if (strcmp(standard, "response_mode") == 0)
        return d->authorize.response_mode != FOB_MODE_UNSET;
    if (strcmp(standard, "refresh_token") == 0)
        return d->refresh.with <= FOB_WITH_REFRESH_TOKEN;
    return d->authorize.pkce != FOB_PKCE_NONE || strncmp(standard, "code_", strlen("code_")) != 0;
}

static void add(const struct fob_descriptor *d, const struct fob_rule *rule, const char *standard,
                struct fob_sent *ret, size_t *n)
{
    const char *name = rule ? fob_rule_rename(rule, &d->rename, standard) : fob_authorize_rename(d, standard);
    if (is_on(d, standard) && !fob_is_left_out(d, rule, name))
        ret[(*n)++] = (struct fob_sent){standard, name};
}

size_t fob_sent_params(const struct fob_descriptor *d, const struct fob_rule *rule, struct fob_sent *ret)
{
    size_t n = 0;
    for (const char *const *param = own_params(d, rule); *param; param++)
        add(d, rule, *param, ret, &n);
    if (!rule)
        return n;
    if (sends_client_id(rule))
        add(d, rule, "client_id", ret, &n);
    if (sends_client_secret(d, rule))
        add(d, rule, "client_secret", ret, &n);
    if (sends_assertion(d, rule)) {
        add(d, rule, "client_assertion", ret, &n);
        add(d, rule, "client_assertion_type", ret, &n);
    }
    return n;
}

/* --- PKCE --------------------------------------------------------------------------------------------------- */

const char *const fob_pkce_params[] = {"code_challenge", "code_challenge_method", "code_verifier", NULL};

bool fob_map_sends(const struct fob_map *map, const char *name)
{
    for (size_t i = 0; i < map->n; i++) {
        const char *template = map->v[i].value;
        struct fob_piece piece;
        while (template && fob_template_next(&template, &piece))
            if (piece.is_expression && strlen(name) == piece.len && memcmp(piece.text, name, piece.len) == 0)
                return true;
    }
    return false;
}

/* A step may show the provider the code and its verifier in the place of the token request. */
static bool has_step_with_verifier(const struct fob_descriptor *d, const struct fob_rule *exchange)
{
    bool found = false;
    for (size_t i = 0; i < d->n_steps; i++) {
        const struct fob_map *params = &d->steps[i].request.params;
        found = found || (fob_map_sends(params, "code") && fob_map_sends(params, "code_verifier"));
    }
    return found && fob_is_left_out(d, exchange, fob_rule_rename(exchange, &d->rename, "code"));
}

static bool is_amiss(const struct fob_descriptor *d, const struct fob_rule *rule, const char *param)
{
    const char *name = rule ? fob_rule_rename(rule, &d->rename, param) : fob_authorize_rename(d, param);
    bool is_left_out = fob_is_left_out(d, rule, param) && !(rule && has_step_with_verifier(d, rule));
    return strcmp(name, param) != 0 || is_left_out;
}

bool fob_pkce_is_amiss(const struct fob_descriptor *d, const char *param)
{
    struct fob_rule exchange = fob_rule_of_grant(d, "authorization_code");
    bool found = false;
    for (const char *const *one = fob_pkce_params; *one && !found; one++)
        found = (!param || strcmp(param, *one) == 0) &&
                is_amiss(d, strcmp(*one, "code_verifier") == 0 ? &exchange : NULL, *one);
    return found;
}
