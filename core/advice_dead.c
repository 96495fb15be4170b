/* SPDX-License-Identifier: MIT */
/* A reviewer's advice: blocks and keys that change nothing, because of others that are or are not there. */
#include "advice.h"
#include "sent.h"

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
    check_renames(advice, top(advice, "rename"));
    check_renames(advice, fob_yaml_get(top(advice, "authorize"), "rename"));
    for (size_t i = 0; i < n; i++)
        check_renames(advice, fob_yaml_get(requests[i].node, "rename"));
}
