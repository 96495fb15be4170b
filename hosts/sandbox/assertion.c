/* SPDX-License-Identifier: MIT */
/* JWTs that stand for the client: as an assertion (RFC 7523), or in the place of its secret. */
#include "assertion.h"

#include "clock.h"
#include "jwt.h"
#include "signature.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#define LEEWAY_S 300 /* by which the client's clock may differ */
#define MAX_JTI 1024

/* A claim that has to be a list is one of a single item; any other is none. NULL: it is not as it has to be. */
static json_t *claim_of(const struct inquiry *inquiry, json_t *claims, const char *name)
{
    json_t *claim = json_object_get(claims, name);
    bool is_listed = tree_lists(tree_at(inquiry->rule->block, "jwt/arrays"), name);
    if (!is_listed)
        return claim;
    return json_array_size(claim) == 1 ? json_array_get(claim, 0) : NULL;
}

/* RFC 7519 section 4.1: a NumericDate is a number. */
static bool is_date(const char *claim)
{
    return strcmp(claim, "exp") == 0 || strcmp(claim, "nbf") == 0 || strcmp(claim, "iat") == 0 ||
           strcmp(claim, "auth_time") == 0;
}

/* The client's now is near ours. */
static bool is_now(const char *name, json_t *value)
{
    long long now = clock_now() / 1000;
    char *given = tree_scalar(value);
    long long at = given ? strtoll(given, NULL, 10) : 0;
    text_drop(&given);
    return at > now - LEEWAY_S && at < now + LEEWAY_S && json_is_integer(value) == is_date(name);
}

/* Whether a value is what a template of the descriptor makes of it, or what it is without one. */
static bool value_is(struct inquiry *inquiry, json_t *value, json_t *template, const char *otherwise)
{
    char *given = tree_scalar(value);
    char *filled = json_is_string(template) ? expression_text(json_string_value(template), &inquiry->facts)
                   : template               ? NULL
                                            : text_copy(otherwise);
    bool same = filled ? given && strcmp(given, filled) == 0 : !given;
    text_drop(&given);
    text_drop(&filled);
    return same;
}

static bool member_is(struct inquiry *inquiry, json_t *object, json_t *templates, const char *name,
                      const char *otherwise)
{
    return value_is(inquiry, json_object_get(object, name), json_object_get(templates, name), otherwise);
}

static bool claim_is(struct inquiry *inquiry, json_t *claims, json_t *templates, const char *name,
                     const char *otherwise)
{
    json_t *template = json_object_get(templates, name);
    if (json_is_null(template))
        return !json_object_get(claims, name);
    if (json_is_string(template) && strcmp(json_string_value(template), "{now()}") == 0)
        return is_now(name, claim_of(inquiry, claims, name));
    return value_is(inquiry, claim_of(inquiry, claims, name), template, otherwise);
}

/* Without a template of its own, aud is the endpoint; for revocation the token endpoint does as well. */
static bool audience_is_good(struct inquiry *inquiry, json_t *claims, json_t *templates)
{
    const char *endpoint = tree_text(inquiry->facts.names, "token_endpoint");
    json_t *aud = claim_of(inquiry, claims, "aud"), *one = json_is_array(aud) ? json_array_get(aud, 0) : aud;
    if (json_object_get(templates, "aud"))
        return claim_is(inquiry, claims, templates, "aud", NULL);
    char *here = text_printf("%s%s", inquiry->sandbox->origin, inquiry->visit->request->path);
    const char *given = json_string_value(one);
    bool good = given && (strcmp(given, here) == 0 ||
                          (inquiry->rule->kind == RULE_REVOKE && endpoint && strcmp(given, endpoint) == 0));
    text_drop(&here);
    return good;
}

