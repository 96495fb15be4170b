/* SPDX-License-Identifier: MIT */
/* A reviewer's advice: blocks and keys that change nothing, because of others that are or are not there. */
#include "advice.h"
#include "sent.h"
#include "text.h"
#include "url.h"

#include <stddef.h>
#include <string.h>

#define ENDPOINT(name) offsetof(struct fob_metadata, name)

static const struct fob_yaml *top(const struct fob_advice *advice, const char *key)
{
    return fob_yaml_get(advice->root, key);
}

/* --- blocks of grants that there are not -------------------------------------------------------------------- */

static void check_code_blocks(const struct fob_advice *advice)
{
    static const char *const blocks[] = {"authorize", "callback"};
    bool has_page = fob_advice_has_endpoint(advice->d, ENDPOINT(authorization_endpoint));
    for (size_t i = 0; i < 2; i++) {
        if (!has_page)
            fob_advise_at(advice, top(advice, blocks[i]), "add authorization_endpoint, or remove the block",
                          "nobody is sent anywhere without an authorization_endpoint: \"%s\" is not used",
                          blocks[i]);
        else if (fob_advice_lacks_grant(advice->d, "authorization_code"))
            fob_advise_at(advice, top(advice, blocks[i]),
                          "add authorization_code to grant_types_supported, or remove the block",
                          "grant_types_supported leaves authorization_code out: \"%s\" is not used",
                          blocks[i]);
    }
}

static void check_grant_blocks(const struct fob_advice *advice)
{
    const struct fob_descriptor *d = advice->d;
    if (fob_advice_lacks_grant(d, "client_credentials"))
        fob_advise_at(advice, top(advice, "client_credentials"),
                      "add it to grant_types_supported, or remove the block",
                      "grant_types_supported leaves client_credentials out: the block is not used");
    if (fob_advice_lacks_grant(d, "refresh_token") && d->refresh.with <= FOB_WITH_REFRESH_TOKEN)
        fob_advise_at(
            advice, top(advice, "refresh"),
            "add refresh_token to grant_types_supported, say with what it is refreshed, or remove the block",
            "grant_types_supported leaves refresh_token out, and here is how to refresh");
}

static void check_other_blocks(const struct fob_advice *advice)
{
    const struct fob_descriptor *d = advice->d;
    bool has_userinfo = fob_advice_has_endpoint(d, ENDPOINT(userinfo_endpoint));
    if (!d->plugin && !(d->identity.id && strcmp(d->identity.from, "userinfo") == 0))
        fob_advise_at(advice, top(advice, "userinfo"),
                      "add identity: {from: userinfo, id: …}, or remove the block",
                      "userinfo is asked only when identity.from says so: the block is not used");
    if (!d->verify.endpoint && !has_userinfo)
        fob_advise_at(advice, top(advice, "verify"), "add its endpoint", "verify has nowhere to go");
    if (!d->revoke.request.endpoint && !fob_advice_has_endpoint(d, ENDPOINT(revocation_endpoint)))
        fob_advise_at(advice, top(advice, "revoke"), "add revocation_endpoint, or an endpoint here",
                      "revoke has nowhere to go");
}

/* --- reasons for what is not so ----------------------------------------------------------------------------- */

static void check_reasons(const struct fob_advice *advice)
{
    if (advice->d->authorize.pkce <= FOB_PKCE_S256 && !fob_pkce_is_amiss(advice->d, NULL))
        fob_advise_at(advice, fob_yaml_get(top(advice, "authorize"), "pkce_reason"), "remove it",
                      "PKCE is as it should be, and needs no reason");
    if (advice->d->callback.state != FOB_STATE_RULE_NONE)
        fob_advise_at(advice, fob_yaml_get(top(advice, "callback"), "state_reason"), "remove it",
                      "the state is as it should be, and needs no reason");
}

/* --- how the token is used ---------------------------------------------------------------------------------- */

static void check_use(const struct fob_advice *advice)
{
    static const char *const keys[] = {"header", "scheme"};
    for (size_t i = 0; i < 2; i++)
        if (advice->d->use.query)
            fob_advise_at(advice, fob_yaml_get(top(advice, "use"), keys[i]), "remove one of them",
                          "the token goes into the query: \"%s\" is not used", keys[i]);
}

/* --- refreshing ---------------------------------------------------------------------------------------------- */

static void check_refresh(const struct fob_advice *advice)
{
    if (advice->d->refresh.with != FOB_WITH_CLIENT_CREDENTIALS)
        return;
    static const char fix[] = "remove it: the client's credential is what a new token is asked for with";
    static const char what[] = "no refresh token is used: \"%s\" changes nothing";
    static const char *const keys[] = {"missing_refresh_token", "refresh_token_idle"};
    fob_advise_at(advice, fob_yaml_get(top(advice, "refresh"), keys[0]), fix, what, keys[0]);
    fob_advise_at(advice, fob_yaml_get(top(advice, "lifetimes"), keys[1]), fix, what, keys[1]);
}

static bool may_send_secret(enum fob_auth_method auth)
{
    return auth == FOB_AUTH_UNSET || auth == FOB_AUTH_POST;
}

