/* SPDX-License-Identifier: MIT */
/* A reviewer's advice: keys inside a request that change nothing in it. */
#include "advice.h"

#include <string.h>

/* What others that start as a copy of it make of the same key. */
static bool any_is(const struct fob_advice *advice, const struct fob_advice_request *request,
                   bool (*holds)(const struct fob_rule *rule))
{
    if (holds(&request->rule))
        return true;
    if (strcmp(request->key, "token") != 0 || request->rule.is_api)
        return false;
    struct fob_rule machine = fob_rule_of_grant(advice->d, "client_credentials");
    struct fob_rule refresh = fob_rule_of_grant(advice->d, "refresh_token");
    return holds(&machine) || holds(&refresh);
}

static bool is_xml(const struct fob_rule *rule)
{
    return fob_rule_encoding(rule) == FOB_ENCODE_XML;
}

static bool has_body(const struct fob_rule *rule)
{
    return strcmp(fob_rule_method(rule), "GET") != 0;
}

static bool takes_jwt(const struct fob_rule *rule)
{
    enum fob_auth_method auth = fob_rule_auth(rule);
    return auth != FOB_AUTH_NONE && auth != FOB_AUTH_TOKEN;
}

/* RFC 7523 section 3: what a JWT that stands for a client holds anyway. */
static bool has_claim(const struct fob_jwt_rule *jwt, const char *name)
{
    static const char *const standard[] = {"iss", "sub", "aud", "iat", "exp", "jti"};
    for (size_t i = 0; i < jwt->claims.n; i++)
        if (strcmp(jwt->claims.v[i].name, name) == 0)
            return jwt->claims.v[i].value != NULL;
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (strcmp(standard[i], name) == 0)
            return true;
    return false;
}

static void check_arrays(const struct fob_advice *advice, const struct fob_advice_request *request)
{
    const struct fob_yaml *arrays = fob_yaml_get(fob_yaml_get(request->node, "jwt"), "arrays");
    for (const struct fob_yaml *item = arrays ? arrays->children : NULL; item; item = item->next)
        if (item->kind == FOB_YAML_TEXT && !has_claim(&request->rule.own->jwt, item->text))
            fob_advise_at(advice, item, "add it to claims, or remove it here",
                          "the JWT has no claim \"%s\" that could be a list", item->text);
}

static void check_keys(const struct fob_advice *advice, const struct fob_advice_request *request)
{
    const struct fob_yaml *node = request->node;
    enum fob_encoding encoding = request->rule.own->encoding;
    if (!any_is(advice, request, is_xml))
        fob_advise_at(advice, fob_yaml_get(node, "root"), "add encoding: xml, or remove it",
                      "only an XML body has a root");
    if (encoding && encoding != FOB_ENCODE_QUERY && !any_is(advice, request, has_body))
        fob_advise_at(advice, fob_yaml_get(node, "encoding"), "remove it, or choose another method",
                      "a GET has no body: all goes into the query");
    if (!any_is(advice, request, takes_jwt))
        fob_advise_at(advice, fob_yaml_get(node, "jwt"), "set auth, or remove the block",
                      "the client does not authenticate here: no JWT is made");
    if (!request->gives_token)
        fob_advise_at(advice, fob_yaml_get(fob_yaml_get(node, "response"), "also"),
                      "move it to the response of token",
                      "only the answers of the token endpoint bring more tokens");
}

/* --- place -------------------------------------------------------------------------------------------------- */

static bool is_sent_as(const struct fob_advice *advice, const struct fob_rule *rule, const char *name)
{
    static const char *const standard[] = {"grant_type", "client_id",       "client_secret",
                                           "code",       "redirect_uri",    "code_verifier",
                                           "scope",      "refresh_token",   "client_assertion",
                                           "token",      "token_type_hint", "client_assertion_type"};
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (strcmp(fob_rule_rename(rule, &advice->d->rename, standard[i]), name) == 0)
            return true;
    return false;
}

/* 1: it is set, -1: it is left out, 0: nothing is said. */
static int said(const struct fob_map *map, const char *name)
{
    for (size_t i = 0; i < map->n; i++)
        if (strcmp(map->v[i].name, name) == 0)
            return map->v[i].value ? 1 : -1;
    return 0;
}

static bool is_sent_by(const struct fob_advice *advice, const struct fob_rule *rule, const char *name)
{
    int own = said(&rule->own->params, name), base = rule->base ? said(&rule->base->params, name) : 0;
    return own > 0 || (own == 0 && base > 0) || (own == 0 && base == 0 && is_sent_as(advice, rule, name));
}

static bool is_sent(const struct fob_advice *advice, const struct fob_advice_request *request,
                    const char *name)
{
    if (is_sent_by(advice, &request->rule, name))
        return true;
    if (strcmp(request->key, "token") != 0 || request->rule.is_api)
        return false;
    struct fob_rule machine = fob_rule_of_grant(advice->d, "client_credentials");
    struct fob_rule refresh = fob_rule_of_grant(advice->d, "refresh_token");
    return is_sent_by(advice, &machine, name) || is_sent_by(advice, &refresh, name);
}

static void check_places(const struct fob_advice *advice, const struct fob_advice_request *request)
{
    const struct fob_yaml *place = fob_yaml_get(request->node, "place");
    for (const struct fob_yaml *node = place ? place->children : NULL; node; node = node->next)
        if (!is_sent(advice, request, node->key))
            fob_advise_at(advice, node, "use the name by which the provider wants it, or remove it",
                          "no parameter \"%s\" is sent here that could have a place", node->key);
}

/* A parameter that is renamed and then left out under its new name was meant to be left out under its old one. */
static void check_renames(const struct fob_advice *advice, const struct fob_advice_request *request)
{
    const struct fob_yaml *rename = fob_yaml_get(request->node, "rename");
    for (const struct fob_yaml *node = rename ? rename->children : NULL; node; node = node->next)
        if (node->kind == FOB_YAML_TEXT && said(&request->rule.own->params, node->text) < 0)
            fob_advise_at(advice, node, "remove the rename, or the null",
                          "\"%s\" is renamed, and then left out", node->key);
}

void fob_advise_dead_in_requests(const struct fob_advice *advice)
{
    struct fob_advice_request requests[FOB_MAX_ADVICE_REQUESTS];
    size_t n = advice->d->plugin ? 0 : fob_advice_requests(advice, requests);
    for (size_t i = 0; i < n; i++) {
        check_keys(advice, &requests[i]);
        check_arrays(advice, &requests[i]);
        check_places(advice, &requests[i]);
        check_renames(advice, &requests[i]);
    }
}