static const char *time_problem(const struct inquiry *inquiry, json_t *claims, json_t *templates)
{
    const char *lifetime = tree_text(inquiry->rule->block, "jwt/lifetime");
    long long now = clock_now() / 1000, wanted = tree_seconds(lifetime ? lifetime : "5m");
    json_t *iat = json_object_get(claims, "iat"), *exp = json_object_get(claims, "exp");
    bool iat_is_free = json_object_get(templates, "iat"), exp_is_free = json_object_get(templates, "exp");
    if (!exp_is_free && (!json_is_integer(exp) || json_integer_value(exp) <= now - LEEWAY_S))
        return "the client's JWT has ended, or does not say when it does";
    if (!iat_is_free && (!json_is_integer(iat) || json_integer_value(iat) > now + LEEWAY_S))
        return "the client's JWT is from the future, or does not say from when";
    if (!iat_is_free && !exp_is_free && json_integer_value(exp) - json_integer_value(iat) != wanted)
        return "the client's JWT does not live as long as the provider wants";
    return NULL;
}

static const char *claims_problem(struct inquiry *inquiry, json_t *claims)
{
    json_t *templates = tree_at(inquiry->rule->block, "jwt/claims"), *template;
    const char *client_id = inquiry->sandbox->client_id, *name, *problem;
    if (!claim_is(inquiry, claims, templates, "iss", client_id))
        return "the client's JWT has another iss";
    if (!claim_is(inquiry, claims, templates, "sub", client_id))
        return "the client's JWT has another sub";
    if (!audience_is_good(inquiry, claims, templates))
        return "the client's JWT is for somebody else: aud";
    problem = time_problem(inquiry, claims, templates);
    json_object_foreach (templates, name, template)
        if (!problem && !claim_is(inquiry, claims, templates, name, NULL))
            problem = "the client's JWT lacks a claim, or has one that it should not";
    return problem;
}

static const char *header_problem(struct inquiry *inquiry, json_t *header, bool by_secret)
{
    json_t *jwt = tree_at(inquiry->rule->block, "jwt"), *templates = json_object_get(jwt, "header"),
           *template;
    const char *alg = tree_text(header, "alg"), *wanted = tree_text(jwt, "alg"), *name;
    if (!alg || !(wanted ? strcmp(alg, wanted) == 0 : signature_is_usual(inquiry->sandbox, alg, by_secret)))
        return "the client's JWT is signed by another alg than the provider wants";
    if (json_object_get(jwt, "kid") && !member_is(inquiry, header, jwt, "kid", NULL))
        return "the client's JWT has another kid";
    json_object_foreach (templates, name, template)
        if (!member_is(inquiry, header, templates, name, NULL))
            return "the header of the client's JWT lacks a member";
    return NULL;
}

/* RFC 7523 section 3: a JWT is good once. */
static const char *replay_problem(struct inquiry *inquiry, json_t *claims)
{
    const char *jti = tree_text(claims, "jti");
    bool needed = !tree_at(inquiry->rule->block, "jwt/claims/jti");
    json_t *seen = inquiry->sandbox->seen_jti, *by = jti ? json_object_get(seen, jti) : NULL;
    if (!jti)
        return needed ? "the client's JWT has no jti" : NULL;
    /* One request is held against several rules. */
    if (by && json_integer_value(by) != inquiry->sandbox->requests)
        return "the client's JWT was used before";
    if (json_object_size(seen) >= MAX_JTI)
        json_object_clear(seen);
    json_object_set_new(seen, jti, json_integer(inquiry->sandbox->requests));
    return NULL;
}

const char *assertion_problem(struct inquiry *inquiry, const char *jwt, bool by_secret)
{
    json_t *header = jwt ? jwt_part(jwt, 0) : NULL, *claims = jwt ? jwt_part(jwt, 1) : NULL;
    const char *problem = header && claims ? NULL : "what stands for the client is no JWT";
    if (!problem)
        problem = header_problem(inquiry, header, by_secret);
    if (!problem && !signature_is_good(inquiry->sandbox, jwt, tree_text(header, "alg")))
        problem = "the client's JWT is not signed with its key";
    if (!problem)
        problem = claims_problem(inquiry, claims);
    if (!problem)
        problem = replay_problem(inquiry, claims);
    json_decref(header);
    json_decref(claims);
    return problem;
}