/* Requests that start as a copy of token have its names too. */
static void check_secret_name(const struct fob_advice *advice, const struct fob_advice_request *request)
{
    const struct fob_yaml *node = fob_yaml_get(fob_yaml_get(request->node, "rename"), "client_secret");
    struct fob_rule machine = fob_rule_of_grant(advice->d, "client_credentials");
    struct fob_rule refresh = fob_rule_of_grant(advice->d, "refresh_token");
    bool used = may_send_secret(fob_rule_auth(&request->rule)) || advice->d->plugin;
    if (request->rule.own == &advice->d->token)
        used = used || may_send_secret(fob_rule_auth(&machine)) || may_send_secret(fob_rule_auth(&refresh));
    if (!used)
        fob_advise_at(advice, node, "set auth: client_secret_post, or remove it",
                      "no client_secret is among the parameters here that could be renamed");
}

/* --- environments and hosts --------------------------------------------------------------------------------- */

static bool names_environment(const struct fob_yaml *node)
{
    bool found = false;
    for (; node && !found; node = node->next)
        found =
            (node->kind == FOB_YAML_TEXT && strchr(node->text, '{') && strstr(node->text, "environment")) ||
            names_environment(node->children);
    return found;
}

static void check_environments(const struct fob_advice *advice)
{
    const struct fob_yaml *all = top(advice, "environments");
    bool has_meaning = advice->problems->n_errors || advice->d->plugin || advice->d->extends ||
                       names_environment(advice->root->children);
    for (const struct fob_yaml *node = all && !has_meaning ? all->children : NULL; node; node = node->next) {
        bool is_empty = node->kind == FOB_YAML_MAP;
        for (const struct fob_yaml *key = node->children; key; key = key->next)
            is_empty = is_empty && (strcmp(key->key, "doc") == 0 || fob_starts_with(key->key, "x-"));
        if (is_empty)
            fob_advise_at(advice, node, "say what is otherwise there, or remove it",
                          "nothing is otherwise in the environment \"%s\"", node->key);
    }
}

struct reach {
    struct fob_strings host;
    bool any; /* a URL goes there, or one whose host is only known later may */
};

static void reach_url(const struct fob_advice *advice, const struct fob_yaml *url, void *user)
{
    struct reach *reach = user;
    (void)advice;
    reach->any = reach->any || strchr(url->text, '{') || fob_url_host_allowed(url->text, &reach->host);
}

/* Where an endpoint is told of, its host may be the one that is meant. */
static void check_hosts(const struct fob_advice *advice)
{
    const struct fob_descriptor *d = advice->d;
    const struct fob_yaml *hosts = top(advice, "hosts");
    for (size_t i = 0; i < d->hosts.n && !advice->problems->n_errors && !d->plugin && !d->extends; i++) {
        const struct fob_yaml *item = hosts ? hosts->children : NULL;
        struct reach reach = {{&d->hosts.v[i], 1}, strchr(d->hosts.v[i], '{') != NULL};
        while (item && !(item->kind == FOB_YAML_TEXT && strcmp(item->text, d->hosts.v[i]) == 0))
            item = item->next;
        fob_advice_each_url(advice, reach_url, &reach);
        if (!reach.any)
            fob_advise_at(advice, item, "remove it, or add the request that goes there",
                          "nothing here goes to \"%s\"", d->hosts.v[i]);
    }
}

/* --- names for parameters that there are not ---------------------------------------------------------------- */

static void check_renames(const struct fob_advice *advice, const struct fob_yaml *rename)
{
    static const char *const standard[] = {
        "response_type", "response_mode",         "client_id",      "redirect_uri",  "scope",
        "state",         "code_challenge",        "code",           "nonce",         "code_challenge_method",
        "grant_type",    "client_secret",         "code_verifier",  "refresh_token", "client_assertion",
        "token",         "client_assertion_type", "token_type_hint"};
    for (const struct fob_yaml *node = rename ? rename->children : NULL; node; node = node->next) {
        bool known = false;
        for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
            known = known || strcmp(standard[i], node->key) == 0;
        if (!known)
            fob_advise_at(advice, node,
                          "only standard parameters are renamed; one of your own is written as it is sent",
                          "fob sends no parameter \"%s\" that could be renamed", node->key);
    }
}

void fob_advise_dead_keys(const struct fob_advice *advice)
{
    struct fob_advice_request requests[FOB_MAX_ADVICE_REQUESTS];
    size_t n = fob_advice_requests(advice, requests);
    check_code_blocks(advice);
    check_grant_blocks(advice);
    check_other_blocks(advice);
    check_reasons(advice);
    check_use(advice);
    check_refresh(advice);
    check_environments(advice);
    check_hosts(advice);
    check_renames(advice, top(advice, "rename"));
    check_renames(advice, fob_yaml_get(top(advice, "authorize"), "rename"));
    for (size_t i = 0; i < n; i++) {
        check_renames(advice, fob_yaml_get(requests[i].node, "rename"));
        check_secret_name(advice, &requests[i]);
    }
}
