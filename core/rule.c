/* SPDX-License-Identifier: MIT */
/* A request's rule as it holds. */
#include "rule.h"

#include <fob/limits.h>
#include <string.h>

struct fob_rule fob_rule_of_grant(const struct fob_descriptor *d, const char *grant_type)
{
    if (strcmp(grant_type, "client_credentials") == 0)
        return (struct fob_rule){&d->client_credentials, &d->token, false};
    if (strcmp(grant_type, "refresh_token") == 0)
        return (struct fob_rule){&d->refresh.request, &d->token, false};
    return (struct fob_rule){&d->token, NULL, false};
}

/* The first that is given: own, base, otherwise. */
#define EITHER(rule, member, otherwise)                                                                      \
    ((rule)->own->member                    ? (rule)->own->member                                            \
     : (rule)->base && (rule)->base->member ? (rule)->base->member                                           \
                                            : (otherwise))

const char *fob_rule_method(const struct fob_rule *rule)
{
    static const char *const words[] = {[FOB_METHOD_POST] = "POST",
                                        [FOB_METHOD_GET] = "GET",
                                        [FOB_METHOD_PUT] = "PUT",
                                        [FOB_METHOD_PATCH] = "PATCH",
                                        [FOB_METHOD_DELETE] = "DELETE"};
    return words[EITHER(rule, method, rule->is_api ? FOB_METHOD_GET : FOB_METHOD_POST)];
}

enum fob_encoding fob_rule_encoding(const struct fob_rule *rule)
{
    const char *method = fob_rule_method(rule);
    if (strcmp(method, "GET") == 0 || (strcmp(method, "DELETE") == 0 && !EITHER(rule, encoding, 0)))
        return FOB_ENCODE_QUERY;
    return EITHER(rule, encoding, FOB_ENCODE_FORM);
}

enum fob_auth_method fob_rule_auth(const struct fob_rule *rule)
{
    return EITHER(rule, auth, rule->is_api ? FOB_AUTH_TOKEN : FOB_AUTH_UNSET);
}

const char *fob_rule_endpoint(const struct fob_rule *rule)
{
    return EITHER(rule, endpoint, NULL);
}

const char *fob_rule_root(const struct fob_rule *rule)
{
    return EITHER(rule, root, "request");
}

const char *fob_rule_secret_in_url(const struct fob_rule *rule)
{
    return EITHER(rule, secret_in_url, NULL);
}

enum fob_answer_format fob_rule_format(const struct fob_rule *rule)
{
    return EITHER(rule, response.format, FOB_ANSWER_UNSET);
}

static const struct fob_jwt_rule *jwt_of(const struct fob_request_rule *rule)
{
    const struct fob_jwt_rule *jwt = rule ? &rule->jwt : NULL;
    return jwt && (jwt->alg || jwt->kid || jwt->lifetime || jwt->claims.n || jwt->header.n || jwt->arrays.n)
               ? jwt
               : NULL;
}

const struct fob_jwt_rule *fob_rule_jwt(const struct fob_rule *rule)
{
    const struct fob_jwt_rule *own = jwt_of(rule->own);
    return own ? own : jwt_of(rule->base);
}

const char *fob_rule_place(const struct fob_rule *rule, const char *param)
{
    const char *own = fob_map_get(&rule->own->place, param);
    return own || !rule->base ? own : fob_map_get(&rule->base->place, param);
}

const char *fob_rule_rename(const struct fob_rule *rule, const struct fob_map *rename, const char *param)
{
    const char *name = fob_map_get(&rule->own->rename, param);
    if (!name && rule->base)
        name = fob_map_get(&rule->base->rename, param);
    if (!name)
        name = fob_map_get(rename, param);
    return name ? name : param;
}

const char *fob_authorize_rename(const struct fob_descriptor *d, const char *param)
{
    const char *name = fob_map_get(&d->authorize.rename, param);
    if (!name)
        name = fob_map_get(&d->rename, param);
    return name ? name : param;
}

const char *fob_map_get(const struct fob_map *map, const char *name)
{
    for (size_t i = 0; i < map->n; i++)
        if (strcmp(map->v[i].name, name) == 0)
            return map->v[i].value;
    return NULL;
}

bool fob_strings_have(const struct fob_strings *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->v[i], text) == 0)
            return true;
    return false;
}

int64_t fob_duration(const char *text)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}, {'y', 365 * 86400000LL}};
    int64_t number = 0;
    if (!text)
        return 0;
    for (; *text >= '0' && *text <= '9'; text++)
        number = number < FOB_MAX_LIFETIME ? number * 10 + (*text - '0') : number;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].unit == *text)
            number = number > FOB_MAX_LIFETIME / units[i].ms ? FOB_MAX_LIFETIME : number * units[i].ms;
    return number;
}
