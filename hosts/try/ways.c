/* SPDX-License-Identifier: MIT */
/* What a descriptor has that can be tried at a sandbox. */
#include "ways.h"
#include "idtoken.h"

#include <stdlib.h>
#include <string.h>

static bool lists(const struct subject *subject, const char *grant)
{
    json_t *listed = json_object_get(subject->descriptor, "grant_types_supported"), *one;
    size_t i;
    json_array_foreach (listed, i, one)
        if (same_text(json_string_value(one), grant))
            return true;
    return false;
}

bool has_way(const struct subject *subject, const char *endpoint, const char *metadata)
{
    return tree_text(subject->descriptor, endpoint) || tree_text(subject->descriptor, metadata);
}

bool has_machine_login(const struct subject *subject)
{
    return fob_provider_supports(subject->provider, "client_credentials") &&
           (lists(subject, "client_credentials") ||
            json_object_get(subject->descriptor, "client_credentials") ||
            !fob_provider_supports(subject->provider, "authorization_code"));
}

/* A machine alone gets no refresh token unless it is said to (RFC 6749 section 4.4.3). */
bool has_refresh(const struct subject *subject)
{
    const char *with = tree_text(subject->descriptor, "refresh/with");
    if (with && strcmp(with, "refresh_token") != 0)
        return true;
    return lists(subject, "refresh_token") ||
           (fob_provider_supports(subject->provider, "refresh_token") &&
            fob_provider_supports(subject->provider, "authorization_code"));
}

/* Without a way of its own, userinfo is asked, which OpenID Connect gives to those alone that asked for openid. */
bool is_verify_open(const struct subject *subject)
{
    return tree_text(subject->descriptor, "verify/endpoint") ||
           same_text(tree_text(subject->descriptor, "identity/from"), "userinfo") ||
           !gives_id_tokens(subject, NULL);
}

int64_t way_duration(const char *text)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'y', 31536000}};
    char *unit = NULL;
    int64_t number = text ? strtoll(text, &unit, 10) : 0;
    for (size_t i = 0; text && i < sizeof units / sizeof *units; i++)
        if (*unit == units[i].unit)
            return number * units[i].seconds * 1000;
    return 0;
}

void way_skip(json_t *skipped, const char *grant, const char *why)
{
    json_t *one = must(json_object());
    tree_set_text(one, "grant", grant);
    tree_set_text(one, "why", why);
    tree_append(skipped, one);
}

void way_skip_token(const struct subject *subject, const char *why, json_t *skipped)
{
    if (has_refresh(subject))
        way_skip(skipped, "refresh_token", why);
    if (has_way(subject, "verify/endpoint", "userinfo_endpoint"))
        way_skip(skipped, "verify", why);
    if (has_way(subject, "revoke/endpoint", "revocation_endpoint"))
        way_skip(skipped, "revoke", why);
}

void way_skip_foreign(const struct subject *subject, json_t *skipped)
{
    static const char *const own[] = {"authorization_code", "client_credentials", "refresh_token"};
    json_t *listed = json_object_get(subject->descriptor, "grant_types_supported"), *one;
    size_t i;
    json_array_foreach (listed, i, one) {
        const char *grant = json_string_value(one);
        bool is_own = false;
        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            is_own = is_own || same_text(grant, own[k]);
        if (!is_own)
            way_skip(skipped, grant, "fob has no flow for it");
    }
}
